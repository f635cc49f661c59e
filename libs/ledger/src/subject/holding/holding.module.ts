import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { handlerOf } from '#nest/recording.js';
import { CollectPersonalData, ObservePersonalData } from './collect-personal-data.command.js';
import { CompletePersonalData, DisputePersonalData, RectifyPersonalData, ResolveDispute } from './correct.commands.js';
import { HoldingController } from './holding.controller.js';
import { SourcePersonalData } from './source-personal-data.command.js';

const commands = [CollectPersonalData, ObservePersonalData, SourcePersonalData, RectifyPersonalData, CompletePersonalData, DisputePersonalData, ResolveDispute];

@Module({ imports: [CqrsModule], controllers: [HoldingController], providers: commands.map(handlerOf) })
export class HoldingModule {}

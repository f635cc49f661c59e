import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { handlerOf } from '#nest/recording.js';
import { DealWithDeviation } from './deal-with-deviation.command.js';
import { DeviationController } from './deviation.controller.js';

const commands = [DealWithDeviation];

@Module({ imports: [CqrsModule], controllers: [DeviationController], providers: commands.map(handlerOf) })
export class DeviationModule {}

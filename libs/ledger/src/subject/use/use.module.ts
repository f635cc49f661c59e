import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { handlerOf } from '#nest/recording.js';
import { AuthoriseUse, ReportUse } from './use.commands.js';
import { UseController } from './use.controller.js';

const commands = [AuthoriseUse, ReportUse];

@Module({ imports: [CqrsModule], controllers: [UseController], providers: commands.map(handlerOf) })
export class UseModule {}

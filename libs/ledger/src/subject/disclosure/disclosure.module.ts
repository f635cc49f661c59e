import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { handlerOf } from '#nest/recording.js';
import { AuthoriseDisclosure, ReportDisclosure } from './disclosure.commands.js';
import { DisclosureController } from './disclosure.controller.js';
import { ConfirmRecall, RecallDisclosure, ReferMatterToPolice } from './recall.commands.js';

const commands = [AuthoriseDisclosure, ReportDisclosure, RecallDisclosure, ConfirmRecall, ReferMatterToPolice];

@Module({ imports: [CqrsModule], controllers: [DisclosureController], providers: commands.map(handlerOf) })
export class DisclosureModule {}

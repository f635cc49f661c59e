import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { handlerOf } from '#nest/recording.js';
import { AuthoriseTransfer, ReportTransfer } from './transfer.commands.js';
import { TransferController } from './transfer.controller.js';

const commands = [AuthoriseTransfer, ReportTransfer];

@Module({ imports: [CqrsModule], controllers: [TransferController], providers: commands.map(handlerOf) })
export class TransferModule {}

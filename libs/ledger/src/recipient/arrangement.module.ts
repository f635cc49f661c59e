import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { handlerOf } from '#nest/recording.js';
import {
  AssessTransferImpact,
  CertifyRecipient,
  EndRecipientCertification,
  EndTransferArrangement,
  ResumeTransferArrangement,
  SignTransferArrangement,
  SuspendTransferArrangement,
} from './arrangement.commands.js';
import { ArrangementController } from './arrangement.controller.js';

const commands = [SignTransferArrangement, SuspendTransferArrangement, ResumeTransferArrangement, AssessTransferImpact, EndTransferArrangement, CertifyRecipient, EndRecipientCertification];

@Module({ imports: [CqrsModule], controllers: [ArrangementController], providers: commands.map(handlerOf) })
export class ArrangementModule {}

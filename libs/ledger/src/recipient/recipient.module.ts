import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { handlerOf } from '#nest/recording.js';
import { EndRecipientAgreement, SignRecipientAgreement } from './agreement.commands.js';
import { AuditRecipient } from './audit-recipient.command.js';
import { PlanBusinessTransfer } from './plan-business-transfer.command.js';
import { MoveRecipient, RegisterRecipient } from './recipient.commands.js';
import { RecipientController } from './recipient.controller.js';
import { AssignRecipientRole, EndRecipientRole } from './role.commands.js';
import { AddSubProcessor, ObjectToSubProcessor, RemoveSubProcessor } from './sub-processor.commands.js';

const commands = [
  RegisterRecipient,
  MoveRecipient,
  AssignRecipientRole,
  EndRecipientRole,
  SignRecipientAgreement,
  EndRecipientAgreement,
  AddSubProcessor,
  ObjectToSubProcessor,
  RemoveSubProcessor,
  AuditRecipient,
  PlanBusinessTransfer,
];

@Module({ imports: [CqrsModule], controllers: [RecipientController], providers: commands.map(handlerOf) })
export class RecipientModule {}

import { Controller } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiTags } from '@nestjs/swagger';
import { CommandRoute } from '#nest/command-route.js';
import { Told } from '#nest/recording.js';
import { For } from '#nest/roles.js';
import { EndRecipientAgreement, SignRecipientAgreement } from './agreement.commands.js';
import { AuditRecipient } from './audit-recipient.command.js';
import { PlanBusinessTransfer } from './plan-business-transfer.command.js';
import { MoveRecipient, RegisterRecipient } from './recipient.commands.js';
import { commandExamples } from './recipient.examples.js';
import { AssignRecipientRole, EndRecipientRole } from './role.commands.js';
import { AddSubProcessor, ObjectToSubProcessor, RemoveSubProcessor } from './sub-processor.commands.js';

@ApiTags('recipients')
@For('upstream', 'officer')
@Controller('v1/commands')
export class RecipientController {
  constructor(private readonly commands: CommandBus) {}

  @CommandRoute(RegisterRecipient, commandExamples.RegisterRecipient)
  registerRecipient(@Told(RegisterRecipient) command: RegisterRecipient): Promise<object> {
    return this.commands.execute(command);
  }

  @CommandRoute(MoveRecipient, commandExamples.MoveRecipient)
  moveRecipient(@Told(MoveRecipient) command: MoveRecipient): Promise<object> {
    return this.commands.execute(command);
  }

  @CommandRoute(AssignRecipientRole, commandExamples.AssignRecipientRole)
  assignRecipientRole(@Told(AssignRecipientRole) command: AssignRecipientRole): Promise<object> {
    return this.commands.execute(command);
  }

  @CommandRoute(EndRecipientRole, commandExamples.EndRecipientRole)
  endRecipientRole(@Told(EndRecipientRole) command: EndRecipientRole): Promise<object> {
    return this.commands.execute(command);
  }

  @CommandRoute(SignRecipientAgreement, commandExamples.SignRecipientAgreement)
  signRecipientAgreement(@Told(SignRecipientAgreement) command: SignRecipientAgreement): Promise<object> {
    return this.commands.execute(command);
  }

  @CommandRoute(EndRecipientAgreement, commandExamples.EndRecipientAgreement)
  endRecipientAgreement(@Told(EndRecipientAgreement) command: EndRecipientAgreement): Promise<object> {
    return this.commands.execute(command);
  }

  @CommandRoute(AddSubProcessor, commandExamples.AddSubProcessor)
  addSubProcessor(@Told(AddSubProcessor) command: AddSubProcessor): Promise<object> {
    return this.commands.execute(command);
  }

  @CommandRoute(ObjectToSubProcessor, commandExamples.ObjectToSubProcessor)
  objectToSubProcessor(@Told(ObjectToSubProcessor) command: ObjectToSubProcessor): Promise<object> {
    return this.commands.execute(command);
  }

  @CommandRoute(RemoveSubProcessor, commandExamples.RemoveSubProcessor)
  removeSubProcessor(@Told(RemoveSubProcessor) command: RemoveSubProcessor): Promise<object> {
    return this.commands.execute(command);
  }

  @CommandRoute(AuditRecipient, commandExamples.AuditRecipient)
  auditRecipient(@Told(AuditRecipient) command: AuditRecipient): Promise<object> {
    return this.commands.execute(command);
  }

  @CommandRoute(PlanBusinessTransfer, commandExamples.PlanBusinessTransfer)
  planBusinessTransfer(@Told(PlanBusinessTransfer) command: PlanBusinessTransfer): Promise<object> {
    return this.commands.execute(command);
  }
}

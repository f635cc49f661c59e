import { aboutStream, recipients, type CatalogueEntry } from '../catalogue-entry.js';
import { EndRecipientAgreement, endRecipientAgreement, SignRecipientAgreement, signRecipientAgreement } from './agreement.commands.js';
import { AuditRecipient, auditRecipient } from './audit-recipient.command.js';
import { PlanBusinessTransfer, planBusinessTransfer } from './plan-business-transfer.command.js';
import { MoveRecipient, moveRecipient, RegisterRecipient, registerRecipient, type RecipientCommand } from './recipient.commands.js';
import { AssignRecipientRole, assignRecipientRole, EndRecipientRole, endRecipientRole } from './role.commands.js';
import { AddSubProcessor, addSubProcessor, ObjectToSubProcessor, objectToSubProcessor, RemoveSubProcessor, removeSubProcessor } from './sub-processor.commands.js';

const idOf = ({ recipient }: RecipientCommand): string => recipient;

export const recipientEntries: readonly CatalogueEntry[] = [
  aboutStream(RegisterRecipient, recipients, idOf, registerRecipient),
  aboutStream(MoveRecipient, recipients, idOf, moveRecipient),
  aboutStream(AssignRecipientRole, recipients, idOf, assignRecipientRole),
  aboutStream(EndRecipientRole, recipients, idOf, endRecipientRole),
  aboutStream(SignRecipientAgreement, recipients, idOf, signRecipientAgreement),
  aboutStream(EndRecipientAgreement, recipients, idOf, endRecipientAgreement),
  aboutStream(AddSubProcessor, recipients, idOf, addSubProcessor),
  aboutStream(ObjectToSubProcessor, recipients, idOf, objectToSubProcessor),
  aboutStream(AuditRecipient, recipients, idOf, auditRecipient),
  aboutStream(RemoveSubProcessor, recipients, idOf, removeSubProcessor),
  aboutStream(PlanBusinessTransfer, recipients, idOf, planBusinessTransfer),
];

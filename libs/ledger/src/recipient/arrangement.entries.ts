import { aboutStream, recipients, type CatalogueEntry } from '../catalogue-entry.js';
import {
  AssessTransferImpact,
  assessTransferImpact,
  CertifyRecipient,
  certifyRecipient,
  EndRecipientCertification,
  endRecipientCertification,
  EndTransferArrangement,
  endTransferArrangement,
  ResumeTransferArrangement,
  resumeTransferArrangement,
  SignTransferArrangement,
  signTransferArrangement,
  SuspendTransferArrangement,
  suspendTransferArrangement,
  type RecipientTransferCommand,
} from './arrangement.commands.js';

const named = ({ recipient }: RecipientTransferCommand): string => recipient;

export const arrangementEntries: readonly CatalogueEntry[] = [
  aboutStream(SignTransferArrangement, recipients, named, signTransferArrangement),
  aboutStream(SuspendTransferArrangement, recipients, named, suspendTransferArrangement),
  aboutStream(ResumeTransferArrangement, recipients, named, resumeTransferArrangement),
  aboutStream(AssessTransferImpact, recipients, named, assessTransferImpact),
  aboutStream(EndTransferArrangement, recipients, named, endTransferArrangement),
  aboutStream(CertifyRecipient, recipients, named, certifyRecipient),
  aboutStream(EndRecipientCertification, recipients, named, endRecipientCertification),
];

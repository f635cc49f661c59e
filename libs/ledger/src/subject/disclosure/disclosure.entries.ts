import { aboutSubject, type CatalogueEntry } from '../../catalogue-entry.js';
import { AuthoriseDisclosure, authoriseDisclosure, ReportDisclosure, reportDisclosure } from './disclosure.commands.js';
import { ConfirmRecall, confirmRecall, RecallDisclosure, recallDisclosure, ReferMatterToPolice, referMatterToPolice } from './recall.commands.js';

export const disclosureEntries: readonly CatalogueEntry[] = [
  aboutSubject(AuthoriseDisclosure, authoriseDisclosure),
  aboutSubject(ReportDisclosure, reportDisclosure),
  aboutSubject(RecallDisclosure, recallDisclosure),
  aboutSubject(ConfirmRecall, confirmRecall),
  aboutSubject(ReferMatterToPolice, referMatterToPolice),
];

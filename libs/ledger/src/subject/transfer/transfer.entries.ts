import { aboutSubject, type CatalogueEntry } from '../../catalogue-entry.js';
import { AuthoriseTransfer, authoriseTransfer, ReportTransfer, reportTransfer } from './transfer.commands.js';

export const transferEntries: readonly CatalogueEntry[] = [aboutSubject(AuthoriseTransfer, authoriseTransfer), aboutSubject(ReportTransfer, reportTransfer)];

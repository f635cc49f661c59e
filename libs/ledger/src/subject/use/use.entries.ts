import { aboutSubject, type CatalogueEntry } from '../../catalogue-entry.js';
import { AuthoriseUse, authoriseUse, ReportUse, reportUse } from './use.commands.js';

export const useEntries: readonly CatalogueEntry[] = [aboutSubject(AuthoriseUse, authoriseUse), aboutSubject(ReportUse, reportUse)];

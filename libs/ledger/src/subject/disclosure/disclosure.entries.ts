import { aboutSubject, type CatalogueEntry } from '../../catalogue-entry.js';
import { AuthoriseDisclosure, authoriseDisclosure, ReportDisclosure, reportDisclosure } from './disclosure.commands.js';

export const disclosureEntries: readonly CatalogueEntry[] = [aboutSubject(AuthoriseDisclosure, authoriseDisclosure), aboutSubject(ReportDisclosure, reportDisclosure)];

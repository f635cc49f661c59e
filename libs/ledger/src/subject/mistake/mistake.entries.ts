import { aboutSubject, type CatalogueEntry } from '../../catalogue-entry.js';
import { RecordInError, recordInError } from './record-in-error.command.js';

export const mistakeEntries: readonly CatalogueEntry[] = [{ ...aboutSubject(RecordInError, recordInError), begins: 'mistake' }];

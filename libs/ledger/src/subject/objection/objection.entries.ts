import { aboutSubject, type CatalogueEntry } from '../../catalogue-entry.js';
import { ObjectToProcessing, objectToProcessing } from './object-to-processing.command.js';

export const objectionEntries: readonly CatalogueEntry[] = [aboutSubject(ObjectToProcessing, objectToProcessing)];

import { aboutSubject, type CatalogueEntry } from '../../catalogue-entry.js';
import { DealWithDeviation, dealWithDeviation } from './deal-with-deviation.command.js';

export const deviationEntries: readonly CatalogueEntry[] = [aboutSubject(DealWithDeviation, dealWithDeviation)];

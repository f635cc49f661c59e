import type { CatalogueEntry } from '../../catalogue-entry.js';

export const deviationEntries: readonly CatalogueEntry[] = [];

import type { CatalogueEntry } from '../../catalogue-entry.js';

export const objectionEntries: readonly CatalogueEntry[] = [];

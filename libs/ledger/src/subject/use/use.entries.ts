import type { CatalogueEntry } from '../../catalogue-entry.js';

export const useEntries: readonly CatalogueEntry[] = [];

import type { CatalogueEntry } from '../../catalogue-entry.js';

export const transferEntries: readonly CatalogueEntry[] = [];

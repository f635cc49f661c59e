import type { CatalogueEntry } from '../catalogue-entry.js';

export const sourceEntries: readonly CatalogueEntry[] = [];

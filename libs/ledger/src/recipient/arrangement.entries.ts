import type { CatalogueEntry } from '../catalogue-entry.js';

export const arrangementEntries: readonly CatalogueEntry[] = [];

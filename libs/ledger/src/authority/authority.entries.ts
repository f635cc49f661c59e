import type { CatalogueEntry } from '../catalogue-entry.js';

export const authorityEntries: readonly CatalogueEntry[] = [];

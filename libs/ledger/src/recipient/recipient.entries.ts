import type { CatalogueEntry } from '../catalogue-entry.js';

export const recipientEntries: readonly CatalogueEntry[] = [];

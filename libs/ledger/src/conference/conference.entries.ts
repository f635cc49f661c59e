import type { CatalogueEntry } from '../catalogue-entry.js';

export const conferenceEntries: readonly CatalogueEntry[] = [];

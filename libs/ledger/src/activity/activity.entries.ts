import type { CatalogueEntry } from '../catalogue-entry.js';

export const activityEntries: readonly CatalogueEntry[] = [];

import type { CatalogueEntry } from '../../catalogue-entry.js';

export const noticeEntries: readonly CatalogueEntry[] = [];

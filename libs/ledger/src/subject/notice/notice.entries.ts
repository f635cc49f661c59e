import { aboutSubject, type CatalogueEntry } from '../../catalogue-entry.js';
import { ServeNotice, serveNotice } from './serve-notice.command.js';

export const noticeEntries: readonly CatalogueEntry[] = [aboutSubject(ServeNotice, serveNotice)];

import { statSync } from 'node:fs';
import { basename } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import type { PurgeReport } from '../vault.js';

/** How long a purge waits for readers of other processes, during which the writer waits too. */
const PATIENCE_MS = 1_000;

/**
 * Rewrites the file, so that no deleted byte is left in it, its WAL or its index. Nothing in SQLite promises
 * this of `secure_delete` and a truncated WAL alone: after page splits, deleted keys were found in a main file. Throws, without having changed anything that is read,
 * when somebody reads an older state on.
 */
export function purgeFile(db: DatabaseSync, file: string): PurgeReport {
  const bytesBefore = sizeOf(file) + sizeOf(`${file}-wal`);
  db.exec(`PRAGMA busy_timeout = ${PATIENCE_MS}`);
  try {
    truncateWal(db);
    // https://sqlite.org/lang_vacuum.html: into a new file, then page by page over the old one, through the WAL.
    db.exec('VACUUM');
    truncateWal(db);
  } finally {
    db.exec('PRAGMA busy_timeout = 5000');
  }
  return {
    files: [`${basename(file)}: rewritten`, `${basename(file)}-wal: truncated`],
    bytesBefore,
    bytesAfter: sizeOf(file) + sizeOf(`${file}-wal`),
  };
}

function truncateWal(db: DatabaseSync): void {
  const busy = db.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get()?.['busy'];
  if (busy !== 0) throw new Error('the vault could not be purged, because another process is still reading it (hint: end that process or its backup, and purge again)');
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

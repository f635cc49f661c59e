import { DatabaseSync } from 'node:sqlite';
import { StoreUnusable } from '../event-store.js';
import { unusable } from './log-file.js';

/** The right to write one log. The operating system takes it back when the process dies, however it dies (decision 0002). */
export interface WriterLock {
  release(): void;
}

/** Throws `StoreUnusable` when another writer has it, in this process or another. Readers take no part in it. */
export function lockForWriting(file: string): WriterLock {
  let db: DatabaseSync;
  try {
    db = new DatabaseSync(`${file}.lock`, { timeout: 0 });
  } catch (error) {
    throw unusable(file, error);
  }
  try {
    db.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    db.close();
    if (isBusy(error)) throw new StoreUnusable(`"${file}" is already open for writing, and a log has one writer: close the other first`);
    throw unusable(`${file}.lock`, error);
  }
  return {
    release: () => {
      db.exec('ROLLBACK');
      db.close();
    },
  };
}

/** SQLITE_BUSY (5), extended codes included (https://sqlite.org/rescode.html). */
function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && (Number(error.errcode) & 0xff) === 5;
}

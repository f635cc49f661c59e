import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { StoreUnusable } from '../event-store.js';

/** "LIGG", in the header of every log file (https://sqlite.org/pragma.html#pragma_application_id). */
const APPLICATION_ID = 0x4c494747;
const SCHEMA_VERSION = 1;

/** Storage format: names and shapes below are on disk; change them only by raising the version. Positions are ranks, without gaps. */
const SCHEMA = `
  CREATE TABLE streams (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
  CREATE TABLE events (
    position INTEGER PRIMARY KEY,
    stream INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    id TEXT NOT NULL,
    type TEXT NOT NULL,
    data TEXT NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX events_by_stream ON events (stream, revision);
  PRAGMA application_id = ${APPLICATION_ID};
  PRAGMA user_version = ${SCHEMA_VERSION};
`;

/**
 * Opens the log for its only writer and makes it if it is not there. FULL: a commit is on the disk when it returns; NORMAL would sync
 * at checkpoints only (https://sqlite.org/pragma.html#pragma_synchronous). The longer WAL writes a busy index page once for many groups.
 */
export function openLogFile(file: string, maxPages?: number): DatabaseSync {
  return opened(file, () => {
    const db = new DatabaseSync(file, { timeout: 5_000 });
    try {
      if (isNew(db, file)) {
        db.exec('PRAGMA journal_mode = WAL');
        db.exec(`BEGIN IMMEDIATE; ${SCHEMA} COMMIT`);
      }
      db.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = ${WAL_PAGES}; PRAGMA cache_size = -65536`);
      if (maxPages !== undefined) db.exec(`PRAGMA max_page_count = ${maxPages}`);
      return db;
    } catch (error) {
      db.close();
      throw error;
    }
  });
}

/** Pages in the WAL after which a commit moves them into the file. */
export const WAL_PAGES = 8_000;

/** Opens the log for reading, beside its writer in this process or another. */
export function openLogFileReadOnly(file: string): DatabaseSync {
  return opened(file, () => {
    if (!existsSync(file)) throw new StoreUnusable(`there is no log at "${file}"`);
    const db = new DatabaseSync(file, { readOnly: true, timeout: 5_000 });
    try {
      if (isNew(db, file)) throw new StoreUnusable(`"${file}" is empty: no log has been started there`);
      db.exec('PRAGMA cache_size = -65536');
      return db;
    } catch (error) {
      db.close();
      throw error;
    }
  });
}

/** Whether a log at `file` holds events; false where there is none yet. Undefined where that cannot be seen: who opens it says why. */
export function holdsEvents(file: string): boolean | undefined {
  if (!existsSync(file)) return false;
  let db: DatabaseSync | undefined;
  try {
    db = new DatabaseSync(file, { readOnly: true, timeout: 5_000 });
    return !isNew(db, file) && db.prepare('SELECT 1 FROM events LIMIT 1').get() !== undefined;
  } catch {
    return undefined;
  } finally {
    db?.close();
  }
}

/** Whether the file is still to be made a log. Throws `StoreUnusable` when it is something else. */
function isNew(db: DatabaseSync, file: string): boolean {
  const application = db.prepare('PRAGMA application_id').get()?.['application_id'];
  const version = Number(db.prepare('PRAGMA user_version').get()?.['user_version']);
  const objects = Number(db.prepare('SELECT count(*) AS n FROM sqlite_schema').get()?.['n']);
  if (application === 0 && version === 0 && objects === 0) return true;
  if (application !== APPLICATION_ID) throw new StoreUnusable(`"${file}" is a database of another program, not a log`);
  if (version > SCHEMA_VERSION) {
    throw new StoreUnusable(`"${file}" was written by a newer version (format ${version}; this one knows ${SCHEMA_VERSION}): use that version`);
  }
  // Damage shows where one looks: at both ends, which every append and every reader need.
  db.prepare('SELECT min(position), max(position) FROM events').get();
  db.prepare('SELECT name FROM streams ORDER BY id DESC LIMIT 1').get();
  return false;
}

function opened(file: string, open: () => DatabaseSync): DatabaseSync {
  try {
    return open();
  } catch (error) {
    throw unusable(file, error);
  }
}

/** One sentence for whatever SQLite had against the file. */
export function unusable(file: string, error: unknown): StoreUnusable {
  if (error instanceof StoreUnusable) return error;
  return new StoreUnusable(`could not use the log "${file}": ${reasonOf(error)}`, { cause: error });
}

export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The views' SQLite file: opening it, knowing it for ours, and saying clearly what is wrong with it. */
import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { ViewsUnusable } from './views-unusable.js';

/** Views are made from the log, so deleting their file loses nothing. */
const REBUILT = 'views are made from the log; delete the file with its -wal and -shm, and they are rebuilt at the next start';
/** Nobody is told to delete a file that may be something else: the log, for one. */
const ELSEWHERE = 'point LIGGARE_VIEWS elsewhere';

/** 'LiVw': tells the file from any other SQLite database (sqlite.org/fileformat2.html#application_id). */
const APPLICATION_ID = 0x4c695677;
/** Of the file's own tables; raised when an older program could not read them. */
const FORMAT = 1;
/** Rows are touched at random keys; with SQLite's 2 MiB most of their pages would be read again for each batch. */
const CACHE_KIB = 32 * 1024;

/** Opens for writing and creates what is missing. `:memory:` is a file of its own. */
export function openViewsFile(path: string): DatabaseSync {
  const file = open(path, false);
  return guarded(path, () => {
    if (isEmpty(file)) initialise(file);
    checkFormat(file, path);
    // In WAL mode NORMAL syncs only when the WAL is copied back: a power cut may lose the last transactions but never tears one
    // (sqlite.org/pragma.html#pragma_synchronous). Rows and checkpoint are lost together, and the log still has the events.
    // A longer WAL is copied back, and synced, less often: those syncs would wait in line with the log's own.
    file.exec('PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 8000');
    file.exec(`PRAGMA cache_size = -${CACHE_KIB}`);
    return file;
  }, () => file.close());
}

/** Opens for reading beside the writer. Throws `ViewsUnusable` when there is no file yet. */
export function openViewsFileReadOnly(path: string): DatabaseSync {
  if (!existsSync(path)) throw new ViewsUnusable(`there are no views at "${path}" yet`, { hint: REBUILT });
  const file = open(path, true);
  return guarded(path, () => {
    checkFormat(file, path);
    return file;
  }, () => file.close());
}

/** Runs `work`; what SQLite says of a damaged file becomes `ViewsUnusable`, with its cause. */
export function guarded<T>(path: string, work: () => T, onError: () => void = () => {}): T {
  try {
    return work();
  } catch (error) {
    onError();
    const code = resultCode(error);
    if (code === SQLITE_CORRUPT) throw new ViewsUnusable(`the views in "${path}" are damaged`, { cause: error, hint: REBUILT });
    if (code === SQLITE_NOTADB) throw new ViewsUnusable(`"${path}" is not a SQLite database`, { cause: error, hint: `${ELSEWHERE}; if it was the views', delete it with its -wal and -shm, and they are rebuilt at the next start` });
    if (code === SQLITE_IOERR) throw new ViewsUnusable(`the views in "${path}" cannot be read: ${error instanceof Error ? error.message : 'the disk failed'}`, { cause: error, hint: REBUILT });
    if (code === SQLITE_FULL) throw new Error(`the views in "${path}" cannot be written: the disk is full`, { cause: error });
    throw error;
  }
}

/** sqlite.org/rescode.html; extended codes keep these in their low byte. */
const SQLITE_IOERR = 10;
const SQLITE_CORRUPT = 11;
const SQLITE_FULL = 13;
const SQLITE_NOTADB = 26;

function resultCode(error: unknown): number {
  if (typeof error !== 'object' || error === null || !('errcode' in error)) return 0;
  return typeof error.errcode === 'number' ? error.errcode & 0xff : 0;
}

function open(path: string, readOnly: boolean): DatabaseSync {
  try {
    return new DatabaseSync(path, { readOnly, timeout: 5000 });
  } catch (error) {
    throw new ViewsUnusable(`could not open the views "${path}"`, { cause: error, hint: 'does the directory exist, and may this user write there?' });
  }
}

function isEmpty(file: DatabaseSync): boolean {
  return pragma(file, 'application_id') === 0 && file.prepare('SELECT 1 FROM sqlite_schema LIMIT 1').get() === undefined;
}

function initialise(file: DatabaseSync): void {
  file.exec('PRAGMA journal_mode = WAL');
  file.exec(`
    BEGIN IMMEDIATE;
    PRAGMA application_id = ${APPLICATION_ID};
    PRAGMA user_version = ${FORMAT};
    CREATE TABLE IF NOT EXISTS liggare_views (
      view TEXT NOT NULL PRIMARY KEY, version INTEGER NOT NULL, declared TEXT NOT NULL, checkpoint TEXT
    ) STRICT, WITHOUT ROWID;
    COMMIT`);
}

function checkFormat(file: DatabaseSync, path: string): void {
  if (pragma(file, 'application_id') !== APPLICATION_ID) throw new ViewsUnusable(`"${path}" is a database, but not one of Liggare's views`, { hint: ELSEWHERE });
  const format = pragma(file, 'user_version');
  if (format > FORMAT) throw new ViewsUnusable(`"${path}" was written by a newer Liggare (format ${format}; this one knows ${FORMAT})`, { hint: `use that version, or ${ELSEWHERE}` });
}

function pragma(file: DatabaseSync, name: 'application_id' | 'user_version'): number {
  return Number(file.prepare(`PRAGMA ${name}`).get()?.[name]);
}

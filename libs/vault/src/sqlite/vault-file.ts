/**
 * The vault's SQLite file.
 *
 * Storage format: names and shapes below are on disk; change them only by a new `user_version` and a step that leads to it.
 * Nothing readable is in it but published texts, ids, enumerations and instants: values and names are sealed, indexes are keyed.
 */
import { chmodSync, closeSync, existsSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { isKeyCheck, keyCheck, type Keys } from '../keys.js';
import { KeysUnusable, VaultUnusable } from '../unusable.js';

/** "LIGV" (https://sqlite.org/pragma.html#pragma_application_id). */
const APPLICATION_ID = 0x4c494756;
const VERSION = 1;

/**
 * Keys and values lie in the order in which they came, under dense indexes: clustered by their random ids, each would touch a page of its
 * own among all that there are. `pending` holds the prepared appends alone and stays small, so that settling
 * one does not touch the inbox. `key.intent` and `value.intent` say which destruction took the bytes; `value.other_owner` is set where the
 * value is not its key's owner's, which happens after a merge.
 */
const SCHEMA = `
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE key (
  holding TEXT NOT NULL PRIMARY KEY, owner TEXT NOT NULL, wrapped BLOB, epoch INTEGER NOT NULL, intent TEXT,
  CHECK ((wrapped IS NULL) = (intent IS NOT NULL))
) STRICT;
CREATE INDEX key_owner ON key (owner);
CREATE TABLE value (
  event TEXT NOT NULL, slot TEXT NOT NULL, holding TEXT NOT NULL, other_owner TEXT, at INTEGER NOT NULL, bytes BLOB, intent TEXT,
  PRIMARY KEY (event, slot), CHECK ((bytes IS NULL) = (intent IS NOT NULL))
) STRICT;
CREATE INDEX value_holding ON value (holding);
CREATE INDEX value_other_owner ON value (other_owner) WHERE other_owner IS NOT NULL;
CREATE TABLE link (
  identifier TEXT PRIMARY KEY, kind TEXT NOT NULL, blind TEXT NOT NULL, owner TEXT NOT NULL,
  valid_from INTEGER NOT NULL, valid_to INTEGER, shared INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX link_blind ON link (blind, kind);
CREATE INDEX link_owner ON link (owner);
CREATE TABLE claim (blind TEXT NOT NULL, kind TEXT NOT NULL, owner TEXT NOT NULL, PRIMARY KEY (blind, kind)) STRICT, WITHOUT ROWID;
CREATE INDEX claim_owner ON claim (owner);
CREATE TABLE inbox (key TEXT PRIMARY KEY, fingerprint TEXT, owner TEXT NOT NULL, attempt INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE INDEX inbox_owner ON inbox (owner);
CREATE TABLE pending (key TEXT PRIMARY KEY, prepared TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE destruction (intent TEXT NOT NULL, owner TEXT NOT NULL, recorded_at TEXT NOT NULL, PRIMARY KEY (intent, owner)) STRICT, WITHOUT ROWID;
CREATE TABLE actor (
  id TEXT PRIMARY KEY, hash BLOB NOT NULL UNIQUE, name BLOB NOT NULL, role TEXT NOT NULL, system TEXT, expires_at TEXT, revoked_at TEXT
) STRICT, WITHOUT ROWID;
CREATE TABLE text (sha256 TEXT PRIMARY KEY, text TEXT NOT NULL) STRICT;
PRAGMA application_id = ${APPLICATION_ID};
PRAGMA user_version = ${VERSION};
`;

export interface VaultFileSettings {
  readonly file: string;
  readonly keys: Keys;
  readonly ledgerId: string;
}

/**
 * Makes the file if there is none, and sees that it is this ledger's, of a version that is known, and that the keys are its own. Throws
 * `VaultUnusable` or `KeysUnusable`.
 */
export function prepareVaultFile({ file, keys, ledgerId }: VaultFileSettings): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  // Made before SQLite would make it, for its mode: the WAL beside it gets the same.
  closeSync(openSync(file, 'a', 0o600));
  chmodSync(file, 0o600);
  let db: DatabaseSync | undefined;
  try {
    db = openForWriting(file);
    makeOrRecognise(db, file, keyCheck(keys, ledgerId), ledgerId);
    const epoch = Number(metaOf(db, 'epoch'));
    if (!keys.master(epoch)) throw new KeysUnusable(keysOfOtherTime(file, epoch, keys.epoch));
  } catch (error) {
    if (error instanceof VaultUnusable) throw error;
    throw new VaultUnusable(`could not open the vault "${file}": ${error instanceof Error ? error.message : String(error)} (hint: if it is damaged, restore it from a backup)`, { cause: error });
  } finally {
    db?.close();
  }
}

/** A vault of an epoch that is over would be served with every value broken. */
function keysOfOtherTime(file: string, epoch: number, newest: number): string {
  if (newest < epoch) return `the keys are older than the vault "${file}", which is at epoch ${epoch} (hint: restore the newest key directory)`;
  return `the vault "${file}" is at epoch ${epoch}, whose master key was rotated away (hint: an older copy was restored; it opens only with the key directory of its own time)`;
}

/** As `prepareVaultFile`, but touching nothing: there must be a vault. */
export function recogniseVaultFile({ file, keys, ledgerId }: VaultFileSettings): void {
  if (!existsSync(file)) throw new VaultUnusable(`there is no vault at "${file}"`);
  let db: DatabaseSync | undefined;
  try {
    db = openForReading(file);
    recognise(db, file, keyCheck(keys, ledgerId), ledgerId);
  } catch (error) {
    if (error instanceof VaultUnusable) throw error;
    throw new VaultUnusable(`could not open the vault "${file}": ${error instanceof Error ? error.message : String(error)} (hint: if it is damaged, restore it from a backup)`, { cause: error });
  } finally {
    db?.close();
  }
}

/** The one writing connection. FULL, whatever was compiled in: an acknowledged commit survives a power cut. */
export function openForWriting(file: string): DatabaseSync {
  const db = new DatabaseSync(file, { timeout: 5_000 });
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; PRAGMA cache_size = -65536');
  // 64 MB: with SQLite's own 1 000 pages every second group would move the WAL into the file, the same pages again and again (twice the time).
  db.exec('PRAGMA wal_autocheckpoint = 16000');
  return db;
}

export function openForReading(file: string): DatabaseSync {
  return new DatabaseSync(file, { readOnly: true, timeout: 5_000 });
}

/**
 * How far a vault at `file` has come: `nothing` published yet, a policy's `texts`, or what `commands` left. The log is at least as far as the
 * last group but one: no event without texts, no command before the event that published them. Undefined where that cannot be seen: who
 * opens it says why.
 */
export function stageOf(file: string): 'nothing' | 'texts' | 'commands' | undefined {
  if (!existsSync(file)) return 'nothing';
  let db: DatabaseSync | undefined;
  try {
    db = openForReading(file);
    if (numberOf(db, 'SELECT count(*) AS n FROM sqlite_schema') === 0) return 'nothing';
    if (db.prepare('SELECT 1 FROM inbox UNION ALL SELECT 1 FROM value LIMIT 1').get() !== undefined) return 'commands';
    return db.prepare('SELECT 1 FROM text LIMIT 1').get() === undefined ? 'nothing' : 'texts';
  } catch {
    return undefined;
  } finally {
    db?.close();
  }
}

function makeOrRecognise(db: DatabaseSync, file: string, check: string, ledgerId: string): void {
  const isNew = numberOf(db, 'SELECT count(*) AS n FROM sqlite_schema') === 0 && numberOf(db, 'PRAGMA application_id') === 0;
  if (isNew) {
    db.exec(`BEGIN IMMEDIATE; ${SCHEMA}`);
    const insert = db.prepare('INSERT INTO meta (name, value) VALUES (?, ?)');
    for (const [name, value] of [['ledger', ledgerId], ['key-check', check], ['epoch', '1']] as const) insert.run(name, value);
    db.exec('COMMIT');
    return;
  }
  recognise(db, file, check, ledgerId);
}

function recognise(db: DatabaseSync, file: string, check: string, ledgerId: string): void {
  if (numberOf(db, 'PRAGMA application_id') !== APPLICATION_ID) throw new VaultUnusable(`"${file}" is not a vault (hint: point LIGGARE_VAULT elsewhere)`);
  const version = numberOf(db, 'PRAGMA user_version');
  if (version !== VERSION) throw new VaultUnusable(`the vault "${file}" has format ${version}, and this program knows ${VERSION} (hint: use the program that wrote it, or a newer one)`);
  if (metaOf(db, 'ledger') !== ledgerId) throw new VaultUnusable(`the vault "${file}" is another ledger's (hint: log, vault and keys belong together)`);
  if (!isKeyCheck(metaOf(db, 'key-check') ?? '', check)) throw new KeysUnusable(`the keys are not those of the vault "${file}" (hint: restore the key directory that belongs to it)`);
}

export function metaOf(db: DatabaseSync, name: string): string | undefined {
  const value = db.prepare('SELECT value FROM meta WHERE name = ?').get(name)?.['value'];
  return typeof value === 'string' ? value : undefined;
}

function numberOf(db: DatabaseSync, sql: string): number {
  return Number(Object.values(db.prepare(sql).get() ?? {})[0]);
}

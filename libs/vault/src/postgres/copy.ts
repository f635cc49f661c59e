/**
 * Moves a vault from SQLite into an empty one in PostgreSQL: every row as it is, so that sealed bytes, wrapped keys, epochs, inbox, destructions and key
 * check mean the same there. Nothing is opened on the way.
 */
import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import type { Database, Queryable, Row, Value } from '#postgres/database.js';
import { migrate } from '#postgres/migrate.js';
import type { Keys } from '../keys.js';
import { openForReading, metaOf, recogniseVaultFile } from '../sqlite/vault-file.js';
import { VaultUnusable } from '../unusable.js';
import { asVault } from './faults.js';
import { alone, identityOf } from './identity.js';
import { eventsOf } from './rider-rows.js';
import { VAULT_MIGRATIONS } from './schema.js';

export interface VaultCopySettings {
  /** The SQLite vault. Whoever wrote to it has been stopped. */
  readonly file: string;
  readonly keys: Keys;
  readonly ledgerId: string;
  readonly database: Database;
  /** Rows a batch; default 1 000. */
  readonly batchSize?: number;
  /** Told after each batch: how many rows of the table are over there. */
  readonly onProgress?: (progress: { readonly table: string; readonly rows: number }) => void;
}

type Kind = 'text' | 'bigint' | 'bytea';
type Cell = string | number | Uint8Array | null;
type Cells = readonly Cell[];

interface Table {
  readonly name: string;
  /** What rows are read in order of: one or two of the columns, the first ones. */
  readonly order: 1 | 2;
  /** By name in PostgreSQL, with what is read in SQLite and what is written, where these are not the column itself. */
  readonly columns: readonly { readonly name: string; readonly kind: Kind; readonly sqlite?: string; readonly write?: string; readonly read?: string }[];
}

const column = (name: string, kind: Kind = 'text', more: Omit<Table['columns'][number], 'name' | 'kind'> = {}): Table['columns'][number] => ({ name, kind, ...more });

const TABLES: readonly Table[] = [
  { name: 'destruction', order: 2, columns: [column('intent'), column('owner'), column('recorded_at')] },
  { name: 'key', order: 1, columns: [column('holding'), column('owner'), column('wrapped', 'bytea'), column('epoch', 'bigint'), column('intent')] },
  {
    name: 'value',
    order: 1,
    columns: [column('seq', 'bigint', { sqlite: 'rowid' }), column('event'), column('slot'), column('holding'), column('other_owner'), column('at', 'bigint'), column('bytes', 'bytea'), column('intent')],
  },
  {
    name: 'link',
    order: 1,
    columns: [column('identifier'), column('kind'), column('blind'), column('owner'), column('valid_from', 'bigint'), column('valid_to', 'bigint'), column('shared', 'bigint', { write: 'shared <> 0', read: 'shared::int' })],
  },
  { name: 'claim', order: 2, columns: [column('blind'), column('kind'), column('owner')] },
  { name: 'inbox', order: 1, columns: [column('key'), column('fingerprint'), column('owner'), column('attempt', 'bigint')] },
  { name: 'pending', order: 1, columns: [column('key'), column('prepared'), column('events', 'text', { sqlite: 'prepared', write: 'string_to_array(events, chr(10))', read: 'array_to_string(events, chr(10))' })] },
  { name: 'actor', order: 1, columns: [column('id'), column('hash', 'bytea'), column('name', 'bytea'), column('role'), column('system'), column('expires_at'), column('revoked_at')] },
  { name: 'text', order: 1, columns: [column('sha256'), column('text', 'bytea', { sqlite: 'CAST(text AS BLOB)' })] },
];

/**
 * Copies, compares every row of both, and only then opens the vault to others. May be stopped at any point and run again: it goes on after the last
 * batch. Gives how many rows there are. Throws `VaultUnusable` where the other vault is not empty, another ledger's, or not the same afterwards.
 */
export async function copyVault({ file, keys, ledgerId, database, batchSize = 1_000, onProgress = () => undefined }: VaultCopySettings): Promise<{ readonly rows: number }> {
  recogniseVaultFile({ file, keys, ledgerId });
  const source = openForReading(file);
  const copy = async (): Promise<{ readonly rows: number }> => {
    await migrate(database, VAULT_MIGRATIONS);
    return alone(database, async (session) => {
      await begin(session, source, ledgerId);
      for (const table of TABLES) await copyTable(session, source, table, batchSize, (rows) => onProgress({ table: table.name, rows }));
      // Counting goes on after what is there.
      await session.query("SELECT setval(pg_get_serial_sequence('value', 'seq'), greatest(max(seq), 1)) FROM value");
      const rows = await compare(session, source, batchSize);
      await session.query('ANALYZE');
      await session.query("DELETE FROM meta WHERE name = 'copying'");
      return { rows };
    });
  };
  try {
    return await asVault(copy());
  } finally {
    source.close();
  }
}

/**
 * Whether every row of both is the same: how many there are. Throws `VaultUnusable` with the table and the row's number where not; no value is named.
 */
export async function compareVaults({ file, database, batchSize = 1_000 }: Pick<VaultCopySettings, 'file' | 'database' | 'batchSize'>): Promise<{ readonly rows: number }> {
  const source = openForReading(file);
  try {
    return { rows: await asVault(compare(database, source, batchSize)) };
  } finally {
    source.close();
  }
}

async function begin(session: Queryable, source: DatabaseSync, ledgerId: string): Promise<void> {
  const there = await identityOf(session);
  if (there && (!there.copying || there.ledgerId !== ledgerId)) throw new VaultUnusable('there is a vault in PostgreSQL already, and nothing is copied over it (hint: give another, empty database)');
  if (there) return;
  const names = ['ledger', 'key-check', 'epoch'];
  const values = names.map((name) => metaOf(source, name) ?? '');
  await session.query('INSERT INTO meta (name, value) SELECT * FROM unnest($1::text[], $2::text[])', [[...names, 'copying'], [...values, 'yes']]);
}

async function copyTable(session: Queryable, source: DatabaseSync, table: Table, batchSize: number, onBatch: (rows: number) => void): Promise<void> {
  const { rows: counted } = await session.query(`SELECT count(*) AS n FROM ${table.name}`);
  let rows = Number(counted[0]?.['n']);
  // Batches went in whole and in order, so the greatest row there is the last that was copied.
  const [last] = await readPostgres(session, table, undefined, 1, 'DESC');
  for (let after = last; ; ) {
    const batch = readSqlite(source, table, after, batchSize);
    if (batch.length > 0) {
      await session.query(insertOf(table), table.columns.map(({ kind }, i) => columnOf(kind, batch.map((cells) => cells[i] ?? null))));
      rows += batch.length;
      onBatch(rows);
    }
    if (batch.length < batchSize) return;
    after = batch.at(-1);
  }
}

async function compare(connection: Queryable, source: DatabaseSync, batchSize: number): Promise<number> {
  let rows = 0;
  const [ours, theirs] = [await identityOf(connection), ['ledger', 'key-check', 'epoch'].map((name) => metaOf(source, name))];
  if (!ours || ours.ledgerId !== theirs[0] || ours.check !== theirs[1] || String(ours.epoch) !== theirs[2]) throw new VaultUnusable('the two vaults are not of the same ledger, keys and epoch');
  for (const table of TABLES) {
    let after: Cells | undefined;
    for (let number = 0; ; ) {
      const [expected, found] = [readSqlite(source, table, after, batchSize), await readPostgres(connection, table, after, batchSize, 'ASC')];
      const at = Array.from({ length: Math.max(expected.length, found.length) }, (_, i) => i).find((i) => !isSame(expected[i], found[i]));
      if (at !== undefined) throw new VaultUnusable(`the two vaults differ: row ${number + at + 1} of table ${table.name} (hint: let nobody write to either while it is copied, and copy into an empty database)`);
      number += expected.length;
      rows += expected.length;
      after = expected.at(-1);
      if (expected.length < batchSize) break;
    }
  }
  return rows;
}

function readSqlite(source: DatabaseSync, { name, order, columns }: Table, after: Cells | undefined, limit: number): readonly Cells[] {
  const keys = columns.slice(0, order).map((one) => one.sqlite ?? one.name).join(', ');
  const marks = columns.slice(0, order).map(() => '?').join(', ');
  const text = `SELECT ${columns.map((one) => `${one.sqlite ?? one.name} AS ${one.name}`).join(', ')} FROM ${name} ${after ? `WHERE (${keys}) > (${marks})` : ''} ORDER BY ${keys} LIMIT ?`;
  const rows = source.prepare(text).all(...(after ?? []).slice(0, order), limit);
  return rows.map((row) => columns.map((one) => sqliteCell(name, one, row[one.name])));
}

function sqliteCell(table: string, { name, kind }: Table['columns'][number], value: SQLOutputValue | undefined): Cell {
  if (value === null) return null;
  if (kind === 'bigint' && typeof value === 'number') return value;
  if (kind === 'text' && typeof value === 'string') return name === 'events' ? eventsOf(value) : value;
  if (kind === 'bytea' && value instanceof Uint8Array) return value;
  throw new VaultUnusable(`a row of table ${table} of the SQLite vault is damaged (hint: run fsck, and restore it from a backup)`);
}

async function readPostgres(connection: Queryable, { name, order, columns }: Table, after: Cells | undefined, limit: number, direction: 'ASC' | 'DESC'): Promise<readonly Cells[]> {
  const keys = columns.slice(0, order).map((one) => one.name);
  const where = after ? `WHERE (${keys.join(', ')}) > (${keys.map((_, i) => `$${i + 2}`).join(', ')})` : '';
  const text = `SELECT ${columns.map((one) => `${one.read ?? one.name} AS ${one.name}`).join(', ')} FROM ${name} ${where} ORDER BY ${keys.map((key) => `${name}.${key} ${direction}`).join(', ')} LIMIT $1`;
  const { rows } = await connection.query(text, [limit, ...(after ?? []).slice(0, order)]);
  return rows.map((row: Row) => columns.map((one) => postgresCell(row[one.name])));
}

function postgresCell(value: unknown): Cell {
  if (value === null || typeof value === 'string' || typeof value === 'number' || value instanceof Uint8Array) return value;
  throw new TypeError('the vault’s columns are texts, numbers and bytes');
}

function insertOf({ name, columns }: Table): string {
  const names = columns.map((one) => one.name).join(', ');
  const values = columns.map((one) => one.write ?? one.name).join(', ');
  return `INSERT INTO ${name} (${names}) OVERRIDING SYSTEM VALUE SELECT ${values} FROM unnest(${columns.map(({ kind }, i) => `$${i + 1}::${kind}[]`).join(', ')}) AS row (${names})`;
}

function columnOf(kind: Kind, cells: Cells): Value {
  switch (kind) {
    case 'text':
      return cells.map((cell) => (typeof cell === 'string' ? cell : null));
    case 'bigint':
      return cells.map((cell) => (typeof cell === 'number' ? cell : null));
    case 'bytea':
      return cells.map((cell) => (cell instanceof Uint8Array ? cell : null));
    default: {
      const never: never = kind;
      return never;
    }
  }
}

function isSame(one: Cells | undefined, other: Cells | undefined): boolean {
  if (!one || !other) return false;
  return one.every((cell, i) => {
    const found = other[i];
    return cell instanceof Uint8Array && found instanceof Uint8Array ? Buffer.compare(cell, found) === 0 : cell === found;
  });
}

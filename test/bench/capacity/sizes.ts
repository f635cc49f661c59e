/** What a ledger occupies: its events, and its tables on both engines. */
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { EventStore } from '#event-store/event-store.js';
import { decode } from '#ledger/encoding.js';
import { REGISTER_PREFIXES } from '#ledger/live-registers.js';
import type { TestPostgres } from '#postgres/postgres.fixture.js';
import { percentile } from '../bench-ledger.js';

export interface Row {
  readonly [column: string]: string | number;
}

export interface LogSize {
  readonly events: number;
  /** Of canonical envelopes. */
  readonly bytes: number;
  readonly sealedEvents: number;
  readonly sealedValues: number;
  readonly streams: number;
  readonly registerEvents: number;
  /** As EventStoreDB's format has them; not measured on one. */
  readonly esdbBytes: number;
  readonly byType: readonly Row[];
}

/**
 * What EventStoreDB writes beside an event's data: a version 1 prepare record (`PrepareLogRecord.cs` and `LogRecord.cs` of its source: length
 * twice, type, version, position, flags, transaction, offset, expected version, two UUIDs, time, lengths), its stream's and its type's names.
 */
const PREPARE_BYTES = 90;
/** "Each index entry is 24 bytes" (EventStoreDB's documentation, *Indexes*). */
const INDEX_BYTES = 24;

export async function sizeOfLog(log: EventStore): Promise<LogSize> {
  const sizes = new Map<string, number[]>();
  const streams = new Set<string>();
  let [sealedEvents, sealedValues, registerEvents, esdbBytes] = [0, 0, 0, 0];
  for await (const batch of log.readAll())
    for (const event of batch) {
      const bytes = Buffer.byteLength(event.data);
      const of = sizes.get(event.type) ?? [];
      of.push(bytes);
      sizes.set(event.type, of);
      streams.add(event.stream);
      const values = decode(event).sealed?.length ?? 0;
      sealedValues += values;
      sealedEvents += Number(values > 0);
      registerEvents += Number(REGISTER_PREFIXES.some((prefix) => event.stream.startsWith(prefix)));
      esdbBytes += PREPARE_BYTES + event.stream.length + event.type.length + bytes + INDEX_BYTES;
    }
  const all = [...sizes.values()].flat();
  const byType = [['all', all] as const, ...[...sizes].sort(([, a], [, b]) => b.length - a.length)].map(([type, of]): Row => {
    const sorted = of.toSorted((a, b) => a - b);
    return { type, count: of.length, mean: Math.round(sum(of) / of.length), p50: percentile(sorted, 0.5), p99: percentile(sorted, 0.99) };
  });
  return { events: all.length, bytes: sum(all), sealedEvents, sealedValues, streams: streams.size, registerEvents, esdbBytes, byType };
}

/** The three files of a closed ledger, by table and index. */
export function sizesInFiles(data: string): readonly Row[] {
  return ['log.db', 'vault.db', 'views.db'].flatMap((file) => {
    const path = join(data, file);
    if (!existsSync(path)) return [];
    const db = new DatabaseSync(path, { readOnly: true });
    try {
      const rows = db.prepare("SELECT s.tbl_name AS name, s.type AS type, SUM(d.pgsize) AS bytes FROM dbstat AS d JOIN sqlite_schema AS s ON s.name = d.name GROUP BY 1, 2 ORDER BY 1, 2").all();
      const tables = rows.map(({ name, type, bytes }): Row => ({ store: file, name: String(name), of: type === 'index' ? 'indexes' : 'table', rows: rowsIn(db, String(name)), bytes: Number(bytes) }));
      return [{ store: file, name: 'file', of: 'file', rows: 0, bytes: statSync(path).size }, ...tables];
    } finally {
      db.close();
    }
  });
}

function rowsIn(db: DatabaseSync, table: string): number {
  return Number(db.prepare(`SELECT count(*) AS count FROM "${table}"`).get()?.['count'] ?? 0);
}

/** Tables of vault and views, with what is dead in them. */
export async function sizesInPostgres(postgres: TestPostgres, url: string): Promise<readonly Row[]> {
  const tables = await postgres.ask(
    url,
    `SELECT n.nspname AS schema, c.relname AS name, pg_table_size(c.oid) AS heap, pg_indexes_size(c.oid) AS indexes
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname LIKE 'liggare%' AND c.relkind = 'r' ORDER BY 1, 2`,
  );
  const found: Row[] = [];
  for (const { schema, name, heap, indexes } of tables) {
    const [counted] = await postgres.ask(url, `SELECT count(*) AS count FROM "${String(schema)}"."${String(name)}"`);
    found.push({ store: String(schema), name: String(name), rows: Number(counted?.['count']), table: Number(heap), indexes: Number(indexes), bytes: Number(heap) + Number(indexes) });
  }
  return found;
}

export interface Wal {
  readonly bytes: number;
  readonly fullPages: number;
  readonly syncs: number;
  readonly commits: number;
}

/** Since the server was made. */
export async function walOf(postgres: TestPostgres, url: string): Promise<Wal> {
  await postgres.ask(url, 'SELECT pg_stat_force_next_flush()').catch(() => undefined);
  const [row] = await postgres.ask(url, "SELECT wal_bytes, wal_fpi, wal_sync, (SELECT sum(xact_commit) FROM pg_stat_database) AS commits, pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0') AS lsn FROM pg_stat_wal");
  return { bytes: Number(row?.['lsn']), fullPages: Number(row?.['wal_fpi']), syncs: Number(row?.['wal_sync']), commits: Number(row?.['commits']) };
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);

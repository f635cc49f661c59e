/**
 * What a rebuild costs over a bare loop that inserts the same rows, with a prepared statement, in batches of the same size: on SQLite, and
 * on PostgreSQL (with fsync) where a server can be had, there over a bare `pg` that sends each batch as arrays.
 * `npm run build && node dist/libs/projection/src/rebuild.bench.js [events]`
 */
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import pg from 'pg';
import type { StoredEvent } from '#event-store/event-store.js';
import { startPostgres } from '#postgres/postgres.fixture.js';
import { ExampleLog, positionOf } from './log.examples.js';
import { openPostgresViews } from './postgres-view-store.js';
import { rebuild } from './rebuild.js';
import { openSqliteViews } from './sqlite-view-store.js';
import type { View, ViewStore } from './view.js';

const EVENTS = Number(process.argv[2] ?? 200_000);
const BATCH_SIZE = 5000;
const ROUNDS = 3;

/** One row an event; nothing is read. The event's data is not looked at, so that what is measured is the feeding. */
const inserting: View = {
  name: 'inserting',
  version: 1,
  tables: [{ name: 'line', columns: { id: 'text', stream: 'text', revision: 'integer', type: 'text', note: 'text' }, key: ['id'] }],
  streamPrefixes: ['subject-'],
  touches: () => [],
  apply: ({ id, stream, revision, type }) => [{ op: 'put', table: 'line', row: { id, stream, revision, type, note: null } }],
};

/** The same, but each event counts up one of a tenth as many rows: read, change, write. */
const counting: View = {
  name: 'counting',
  version: 1,
  tables: [{ name: 'counted', columns: { stream: 'text', events: 'integer' }, key: ['stream'] }],
  streamPrefixes: ['subject-'],
  touches: ({ stream }) => [{ table: 'counted', key: [stream] }],
  apply: ({ stream }, read) => [{ op: 'put', table: 'counted', row: { stream, events: Number(read({ table: 'counted', key: [stream] })?.['events'] ?? 0) + 1 } }],
};

const events = Array.from({ length: EVENTS }, (_, i) => eventAt(i));
const directory = mkdtempSync(join(tmpdir(), 'liggare-bench-'));
try {
  await compare('SQLite', (round) => bare(join(directory, `bare-${round}.db`)), (view, round) => rebuilt(view, openSqliteViews(join(directory, `${view.name}-${round}.db`))));
} finally {
  rmSync(directory, { recursive: true });
}

const server = await startPostgres({ durable: true });
if ('notRun' in server) console.log(`PostgreSQL: not run (${server.notRun})`);
else {
  try {
    await compare('PostgreSQL', async () => barePostgres(await server.newDatabase()), async (view) => rebuilt(view, await openPostgresViews(await server.newDatabase())));
  } finally {
    await server.stop();
  }
}

async function compare(engine: string, bareMs: (round: number) => Promise<number> | number, rebuiltMs: (view: View, round: number) => Promise<number>): Promise<void> {
  const figures = [[], [], []] as readonly number[][];
  for (let round = 0; round < ROUNDS; round += 1) {
    figures[0]?.push(await bareMs(round));
    figures[1]?.push(await rebuiltMs(inserting, round));
    figures[2]?.push(await rebuiltMs(counting, round));
  }
  const limit = Math.min(...(figures[0] ?? []));
  for (const [i, name] of ['bare insert', 'rebuild, inserting', 'rebuild, read and write'].entries()) {
    const best = Math.min(...(figures[i] ?? []));
    console.log(`${engine.padEnd(12)} ${name.padEnd(24)} ${Math.round((1000 * EVENTS) / best).toLocaleString('en').padStart(10)} events/s   ratio ${(limit / best).toFixed(2)}`);
  }
}

function bare(path: string): number {
  const file = new DatabaseSync(path);
  file.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -32768');
  file.exec('CREATE TABLE line (id TEXT NOT NULL, stream TEXT, revision INTEGER, type TEXT, note TEXT, PRIMARY KEY (id)) STRICT, WITHOUT ROWID');
  const insert = file.prepare('INSERT INTO line VALUES (?, ?, ?, ?, ?)');
  const begin = performance.now();
  for (let from = 0; from < events.length; from += BATCH_SIZE) {
    file.exec('BEGIN IMMEDIATE');
    for (const { id, stream, revision, type } of events.slice(from, from + BATCH_SIZE)) insert.run(id, stream, revision, type, null);
    file.exec('COMMIT');
  }
  const tookMs = performance.now() - begin;
  file.close();
  return tookMs;
}

async function barePostgres(url: string): Promise<number> {
  const client = new pg.Client(url);
  await client.connect();
  await client.query('CREATE TABLE line (id TEXT COLLATE "C" NOT NULL, stream TEXT COLLATE "C", revision BIGINT, type TEXT COLLATE "C", note TEXT COLLATE "C", PRIMARY KEY (id))');
  const insert = { name: 'insert', text: 'INSERT INTO line SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[], $4::text[], $5::text[])' };
  const begin = performance.now();
  for (let from = 0; from < events.length; from += BATCH_SIZE) {
    const batch = events.slice(from, from + BATCH_SIZE);
    await client.query('BEGIN');
    await client.query({ ...insert, values: [batch.map(({ id }) => id), batch.map(({ stream }) => stream), batch.map(({ revision }) => revision), batch.map(({ type }) => type), batch.map(() => null)] });
    await client.query('COMMIT');
  }
  const tookMs = performance.now() - begin;
  await client.end();
  return tookMs;
}

async function rebuilt(view: View, viewStore: ViewStore): Promise<number> {
  await viewStore.prepare([view]);
  const begin = performance.now();
  await rebuild({ store: new ExampleLog(events), views: [view], viewStore });
  const tookMs = performance.now() - begin;
  await viewStore.close();
  return tookMs;
}

/** Ids as random as those of a real log, and the same in each run. */
function eventAt(index: number): StoredEvent {
  const hex = createHash('sha256').update(String(index)).digest('hex');
  const id = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
  const subject = Math.floor(index / 10);
  return { id, type: 'ConsentGiven', data: '{}', stream: `subject-${String((subject * 7919) % EVENTS).padStart(12, '0')}`, revision: index % 10, position: positionOf(index) };
}

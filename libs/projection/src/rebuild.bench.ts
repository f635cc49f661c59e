/**
 * What a rebuild costs over a bare loop that inserts the same rows, with a prepared statement, in batches of the same size.
 * `npm run build && node dist/libs/projection/src/rebuild.bench.js [events]`
 */
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { StoredEvent } from '#event-store/event-store.js';
import { ExampleLog, positionOf } from './log.examples.js';
import { rebuild } from './rebuild.js';
import { openSqliteViews } from './sqlite-view-store.js';
import type { View } from './view.js';

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
  const [bareMs, insertingMs, countingMs] = [[] as number[], [] as number[], [] as number[]];
  for (let round = 0; round < ROUNDS; round += 1) {
    bareMs.push(bare(join(directory, `bare-${round}.db`)));
    insertingMs.push(await rebuilt(inserting, join(directory, `inserting-${round}.db`)));
    countingMs.push(await rebuilt(counting, join(directory, `counting-${round}.db`)));
  }
  const limit = Math.min(...bareMs);
  for (const [name, ms] of [['bare insert', bareMs], ['rebuild, inserting', insertingMs], ['rebuild, read and write', countingMs]] as const) {
    const best = Math.min(...ms);
    console.log(`${name.padEnd(24)} ${Math.round((1000 * EVENTS) / best).toLocaleString('en').padStart(10)} events/s   ratio ${(limit / best).toFixed(2)}`);
  }
} finally {
  rmSync(directory, { recursive: true });
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

async function rebuilt(view: View, path: string): Promise<number> {
  const viewStore = openSqliteViews(path);
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

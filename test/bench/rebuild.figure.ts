import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { views } from '#ledger/views.js';
import { rebuild } from '#projection/rebuild.js';
import { openSqliteViews } from '#projection/sqlite-view-store.js';
import { BenchLedger, atOnce } from './bench-ledger.js';
import type { Figure } from './figure.js';
import { sealed, unsealed } from './workload.js';

const PEOPLE = 2_000;
const COMMANDS = 40_000;
const BATCH = 2_000;

/** A rebuild of all views, beside a bare read of the log and a bare insert of the same rows. */
export async function rebuildFigure(): Promise<readonly Figure[]> {
  const ledger = new BenchLedger();
  try {
    const subjects = await ledger.register(PEOPLE);
    await atOnce(64, COMMANDS, async (i) => void (await ledger.tell(i % 3 === 0 ? sealed(i % PEOPLE, i) : unsealed(subjects[i % PEOPLE] ?? '', i))));
    const { parts } = await ledger.open();
    const file = join(ledger.directory, 'rebuilt.db');
    const viewStore = openSqliteViews(file);
    const began = performance.now();
    const { events } = await rebuild({ store: parts.log, views, viewStore });
    const seconds = (performance.now() - began) / 1000;
    await viewStore.close();
    await ledger.close();
    const read = timed(() => readBare(join(ledger.configuration.data, 'log.db')));
    const inserted = insertBare(file, join(ledger.directory, 'bare.db'));
    const [value, limit] = [events / seconds, events / (read + inserted)];
    return [{ name: 'rebuild', value, unit: 'events/s', limit, ratio: value / limit, note: `limit: bare read of the log (${read.toFixed(2)} s) and bare insert of the same rows (${inserted.toFixed(2)} s); ${views.length} views` }];
  } finally {
    await ledger.remove();
  }
}

function timed(work: () => void): number {
  const began = performance.now();
  work();
  return (performance.now() - began) / 1000;
}

function readBare(file: string): void {
  const db = new DatabaseSync(file, { readOnly: true });
  let bytes = 0;
  for (const row of db.prepare('SELECT * FROM events ORDER BY position').iterate()) bytes += String(row['data']).length;
  db.close();
  if (bytes === 0) throw new Error('the log is empty');
}

/** The rows of every view into the same tables, in the same batches; gives the seconds of the inserts alone. */
function insertBare(from: string, to: string): number {
  const source = new DatabaseSync(from, { readOnly: true });
  const target = new DatabaseSync(to);
  target.exec('PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL');
  let seconds = 0;
  for (const { name, sql } of source.prepare("SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'").all()) {
    target.exec(String(sql));
    const rows: SQLInputValue[][] = source.prepare(`SELECT * FROM "${String(name)}"`).all().map((row) => Object.values(row));
    if (rows.length === 0) continue;
    const insert = target.prepare(`INSERT INTO "${String(name)}" VALUES (${rows[0]?.map(() => '?').join(',') ?? 'NULL'})`);
    // Rows came in the order of events; by key they would be a sequential load, which no view store gets.
    shuffle(rows);
    seconds += timed(() => {
      for (let at = 0; at < rows.length; at += BATCH) {
        target.exec('BEGIN');
        for (const row of rows.slice(at, at + BATCH)) insert.run(...row);
        target.exec('COMMIT');
      }
    });
  }
  source.close();
  target.close();
  return seconds;
}

/** Fisher–Yates from a fixed seed. */
function shuffle(rows: unknown[]): void {
  let seed = 1;
  for (let i = rows.length - 1; i > 0; i--) {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
    const j = seed % (i + 1);
    [rows[i], rows[j]] = [rows[j], rows[i]];
  }
}

/**
 * The limit of appends: a bare SQLite writer thread that commits the same rows into the same tables and indexes, in groups with fsync,
 * vault first where the commands sealed something. What it does not do is the ledger.
 */
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';

export interface BareJob {
  /** For each database: the file as it was before the measured commands, which is written to, and as it was after them. */
  readonly databases: readonly { readonly file: string; readonly after: string }[];
  readonly groups: number;
  /** Into plain tables without key or index instead. */
  readonly indexFree?: true;
}

export interface BareResult {
  readonly seconds: number;
  readonly rows: number;
}

interface Insert {
  readonly run: (row: readonly SQLInputValue[]) => void;
  readonly rows: readonly (readonly SQLInputValue[])[];
}

interface Target {
  readonly db: DatabaseSync;
  readonly inserts: readonly Insert[];
}

function open({ file, after }: BareJob['databases'][number], indexFree: boolean): Target {
  const db = new DatabaseSync(file);
  db.exec('PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-65536');
  db.prepare('ATTACH ? AS later').run(after);
  const tables = db.prepare("SELECT name FROM later.sqlite_master WHERE type='table' AND name NOT LIKE 'sqlite_%'").all();
  const inserts = tables.flatMap((table): Insert[] => {
    const name = String(table['name']);
    const read = db.prepare(`SELECT * FROM later."${name}" EXCEPT SELECT * FROM main."${name}"`);
    const rows: readonly (readonly SQLInputValue[])[] = arraysOf(read);
    if (rows.length === 0) return [];
    const into = indexFree ? `bare_${name}` : name;
    if (indexFree) db.exec(`CREATE TABLE "${into}" AS SELECT * FROM later."${name}" WHERE 0`);
    const insert = db.prepare(`INSERT OR REPLACE INTO main."${into}" VALUES (${rows[0]?.map(() => '?').join(',')})`);
    return [{ run: (row) => void insert.run(...row), rows }];
  });
  db.exec('DETACH later');
  return { db, inserts };
}

function arraysOf(statement: StatementSync): SQLInputValue[][] {
  return statement.all().map((row) => Object.values(row));
}

function run({ databases, groups, indexFree }: BareJob): BareResult {
  const targets = databases.map((database) => open(database, indexFree ?? false)).filter(({ inserts }) => inserts.length > 0);
  const rows = targets.reduce((sum, { inserts }) => sum + inserts.reduce((count, insert) => count + insert.rows.length, 0), 0);
  const began = performance.now();
  for (let group = 0; group < groups; group++)
    for (const { db, inserts } of targets) {
      db.exec('BEGIN IMMEDIATE');
      for (const { run: insert, rows: all } of inserts) {
        const to = Math.floor((all.length * (group + 1)) / groups);
        for (let i = Math.floor((all.length * group) / groups); i < to; i++) insert(all[i] ?? []);
      }
      db.exec('COMMIT');
    }
  const seconds = (performance.now() - began) / 1000;
  for (const { db } of targets) db.close();
  return { seconds, rows };
}

parentPort?.postMessage(run(workerData as BareJob));

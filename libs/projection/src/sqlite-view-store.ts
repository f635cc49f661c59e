/** Views on SQLite: one writer (the projector), any number of readers in other threads and processes beside it. */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Position } from '#event-store/event-store.js';
import { guarded, openViewsFile, openViewsFileReadOnly } from './sqlite-views-file.js';
import { checkViews, TableShape } from './table-shape.js';
import { ViewFedElsewhere } from './view.js';
import type { Cell, Change, FetchedRow, Page, Row, RowRef, Table, View, ViewCommit, ViewReader, ViewStore } from './view.js';

/** Opens or creates the file. Throws `ViewsUnusable` for a foreign, damaged or newer one. */
export function openSqliteViews(path: string): ViewStore {
  return new SqliteViewStore(openViewsFile(path), path);
}

/** Opens for reading only, beside the writer. Throws `ViewsUnusable` as `openSqliteViews` does, and when there is no file yet. */
export function openSqliteViewsReadOnly(path: string, views: readonly View[]): ViewReader {
  checkViews(views);
  return new SqliteViewReader(openViewsFileReadOnly(path), path, views);
}

/** Rows a statement, as many as there are: beyond 50 it gained nothing more, one by one costs twice as much. */
const FETCHED_TOGETHER = [64, 8, 1] as const;

/** What writes one table. */
interface Writers {
  readonly shape: TableShape;
  readonly put: StatementSync;
  readonly remove: StatementSync;
}

class SqliteViewReader implements ViewReader {
  protected readonly file: DatabaseSync;
  protected readonly path: string;
  protected readonly shapes = new Map<string, TableShape>();
  readonly #declared = new Map<string, string>();
  readonly #statements = new Map<string, StatementSync>();

  constructor(file: DatabaseSync, path: string, views: readonly View[] = []) {
    this.file = file;
    this.path = path;
    for (const view of views) this.know(view);
  }

  async checkpoint(view: string): Promise<Position | undefined> {
    return this.guard(() => {
      const known = this.statement('SELECT declared, checkpoint FROM liggare_views WHERE view = ?').get(view);
      // A reader that knows the view in another version could not read its rows.
      if (known?.['declared'] !== this.#declared.get(view)) return undefined;
      return typeof known?.['checkpoint'] === 'string' ? known['checkpoint'] : undefined;
    });
  }

  async fetch(refs: readonly RowRef[]): Promise<readonly FetchedRow[]> {
    return this.guard(() => [...Map.groupBy(refs, (ref) => ref.table)].flatMap(([table, group]) => this.#fetchFrom(this.shape(table), group)));
  }

  async rows(table: string, prefix: readonly Cell[], page: Page = {}): Promise<readonly Row[]> {
    const shape = this.shape(table);
    const { key } = shape.table;
    shape.checkPage(prefix, page.after);
    const rest = page.after?.slice(prefix.length) ?? [];
    const conditions = key.slice(0, prefix.length).map((column) => `"${column}" = ?`);
    // A row value compares as the key sorts, and with equality on the prefix it is one seek in the key (sqlite.org/rowvalue.html).
    if (page.after) conditions.push(rest.length === 0 ? 'FALSE' : `(${names(key.slice(prefix.length))}) ${page.backwards ? '<' : '>'} (${rest.map(() => '?').join(', ')})`);
    const where = conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`;
    const statement = `SELECT ${names(shape.columns)} FROM "${table}"${where} ORDER BY ${key.map((column) => `"${column}"${page.backwards ? ' DESC' : ''}`).join(', ')} LIMIT ?`;
    return this.guard(() => this.#all(shape, statement, [...prefix, ...rest, page.limit ?? -1]));
  }

  async close(): Promise<void> {
    if (this.file.isOpen) this.file.close();
  }

  protected know(view: View): void {
    this.#declared.set(view.name, declared(view));
    for (const table of view.tables) this.shapes.set(table.name, new TableShape(table));
  }

  protected shape(table: string): TableShape {
    const shape = this.shapes.get(table);
    if (!shape) throw new Error(`no view has the table ${table}`);
    return shape;
  }

  protected statement(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (!statement) {
      statement = this.file.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }

  protected guard<T>(work: () => T): T {
    return guarded(this.path, work);
  }

  #fetchFrom(shape: TableShape, refs: readonly RowRef[]): readonly FetchedRow[] {
    const found: FetchedRow[] = [];
    const tuple = `(${shape.table.key.map(() => '?').join(', ')})`;
    for (let from = 0; from < refs.length; ) {
      const count = FETCHED_TOGETHER.find((size) => size <= refs.length - from) ?? 1;
      const tuples = Array.from({ length: count }, () => tuple).join(', ');
      const statement = `SELECT ${names(shape.columns)} FROM "${shape.name}" WHERE (${names(shape.table.key)}) IN (VALUES ${tuples})`;
      const keys = refs.slice(from, from + count).flatMap((ref) => ref.key);
      for (const row of this.#all(shape, statement, keys)) found.push({ ref: { table: shape.name, key: shape.keyOf(row) }, row });
      from += count;
    }
    return found;
  }

  /** Rows as plain objects in the declared order of columns: those of node:sqlite have no prototype. */
  #all(shape: TableShape, sql: string, values: readonly Cell[]): readonly Row[] {
    return this.statement(sql).all(...values).map((found) => {
      const row: Record<string, Cell> = {};
      for (const column of shape.columns) row[column] = cellOf(found[column]);
      return row;
    });
  }
}

class SqliteViewStore extends SqliteViewReader implements ViewStore {
  readonly #writers = new Map<string, Writers>();

  async prepare(views: readonly View[]): Promise<void> {
    checkViews(views);
    for (const view of views) {
      this.know(view);
      this.#inTransaction(() => {
        if (this.#stored().get(view.name) !== declared(view)) this.#create(view);
      });
    }
  }

  async commit(commits: readonly ViewCommit[]): Promise<void> {
    this.#inTransaction(() => {
      for (const { view, changes, after, checkpoint } of commits) {
        const moved = this.statement('UPDATE liggare_views SET checkpoint = ? WHERE view = ? AND checkpoint IS ?').run(checkpoint, view, after ?? null);
        if (moved.changes !== 1) throw new ViewFedElsewhere(view);
        for (const change of changes) this.#write(change);
      }
    });
  }

  async reset(view: View): Promise<void> {
    this.know(view);
    this.#inTransaction(() => this.#create(view));
  }

  #write(change: Change): void {
    const { shape, put, remove } = this.#writersOf(change.table);
    if (change.op === 'delete') {
      remove.run(...change.key);
      return;
    }
    shape.checkRow(change.row);
    const { row } = change;
    put.run(...shape.columns.map((column) => row[column] ?? null));
  }

  #writersOf(table: string): Writers {
    let writers = this.#writers.get(table);
    if (!writers) {
      const shape = this.shape(table);
      const put = `INSERT OR REPLACE INTO "${table}" (${names(shape.columns)}) VALUES (${shape.columns.map(() => '?').join(', ')})`;
      const remove = `DELETE FROM "${table}" WHERE ${shape.table.key.map((column) => `"${column}" = ?`).join(' AND ')}`;
      writers = { shape, put: this.file.prepare(put), remove: this.file.prepare(remove) };
      this.#writers.set(table, writers);
    }
    return writers;
  }

  /** Drops what the view had, and what any view had under its tables' names, and creates its tables empty. */
  #create(view: View): void {
    this.#writers.clear();
    const mine = new Set(view.tables.map((table) => table.name));
    for (const [name, text] of this.#stored()) {
      const tables = tablesIn(text);
      if (name !== view.name && !tables.some((table) => mine.has(table))) continue;
      for (const table of tables) this.file.exec(`DROP TABLE IF EXISTS "${table}"`);
      this.statement('DELETE FROM liggare_views WHERE view = ?').run(name);
    }
    for (const table of view.tables) createTable(this.file, table);
    this.statement('INSERT INTO liggare_views (view, version, declared) VALUES (?, ?, ?)').run(view.name, view.version, declared(view));
  }

  #stored(): ReadonlyMap<string, string> {
    const rows = this.statement('SELECT view, declared FROM liggare_views').all();
    return new Map(rows.map((row) => [String(row['view']), String(row['declared'])]));
  }

  #inTransaction(work: () => void): void {
    this.guard(() => {
      this.file.exec('BEGIN IMMEDIATE');
      try {
        work();
        this.file.exec('COMMIT');
      } catch (error) {
        // A full disk may have rolled back already (sqlite.org/lang_transaction.html, "automatic rollback").
        if (this.file.isTransaction) this.file.exec('ROLLBACK');
        throw error;
      }
    });
  }
}

function createTable(file: DatabaseSync, { name, columns, key, indexes }: Table): void {
  const types = Object.entries(columns).map(([column, type]) => `"${column}" ${type.toUpperCase()}${key.includes(column) ? ' NOT NULL' : ''}`);
  // Clustered on the key: one tree instead of two, and a prefix of the key reads neighbours (sqlite.org/withoutrowid.html).
  file.exec(`CREATE TABLE "${name}" (${types.join(', ')}, PRIMARY KEY (${names(key)})) STRICT, WITHOUT ROWID`);
  // No table's name has a digit, so none is taken.
  for (const [place, index] of (indexes ?? []).entries()) file.exec(`CREATE INDEX "${name}_${place}" ON "${name}" (${names(index)})`);
}

/** A view's rows are what they are through these: another text means other rows. */
function declared(view: View): string {
  return JSON.stringify({ version: view.version, tables: view.tables });
}

function tablesIn(text: string): readonly string[] {
  const { tables } = JSON.parse(text) as { readonly tables: readonly Table[] };
  return tables.map((table) => table.name);
}

/** Names were checked to be [a-z_]+ (`checkViews`); quoted because some are words of SQL, as `order` is. */
function names(columns: readonly string[]): string {
  return columns.map((column) => `"${column}"`).join(', ');
}

function cellOf(value: unknown): Cell {
  if (value === null || typeof value === 'string' || typeof value === 'number') return value;
  throw new Error('a cell of a type that views do not have');
}

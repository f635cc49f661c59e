/** Reading views from PostgreSQL, beside feeders in this process or others. */
import { createHash } from 'node:crypto';
import type { Position } from '#event-store/event-store.js';
import { DatabaseUnavailable, DatabaseUnusable, StatementFailed, type Database, type Row as DatabaseRow, type Statement, type Value } from '#postgres/database.js';
import { declaration, IS_SERVING, quoted, SENT_AS } from './postgres-views-schema.js';
import { TableShape } from './table-shape.js';
import { ViewsUnavailable } from './view.js';
import type { Cell, FetchedRow, FollowingReader, Page, Row, RowRef, View, ViewProgress } from './view.js';
import { ViewsUnusable } from './views-unusable.js';

/** What a view is known by here. */
export interface Known {
  readonly view: string;
  readonly declaration: string;
}

export interface KnownTable extends Known {
  readonly shape: TableShape;
}

export class PostgresViewReader implements FollowingReader {
  protected readonly database: Database;
  protected readonly known = new Map<string, Known>();
  readonly #tables = new Map<string, KnownTable>();
  readonly #checksServing: boolean;

  /** `checksServing`: a row is given only if, in the very same snapshot, its view serves. A feeder reads what is not yet whole. */
  constructor(database: Database, checksServing: boolean, views: readonly View[] = []) {
    this.database = database;
    this.#checksServing = checksServing;
    for (const view of views) this.know(view);
  }

  async checkpoint(view: string): Promise<Position | undefined> {
    return (await this.#progressOf([view]))[0]?.checkpoint;
  }

  async progress(): Promise<readonly ViewProgress[]> {
    return this.#progressOf([...this.known.keys()]);
  }

  /** A table at a time, all at once: as many round trips as there are tables, beside each other. */
  async fetch(refs: readonly RowRef[]): Promise<readonly FetchedRow[]> {
    const groups = [...Map.groupBy(refs, ({ table }) => table)];
    return (await Promise.all(groups.map(([table, group]) => this.#fetchFrom(this.table(table), group.filter(({ key }) => key.every(canBeStored)))))).flat();
  }

  async rows(table: string, prefix: readonly Cell[], page: Page = {}): Promise<readonly Row[]> {
    const known = this.table(table);
    const { shape } = known;
    const { key } = shape.table;
    shape.checkPage(prefix, page.after);
    const rest = page.after?.slice(prefix.length) ?? [];
    if ((page.after && rest.length === 0) || !prefix.every(canBeStored)) return [];
    const sent = (column: string | undefined, at: number): string => `$${at}::${SENT_AS[shape.table.columns[column ?? ''] ?? 'text']}`;
    const conditions = prefix.map((_, i) => `"${key[i]}" = ${sent(key[i], i + 1)}`);
    // A row value compares as the key sorts, and with equality on the prefix it is one seek in the key (postgresql.org/docs/15/functions-comparisons.html).
    if (rest.length > 0) conditions.push(`(${quoted(key.slice(prefix.length))}) ${page.backwards ? '<' : '>'} (${rest.map((_, i) => sent(key[prefix.length + i], prefix.length + i + 1)).join(', ')})`);
    const where = conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`;
    const values = [...prefix, ...rest, page.limit ?? null];
    const order = (of: string): string => `ORDER BY ${key.map((column) => `${of}"${column}"${page.backwards ? ' DESC' : ''}`).join(', ')}`;
    return this.#ask(known, `SELECT ${quoted(shape.columns)} FROM "${shape.name}"${where} ${order('')} LIMIT $${values.length}::bigint`, values, order('found.'));
  }

  async close(): Promise<void> {
    await this.database.close();
  }

  protected know(view: View): void {
    const known = { view: view.name, declaration: declaration(view) };
    this.known.set(view.name, known);
    for (const table of view.tables) this.#tables.set(table.name, { ...known, shape: new TableShape(table) });
  }

  protected table(name: string): KnownTable {
    const table = this.#tables.get(name);
    if (!table) throw new Error(`no view has the table ${name}`);
    return table;
  }

  async #progressOf(views: readonly string[]): Promise<readonly ViewProgress[]> {
    const asked = views.map((view) => this.known.get(view) ?? { view, declaration: '' });
    const found = await guarded(async () =>
      this.database.query(
        prepared(`SELECT view, checkpoint, ${IS_SERVING} AS serving FROM liggare_views JOIN unnest($1::text[], $2::text[]) AS asked (view, declaration) USING (view, declaration)`),
        [asked.map(({ view }) => view), asked.map(({ declaration: text }) => text)],
      ),
    ).catch((error: unknown) => {
      // Nobody has prepared anything yet.
      if (error instanceof ViewsUnavailable && error.cause instanceof StatementFailed) return { rows: [] };
      throw error;
    });
    const stored = new Map(found.rows.map((row) => [row['view'], row]));
    return asked.map(({ view }) => {
      const checkpoint = stored.get(view)?.['checkpoint'];
      return { view, checkpoint: typeof checkpoint === 'string' ? checkpoint : undefined, isServing: stored.get(view)?.['serving'] === true };
    });
  }

  async #fetchFrom(known: KnownTable, refs: readonly RowRef[]): Promise<readonly FetchedRow[]> {
    const { shape } = known;
    const { key } = shape.table;
    const sent = key.map((column, i) => `$${i + 1}::${SENT_AS[shape.table.columns[column] ?? 'text']}[]`);
    const columns = shape.columns.map((column) => `stored."${column}"`).join(', ');
    const found = await this.#ask(known, `SELECT ${columns} FROM unnest(${sent.join(', ')}) AS asked (${quoted(key)}) JOIN "${shape.name}" AS stored USING (${quoted(key)})`, columnsOf(refs.map((ref) => ref.key), key.length), '');
    return found.map((row) => ({ ref: { table: shape.name, key: shape.keyOf(row) }, row }));
  }

  /** `select` as it is, or beside the question whether the view serves: one statement, so one snapshot. */
  async #ask({ view, declaration: text, shape }: KnownTable, select: string, values: readonly Value[], order: string): Promise<readonly Row[]> {
    if (!this.#checksServing) return (await guarded(() => this.database.query(prepared(select), values))).rows.map((row) => rowOf(shape, row));
    const [nameAt, textAt] = [values.length + 1, values.length + 2];
    const asking = `SELECT asked."is serving", found.* FROM (SELECT ${IS_SERVING} AS "is serving" FROM liggare_views WHERE view = $${nameAt} AND declaration = $${textAt}) AS asked LEFT JOIN LATERAL (${select}) AS found ON asked."is serving" ${order}`;
    const { rows } = await guarded(() => this.database.query(prepared(asking), [...values, view, text]));
    if (rows[0]?.['is serving'] !== true) throw new ViewsUnavailable(`the view ${view} is being made anew`);
    const [first = ''] = shape.table.key;
    return rows.filter((row) => row[first] !== null).map((row) => rowOf(shape, row));
  }
}

/** Prepared once a connection, under a name that no other text has. */
export function prepared(text: string): Statement {
  let statement = statements.get(text);
  if (!statement) {
    statement = { name: createHash('sha256').update(text).digest('hex').slice(0, 32), text };
    statements.set(text, statement);
  }
  return statement;
}

const statements = new Map<string, Statement>();

/** A list for each column, as `unnest` takes them. */
export function columnsOf(rows: readonly (readonly Cell[])[], width: number): readonly Value[] {
  return Array.from({ length: width }, (_, i) => rows.map((row) => row[i] ?? null) as readonly (string | null)[]);
}

/** Runs `work`; what the database says becomes what views say of themselves. */
export async function guarded<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof DatabaseUnavailable) throw new ViewsUnavailable('the views in PostgreSQL cannot be reached now', { cause: error });
    if (error instanceof DatabaseUnusable) throw new ViewsUnusable(`the views cannot be used: ${error.message}`, { cause: error });
    if (error instanceof StatementFailed && OTHER_TABLES.has(error.code)) throw new ViewsUnavailable('the views in PostgreSQL are not there as this program knows them', { cause: error });
    throw error;
  }
}

/** undefined_table, undefined_column, invalid_schema_name, undefined_function (of other types), feature_not_supported (a prepared plan gives other types). */
const OTHER_TABLES = new Set(['42P01', '42703', '3F000', '42883', '0A000']);

/** The server refuses a statement that asks for U+0000, which no row can have (`TableShape.checkRow`). */
function canBeStored(cell: Cell): boolean {
  return typeof cell !== 'string' || !cell.includes('\0');
}

/** A plain object in the declared order of columns. */
function rowOf(shape: TableShape, found: DatabaseRow): Row {
  const row: Record<string, Cell> = {};
  for (const column of shape.columns) row[column] = cellOf(found[column]);
  return row;
}

function cellOf(value: unknown): Cell {
  if (value === null || typeof value === 'string' || typeof value === 'number') return value;
  throw new Error('a cell of a type that views do not have');
}

/** What stands in the schema of the views besides their rows: which views there are, how far they are, and who feeds them. */
import { createHash } from 'node:crypto';
import type { Queryable } from '#postgres/database.js';
import type { Position } from '#event-store/event-store.js';
import type { Table, View } from './view.js';
import { ViewsUnusable } from './views-unusable.js';

export const SCHEMA = 'liggare_views';

/** Forward only: what stands here has run somewhere and is never edited. Positions and names sort by code point. */
export const migrations = {
  '0001-views-and-leases': [
    `CREATE TABLE liggare_views (
      view TEXT COLLATE "C" PRIMARY KEY,
      version BIGINT NOT NULL,
      declared TEXT NOT NULL,
      declaration TEXT COLLATE "C" NOT NULL,
      checkpoint TEXT COLLATE "C",
      serve_from TEXT COLLATE "C"
    )`,
    `CREATE TABLE liggare_leases (
      view TEXT COLLATE "C" PRIMARY KEY,
      holder TEXT COLLATE "C",
      epoch BIGINT NOT NULL,
      until TIMESTAMPTZ NOT NULL,
      UNIQUE (view, epoch)
    )`,
  ],
} as const;

/** A condition on `liggare_views`: rows are there, and as late as the log was when the view was last begun anew. */
export const IS_SERVING = '(checkpoint IS NOT NULL AND (serve_from IS NULL OR checkpoint >= serve_from))';

/** A view's rows are what they are through these: another text means other rows. */
export function declared({ version, tables }: View): string {
  return JSON.stringify({ version, tables });
}

/** The same, short enough to go with every commit. */
export function declaration(view: View): string {
  return createHash('sha256').update(declared(view)).digest('hex');
}

/** The views that are not stored as declared here. Throws `ViewsUnusable` for one that a newer program stored. */
export async function otherwiseStored(connection: Queryable, views: readonly View[]): Promise<readonly View[]> {
  const { rows } = await connection.query('SELECT view, version, declaration FROM liggare_views');
  const stored = new Map(rows.map((row) => [row['view'], row]));
  for (const { name, version } of views) {
    const there = stored.get(name)?.['version'];
    if (typeof there === 'number' && there > version) throw new ViewsUnusable(`the view ${name} in PostgreSQL is of a newer program (version ${there}; this one knows ${version})`, { hint: 'use that one, or point LIGGARE_VIEWS elsewhere' });
  }
  return views.filter((view) => stored.get(view.name)?.['declaration'] !== declaration(view));
}

/**
 * Drops what the view had, and what any view had under its tables' names, and creates its tables empty. Leases first, then the view's own
 * line, then tables: a commit takes its locks in that order too.
 */
export async function createView(transaction: Queryable, view: View, serveFrom: Position | undefined): Promise<void> {
  const mine = new Set(view.tables.map(({ name }) => name));
  const { rows } = await transaction.query('SELECT view, declared FROM liggare_views');
  const gone = rows.map((row) => ({ name: String(row['view']), tables: tablesIn(String(row['declared'])) })).filter(({ name, tables }) => name === view.name || tables.some((table) => mine.has(table)));
  const names = gone.map(({ name }) => name);
  await transaction.query(`UPDATE liggare_leases SET holder = NULL, epoch = epoch + 1, until = '-infinity' WHERE view = ANY ($1)`, [names]);
  await transaction.query('DELETE FROM liggare_views WHERE view = ANY ($1)', [names]);
  for (const table of gone.flatMap(({ tables }) => tables)) await transaction.query(`DROP TABLE IF EXISTS "${table}"`);
  for (const table of view.tables) for (const statement of creating(table)) await transaction.query(statement);
  await transaction.query('INSERT INTO liggare_views (view, version, declared, declaration, serve_from) VALUES ($1, $2, $3, $4, $5)', [view.name, view.version, declared(view), declaration(view), serveFrom ?? null]);
}

/** Empties a view that is stored as declared here, in the same order. */
export async function emptyView(transaction: Queryable, view: View, serveFrom: Position | undefined): Promise<void> {
  await transaction.query('UPDATE liggare_leases SET epoch = epoch + 1 WHERE view = $1', [view.name]);
  await transaction.query('UPDATE liggare_views SET checkpoint = NULL, serve_from = $2 WHERE view = $1', [view.name, serveFrom ?? null]);
  if (view.tables.length > 0) await transaction.query(`TRUNCATE ${view.tables.map(({ name }) => `"${name}"`).join(', ')}`);
}

function creating({ name, columns, key, indexes }: Table): readonly string[] {
  const typed = Object.entries(columns).map(([column, type]) => `"${column}" ${TYPES[type]}${key.includes(column) ? ' NOT NULL' : ''}`);
  return [
    `CREATE TABLE "${name}" (${typed.join(', ')}, PRIMARY KEY (${quoted(key)}))`,
    // No table's name has a digit, so none is taken.
    ...(indexes ?? []).map((index, place) => `CREATE INDEX "${name}_${place}" ON "${name}" (${quoted(index)})`),
  ];
}

/** "C" sorts UTF-8 by its bytes, which is by code point, as every store of views does (postgresql.org/docs/15/collation.html). */
const TYPES = { text: 'TEXT COLLATE "C"', integer: 'BIGINT' } as const;

/** Of the element of an array that is sent. */
export const SENT_AS = { text: 'text', integer: 'bigint' } as const;

/** Names were checked to be [a-z_]+ (`checkViews`); quoted because some are words of SQL, as `order` is. */
export function quoted(columns: readonly string[]): string {
  return columns.map((column) => `"${column}"`).join(', ');
}

function tablesIn(text: string): readonly string[] {
  const { tables } = JSON.parse(text) as { readonly tables: readonly Table[] };
  return tables.map(({ name }) => name);
}

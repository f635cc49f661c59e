/**
 * What a view declares, made ready for use: keys as text, and the checks that keep every store alike.
 *
 * SQLite would store `5` in a text column as `'5'` and give a lone surrogate back as U+FFFD, PostgreSQL takes no U+0000, memory takes all. So a cell is checked
 * before any store sees it, and a view that breaks its own declaration is stopped at that event.
 */
import type { Cell, Row, Table, View } from './view.js';

/** A view breaks its own declaration. The message names tables and columns, which come from code, and never a cell. */
export class ViewRuleBroken extends Error {
  override readonly name = 'ViewRuleBroken';
}

export class TableShape {
  readonly name: string;
  readonly columns: readonly string[];
  readonly keyLength: number;
  readonly #types: readonly ('text' | 'integer')[];
  readonly #keyColumns: readonly string[];
  readonly #keyTypes: readonly ('text' | 'integer')[];

  constructor(readonly table: Table) {
    this.name = table.name;
    this.columns = Object.keys(table.columns);
    this.#types = Object.values(table.columns);
    this.#keyColumns = table.key;
    this.keyLength = table.key.length;
    this.#keyTypes = table.key.map((column) => table.columns[column] ?? broken(`${table.name} has no column ${column}`));
  }

  /** The key as text: the same text for the same key of this table, and for no other. */
  keyText(key: readonly Cell[]): string {
    if (key.length !== this.keyLength) broken(`a key of ${this.name} has ${this.keyLength} cells, not ${key.length}`);
    let text = '';
    for (let i = 0; i < key.length; i += 1) {
      const cell = key[i];
      if (!isCell(cell, this.#keyTypes[i]) || cell === null) broken(`${this.name}.${this.#keyColumns[i]}: not a key cell of its type`);
      // The length keeps ('a', 'bc') and ('ab', 'c') apart; the last cell needs none.
      text += i === key.length - 1 ? cell : `${String(cell).length}:${cell}`;
    }
    return text;
  }

  /** Throws `ViewRuleBroken` unless `prefix` begins a key and `after` is a whole key that begins with it. */
  checkPage(prefix: readonly Cell[], after: readonly Cell[] | undefined): void {
    if (prefix.length > this.keyLength) broken(`a key of ${this.name} has only ${this.keyLength} cells`);
    if (!after) return;
    this.keyText(after);
    if (compareKeys(after.slice(0, prefix.length), prefix) !== 0) broken(`${this.name}: a page goes on after a key that begins with the prefix`);
  }

  keyOf(row: Row): readonly Cell[] {
    return this.#keyColumns.map((column) => row[column] ?? null);
  }

  /** Throws `ViewRuleBroken` unless the row has exactly the declared columns, each with a cell that every store gives back unchanged. */
  checkRow(row: Row): void {
    const { columns } = this;
    for (let i = 0; i < columns.length; i += 1) {
      const column = columns[i] ?? '';
      if (!isCell(row[column], this.#types[i])) broken(`${this.name}.${column}: not a cell of type ${this.#types[i]}`);
    }
    if (Object.keys(row).length !== columns.length) broken(`${this.name}: a row has a column that is not declared`);
  }
}

/** Text by code point, as SQLite's BINARY collation sorts UTF-8 (sqlite.org/datatype3.html#collation); JavaScript's `<` goes by UTF-16 unit. */
export function compareKeys(a: readonly Cell[], b: readonly Cell[]): number {
  for (let i = 0; i < Math.min(a.length, b.length); i += 1) {
    const order = compareCells(a[i] ?? null, b[i] ?? null);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

/** The shapes of a view's tables by name. */
export function shapesOf(view: View): ReadonlyMap<string, TableShape> {
  return new Map(view.tables.map((table) => [table.name, new TableShape(table)]));
}

/** Throws `ViewRuleBroken` when names are malformed or stand twice, or keys and indexes name no column. */
export function checkViews(views: readonly View[]): void {
  const taken = new Set<string>();
  const claim = (name: string, what: string): void => {
    if (taken.has(name)) broken(`two views have the ${what} ${name}`);
    taken.add(name);
  };
  for (const view of views) {
    if (!/^[a-z][a-z0-9-]*$/.test(view.name)) broken('a view name is lower-case words joined by hyphens');
    if (!Number.isSafeInteger(view.version) || view.version < 1) broken(`${view.name}: the version counts from 1`);
    claim(`${view.name}`, 'name');
    for (const table of view.tables) {
      checkTable(table);
      claim(`table ${table.name}`, 'table');
    }
  }
}

function checkTable(table: Table): void {
  const columns = Object.keys(table.columns);
  for (const name of [table.name, ...columns]) if (!/^[a-z_]+$/.test(name)) broken('names of tables and columns are [a-z_]+');
  if (/^(liggare|sqlite)_/.test(table.name)) broken(`${table.name}: names that begin so are kept for the store`);
  if (table.key.length === 0) broken(`${table.name} has no key`);
  for (const list of [table.key, ...(table.indexes ?? [])]) {
    if (new Set(list).size !== list.length) broken(`${table.name}: a key or index names a column twice`);
    for (const column of list) if (!Object.hasOwn(table.columns, column)) broken(`${table.name} has no column ${column}`);
  }
}

function isCell(cell: unknown, type: 'text' | 'integer' | undefined): cell is Cell {
  if (cell === null) return true;
  // PostgreSQL's text has no U+0000 (postgresql.org/docs/15/datatype-character.html).
  if (type === 'text') return typeof cell === 'string' && cell.isWellFormed() && !cell.includes('\0');
  // -0 comes back from SQLite as 0.
  return typeof cell === 'number' && Number.isSafeInteger(cell) && !Object.is(cell, -0);
}

function compareCells(a: Cell, b: Cell): number {
  if (typeof a === 'string' && typeof b === 'string') return compareText(a, b);
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return rank(a) - rank(b);
}

function compareText(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  let at = 0;
  while (at < length && a.charCodeAt(at) === b.charCodeAt(at)) at += 1;
  if (at === length) return a.length - b.length;
  const [x, y] = [a.charCodeAt(at), b.charCodeAt(at)];
  // A surrogate stands for a code point beyond U+FFFF, so it sorts after U+E000 … U+FFFF.
  return isSurrogate(x) === isSurrogate(y) ? x - y : isSurrogate(x) ? 1 : -1;
}

function isSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdfff;
}

/** SQLite sorts NULL, then numbers, then text. */
function rank(cell: Cell): number {
  return cell === null ? 0 : typeof cell === 'number' ? 1 : 2;
}

function broken(message: string): never {
  throw new ViewRuleBroken(message);
}

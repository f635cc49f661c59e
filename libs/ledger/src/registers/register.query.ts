/** Pages of a register: by filters, in log order, from a cursor on. */
import type { Cell, Row, ViewReader } from '#projection/view.js';
import { ALL, codesIn, DAY, dayOf, EVERY, lineIn, refOf, type Line, type Register } from './register.js';

export interface Asked {
  /** By the names of the register's facets and traits: all of them hold. Of several codes one is enough: a person may have several ids. */
  readonly filters: Readonly<Record<string, string | readonly string[]>>;
  /** The days between which it began to happen, both included. */
  readonly from?: string;
  readonly to?: string;
  /** Only lines of this rank. */
  readonly rank?: number;
  readonly limit: number;
  /** `next` of the page before, of the same question. */
  readonly after?: Cursor;
}

export interface LinePage<L> {
  readonly lines: readonly L[];
  /** There may be more after here, even when this page has fewer lines than were asked for. */
  readonly next?: string;
}

/** Where a page ended: the key of the last row that was looked at. */
export type Cursor = readonly [code: string, rank: number, position: string, entry: string];

/** Key rows that one page looks at, at the most: what sifts hard gives short pages rather than slow ones. */
const MOST_LOOKED_AT = 5_000;
const TOGETHER = 250;

/**
 * One page. The most selective filter that the register is kept by is read by its prefix, in rank and log order; the others sift its
 * lines. Between days and by no such filter, the days are read, one after the other, each in log order. O(rows looked at), at most 5 000.
 */
export async function linesOf<L extends Line>(views: ViewReader, register: Register<L>, asked: Asked): Promise<LinePage<L>> {
  const lines: L[] = [];
  const driver = driverOf(register, asked);
  let cursor = asked.after;
  for (let lookedAt = 0; ; ) {
    const keys = await keysAfter(views, register, driver, cursor, Math.min(TOGETHER, MOST_LOOKED_AT - lookedAt));
    const found = await linesAt(views, register, keys);
    for (const [i, key] of keys.entries()) {
      if (isBeyond(driver, key)) return { lines };
      cursor = cursorOf(key);
      lookedAt += 1;
      const line = found[i];
      if (line !== undefined && fits(register, asked, line)) lines.push(line);
      if (lines.length === asked.limit || lookedAt === MOST_LOOKED_AT) return (await isMore(views, register, driver, cursor)) ? { lines, next: textOf(cursor) } : { lines };
    }
    if (keys.length === 0) return { lines };
  }
}

/** The whole of a register, or all of it that fits, page by page: memory stays flat. */
export async function* allLines<L extends Line>(views: ViewReader, register: Register<L>, asked: Omit<Asked, 'limit' | 'after'>): AsyncGenerator<readonly L[]> {
  for (let after: Cursor | undefined; ; ) {
    const { lines, next } = await linesOf(views, register, { ...asked, limit: TOGETHER, ...(after !== undefined && { after }) });
    yield lines;
    after = next === undefined ? undefined : cursorIn(next);
    if (after === undefined) return;
  }
}

/** Every name that a register may be filtered by. */
export function filtersOf<L extends Line>({ facets, traits }: Register<L>): readonly string[] {
  return [...Object.keys(facets), ...Object.keys(traits)];
}

/** Undefined for text that is no cursor. */
export function cursorIn(text: string): Cursor | undefined {
  const parts = /^[A-Za-z0-9_-]{1,400}$/.test(text) ? decoded(text).split(' ') : [];
  const [code, rank, position, entry] = parts;
  if (parts.length !== 4 || code === undefined || position === undefined || entry === undefined || !/^\d{1,3}$/.test(rank ?? '')) return undefined;
  return [code, Number(rank), position, entry];
}

function textOf(cursor: Cursor): string {
  return btoa(cursor.join(' ')).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

function decoded(text: string): string {
  try {
    return atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  } catch {
    // Its length is none that base64 has.
    return '';
  }
}

/** What is read: rows of one facet, of one code or of each of a span of days. */
interface Driver {
  readonly facet: string;
  readonly codes: readonly string[];
  readonly rank?: number;
  readonly days?: { readonly from: string; readonly to: string };
}

function driverOf<L extends Line>({ facets }: Register<L>, { filters, from, to, rank }: Asked): Driver {
  const facet = Object.keys(facets).find((name) => filters[name] !== undefined);
  const ranked = rank === undefined ? {} : { rank };
  if (facet !== undefined) return { facet, codes: [...codesIn(filters[facet]), EVERY], ...ranked };
  if (from === undefined && to === undefined) return { facet: ALL, codes: [''], ...ranked };
  return { facet: DAY, codes: [], days: { from: from ?? '', to: to ?? '9999-99-99' } };
}

async function keysAfter<L extends Line>(views: ViewReader, { keys }: Register<L>, driver: Driver, cursor: Cursor | undefined, limit: number): Promise<readonly Row[]> {
  const { facet, codes, rank, days } = driver;
  if (days !== undefined) {
    const after = cursor ?? [days.from, -1, '', ''];
    return views.rows(keys.name, [facet], { limit, after: [facet, ...after] });
  }
  const lists: (readonly Row[])[] = [];
  for (const code of codes) {
    const prefix = rank === undefined ? [facet, code] : [facet, code, rank];
    // The place in the order is the same in each list.
    const after = cursor === undefined ? undefined : ([facet, code, ...cursor.slice(1)] as readonly Cell[]);
    if (after !== undefined && rank !== undefined && cursor?.[1] !== rank) return [];
    lists.push(await views.rows(keys.name, prefix, { limit, ...(after !== undefined && { after }) }));
  }
  // Each list has its first `limit` rows, so the first `limit` of all are among them.
  return lists.length === 1 ? (lists[0] ?? []) : lists.flat().sort(inOrder).slice(0, limit);
}

async function isMore<L extends Line>(views: ViewReader, register: Register<L>, driver: Driver, cursor: Cursor): Promise<boolean> {
  const [next] = await keysAfter(views, register, driver, cursor, 1);
  return next !== undefined && !isBeyond(driver, next);
}

function isBeyond({ days }: Driver, key: Row): boolean {
  return days !== undefined && String(key['code']) > days.to;
}

function inOrder(a: Row, b: Row): number {
  const [one, other] = [cursorOf(a), cursorOf(b)];
  if (one[1] !== other[1]) return one[1] - other[1];
  if (one[2] !== other[2]) return one[2] < other[2] ? -1 : 1;
  return one[3] < other[3] ? -1 : 1;
}

function cursorOf(key: Row): Cursor {
  return [String(key['code']), Number(key['rank']), String(key['position']), String(key['entry'])];
}

async function linesAt<L extends Line>(views: ViewReader, register: Register<L>, keys: readonly Row[]): Promise<readonly (L | undefined)[]> {
  const entries = keys.map((key) => String(key['entry']));
  const rows = await views.fetch([...new Set(entries)].map((entry) => refOf(register, entry)));
  const byEntry = new Map(rows.map(({ row }) => [String(row['entry']), row]));
  return entries.map((entry) => lineIn(register, byEntry.get(entry)));
}

function fits<L extends Line>(register: Register<L>, { filters, from, to, rank }: Asked, line: L): boolean {
  if (rank !== undefined && register.rank(line) !== rank) return false;
  const day = from === undefined && to === undefined ? '' : dayOf(line.occurredAt);
  if ((from !== undefined && day < from) || (to !== undefined && day > to)) return false;
  return Object.entries(filters).every(([name, wanted]) => {
    const codes = codesIn((register.facets[name] ?? register.traits[name])?.(line));
    return codes.includes(EVERY) || codesIn(wanted).some((code) => codes.includes(code));
  });
}

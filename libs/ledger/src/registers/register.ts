/**
 * How a register is kept in the views: its lines by an id of their own, and beside them one row for each code that they are found by,
 * in log order. So a page is one read of neighbours and one fetch, however long the register is (`register.query.ts`).
 */
import type { Position } from '#event-store/event-store.js';
import { parseWhen } from '#law/when.js';
import type { Cell, Change, Row, RowRef, Table } from '#projection/view.js';
import type { Envelope, Verdict } from '../envelope.js';
import { swedishDay } from '../period.js';

/** What every line says of the event that made it. Codes, ids and times: never a value, and never a status that the clock would change. */
export interface Line {
  readonly position: Position;
  readonly event: string;
  readonly type: string;
  readonly occurredAt: string;
  readonly recordedAt: string;
  readonly controller?: string;
  readonly service?: string;
  readonly actor?: string;
  readonly system?: string;
  readonly verdict?: Verdict;
  readonly failed?: readonly string[];
}

export type Codes = string | readonly string[] | undefined;

export interface Register<L extends Line> {
  readonly entries: Table;
  readonly keys: Table;
  /** What lines are found by, most selective first. Each costs a row a code. */
  readonly facets: { readonly [facet: string]: (line: L) => Codes };
  /** What lines are only sifted by: a filter by one of these alone reads the register as it stands. */
  readonly traits: { readonly [trait: string]: (line: L) => Codes };
  /** Lines of a lower rank come first. */
  readonly rank: (line: L) => number;
}

/** The facet that every line has, without a code; and the one of the day on which it began to happen, in Sweden. */
export const ALL = '';
export const DAY = 'day';
/** The code of a line that is about every code there is: a withdrawal that names no purpose. */
export const EVERY = '*';

type Facets<L extends Line> = Register<L>['facets'];

export function registerOf<L extends Line>(name: string, facets: Facets<L>, traits: Facets<L>, rank: (line: L) => number = () => 0): Register<L> {
  return {
    entries: { name: `${name}_line`, columns: { entry: 'text', body: 'text' }, key: ['entry'] },
    keys: { name: `${name}_key`, columns: { facet: 'text', code: 'text', rank: 'integer', position: 'text', entry: 'text' }, key: ['facet', 'code', 'rank', 'position', 'entry'] },
    facets,
    traits,
    rank,
  };
}

export function refOf<L extends Line>({ entries }: Register<L>, entry: string): RowRef {
  return { table: entries.name, key: [entry] };
}

export function lineIn<L extends Line>(_register: Register<L>, row: Row | undefined): L | undefined {
  return row === undefined ? undefined : (JSON.parse(String(row['body'])) as L);
}

/** The changes that put a line into the register, in the place of the one that was there. O(its codes). */
export function entered<L extends Line>(register: Register<L>, entry: string, line: L, before?: L): readonly Change[] {
  const [now, old] = [keysOf(register, entry, line), before === undefined ? new Map<string, Row>() : keysOf(register, entry, before)];
  return [
    { op: 'put', table: register.entries.name, row: { entry, body: JSON.stringify(line) } },
    ...[...old].flatMap(([text, row]): readonly Change[] => (now.has(text) ? [] : [{ op: 'delete', table: register.keys.name, key: register.keys.key.map((column): Cell => row[column] ?? null) }])),
    ...[...now].flatMap(([text, row]): readonly Change[] => (old.has(text) ? [] : [{ op: 'put', table: register.keys.name, row }])),
  ];
}

function keysOf<L extends Line>(register: Register<L>, entry: string, line: L): ReadonlyMap<string, Row> {
  const rank = register.rank(line);
  const keys = new Map<string, Row>();
  const add = (facet: string, code: string): void => void keys.set(`${facet} ${code} ${rank} ${line.position}`, { facet, code, rank, position: line.position, entry });
  add(ALL, '');
  add(DAY, dayOf(line.occurredAt));
  for (const [facet, of] of Object.entries(register.facets)) for (const code of codesIn(of(line))) add(facet, code);
  return keys;
}

export function codesIn(codes: Codes): readonly string[] {
  return codes === undefined ? [] : typeof codes === 'string' ? [codes] : codes;
}

/** The first day on which it may have happened, in Sweden. */
export function dayOf(occurredAt: string): string {
  const when = parseWhen(occurredAt);
  return when === undefined ? occurredAt.slice(0, 10) : swedishDay(when.earliest);
}

/** What every line has. */
export function lineOf({ id, type, occurredAt, recordedAt, controller, service, actor, system, verdict, failed }: Envelope, position: Position): Line {
  return {
    position,
    event: id,
    type,
    occurredAt,
    recordedAt,
    ...(controller !== undefined && { controller }),
    ...(service !== undefined && { service }),
    ...(actor !== undefined && { actor }),
    system,
    ...(verdict !== undefined && { verdict }),
    ...(failed !== undefined && { failed }),
  };
}

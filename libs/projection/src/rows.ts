/** Rows without a store: what a view says of some events, for answers about the past (`known=`) and for the laws. */
import type { StoredEvent } from '#event-store/event-store.js';
import { isFor } from './feed.js';
import { Overlay } from './overlay.js';
import type { Cell, Row, View } from './view.js';

/** By table, then by the key as text (`TableShape.keyText`). Every table of the view is there. */
export type RowsByTable = ReadonlyMap<string, ReadonlyMap<string, Row>>;

/**
 * The rows a view would have if these were all the events, in log order. Throws what the view throws. Its memory grows with the rows,
 * so it is meant for the events of one person or one register.
 */
export function foldView(view: View, events: Iterable<StoredEvent>): RowsByTable {
  const overlay = new Overlay(view);
  for (const event of events) if (isFor(view, event)) overlay.apply(overlay.touch(event));
  return overlay.rows();
}

/** What the tables do not agree on, one line each: the table, the row's place in key order, the column. No cells. Empty: they are the same. */
export function differences(left: RowsByTable, right: RowsByTable): readonly string[] {
  const found: string[] = [];
  for (const table of new Set([...left.keys(), ...right.keys()])) {
    const [a, b] = [left.get(table) ?? NO_ROWS, right.get(table) ?? NO_ROWS];
    for (const [place, key] of [...new Set([...a.keys(), ...b.keys()])].sort().entries()) {
      const columns = differingColumns(a.get(key), b.get(key));
      if (columns.length > 0) found.push(`${table}, row ${place}: ${columns.join(', ')}`);
    }
  }
  return found;
}

function differingColumns(a: Row | undefined, b: Row | undefined): readonly string[] {
  if (!a || !b) return a === b ? [] : [a ? 'only on the left' : 'only on the right'];
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].filter((column) => cell(a, column) !== cell(b, column));
}

function cell(row: Row, column: string): Cell | undefined {
  return Object.hasOwn(row, column) ? row[column] : undefined;
}

const NO_ROWS: ReadonlyMap<string, Row> = new Map();

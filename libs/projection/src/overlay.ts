/**
 * A view's rows in memory while events are applied to them: what was fetched, with the changes on top. The one place where `touches`
 * and `apply` are called, so that live feeding, rebuilds and answers about the past cannot differ.
 */
import type { StoredEvent } from '#event-store/event-store.js';
import { shapesOf, ViewRuleBroken } from './table-shape.js';
import type { TableShape } from './table-shape.js';
import type { Cell, Change, FetchedRow, Row, RowRef, View } from './view.js';

/** One row as it stands; `ref` is there to fetch it by. */
interface Slot {
  readonly shape: TableShape;
  readonly ref: RowRef;
  row: Row | undefined;
  changed: boolean;
}

/** An event with the rows it named. */
export interface Touched {
  readonly event: StoredEvent;
  readonly slots: readonly unknown[];
}

export class Overlay {
  readonly view: View;
  readonly #shapes: ReadonlyMap<string, TableShape>;
  readonly #slots = new Map<string, Slot>();
  #unfetched: RowRef[] = [];

  constructor(view: View, shapes = shapesOf(view)) {
    this.view = view;
    this.#shapes = shapes;
  }

  /** Asks the view which rows it will read. Those not yet known are added to `unfetched`. */
  touch(event: StoredEvent): Touched {
    const refs = this.view.touches(event);
    return { event, slots: refs.length === 0 ? NONE : refs.map((ref) => this.#named(ref)) };
  }

  /** The rows named since the last call and not known: fetch them, then `fill`. One that is not filled does not exist. */
  unfetched(): readonly RowRef[] {
    const refs = this.#unfetched;
    this.#unfetched = [];
    return refs;
  }

  fill({ ref, row }: FetchedRow): void {
    const slot = this.#slots.get(this.#text(this.#shape(ref.table), ref.key));
    // A row changed in the meantime is newer than what the store has.
    if (slot && !slot.changed) slot.row = row;
  }

  /** Applies the event. Throws what the view throws, or `ViewRuleBroken`; its changes are then not in. */
  apply({ event, slots }: Touched): void {
    const changes = this.view.apply(event, (ref) => {
      const slot = this.#slots.get(this.#text(this.#shape(ref.table), ref.key));
      if (!slot || !slots.includes(slot)) throw new ViewRuleBroken(`apply reads a row of ${ref.table} that touches did not name`);
      return slot.row;
    });
    for (const change of changes) this.#check(change);
    for (const change of changes) this.#change(change);
  }

  /** What has changed since the overlay was made: one change a row. */
  changes(): readonly Change[] {
    const changes: Change[] = [];
    for (const { changed, shape, ref, row } of this.#slots.values()) {
      if (!changed) continue;
      changes.push(row ? { op: 'put', table: shape.name, row } : { op: 'delete', table: shape.name, key: ref.key });
    }
    return changes;
  }

  /** All rows that exist, by table. */
  rows(): ReadonlyMap<string, ReadonlyMap<string, Row>> {
    const tables = new Map<string, Map<string, Row>>([...this.#shapes.keys()].map((name) => [name, new Map()]));
    for (const { shape, ref, row } of this.#slots.values()) if (row) tables.get(shape.name)?.set(shape.keyText(ref.key), row);
    return tables;
  }

  #check(change: Change): void {
    const shape = this.#shape(change.table);
    if (change.op === 'put') shape.checkRow(change.row);
    shape.keyText(change.op === 'put' ? shape.keyOf(change.row) : change.key);
  }

  #change(change: Change): void {
    const shape = this.#shape(change.table);
    const key = change.op === 'put' ? shape.keyOf(change.row) : change.key;
    const slot = this.#slot(shape, key);
    slot.row = change.op === 'put' ? change.row : undefined;
    slot.changed = true;
  }

  #named(ref: RowRef): Slot {
    const shape = this.#shape(ref.table);
    const known = this.#slots.size;
    const slot = this.#slot(shape, ref.key);
    if (this.#slots.size > known) this.#unfetched.push(slot.ref);
    return slot;
  }

  #slot(shape: TableShape, key: readonly Cell[]): Slot {
    const text = this.#text(shape, key);
    let slot = this.#slots.get(text);
    if (!slot) {
      slot = { shape, ref: { table: shape.name, key }, row: undefined, changed: false };
      this.#slots.set(text, slot);
    }
    return slot;
  }

  /** Table names have no space, so no two tables share a text. */
  #text(shape: TableShape, key: readonly Cell[]): string {
    return `${shape.name} ${shape.keyText(key)}`;
  }

  /** A view sees its own tables only: another's stand at another checkpoint, and a rebuild would then give other rows. */
  #shape(table: string): TableShape {
    const shape = this.#shapes.get(table);
    if (!shape) throw new ViewRuleBroken(`${this.view.name} has no table of the name it asked for`);
    return shape;
  }
}

const NONE: readonly unknown[] = [];

/**
 * A view: rows made from events, and nothing else. The same function makes them live, in a rebuild, and when a past state is asked for.
 */
import type { Position, StoredEvent } from '#event-store/event-store.js';

export type Cell = string | number | null;
export type Row = Readonly<Record<string, Cell>>;

export interface Table {
  /** `[a-z_]+`, unique among all views. */
  readonly name: string;
  readonly columns: Readonly<Record<string, 'text' | 'integer'>>;
  /** Columns of the primary key, most significant first: rows are read by a prefix of it. */
  readonly key: readonly string[];
  readonly indexes?: readonly (readonly string[])[];
}

/** One row of one table, by its whole key. */
export interface RowRef {
  readonly table: string;
  readonly key: readonly Cell[];
}

export type Change =
  | { readonly op: 'put'; readonly table: string; readonly row: Row }
  | { readonly op: 'delete'; readonly table: string; readonly key: readonly Cell[] };

export interface View {
  readonly name: string;
  /** Raised when rows would come out otherwise: the view is then rebuilt at start. */
  readonly version: number;
  readonly tables: readonly Table[];
  /** Stream prefixes this view is made from; others are passed over. */
  readonly streamPrefixes: readonly string[];
  /** The rows that `apply` may ask for, from the event alone, so that a batch can fetch them together. */
  touches(event: StoredEvent): readonly RowRef[];
  /** The changes this event makes. Pure: the event and the rows it touches are all it knows. */
  apply(event: StoredEvent, read: (ref: RowRef) => Row | undefined): readonly Change[];
}

/** Where views are kept. One transaction holds rows and checkpoint. */
export interface ViewStore {
  /** Creates tables that are missing; drops and creates those of a view whose version changed (its checkpoint is then gone). */
  prepare(views: readonly View[]): Promise<void>;
  /** The position of the last event whose rows are in, undefined before the first. */
  checkpoint(view: string): Promise<Position | undefined>;
  /** The rows that exist, in no order. */
  fetch(refs: readonly RowRef[]): Promise<readonly { readonly ref: RowRef; readonly row: Row }[]>;
  /** Changes and checkpoint in one transaction. */
  commit(view: string, changes: readonly Change[], checkpoint: Position): Promise<void>;
  /**
   * Rows whose key begins with `prefix`, in key order or `backwards`, with a limit, and from after a key in that order (for pages).
   * `after` may be a key that no row has.
   */
  rows(table: string, prefix: readonly Cell[], page?: { readonly limit?: number; readonly after?: readonly Cell[]; readonly backwards?: true }): Promise<readonly Row[]>;
  /** Empties a view and forgets its checkpoint. */
  reset(view: View): Promise<void>;
  close(): Promise<void>;
}

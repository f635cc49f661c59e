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

/** What one view adds in one transaction. */
export interface ViewCommit {
  readonly view: string;
  readonly changes: readonly Change[];
  /** The checkpoint these changes were made from. Another one there means that someone else feeds the view (`ViewFedElsewhere`). */
  readonly after: Position | undefined;
  readonly checkpoint: Position;
  /** Of the lease that the view is fed under, where stores have leases. Another one there: it was lost (`LeaseLost`). */
  readonly epoch?: number;
}

export interface Page {
  readonly limit?: number;
  /** A whole key that begins with the prefix, whether a row has it or not: rows after it in the order of the page. */
  readonly after?: readonly Cell[];
  /** From the greatest key down. */
  readonly backwards?: true;
}

/** What a query needs. An answer's position is the checkpoint read *before* its rows: they are then at least as late. */
export interface ViewReader {
  /** The position of the last event whose rows are in, undefined before the first, or when the view there is of another version. */
  checkpoint(view: string): Promise<Position | undefined>;
  /** The rows that exist, in no order. */
  fetch(refs: readonly RowRef[]): Promise<readonly FetchedRow[]>;
  /** Rows whose key begins with `prefix`, in key order (text by code point) or `backwards`, with a limit and from after a key (for pages). */
  rows(table: string, prefix: readonly Cell[], page?: Page): Promise<readonly Row[]>;
  close(): Promise<void>;
}

export interface FetchedRow {
  readonly ref: RowRef;
  readonly row: Row;
}

/** Where views are kept. One transaction holds rows and checkpoints. */
export interface ViewStore extends ViewReader {
  /** Creates tables that are missing; drops and creates those of a view whose version or tables changed (its checkpoint is then gone). */
  prepare(views: readonly View[]): Promise<void>;
  /** Changes and checkpoints of all these views in one transaction (`decisions/0002-one-transaction-a-batch.md`). */
  commit(commits: readonly ViewCommit[]): Promise<void>;
  /** Empties a view and forgets its checkpoint. */
  reset(view: View): Promise<void>;
}

/** How far one view is, as its store has it. */
export interface ViewProgress {
  readonly view: string;
  /** As `ViewReader.checkpoint`. */
  readonly checkpoint: Position | undefined;
  /** Its rows are there and as late as the log was when they were last begun anew. */
  readonly isServing: boolean;
}

/** A reader beside feeders in other processes. It gives no rows of a view that is not serving (`ViewsUnavailable`). */
export interface FollowingReader extends ViewReader {
  /** All views that this reader knows, in one question. */
  progress(): Promise<readonly ViewProgress[]>;
}

/**
 * A view store that several processes feed: each view by whoever holds its lease, the others stand by. A stored view of a newer
 * version than is known here stays as it is, and `prepare` and `reset` refuse.
 */
export interface LeasedViewStore extends ViewStore {
  /** Views that are begun anew serve from `serveFrom` on, where it is given: the log's head now. */
  prepare(views: readonly View[], serveFrom?: Position): Promise<void>;
  /** So does a view that is emptied. Whoever holds its lease gets another epoch for it, and so learns that it begins anew. */
  reset(view: View, serveFrom?: Position): Promise<void>;
  /**
   * Takes what is free of these views, and renews what `holder` has, for `ttlMs` by the store's own clock. Gives the epochs of all that it
   * has now. An epoch grows each time that the lease changes hands or had run out, and when the view was begun anew; it is checked in the
   * transaction that writes rows.
   */
  lease(holder: string, views: readonly string[], ttlMs: number): Promise<ReadonlyMap<string, number>>;
  /** Gives back what `holder` has, so that nobody waits for it to run out. What it had not yet written is refused from then on. */
  release(holder: string): Promise<void>;
}

/** A view is fed under another lease by now. Nothing was written. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost';
  constructor(readonly view: string) {
    super(`the lease of the view ${view} was lost; nothing was written`);
  }
}

/** The views' store cannot be reached now, or a view there is being made anew; of a commit nothing is known. */
export class ViewsUnavailable extends Error {
  override readonly name = 'ViewsUnavailable';
}

/** A view's checkpoint is not where this feeder left it: another process feeds the same view. Nothing was written. */
export class ViewFedElsewhere extends Error {
  override readonly name = 'ViewFedElsewhere';
  constructor(readonly view: string) {
    super(`the view ${view} was moved on by someone else; nothing was written`);
  }
}

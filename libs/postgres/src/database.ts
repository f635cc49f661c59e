/**
 * How a PostgreSQL server is reached: one pool a database, statements prepared once a connection, transactions that are tried again where
 * that is safe, and faults told apart: not there now, or not usable as it is. What is stored where is the adapters' affair.
 */

/** A value that goes in or comes out. `bigint` columns come as numbers; one beyond 2^53 is refused rather than rounded. */
export type Value = string | number | boolean | null | Uint8Array | readonly string[] | readonly (number | null)[] | readonly (string | null)[] | readonly (Uint8Array | null)[];
export type Row = Readonly<Record<string, unknown>>;

/** A statement with a name of its own is prepared once a connection; without one it is sent as it is. */
export interface Statement {
  readonly name?: string;
  readonly text: string;
}

export interface Queryable {
  /**
   * Within one transaction, what is asked before the last was answered is sent with it: as many round trips as are waited for. All of them are run,
   * whatever becomes of the first, so what depends on an answer waits for it.
   */
  /** The rows that come back; for a statement that gives none, `count` says how many rows it touched. */
  query(statement: Statement | string, values?: readonly Value[]): Promise<{ readonly rows: readonly Row[]; readonly count: number }>;
}

/** A statement that is given to the database itself is a transaction of its own, and tried again as one. */
export interface Database extends Queryable {
  /** The PostgreSQL schema in which names without one are looked up and made. */
  readonly schema: string;
  /**
   * Runs `work` in one transaction (READ COMMITTED). Tried again from the start, a bounded number of times, when the server ended it for a
   * deadlock or a serialization failure; then, and for what `work` throws, nothing was written. `DatabaseUnavailable` from the
   * COMMIT itself: nothing is known of the outcome.
   */
  transaction<T>(work: (transaction: Queryable) => Promise<T>): Promise<T>;
  /**
   * A connection outside any transaction and without time limits, closed afterwards and with it what the session had locked: for
   * migrations, VACUUM and locks that are held for long.
   */
  session<T>(work: (session: Queryable) => Promise<T>): Promise<T>;
  /** Ends every connection when what is under way is done. Safe to call twice. */
  close(): Promise<void>;
}

/** The server cannot be reached now, or does not answer in time; it may be back at any moment. */
export class DatabaseUnavailable extends Error {
  override readonly name = 'DatabaseUnavailable';
}

/** The server is there and will not do: wrong credentials, no such database, a newer schema … One sentence that says what to do; no URL in it. */
export class DatabaseUnusable extends Error {
  override readonly name = 'DatabaseUnusable';
}

/**
 * The server refused a statement for what it says or meets (a constraint, most often). Of the server's own words only the code and the
 * constraint's name are kept: its details quote values.
 */
export class StatementFailed extends Error {
  override readonly name = 'StatementFailed';

  constructor(
    /** SQLSTATE (https://www.postgresql.org/docs/current/errcodes-appendix.html). */
    readonly code: string,
    readonly constraint: string | undefined,
  ) {
    super(`PostgreSQL refused a statement (${code}${constraint === undefined ? '' : `, ${constraint}`})`);
  }
}

import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { connectionOf } from './connection-url.js';
import { type Database, DatabaseUnavailable, DatabaseUnusable, type Queryable, type Row, type Statement, StatementFailed, type Value } from './database.js';
import { faultOf, isWorthARetry } from './faults.js';

export interface DatabaseSettings {
  /** Whose tables these are: `liggare_vault`, `liggare_views`. Several may live in one database. */
  readonly schema: string;
  /** What the server's own views show of this process. */
  readonly applicationName: string;
  /** Connections at most; default 10. */
  readonly poolSize?: number;
  /** Until a connection stands, or one of the pool is free; default 5 s. */
  readonly connectTimeoutMs?: number;
  /** Of one statement; default 15 s. */
  readonly statementTimeoutMs?: number;
  /** For one lock; default 5 s. */
  readonly lockTimeoutMs?: number;
}

/** As long as timers go: a session has no limits. */
const NO_LIMIT_MS = 2 ** 31 - 1;
const OLDEST_VERSION = 13;
const ATTEMPTS = 6;

/**
 * Opens a pool and sees that the server is one that can be used. Throws `DatabaseUnavailable` or `DatabaseUnusable`. The pool connects
 * again by itself; a connection on which anything but the server's own answer ended a statement is never used again.
 */
export async function openDatabase(url: string, settings: DatabaseSettings): Promise<Database> {
  if (!/^[a-z][a-z0-9_]{0,62}$/.test(settings.schema)) throw new TypeError('a schema is named in lower case letters, digits and _');
  const statementTimeoutMs = settings.statementTimeoutMs ?? 15_000;
  const pool = new pg.Pool({
    ...connectionOf(url),
    application_name: settings.applicationName,
    max: settings.poolSize ?? 10,
    connectionTimeoutMillis: settings.connectTimeoutMs ?? 5_000,
    idleTimeoutMillis: 30_000,
    // What is sent without waiting goes out at once, and is answered in order: a batch is one round trip.
    pipeline: true,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    // The server's limit comes first. This one is for a server that does not answer at all.
    query_timeout: statementTimeoutMs + 2_000,
    types: { getTypeParser: (oid: number, format?: 'text' | 'binary'): unknown => (oid === INT8 ? safeNumber : pg.types.getTypeParser(oid, format)) },
    // The pool waits for what this returns, though its types do not say so.
    onConnect: (client): unknown => prepareConnection(client, settings, statementTimeoutMs),
  });
  // An idle connection that is cut is taken out by the pool, and one in use tells it by the statement; without listeners Node would stop the process.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => void client.on('error', () => undefined));

  const database = new PooledDatabase(pool, settings.schema);
  try {
    await database.query('SELECT 1');
    return database;
  } catch (error) {
    await database.close();
    throw error;
  }
}

/** https://www.postgresql.org/docs/current/catalog-pg-type.html */
const INT8 = 20;

function safeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError('a number of the database is beyond 2^53, and is not rounded');
  return value;
}

/**
 * In one round trip, whatever role and database say: an acknowledged commit is durable, the isolation is the one that was reasoned
 * with. A standby answers reads too, but with yesterday's rows.
 */
async function prepareConnection(client: pg.ClientBase, { schema, lockTimeoutMs = 5_000 }: DatabaseSettings, statementTimeoutMs: number): Promise<void> {
  const settings = {
    search_path: `${schema}, pg_temp`,
    synchronous_commit: 'on',
    default_transaction_isolation: 'read committed',
    timezone: 'UTC',
    client_min_messages: 'warning',
    statement_timeout: String(statementTimeoutMs),
    lock_timeout: String(lockTimeoutMs),
    idle_in_transaction_session_timeout: String(statementTimeoutMs),
  };
  const { rows } = await client.query<Record<string, unknown>>({
    text: `SELECT pg_is_in_recovery() AS standby, current_setting('server_version_num')::int / 10000 AS version, current_setting('server_encoding') AS encoding,
      (SELECT count(set_config(name, value, false)) FROM unnest($1::text[], $2::text[]) AS setting (name, value)) AS settings`,
    values: [Object.keys(settings), Object.values(settings)],
  });
  const [found] = rows;
  if (found?.['standby'] === true) throw new DatabaseUnavailable('PostgreSQL cannot be written to now: the server is a standby');
  if (Number(found?.['version']) < OLDEST_VERSION) throw new DatabaseUnusable(`PostgreSQL cannot be used: it is older than version ${OLDEST_VERSION} (hint: upgrade the server)`);
  if (found?.['encoding'] !== 'UTF8') throw new DatabaseUnusable('PostgreSQL cannot be used: the database is not encoded in UTF8 (hint: make it with ENCODING UTF8)');
}

class PooledDatabase implements Database {
  readonly schema: string;
  readonly #pool: pg.Pool;
  #closed: Promise<void> | undefined;

  constructor(pool: pg.Pool, schema: string) {
    this.#pool = pool;
    this.schema = schema;
  }

  async query(statement: Statement | string, values: readonly Value[] = []): Promise<{ readonly rows: readonly Row[]; readonly count: number }> {
    return retried(() => this.#lend((connection) => connection.query(statement, values)));
  }

  async transaction<T>(work: (transaction: Queryable) => Promise<T>): Promise<T> {
    return retried(() =>
      this.#lend(async (connection) => {
        await connection.query('BEGIN ISOLATION LEVEL READ COMMITTED');
        let result: T;
        try {
          result = await work(connection);
        } catch (error) {
          await connection.rollback();
          throw error;
        }
        await connection.commit();
        return result;
      }),
    );
  }

  async session<T>(work: (session: Queryable) => Promise<T>): Promise<T> {
    return this.#lend(async (connection) => {
      connection.endAfterwards();
      await connection.query('SET statement_timeout = 0; SET lock_timeout = 0; SET idle_in_transaction_session_timeout = 0');
      return work(connection.withoutLimit());
    });
  }

  async close(): Promise<void> {
    this.#closed ??= this.#pool.end();
    return this.#closed;
  }

  async #lend<T>(work: (connection: Connection) => Promise<T>): Promise<T> {
    let client: pg.PoolClient;
    try {
      client = await this.#pool.connect();
    } catch (error) {
      throw faultOf(error);
    }
    const connection = new Connection(client);
    try {
      return await work(connection);
    } finally {
      client.release(connection.isSpent);
    }
  }
}

/** One connection of the pool while it is lent. */
class Connection implements Queryable {
  #spent = false;

  constructor(private readonly client: pg.PoolClient) {}

  /** Nothing is known of its state: it does not go back to the pool. */
  get isSpent(): boolean {
    return this.#spent;
  }

  endAfterwards(): void {
    this.#spent = true;
  }

  withoutLimit(): Queryable {
    return { query: (statement, values = []) => this.#send(statement, values, NO_LIMIT_MS) };
  }

  async query(statement: Statement | string, values: readonly Value[] = []): Promise<{ readonly rows: readonly Row[]; readonly count: number }> {
    return this.#send(statement, values, undefined);
  }

  /** A transaction that a statement's error ended answers COMMIT with ROLLBACK, and not with an error. */
  async commit(): Promise<void> {
    const { command } = await this.#result('COMMIT', [], undefined);
    if (command !== 'COMMIT') throw new StatementFailed('25P02', undefined);
  }

  async rollback(): Promise<void> {
    if (this.#spent) return;
    await this.query('ROLLBACK').catch(() => this.endAfterwards());
  }

  async #send(statement: Statement | string, values: readonly Value[], limitMs: number | undefined): Promise<{ readonly rows: readonly Row[]; readonly count: number }> {
    const { rows, rowCount } = await this.#result(statement, values, limitMs);
    return { rows, count: rowCount ?? 0 };
  }

  async #result(statement: Statement | string, values: readonly Value[], limitMs: number | undefined): Promise<pg.QueryResult<Record<string, unknown>>> {
    const config = typeof statement === 'string' ? { text: statement } : statement;
    try {
      const asked: pg.QueryConfig & { readonly query_timeout?: number } = { ...config, values: [...values], ...(limitMs !== undefined && { query_timeout: limitMs }) };
      return await this.client.query<Record<string, unknown>>(asked);
    } catch (error) {
      const fault = faultOf(error);
      // Only what the server says of the statement leaves the connection as it was.
      if (!(fault instanceof StatementFailed)) this.endAfterwards();
      throw fault;
    }
  }
}

/** Bounded, and each time a little later, so that two who met once do not meet again. */
async function retried<T>(attempt: () => Promise<T>): Promise<T> {
  for (let n = 1; ; n++) {
    try {
      return await attempt();
    } catch (error) {
      if (!isWorthARetry(error)) throw error;
      if (n === ATTEMPTS) throw new DatabaseUnavailable('PostgreSQL ended a transaction again and again for others that were under way');
      await delay(Math.random() * 10 * 2 ** n);
    }
  }
}

/** Views on PostgreSQL, fed by one of several processes at a time. */
import { openDatabase } from '#postgres/open-database.js';
import { isMigrated, migrate } from '#postgres/migrate.js';
import type { Position } from '#event-store/event-store.js';
import type { Queryable, Value } from '#postgres/database.js';
import { columnsOf, guarded, PostgresViewReader, prepared, type KnownTable } from './postgres-view-reader.js';
import { createView, emptyView, migrations, otherwiseStored, quoted, SCHEMA, SENT_AS } from './postgres-views-schema.js';
import { checkViews } from './table-shape.js';
import { LeaseLost, ViewFedElsewhere } from './view.js';
import type { Change, FollowingReader, LeasedViewStore, Row, View, ViewCommit } from './view.js';

export interface PostgresViewsSettings {
  /** Default `liggare_views`; another keeps two ledgers apart in one database. */
  readonly schema?: string;
}

const MIGRATIONS = { name: 'views', migrations };

/** A feeder's store. Rejects with `ViewsUnavailable` or `ViewsUnusable`; so does everything that it is asked. */
export async function openPostgresViews(url: string, { schema = SCHEMA }: PostgresViewsSettings = {}): Promise<LeasedViewStore & FollowingReader> {
  return guarded(async () => new PostgresViewStore(await openDatabase(url, { schema, applicationName: 'liggare views', poolSize: FEEDING })));
}

/** For queries, beside feeders in whichever process. Needs nothing prepared: until a feeder has done that, no view serves. Views of a newer program are refused. */
export async function openPostgresViewsReadOnly(url: string, views: readonly View[], { schema = SCHEMA }: PostgresViewsSettings = {}): Promise<FollowingReader> {
  checkViews(views);
  return guarded(async () => {
    const database = await openDatabase(url, { schema, applicationName: 'liggare queries' });
    try {
      if (await isMigrated(database, MIGRATIONS)) await otherwiseStored(database, views);
      return new PostgresViewReader(database, true, views);
    } catch (error) {
      await database.close();
      throw error;
    }
  });
}

/** One batch, its fetches beside each other, and a renewal that must not wait for either. */
const FEEDING = 6;
/**
 * A feeder that is paused or cut off in the middle of a transaction must not keep its locks: the server ends it after this long, and a
 * standby goes on. Well within any lease, far beyond any pause between two of our statements.
 */
const IDLE_MS = 2000;

/**
 * Rows and checkpoint are lost together, if at all, and the log still has the events: a batch does not wait for the disk
 * (postgresql.org/docs/15/wal-async-commit.html). A lease does.
 *
 * For each view: its lease is the one it is fed under, and its checkpoint is where its rows were made from. Locks both until the end.
 */
export const MOVE = `
  WITH held AS (SELECT view, epoch FROM liggare_leases WHERE view = ANY ($1::text[]) FOR KEY SHARE)
  UPDATE liggare_views AS stored SET checkpoint = sent.checkpoint
  FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bigint[]) AS sent (view, declaration, after, checkpoint, epoch) LEFT JOIN held ON held.view = sent.view
  WHERE stored.view = sent.view AND stored.declaration = sent.declaration AND stored.checkpoint IS NOT DISTINCT FROM sent.after AND (sent.epoch IS NULL OR sent.epoch = held.epoch)
  RETURNING stored.view, set_config('idle_in_transaction_session_timeout', '${IDLE_MS}', true), set_config('synchronous_commit', 'off', true)`;

/**
 * What is held is renewed without touching the key, so a renewal does not wait for a batch under way (`FOR KEY SHARE` lets it by:
 * postgresql.org/docs/15/explicit-locking.html#LOCKING-ROWS); a takeover changes the epoch, which is in a key, and waits.
 */
const LEASE = `
  WITH asked AS (SELECT view FROM liggare_views JOIN unnest($2::text[], $3::text[]) AS asked (view, declaration) USING (view, declaration)),
  renewed AS (
    UPDATE liggare_leases SET until = clock_timestamp() + $4::bigint * interval '1 millisecond'
    WHERE holder = $1 AND until > clock_timestamp() AND view IN (SELECT view FROM asked) RETURNING view, epoch),
  taken AS (
    INSERT INTO liggare_leases AS lease (view, holder, epoch, until)
    SELECT view, $1, 1, clock_timestamp() + $4::bigint * interval '1 millisecond' FROM asked WHERE view NOT IN (SELECT view FROM renewed) ORDER BY view
    ON CONFLICT (view) DO UPDATE SET holder = excluded.holder, epoch = lease.epoch + 1, until = clock_timestamp() + $4::bigint * interval '1 millisecond'
    WHERE lease.until <= clock_timestamp() RETURNING view, epoch)
  SELECT view, epoch FROM renewed UNION ALL SELECT view, epoch FROM taken`;

class PostgresViewStore extends PostgresViewReader implements LeasedViewStore {
  #isMigrated = false;

  constructor(database: ConstructorParameters<typeof PostgresViewReader>[0]) {
    super(database, false);
  }

  async prepare(views: readonly View[], serveFrom?: Position): Promise<void> {
    checkViews(views);
    for (const view of views) this.know(view);
    await guarded(async () => {
      await this.#migrate();
      if ((await otherwiseStored(this.database, views)).length === 0) return;
      await this.#alone(async (transaction) => {
        for (const view of await otherwiseStored(transaction, views)) await createView(transaction, view, serveFrom);
      });
    });
  }

  async reset(view: View, serveFrom?: Position): Promise<void> {
    this.know(view);
    await guarded(async () => {
      await this.#migrate();
      await this.#alone(async (transaction) => {
        const isOther = (await otherwiseStored(transaction, [view])).length > 0;
        await (isOther ? createView : emptyView)(transaction, view, serveFrom);
      });
    });
  }

  async commit(commits: readonly ViewCommit[]): Promise<void> {
    if (commits.length === 0) return;
    // Before the transaction: what is wrong with a row is found with nothing locked.
    const writes = [...Map.groupBy(commits.flatMap(({ changes }) => changes), ({ table }) => table)].map(([name, changes]) => writesOf(this.table(name), changes));
    await guarded(() =>
      this.database.transaction(async (transaction) => {
        // One round trip. Where the checkpoints may not be moved, the rows that went along are rolled back.
        const sent = [this.#move(transaction, commits), ...writes.flat().map(({ text, values }) => transaction.query(prepared(text), values))];
        for (const outcome of await Promise.allSettled(sent)) if (outcome.status === 'rejected') throw outcome.reason;
      }),
    );
  }

  async lease(holder: string, views: readonly string[], ttlMs: number): Promise<ReadonlyMap<string, number>> {
    const asked = views.flatMap((view) => this.known.get(view) ?? []);
    const { rows } = await guarded(() => this.database.query(prepared(LEASE), [holder, asked.map(({ view }) => view), asked.map(({ declaration }) => declaration), ttlMs]));
    return new Map(rows.map((row) => [String(row['view']), Number(row['epoch'])]));
  }

  async release(holder: string): Promise<void> {
    await guarded(() => this.database.query(`UPDATE liggare_leases SET holder = NULL, epoch = epoch + 1, until = '-infinity' WHERE holder = $1`, [holder]));
  }

  /** Moves the checkpoints, under locks that no other feeder gets past until this transaction ends. */
  async #move(transaction: Queryable, commits: readonly ViewCommit[]): Promise<void> {
    const { rows } = await transaction.query(prepared(MOVE), [
      commits.map(({ view }) => view),
      commits.map(({ view }) => this.known.get(view)?.declaration ?? ''),
      commits.map(({ after }) => after ?? null),
      commits.map(({ checkpoint }) => checkpoint),
      commits.map(({ epoch }) => epoch ?? null),
    ]);
    const moved = new Set(rows.map((row) => row['view']));
    const refused = commits.find(({ view }) => !moved.has(view));
    if (!refused) return;
    const { view, epoch } = refused;
    const leases = await transaction.query('SELECT epoch FROM liggare_leases WHERE view = $1', [view]);
    throw epoch === undefined || leases.rows[0]?.['epoch'] === epoch ? new ViewFedElsewhere(view) : new LeaseLost(view);
  }

  async #migrate(): Promise<void> {
    if (this.#isMigrated) return;
    await migrate(this.database, MIGRATIONS);
    this.#isMigrated = true;
  }

  /** In one transaction, and no other process prepares or resets meanwhile. */
  async #alone(work: (transaction: Queryable) => Promise<void>): Promise<void> {
    await this.database.transaction(async (transaction) => {
      await transaction.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`liggare prepare ${this.database.schema}`]);
      await work(transaction);
    });
  }
}

/** At most two statements a table, however many rows: the last change of each row counts. Throws `ViewRuleBroken`. */
function writesOf({ shape }: KnownTable, changes: readonly Change[]): readonly { readonly text: string; readonly values: readonly Value[] }[] {
  const puts = new Map<string, Row>();
  const deletes = new Map<string, Extract<Change, { op: 'delete' }>['key']>();
  for (const change of changes) {
    if (change.op === 'put') shape.checkRow(change.row);
    const text = shape.keyText(change.op === 'put' ? shape.keyOf(change.row) : change.key);
    (change.op === 'put' ? deletes : puts).delete(text);
    if (change.op === 'put') puts.set(text, change.row);
    else deletes.set(text, change.key);
  }
  const { key, columns } = shape.table;
  const unnested = (names: readonly string[]): string => `unnest(${names.map((name, i) => `$${i + 1}::${SENT_AS[columns[name] ?? 'text']}[]`).join(', ')})`;
  const rest = shape.columns.filter((column) => !key.includes(column));
  const writes: { text: string; values: readonly Value[] }[] = [];
  if (deletes.size > 0)
    writes.push({
      text: `DELETE FROM "${shape.name}" AS stored USING ${unnested(key)} AS sent (${quoted(key)}) WHERE ${key.map((column) => `stored."${column}" = sent."${column}"`).join(' AND ')}`,
      values: columnsOf([...deletes.values()], key.length),
    });
  if (puts.size > 0)
    writes.push({
      text: `INSERT INTO "${shape.name}" (${quoted(shape.columns)}) SELECT * FROM ${unnested(shape.columns)} ON CONFLICT (${quoted(key)}) DO ${rest.length === 0 ? 'NOTHING' : `UPDATE SET ${rest.map((column) => `"${column}" = excluded."${column}"`).join(', ')}`}`,
      values: columnsOf([...puts.values()].map((row) => shape.columns.map((column) => row[column] ?? null)), shape.columns.length),
    });
  return writes;
}

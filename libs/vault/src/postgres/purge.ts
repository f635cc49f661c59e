import { setTimeout as delay } from 'node:timers/promises';
import type { Database, Queryable } from '#postgres/database.js';
import type { PurgeReport } from '../vault.js';

/** How long a purge waits for transactions that still see what was deleted. */
const PATIENCE_MS = 3_000;
const TABLES = ['key', 'value', 'link', 'claim', 'inbox', 'pending'];

/**
 * Takes deleted rows out of the tables and their indexes (VACUUM). Rejects while some transaction still sees them, for then VACUUM leaves them there
 * and says nothing of it (https://www.postgresql.org/docs/current/routine-vacuuming.html). What was written ahead, copied or backed up is not reached
 * from here: the report says so.
 */
export async function purgeTables(database: Database): Promise<PurgeReport> {
  return database.session(async (session) => {
    const bytesBefore = await sizeOf(session);
    await untilNobodySees(session);
    await session.query(`VACUUM ${TABLES.join(', ')}`);
    return {
      files: [
        `tables ${TABLES.join(', ')} of schema ${database.schema}: deleted rows taken out (VACUUM)`,
        'write-ahead log, replicas and backups: hold sealed bytes and wrapped keys until the master key epoch that wrapped them is destroyed (rotate the master key)',
      ],
      bytesBefore,
      bytesAfter: await sizeOf(session),
    };
  });
}

/** Of every session that has a snapshot, prepared transaction or replication slot: none may be older than now. */
async function untilNobodySees(session: Queryable): Promise<void> {
  const { rows } = await session.query('SELECT pg_snapshot_xmax(pg_current_snapshot())::text AS now');
  const now = String(rows[0]?.['now']);
  for (let waited = 0; ; waited += 50) {
    const { rows: older } = await session.query(OLDER, [now]);
    if (older[0]?.['older'] !== true) return;
    if (waited >= PATIENCE_MS) throw new Error('the vault could not be purged, because a transaction or a replication slot still sees what was deleted (hint: end it, or the backup that it belongs to, and purge again)');
    await delay(50);
  }
}

/** Ages are compared, for these numbers wrap around. A session of this purge holds no snapshot between two statements. */
const OLDER = `SELECT EXISTS (
  SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_xmin IS NOT NULL AND age(backend_xmin) > age(($1::xid8)::xid)
  UNION ALL SELECT 1 FROM pg_prepared_xacts WHERE database = current_database()
  UNION ALL SELECT 1 FROM pg_replication_slots WHERE age(coalesce(xmin, $1::xid8::xid)) > age(($1::xid8)::xid)
) AS older`;

async function sizeOf(session: Queryable): Promise<number> {
  const { rows } = await session.query('SELECT sum(pg_total_relation_size(one::regclass))::bigint AS bytes FROM unnest($1::text[]) AS one', [TABLES]);
  return Number(rows[0]?.['bytes']);
}

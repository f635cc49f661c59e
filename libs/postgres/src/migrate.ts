import { CompiledQuery, type DatabaseConnection, type Dialect, type Driver, Kysely, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler, type QueryResult, sql } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';
import { type Database, DatabaseUnusable, type Queryable } from './database.js';
import { faultOf } from './faults.js';

export interface MigrationSettings {
  /** What a sentence calls it: `vault`, `views`. */
  readonly name: string;
  /** By name, in whose order they run: `0001-…`. What stands in a database is never edited; the next one changes it. */
  readonly migrations: Readonly<Record<string, readonly string[]>>;
}

const TABLE = 'migration';
const LOCK_TABLE = 'migration_lock';

/**
 * Brings the database's own schema to the newest migration; forward only. Safe to run twice, and from several processes at once: one
 * migrates, in one transaction, and the others wait for it. Throws `DatabaseUnusable` where a newer program has been, and as statements do.
 */
export async function migrate(database: Database, { name, migrations }: MigrationSettings): Promise<void> {
  if (await isDone(database, database.schema, name, migrations)) return;
  // Kysely asks for its advisory lock in the transaction that migrates, and reads what has run after it; that two make its tables at once it takes for one.
  await database.session((session) => run(session, database.schema, migrations));
}

/** Whether a database has been brought to the newest migration; throws as `migrate` does where a newer program has been. Reads only. */
export async function isMigrated(database: Database, { name, migrations }: MigrationSettings): Promise<boolean> {
  return isDone(database, database.schema, name, migrations);
}

async function run(session: Queryable, schema: string, migrations: MigrationSettings['migrations']): Promise<void> {
  const db = new Kysely<unknown>({ dialect: new SessionDialect(session) });
  const migrator = new Migrator({
    db,
    provider: { getMigrations: async () => Object.fromEntries(Object.entries(migrations).map(([name, statements]) => [name, migrationOf(statements)])) },
    migrationTableSchema: schema,
    migrationTableName: TABLE,
    migrationLockTableName: LOCK_TABLE,
  });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) throw faultOf(error);
}

function migrationOf(statements: readonly string[]): Migration {
  return {
    up: async (db) => {
      for (const statement of statements) await sql.raw(statement).execute(db);
    },
  };
}

/** Whether every migration has run. Reads only, so that a node may start while the schema's owner is somebody else. */
async function isDone(connection: Queryable, schema: string, name: string, migrations: MigrationSettings['migrations']): Promise<boolean> {
  const { rows: tables } = await connection.query('SELECT to_regclass($1) IS NOT NULL AS there', [`${schema}.${TABLE}`]);
  if (tables[0]?.['there'] !== true) return false;
  const { rows } = await connection.query(`SELECT name FROM ${schema}.${TABLE}`);
  const run = new Set(rows.map((row) => String(row['name'])));
  if ([...run].some((one) => !(one in migrations))) throw new DatabaseUnusable(`the ${name} in PostgreSQL is of a newer program (hint: use that one, or a newer one)`);
  return Object.keys(migrations).every((one) => run.has(one));
}

/** Kysely's PostgreSQL over one session that is open already. */
class SessionDialect implements Dialect {
  constructor(private readonly session: Queryable) {}

  createAdapter(): PostgresAdapter {
    return new PostgresAdapter();
  }

  createDriver(): Driver {
    return new SessionDriver(this.session);
  }

  createIntrospector(db: Kysely<unknown>): PostgresIntrospector {
    return new PostgresIntrospector(db);
  }

  createQueryCompiler(): PostgresQueryCompiler {
    return new PostgresQueryCompiler();
  }
}

class SessionDriver implements Driver {
  readonly #connection: DatabaseConnection;

  constructor(session: Queryable) {
    this.#connection = {
      executeQuery: async <R>({ sql: text, parameters }: CompiledQuery): Promise<QueryResult<R>> => {
        const { rows } = await session.query(text, parameters.filter(isPlain));
        return { rows: [...rows] as R[] };
      },
      streamQuery: () => {
        throw new Error('a migration reads no stream');
      },
    };
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<DatabaseConnection> {
    return this.#connection;
  }

  async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('BEGIN'));
  }

  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('COMMIT'));
  }

  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('ROLLBACK'));
  }

  async releaseConnection(): Promise<void> {}

  async destroy(): Promise<void> {}
}

/** Kysely's own statements about tables and migrations have no other parameters. */
function isPlain(value: unknown): value is string | number | boolean {
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') throw new TypeError('a migration has plain parameters only');
  return true;
}

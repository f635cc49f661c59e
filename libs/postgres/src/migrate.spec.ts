import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, expect, it } from '@jest/globals';
import { type Database, DatabaseUnusable, StatementFailed } from './database.js';
import { migrate } from './migrate.js';
import { SPEC_MIGRATIONS } from './migrate.examples.js';
import { openDatabase } from './open-database.js';
import { describeWithPostgres } from './postgres.suite.js';

const CHILD = fileURLToPath(new URL('migrate.child.js', import.meta.url));

describeWithPostgres('migrations', (server) => {
  const open: Database[] = [];
  afterEach(async () => {
    for (const database of open.splice(0)) await database.close();
  });
  async function opened(): Promise<{ database: Database; url: string }> {
    const url = await server().newDatabase();
    const database = await openDatabase(url, { schema: 'liggare_spec', applicationName: 'spec', statementTimeoutMs: 200, lockTimeoutMs: 100 });
    open.push(database);
    return { database, url };
  }
  const stepsIn = async (database: Database): Promise<unknown> => (await database.query('SELECT steps() AS n')).rows[0]?.['n'];

  it('run once each, whatever a statement may take, and leave nothing outside their own schema', async () => {
    const { database } = await opened();
    await migrate(database, SPEC_MIGRATIONS);
    await migrate(database, SPEC_MIGRATIONS);
    expect(await stepsIn(database)).toBe(1);
    const { rows } = await database.query("SELECT DISTINCT schemaname AS schema FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')");
    expect(rows).toEqual([{ schema: 'liggare_spec' }]);
  });

  it('run once each when several start at the same time, in this process and in others', async () => {
    const { database, url } = await opened();
    const children = Array.from({ length: 2 }, () => promisify(execFile)(process.execPath, [CHILD, url]));
    await Promise.all([migrate(database, SPEC_MIGRATIONS), migrate(database, SPEC_MIGRATIONS)]);
    expect((await Promise.all(children)).map(({ stdout }) => stdout)).toEqual(['1\n', '1\n']);
    expect(await stepsIn(database)).toBe(1);
  });

  it('leave everything as it was when one of them fails', async () => {
    const { database } = await opened();
    const migrations = { ...SPEC_MIGRATIONS.migrations, '0003-wrong': ['CREATE TABLE other (x TEXT)', 'SELECT nothing'] };
    await expect(migrate(database, { name: 'spec', migrations })).rejects.toThrow(StatementFailed);
    expect((await database.query("SELECT to_regclass('step') AS step, to_regclass('other') AS other")).rows).toEqual([{ step: null, other: null }]);
    await migrate(database, SPEC_MIGRATIONS);
    expect(await stepsIn(database)).toBe(1);
  });

  it('refuse a database in which a newer program has been, and touch nothing', async () => {
    const { database } = await opened();
    await migrate(database, { name: 'spec', migrations: { ...SPEC_MIGRATIONS.migrations, '0003-newer': ['CREATE TABLE newer (x TEXT)'] } });
    const refused = migrate(database, SPEC_MIGRATIONS);
    await expect(refused).rejects.toThrow(DatabaseUnusable);
    await expect(refused).rejects.toThrow('the spec in PostgreSQL is of a newer program');
  });
});

import { createServer, type Socket } from 'node:net';
import { once } from 'node:events';
import { inspect } from 'node:util';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import { connectionOf } from './connection-url.js';
import { type Database, DatabaseUnavailable, DatabaseUnusable, StatementFailed } from './database.js';
import { type DatabaseSettings, openDatabase } from './open-database.js';
import { freePort } from './postgres-programs.fixture.js';
import { describeWithPostgres, itOnOwnServer } from './postgres.suite.js';

const SETTINGS: DatabaseSettings = { schema: 'liggare_spec', applicationName: 'spec' };

describe('a PostgreSQL URL', () => {
  it.each([
    ['postgres://u@127.0.0.1/d', false],
    ['postgres://u@localhost:5433/d', false],
    ['postgres://u@[::1]/d', false],
    ['postgres:///d?host=/run/postgresql', false],
    ['postgres://u@db.example/d?sslmode=disable', false],
    ['postgres://u@db.example/d', { rejectUnauthorized: true }],
    ['postgresql://u@10.0.0.7/d?sslmode=require', { rejectUnauthorized: true }],
    ['postgres://u@db.example/d?sslmode=verify-ca', { rejectUnauthorized: true }],
    ['postgres://u@db.example/d?sslmode=verify-full&sslrootcert=system', { rejectUnauthorized: true }],
  ])('%s is spoken to with TLS %j', (url, ssl) => {
    expect(connectionOf(url).ssl).toEqual(ssl);
  });

  it.each([
    'mysql://u@h/d',
    'nonsense with secret-word',
    'postgres://u:secret-word@h',
    'postgres://u:secret-word@h/d?sslmode=no-verify',
    'postgres://u:secret-word@h/d?options=x',
    'postgres://u:secret-word@h/d?sslrootcert=/nowhere/ca.pem',
  ])('%s is refused with one sentence that does not quote it', (url) => {
    expect(() => connectionOf(url)).toThrow(DatabaseUnusable);
    expect(() => connectionOf(url)).toThrow(/^(?!.*secret-word).*hint: /);
  });
});

describe('a server that is not there', () => {
  it('is unavailable, by name neither of host nor of port', async () => {
    const port = await freePort();
    const opened = openDatabase(`postgres://u:secret-word@127.0.0.1:${port}/d`, SETTINGS);
    await expect(opened).rejects.toThrow(DatabaseUnavailable);
    await expect(opened).rejects.toThrow(/^PostgreSQL cannot be reached now \(ECONNREFUSED\)$/);
  });

  it('is unavailable when it takes the connection and says nothing', async () => {
    const sockets: Socket[] = [];
    const mute = createServer((socket) => void sockets.push(socket)).listen(0, '127.0.0.1');
    await once(mute, 'listening');
    const address = mute.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    await expect(openDatabase(`postgres://u@127.0.0.1:${port}/d`, { ...SETTINGS, connectTimeoutMs: 200 })).rejects.toThrow(DatabaseUnavailable);
    for (const socket of sockets) socket.destroy();
    mute.close();
  });
});

describeWithPostgres('a database', (server) => {
  const open: Database[] = [];
  afterEach(async () => {
    for (const database of open.splice(0)) await database.close();
  });

  async function opened(url?: string, settings: Partial<DatabaseSettings> = {}): Promise<Database> {
    const database = await openDatabase(url ?? (await server().newDatabase()), { ...SETTINGS, ...settings });
    open.push(database);
    return database;
  }
  async function withTable(settings: Partial<DatabaseSettings> = {}): Promise<{ database: Database; url: string }> {
    const url = await server().newDatabase();
    const database = await opened(url, settings);
    await database.query('CREATE SCHEMA liggare_spec');
    await database.query('CREATE TABLE account (name TEXT PRIMARY KEY, amount BIGINT NOT NULL)');
    await database.query("INSERT INTO account SELECT 'account-' || n, 0 FROM generate_series(1, 4) AS n");
    return { database, url };
  }
  const sum = async (database: Database): Promise<unknown> => (await database.query('SELECT sum(amount)::bigint AS sum FROM account')).rows[0]?.['sum'];

  it('sets for every connection what its promises rest on, whatever the role says', async () => {
    const url = await server().newDatabase();
    await server().ask(url, "ALTER ROLE CURRENT_USER SET synchronous_commit = off");
    const database = await opened(url);
    await server().ask(url, 'ALTER ROLE CURRENT_USER RESET synchronous_commit');
    const { rows } = await database.query(`SELECT current_setting('synchronous_commit') AS commit, current_setting('default_transaction_isolation') AS isolation,
      current_setting('TimeZone') AS zone, current_setting('search_path') AS path, current_setting('statement_timeout') AS statement, current_setting('lock_timeout') AS lock`);
    expect(rows).toEqual([{ commit: 'on', isolation: 'read committed', zone: 'UTC', path: 'liggare_spec, pg_temp', statement: '15s', lock: '5s' }]);
  });

  it('gives bytes, numbers and arrays as they went in, and refuses a number that it would have to round', async () => {
    const database = await opened();
    const bytes = Uint8Array.of(0, 1, 92, 39, 255);
    const { rows } = await database.query({ name: 'echo', text: 'SELECT $1::bytea AS one, ($2::bytea[])[1] AS many, $3::bigint AS n, $4::text[] AS texts' }, [bytes, [bytes], 2 ** 53 - 1, ['a"b', 'c\\d', '{}']]);
    expect(rows[0]).toEqual({ one: Buffer.from(bytes), many: Buffer.from(bytes), n: 2 ** 53 - 1, texts: ['a"b', 'c\\d', '{}'] });
    await expect(database.query('SELECT 9007199254740993::bigint AS n')).rejects.toThrow(RangeError);
    expect((await database.query('SELECT 1 AS n')).rows).toEqual([{ n: 1 }]);
  });

  it('says of a refused statement its code and constraint, and no value', async () => {
    const { database } = await withTable();
    const refused: unknown = await database.query("INSERT INTO account VALUES ('account-1', 0)").catch((error: unknown) => error);
    expect(refused).toEqual(new StatementFailed('23505', 'account_pkey'));
    expect(inspect(refused, { depth: 9, showHidden: true })).not.toContain('account-1');
  });

  it('writes nothing of a transaction whose work throws, or that goes on after a statement failed', async () => {
    const { database } = await withTable();
    await expect(
      database.transaction(async (transaction) => {
        await transaction.query('UPDATE account SET amount = 1');
        throw new Error('changed my mind');
      }),
    ).rejects.toThrow('changed my mind');
    await expect(
      database.transaction(async (transaction) => {
        await transaction.query('UPDATE account SET amount = 1');
        await transaction.query('SELECT nothing').catch(() => undefined);
      }),
    ).rejects.toThrow(StatementFailed);
    expect(await sum(database)).toBe(0);
  });

  it('tries a deadlocked transaction again, so that both are written', async () => {
    const { database } = await withTable();
    let attempts = 0;
    const transfer = (names: readonly string[]): Promise<void> =>
      database.transaction(async (transaction) => {
        attempts++;
        for (const name of names) {
          await transaction.query('UPDATE account SET amount = amount + 1 WHERE name = $1', [name]);
          await delay(100);
        }
      });
    await Promise.all([transfer(['account-1', 'account-2']), transfer(['account-2', 'account-1'])]);
    expect(await sum(database)).toBe(4);
    expect(attempts).toBeGreaterThan(2);
  });

  it('survives that every connection is cut: what was under way is unavailable, what comes next is answered', async () => {
    const { database } = await withTable();
    const underway = database.transaction(async (transaction) => {
      await transaction.query('UPDATE account SET amount = 1');
      await server().cut();
      await transaction.query('UPDATE account SET amount = 2');
    });
    await expect(underway).rejects.toThrow(DatabaseUnavailable);
    expect(await sum(database)).toBe(0);
  });

  it('says unavailable of a COMMIT that is not answered', async () => {
    const { database } = await withTable();
    const cut = database.transaction(async (transaction) => {
      await transaction.query('UPDATE account SET amount = 1');
      await server().cut();
      await delay(100);
    });
    await expect(cut).rejects.toThrow(DatabaseUnavailable);
    expect(await sum(database)).toBe(0);
  });

  itOnOwnServer('connects again by itself when the server is back, and never hands on a connection that was cut', async () => {
    const { database } = await withTable({ poolSize: 2 });
    await database.query('UPDATE account SET amount = 1');
    await server().restart?.('immediate', async () => {
      await expect(database.query('SELECT 1')).rejects.toThrow(DatabaseUnavailable);
    });
    expect(await Promise.all(Array.from({ length: 8 }, () => sum(database)))).toEqual(Array.from({ length: 8 }, () => 4));
  });

  it('gives up a statement, a lock and a connection that take too long, and goes on', async () => {
    const { database, url } = await withTable({ statementTimeoutMs: 300, lockTimeoutMs: 100, connectTimeoutMs: 300, poolSize: 1 });
    await expect(database.query('SELECT pg_sleep(5)')).rejects.toThrow(DatabaseUnavailable);
    const other = await opened(url);
    await other.transaction(async (transaction) => {
      await transaction.query('UPDATE account SET amount = 1');
      await expect(database.query('UPDATE account SET amount = 2')).rejects.toThrow('cannot be reached now (55P03)');
    });
    const [kept] = await Promise.allSettled([
      database.session(async (session) => session.query('SELECT pg_sleep(0.6)')),
      expect(database.query('SELECT 1')).rejects.toThrow(DatabaseUnavailable),
    ]);
    expect(kept.status).toBe('fulfilled');
    expect(await sum(database)).toBe(4);
  });

  it('hands on nothing of a session: neither its limits nor what it had locked', async () => {
    const { database } = await withTable({ poolSize: 1 });
    await database.session(async (session) => session.query("SET search_path = public; SELECT pg_advisory_lock(7)"));
    expect((await database.query("SELECT current_setting('statement_timeout') AS timeout, current_setting('search_path') AS path, pg_try_advisory_lock(7) AS free")).rows).toEqual([
      { timeout: '15s', path: 'liggare_spec, pg_temp', free: true },
    ]);
  });

  it('takes a server that only reads for one that is away', async () => {
    const { database } = await withTable();
    const refused = database.transaction(async (transaction) => {
      await transaction.query('SET TRANSACTION READ ONLY');
      await transaction.query('UPDATE account SET amount = 1');
    });
    await expect(refused).rejects.toThrow(DatabaseUnavailable);
  });

  it('is closed twice without harm, and answers nothing afterwards', async () => {
    const database = await opened();
    await Promise.all([database.close(), database.close()]);
    await expect(database.query('SELECT 1')).rejects.toThrow(DatabaseUnavailable);
  });

  it('refuses with one sentence a database that is not there, or is not encoded in UTF-8', async () => {
    const url = await server().newDatabase();
    await expect(openDatabase(`${url}x`, SETTINGS)).rejects.toThrow(/there is no such database/);
    await server().ask(url, `CREATE DATABASE ${new URL(url).pathname.slice(1)}_latin ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0`);
    await expect(openDatabase(`${url}_latin`, SETTINGS)).rejects.toThrow(/not encoded in UTF8/);
    await server().ask(url, `DROP DATABASE ${new URL(url).pathname.slice(1)}_latin`);
  });

  it('refuses with one sentence a user who may not make tables', async () => {
    const url = await server().newDatabase();
    const role = `nobody_${Date.now()}`;
    await server().ask(url, `CREATE ROLE ${role} LOGIN PASSWORD 'x'`);
    const database = await opened(Object.assign(new URL(url), { username: role, password: 'x' }).href);
    await expect(database.query('CREATE SCHEMA liggare_spec')).rejects.toThrow(/this user may not do what is needed/);
    await database.close();
    await server().ask(url, `DROP ROLE ${role}`);
  });
});

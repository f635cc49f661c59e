import { cpSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import type { EventStore, StoredEvent } from '#event-store/event-store.js';
import { openEsdbEventStore } from '#event-store/esdb/esdb-event-store.js';
import { openSqliteEventStoreReadOnly } from '#event-store/sqlite/sqlite-event-store.js';
import { describeWithPostgres } from '#postgres/postgres.suite.js';
import { startEsdb, type Esdb } from '../../../test/esdb/esdb-server.fixture.js';
import { liggare, linesOf, remove, said, serveLedger, start, tokenFileFor, type Ran, type ServedLedger } from './cli.examples.js';
import { eventsOf, isCopy } from './migrate-log.js';

const PEOPLE = 150;

describeWithPostgres('a ledger that moves to servers', (postgres) => {
  let ledger: ServedLedger;
  /** Of one person, as the ledger in files told it. */
  let recordBefore: unknown;
  let log: Esdb;
  let database: string;

  const record = async (url: string, token: string): Promise<unknown> => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'liggare-purpose': 'operations' };
    const search = await fetch(`${url}/v1/subjects/search`, { method: 'POST', headers, body: JSON.stringify({ kind: 'customer-number', value: 'K97' }) });
    const found = JSON.stringify(await search.json()).match(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/)?.[0];
    const { valid: _valid, position: _position, ...told } = (await (await fetch(`${url}/v1/subjects/${found}/record`, { headers })).json()) as Record<string, unknown>;
    return told;
  };

  beforeAll(async () => {
    ledger = await serveLedger();
    expect((await liggare(['import', '-', '--token-file', await tokenFileFor(ledger, 'crm')], ledger.env, linesOf(PEOPLE))).code).toBe(0);
    recordBefore = await record(ledger.url, readFileSync(join(ledger.data, 'token'), 'utf8').trim());
    await ledger.stop();
  }, 120_000);
  afterAll(() => remove(ledger));
  afterEach(() => log.stop());

  const begin = async (): Promise<void> => {
    log = await startEsdb();
    database = await postgres().newDatabase();
  };
  const environment = (): Record<string, string> => ({ LIGGARE_DATA: ledger.data, LIGGARE_LOG: log.url, LIGGARE_VAULT: database });
  const migrate = (): Promise<Ran> => liggare(['migrate', '--from', 'sqlite:', '--json'], environment());
  const withLog = async <T>(look: (copy: EventStore) => Promise<T>): Promise<T> => {
    const copy = await openEsdbEventStore({ url: log.url });
    try {
      return await look(copy);
    } finally {
      await copy.close();
    }
  };

  it('keeps every event with its id, bytes, revision and place, every row of the vault, and its files', async () => {
    await begin();
    const files = (): readonly string[] => readdirSync(ledger.data).filter((name) => /^(log|vault)\.db$/.test(name));
    const before = files().map((name) => readFileSync(join(ledger.data, name)));
    const { code, out, err } = await migrate();
    expect([code, err]).toEqual([0, '']);
    const original = await openSqliteEventStoreReadOnly({ file: join(ledger.data, 'log.db') });
    const originals = await all(original);
    await original.close();
    const copies = await withLog(all);
    expect(copies).toHaveLength(originals.length);
    expect(originals.every((event, i) => copies[i] !== undefined && isCopy(event, copies[i]))).toBe(true);
    expect(JSON.parse(out)).toMatchObject({ events: originals.length, found: 0, vaultRows: expect.any(Number), digest: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(files().map((name) => readFileSync(join(ledger.data, name)))).toEqual(before);

    // A node on the servers, with the same keys, tells of a person what the files told.
    const node = start(['serve'], { ...environment(), LIGGARE_DATA: join(ledger.directory, 'node'), LIGGARE_MASTER_KEY: `${ledger.data}.keys`, LIGGARE_VIEWS: database, LIGGARE_PORT: '0' });
    const url = await said(node, /API\s+(http:\S+?)\/v1/);
    const token = readFileSync(join(ledger.data, 'token'), 'utf8').trim();
    const { projecting, end } = await feed(database, log.url);
    await projecting;
    // Which views serve, the node asks for itself.
    while ((await record(url, token) as { readonly code?: string }).code === 'Unavailable') await new Promise((later) => setTimeout(later, 50));
    expect(await record(url, token)).toEqual(recordBefore);
    await end();
    node.child.kill('SIGTERM');
    expect((await node.ended).code).toBe(0);
  }, 120_000);

  it('goes on where it was killed, again and again', async () => {
    await begin();
    let kills = 0;
    for (let afterMs = 300; ; afterMs += 150) {
      const run = start(['migrate', '--from', 'sqlite:', '--json'], environment());
      const timer = setTimeout(() => run.child.kill('SIGKILL'), afterMs);
      const { code, out, err } = await run.ended;
      clearTimeout(timer);
      if (code === null) {
        kills += 1;
        continue;
      }
      expect([code, err]).toEqual([0, '']);
      const { events, found } = JSON.parse(out) as { readonly events: number; readonly found: number };
      expect(await withLog(async (copy) => (await all(copy)).length)).toBe(events);
      expect(found).toBeLessThanOrEqual(events);
      break;
    }
    expect(kills).toBeGreaterThan(0);
    // Once it is there, nothing is moved over it.
    expect(await migrate()).toMatchObject({ code: 1, err: expect.stringMatching(/^liggare: there is a vault in PostgreSQL already/) });
  }, 120_000);

  it('refuses a log that is somebody else’s, one that has gone on, and a ledger that is being served', async () => {
    await begin();
    await withLog((copy) => copy.append({ stream: 'orders-1', expected: 'none', events: [{ id: '5d3c1a52-0000-4000-8000-000000000001', type: 'OrderPlaced', data: '{"total":1}' }] }));
    expect(await migrate()).toMatchObject({ code: 1, out: '', err: expect.stringMatching(/^liggare: the log on the server is not the beginning of this one: event 1 differs/) });
    await log.stop();

    await begin();
    expect((await migrate()).code).toBe(0);
    await withLog((copy) => copy.append({ stream: 'orders-1', expected: 'none', events: [{ id: '5d3c1a52-0000-4000-8000-000000000001', type: 'OrderPlaced', data: '{"total":1}' }] }));
    expect(await migrate()).toMatchObject({ code: 1, err: expect.stringMatching(/^liggare: the log on the server has more events/) });

    const copied = join(ledger.directory, 'served');
    cpSync(ledger.data, copied, { recursive: true });
    cpSync(`${ledger.data}.keys`, `${copied}.keys`, { recursive: true });
    const server = start(['serve'], { LIGGARE_DATA: copied, LIGGARE_PORT: '0' });
    await said(server, /API\s+(http:\S+?)\/v1/);
    expect(await liggare(['migrate', '--from', 'sqlite:'], { ...environment(), LIGGARE_DATA: copied })).toMatchObject({ code: 1, err: expect.stringMatching(/already open for writing/) });
    server.child.kill('SIGTERM');
    await server.ended;
    rmSync(copied, { recursive: true });
  }, 120_000);

  it('says in one sentence what is missing, and never an address', async () => {
    await begin();
    expect(await liggare(['migrate', '--from', 'sqlite:'], { LIGGARE_DATA: ledger.data })).toMatchObject({ code: 2, err: expect.stringMatching(/^liggare: [^\n]*\n$/) });
    expect(await liggare(['migrate', '--from', 'memory:'], environment())).toMatchObject({ code: 2, err: expect.stringMatching(/moved from files/) });
    const away = await liggare(['migrate', '--from', 'sqlite:'], { ...environment(), LIGGARE_VAULT: 'postgres://ledger:secret-word@127.0.0.1:1/nowhere' });
    expect([away.code, away.err.includes('secret-word'), away.err.split('\n').length]).toEqual([1, false, 2]);
    // A server that is away is no fault of this program.
    const logAway = await liggare(['migrate', '--from', 'sqlite:'], { ...environment(), LIGGARE_LOG: 'esdb://127.0.0.1:1?tls=false' });
    const vaultAway = await liggare(['fsck'], { ...environment(), LIGGARE_VIEWS: database, LIGGARE_MASTER_KEY: `${ledger.data}.keys`, LIGGARE_VAULT: 'postgres://ledger@127.0.0.1:1/nowhere' });
    for (const { code, err } of [away, logAway, vaultAway]) expect([code, err]).toEqual([1, expect.stringMatching(/^liggare: (?!something is wrong)[^\n]*\n$/)]);
  });
});

async function all(log: EventStore): Promise<readonly StoredEvent[]> {
  const events: StoredEvent[] = [];
  for await (const event of eventsOf(log)) events.push(event);
  return events;
}

/** The projector, until every view serves. */
async function feed(views: string, log: string): Promise<{ readonly projecting: Promise<void>; readonly end: () => Promise<void> }> {
  const { startProjectorServer } = await import('../../projector/src/server.js');
  const { stores } = await import('../../projector/src/stores.js');
  const server = await startProjectorServer({ host: '127.0.0.1', port: 0, log: { engine: 'esdb', url: log }, views: { engine: 'postgres', url: views } }, { stores, writeLog: () => undefined });
  const projecting = (async () => {
    for (;;) {
      const text = await (await fetch(`${server.url}/metrics`)).text();
      if (/^liggare_projector_lag_events 0$/m.test(text)) return;
      await new Promise((later) => setTimeout(later, 50));
    }
  })();
  return { projecting, end: () => server.close() };
}

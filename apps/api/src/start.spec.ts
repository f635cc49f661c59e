import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { openSqliteEventStore } from '#event-store/sqlite/sqlite-event-store.js';
import { readConfiguration } from '#nest/configuration.js';
import { command, email, temporaryData, type TestServer } from './server.fixture.js';
import { startServer, type RunningServer } from './server.js';

const POLICY = readConfiguration({}).policy;
const place = temporaryData();
const whole = `${place.data}-whole`;

function start(env: Readonly<Record<string, string>> = {}): Promise<RunningServer> {
  return startServer(readConfiguration({ LIGGARE_DATA: place.data, LIGGARE_PORT: '0', ...env }), { writeLog: () => undefined });
}

/** A ledger with one person, stopped. */
beforeAll(async () => {
  const server = await start();
  const upstream = (await server.parts.vault.createActor({ name: 'crm', role: 'upstream', system: 'crm' })).token;
  const to: TestServer = { server, data: place.data, tokens: { upstream, officer: '', auditor: '' }, logged: [], close: () => server.close() };
  expect((await command(to, 'RegisterSubject', { identifiers: [{ kind: 'email', value: 'anna.exempel@example.se' }] })).status).toBe(200);
  expect((await command(to, 'GiveConsent', { ...email('anna.exempel@example.se'), service: 'newsletter', purposes: ['newsletter'], type: 'expressed' })).status).toBe(200);
  expect(await server.parts.projection.waitFor((await server.parts.log.head()) ?? '', 5_000)).toBe(true);
  await server.close();
  cpSync(place.data, whole, { recursive: true });
});
beforeEach(() => {
  rmSync(place.data, { recursive: true, force: true });
  cpSync(whole, place.data, { recursive: true });
});
afterAll(() => place.remove());

const remove = (name: string): void => {
  for (const suffix of ['', '-wal', '-shm']) rmSync(join(place.data, `${name}${suffix}`), { force: true });
};
const empty = (name: string): void => {
  remove(name);
  writeFileSync(join(place.data, name), '');
};
const rowsIn = (name: string, table: string): number => {
  const db = new DatabaseSync(join(place.data, name), { readOnly: true });
  const { n } = db.prepare(`SELECT count(*) AS n FROM ${table}`).get() ?? {};
  db.close();
  return Number(n);
};

describe('half a ledger is refused, and the other half left as it was', () => {
  it.each([
    ['a vault that is gone', 'vault.db', remove, /^the log ".*log\.db" has events and its vault ".*vault\.db" is gone or empty \(hint: .*\)$/],
    ['an empty vault', 'vault.db', empty, /its vault ".*" is gone or empty/],
    ['a log that is gone', 'log.db', remove, /^the vault ".*vault\.db" holds values and its log ".*log\.db" is gone or empty \(hint: .*\)$/],
    ['an empty log', 'log.db', empty, /its log ".*" is gone or empty/],
  ])('%s', async (_, name, lose, sentence) => {
    lose(name);
    remove('views.db');
    const other = name === 'log.db' ? 'vault.db' : 'log.db';
    const before = readFileSync(join(place.data, other));
    await expect(start()).rejects.toThrow(sentence);
    expect(readFileSync(join(place.data, other)).equals(before)).toBe(true);
    cpSync(join(whole, name), join(place.data, name));
    await (await start()).close();
  });

  it('but a first start that was interrupted goes on', async () => {
    for (const name of ['log.db', 'vault.db', 'views.db', 'token']) remove(name);
    await (await start()).close();
    remove('log.db');
    remove('views.db');
    await (await start()).close();
    expect(rowsIn('log.db', 'events')).toBeGreaterThan(0);
  });
});

describe('a start that is refused writes nothing', () => {
  const policyAs = (edit: (text: string) => string): Readonly<Record<string, string>> => {
    const file = `${place.data}-policy.yaml`;
    writeFileSync(file, edit(readFileSync(POLICY, 'utf8')));
    return { LIGGARE_POLICY: file };
  };

  it('neither an event nor a text, when the views are ahead of the log', async () => {
    const db = new DatabaseSync(join(place.data, 'log.db'));
    db.exec('DELETE FROM events WHERE position = (SELECT max(position) FROM events)');
    db.close();
    const before = [rowsIn('log.db', 'events'), rowsIn('vault.db', 'text')];
    await expect(start(policyAs((text) => text.replaceAll('asurgent-2018-05-25', 'asurgent-2030-01-01')))).rejects.toThrow(/^the views .* are ahead of the log: /);
    expect([rowsIn('log.db', 'events'), rowsIn('vault.db', 'text')]).toEqual(before);
  });

  it('no text of a policy that differs from its published version', async () => {
    const before = rowsIn('vault.db', 'text');
    await expect(start(policyAs((text) => `${text}\n# changed\n`))).rejects.toThrow('differs from version');
    expect(rowsIn('vault.db', 'text')).toBe(before);
  });

  it('and nobody is told to delete the log, when it is taken for the views', async () => {
    const told = await start({ LIGGARE_VIEWS: `sqlite:${join(place.data, 'log.db')}` }).then(() => '', (error: Error) => error.message);
    expect(told).toMatch(/^".*log\.db" is a database, but not one of Liggare's views \(hint: point LIGGARE_VIEWS elsewhere\)$/);
  });
});

describe('a log that another program wrote to', () => {
  it('is refused in one sentence, and left as it was', async () => {
    const log = await openSqliteEventStore({ file: join(place.data, 'log.db') });
    await log.append({ stream: 'orders-1', expected: 'none', events: [{ id: '5d3c1a52-0000-4000-8000-000000000001', type: 'OrderPlaced', data: '{"total":1}' }] });
    const before = await log.head();
    await log.close();
    await expect(start()).rejects.toThrow(/^the log holds an event that this ledger did not write, at position \d+ \(hint: .*\)$/);
    const again = await openSqliteEventStore({ file: join(place.data, 'log.db') });
    expect(await again.head()).toBe(before);
    await again.close();
  });
});

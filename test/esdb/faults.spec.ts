/** Every fault that a test can order, as the client of EventStoreDB sees it. */
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { streamNameFilter } from '@eventstore/db-client';
import { appended, clientOf, disposeClients, event, listen, revisions, until, writeForeign } from './client.fixture.js';
import { startEsdb, type Esdb } from './esdb-server.fixture.js';

let server: Esdb;
beforeAll(async () => void (server = await startEsdb()));
afterEach(async () => {
  await disposeClients();
  await server.fault({});
});
afterAll(() => server.stop());

const fresh = (): string => `stream-${randomUUID()}`;

describe('a fault of appends', () => {
  it('late: the answer waits, and the event is there before it', async () => {
    const [client, stream] = [clientOf(server.url), fresh()];
    await server.fault({ answerAppendsAfterMs: 400, times: 1 });
    let isAnswered = false;
    const append = appended(client, stream, event(), 'no_stream').then((answer) => {
      isAnswered = true;
      return answer;
    });
    await until(async () => Array.isArray(await revisions(client, stream)));
    expect(isAnswered).toBe(false);
    expect(await append).toBe(0n);
  });

  it('never: no answer comes, the same ids are acknowledged afterwards and written once', async () => {
    const [client, stream, one] = [clientOf(server.url), fresh(), event()];
    await server.fault({ answerAppendsAfterMs: 'never', times: 1 });
    const first = appended(client, stream, one, 'no_stream');
    expect(await Promise.race([first, pause(300, 'silence')])).toBe('silence');
    expect(await appended(client, stream, one, 'no_stream')).toBe(0n);
    expect(await revisions(client, stream)).toEqual([0n]);
  });

  it('fail: a timeout is answered and nothing is written', async () => {
    const [client, stream] = [clientOf(server.url), fresh()];
    await server.fault({ failAppends: true, times: 1 });
    expect(await appended(client, stream)).toBe('deadline-exceeded');
    expect(await revisions(client, stream)).toBe('stream-not-found');
    expect(await appended(client, stream)).toBe(0n);
  });

  it('drop: the connection ends after the write and before the answer', async () => {
    const [client, stream, one] = [clientOf(server.url), fresh(), event()];
    await server.fault({ dropAfterAppend: true, times: 1 });
    expect(await appended(client, stream, one, 'no_stream')).toBe('unavailable');
    expect(await revisions(client, stream)).toEqual([0n]);
    expect(await appended(client, stream, one, 'no_stream')).toBe(0n);
  });
});

describe('a fault of every service', () => {
  it('slow: each answer waits', async () => {
    const client = clientOf(server.url);
    const stream = fresh();
    await appended(client, stream);
    await server.fault({ slowMs: 150 });
    const since = performance.now();
    await revisions(client, stream);
    expect(performance.now() - since).toBeGreaterThanOrEqual(145);
    await appended(client, stream);
    expect(performance.now() - since).toBeGreaterThanOrEqual(290);
  });

  it('refuse: connections end and no other is taken, until it is over', async () => {
    const [client, stream, one] = [clientOf(server.url), fresh(), event()];
    await appended(client, stream);
    const heard = listen(client.subscribeToStream(stream));
    await until(() => heard.ids.length === 1);
    await server.fault({ refuse: true });
    await until(() => heard.errors.length === 1);
    expect(await appended(clientOf(server.url), stream)).toBe('code 14');
    expect(await revisions(clientOf(server.url), stream)).toBe('unavailable');
    await server.fault({});
    await until(async () => (await appended(client, stream, one, 0n)) === 1n);
  });

  it('not leader: the client is told where the leader is, and goes there', async () => {
    const other = await startEsdb();
    try {
      const [client, stream] = [clientOf(server.url), fresh()];
      await appended(client, stream);
      await server.fault({ notLeader: { host: '127.0.0.1', port: other.port } });
      expect(await appended(client, stream, event(), 0n)).toBe('not-leader');
      expect(await appended(client, stream, event(), 'no_stream')).toBe(0n);
      expect(await revisions(clientOf(other.url), stream)).toEqual([0n]);
      expect(await revisions(clientOf(server.url), stream, { requiresLeader: true })).toBe('not-leader');
      expect(await revisions(clientOf(server.url), stream)).toEqual([0n]);
    } finally {
      await other.stop();
    }
  });
});

describe('a fault of subscriptions', () => {
  it('drop: each ends with one error and hears nothing more', async () => {
    const [client, stream] = [clientOf(server.url), fresh()];
    await appended(client, stream);
    const heard = listen(client.subscribeToStream(stream));
    await until(() => heard.ids.length === 1);
    await server.dropSubscriptions();
    await until(() => heard.errors.length > 0);
    await appended(client, stream);
    await pause(100);
    expect(heard).toEqual({ ids: [expect.any(String)], errors: ['unavailable'] });
  });

  it('duplicate: every event comes twice', async () => {
    const [client, stream, one] = [clientOf(server.url), fresh(), event()];
    await server.fault({ duplicate: true });
    await appended(client, stream, one);
    const heard = listen(client.subscribeToStream(stream));
    await until(() => heard.ids.length === 2);
    expect(heard.ids).toEqual([one.id, one.id]);
  });
});

describe('a fault of the process', () => {
  it('paused: an append waits until it goes on', async () => {
    const [client, stream] = [clientOf(server.url), fresh()];
    await appended(client, stream);
    server.pause();
    const append = appended(client, stream, event(), 0n);
    expect(await Promise.race([append, pause(300, 'silence')])).toBe('silence');
    server.resume();
    expect(await append).toBe(1n);
  });

  it('killed: what it acknowledged is there after the restart, and the rest can be repeated', async () => {
    const [client, stream] = [clientOf(server.url), fresh()];
    const ids = Array.from({ length: 200 }, () => randomUUID() as string);
    const all = ids.map((id, i) => appended(client, `${stream}-${i}`, event(id), 'no_stream'));
    await Promise.race(all);
    await server.kill();
    const answers = await Promise.all(all);
    expect(answers).toContain(0n);
    await server.restart();
    const again = clientOf(server.url);
    for (const [i, answer] of answers.entries()) if (answer === 0n) expect(await revisions(again, `${stream}-${i}`)).toEqual([0n]);
    expect(new Set(await Promise.all(ids.map((id, i) => appended(again, `${stream}-${i}`, event(id), 'no_stream'))))).toEqual(new Set([0n]));
  });

  it('killed: `any` has forgotten the ids that it knew', async () => {
    const [stream, one] = [fresh(), event()];
    expect(await appended(clientOf(server.url), stream, one)).toBe(0n);
    expect(await appended(clientOf(server.url), stream, one)).toBe(0n);
    await server.restart();
    expect(await appended(clientOf(server.url), stream, one)).toBe(1n);
  });

  it('down: an append rejects with a raw error, a read with an error of its kind', async () => {
    const client = clientOf(server.url);
    await server.kill();
    expect(await appended(client, fresh())).toBe('code 14');
    expect(await revisions(client, fresh())).toBe('unavailable');
    await server.restart();
  });

  it('gone back: the log is an older one, and a subscription from beyond its end waits without a word', async () => {
    const stream = fresh();
    await appended(clientOf(server.url), stream);
    const snapshot = server.snapshot();
    const { position } = await clientOf(server.url).appendToStream(stream, [event(), event()]);
    await server.goBack(snapshot);
    const client = clientOf(server.url);
    expect(await revisions(client, stream)).toEqual([0n]);
    const heard = listen(client.subscribeToAll({ fromPosition: position! }));
    await appended(client, stream);
    await pause(100);
    expect(heard).toEqual({ ids: [], errors: [] });
  });

  it('foreign: what another application wrote stands in everything', async () => {
    const client = clientOf(server.url);
    const id = await writeForeign(client, `subject-${randomUUID()}`);
    const heard = listen(client.subscribeToAll({ filter: streamNameFilter({ prefixes: ['subject-'] }) }));
    await until(() => heard.ids.includes(id));
  });

  it('cut off: an append that is not whole in the file never happened', async () => {
    const stream = fresh();
    await appended(clientOf(server.url), stream, [event(), event()]);
    await server.cutOff(10);
    const client = clientOf(server.url);
    expect(await revisions(client, stream)).toBe('stream-not-found');
    expect(await appended(client, stream, event(), 'no_stream')).toBe(0n);
  });
});

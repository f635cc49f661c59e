/** Appends on a server that misbehaves: what is answered is known, and written once. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { setTimeout as wait } from 'node:timers/promises';
import { EventStoreDBClient } from '@eventstore/db-client';
import { startEsdb, type Esdb } from '../../../../test/esdb/esdb-server.fixture.js';
import { event, events, failure, ids, newStream, all } from '../conformance/check.js';
import { StoreUnavailable, StoreUnusable, WrongExpectedRevision } from '../event-store.js';
import type { EsdbEventStore } from './esdb-event-store.js';
import { idsOf, impatientStore, LossyWay, oneAppend } from './esdb.examples.js';

let server: Esdb;
let store: EsdbEventStore;
beforeAll(async () => {
  server = await startEsdb();
});
beforeEach(async () => {
  store = await impatientStore(server.url);
});
afterEach(async () => {
  await server.fault({});
  await store.close();
});
afterAll(() => server.stop());

describe('an append whose answer is late, lost or no answer is made again with the same ids, and written once', () => {
  it.each([
    ['comes after the next attempt has begun', { answerAppendsAfterMs: 800, times: 1 }],
    ['never comes', { answerAppendsAfterMs: 'never', times: 1 }],
    ['is lost with the connection', { dropAfterAppend: true, times: 1 }],
    ['is a time-out of the server\'s own', { failAppends: true, times: 2 }],
  ] as const)('when the answer %s', async (_what, fault) => {
    await server.fault(fault);
    const request = oneAppend();
    const appended = await store.append(request);
    expect(appended).toMatchObject({ revision: 0, repeated: false });
    expect(await idsOf(store, request.stream)).toEqual(ids(request.events));
  });

  it('waits for a slow server', async () => {
    await server.fault({ slowMs: 100 });
    expect((await store.append(oneAppend())).repeated).toBe(false);
  });

  it('stands a pause of the server as a delay, with more appends than go at once', async () => {
    server.pause();
    const requests = Array.from({ length: 100 }, () => oneAppend());
    const appending = Promise.all(requests.map((request) => store.append(request)));
    await wait(1_500);
    server.resume();
    expect((await appending).every(({ repeated }) => !repeated)).toBe(true);
    for (const { stream, events: sent } of requests) expect(await idsOf(store, stream)).toEqual(ids(sent));
  });

  it('keeps appends to one stream that were sent without waiting in their order over a lost connection', async () => {
    const stream = newStream();
    const sent = events(50);
    await server.fault({ dropAfterAppend: true, times: 1 });
    await Promise.all(sent.map((one, i) => store.append({ stream, expected: i === 0 ? 'none' : i - 1, events: [one] })));
    expect(await idsOf(store, stream)).toEqual(ids(sent));
  });

  it('settles appends under way when the server is killed and comes back, however large they are', async () => {
    const big = JSON.stringify('x'.repeat(100_000));
    const requests = Array.from({ length: 100 }, () => oneAppend(big));
    const patient = await impatientStore(server.url, { refusedMs: 5_000 });
    const appending = Promise.all(requests.map((request) => patient.append(request)));
    await wait(30);
    await server.restart();
    await appending;
    await patient.close();
    for (const { stream, events: sent } of requests) expect(await idsOf(store, stream)).toEqual(ids(sent));
  });

  it('gets out of a connection on which nobody answers', async () => {
    const way = await LossyWay.to(server.port);
    const over = await impatientStore(way.url);
    await over.append(oneAppend());
    way.swallow();
    const request = oneAppend();
    expect(await over.append(request)).toMatchObject({ revision: 0, repeated: false });
    await over.close();
    way.close();
  });
});

describe('an append that cannot be settled', () => {
  it('is known not to be written when nobody listens, and soon; when the server is back the next one is written at once', async () => {
    await server.kill();
    const before = performance.now();
    const refusals = await Promise.all(Array.from({ length: 200 }, () => failure(store.append(oneAppend()))));
    expect(performance.now() - before).toBeLessThan(2_500);
    for (const error of refusals) expect(error).toMatchObject({ constructor: StoreUnavailable, outcome: 'not-written' });
    await server.restart();
    const again = performance.now();
    await store.append(oneAppend());
    expect(performance.now() - again).toBeLessThan(1_500);
  });

  it('is of unknown outcome when it may have been sent and patience ends', async () => {
    const hasty = await impatientStore(server.url, { patienceMs: 1_000 });
    await server.fault({ answerAppendsAfterMs: 'never' });
    expect(await failure(hasty.append(oneAppend()))).toMatchObject({ constructor: StoreUnavailable, outcome: 'unknown' });
    await server.fault({});
    await hasty.close();
  });

  it('says in one sentence that its stream was deleted for good, to appends and reads', async () => {
    const client = EventStoreDBClient.connectionString(server.url);
    const { stream } = oneAppend();
    await store.append({ stream, expected: 'none', events: [event()] });
    await client.tombstoneStream(stream);
    await client.dispose();
    expect(await failure(store.append({ stream, expected: 0, events: [event()] }))).toMatchObject({ constructor: StoreUnusable, message: expect.stringContaining('deleted') });
    expect(await failure(all(store.readStream(stream)))).toMatchObject({ constructor: StoreUnusable, message: expect.stringContaining('deleted') });
  });
});

describe('an append that another process made before', () => {
  /** A second store, which the first has seen nothing of. */
  const other = (): Promise<EsdbEventStore> => impatientStore(server.url, { attemptMs: 10_000 });

  it('is repeated when other bytes stand there, and gives their positions', async () => {
    const elsewhere = await other();
    const { stream } = oneAppend();
    const sent = events(3);
    const first = await elsewhere.append({ stream, expected: 'none', events: sent });
    const changed = sent.map((one, i) => (i === 1 ? { ...one, data: '{"salt":"another"}' } : one));
    expect(await store.append({ stream, expected: 'none', events: changed })).toEqual({ ...first, repeated: true });
    expect((await all(store.readStream(stream))).map(({ data }) => data)).toEqual(sent.map(({ data }) => data));
    await elsewhere.close();
  });

  it('may pass for new when what stands there is what was sent', async () => {
    const elsewhere = await other();
    const request = oneAppend();
    const first = await elsewhere.append(request);
    expect(await store.append(request)).toEqual({ ...first, repeated: false });
    expect(await store.append(request)).toEqual({ ...first, repeated: true });
    await elsewhere.close();
  });

  it('is repeated whatever its bytes when the log was known to reach further', async () => {
    const elsewhere = await other();
    const request = oneAppend();
    const first = await elsewhere.append(request);
    await elsewhere.append(oneAppend());
    await store.head();
    expect(await store.append(request)).toEqual({ ...first, repeated: true });
    await elsewhere.close();
  });

  it('is found among many of others, too many to read over', async () => {
    const elsewhere = await other();
    const request = { ...oneAppend(), events: events(2) };
    const first = await elsewhere.append(request);
    await elsewhere.append({ stream: newStream(), expected: 'none', events: events(2_000) });
    const changed = request.events.map((one) => ({ ...one, data: '[]' }));
    expect(await store.append({ ...request, events: changed })).toEqual({ ...first, repeated: true });
    expect((await store.append({ ...oneAppend(), events: events(3) })).repeated).toBe(false);
    await elsewhere.close();
  });

  it('with `any` is told by its ids after a restart, when the server has forgotten them', async () => {
    const { stream, events: sent } = oneAppend();
    const first = await store.append({ stream, expected: 'any', events: sent });
    await server.restart();
    expect(await store.append({ stream, expected: 'any', events: sent })).toEqual({ ...first, repeated: true });
    expect(await idsOf(store, stream)).toEqual(ids(sent));
  });

  it('with `any` finds its place among 32 others at once', async () => {
    const { stream } = oneAppend();
    const sent = events(32);
    await Promise.all(sent.map((one) => store.append({ stream, expected: 'any', events: [one] })));
    expect((await idsOf(store, stream)).toSorted()).toEqual(ids(sent).toSorted());
  });
});

describe('two stores in one process', () => {
  it('lose nothing by each other: one\'s lost connection rejects no append of the other', async () => {
    const second = await startEsdb();
    const other = await impatientStore(second.url, { patienceMs: 100 });
    await second.fault({ answerAppendsAfterMs: 100 });
    const underWay = Promise.all(Array.from({ length: 20 }, () => other.append(oneAppend())));
    await server.fault({ dropAfterAppend: true, times: 3 });
    await Promise.all(Array.from({ length: 20 }, () => store.append(oneAppend())));
    expect(await underWay).toHaveLength(20);
    await other.close();
    await second.stop();
  });
});

describe('an append at a wrong revision', () => {
  it('is a conflict also when it was made a second time', async () => {
    const { stream } = oneAppend();
    await store.append({ stream, expected: 'none', events: events(2) });
    await server.fault({ failAppends: true, times: 1 });
    expect(await failure(store.append({ stream, expected: 0, events: [event()] }))).toMatchObject({ constructor: WrongExpectedRevision, actual: 1 });
  });
});

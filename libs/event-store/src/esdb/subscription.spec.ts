/** Subscriptions on a server that misbehaves: a delay, and no gap and no event twice. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { setTimeout as wait } from 'node:timers/promises';
import { startEsdb, type Esdb } from '../../../../test/esdb/esdb-server.fixture.js';
import { event, events, failure, newStream, revisions, Subscription } from '../conformance/check.js';
import { PositionBeyondEnd, StoreUnusable, type SubscriptionMessage } from '../event-store.js';
import type { EsdbEventStore } from './esdb-event-store.js';
import { impatientStore, LossyWay } from './esdb.examples.js';

const PATIENCE_MS = 10_000;
const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, i) => i);

let server: Esdb;
let store: EsdbEventStore;
let followed: Subscription[];
beforeAll(async () => {
  server = await startEsdb();
});
beforeEach(async () => {
  store = await impatientStore(server.url);
  followed = [];
});
afterEach(async () => {
  await server.fault({});
  for (const one of followed) one.abort();
  await store.close();
});
afterAll(() => server.stop());

/** A stream of three events and a reader of it that has caught up. */
async function caughtUp(of = store) {
  const stream = newStream('followed');
  await store.append({ stream, expected: 'none', events: events(3) });
  const subscription = follow({ filter: { streamPrefixes: [stream] } }, of);
  await subscription.until(({ kind }) => kind === 'caughtUp');
  return { stream, subscription };
}

function follow(options: ConstructorParameters<typeof Subscription>[2], of = store): Subscription {
  const subscription = new Subscription(of, PATIENCE_MS, options);
  followed.push(subscription);
  return subscription;
}

const passed = (position: string) => (message: SubscriptionMessage) => message.kind === 'passed' && message.position >= position;

describe('a subscription goes on where its reader stands', () => {
  it('after the server has dropped it, again and again', async () => {
    const { stream, subscription } = await caughtUp();
    for (let revision = 2; revision < 8; revision++) {
      await server.dropSubscriptions();
      await store.append({ stream, expected: revision, events: [event()] });
      await subscription.untilEvents(revision + 2);
    }
    expect(revisions(subscription.events)).toEqual(upTo(9));
    await subscription.until(({ kind }) => kind === 'caughtUp');
    expect(subscription.seen.filter(({ kind }) => kind === 'caughtUp').length).toBeGreaterThan(1);
  });

  it('after the server was killed, also when it is away for a while', async () => {
    const { stream, subscription } = await caughtUp();
    const next = subscription.untilEvents(4);
    await server.kill();
    await wait(1_000);
    await server.restart();
    const patient = await impatientStore(server.url, { refusedMs: 5_000 });
    await patient.append({ stream, expected: 2, events: [event()] });
    expect(revisions(await next)).toEqual(upTo(4));
    await patient.close();
  });

  it('after a pause of the server that was longer than its own patience', async () => {
    const { stream, subscription } = await caughtUp();
    const next = subscription.untilEvents(5);
    server.pause();
    await wait(1_500);
    server.resume();
    await store.append({ stream, expected: 2, events: events(2) });
    expect(revisions(await next)).toEqual(upTo(5));
  });

  it('when its connection is dead and neither end knows', async () => {
    const way = await LossyWay.to(server.port);
    const over = await impatientStore(way.url);
    const { stream, subscription } = await caughtUp(over);
    const next = subscription.untilEvents(4);
    way.swallow();
    await store.append({ stream, expected: 2, events: [event()] });
    const before = performance.now();
    expect(revisions(await next)).toEqual(upTo(4));
    expect(performance.now() - before).toBeLessThan(3_000);
    subscription.abort();
    await over.close();
    way.close();
  });

  it('when the server says every event twice', async () => {
    await server.fault({ duplicate: true });
    const { stream, subscription } = await caughtUp();
    await store.append({ stream, expected: 2, events: events(40) });
    expect(revisions(await subscription.untilEvents(43))).toEqual(upTo(43));
  });

  it('while writers and drops go on: 600 events once and in order, to a slow reader and a quick one', async () => {
    const { stream, subscription } = await caughtUp();
    const slow = follow({ filter: { streamPrefixes: [stream] }, batchSize: 3 });
    const write = async () => {
      for (let i = 3; i < 600; i += 3) await store.append({ stream, expected: i - 1, events: events(3) });
    };
    const drop = async () => {
      for (let i = 0; i < 5; i++) {
        await wait(60);
        await server.dropSubscriptions();
      }
    };
    await Promise.all([write(), drop(), subscription.untilEvents(600), slow.untilEvents(600)]);
    expect(revisions(subscription.events)).toEqual(upTo(600));
    expect(revisions(slow.events)).toEqual(upTo(600));
  });
});

describe('a subscription says how far it is', () => {
  it('after 32 events of others, when it has caught up too', async () => {
    const unworried = await impatientStore(server.url, { quietMs: 60_000 });
    const { subscription } = await caughtUp(unworried);
    const { positions } = await store.append({ stream: newStream(), expected: 'none', events: events(64) });
    await subscription.until(passed(positions[31] ?? ''));
    await unworried.close();
  });

  it('after fewer, when nothing more comes', async () => {
    const { subscription } = await caughtUp();
    const { positions } = await store.append({ stream: newStream(), expected: 'none', events: events(5) });
    await subscription.until(passed(positions[4] ?? ''));
  });

  it('with a position to go on from, behind every event that came before it', async () => {
    const { stream, subscription } = await caughtUp();
    await store.append({ stream: newStream(), expected: 'none', events: events(100) });
    await store.append({ stream, expected: 2, events: [event()] });
    await subscription.untilEvents(4);
    let last = '';
    for (const message of subscription.seen) {
      const position = message.kind === 'events' ? (message.events.at(-1)?.position ?? '') : (message.position ?? '');
      expect(position >= last).toBe(true);
      last = position;
    }
    for (const message of subscription.seen) {
      if (message.kind !== 'passed' || message.position < (subscription.events[2]?.position ?? '')) continue;
      const again = follow({ filter: { streamPrefixes: [stream] }, after: message.position });
      expect((await again.untilEvents(1)).at(-1)?.revision).toBe(3);
      again.abort();
    }
  });
});

describe('a subscription is refused', () => {
  it('beyond the end of the log, also when an older log is restored under it', async () => {
    const snapshot = server.snapshot();
    const { stream, subscription } = await caughtUp();
    const [last] = subscription.events.slice(-1);
    const next = failure(subscription.next());
    await server.goBack(snapshot);
    expect(await next).toBeInstanceOf(PositionBeyondEnd);
    const again = follow({ after: last?.position ?? '', filter: { streamPrefixes: [stream] } });
    expect(await failure(again.next())).toBeInstanceOf(PositionBeyondEnd);
  });

  it('from inside an event, with a sentence', async () => {
    const { positions } = await store.append({ stream: newStream(), expected: 'none', events: events(3) });
    const inside = String(BigInt(positions[1] ?? '') + 1n).padStart(20, '0');
    expect(await failure(follow({ after: inside }).next())).toMatchObject({ constructor: StoreUnusable, message: expect.stringContaining(inside) });
    const read = store.readAll({ from: inside })[Symbol.asyncIterator]();
    expect(await failure(read.next())).toBeInstanceOf(StoreUnusable);
  });
});

describe('a subscription ends', () => {
  it('when its signal aborts while the server is away', async () => {
    const stubborn = await impatientStore(server.url, { refusedMs: 20_000 });
    const { subscription } = await caughtUp(stubborn);
    const next = subscription.next();
    await server.kill();
    await wait(200);
    const before = performance.now();
    subscription.abort();
    expect(await next).toBeUndefined();
    expect(performance.now() - before).toBeLessThan(1_000);
    await server.restart();
    await stubborn.close();
  });

  it('when its reader leaves, and reading goes on for others', async () => {
    const { stream, subscription } = await caughtUp();
    for await (const message of store.subscribe({ filter: { streamPrefixes: [stream] } })) if (message.kind === 'events') break;
    for await (const batch of store.readAll()) if (batch.length > 0) break;
    await store.append({ stream, expected: 2, events: [event()] });
    await subscription.untilEvents(4);
  });
});

describe('the engine\'s own events', () => {
  it('are never seen: not in the log, not at its end, not in a subscription', async () => {
    await store.append({ stream: newStream(), expected: 'none', events: events(3) });
    const whole = [];
    for await (const batch of store.readAll()) whole.push(...batch);
    const all = follow({});
    await all.until(({ kind }) => kind === 'caughtUp');
    expect(all.events).toEqual(whole);
    expect(whole.filter(({ stream, type }) => stream.startsWith('$') || type.startsWith('$'))).toEqual([]);
    expect(await store.head()).toBe(whole.at(-1)?.position);
  });
});

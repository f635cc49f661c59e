/** Subscriptions: where they begin, what they leave out, the seam between history and what comes, and how they end. */
import assert from 'node:assert/strict';
import { PositionBeyondEnd, StoreStopped, type EventStore, type StoredEvent, type Subscribe } from '../event-store.js';
import { all, event, events, failure, newStream, Subscription, within, type Check } from './check.js';

/** A new stream with so many events, and a subscription option that sees no other. */
async function history(store: EventStore, count: number) {
  const stream = newStream('followed');
  const { positions } = await store.append({ stream, expected: 'none', events: events(count) });
  return { stream, positions, filter: { streamPrefixes: [stream] } };
}

async function subscribed(
  store: EventStore,
  patienceMs: number,
  options: Subscribe,
  use: (subscription: Subscription) => Promise<void>,
): Promise<void> {
  const subscription = new Subscription(store, patienceMs, options);
  try {
    await use(subscription);
  } finally {
    subscription.abort();
  }
}

const revisionsOf = (list: readonly StoredEvent[]): readonly number[] => list.map(({ revision }) => revision);
const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, i) => i);

export const subscribeChecks: readonly Check[] = [
  {
    name: 'gives history, says that it has caught up, then gives what comes',
    async run(store, patienceMs) {
      const { stream, filter } = await history(store, 3);
      await subscribed(store, patienceMs, { filter }, async (subscription) => {
        await subscription.until(({ kind }) => kind === 'caughtUp');
        assert.deepEqual(revisionsOf(subscription.events), [0, 1, 2]);
        await store.append({ stream, expected: 2, events: events(2) });
        assert.deepEqual(revisionsOf(await subscription.untilEvents(5)), [0, 1, 2, 3, 4]);
        assert.equal(subscription.seen.filter(({ kind }) => kind === 'caughtUp').length, 1, 'it never fell behind');
      });
    },
  },
  {
    name: 'catches up at the position of the last event',
    async run(store, patienceMs) {
      const { positions } = await history(store, 2);
      await subscribed(store, patienceMs, {}, async (subscription) => {
        await subscription.until(({ kind }) => kind === 'caughtUp');
        assert.deepEqual(subscription.seen.at(-1), { kind: 'caughtUp', position: positions[1] });
      });
    },
  },
  {
    name: 'begins after a position',
    async run(store, patienceMs) {
      const { stream, positions, filter } = await history(store, 4);
      await subscribed(store, patienceMs, { filter, after: positions[1] ?? '' }, async (subscription) => {
        assert.deepEqual(revisionsOf(await subscription.untilEvents(2)), [2, 3]);
      });
      await subscribed(store, patienceMs, { filter, after: positions[3] ?? '' }, async (subscription) => {
        await subscription.until(({ kind }) => kind === 'caughtUp');
        assert.deepEqual(subscription.events, []);
        await store.append({ stream, expected: 3, events: [event()] });
        assert.deepEqual(revisionsOf(await subscription.untilEvents(1)), [4]);
      });
    },
  },
  {
    name: 'gives the same events as reading all, in the same order, and never an empty batch',
    async run(store, patienceMs) {
      await history(store, 1_200);
      await history(store, 3);
      const whole = await all(store.readAll());
      await subscribed(store, patienceMs, { batchSize: 100 }, async (subscription) => {
        await subscription.until(({ kind }) => kind === 'caughtUp');
        assert.deepEqual(subscription.events, whole);
        for (const message of subscription.seen) {
          if (message.kind === 'events') assert.ok(message.events.length > 0 && message.events.length <= 100);
        }
      });
    },
  },
  {
    name: 'waits for a stream that does not exist yet',
    async run(store, patienceMs) {
      const stream = newStream('later');
      await subscribed(store, patienceMs, { filter: { streamPrefixes: [stream] } }, async (subscription) => {
        await subscription.until(({ kind }) => kind === 'caughtUp');
        await store.append({ stream, expected: 'none', events: [event()] });
        assert.deepEqual(revisionsOf(await subscription.untilEvents(1)), [0]);
      });
    },
  },
  {
    name: 'gives what a filter asks for and nothing else, in history and live',
    async run(store, patienceMs) {
      const { stream, filter } = await history(store, 1);
      const wanted = { ...filter, types: ['Wanted'] };
      const mixed = () => [event('{}', 'Wanted'), event('{}', 'Unwanted'), event('{}', 'Wanted')];
      await store.append({ stream, expected: 0, events: mixed() });
      await store.append({ stream: newStream('elsewhere'), expected: 'none', events: mixed() });
      await subscribed(store, patienceMs, { filter: wanted }, async (subscription) => {
        await subscription.until(({ kind }) => kind === 'caughtUp');
        assert.deepEqual(revisionsOf(subscription.events), [1, 3]);
        await store.append({ stream: newStream('elsewhere'), expected: 'none', events: mixed() });
        await store.append({ stream, expected: 3, events: mixed() });
        assert.deepEqual(revisionsOf(await subscription.untilEvents(4)), [1, 3, 4, 6]);
        assert.ok(subscription.events.every((one) => one.stream === stream));
      });
    },
  },
  {
    name: 'gives each event once at the seam between history and what comes, while others write',
    async run(store, patienceMs) {
      const { stream, filter } = await history(store, 40);
      const write = async () => {
        for (let i = 40; i < 240; i += 2) {
          await store.append({ stream, expected: i - 1, events: events(2) });
          // Now and then long enough for a follower to meet the end, and short enough to write while it does.
          for (let turns = i % 7; turns >= 0; turns--) await new Promise(setImmediate);
        }
      };
      const follow = async (batchSize: number) =>
        subscribed(store, patienceMs, { filter, batchSize }, async (subscription) => {
          assert.deepEqual(revisionsOf(await subscription.untilEvents(240)), upTo(240));
        });
      // Each follower begins somewhere in the middle of the writing and meets the end more than once.
      const followers = Array.from({ length: 8 }, async (_, i) => {
        while (Number(await store.revisionOf(stream)) < 39 + i * 20) await new Promise(setImmediate);
        await follow(1 + i * 7);
      });
      await Promise.all([write(), ...followers]);
    },
  },
  {
    name: 'gives each of 500 live events once and in order',
    async run(store, patienceMs) {
      const { stream, filter } = await history(store, 1);
      await subscribed(store, patienceMs, { filter }, async (subscription) => {
        await subscription.until(({ kind }) => kind === 'caughtUp');
        const writing = Promise.all(upTo(100).map((i) => store.append({ stream, expected: i * 5, events: events(5) })));
        assert.deepEqual(revisionsOf(await subscription.untilEvents(501)), upTo(501));
        await writing;
      });
    },
  },
  {
    name: 'loses nothing to whoever goes on from any position that it named, while others write',
    async run(store, patienceMs) {
      const { stream, filter } = await history(store, 1);
      const writing = (async () => {
        for (let i = 0; i < 30; i++) {
          await store.append({ stream, expected: i, events: [event()] });
          await store.append({ stream: newStream('other'), expected: 'none', events: events(7) });
          // Long enough for a follower to catch up in between, and for one that then dawdles to be overtaken.
          for (let turns = 0; turns < 4; turns++) await new Promise(setImmediate);
        }
      })();
      try {
        for (let round = 0; round < 8; round++) {
          await subscribed(store, patienceMs, { filter }, async (subscription) => {
            await subscription.until(({ kind }) => kind === 'caughtUp');
            const named = subscription.seen.at(-1);
            const given = subscription.events.length;
            const after = named?.kind === 'caughtUp' ? named.position : undefined;
            await subscribed(store, patienceMs, { filter, ...(after !== undefined && { after }) }, async (next) => {
              const missing = 31 - given;
              if (missing > 0) assert.equal((await next.untilEvents(1))[0]?.revision, given);
            });
          });
        }
      } finally {
        await writing;
      }
    },
  },
  {
    name: 'says how far it is when a filter passes over many events',
    async run(store, patienceMs) {
      const { filter } = await history(store, 1);
      for (let i = 0; i < 12; i++) await history(store, 1_000);
      const head = await store.head();
      await subscribed(store, patienceMs, { filter }, async (subscription) => {
        await subscription.until(({ kind }) => kind === 'caughtUp');
        const passed = subscription.seen.flatMap((message) => (message.kind === 'passed' ? [message.position] : []));
        assert.ok(passed.length > 0, 'it never said how far it was');
        assert.deepEqual(passed.toSorted(), passed);
        assert.ok((passed.at(-1) ?? '') <= (head ?? ''));
        assert.ok((passed.at(-1) ?? '') > (subscription.events[0]?.position ?? ''), 'it never said so after the last match');
      });
    },
  },
  {
    name: 'lets a slow reader hold back nobody, and gives it everything when it comes',
    async run(store, patienceMs) {
      const { stream, filter } = await history(store, 1);
      await subscribed(store, patienceMs, { filter, batchSize: 10 }, async (slow) => {
        await slow.until(({ kind }) => kind === 'events');
        await subscribed(store, patienceMs, { filter }, async (quick) => {
          await within(patienceMs, 'an append beside a slow reader', store.append({ stream, expected: 0, events: events(200) }));
          await quick.untilEvents(201);
        });
        assert.equal(slow.events.length, 1);
        assert.deepEqual(revisionsOf(await slow.untilEvents(201)), upTo(201));
        await slow.until(({ kind }) => kind === 'caughtUp');
      });
    },
  },
  {
    name: 'refuses to begin beyond the end of the log, and at what is no position of it',
    async run(store, patienceMs) {
      const { positions } = await history(store, 1);
      const beyond = (positions[0] ?? '').replace(/^(.)./, '$19');
      const after = (position: string) => failure(new Subscription(store, patienceMs, { after: position }).next());
      assert.ok((await after(beyond)) instanceof PositionBeyondEnd);
      assert.ok((await after('nowhere')) instanceof Error);
    },
  },
  {
    name: 'ends when its signal aborts, while it waits and while it reads, and at once when it had aborted before',
    async run(store, patienceMs) {
      const { filter } = await history(store, 30);
      const waiting = new Subscription(store, patienceMs, { filter });
      await waiting.until(({ kind }) => kind === 'caughtUp');
      const next = waiting.next();
      waiting.abort();
      assert.equal(await next, undefined);

      const reading = new Subscription(store, patienceMs, { filter, batchSize: 10 });
      await reading.until(({ kind }) => kind === 'events');
      await reading.end();
      assert.ok(reading.events.length < 30, 'it read on to the end');

      const before = new Subscription(store, patienceMs, { filter });
      before.abort();
      assert.equal(await before.next(), undefined);
    },
  },
  {
    name: 'closes twice, ends its subscriptions, finishes what is under way and takes nothing more',
    async run(store, patienceMs) {
      const { stream, filter } = await history(store, 1);
      const subscription = new Subscription(store, patienceMs, { filter });
      await subscription.until(({ kind }) => kind === 'caughtUp');
      const end = subscription.end();
      const underWay = store.append({ stream, expected: 0, events: [event()] });
      await within(patienceMs, 'the store to close', Promise.all([store.close(), store.close()]));
      await within(patienceMs, 'the subscription to end', end);
      assert.equal((await within(patienceMs, 'the append under way', underWay)).revision, 1);
      await store.close();
      const refused = await within(patienceMs, 'an append after closing', failure(store.append({ stream, expected: 1, events: [event()] })));
      assert.ok(refused instanceof StoreStopped, `rejected with ${refused}`);
    },
  },
];


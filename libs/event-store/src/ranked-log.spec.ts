import { describe, expect, it } from '@jest/globals';
import { event, events, newStream, Subscription } from './conformance/check.js';
import { MemoryEventStore } from './memory/memory-event-store.js';
import { positionOf, rankOf } from './rank.js';

describe('following a log', () => {
  it('says again that it has caught up when it had fallen behind, and only then', async () => {
    const store = new MemoryEventStore();
    const stream = newStream();
    const subscription = new Subscription(store, 10_000, { batchSize: 10 });
    const kinds = () => subscription.seen.splice(0).map(({ kind }) => kind);
    await subscription.until(({ kind }) => kind === 'caughtUp');
    await store.append({ stream, expected: 'none', events: [event()] });
    await subscription.until(({ kind }) => kind === 'events');
    expect(kinds()).toEqual(['caughtUp', 'events']);

    await store.append({ stream, expected: 0, events: events(25) });
    await subscription.until(({ kind }) => kind === 'caughtUp');
    expect(kinds()).toEqual(['events', 'events', 'events', 'caughtUp']);
    await store.close();
  });
});

describe('a position', () => {
  it('sorts as its rank does, up to the greatest', () => {
    const ranks = [0, 9, 10, 99, 1_000_000, Number.MAX_SAFE_INTEGER];
    expect(ranks.map(positionOf).toSorted()).toEqual(ranks.map(positionOf));
    expect(ranks.map(positionOf).map(rankOf)).toEqual(ranks);
    expect(() => rankOf('7')).toThrow('not a position');
  });
});

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { appendChecks } from './conformance/append.checks.js';
import { all, event, events, ids, newStream, type Check } from './conformance/check.js';
import { readChecks } from './conformance/read.checks.js';
import { subscribeChecks } from './conformance/subscribe.checks.js';
import type { EventStore } from './event-store.js';

/** What every engine of the port must do. Each check may be run on a store that already holds other streams. */
export const conformanceChecks: readonly Check[] = [...appendChecks, ...readChecks, ...subscribeChecks];

export interface OpenStore {
  readonly store: EventStore;
  /** Closes the store and opens it again on the same events; engines that keep nothing leave it out. */
  readonly reopen?: () => Promise<EventStore>;
  /** Closes what is open and removes what it left behind. */
  readonly close: () => Promise<void>;
}

/** How long a check waits for a message before it calls it lost. */
const PATIENCE_MS = 10_000;

/** Describes the checks for one engine, each on a store of its own opening. */
export function eventStoreConformance(name: string, open: () => Promise<OpenStore>): void {
  describe(`${name} as an event store`, () => {
    let opened: OpenStore;
    beforeEach(async () => {
      opened = await open();
    });
    afterEach(() => opened.close());

    for (const check of conformanceChecks) it(check.name, () => check.run(opened.store, PATIENCE_MS));

    it('has what it acknowledged after it was closed and opened again, and goes on from there', async () => {
      if (!opened.reopen) return expect(opened.store).toBeDefined();
      const stream = newStream();
      const written = events(3);
      const first = await opened.store.append({ stream, expected: 'none', events: written });
      const reopened = await opened.reopen();
      expect(ids(await all(reopened.readStream(stream)))).toEqual(ids(written));
      expect(await reopened.append({ stream, expected: 'none', events: written })).toEqual({ ...first, repeated: true });
      const next = await reopened.append({ stream, expected: 2, events: [event()] });
      expect(next.revision).toBe(3);
      expect((next.positions[0] ?? '') > (first.positions[2] ?? '')).toBe(true);
    });
  });
}

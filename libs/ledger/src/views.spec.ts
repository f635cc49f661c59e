import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { StoredEvent } from '#event-store/event-store.js';
import { viewLawsOnPostgres } from '#projection/postgres-view.laws.js';
import { viewLaws } from '#projection/view-laws.js';
import { eventTypes } from './event-types.js';
import { actingSteps, liveActing } from './testing/acting.fixture.js';
import { anyHistories } from './testing/any-history.fixture.js';
import { live, steps } from './testing/history.fixture.js';
import { liveCrossing, liveTurning, turningSteps } from './testing/merging.fixture.js';
import { views } from './views.js';

/** What real commands leave, and what schemas allow. */
const histories: readonly (readonly StoredEvent[])[] = [
  ...(await Promise.all(
    fc.sample(steps, { numRuns: 6, seed: 20261122 }).map(async (script) => {
      const { teller, engines } = await live(script);
      const events = await teller.stored();
      await engines.close();
      return events;
    }),
  )),
  ...fc.sample(anyHistories, { numRuns: 6, seed: 20261122 }),
];

/** Those in which the gate is asked and acts are told, people are merged and parted, and mistakes are found. */
const turning: readonly (readonly StoredEvent[])[] = await Promise.all(
  [liveCrossing, ...fc.sample(actingSteps, { numRuns: 3, seed: 20261122 }).map((script) => () => liveActing(script)), ...fc.sample(turningSteps, { numRuns: 8, seed: 20261122 }).map((script) => () => liveTurning(script))].map(async (happen) => {
    const { teller, engines } = await happen();
    const events = await teller.stored();
    await engines.close();
    return events;
  }),
);

describe('the histories that the views are held to', () => {
  it('hold every type of event that is stored', () => {
    const seen = new Set([...histories, ...turning].flatMap((history) => history.map(({ type }) => type)));
    expect([...eventTypes.keys()].filter((type) => !seen.has(type))).toEqual([]);
  });
});

for (const view of views) viewLaws(view, [...histories, ...turning]);
viewLawsOnPostgres(views, [...histories, ...turning]);

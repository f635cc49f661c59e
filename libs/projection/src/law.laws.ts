/** What a law of views is, and how it is tried on many histories. */
import fc from 'fast-check';
import type { StoredEvent } from '#event-store/event-store.js';
import { differences } from './rows.js';
import type { RowsByTable } from './rows.js';
import type { View } from './view.js';

/** Events in log order, by ascending position, as one log could hold them. */
export type History = readonly StoredEvent[];
export type Histories = fc.Arbitrary<History> | readonly History[];

export interface ViewLaw {
  readonly name: string;
  /** Rejects when the view breaks the law on some history; the message names the smallest one found. */
  check(view: View, histories: Histories): Promise<void>;
}

/** Fixed, so that a build is red or green for what it builds; change it to look elsewhere. */
export const SEED = 20261122;
/** Where a history is cut, as shares of its length. */
export const CUTS = fc.array(fc.integer({ min: 0, max: 100 }), { maxLength: 6 });

export async function always<T>(arbitrary: fc.Arbitrary<T>, holds: (value: T) => void | Promise<void>, numRuns = 40): Promise<void> {
  await fc.assert(fc.asyncProperty(arbitrary, async (value) => holds(value)), { numRuns, seed: SEED, endOnFailure: false });
}

export function asArbitrary(histories: Histories): fc.Arbitrary<History> {
  return isList(histories) ? fc.constantFrom(...histories) : histories;
}

export function isList(histories: Histories): histories is readonly History[] {
  return Array.isArray(histories);
}

export function expectAlike(expected: RowsByTable, actual: RowsByTable, when: string): void {
  const found = differences(expected, actual);
  if (found.length > 0) throw new Error(`other rows (${when}): ${found.join('; ')}`);
}

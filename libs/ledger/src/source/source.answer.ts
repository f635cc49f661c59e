/** A source of the register as an answer: whether it was used on a day, and under which agreements. */
import { covers } from '../period.js';
import type { SourceState } from './source.state.js';

export function sourceAnswer(state: SourceState, day: string): object {
  return heldOn(state, day);
}

export function sourceSummary(state: SourceState, day: string): object {
  const { agreements: _agreements, used: _used, ...summary } = heldOn(state, day);
  return summary;
}

function heldOn({ kind, publiclyAccessible, purposes, used, agreements }: SourceState, day: string) {
  const days = { first: day, last: day };
  return {
    ...(kind !== undefined && { kind }),
    publiclyAccessible,
    purposes,
    isUsed: used.some((one) => covers(one, days)),
    used,
    agreements: [...agreements.values()].filter((one) => covers(one, days)).map(({ told: _told, ...one }) => one),
  };
}

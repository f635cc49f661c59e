/** When an event may have happened, at the earliest and at the latest. Nothing happened after it was recorded, whatever the end of the day that was told. */
import { parseWhen, type When } from '#law/when.js';
import type { Envelope } from './envelope.js';

export function earliestOf({ occurredAt, recordedAt }: Pick<Envelope, 'occurredAt' | 'recordedAt'>): string {
  return earlier(parseWhen(occurredAt)?.earliest ?? recordedAt, recordedAt);
}

export function latestOf({ occurredAt, recordedAt }: Pick<Envelope, 'occurredAt' | 'recordedAt'>): string {
  return earlier(parseWhen(occurredAt)?.latest ?? recordedAt, recordedAt);
}

export function earlier(a: string, b: string): string {
  return a < b ? a : b;
}

/**
 * The now of an ask, and of what is told without a time: not before what its stream has recorded, whatever the clock of whoever received it
 * says. Else a withdrawal that was recorded first, by a clock that runs ahead or while the ask stood in line, would lie in the ask's future
 * and not count; and one that was received by a clock behind that of the consent would lie in the consent's past and end nothing.
 */
export function nowOf(now: string, recordedAt: string): When {
  const at = now > recordedAt ? now : recordedAt;
  return { text: at, earliest: at, latest: at };
}

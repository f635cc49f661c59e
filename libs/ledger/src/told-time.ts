/** When an event may have happened, at the earliest and at the latest. Nothing happened after it was recorded, whatever the end of the day that was told. */
import { parseWhen } from '#law/when.js';
import type { Envelope } from './envelope.js';

export function earliestOf({ occurredAt, recordedAt }: Pick<Envelope, 'occurredAt' | 'recordedAt'>): string {
  return parseWhen(occurredAt)?.earliest ?? recordedAt;
}

export function latestOf({ occurredAt, recordedAt }: Pick<Envelope, 'occurredAt' | 'recordedAt'>): string {
  return earlier(parseWhen(occurredAt)?.latest ?? recordedAt, recordedAt);
}

export function earlier(a: string, b: string): string {
  return a < b ? a : b;
}

/** Values and days as they are shown in a terminal. */
import { millisecondsOf } from '#law/instant.js';
import { formatLocalDate } from '#law/local-date.js';
import { DEFAULT_ZONE, localDayAt } from '#law/local-time.js';
import { plainText } from './layout.js';
import { word, type Language } from './words.js';

/** What the server puts where the ledger has a reference: the value, or why there is none. */
export interface Shown {
  readonly slot: string;
  readonly value?: unknown;
  readonly erased?: true;
  readonly broken?: string;
}

/** A value, or why there is none. */
export function shownText(value: Omit<Shown, 'slot'>, language: Language): string {
  if (value.erased === true) return `(${word('erased', language)})`;
  if (value.broken !== undefined) return `(${word('broken', language)}: ${value.broken})`;
  return plainText(value.value);
}

/** The day on the ledger's own calendar, or what was told instead of one: an interval, a date of another zone. */
export function day(occurredAt: string): string {
  return occurredAt.replaceAll(`[${DEFAULT_ZONE}]`, '').replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, (instant) => formatLocalDate(localDayAt(millisecondsOf(instant), DEFAULT_ZONE)));
}

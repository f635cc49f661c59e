/** Registers count in Swedish days, first and last included; an act stands in all the days that it may have been. */
import { millisecondsOf } from '#law/instant.js';
import { formatLocalDate } from '#law/local-date.js';
import { DEFAULT_ZONE, localDayAt } from '#law/local-time.js';

export interface Days {
  readonly from: string;
  /** The last day; absent: still. */
  readonly to?: string;
}

/** The first and last day that an act may have been on. */
export interface ActDays {
  readonly first: string;
  readonly last: string;
}

export function swedishDay(instant: string): string {
  return formatLocalDate(localDayAt(millisecondsOf(instant), DEFAULT_ZONE));
}

export function daysOf(when: { readonly earliest: string; readonly latest: string }): ActDays {
  return { first: swedishDay(when.earliest), last: swedishDay(when.latest) };
}

/** Whether it held on every day that the act may have been on. */
export function covers({ from, to }: Days, { first, last }: ActDays): boolean {
  return from <= first && (to === undefined || to >= last);
}

/** The earlier of two last days. */
export function endedBy(known: string | undefined, to: string): string {
  return known === undefined || to < known ? to : known;
}

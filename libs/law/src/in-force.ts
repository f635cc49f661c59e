/** What every dated row of law data has, and whether it was law on a day. */
import type { LocalDate } from './local-date.js';
import { dayOf } from './local-date.js';

/** First and last day on which a row could be relied on; without `to` it still can. */
export interface Dated {
  readonly from: LocalDate;
  readonly to?: LocalDate;
}

/** Where a row was looked up; `doubt` says what nobody could confirm there. */
export type Provenance =
  | { readonly source: string; readonly confirmed: true }
  | { readonly source: string; readonly confirmed: false; readonly doubt: string };

export interface Text {
  readonly sv: string;
  readonly en: string;
}

/** Throws RangeError unless `on` is a date; both ends of the row belong to it. */
export function inForce({ from, to }: Dated, on: LocalDate): boolean {
  const day = dayOf(on);
  return day >= dayOf(from) && (to === undefined || day <= dayOf(to));
}

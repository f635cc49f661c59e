/** Shapes that many elements of a policy file share. */
import type { Kind, Named } from './policy.js';
import { checked, defines, orNone, pattern, set, words } from './shape.js';
import type { Shape } from './shape.js';

export const date = checked(isCalendarDate, 'a date that exists, as 2018-05-25');

export const dateOrInstant = checked(
  (value) => isCalendarDate(value) || isInstant(value),
  'a date that exists, as 2018-05-25, or an instant in UTC, as 2018-05-24T22:00:00Z',
);

/** Years, months, weeks, days: no hours, for nothing here is that short. */
export const period = pattern(/^P(?=\d)(\d{1,3}Y)?(\d{1,4}M)?(\d{1,4}W)?(\d{1,5}D)?$/, 'a period of years, months, weeks or days, as P24M');

/** A row of what the published text promises or the law requires: S003, G14.2, SE8, L-05. */
export const rows = orNone(set(pattern(/^(S\d{3}|G\d{2}(\.\d)?|SE\d{1,2}|T\d{1,2}|L-\d{2})$/, 'a row, as S003')));

export function named(kind: Kind): { readonly id: Shape<string>; readonly label: Shape<Named['label']>; readonly rows: Shape<readonly string[]> } {
  return { id: defines(kind), label: words, rows };
}

export function isInstant(value: string): boolean {
  return /^\d{4}-\d{2}-\d{2}T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,3})?Z$/.test(value) && isCalendarDate(value.slice(0, 10));
}

/** Proleptic Gregorian. No Date object: this room reads no clock. */
export function isCalendarDate(value: string): boolean {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(value);
  if (parts === null) return false;
  const [year, month, day] = parts.slice(1).map(Number) as [number, number, number];
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1];
  return days !== undefined && day >= 1 && day <= days;
}

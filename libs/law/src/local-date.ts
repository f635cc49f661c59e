/**
 * Calendar dates as whole days since 1970-01-01, proleptic Gregorian.
 *
 * The conversions are Howard Hinnant's `days_from_civil` and `civil_from_days` (howardhinnant.github.io/date_algorithms.html):
 * years that begin in March put the leap day last, so no table is needed.
 */

/** `YYYY-MM-DD`, years 1900–9999. Which zone it is a date in, its neighbour says. */
export type LocalDate = string;

export const MILLISECONDS_PER_DAY = 86_400_000;
const FIRST_YEAR = 1900;
const LAST_YEAR = 9999;
const DAYS_PER_ERA = 146_097; // 400 years
const MARCH_1_OF_YEAR_0 = 719_468; // days before 1970-01-01

/** Years outside are not told and not computed: four digits keep dates and instants in order as text. */
export const FIRST_DAY = dayNumber(FIRST_YEAR, 1, 1);
export const LAST_DAY = dayNumber(LAST_YEAR, 12, 31);

export interface Civil {
  readonly year: number;
  readonly month: number;
  readonly dayOfMonth: number;
}

/** Days since 1970-01-01 of a date that exists. */
export function dayNumber(year: number, month: number, dayOfMonth: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + dayOfMonth - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * DAYS_PER_ERA + dayOfEra - MARCH_1_OF_YEAR_0;
}

export function civilOf(day: number): Civil {
  const z = day + MARCH_1_OF_YEAR_0;
  const era = Math.floor(z / DAYS_PER_ERA);
  const dayOfEra = z - era * DAYS_PER_ERA;
  const yearOfEra = Math.floor((dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365);
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const marchMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfMonth: dayOfYear - Math.floor((153 * marchMonth + 2) / 5) + 1 };
}

export function daysInMonth(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** 0 is Sunday; 1970-01-01 was a Thursday. */
export function weekdayOf(day: number): number {
  return (((day + 4) % 7) + 7) % 7;
}

/** The day of a date that is told: undefined unless it is `YYYY-MM-DD` and exists. */
export function parseLocalDate(text: string): number | undefined {
  return text.length === 10 ? readDate(text) : undefined;
}

/** The day of a date that our own code made or checked. Throws RangeError on any other. */
export function dayOf(on: LocalDate): number {
  const day = parseLocalDate(on);
  if (day === undefined) throw new RangeError('expected a date as YYYY-MM-DD, years 1900 to 9999');
  return day;
}

export function formatLocalDate(day: number): LocalDate {
  const { year, month, dayOfMonth } = civilOf(day);
  return `${String(year).padStart(4, '0')}-${pad2(month)}-${pad2(dayOfMonth)}`;
}

export function pad2(n: number): string {
  return n < 10 ? `0${n}` : String(n);
}

/** Reads the date that `text` begins with, whatever follows. By character codes: every told instant comes through here. */
export function readDate(text: string): number | undefined {
  const year = digitsAt(text, 0, 4);
  const month = digitsAt(text, 5, 2);
  const dayOfMonth = digitsAt(text, 8, 2);
  if (text.charCodeAt(4) !== 0x2d || text.charCodeAt(7) !== 0x2d) return undefined;
  if (year < FIRST_YEAR || month < 1 || month > 12 || dayOfMonth < 1 || dayOfMonth > daysInMonth(year, month)) return undefined;
  return dayNumber(year, month, dayOfMonth);
}

/** The number that `count` ASCII digits from `at` make; -1 when one of them is none. */
export function digitsAt(text: string, at: number, count: number): number {
  let n = 0;
  for (let i = at; i < at + count; i += 1) {
    const digit = text.charCodeAt(i) - 0x30;
    if (!(digit >= 0 && digit <= 9)) return -1; // NaN beyond the end is refused too
    n = n * 10 + digit;
  }
  return n;
}

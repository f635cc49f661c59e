/**
 * Days on which nothing falls due, as dated rules. Looked up 2026-11-22.
 *
 * Sources: lag (1989:253) om allmänna helgdagar, in force 1990-01-01 (it repealed lag (1938:107) on that day), as amended by lag
 * (2004:1320), in force 2005-04-01, prop. 2004/05:23 (riksdagen.se, lagen.nu/1989:253); lag (1930:173) om beräkning av lagstadgad
 * tid 2 §, the three eves since SFS 1974:756 (prop. 1974:147). Nothing is stated here before 1990: the GDPR has no period that old.
 */
import type { LocalDate } from '../local-date.js';

export type HolidayId =
  | 'new-years-day' | 'epiphany' | 'good-friday' | 'easter-day' | 'easter-monday' | 'may-day' | 'ascension-day' | 'whit-sunday'
  | 'whit-monday' | 'national-day' | 'midsummer-day' | 'all-saints-day' | 'christmas-day' | 'boxing-day' | 'sunday'
  | 'midsummer-eve' | 'christmas-eve' | 'new-years-eve';

export type Weekday = 'friday' | 'saturday';

export type HolidayPlacement =
  | { readonly kind: 'fixed'; readonly month: number; readonly dayOfMonth: number }
  | { readonly kind: 'easter'; readonly offsetDays: number }
  /** The first such weekday on or after the date. */
  | { readonly kind: 'weekday'; readonly weekday: Weekday; readonly month: number; readonly dayOfMonth: number }
  | { readonly kind: 'every-sunday' };

export interface HolidayRule {
  readonly id: HolidayId;
  readonly placement: HolidayPlacement;
  /** First and last day on which the rule was law. */
  readonly from: LocalDate;
  readonly to?: LocalDate;
  readonly source: string;
}

/** A single day that the rules get wrong, when the Riksdag decides so for one year. */
export interface HolidayOverride {
  readonly on: LocalDate;
  readonly id: HolidayId;
  readonly isHoliday: boolean;
  readonly source: string;
}

export interface Calendar {
  readonly version: string;
  readonly rules: readonly HolidayRule[];
  readonly overrides: readonly HolidayOverride[];
}

const ACT = { from: '1990-01-01', source: 'lag (1989:253) 1–2 §§' } as const;
const EVES = { from: '1990-01-01', source: 'lag (1930:173) 2 §' } as const;
const fixed = (month: number, dayOfMonth: number) => ({ kind: 'fixed', month, dayOfMonth }) as const;
const easter = (offsetDays: number) => ({ kind: 'easter', offsetDays }) as const;

const PUBLIC_HOLIDAY_RULES: readonly HolidayRule[] = [
  { id: 'new-years-day', placement: fixed(1, 1), ...ACT },
  { id: 'epiphany', placement: fixed(1, 6), ...ACT },
  { id: 'good-friday', placement: easter(-2), ...ACT },
  { id: 'easter-day', placement: easter(0), ...ACT },
  { id: 'easter-monday', placement: easter(1), ...ACT },
  { id: 'may-day', placement: fixed(5, 1), ...ACT },
  { id: 'ascension-day', placement: easter(39), ...ACT }, // the sixth Thursday after Easter Day
  { id: 'whit-sunday', placement: easter(49), ...ACT },
  // In 2005 it would have fallen on 16 May, after the amendment.
  { id: 'whit-monday', placement: easter(50), from: '1990-01-01', to: '2005-03-31', source: 'lag (1989:253) in its first wording' },
  { id: 'national-day', placement: fixed(6, 6), from: '2005-04-01', source: 'lag (2004:1320)' },
  { id: 'midsummer-day', placement: { kind: 'weekday', weekday: 'saturday', month: 6, dayOfMonth: 20 }, ...ACT },
  { id: 'all-saints-day', placement: { kind: 'weekday', weekday: 'saturday', month: 10, dayOfMonth: 31 }, ...ACT },
  { id: 'christmas-day', placement: fixed(12, 25), ...ACT },
  { id: 'boxing-day', placement: fixed(12, 26), ...ACT },
  { id: 'sunday', placement: { kind: 'every-sunday' }, ...ACT },
];

/** None has been decided so far. */
const OVERRIDES: readonly HolidayOverride[] = [];

/** For periods of Union law: the days a Member State has designated (Regulation (EEC, Euratom) 1182/71 Art. 2(1)). */
export const SWEDISH_PUBLIC_HOLIDAYS: Calendar = { version: 'se-1989-253-2005-04-01', rules: PUBLIC_HOLIDAY_RULES, overrides: OVERRIDES };

/** For periods of Swedish statutes only: three eves count as holidays too. Never for a period of the GDPR. */
export const SWEDISH_STATUTORY_DAYS: Calendar = {
  version: 'se-1930-173-2005-04-01',
  rules: [
    ...PUBLIC_HOLIDAY_RULES,
    { id: 'midsummer-eve', placement: { kind: 'weekday', weekday: 'friday', month: 6, dayOfMonth: 19 }, ...EVES },
    { id: 'christmas-eve', placement: fixed(12, 24), ...EVES },
    { id: 'new-years-eve', placement: fixed(12, 31), ...EVES },
  ],
  overrides: OVERRIDES,
};

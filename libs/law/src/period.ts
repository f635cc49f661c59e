/**
 * When a period ends: Regulation (EEC, Euratom) No 1182/71 of 3 June 1971, Art. 3 (OJ L 124, 8.6.1971, p. 1), which governs the
 * periods of the GDPR, with the day it runs from read as the Court reads it (C-171/03 Toeters, 11 November 2004, ruling 1(a)).
 */
import { daysOffFrom, dayOffOn } from './calendar.js';
import type { DayOff } from './calendar.js';
import type { Calendar } from './data/holidays.js';
import { SWEDISH_PUBLIC_HOLIDAYS } from './data/holidays.js';
import { RULES_VERSION } from './data/rules-version.js';
import { FIRST_INSTANT, LAST_INSTANT, formatInstant, millisecondsOf } from './instant.js';
import type { LocalDate } from './local-date.js';
import { FIRST_DAY, LAST_DAY, civilOf, dayNumber, dayOf, daysInMonth, formatLocalDate } from './local-date.js';
import { DEFAULT_ZONE, localClock, localDay, localDayAt } from './local-time.js';
import type { When } from './when.js';

/** An ISO 8601 duration of one unit, up to four digits. Mixed ones (`P1Y6M`) have no rule of their own in Art. 3. */
export type Period = `P${number}${'D' | 'W' | 'M' | 'Y'}` | `PT${number}H`;
export type PeriodUnit = 'hours' | 'days' | 'weeks' | 'months' | 'years';

/** A deadline is the last day to act; an upper limit the longest that data may be kept; a lower limit the shortest. */
export type PeriodKind = 'deadline' | 'upper-limit' | 'lower-limit';

/** Why a period ends when it ends: enough to show it to a person and to compute it again. Plain JSON. */
export interface Explanation {
  readonly rule: string;
  readonly ruleSetVersion: string;
  readonly policyClause?: string;
  readonly kind: PeriodKind;
  /** None where the limit is a moment. */
  readonly period?: Period;
  readonly countedBackwards?: true;
  /** What it is counted from: a local date, or an instant for hours and moments. */
  readonly start: string;
  /** The local date it ends on by Art. 3(1)–(2), and after Art. 3(4). */
  readonly nominal: LocalDate;
  readonly adjusted: LocalDate;
  /** The days that were passed over between them, in order; empty when the two are one. */
  readonly adjustmentReason: readonly DayOff[];
  readonly calendarVersion: string;
  readonly zone: string;
  readonly causingEventIds: readonly string[];
  /** The last local date (`adjusted`) and the last instant that are within the period. */
  readonly endsOn: LocalDate;
  readonly endsAt: string;
  /** For hours only, and for information: the binding end is the strict one in `endsAt`. */
  readonly inWholeHours?: WholeHours;
}

export interface WholeHours {
  /** By Art. 3(1) the hour of the event does not count: later than the strict end, by an hour at most. */
  readonly endsAt: string;
  /** Of the days after that of the event: Art. 3(5) asks for two in any period of two days or more. */
  readonly workingDays: number;
}

export interface PeriodInput {
  /** From an interval, deadlines and upper limits count from its earliest end, lower limits from its latest. */
  readonly start: When;
  readonly period: Period;
  readonly kind: PeriodKind;
  readonly rule: string;
  readonly policyClause?: string;
  readonly causingEventIds: readonly string[];
  /** "no later than two weeks before": ends as many days earlier, and is never moved (Art. 3(4), second sentence). */
  readonly countedBackwards?: boolean;
  readonly zone?: string;
  readonly calendar?: Calendar;
}

const HOUR = 3_600_000;
const PERIOD = /^P(?:(\d{1,4})([DWMY])|T(\d{1,4})H)$/;

export function isPeriod(text: string): text is Period {
  return PERIOD.test(text);
}

export function partsOf(period: Period): { readonly count: number; readonly unit: PeriodUnit } {
  const [, count, letter, hours] = PERIOD.exec(period) ?? [];
  if (hours !== undefined) return { count: Number(hours), unit: 'hours' };
  if (count === undefined) throw new RangeError('expected a period as PnD, PnW, PnM, PnY or PTnH');
  return { count: Number(count), unit: letter === 'D' ? 'days' : letter === 'W' ? 'weeks' : letter === 'M' ? 'months' : 'years' };
}

/** When the period ends, with every step shown. Ends outside 1900–9999 are the first or last day of these. Throws RangeError on an unknown zone. */
export function endOfPeriod(input: PeriodInput): Explanation {
  const { zone = DEFAULT_ZONE, calendar = SWEDISH_PUBLIC_HOLIDAYS, countedBackwards = false } = input;
  const { count, unit } = partsOf(input.period);
  const startMs = millisecondsOf(input.kind === 'lower-limit' ? input.start.latest : input.start.earliest);
  const steps = countedBackwards ? -count : count;
  const why = whyOf(input, zone, calendar);
  if (unit === 'hours') {
    const endMs = within(startMs + steps * HOUR);
    const inWholeHours = countedBackwards ? undefined : wholeHours(startMs, count, zone, calendar);
    return { ...why, start: formatInstant(startMs), ...unmoved(localDayAt(endMs, zone)), endsAt: formatInstant(endMs), ...(inWholeHours && { inWholeHours }) };
  }
  const startDay = localDayAt(startMs, zone);
  const nominal = Math.min(Math.max(step(startDay, unit, steps), FIRST_DAY), LAST_DAY);
  // Art. 3(4): only what someone must do by its last day waits for a working day.
  const passed = input.kind === 'deadline' && !countedBackwards ? daysOffFrom(nominal, calendar) : [];
  const end = Math.min(nominal + passed.length, LAST_DAY);
  return {
    ...why,
    start: formatLocalDate(startDay),
    ...unmoved(end),
    nominal: formatLocalDate(nominal),
    adjustmentReason: passed.slice(0, end - nominal),
    endsAt: formatInstant(within(localDay(end, zone).endMs)),
  };
}

/** A limit that is a moment, not a period: it ends with the earliest instant that the moment may have been. */
export function endAtMoment(input: Omit<PeriodInput, 'start' | 'period' | 'kind' | 'countedBackwards'> & { readonly at: When }): Explanation {
  const { zone = DEFAULT_ZONE, calendar = SWEDISH_PUBLIC_HOLIDAYS, at } = input;
  const why = whyOf({ ...input, kind: 'deadline' }, zone, calendar);
  return { ...why, start: at.earliest, ...unmoved(localDayAt(millisecondsOf(at.earliest), zone)), endsAt: at.earliest };
}

/** 31 December of the date's year: where lower limits such as 7 kap. 2 § bokföringslagen (1999:1078) begin to count. */
export function endOfCalendarYear(on: LocalDate): LocalDate {
  return formatLocalDate(dayNumber(civilOf(dayOf(on)).year, 12, 31));
}

function whyOf(input: Omit<PeriodInput, 'start' | 'period'> & { readonly period?: Period }, zone: string, calendar: Calendar) {
  return {
    rule: input.rule,
    ruleSetVersion: RULES_VERSION,
    ...(input.policyClause !== undefined && { policyClause: input.policyClause }),
    kind: input.kind,
    ...(input.period !== undefined && { period: input.period }),
    ...(input.countedBackwards === true && { countedBackwards: true as const }),
    calendarVersion: calendar.version,
    zone,
    causingEventIds: input.causingEventIds,
  };
}

function unmoved(day: number) {
  const on = formatLocalDate(day);
  return { nominal: on, adjusted: on, adjustmentReason: [], endsOn: on } as const;
}

/**
 * The last day of a period that runs from `day`, by Art. 3(1) and 3(2)(b)–(c). That the day of the event does not count is why
 * one day ends tomorrow, one week on the same weekday, one month on the same date, or on the month's last day where it has none.
 */
function step(day: number, unit: Exclude<PeriodUnit, 'hours'>, steps: number): number {
  switch (unit) {
    case 'days':
      return day + steps;
    case 'weeks':
      return day + 7 * steps;
    case 'months':
      return stepMonths(day, steps);
    case 'years':
      return stepMonths(day, 12 * steps);
    default: {
      const _: never = unit;
      return _;
    }
  }
}

function stepMonths(day: number, months: number): number {
  const { year, month, dayOfMonth } = civilOf(day);
  const total = year * 12 + (month - 1) + months;
  const endYear = Math.floor(total / 12);
  const endMonth = total - endYear * 12 + 1;
  return dayNumber(endYear, endMonth, Math.min(dayOfMonth, daysInMonth(endYear, endMonth)));
}

function wholeHours(startMs: number, count: number, zone: string, calendar: Calendar): WholeHours {
  const clock = localClock(startMs, zone);
  const nextHourMs = startMs + (HOUR - (((clock % HOUR) + HOUR) % HOUR));
  const endMs = within(nextHourMs + count * HOUR);
  let workingDays = 0;
  for (let day = localDayAt(startMs, zone) + 1; day <= localDayAt(endMs - 1, zone); day += 1) if (dayOffOn(day, calendar) === undefined) workingDays += 1;
  return { endsAt: formatInstant(endMs), workingDays };
}

/** Only what can be told can be computed: years 1900–9999. A period that would end outside ends there. */
function within(ms: number): number {
  return Math.min(Math.max(ms, FIRST_INSTANT), LAST_INSTANT);
}

/** Which days are public holidays, which are working days. A calendar is data (`data/holidays.ts`); this places its rules in a year. */
import type { Calendar, HolidayId, HolidayPlacement, HolidayRule, Weekday } from './data/holidays.js';
import { SWEDISH_PUBLIC_HOLIDAYS } from './data/holidays.js';
import type { LocalDate } from './local-date.js';
import { civilOf, dayNumber, dayOf, formatLocalDate, weekdayOf } from './local-date.js';

/** A day on which no deadline ends, and why. */
export interface DayOff {
  readonly on: LocalDate;
  readonly because: 'saturday' | HolidayId;
}

const WEEKDAYS: Readonly<Record<Weekday, number>> = { friday: 5, saturday: 6 };
const SUNDAY = 0;
const SATURDAY = 6;

const placed = new WeakMap<Calendar, Map<number, ReadonlyMap<number, HolidayId>>>();

/** A day that the Member State has designated as a public holiday, Sundays included where its law says so. */
export function isPublicHoliday(on: LocalDate, calendar: Calendar = SWEDISH_PUBLIC_HOLIDAYS): boolean {
  return holidayOn(dayOf(on), calendar) !== undefined;
}

/** Every day but public holidays, Sundays and Saturdays (Regulation (EEC, Euratom) 1182/71 Art. 2(2)). */
export function isWorkingDay(on: LocalDate, calendar: Calendar = SWEDISH_PUBLIC_HOLIDAYS): boolean {
  return dayOffOn(dayOf(on), calendar) === undefined;
}

/** The day itself when it is a working day, else the first after it. */
export function nextWorkingDay(on: LocalDate, calendar: Calendar = SWEDISH_PUBLIC_HOLIDAYS): LocalDate {
  const day = dayOf(on);
  return formatLocalDate(day + daysOffFrom(day, calendar).length);
}

/** The unbroken run of days off that begins with `day`: none when it is a working day. */
export function daysOffFrom(day: number, calendar: Calendar): readonly DayOff[] {
  const run: DayOff[] = [];
  for (let off = dayOffOn(day, calendar); off !== undefined; off = dayOffOn(day + run.length, calendar)) run.push(off);
  return run;
}

export function dayOffOn(day: number, calendar: Calendar): DayOff | undefined {
  // Saturdays and Sundays by the Regulation itself, whatever the calendar says.
  const weekday = weekdayOf(day);
  const because = holidayOn(day, calendar) ?? (weekday === SATURDAY ? 'saturday' : weekday === SUNDAY ? 'sunday' : undefined);
  return because === undefined ? undefined : { on: formatLocalDate(day), because };
}

/** Easter Day of a year: the Gregorian computus as Meeus gives it (Astronomical Algorithms, ch. 8; Butcher 1876). */
export function easterDay(year: number): number {
  const a = year % 19;
  const b = Math.floor(year / 100);
  const c = year % 100;
  const d = Math.floor(b / 4);
  const e = b % 4;
  const f = Math.floor((b + 8) / 25);
  const g = Math.floor((b - f + 1) / 3);
  const h = (19 * a + b - d - g + 15) % 30;
  const i = Math.floor(c / 4);
  const k = c % 4;
  const l = (32 + 2 * e + 2 * i - h - k) % 7;
  const m = Math.floor((a + 11 * h + 22 * l) / 451);
  const n = h + l - 7 * m + 114;
  return dayNumber(year, Math.floor(n / 31), (n % 31) + 1);
}

function holidayOn(day: number, calendar: Calendar): HolidayId | undefined {
  const { year } = civilOf(day);
  let years = placed.get(calendar);
  if (years === undefined) placed.set(calendar, (years = new Map()));
  let holidays = years.get(year);
  if (holidays === undefined) years.set(year, (holidays = placeYear(year, calendar)));
  return holidays.get(day);
}

/** The year's holidays by day. Of two on one day the rule that stands first names it (Easter Day before Sunday). */
function placeYear(year: number, calendar: Calendar): ReadonlyMap<number, HolidayId> {
  const holidays = new Map<number, HolidayId>();
  for (const rule of calendar.rules) {
    for (const day of placementsIn(year, rule.placement)) {
      if (wasLaw(rule, day) && !holidays.has(day)) holidays.set(day, rule.id);
    }
  }
  for (const { on, id, isHoliday } of calendar.overrides) {
    if (civilOf(dayOf(on)).year !== year) continue;
    if (isHoliday) holidays.set(dayOf(on), id);
    else if (holidays.get(dayOf(on)) === id) holidays.delete(dayOf(on));
  }
  return holidays;
}

function wasLaw(rule: HolidayRule, day: number): boolean {
  return day >= dayOf(rule.from) && (rule.to === undefined || day <= dayOf(rule.to));
}

function placementsIn(year: number, placement: HolidayPlacement): readonly number[] {
  switch (placement.kind) {
    case 'fixed':
      return [dayNumber(year, placement.month, placement.dayOfMonth)];
    case 'easter':
      return [easterDay(year) + placement.offsetDays];
    case 'weekday':
      return [weekdayFrom(dayNumber(year, placement.month, placement.dayOfMonth), WEEKDAYS[placement.weekday])];
    case 'every-sunday': {
      const sundays: number[] = [];
      for (let day = weekdayFrom(dayNumber(year, 1, 1), SUNDAY); day <= dayNumber(year, 12, 31); day += 7) sundays.push(day);
      return sundays;
    }
    default: {
      const _: never = placement;
      return _;
    }
  }
}

/** The first such weekday on or after `day`. */
function weekdayFrom(day: number, weekday: number): number {
  return day + ((weekday - weekdayOf(day) + 7) % 7);
}

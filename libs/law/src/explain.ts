/** An explanation as a sentence, in Swedish and English: for notices, certificates and the console. */
import type { DayOff } from './calendar.js';
import { LEGAL_LIMITS } from './data/limits.js';
import { formatTimeOfDay, millisecondsOf } from './instant.js';
import { MILLISECONDS_PER_DAY, civilOf, dayOf, weekdayOf } from './local-date.js';
import { localClock } from './local-time.js';
import type { Explanation, PeriodUnit } from './period.js';
import { partsOf } from './period.js';

export type Language = 'sv' | 'en';

/** One or two sentences: what is counted, from when, until when, and why the last day was or was not moved. */
export function explain(explanation: Explanation, language: Language): string {
  const words = WORDS[language];
  const { kind, period, zone, adjustmentReason, start } = explanation;
  const limit = LEGAL_LIMITS.find(({ id }) => id === explanation.rule);
  const rule = capital(explanation.policyClause ?? limit?.article[language] ?? explanation.rule);
  const endTime = `${time(explanation.endsAt, zone, words)} (${zone})`;
  if (period === undefined) return `${rule}: ${words.moment([limit?.moment?.[language] ?? [], endTime].flat().join(', '))}`;
  const { count, unit } = partsOf(period);
  const length = `${count} ${words.units[unit][count === 1 ? 0 : 1]}`;
  const counted = explanation.countedBackwards ? words.backwards : words.forwards;
  if (unit === 'hours') return `${rule}: ${words.hours(`${length} ${counted} ${time(start, zone, words)}`, endTime)}`;
  const sum = `${length} ${counted} ${date(dayOf(start), words)}`;
  const end = date(dayOf(explanation.adjusted), words);
  switch (kind) {
    case 'deadline':
      if (adjustmentReason.length === 0) return `${rule}: ${words.deadline(sum, end, zone)}`;
      return `${rule}: ${words.moved(sum, date(dayOf(explanation.nominal), words), passed(adjustmentReason, words), end, zone)}`;
    case 'upper-limit':
      return `${rule}: ${words.upper(sum, end, zone)}`;
    case 'lower-limit':
      return `${rule}: ${words.lower(sum, end, zone)}`;
    default: {
      const _: never = kind;
      return _;
    }
  }
}

interface Words {
  readonly weekdays: readonly string[];
  readonly months: readonly string[];
  readonly units: Readonly<Record<PeriodUnit, readonly [one: string, many: string]>>;
  readonly days: Readonly<Record<DayOff['because'], string>>;
  readonly and: string;
  readonly forwards: string;
  readonly backwards: string;
  date(weekday: string, dayOfMonth: number, month: string, year: number): string;
  at(date: string, clock: string): string;
  moment(end: string): string;
  hours(sum: string, end: string): string;
  deadline(sum: string, end: string, zone: string): string;
  moved(sum: string, nominal: string, passed: string, end: string, zone: string): string;
  upper(sum: string, end: string, zone: string): string;
  lower(sum: string, end: string, zone: string): string;
}

const SWEDISH: Words = {
  weekdays: ['söndagen', 'måndagen', 'tisdagen', 'onsdagen', 'torsdagen', 'fredagen', 'lördagen'],
  months: ['januari', 'februari', 'mars', 'april', 'maj', 'juni', 'juli', 'augusti', 'september', 'oktober', 'november', 'december'],
  units: { hours: ['timme', 'timmar'], days: ['dag', 'dagar'], weeks: ['vecka', 'veckor'], months: ['månad', 'månader'], years: ['år', 'år'] },
  days: {
    'new-years-day': 'nyårsdagen', epiphany: 'trettondedag jul', 'good-friday': 'långfredagen', 'easter-day': 'påskdagen',
    'easter-monday': 'annandag påsk', 'may-day': 'första maj', 'ascension-day': 'Kristi himmelsfärdsdag', 'whit-sunday': 'pingstdagen',
    'whit-monday': 'annandag pingst', 'national-day': 'nationaldagen', 'midsummer-day': 'midsommardagen', 'all-saints-day': 'alla helgons dag',
    'christmas-day': 'juldagen', 'boxing-day': 'annandag jul', sunday: 'söndag', saturday: 'lördag',
    'midsummer-eve': 'midsommarafton', 'christmas-eve': 'julafton', 'new-years-eve': 'nyårsafton',
  },
  and: 'och',
  forwards: 'från',
  backwards: 'räknat bakåt från',
  date: (weekday, dayOfMonth, month, year) => `${weekday} den ${dayOfMonth} ${month} ${year}`,
  at: (on, clock) => `${on} kl. ${clock.replace(':', '.')}`,
  moment: (end) => `senast ${end}.`,
  hours: (sum, end) => `${sum}, till ${end}.`,
  deadline: (sum, end, zone) => `${sum} löper ut vid slutet av ${end} (${zone}).`,
  moved: (sum, nominal, off, end, zone) =>
    `${sum} slutar ${nominal}. Tiden förlängs över ${off} och löper ut vid slutet av nästa arbetsdag, ${end} (${zone}).`,
  upper: (sum, end, zone) => `${sum}, som längst till slutet av ${end} (${zone}). En längsta tid förlängs inte till nästa arbetsdag.`,
  lower: (sum, end, zone) => `${sum}, som kortast till slutet av ${end} (${zone}).`,
};

const ENGLISH: Words = {
  weekdays: ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'],
  months: ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'],
  units: { hours: ['hour', 'hours'], days: ['day', 'days'], weeks: ['week', 'weeks'], months: ['month', 'months'], years: ['year', 'years'] },
  days: {
    'new-years-day': 'New Year’s Day', epiphany: 'Epiphany', 'good-friday': 'Good Friday', 'easter-day': 'Easter Day',
    'easter-monday': 'Easter Monday', 'may-day': 'May Day', 'ascension-day': 'Ascension Day', 'whit-sunday': 'Whit Sunday',
    'whit-monday': 'Whit Monday', 'national-day': 'the National Day', 'midsummer-day': 'Midsummer Day', 'all-saints-day': 'All Saints’ Day',
    'christmas-day': 'Christmas Day', 'boxing-day': 'Boxing Day', sunday: 'a Sunday', saturday: 'a Saturday',
    'midsummer-eve': 'Midsummer Eve', 'christmas-eve': 'Christmas Eve', 'new-years-eve': 'New Year’s Eve',
  },
  and: 'and',
  forwards: 'from',
  backwards: 'counted backwards from',
  date: (weekday, dayOfMonth, month, year) => `${weekday} ${dayOfMonth} ${month} ${year}`,
  at: (on, clock) => `${on} at ${clock}`,
  moment: (end) => `at the latest ${end}.`,
  hours: (sum, end) => `${sum}, until ${end}.`,
  deadline: (sum, end, zone) => `${sum} runs out at the end of ${end} (${zone}).`,
  moved: (sum, nominal, off, end, zone) =>
    `${sum} ends on ${nominal}. It is extended over ${off} and runs out at the end of the next working day, ${end} (${zone}).`,
  upper: (sum, end, zone) => `${sum}, at the longest until the end of ${end} (${zone}). A longest time is not extended to the next working day.`,
  lower: (sum, end, zone) => `${sum}, at the shortest until the end of ${end} (${zone}).`,
};

const WORDS: Readonly<Record<Language, Words>> = { sv: SWEDISH, en: ENGLISH };

function date(day: number, words: Words): string {
  const { year, month, dayOfMonth } = civilOf(day);
  return words.date(words.weekdays[weekdayOf(day)] ?? '', dayOfMonth, words.months[month - 1] ?? '', year);
}

function time(instant: string, zone: string, words: Words): string {
  const clock = localClock(millisecondsOf(instant), zone);
  const day = Math.floor(clock / MILLISECONDS_PER_DAY);
  return words.at(date(day, words), formatTimeOfDay(clock - day * MILLISECONDS_PER_DAY));
}

function passed(days: readonly DayOff[], words: Words): string {
  const names = days.map(({ because }) => words.days[because]);
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} ${words.and} ${names.at(-1)}`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isWorkingDay } from './calendar.js';
import { SWEDISH_PUBLIC_HOLIDAYS, SWEDISH_STATUTORY_DAYS } from './data/holidays.js';
import { RULES_VERSION } from './data/rules-version.js';
import { dayOf, formatLocalDate } from './local-date.js';
import type { Period, PeriodInput, PeriodKind } from './period.js';
import { endAtMoment, endOfCalendarYear, endOfPeriod, isPeriod, partsOf } from './period.js';
import type { When } from './when.js';
import { parseWhen } from './when.js';

function told(text: string): When {
  const when = parseWhen(text);
  if (when === undefined) throw new Error('not a time');
  return when;
}

const end = (start: string, period: Period, kind: PeriodKind, more: Partial<PeriodInput> = {}) =>
  endOfPeriod({ start: told(start), period, kind, rule: 'a-rule', causingEventIds: [], ...more });

describe('a deadline', () => {
  it.each([
    ['T1: the day of the event does not count', '2026-03-02', 'P1D', '2026-03-03', '2026-03-03'],
    ['T1: nor does the rest of it', '2026-03-02T23:59:00+01:00', 'P1D', '2026-03-03', '2026-03-03'],
    ['T2: a week ends on the same weekday', '2026-03-03', 'P1W', '2026-03-10', '2026-03-10'],
    ['T2: a month ends on the same date, or on the last', '2026-08-31', 'P1M', '2026-09-30', '2026-09-30'],
    ['T2: in a leap year', '2024-01-31', 'P1M', '2024-02-29', '2024-02-29'],
    ['T2: and in another', '2025-01-31', 'P1M', '2025-02-28', '2025-02-28'],
    ['T2: a year from a leap day', '2024-02-29', 'P1Y', '2025-02-28', '2025-02-28'],
    ['T2: months run over the year', '2025-11-30', 'P3M', '2026-02-28', '2026-03-02'],
    ['T3: days off count within the period', '2025-12-22', 'P8D', '2025-12-30', '2025-12-30'],
    ['T4: Christmas 2025', '2025-11-25', 'P1M', '2025-12-25', '2025-12-29'],
    ['T4: Christmas 2024', '2024-11-25', 'P1M', '2024-12-25', '2024-12-27'],
    ['T4: Easter Monday 2026', '2026-03-06', 'P1M', '2026-04-06', '2026-04-07'],
    ['T6: Christmas Eve is a working day', '2025-11-24', 'P1M', '2025-12-24', '2025-12-24'],
    ['G12.2: three months from receipt', '2025-11-30', 'P3M', '2026-02-28', '2026-03-02'],
    ['told just after midnight in Stockholm', '2025-11-24T23:30:00Z', 'P1M', '2025-12-25', '2025-12-29'],
  ] as const)('%s', (_, start, period, nominal, adjusted) => {
    const { nominal: was, adjusted: is, endsOn } = end(start, period, 'deadline');
    expect([was, is, endsOn]).toEqual([nominal, adjusted, adjusted]);
  });

  it('ends with the last instant of the local day (T7)', () => {
    expect(end('2025-11-25', 'P1M', 'deadline').endsAt).toBe('2025-12-29T22:59:59.999Z');
    expect(end('2026-06-25', 'P1M', 'deadline').endsAt).toBe('2026-07-27T21:59:59.999Z');
  });

  it('follows the second calendar only when it is asked to', () => {
    expect(end('2025-11-24', 'P1M', 'deadline', { calendar: SWEDISH_STATUTORY_DAYS })).toMatchObject({ adjusted: '2025-12-29', calendarVersion: SWEDISH_STATUTORY_DAYS.version });
  });

  it('is not moved when it is counted backwards (T4)', () => {
    expect(end('2026-01-25', 'P1M', 'deadline', { countedBackwards: true })).toMatchObject({ nominal: '2025-12-25', adjusted: '2025-12-25', adjustmentReason: [], countedBackwards: true });
  });

  it('counts from the earliest end of an interval', () => {
    expect(end('2026-03-02/2026-03-20', 'P1M', 'deadline').endsOn).toBe('2026-04-02');
  });

  it('calls a Sunday by its own name when it has one', () => {
    const { adjustmentReason } = end('2026-03-03', 'P1M', 'deadline');
    expect(adjustmentReason.map(({ because }) => because)).toEqual(['good-friday', 'saturday', 'easter-day', 'easter-monday']);
  });

  it('shows every step (T10), the same from the same events', () => {
    const input: PeriodInput = {
      start: told('2025-11-25T10:00:00+01:00'), period: 'P1M', kind: 'deadline', rule: 'gdpr-14-3-a', policyClause: '7.2', causingEventIds: ['e1', 'e2'],
    };
    const explanation = endOfPeriod(input);
    expect(explanation).toEqual({
      rule: 'gdpr-14-3-a', ruleSetVersion: RULES_VERSION, policyClause: '7.2', kind: 'deadline', period: 'P1M', start: '2025-11-25',
      nominal: '2025-12-25', adjusted: '2025-12-29',
      adjustmentReason: [
        { on: '2025-12-25', because: 'christmas-day' }, { on: '2025-12-26', because: 'boxing-day' },
        { on: '2025-12-27', because: 'saturday' }, { on: '2025-12-28', because: 'sunday' },
      ],
      calendarVersion: SWEDISH_PUBLIC_HOLIDAYS.version, zone: 'Europe/Stockholm', causingEventIds: ['e1', 'e2'],
      endsOn: '2025-12-29', endsAt: '2025-12-29T22:59:59.999Z',
    });
    expect(JSON.parse(JSON.stringify(endOfPeriod(input)))).toEqual(explanation);
  });
});

describe('a period in hours', () => {
  it('ends to the millisecond (T1), and tells what whole hours would give', () => {
    expect(end('2026-03-02T16:30:00+01:00', 'PT72H', 'deadline')).toMatchObject({
      start: '2026-03-02T15:30:00.000Z', endsAt: '2026-03-05T15:30:00.000Z', inWholeHours: { endsAt: '2026-03-05T16:00:00.000Z', workingDays: 3 },
    });
  });

  it('runs through a change of clocks (T7)', () => {
    expect(end('2026-03-27T15:00:00+01:00', 'PT72H', 'deadline')).toMatchObject({ endsAt: '2026-03-30T14:00:00.000Z', endsOn: '2026-03-30' });
  });

  it('is not moved from a day off (T4), nor lengthened to two working days (T5), but says how many it has', () => {
    expect(end('2025-12-24T16:30:00+01:00', 'PT72H', 'deadline')).toMatchObject({ endsAt: '2025-12-27T15:30:00.000Z', adjustmentReason: [], inWholeHours: { workingDays: 0 } });
  });

  it('counts backwards as strictly', () => {
    expect(end('2026-03-30T16:00:00+02:00', 'PT72H', 'deadline', { countedBackwards: true })).toMatchObject({ endsAt: '2026-03-27T14:00:00.000Z', countedBackwards: true });
  });
});

describe('an upper limit', () => {
  it('ends on its last day at the latest, a Saturday or not (T8)', () => {
    expect(end('2024-02-29', 'P24M', 'upper-limit')).toMatchObject({ adjusted: '2026-02-28', adjustmentReason: [], endsAt: '2026-02-28T22:59:59.999Z' });
  });

  it('counts from the earliest end of an interval', () => {
    expect(end('2024-02-01/2024-02-29', 'P24M', 'upper-limit').endsOn).toBe('2026-02-01');
  });
});

describe('a lower limit', () => {
  it('keeps bookkeeping through the seventh year after that in which the financial year ended (T9, SE2)', () => {
    const kept = (financialYearEnd: string) => end(endOfCalendarYear(financialYearEnd), 'P7Y', 'lower-limit').endsOn;
    expect([kept('2019-06-30'), kept('2024-12-31')]).toEqual(['2026-12-31', '2031-12-31']);
  });

  it('is moved neither way from a day off', () => {
    expect(end('2024-02-29', 'P24M', 'lower-limit').endsOn).toBe('2026-02-28');
  });

  it('counts from the latest end of an interval', () => {
    expect(end('2024-02-01/2024-02-29', 'P24M', 'lower-limit').endsOn).toBe('2026-02-28');
  });
});

describe('a moment', () => {
  it('is its own end, at the earliest it may have been', () => {
    expect(endAtMoment({ at: told('2026-04-05/2026-04-08'), rule: 'a-rule', causingEventIds: ['e1'] })).toMatchObject({
      start: '2026-04-04T22:00:00.000Z', nominal: '2026-04-05', adjusted: '2026-04-05', endsOn: '2026-04-05', endsAt: '2026-04-04T22:00:00.000Z',
    });
  });
});

describe('a period', () => {
  it.each(['P1D', 'P2W', 'P24M', 'P7Y', 'PT72H', 'P0D', 'P1095D'])('may be %s', (text) => {
    expect(isPeriod(text)).toBe(true);
  });

  it.each(['', 'P', 'P1', '1M', 'P1Y6M', 'PT5M', 'P1.5D', 'P-1D', 'P12345D', 'p1m', 'P1M\n'])('may not be %j', (text) => {
    expect(isPeriod(text)).toBe(false);
    expect(() => partsOf(text as Period)).toThrow(RangeError);
  });

  it('that would leave the years that can be told ends with them', () => {
    expect(end('9999-06-01', 'P9999Y', 'deadline').endsOn).toBe('9999-12-31');
    expect(end('9999-06-01', 'P9999Y', 'deadline', { zone: 'America/New_York' }).endsAt).toBe('9999-12-31T23:59:59.999Z');
    expect(end('9999-12-31T20:00:00Z', 'PT9999H', 'deadline').endsAt).toBe('9999-12-31T23:59:59.999Z');
    expect(end('9999-12-01', 'P1M', 'deadline', { calendar: SWEDISH_STATUTORY_DAYS })).toMatchObject({ adjusted: '9999-12-31', adjustmentReason: [] });
    expect(end('1900-06-01', 'P9999Y', 'deadline', { countedBackwards: true }).endsOn).toBe('1900-01-01');
    expect(end('1900-06-01', 'PT9999H', 'deadline', { countedBackwards: true }).endsAt).toBe('1900-01-01T00:00:00.000Z');
  });
});

describe('every period', () => {
  const days = fc.integer({ min: dayOf('1990-01-01'), max: dayOf('2120-12-31') });
  const periods = fc.tuple(fc.integer({ min: 0, max: 120 }), fc.constantFrom('D', 'W', 'M', 'Y')).map(([n, unit]) => `P${n}${unit}` as Period);
  const kinds = fc.constantFrom<PeriodKind>('deadline', 'upper-limit', 'lower-limit');

  it('ends on its nominal day or, over days off alone, on the first working day after it', () => {
    fc.assert(
      fc.property(days, periods, kinds, (day, period, kind) => {
        const { nominal, adjusted, adjustmentReason } = end(formatLocalDate(day), period, kind);
        const between = Array.from({ length: dayOf(adjusted) - dayOf(nominal) }, (_, i) => formatLocalDate(dayOf(nominal) + i));
        expect(adjustmentReason.map(({ on }) => on)).toEqual(between);
        expect(between.some((on) => isWorkingDay(on))).toBe(false);
        expect(kind === 'deadline' ? isWorkingDay(adjusted) : between.length === 0).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  it('ends no earlier when it starts later', () => {
    const all = fc.oneof(periods, fc.integer({ min: 0, max: 200 }).map((n) => `PT${n}H` as Period));
    fc.assert(
      fc.property(days, fc.nat({ max: 70 }), all, kinds, (day, later, period, kind) => {
        const first = end(formatLocalDate(day), period, kind).endsAt;
        expect(end(formatLocalDate(day + later), period, kind).endsAt >= first).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  it('of months ends where Date has that date, else on the last of the month', () => {
    fc.assert(
      fc.property(days, fc.integer({ min: -600, max: 600 }), (day, months) => {
        const [year = 0, month = 0, date = 0] = formatLocalDate(day).split('-').map(Number);
        const same = new Date(Date.UTC(year, month - 1 + months, date));
        const last = new Date(Date.UTC(year, month + months, 0));
        const expected = (same > last ? last : same).toISOString().slice(0, 10);
        const { nominal } = end(formatLocalDate(day), `P${Math.abs(months)}M`, 'upper-limit', { countedBackwards: months < 0 });
        expect(nominal).toBe(expected);
      }),
      { numRuns: 1000 },
    );
  });
});

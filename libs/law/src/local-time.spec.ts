import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { formatInstant } from './instant.js';
import { dayOf, formatLocalDate } from './local-date.js';
import { isZone, localDay, localDayAt } from './local-time.js';

const shown = new Map<string, Intl.DateTimeFormat>();

/** The local date as the engine prints it: another path than the one under test. */
function printedDate(ms: number, zone: string): string {
  let format = shown.get(zone);
  if (format === undefined) shown.set(zone, (format = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short' })));
  return format.format(ms);
}

const bounds = (on: string, zone: string) => {
  const { startMs, endMs } = localDay(dayOf(on), zone);
  return [formatInstant(startMs), formatInstant(endMs)];
};

describe('a local day', () => {
  it.each([
    ['a winter day', '2026-01-02', 'Europe/Stockholm', '2026-01-01T23:00:00.000Z', '2026-01-02T22:59:59.999Z'],
    ['a summer day', '2026-07-02', 'Europe/Stockholm', '2026-07-01T22:00:00.000Z', '2026-07-02T21:59:59.999Z'],
    ['the day of 23 hours', '2026-03-29', 'Europe/Stockholm', '2026-03-28T23:00:00.000Z', '2026-03-29T21:59:59.999Z'],
    ['the day of 25 hours', '2026-10-25', 'Europe/Stockholm', '2026-10-24T22:00:00.000Z', '2026-10-25T22:59:59.999Z'],
    ['a day without a midnight', '2018-11-04', 'America/Sao_Paulo', '2018-11-04T03:00:00.000Z', '2018-11-05T01:59:59.999Z'],
    ['the day before it', '2018-11-03', 'America/Sao_Paulo', '2018-11-03T03:00:00.000Z', '2018-11-04T02:59:59.999Z'],
    ['a day with two midnights', '2006-10-29', 'America/St_Johns', '2006-10-29T02:30:00.000Z', '2006-10-30T03:29:59.999Z'],
    ['the day before it, whose last hour came again', '2006-10-28', 'America/St_Johns', '2006-10-28T02:30:00.000Z', '2006-10-29T03:29:59.999Z'],
  ])('has its first and last instant: %s', (_, on, zone, first, last) => {
    expect(bounds(on, zone)).toEqual([first, last]);
  });

  it('ends before it begins where a zone skipped it', () => {
    const { startMs, endMs } = localDay(dayOf('2011-12-30'), 'Pacific/Apia');
    expect(endMs).toBe(startMs - 1);
    expect(printedDate(startMs, 'Pacific/Apia')).toBe('2011-12-31');
    expect(printedDate(endMs, 'Pacific/Apia')).toBe('2011-12-29');
  });

  it('holds exactly the instants that the engine prints with its date', () => {
    const zones = ['Europe/Stockholm', 'America/Havana', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'Asia/Beirut', 'America/Sao_Paulo', 'Pacific/Kiritimati', 'Etc/GMT+12', 'UTC'];
    const days = fc.integer({ min: dayOf('1981-01-01'), max: dayOf('2037-12-31') });
    fc.assert(
      fc.property(fc.constantFrom(...zones), days, fc.nat({ max: 86_399_999 }), (zone, day, inDay) => {
        const on = formatLocalDate(day);
        const { startMs, endMs } = localDay(day, zone);
        if (startMs > endMs) return; // Kiritimati skipped one in 1994
        expect([startMs - 1, startMs, endMs, endMs + 1].map((ms) => printedDate(ms, zone) === on)).toEqual([false, true, true, false]);
        const ms = day * 86_400_000 + inDay;
        expect(formatLocalDate(localDayAt(ms, zone))).toBe(printedDate(ms, zone));
      }),
      { numRuns: 1500 },
    );
  });
});

describe('a zone', () => {
  it.each(['Europe/Stockholm', 'America/Argentina/Buenos_Aires', 'Etc/GMT+12', 'UTC', 'America/Port-au-Prince'])('may be told: %s', (name) => {
    expect(isZone(name)).toBe(true);
  });

  it.each(['europe/stockholm', 'EUROPE/STOCKHOLM', '+02:00', 'Europe/Nowhere', 'Anna Andersson', '', 'UTC/'])('is refused when it is no name in its usual spelling: %s', (name) => {
    expect(isZone(name)).toBe(false);
    expect(() => localDay(0, name)).toThrow(RangeError);
  });
});

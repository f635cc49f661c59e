import { describe, expect, it } from '@jest/globals';
import { easterDay, isPublicHoliday, isWorkingDay, nextWorkingDay } from './calendar.js';
import type { Calendar } from './data/holidays.js';
import { SWEDISH_PUBLIC_HOLIDAYS, SWEDISH_STATUTORY_DAYS } from './data/holidays.js';
import { dayNumber, dayOf, formatLocalDate, weekdayOf } from './local-date.js';

/** As tables of feasts print them (e.g. the US Naval Observatory, aa.usno.navy.mil/data/easter_date). */
const EASTER_DAYS = [
  '2000-04-23', '2001-04-15', '2002-03-31', '2003-04-20', '2004-04-11', '2005-03-27', '2006-04-16', '2007-04-08', '2008-03-23', '2009-04-12', '2010-04-04',
  '2011-04-24', '2012-04-08', '2013-03-31', '2014-04-20', '2015-04-05', '2016-03-27', '2017-04-16', '2018-04-01', '2019-04-21', '2020-04-12', '2021-04-04',
  '2022-04-17', '2023-04-09', '2024-03-31', '2025-04-20', '2026-04-05', '2027-03-28', '2028-04-16', '2029-04-01', '2030-04-21', '2031-04-13', '2032-03-28',
  '2033-04-17', '2034-04-09', '2035-03-25', '2036-04-13', '2037-04-05', '2038-04-25', '2039-04-10', '2040-04-01',
];

/** Gauss 1800, with his corrections of 1816: another way to the same Sunday. */
function gaussEaster(year: number): number {
  const century = Math.floor(year / 100);
  const m = (15 + century - Math.floor((13 + 8 * century) / 25) - Math.floor(century / 4)) % 30;
  const n = (4 + century - Math.floor(century / 4)) % 7;
  const d = (19 * (year % 19) + m) % 30;
  const e = (2 * (year % 4) + 4 * (year % 7) + 6 * d + n) % 7;
  const isLate = (d === 29 && e === 6) || (d === 28 && e === 6 && (11 * m + 11) % 30 < 19);
  return dayNumber(year, 3, 22) + d + e - (isLate ? 7 : 0);
}

/** The public holidays that are not Sundays, as almanacs print them. */
const ON_OTHER_DAYS = {
  2024: ['01-01', '01-06', '03-29', '04-01', '05-01', '05-09', '06-06', '06-22', '11-02', '12-25', '12-26'],
  2025: ['01-01', '01-06', '04-18', '04-21', '05-01', '05-29', '06-06', '06-21', '11-01', '12-25', '12-26'],
  2026: ['01-01', '01-06', '04-03', '04-06', '05-01', '05-14', '06-06', '06-20', '10-31', '12-25', '12-26'],
  2027: ['01-01', '01-06', '03-26', '03-29', '05-01', '05-06', '06-26', '11-06', '12-25'],
};

const daysOf = (year: number) => Array.from({ length: dayNumber(year + 1, 1, 1) - dayNumber(year, 1, 1) }, (_, i) => formatLocalDate(dayNumber(year, 1, 1) + i));
const isSunday = (on: string) => weekdayOf(dayOf(on)) === 0;
const isSaturday = (on: string) => weekdayOf(dayOf(on)) === 6;

describe('Easter Day', () => {
  it('falls where tables of feasts print it, 2000 to 2040', () => {
    expect(EASTER_DAYS.map((_, i) => formatLocalDate(easterDay(2000 + i)))).toEqual(EASTER_DAYS);
  });

  it('falls where Gauss has it, 1900 to 2900', () => {
    for (let year = 1900; year <= 2900; year += 1) expect([year, easterDay(year)]).toEqual([year, gaussEaster(year)]);
  });
});

describe('the Swedish calendar', () => {
  it.each(Object.entries(ON_OTHER_DAYS))('has the public holidays of %s, and every Sunday', (year, others) => {
    const expected = daysOf(Number(year)).filter((on) => isSunday(on) || others.includes(on.slice(5)));
    expect(daysOf(Number(year)).filter((on) => isPublicHoliday(on))).toEqual(expected);
    expect(daysOf(Number(year)).filter((on) => !isWorkingDay(on))).toEqual(daysOf(Number(year)).filter((on) => isSaturday(on) || expected.includes(on)));
  });

  it('changed Whit Monday for the National Day on 1 April 2005', () => {
    expect(['2004-05-31', '2005-05-16', '2002-06-06', '2005-06-06'].map((on) => isPublicHoliday(on))).toEqual([true, false, false, true]);
  });

  it('has Midsummer Day on 20 to 26 June and All Saints’ Day on 31 October to 6 November, always on a Saturday', () => {
    for (let year = 1990; year <= 2200; year += 1) {
      const saturdays = daysOf(year).filter((on) => isSaturday(on) && isPublicHoliday(on) && /-(06-2|10-31|11-0)/.test(on)).map((on) => on.slice(5));
      expect(saturdays).toHaveLength(2);
      expect([saturdays[0]! >= '06-20' && saturdays[0]! <= '06-26', saturdays[1]! >= '10-31' && saturdays[1]! <= '11-06']).toEqual([true, true]);
    }
  });

  it('does not count the three eves, which lag (1930:173) does', () => {
    const eves = ['2025-06-20', '2025-12-24', '2025-12-31'];
    expect(eves.map((on) => isWorkingDay(on))).toEqual([true, true, true]);
    expect(eves.map((on) => isWorkingDay(on, SWEDISH_STATUTORY_DAYS))).toEqual([false, false, false]);
    expect(isWorkingDay('2025-06-19', SWEDISH_STATUTORY_DAYS)).toBe(true);
  });

  it('states nothing before 1990 but the weekends of the Regulation itself', () => {
    expect(['1989-12-25', '1990-12-25', '1989-12-24', '1989-12-23'].map((on) => isWorkingDay(on))).toEqual([true, false, false, false]);
    expect(isPublicHoliday('1989-12-24')).toBe(false);
  });

  it('is corrected for one year by its overrides', () => {
    const moved: Calendar = {
      version: 'invented',
      rules: SWEDISH_PUBLIC_HOLIDAYS.rules,
      overrides: [
        { on: '2025-06-06', id: 'national-day', isHoliday: false, source: 'invented' },
        { on: '2025-06-05', id: 'national-day', isHoliday: true, source: 'invented' },
      ],
    };
    expect(['2025-06-05', '2025-06-06', '2026-06-05', '2026-06-06'].map((on) => isPublicHoliday(on, moved))).toEqual([true, false, false, true]);
    expect(['2025-06-05', '2025-06-06'].map((on) => isPublicHoliday(on))).toEqual([false, true]);
  });
});

describe('the next working day', () => {
  it.each([
    ['2025-12-25', '2025-12-29'],
    ['2026-04-03', '2026-04-07'],
    ['2025-11-25', '2025-11-25'],
    ['2026-05-01', '2026-05-04'],
    ['2027-12-31', '2027-12-31'],
    ['2028-01-01', '2028-01-03'],
  ])('from %s is %s', (on, next) => {
    expect(nextWorkingDay(on)).toBe(next);
  });
});

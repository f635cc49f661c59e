import { describe, expect, it } from '@jest/globals';
import { civilOf, dayNumber, dayOf, daysInMonth, FIRST_DAY, formatLocalDate, LAST_DAY, parseLocalDate, weekdayOf } from './local-date.js';

/** The engine's own calendar, which this room does not use. */
const byDate = (day: number) => new Date(day * 86_400_000);

describe('a local date', () => {
  it('is the day that Date has, on every day from 1900 to 2110 and near the last', () => {
    const wrong: number[] = [];
    const check = (day: number) => {
      const date = byDate(day);
      const { year, month, dayOfMonth } = civilOf(day);
      const same = date.toISOString().slice(0, 10) === formatLocalDate(day) && weekdayOf(day) === date.getUTCDay() && dayNumber(year, month, dayOfMonth) === day;
      if (!same) wrong.push(day);
    };
    for (let day = FIRST_DAY; day <= dayNumber(2110, 1, 1); day += 1) check(day);
    for (let day = LAST_DAY - 1500; day <= LAST_DAY; day += 1) check(day);
    expect(wrong).toEqual([]);
  });

  it('has months of the length that Date gives them', () => {
    for (const year of [1900, 1904, 2000, 2023, 2024, 2100]) {
      for (let month = 1; month <= 12; month += 1) expect(daysInMonth(year, month)).toBe(new Date(Date.UTC(year, month, 0)).getUTCDate());
    }
  });

  it.each(['2025-02-29', '2026-04-31', '2026-00-10', '2026-13-01', '2026-01-00', '1899-12-31', '2026-1-01', '2026-01-1', '2026/01/01', '20260101', '2026-01-01 ', '', '２026-01-01'])(
    'refuses %s',
    (text) => {
      expect(parseLocalDate(text)).toBeUndefined();
      expect(() => dayOf(text)).toThrow(RangeError);
    },
  );
});

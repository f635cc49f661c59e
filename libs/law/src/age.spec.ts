import { describe, expect, it } from '@jest/globals';
import { ageOfConsentAt, isBelowAge, yearsOld } from './age.js';

describe('the age of consent', () => {
  it.each([['2018-05-24', undefined], ['2018-05-25', 13], ['2018-05-26', 13], ['2026-11-22', 13]] as const)('on %s is %s', (on, years) => {
    expect(ageOfConsentAt(on)?.years).toBe(years);
  });

  it.each([
    ['the day before the birthday', '2012-03-10', '2025-03-09', true],
    ['the birthday', '2012-03-10', '2025-03-10', false],
    ['the day after', '2012-03-10', '2025-03-11', false],
    ['a later month, an earlier day', '2012-03-10', '2025-04-01', false],
    ['an earlier month, a later day', '2012-03-10', '2025-02-28', true],
    ['born on a leap day, on the 28th', '2008-02-29', '2021-02-28', true],
    ['born on a leap day, on 1 March', '2008-02-29', '2021-03-01', false],
    ['before the rule', '2012-03-10', '2018-05-24', undefined],
  ] as const)('%s', (_, bornOn, on, expected) => {
    expect(isBelowAge(bornOn, on)).toBe(expected);
  });

  it('counts whole years', () => {
    expect([yearsOld('2008-02-29', '2020-02-29'), yearsOld('2026-11-22', '2026-11-22'), yearsOld('2026-11-23', '2026-11-22')]).toEqual([12, 0, -1]);
  });
});

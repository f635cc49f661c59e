/** How old somebody was, and whether that was enough to consent alone: Art. 8 GDPR. */
import type { AgeOfConsent } from './data/ages.js';
import { AGES_OF_CONSENT } from './data/ages.js';
import { inForce } from './in-force.js';
import type { LocalDate } from './local-date.js';
import { civilOf, dayOf } from './local-date.js';

/** The rule in Sweden that day; undefined before the GDPR. */
export function ageOfConsentAt(on: LocalDate): AgeOfConsent | undefined {
  return AGES_OF_CONSENT.find((rule) => inForce(rule, on));
}

/**
 * Whole years that day; negative before birth. A year is full from the beginning of the birthday. Who was born on 29 February is a
 * year older on 1 March in other years: no rule was found that says so, and of the two days this is the one that protects the child.
 */
export function yearsOld(bornOn: LocalDate, on: LocalDate): number {
  const born = civilOf(dayOf(bornOn));
  const day = civilOf(dayOf(on));
  const hadBirthday = day.month > born.month || (day.month === born.month && day.dayOfMonth >= born.dayOfMonth);
  return day.year - born.year - (hadBirthday ? 0 : 1);
}

/** Was the child too young to consent alone that day? Undefined when no rule was in force. */
export function isBelowAge(bornOn: LocalDate, on: LocalDate): boolean | undefined {
  const rule = ageOfConsentAt(on);
  return rule && yearsOld(bornOn, on) < rule.years;
}

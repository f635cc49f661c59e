/** A told act that names the authorisation it was done on: that there is one, for this act, unused, and given before. */
import { isInEea } from '#law/transfer-law.js';
import { swedishDay } from '../period.js';
import type { Question } from './act.js';
import type { Authorisation } from './authorisation.js';
import type { Applied } from './reasoning.members.js';
import { applied, failed, passed, restingOn, type GateRule } from './rule.js';

export const authorisationRules: readonly GateRule[] = [authorisationOfTheAct];

function authorisationOfTheAct(question: Question): readonly Applied[] {
  const { authorisation, when } = question;
  if (authorisation === undefined) return [];
  const { found } = authorisation;
  if (found === undefined) return [failed('authorisation-known')];
  const strange = strangeTo(found, question);
  return [
    passed('authorisation-known', restingOn(found.event)),
    applied('authorisation-once', found.usedBy === undefined, restingOn(found.event, found.usedBy)),
    applied('authorisation-fits', strange !== 'act' && strange.length === 0, { ...(strange !== 'act' && strange.length > 0 && { categories: strange }), ...restingOn(found.event) }),
    applied('authorisation-before', found.at <= when.latest, { ...restingOn(found.event), from: swedishDay(found.at) }),
  ];
}

/** What of the act was not asked for: all of it, or these categories. Data that came since was not looked at then. */
function strangeTo(found: Authorisation, question: Question): 'act' | readonly string[] {
  const { act, answerable, held } = question;
  const isSame =
    found.kind === act.kind &&
    found.purpose === act.purpose &&
    found.recipient === act.recipient &&
    found.conference === act.conference &&
    isSameCountry(found, question) &&
    (found.remoteAccess ?? false) === (act.remoteAccess ?? false) &&
    found.ground === act.ground &&
    (found.controller === undefined || found.controller === answerable.controller);
  if (!isSame) return 'act';
  const wasAsked = (category: string, holding?: string): boolean => found.items.some((item) => item.category === category && item.holding === holding);
  return held.filter(({ category, holdings }) => (holdings.length === 0 ? !wasAsked(category) : !holdings.every(({ holding }) => wasAsked(category, holding)))).map(({ category }) => category);
}

/** Within the EEA it is all one; a use of our own goes nowhere. */
function isSameCountry({ country }: Authorisation, { act, thirdCountries: [thirdCountry], days }: Question): boolean {
  if (act.kind === 'use') return true;
  const asked = country === undefined || isInEea(country, days.last) ? undefined : country;
  return asked === thirdCountry;
}

/** Where the policy of the day rests a use on consent: whether the person gave one that carries it, and what ended it. */
import { restsOnConsent } from '#policy/model.js';
import { swedishDay } from '../period.js';
import type { RuleCode } from '../rules.js';
import { consentQuestion } from '../subject/consent/consent-question.js';
import { consentFound, ends, isTooYoung, type ConsentQuestion, type Ending, type GivenConsent } from '../subject/consent/consent.state.js';
import type { Holding } from '../subject/holding/holding.state.js';
import type { SubjectState } from '../subject/subject.js';
import { UNREGISTERED, type Question } from './act.js';
import type { Applied } from './reasoning.members.js';
import { applied, failed, passed, perCategory, restingOn, type GateRule, type Grounds } from './rule.js';

export const consentRules: readonly GateRule[] = [consentCarries, basisNotSwapped];

function consentCarries(question: Question): readonly Applied[] {
  return perCategory(question, ({ category, holdings }) => {
    const basis = question.model?.basisFor(question.act.purpose, category);
    return basis !== undefined && restsOnConsent(basis) ? askedOfConsent(question, category, holdings).flatMap((asked) => findings(question, asked)) : [];
  });
}

/** What is asked of consent: once for each relationship and conference that the holdings belong to. */
export function askedOfConsent(question: Question, category: string, holdings: readonly Holding[]): readonly ConsentQuestion[] {
  const { act, answerable, state, when } = question;
  const places = holdings.length === 0 ? [{ ...(act.relationship !== undefined && { relationship: act.relationship }), ...(act.conference !== undefined && { conference: act.conference }) }] : holdings.map((holding) => placeOf(holding, state));
  const each = new Map(places.map((place) => [JSON.stringify(place), place]));
  const recipientKind = recipientKindOf(question);
  return [...each.values()].map((place) =>
    consentQuestion(act.purpose, category, answerable, { at: when.latest, ages: state.identity.ages, ...(recipientKind !== undefined && { recipientKind }), ...place }),
  );
}

function placeOf({ relationship, conference }: Holding, { identity }: SubjectState): { readonly relationship: string; readonly conference?: string } {
  const about = conference ?? identity.relationships.get(relationship)?.conference;
  return { relationship, ...(about !== undefined && { conference: about }) };
}

export function recipientKindOf({ act, recipient }: Question): string | undefined {
  return act.recipient === UNREGISTERED ? UNREGISTERED : recipient?.state.kind;
}

/** Every rule that was asked of the consent found, the one that it was given first. */
function findings({ state }: Question, asked: ConsentQuestion): readonly Applied[] {
  const { given, faults } = consentFound(state.consent, asked);
  if (given === undefined) return [failed('consent-given')];
  const all: readonly RuleCode[] = [
    'consent-withdrawn',
    'consent-refused',
    'consent-expired',
    'consent-proven',
    ...(asked.explicit ? (['consent-explicit'] as const) : []),
    'consent-covers-category',
    ...(asked.recipientKind === undefined ? [] : (['consent-covers-recipient'] as const)),
    ...(asked.terms === undefined ? [] : (['consent-stale'] as const)),
    ...(isTooYoung(asked.ages ?? [], given.from) ? (['consent-by-guardian'] as const) : []),
  ];
  return [
    passed('consent-given', { ...restingOn(given.event), from: swedishDay(given.from) }),
    ...all.map((rule) => {
      const fault = faults.find((one) => one.rule === rule);
      return applied(rule, fault === undefined, groundsOf(rule, given, fault?.ending, state));
    }),
  ];
}

function groundsOf(rule: RuleCode, given: GivenConsent, ending: Ending | undefined, { identity }: SubjectState): Grounds {
  if (ending !== undefined) return { ...restingOn(given.event, ending.event), from: swedishDay(ending.at) };
  if (rule === 'consent-expired' && given.validUntil !== undefined) return { ...restingOn(given.event), to: swedishDay(given.validUntil) };
  return restingOn(given.event, rule === 'consent-by-guardian' ? identity.told.age : undefined);
}

/** A basis is never swapped for another after a withdrawal: who took the consent back is not to be told that none was needed (EDPB Guidelines 05/2020 §§ 122–123). */
function basisNotSwapped(question: Question): readonly Applied[] {
  const { act, answerable, state, when } = question;
  return perCategory(question, ({ category }) => {
    const basis = question.model?.basisFor(act.purpose, category);
    if (basis === undefined || restsOnConsent(basis)) return [];
    const rested = ({ controller, terms, from }: GivenConsent): boolean =>
      controller === answerable.controller && from <= when.latest && terms.some(({ purpose, categories }) => purpose === act.purpose && categories.includes(category));
    const given = state.consent.given.filter(rested);
    if (given.length === 0) return [];
    const isNo = (ending: Ending): boolean => ending.kind !== 'consent-expired' && ending.at <= when.latest;
    const noes = given.map((one) => ({ one, ending: state.consent.endings.find((ending) => isNo(ending) && ends(ending, one, act.purpose)) }));
    const standing = noes.findLast(({ ending }) => ending === undefined);
    if (standing !== undefined) return [passed('basis-not-swapped', restingOn(standing.one.event))];
    const last = noes.at(-1);
    return [failed('basis-not-swapped', { ...restingOn(last?.one.event, last?.ending?.event) })];
  });
}

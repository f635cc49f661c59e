/** The person: protected, dead, a child, or against it. */
import type { Category, DisclosureGroundKind } from '#policy/policy.js';
import { swedishDay } from '../period.js';
import { isMarketing } from '../policy-checks.js';
import { ageAt, protectionDuring } from '../subject/identity/identity.state.js';
import { openTaking } from '../subject/merge/merge.state.js';
import type { Objection } from '../subject/objection/objection.state.js';
import type { Question } from './act.js';
import { recipientKindOf } from './consent.rules.js';
import { isWithinAny, modelFor } from './purpose.rules.js';
import type { Applied } from './reasoning.members.js';
import { applied, failed, passed, perCategory, restingOn, type GateRule } from './rule.js';

export const personRules: readonly GateRule[] = [notMerging, protectedIdentity, personAlive, noObjection, notRestricted, marketingToChild];

/** Somebody is being taken in whose choices are not known here yet: until they are, nothing is authorised (`architecture.md` §2). */
function notMerging({ act, state }: Question): readonly Applied[] {
  const open = act.isAsk === true ? openTaking(state.merge) : undefined;
  return open === undefined ? [] : [failed('not-merging', restingOn(open.started.event))];
}

/** Where the person lives or is, and how to reach them by voice, goes to nobody while the identity is protected; we may use it ourselves. */
function protectedIdentity(question: Question): readonly Applied[] {
  const { act, state, when } = question;
  if (act.kind === 'use' && act.recipient === undefined) return [];
  const model = modelFor(question);
  const protection = protectionDuring(state.identity, when.earliest, when.latest);
  return perCategory(question, ({ category }) => {
    if (!isWithinAny(category, model, isWhereabouts)) return [];
    return [protection === undefined ? passed('protected-identity') : failed('protected-identity', { ...restingOn(protection.event), from: swedishDay(protection.from) })];
  });
}

function isWhereabouts({ form, identifier, dpv }: Category): boolean {
  return form === 'postal-address' || form === 'phone' || form === 'coordinates' || identifier === 'phone' || dpv === 'pd:Location';
}

function personAlive({ state, when }: Question): readonly Applied[] {
  const { diedAt, told } = state.identity;
  if (diedAt === undefined || diedAt > when.latest) return [passed('person-alive')];
  return [failed('person-alive', { ...restingOn(told.death), from: swedishDay(diedAt) })];
}

/** Art. 21(2)–(3): direct marketing ends absolutely. Art. 21(1): what rests on a public task or a legitimate interest ends too. */
function noObjection(question: Question): readonly Applied[] {
  const { act, model } = question;
  const ofMarketing = isMarketing(act.purpose, modelFor(question));
  const isClaimOrDuty = ['legal-duty', 'rights'].includes(groundKind(question) ?? '');
  return perCategory(question, ({ category }) => {
    const basis = model?.basisFor(act.purpose, category)?.basis;
    const canBeObjected = (basis === 'eu-gdpr:A6-1-e' || basis === 'eu-gdpr:A6-1-f') && !isClaimOrDuty;
    if (!ofMarketing && !canBeObjected) return [];
    const against = question.state.objection.find((objection) => (objection.kind === 'direct-marketing' ? ofMarketing : canBeObjected) && isAgainst(objection, question));
    return [against === undefined ? passed('no-objection') : failed('no-objection', { ...restingOn(against.event), from: swedishDay(against.at) })];
  });
}

function isAgainst({ at, controller, purposes, recipientKinds }: Objection, question: Question): boolean {
  const { act, answerable, when } = question;
  const model = modelFor(question);
  const kind = recipientKindOf(question);
  return (
    at <= when.latest &&
    (controller === undefined || controller === answerable.controller) &&
    (purposes === undefined || purposes.some((purpose) => purpose === act.purpose || model.isPurposeWithin(act.purpose, purpose))) &&
    (recipientKinds === undefined || (kind !== undefined && recipientKinds.includes(kind)))
  );
}

/** Art. 18(2): restricted data is stored and no more, but for legal claims, others' rights and what the law orders. */
function notRestricted(question: Question): readonly Applied[] {
  const { when } = question;
  const isExcepted = ['legal-duty', 'rights', 'customer-protection'].includes(groundKind(question) ?? '');
  return perCategory(question, ({ holdings }) => {
    if (holdings.length === 0 || isExcepted) return [];
    const open = holdings.flatMap(({ restrictions }) => restrictions.filter(({ from, to }) => from <= when.latest && (to === undefined || to > when.earliest)));
    return [applied('not-restricted', open.length === 0, restingOn(...open.map(({ event }) => event)))];
  });
}

/** Why data goes to an authority, or out to protect somebody (row S057). */
function groundKind(question: Question): DisclosureGroundKind | undefined {
  const { ground } = question.act;
  return ground === undefined ? undefined : modelFor(question).disclosureGround(ground)?.kind;
}

/** Recitals 38 and 71: a child is marketed to where consent carries it, its own or its guardian's, and never by its interests. */
function marketingToChild(question: Question): readonly Applied[] {
  const { act, state, when } = question;
  const model = modelFor(question);
  if (!isMarketing(act.purpose, model)) return [];
  const age = ageAt(state.identity.ages, when.latest);
  const isOfInterests = model.natureOfPurpose(act.purpose) === 'interest-advertising';
  return perCategory(question, ({ category }) => {
    if (age === undefined || age.band === 'adult') return [passed('marketing-to-child', restingOn(age?.event))];
    const onConsent = model.basisFor(act.purpose, category)?.basis === 'eu-gdpr:A6-1-a';
    return [applied('marketing-to-child', onConsent && !isOfInterests, restingOn(age.event))];
  });
}

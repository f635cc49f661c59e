/** Data of several origins: what may be put together, what is held apart, and what data from elsewhere may be used for. */
import type { PolicyModel } from '#policy/model.js';
import { swedishDay } from '../period.js';
import { isMarketing } from '../policy-checks.js';
import { consentFound } from '../subject/consent/consent.state.js';
import type { Holding, ToldHolding } from '../subject/holding/holding.state.js';
import type { Question } from './act.js';
import { askedOfConsent } from './consent.rules.js';
import { isWithinAny, modelFor, toldBy } from './purpose.rules.js';
import type { Applied } from './reasoning.members.js';
import { applied, entry, failed, passed, perCategory, restingOn, type GateRule } from './rule.js';

export const combiningRules: readonly GateRule[] = [combiningConsent, analyticsApart, indirectNotice, sourceUse];

type Held = Question['held'][number];

/**
 * Row S008, IMY DI-2019-11737: what someone does together with what is known of them as a customer, or was bought, for marketing takes
 * consent to that purpose. Whatever the act calls itself: data that is used together is combined.
 */
function combiningConsent(question: Question): readonly Applied[] {
  const model = modelFor(question);
  if (!isMarketing(question.act.purpose, model)) return [];
  const split = question.held.map(({ category, holdings }) => {
    const isBehavioural = model.natureOf(category) === 'behavioural';
    const bought = holdings.filter((holding) => isBought(holding, question));
    const own = holdings.filter((holding) => !bought.includes(holding));
    return { category, behavioural: isBehavioural ? own : [], others: [...bought, ...(isBehavioural ? [] : own.filter((holding) => isOfCustomer(holding, category, model)))] };
  });
  if (!split.some(({ behavioural }) => behavioural.length > 0) || !split.some(({ others }) => others.length > 0)) return [];
  const combined = split.map(({ category, behavioural, others }): Held => ({ category, holdings: [...behavioural, ...others] })).filter(({ holdings }) => holdings.length > 0);
  return perCategory({ ...question, held: combined }, (one) => [combinedWith(one, question)]);
}

/** A consent covers the combination where it covers the category, whatever the policy rests the purpose on otherwise. */
function combinedWith({ category, holdings }: Held, question: Question): Applied {
  const found = askedOfConsent(question, category, holdings).map(({ terms, ...asked }) => consentFound(question.state.consent, { ...asked, terms: terms === 'none' ? undefined : terms }));
  const isCovered = found.every(({ given, faults }) => given !== undefined && faults.length === 0);
  return applied('combining-consent', isCovered, restingOn(...found.flatMap(({ given, faults }) => [given?.event, ...faults.map(({ ending }) => ending?.event)])));
}

function isBought(holding: Holding, question: Question): boolean {
  return toldBy(question, holding).some(({ sourceKind }) => sourceKind === 'broker');
}

/** What the person left as a customer, and whatever else tells who they are; not what was only observed. */
function isOfCustomer({ origin }: Holding, category: string, model: PolicyModel): boolean {
  return origin === 'collected' || (origin !== 'observed' && model.natureOf(category) === 'identity');
}

/** Row S100: analysis takes neither data that tells who someone is, nor a value that is one of the person's identifiers. */
function analyticsApart(question: Question): readonly Applied[] {
  const { act, state } = question;
  const model = modelFor(question);
  if (model.natureOfPurpose(act.purpose) !== 'analytics' && act.useKind !== 'analytics') return [];
  const identifiers = new Map([...state.identity.identifiers.values()].map(({ event }) => [event, event]));
  return perCategory(question, ({ category, holdings }) => {
    const pointing = holdings.flatMap(({ current }) => current.flatMap(({ event }) => identifiers.get(event) ?? []));
    const isIdentity = model.natureOf(category) === 'identity' || model.category(category)?.identifier !== undefined;
    return [applied('analytics-apart', !isIdentity && pointing.length === 0, restingOn(...pointing))];
  });
}

/**
 * GDPR Art. 14(3): of data from elsewhere the person is told before, or together with, the first act that reaches them or somebody
 * else; and within a month whatever is done with it. Each sourcing has a duty of its own.
 */
function indirectNotice(question: Question): readonly Applied[] {
  const { act, when } = question;
  const reachesSomebody = act.kind !== 'use' || (act.useKind ?? 'purpose') === 'purpose' || act.recipient !== undefined;
  return perCategory(question, ({ holdings }) =>
    sourcings(question, holdings).map((sourcing) => {
      const duty = [...question.state.notice.obligations.values()].find((one) => one.sourcing === sourcing);
      const isServed = duty?.served !== undefined && duty.served.at <= when.latest;
      if (isServed) return passed('indirect-notice', { ...restingOn(sourcing, duty.served?.event), from: swedishDay(duty.served?.at ?? when.latest) });
      if (duty === undefined || reachesSomebody || duty.dueAt < when.latest) return failed('indirect-notice', restingOn(sourcing));
      return passed('indirect-notice', { ...restingOn(sourcing), to: swedishDay(duty.dueAt) });
    }),
  );
}

function sourcings(question: Question, holdings: readonly Holding[]): readonly string[] {
  return holdings.flatMap((holding) => toldBy(question, holding).flatMap(({ sourceKind, event }) => (sourceKind === undefined ? [] : [event])));
}

/** Row SE8, lag (1998:527) 3 §: an extract made to check is not used to select, and one made to select is for direct marketing by post. */
function sourceUse(question: Question): readonly Applied[] {
  const model = modelFor(question);
  return perCategory(question, ({ category, holdings }) =>
    holdings.flatMap((holding) => {
      const told = toldBy(question, holding).filter(({ sourceKind }) => sourceKind !== undefined);
      if (!hasOwnPurposes(holding, told, question, model)) return [];
      const fitting = told.find(({ sourcePurpose }) => fits(sourcePurpose, category, question.act.purpose, model));
      const grounds = { registers: [entry('source', holding.origin)] };
      return [fitting === undefined ? failed('source-use', { ...restingOn(...told.map(({ event }) => event)), ...grounds }) : passed('source-use', { ...restingOn(fitting.event), ...grounds })];
    }),
  );
}

function hasOwnPurposes({ origin }: Holding, told: readonly ToldHolding[], { registers }: Question, model: PolicyModel): boolean {
  const own = registers.registered('source', origin)?.state.purposes ?? model.source(origin)?.sparPurposes ?? [];
  return told.length > 0 && (own.length > 0 || told.some(({ sourcePurpose }) => sourcePurpose !== undefined));
}

/** By post: it takes a name and an address, and nothing else. */
function fits(sourcePurpose: string | undefined, category: string, purpose: string, model: PolicyModel): boolean {
  switch (sourcePurpose) {
    case 'kontroll':
      return !isMarketing(purpose, model);
    case 'urval':
      return model.natureOfPurpose(purpose) === 'marketing' && isWithinAny(category, model, ({ identifier, form }) => identifier === 'name' || form === 'postal-address');
    default:
      // A register of its own purposes was asked for none, or for one that nothing is known of.
      return false;
  }
}

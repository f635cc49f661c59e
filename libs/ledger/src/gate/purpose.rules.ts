/** The purpose, and the data for it: what the policy of the day says, what is held, and what the person was told of. */
import type { PolicyModel } from '#policy/model.js';
import { isNameOrAddress } from '#policy/gate-rules.js';
import { swedishDay } from '../period.js';
import { categoryChecks, purposeChecks, type PolicyCheck } from '../policy-checks.js';
import type { Holding, ToldHolding } from '../subject/holding/holding.state.js';
import type { ServedNotice } from '../subject/notice/notice.state.js';
import type { Question } from './act.js';
import type { Applied } from './reasoning.members.js';
import { applied, entry, failed, passed, perCategory, restingOn, type GateRule, type Grounds } from './rule.js';

export const purposeRules: readonly GateRule[] = [policyOfTheDay, categoriesOfThePolicy, interestAdvertising, categoryHeld, holdingJustified, newPurposeNotice];

/** What is judged even where no policy was in force then: by the newest that there is. */
export function modelFor({ model, answerable }: Question): PolicyModel {
  return model ?? answerable.model;
}

function policyOfTheDay(question: Question): readonly Applied[] {
  const { answerable, act } = question;
  const clause = answerable.inForce?.model.purpose(act.purpose)?.clause;
  return purposeChecks(act.purpose, answerable).map(({ rule, isKept }) =>
    rule === 'policy-in-force' ? applied(rule, isKept, policyGrounds(question)) : applied(rule, isKept, clause === undefined ? {} : { clause }),
  );
}

function policyGrounds({ answerable: { controller, inForce }, registers }: Question): Grounds {
  if (inForce !== undefined) return { registers: [entry('policy', controller, inForce.model.version)], from: swedishDay(inForce.model.effectiveFromAt) };
  const first = registers.everyPolicy(controller).map(({ effectiveFromAt }) => effectiveFromAt).sort()[0];
  return first === undefined ? {} : { to: swedishDay(first) };
}

function categoriesOfThePolicy(question: Question): readonly Applied[] {
  const { model, act } = question;
  const purpose = model?.purpose(act.purpose);
  if (model === undefined || purpose === undefined) return [];
  const grounds = { clause: purpose.clause };
  return perCategory(question, ({ category }) => categoryChecks(act.purpose, category, model).map(({ rule, isKept }: PolicyCheck) => applied(rule, isKept, grounds)));
}

/** Row S022: never, whatever the policy allows and whoever asks. */
function interestAdvertising(question: Question): readonly Applied[] {
  const model = modelFor(question);
  if (model.natureOfPurpose(question.act.purpose) !== 'interest-advertising') return [];
  return perCategory(question, ({ category }) => [applied('interest-advertising-identity', !isWithinAny(category, model, isNameOrAddress))]);
}

/** Whether the category, or one that it stands under, is of that sort. */
export function isWithinAny(category: string, model: PolicyModel, isMeant: (of: NonNullable<ReturnType<PolicyModel['category']>>) => boolean): boolean {
  return model.policy.categories.some((one) => isMeant(one) && model.isWithin(category, one.id));
}

function categoryHeld(question: Question): readonly Applied[] {
  return perCategory(question, ({ holdings }) => [applied('category-held', holdings.length > 0)]);
}

/** A holding that was only ever told as unjustified carries nothing, with or without its value here: whoever told of it has it. */
function holdingJustified(question: Question): readonly Applied[] {
  return perCategory(question, ({ holdings }) => {
    if (holdings.length === 0) return [];
    const told = holdings.map((holding) => ({ holding, justifying: toldBy(question, holding).find(({ justified }) => justified.length > 0) }));
    const faulty = told.filter(({ justifying }) => justifying === undefined);
    if (faulty.length > 0) return [failed('holding-justified', restingOn(...faulty.map(({ holding }) => toldBy(question, holding).at(-1)?.event)))];
    return [passed('holding-justified', restingOn(...told.map(({ justifying }) => justifying?.event)))];
  });
}

/** What had been told of the holding by then. */
export function toldBy({ when }: Question, { told }: Holding): readonly ToldHolding[] {
  return told.filter(({ at }) => at <= when.latest);
}

/** Row S023: a purpose that came later takes a notice of it before the data is used for it. Consent is asked about by its own rules. */
function newPurposeNotice(question: Question): readonly Applied[] {
  const { act, state, when } = question;
  const served = state.notice.served.find((notice) => notice.servedAt <= when.earliest && tellsOf(notice, act.purpose, question));
  return perCategory(question, ({ holdings }) => {
    const undeclared = holdings.filter((holding) => !toldBy(question, holding).some((told) => isDeclared(told, question)));
    if (undeclared.length === 0) return [];
    if (served === undefined) return [failed('new-purpose-notice', restingOn(...undeclared.map(({ told }) => told[0]?.event)))];
    return [passed('new-purpose-notice', { ...restingOn(served.event), from: swedishDay(served.servedAt) })];
  });
}

/** Collected for this purpose, or one above or below it, under a policy that had it. */
function isDeclared({ purposes, policy, at }: ToldHolding, { act, answerable: { controller }, registers }: Question): boolean {
  const then = policy === undefined ? registers.policyAt(controller, at)?.model : registers.everyPolicy(controller).find(({ version }) => version === policy);
  if (then?.has('purpose', act.purpose) !== true) return false;
  return purposes.some((declared) => then.isPurposeWithin(declared, act.purpose) || then.isPurposeWithin(act.purpose, declared));
}

function tellsOf(served: ServedNotice, purpose: string, { answerable: { controller }, registers }: Question): boolean {
  if (served.controller !== undefined && served.controller !== controller) return false;
  return registers.everyPolicy(controller).some((model) =>
    model.policy.notices.some(({ id, version, purposes }) => id === served.id && version === served.version && (purposes?.includes(purpose) ?? model.has('purpose', purpose))),
  );
}

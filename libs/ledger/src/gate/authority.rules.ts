/** Police and other authorities, fraud, spam, attacks and terms (S057, S058); a merger or a sale of assets (S053). */
import { covers } from '../period.js';
import type { BusinessTransfer } from '../recipient/recipient.state.js';
import type { Question } from './act.js';
import { authorityOf, isAuthorityKind } from './authority.js';
import { applied, entry, failed, type GateRule } from './rule.js';

/** Also asked of a disclosure that the law is said to ask for: it goes to an authority. */
const registered: GateRule = (question) => {
  const { act, recipient } = question;
  const found = authorityOf(question);
  if (found === undefined && !isLegalDuty(question)) return [];
  const registers = recipient === undefined || act.recipient === undefined ? {} : { registers: [entry('recipient', act.recipient)] };
  return [applied('authority-registered', found === 'authority', registers)];
};

/** An authority receives nothing without one, whatever the purpose; a ground that is named has to be of the policy of the day. */
const ground: GateRule = (question) => {
  const { act, model } = question;
  if (act.ground === undefined && authorityOf(question) === undefined) return [];
  const found = act.ground === undefined ? undefined : model?.disclosureGround(act.ground);
  return [applied('authority-ground', found !== undefined, { ...policyEntry(question), ...(found !== undefined && { clause: found.clause }) })];
};

const forRecipient: GateRule = (question) => {
  const { act, model, recipient } = question;
  const found = act.ground === undefined ? undefined : model?.disclosureGround(act.ground);
  if (found === undefined || model === undefined) return [];
  const isFor = recipient === undefined ? authorityOf(question) !== undefined && found.recipientKinds.some((kind) => isAuthorityKind(kind, model)) : found.recipientKinds.includes(recipient.state.kind);
  return [applied('ground-for-recipient', isFor, { ...policyEntry(question), clause: found.clause })];
};

/** A plan in force on the day that covers the purpose and every category. */
const planned: GateRule = (question) => {
  const { act, held, recipient, days } = question;
  if (!isBusinessTransfer(question)) return [];
  const plan = planOf(question);
  if (plan === undefined) return [failed('business-transfer-planned')];
  const missing = held.map(({ category }) => category).filter((category) => !isPlanned(category, plan, question));
  const isKept = covers(plan, days) && plan.purposes.includes(act.purpose) && missing.length === 0;
  const registers = recipient === undefined || act.recipient === undefined ? [] : [entry('recipient', act.recipient, plan.plan)];
  return [applied('business-transfer-planned', isKept, { ...(missing.length > 0 && { categories: missing }), registers, from: plan.from, ...(plan.to !== undefined && { to: plan.to }) })];
};

/** The person was served the plan's notice, or it was published, before the day (S122). */
const noticed: GateRule = (question) => {
  const { act, state, when, days } = question;
  if (!isBusinessTransfer(question)) return [];
  const plan = planOf(question);
  const notice = plan?.notice;
  const served = notice === undefined ? undefined : state.notice.served.find((one) => one.id === notice.id && one.version === notice.version && one.servedAt <= when.latest);
  const isPublished = notice !== undefined && plan?.noticePublishedOn !== undefined && plan.noticePublishedOn <= days.first;
  const registers = plan === undefined || act.recipient === undefined ? {} : { registers: [entry('recipient', act.recipient, plan.plan)] };
  return [applied('business-transfer-noticed', served !== undefined || isPublished, { ...registers, ...(served !== undefined && { events: [served.event] }), ...(plan?.noticePublishedOn !== undefined && { from: plan.noticePublishedOn }) })];
};

export const authorityRules: readonly GateRule[] = [registered, ground, forRecipient, planned, noticed];

function isLegalDuty({ act, model, answerable }: Question): boolean {
  return act.ground !== undefined && (model ?? answerable.model).disclosureGround(act.ground)?.kind === 'legal-duty';
}

function policyEntry({ model, answerable }: Question): { registers?: readonly ReturnType<typeof entry>[] } {
  return model === undefined ? {} : { registers: [entry('policy', answerable.controller)] };
}

/** By the role, by a plan that is named or that the recipient has for the purpose, or by the purpose itself. */
function isBusinessTransfer({ act, role, recipient, model, answerable }: Question): boolean {
  if (act.recipient === undefined) return false;
  const isPlannedFor = [...(recipient?.state.plans.values() ?? [])].some(({ purposes }) => purposes.includes(act.purpose));
  return role === 'acquirer' || act.plan !== undefined || isPlannedFor || (model ?? answerable.model).isPurposeWithin(act.purpose, BUSINESS_TRANSFER);
}

/** The purpose that policies give mergers and sales (S053). */
const BUSINESS_TRANSFER = 'business-transfer';

/** The one that is named; else the recipient's that holds, or its last for the purpose. */
function planOf(question: Question): BusinessTransfer | undefined {
  const { act, recipient, days, held } = question;
  const plans = [...(recipient?.state.plans.values() ?? [])];
  if (act.plan !== undefined) return plans.find(({ plan }) => plan === act.plan);
  const forPurpose = plans.filter(({ purposes }) => purposes.includes(act.purpose));
  return forPurpose.find((plan) => covers(plan, days) && held.every(({ category }) => isPlanned(category, plan, question))) ?? forPurpose.at(-1) ?? plans.at(-1);
}

function isPlanned(category: string, { categories }: BusinessTransfer, { model, answerable }: Question): boolean {
  return categories.some((planned) => (model ?? answerable.model).isWithin(category, planned));
}

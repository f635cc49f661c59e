/** Who receives, and on what footing: registered, in a role, with the contract or arrangement that the role asks for, audited. */
import { covers, type Days } from '../period.js';
import { auditDueOn, auditedOn, inUse, lastAudit, type Audited } from '../recipient/audits.js';
import { rolesFor, type Agreement, type RecipientState, type RoleAssignment } from '../recipient/recipient.state.js';
import type { Question } from './act.js';
import type { Applied } from './reasoning.members.js';
import { applied, entry, failed, passed, type GateRule, type Grounds } from './rule.js';

/** What the rules after the first ask about: who receives is known. */
interface Known {
  readonly id: string;
  readonly state: RecipientState;
}

type Entry = NonNullable<Applied['registers']>[number];

const recipientRegistered: GateRule = ({ act, recipient, days }) => {
  if (act.recipient === undefined) return [];
  if (recipient === undefined) return [failed('recipient-registered')];
  const { from } = recipient.state;
  return [applied('recipient-registered', from <= days.first, { registers: [entry('recipient', act.recipient)], from })];
};

/** The policy names such recipients for the purpose, or the ground that is stated does (GDPR Art. 13(1)(e)). */
const recipientForPurpose: GateRule = (question) =>
  ofKnown(question, ({ id, state: { kind } }) => {
    const { act, model } = question;
    const purpose = model?.purpose(act.purpose);
    const ground = act.ground === undefined ? undefined : model?.disclosureGround(act.ground);
    if (purpose === undefined && ground === undefined) return [];
    const isGround = ground?.recipientKinds.includes(kind) === true;
    const clause = isGround ? ground.clause : purpose?.clause;
    return [applied('recipient-for-purpose', isGround || purpose?.recipientKinds.includes(kind) === true, { registers: [entry('recipient', id)], ...(clause !== undefined && { clause }) })];
  });

const recipientRole: GateRule = (question) => (question.act.kind === 'use' ? [] : roleFor('recipient-role', question));

/** A supplier that uses the data itself does so for what it is engaged for and nothing else (S051). */
const vendorPurpose: GateRule = (question) => (question.act.kind === 'use' ? roleFor('vendor-purpose', question) : []);

function roleFor(rule: 'recipient-role' | 'vendor-purpose', question: Question): readonly Applied[] {
  return ofKnown(question, ({ id, state }) => {
    const { act, days } = question;
    const held = inForce(question, state);
    if (held.length > 0) return [passed(rule, { ...rolesIn(id, held), ...spanOf(held) })];
    const near = [...state.roles.values()].filter(({ purposes, conference }) => purposes.includes(act.purpose) && (conference === undefined || conference === act.conference));
    // Without one for the purpose, what it may do instead is what an officer wants to see.
    const shown = near.length > 0 ? near : [...state.roles.values()].filter((one) => covers(one, days));
    return [failed(rule, { ...(shown.length > 0 ? rolesIn(id, shown) : { registers: [entry('recipient', id)] }), ...spanOf(near) })];
  });
}

/** What such recipients may receive by the policy, what the role is for, and what the agreement covers (GDPR Art. 5(1)(c)). */
const recipientMayReceive: GateRule = (question) =>
  ofKnown(question, ({ id, state }) => {
    const { model, days, held } = question;
    if (model === undefined) return [];
    const roles = inForce(question, state);
    const agreements = agreementsOf(question, state).filter((one) => covers(one, days));
    const isWithin = (category: string, allowed: readonly string[] | undefined): boolean => allowed === undefined || allowed.some((one) => model.isWithin(category, one));
    const may = (category: string): boolean =>
      model.mayReceive(state.kind, category) &&
      (roles.length === 0 || roles.some(({ categories }) => isWithin(category, categories))) &&
      (agreements.length === 0 || agreements.some(({ categories }) => isWithin(category, categories)));
    const registers = [entry('recipient', id), ...roles.map(({ assignment }) => entry('recipient', id, assignment)), ...agreements.map(({ agreement }) => entry('recipient', id, agreement))];
    const clause = model.purpose(question.act.purpose)?.clause;
    const grounds: Grounds = { registers, ...(clause !== undefined && { clause }) };
    const categories = held.map(({ category }) => category);
    return [...grouped(categories.filter(may), (of) => passed('recipient-may-receive', { ...grounds, categories: of })), ...grouped(categories.filter((one) => !may(one)), (of) => failed('recipient-may-receive', { ...grounds, categories: of }))];
  });

const processorContract: GateRule = (question) => (question.role === 'processor' ? agreementIn('processor-contract', question) : []);

const jointArrangement: GateRule = (question) => (question.role === 'joint-controller' ? agreementIn('joint-arrangement', question) : []);

function agreementIn(rule: 'processor-contract' | 'joint-arrangement', question: Question): readonly Applied[] {
  return ofKnown(question, ({ id, state }) => {
    const all = agreementsOf(question, state);
    const held = all.filter((one) => covers(one, question.days));
    const shown = held.length > 0 ? held : all;
    const registers = shown.length > 0 ? shown.map(({ agreement }) => entry('recipient', id, agreement)) : [entry('recipient', id)];
    return [applied(rule, held.length > 0, { registers, ...spanOf(shown) })];
  });
}

/** None of those that work for our processor is one that we objected to (GDPR Art. 28(2)). */
const subProcessorAccepted: GateRule = (question) => {
  if (question.role !== 'processor') return [];
  return ofKnown(question, ({ id, state }) => {
    const { days } = question;
    const objected = inUse(state, days).filter(({ objectedFrom }) => objectedFrom !== undefined && objectedFrom <= days.last);
    const accepted = inUse(state, days).filter((one) => !objected.includes(one));
    const named = (subs: readonly { readonly subProcessor: string }[]): readonly Entry[] => subs.map(({ subProcessor }) => entry('recipient', id, subProcessor));
    return [
      ...grouped(accepted, (subs) => {
        const from = earliest(subs.map(({ objectedFrom }) => objectedFrom));
        return passed('sub-processor-accepted', { registers: named(subs), ...(from !== undefined && { from }) });
      }),
      ...objected.map((one) => failed('sub-processor-accepted', { registers: named([one]), from: later(one.from, one.objectedFrom), ...(one.to !== undefined && { to: one.to }) })),
    ];
  });
};

/** Suppliers, and those that they engage, are audited continuously (S060). `to`: the last day on which the audit was enough. */
const auditCurrent: GateRule = (question) =>
  ofAudited(question, (audited, grounds, { state }) => {
    const { model, days } = question;
    const dueOn = auditDueOn(state, audited, days.first, model?.recipientKind(state.kind)?.auditEvery);
    return dueOn === undefined ? [] : [applied('audit-current', days.last <= dueOn, { ...grounds, to: dueOn })];
  });

/** What the latest audit found, on each day that the act may have been on. */
const auditPassed: GateRule = (question) =>
  ofAudited(question, (audited, grounds, { state }) => {
    const { first, last } = question.days;
    const audits = [lastAudit(state, audited, first), lastAudit(state, audited, last)].filter((audit) => audit !== undefined);
    const shown = audits.find(({ outcome }) => outcome === 'failed') ?? audits.at(-1);
    return shown === undefined ? [] : [applied('audit-passed', shown.outcome !== 'failed', { ...grounds, from: shown.on })];
  });

export const recipientRules: readonly GateRule[] = [
  recipientRegistered,
  recipientForPurpose,
  recipientRole,
  recipientMayReceive,
  vendorPurpose,
  processorContract,
  jointArrangement,
  subProcessorAccepted,
  auditCurrent,
  auditPassed,
];

function ofKnown({ act, recipient }: Question, judge: (known: Known) => readonly Applied[]): readonly Applied[] {
  return act.recipient === undefined || recipient === undefined ? [] : judge({ id: act.recipient, state: recipient.state });
}

function ofAudited(question: Question, judge: (audited: Audited, grounds: Grounds, known: Known) => readonly Applied[]): readonly Applied[] {
  return ofKnown(question, (known) => auditedOn(known.state, question.days).flatMap((audited) => judge(audited, { registers: [entry('recipient', known.id, audited.subProcessor)] }, known)));
}

function inForce({ act, days }: Question, state: RecipientState): readonly RoleAssignment[] {
  return rolesFor(state, act.purpose, act.conference, days);
}

/** Agreements of the kind that the role asks for; none where it asks for none. */
function agreementsOf({ role }: Question, state: RecipientState): readonly Agreement[] {
  const kind = role === 'processor' ? 'processor-contract' : role === 'joint-controller' ? 'joint-arrangement' : undefined;
  return [...state.agreements.values()].filter((one) => one.kind === kind);
}

function rolesIn(id: string, roles: readonly RoleAssignment[]): Grounds {
  return { registers: roles.map(({ assignment }) => entry('recipient', id, assignment)) };
}

/** From the first day of any to the last of all: on these days the answer may change. */
function spanOf(entries: readonly Days[]): Grounds {
  const from = earliest(entries.map((one) => one.from));
  const isOpen = entries.some(({ to }) => to === undefined);
  const to = entries.reduce((last, one) => (one.to !== undefined && one.to > last ? one.to : last), '');
  return { ...(from !== undefined && { from }), ...(!isOpen && to !== '' && { to }) };
}

function earliest(days: readonly (string | undefined)[]): string | undefined {
  return days.filter((day) => day !== undefined).sort()[0];
}

function later(day: string, other: string | undefined): string {
  return other !== undefined && other > day ? other : day;
}

/** One finding for all of these; none for nobody. */
function grouped<T>(of: readonly T[], finding: (of: readonly T[]) => Applied): readonly Applied[] {
  return of.length === 0 ? [] : [finding(of)];
}

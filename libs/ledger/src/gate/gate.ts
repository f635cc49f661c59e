/**
 * The gate: every rule is applied to every act, and the answer lists all of them, not only the first that failed. An ask is blocked by
 * a rule that fails; a told act is recorded as unjustified with it (`architecture.md` §4).
 */
import { isInEea } from '#law/transfer-law.js';
import type { Context } from '../decision.js';
import type { RegisterRevision } from '../envelope.js';
import { daysOf, type ActDays } from '../period.js';
import { countryOn, rolesFor } from '../recipient/recipient.state.js';
import type { RecipientRole } from '../recipient/recipient.events.js';
import { answerableFor } from '../registers.js';
import { verdictOf, type RuleCode } from '../rules.js';
import type { Holding } from '../subject/holding/holding.state.js';
import type { SubjectState } from '../subject/subject.js';
import { UNREGISTERED, type Act, type Question } from './act.js';
import { authorisationRules } from './authorisation.rules.js';
import { authorityRules } from './authority.rules.js';
import { combiningRules } from './combining.rules.js';
import { conferenceRules } from './conference.rules.js';
import { consentRules } from './consent.rules.js';
import { personRules } from './person.rules.js';
import { purposeRules } from './purpose.rules.js';
import { recipientRules } from './recipient.rules.js';
import type { Applied } from './reasoning.members.js';
import type { GateRule } from './rule.js';
import { transferRules } from './transfer.rules.js';

/** In the order in which people read them: the purpose first, the person last. */
export const gateRules: readonly GateRule[] = [
  ...purposeRules,
  ...consentRules,
  ...combiningRules,
  ...recipientRules,
  ...conferenceRules,
  ...authorityRules,
  ...transferRules,
  ...personRules,
  ...authorisationRules,
];

export interface Reasoning {
  readonly outcome: 'allowed' | 'allowed-with-remarks' | 'blocked';
  readonly rules: readonly Applied[];
  /** Codes of the rules that failed, each once, sorted. */
  readonly failed: readonly RuleCode[];
  /** The registers that were looked at, with the revisions they had. */
  readonly registers: readonly RegisterRevision[];
}

/** O(rules × categories × what is recorded of the person). */
export function judgeAct(question: Question): Reasoning {
  const rules = gateRules.flatMap((rule) => rule(question));
  const failures = rules.filter(({ result }) => result === 'failed').map(({ rule }) => rule as RuleCode);
  const verdict = verdictOf(failures);
  const isRemarked = rules.some(({ result }) => result === 'remarked');
  return {
    outcome: verdict.verdict === 'unjustified' ? 'blocked' : isRemarked ? 'allowed-with-remarks' : 'allowed',
    rules,
    failed: verdict.verdict === 'unjustified' ? verdict.failed : [],
    registers: registersOf(question),
  };
}

export interface Asked {
  readonly service?: string | undefined;
  readonly controller?: string | undefined;
}

/** What the rules are asked, from the act and what is known. Refuses services and controllers that nobody knows. */
export function questionOf(asked: Asked, act: Act, state: SubjectState, context: Pick<Context, 'registers' | 'when'>, authorisation?: Question['authorisation']): Question {
  const { registers, when } = context;
  const named = { ...(asked.service !== undefined && { service: asked.service }), ...(asked.controller !== undefined && { controller: asked.controller }) };
  const answerable = answerableFor(named, when.latest, registers);
  const days = daysOf(when);
  const recipient = act.recipient === undefined || act.recipient === UNREGISTERED ? undefined : registers.registered('recipient', act.recipient);
  const conferenceId = act.conference ?? conferenceOf(act, state);
  const conference = conferenceId === undefined ? undefined : registers.registered('conference', conferenceId);
  const withConference: Act = conferenceId === undefined ? act : { ...act, conference: conferenceId };
  return {
    act: withConference,
    state,
    answerable,
    model: answerable.inForce?.model,
    registers,
    when,
    days,
    held: heldFor(act, state, answerable.controller, when.latest),
    recipient,
    conference,
    role: recipient === undefined ? undefined : roleOf(rolesFor(recipient.state, act.purpose, conferenceId, days).map(({ role }) => role)),
    thirdCountries: thirdCountriesOf(act, recipient?.state && (countryOn(recipient.state, days.last) ?? recipient.state.countries[0]?.country), days),
    ...(authorisation !== undefined && { authorisation }),
  };
}

/** Several roles at once: the one that asks for most is the one that is judged. */
const STRICTEST: readonly RecipientRole[] = ['sponsor', 'acquirer', 'controller', 'participant', 'joint-controller', 'authority', 'processor'];

function roleOf(roles: readonly RecipientRole[]): RecipientRole | undefined {
  return STRICTEST.find((role) => roles.includes(role));
}

function conferenceOf({ relationship, items }: Act, { identity, holding }: SubjectState): string | undefined {
  const named = relationship ?? holding.holdings.get(items.find((item) => item.holding !== undefined)?.holding ?? '')?.relationship;
  return named === undefined ? undefined : identity.relationships.get(named)?.conference;
}

/** What the controller held by then: data of another's, and what came later, was no part of the act. */
function heldFor({ items, relationship, conference }: Act, { identity, holding }: SubjectState, controller: string, at: string): Question['held'] {
  const isThere = (one: Holding): boolean => (one.controller === undefined || one.controller === controller) && one.told.some((told) => told.at <= at);
  const isMeant = (one: Holding): boolean =>
    isThere(one) &&
    (relationship === undefined || one.relationship === relationship) &&
    (conference === undefined || (one.conference ?? identity.relationships.get(one.relationship)?.conference ?? conference) === conference);
  return [...new Set(items.map(({ category }) => category))].map((category) => {
    const named = items.filter((item) => item.category === category && item.holding !== undefined).flatMap((item) => holding.holdings.get(item.holding ?? '') ?? []);
    const meant = [...holding.holdings.values()].filter((one) => one.category === category && isMeant(one));
    // What was left for this conference goes before what is held for all: a consent may be bound to it.
    const own = conference === undefined ? [] : meant.filter((one) => (one.conference ?? identity.relationships.get(one.relationship)?.conference) === conference);
    const all = own.length > 0 ? own : meant;
    return { category, holdings: items.some((item) => item.category === category && item.holding === undefined) ? all : named.filter(isThere) };
  });
}

/**
 * Where it is said to be received, and where whoever receives it is registered, on any of the days that it may have been on: naming a
 * country never takes the other away. A recipient told before its first day is where it first was.
 */
function thirdCountriesOf(act: Act, registered: string | undefined, { first, last }: ActDays): readonly string[] {
  const isThird = (country: string | undefined): country is string => country !== undefined && !(isInEea(country, first) && isInEea(country, last));
  return [...new Set([act.country, registered].filter(isThird))];
}

function registersOf({ answerable, recipient, conference }: Question): readonly RegisterRevision[] {
  return [...(answerable.inForce === undefined ? [] : [answerable.inForce.register]), ...(recipient === undefined ? [] : [recipient.register]), ...(conference === undefined ? [] : [conference.register])];
}

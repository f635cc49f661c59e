/**
 * What goes to parties of a conference and to other participants (S013, S046, S054, S130, S131): only of that conference, only to who
 * takes part in it that day, and never what someone eats to a sponsor, whatever policy and registers say.
 */
import { parseWhen } from '#law/when.js';
import type { PolicyModel } from '#policy/model.js';
import type { ConferenceRole } from '#policy/policy.js';
import { isNamedIn, partyRoles } from '../conference/conference.state.js';
import { PARTY_ROLES, type PartyRole } from '../conference/conference.events.js';
import { covers, swedishDay } from '../period.js';
import type { Question } from './act.js';
import type { Applied } from './reasoning.members.js';
import { applied, entry, failed, type GateRule, type Grounds } from './rule.js';

/** Sponsors and participants are such at a conference; a purpose that only parties may receive data for has one too. */
const known: GateRule = (question) => {
  if (!isOfConference(question)) return [];
  const isHere = question.conference?.state.registered === true;
  return [applied('conference-known', isHere, conferenceEntry(question))];
};

const held: GateRule = (question) => {
  if (!isOfConference(question) || question.conference === undefined) return [];
  const { cancelledOn } = question.conference.state;
  return [applied('conference-held', cancelledOn === undefined || cancelledOn > question.days.last, { ...conferenceEntry(question), ...(cancelledOn !== undefined && { to: cancelledOn }) })];
};

const party: GateRule = (question) => {
  const { recipient, conference, act, days } = question;
  const wanted = rolesAt(question).filter(isPartyRole);
  if (recipient === undefined || wanted.length === 0) return [];
  const roles = conference === undefined ? [] : partyRoles(conference.state, act.recipient ?? '', days);
  const dates = conference?.state.parties.filter((one) => one.recipient === act.recipient && wanted.includes(one.role)).at(-1);
  return [applied('conference-party', wanted.every((role) => roles.includes(role)), { ...bothEntries(question), ...(dates !== undefined && { from: dates.from, ...(dates.to !== undefined && { to: dates.to }) }) })];
};

const participant: GateRule = (question) => {
  if (!isOfConference(question) || question.act.conference === undefined) return [];
  const part = participation(question);
  return [applied('conference-participant', part !== undefined, { ...conferenceEntry(question), ...(part !== undefined && part.length > 0 && { events: part }) })];
};

/** GDPR Art. 13(1)(e): the notice that the person was served named this sponsor, as its list stood when it was served. */
const named: GateRule = (question) => {
  const { conference, act, state, when, answerable } = question;
  if (!rolesAt(question).includes('sponsor')) return [];
  const notice = state.notice.served.find(
    (one) =>
      (one.controller === undefined || one.controller === answerable.controller) &&
      (one.conference === undefined || one.conference === act.conference) &&
      one.servedAt <= when.latest &&
      conference !== undefined && isNamedIn(conference.state, one, swedishDay(one.servedAt), act.recipient ?? ''),
  );
  return [applied('sponsor-named', notice !== undefined, { ...bothEntries(question), ...(notice !== undefined && { events: [notice.event] }) })];
};

const contactOnly: GateRule = (question) => {
  if (question.recipient === undefined || !isSponsor(question)) return [];
  const model = modelOf(question);
  return split('sponsor-contact-only', question, (category) => isContact(category, model) && model.specialOf(category) === undefined, bothEntries(question));
};

/** What someone eats tells of health (G09.1). */
const kitchenOnly: GateRule = (question) => {
  const { act, held: asked } = question;
  if (act.recipient === undefined || isForAuthority(question)) return [];
  const special = asked.map(({ category }) => category).filter((category) => modelOf(question).specialOf(category) !== undefined);
  return special.length === 0 ? [] : [applied('diet-to-kitchen-only', isKitchen(question), { categories: special, ...bothEntries(question) })];
};

/** S013, S130: both take part in the same conference, and it is for a purpose that other participants receive data for. */
const mediation: GateRule = (question) => {
  const { recipient, act, days } = question;
  if (recipient === undefined || !rolesAt(question).includes('participant')) return [];
  const model = modelOf(question);
  const assigned = [...recipient.state.roles.values()].find((one) => one.role === 'participant' && one.conference !== undefined && one.conference === act.conference && covers(one, days));
  const isPurpose = model.purpose(act.purpose)?.recipientKinds.some((kind) => model.recipientKind(kind)?.conferenceRole === 'participant') ?? false;
  const isAmong = assigned !== undefined && participation(question) !== undefined && isPurpose;
  return [applied('mediation-among-participants', isAmong, { ...bothEntries(question, assigned?.assignment) })];
};

export const conferenceRules: readonly GateRule[] = [known, held, party, participant, named, contactOnly, kitchenOnly, mediation];

function modelOf({ model, answerable }: Question): PolicyModel {
  return model ?? answerable.model;
}

/** What the recipient has to be at the conference: by its kind, and by the role it acts in. */
function rolesAt(question: Question): readonly ConferenceRole[] {
  const { role, recipient } = question;
  const byKind = modelOf(question).recipientKind(recipient?.state.kind ?? '')?.conferenceRole;
  const byRole = role === 'sponsor' || role === 'participant' ? role : undefined;
  return [...new Set([byKind, byRole])].flatMap((one) => one ?? []);
}

function isPartyRole(role: ConferenceRole): role is PartyRole {
  return (PARTY_ROLES as readonly string[]).includes(role);
}

/** An act that somebody receives, and that belongs to a conference by who that is or by what it is for. */
function isOfConference(question: Question): boolean {
  if (question.act.recipient === undefined || isForAuthority(question)) return false;
  if (rolesAt(question).length > 0) return true;
  const model = modelOf(question);
  const kinds = model.purpose(question.act.purpose)?.recipientKinds ?? [];
  return kinds.length > 0 && kinds.every((kind) => model.recipientKind(kind)?.conferenceRole !== undefined);
}

/** Disclosures that law or legal process asks for have rules of their own. */
function isForAuthority({ act, model, answerable }: Question): boolean {
  return act.ground !== undefined && (model ?? answerable.model).disclosureGround(act.ground)?.kind === 'legal-duty';
}

/** In any way that day: a sponsor that also cooks was promised to be told nothing of what people eat. */
function isSponsor(question: Question): boolean {
  const { conference, act, days } = question;
  return rolesAt(question).includes('sponsor') || (conference?.state.parties.some((one) => one.recipient === act.recipient && one.role === 'sponsor' && one.from <= days.last && (one.to === undefined || one.to >= days.first)) ?? false);
}

/** The caterer or the venue; a partner who feeds people is registered as one of these (S046). Never a sponsor. */
function isKitchen(question: Question): boolean {
  const { conference, act, days } = question;
  if (conference === undefined || isSponsor(question)) return false;
  const roles = partyRoles(conference.state, act.recipient ?? '', days);
  return roles.includes('caterer') || roles.includes('venue');
}

function isContact(category: string, model: PolicyModel): boolean {
  const roots = model.policy.categories.filter(({ id, dpv }) => dpv === 'pd:Contact' || id === 'contact');
  return roots.some(({ id }) => model.isWithin(category, id));
}

/** The person's own events that make them a participant; undefined: nothing does. A relationship that had ended does no more. */
function participation({ act, state, when }: Question): readonly string[] | undefined {
  const { conference } = act;
  if (conference === undefined) return undefined;
  const relationships = [...state.identity.relationships.values()].filter(
    (one) => one.conference === conference && (parseWhen(one.startedAt)?.earliest ?? '') <= when.latest && (one.endedAt === undefined || (parseWhen(one.endedAt)?.latest ?? '') >= when.earliest),
  );
  const consents = state.consent.given.filter((one) => one.conference === conference && one.from <= when.latest).map(({ event }) => event);
  const holdings = [...state.holding.holdings.values()].filter((one) => one.conference === conference).flatMap(({ told }) => told.slice(0, 1).map(({ event }) => event));
  return relationships.length + consents.length + holdings.length === 0 ? undefined : [...new Set([...consents, ...holdings])];
}

/** One finding for the categories that keep the rule, and one for those that do not. */
function split(rule: 'sponsor-contact-only', { held: asked }: Question, isKept: (category: string) => boolean, grounds: Grounds): readonly Applied[] {
  const categories = asked.map(({ category }) => category);
  const kept = categories.filter(isKept);
  const broken = categories.filter((category) => !isKept(category));
  return [...(kept.length > 0 ? [applied(rule, true, { categories: kept, ...grounds })] : []), ...(broken.length > 0 ? [failed(rule, { categories: broken, ...grounds })] : [])];
}

function conferenceEntry({ act, conference }: Question): Grounds {
  return act.conference === undefined || conference === undefined ? {} : { registers: [entry('conference', act.conference)] };
}

function bothEntries(question: Question, of?: string): Grounds {
  const { act, recipient } = question;
  const own = recipient === undefined || act.recipient === undefined ? [] : [entry('recipient', act.recipient, of)];
  return { registers: [...(conferenceEntry(question).registers ?? []), ...own] };
}

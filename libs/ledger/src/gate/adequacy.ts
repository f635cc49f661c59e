/** Whether decisions of the Commission covered a recipient on every day that an act may have been on (GDPR Art. 45). */
import type { AdequacyDecision } from '#law/data/adequacy.js';
import { dayOf, formatLocalDate } from '#law/local-date.js';
import { adequacyAt, adequacyNear, eeaStandingAt } from '#law/transfer-law.js';
import { endedBy, type Days } from '../period.js';
import type { Question } from './act.js';
import type { Applied } from './reasoning.members.js';
import { entry, failed, passed, type Grounds } from './rule.js';

export type Adequacy =
  /** The decision that held on the last day, and one finding for each that the act rests on. */
  | { readonly decision: string; readonly rules: readonly Applied[] }
  /** What had ended, had not begun, or did not reach this recipient. */
  | { readonly decision?: undefined; readonly rules: readonly Applied[] };

/** In a finding `clause` is the decision's id in the law data; its dates are those on which it could be relied on for this recipient. */
export function adequacyFor(question: Question, country: string): Adequacy {
  const { first, last } = question.days;
  const rules: Applied[] = [];
  let decision: string | undefined;
  for (let day = first; day <= last; ) {
    const cover = coverOn(question, country, day);
    if (cover === undefined) return { rules: missingOn(question, country, day) };
    if (cover.decision !== undefined) {
      decision = cover.decision.id;
      rules.push(passed('transfer-adequacy', groundsOf(question, cover.decision, cover)));
    }
    if (cover.to === undefined) break;
    day = formatLocalDate(dayOf(cover.to) + 1);
  }
  // Of an act on several days all may have been within the EEA but for one that a decision covered; never all of them here.
  return decision === undefined ? { rules: missingOn(question, country, last) } : { decision, rules };
}

/** Whether the recipient is an international organisation that a decision names: wherever it is, data leaves the Union (Art. 44). */
export function isInternationalOrganisation(recipient: string | undefined, day: string): boolean {
  if (recipient === undefined) return false;
  const { ended, notBegun } = adequacyNear(recipient, day);
  return [...adequacyAt(recipient, day), ...ended, ...notBegun].some(({ scope }) => scope === 'organisation');
}

interface Cover extends Days {
  /** Absent: no third country that day. */
  readonly decision?: AdequacyDecision;
}

/** Of several that hold that day the one that holds longest. */
function coverOn(question: Question, country: string, day: string): Cover | undefined {
  const decisions = decisionsAt(question, country, day).flatMap((decision) => coverBy(question, decision, day));
  const standing = isInternationalOrganisation(question.act.recipient, day) ? undefined : eeaStandingAt(country, day);
  const covers: readonly Cover[] = [...(standing === undefined ? [] : [standing]), ...decisions];
  return covers.reduce<Cover | undefined>((longest, cover) => (longest === undefined || isLonger(cover, longest) ? cover : longest), undefined);
}

function decisionsAt({ act }: Question, country: string, day: string): readonly AdequacyDecision[] {
  return [country, act.recipient ?? country].flatMap((subject, i, all) => (all.indexOf(subject) === i ? adequacyAt(subject, day) : []));
}

function coverBy(question: Question, decision: AdequacyDecision, day: string): readonly Cover[] {
  const days: Days = { from: decision.from, ...(decision.to !== undefined && { to: decision.to }) };
  switch (decision.scope) {
    case 'whole':
    case 'organisation':
      return [{ ...days, decision }];
    case 'commercial-organisations':
      return isCommercial(question) ? [{ ...days, decision }] : [];
    case 'certified-organisations': {
      const certified = question.recipient?.state.certifications.find((one) => one.decision === decision.id && one.from <= day && (one.to === undefined || one.to >= day));
      if (certified === undefined) return [];
      const to = certified.to === undefined ? days.to : endedBy(days.to, certified.to);
      return [{ from: certified.from > days.from ? certified.from : days.from, ...(to !== undefined && { to }), decision }];
    }
    default: {
      const never: never = decision.scope;
      return never;
    }
  }
}

/** Authorities and private persons do no business: decisions on commercial organisations (Canada, Japan) do not reach them. */
function isCommercial({ role, recipient, answerable, model }: Question): boolean {
  const kind = (model ?? answerable.model).recipientKind(recipient?.state.kind ?? '');
  return role !== 'authority' && role !== 'participant' && kind?.role !== 'authority' && kind?.conferenceRole !== 'participant';
}

function missingOn(question: Question, country: string, day: string): readonly Applied[] {
  const inForce = decisionsAt(question, country, day);
  const { ended, notBegun } = adequacyNear(country, day);
  const near = inForce.length > 0 ? inForce : [...ended.slice(0, 1), ...notBegun.slice(0, 1)];
  return near.length === 0 ? [failed('transfer-adequacy')] : near.map((decision) => failed('transfer-adequacy', groundsOf(question, decision, decision)));
}

function groundsOf({ act }: Question, { id, scope }: AdequacyDecision, { from, to }: Days): Grounds {
  const certified = scope === 'certified-organisations' && act.recipient !== undefined ? { registers: [entry('recipient', act.recipient, id)] } : {};
  return { ...certified, clause: id, from, ...(to !== undefined && { to }) };
}

function isLonger(one: Days, other: Days): boolean {
  return other.to !== undefined && (one.to === undefined || one.to > other.to);
}

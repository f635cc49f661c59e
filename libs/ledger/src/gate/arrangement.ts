/** What must hold of a transfer arrangement for it to carry a transfer (GDPR Art. 46; Decision (EU) 2021/914; rows G46, G46.2). */
import type { SccGeneration, SccModule, TransferRole } from '#law/data/scc.js';
import { sccAt, sccClauses, sccFits } from '#law/transfer-law.js';
import { describedOn } from '../activity/activity.state.js';
import { covers, type ActDays } from '../period.js';
import { isSuspended, type Arrangement, type ImpactAssessment } from '../recipient/recipient.state.js';
import type { Question } from './act.js';
import type { Applied } from './reasoning.members.js';
import { applied, entry, type Grounds } from './rule.js';

/** One finding for each thing that is asked of an arrangement of this kind. */
export function arrangementFindings(question: Question, arrangement: Arrangement, country: string): readonly Applied[] {
  const { days, act } = question;
  const registers = [entry('recipient', act.recipient ?? '', arrangement.arrangement)];
  const rests: Grounds = { registers };
  return [
    applied('arrangement-in-force', isInForce(arrangement, country, question), { ...rests, from: beginning(arrangement), ...(arrangement.to !== undefined && { to: arrangement.to }) }),
    applied('arrangement-suspended', !isSuspended(arrangement, days), { ...rests, ...suspendedFrom(arrangement, days) }),
    ...(arrangement.mechanism === 'standard-clauses' ? clauseFindings(question, arrangement, rests) : []),
    ...assessmentFindings(arrangement, days, rests),
  ];
}

/** It carries nothing before it was signed, whatever it says of itself. */
function beginning({ from, signedOn }: Arrangement): string {
  return from > signedOn ? from : signedOn;
}

/** For that country, and for the way in which the data is reached where it is for one of the two only. */
function isInForce(arrangement: Arrangement, country: string, { act, days }: Question): boolean {
  const isForThis = arrangement.country === country && (arrangement.remoteAccess === undefined || arrangement.remoteAccess === (act.remoteAccess ?? false));
  return isForThis && covers({ ...arrangement, from: beginning(arrangement) }, days);
}

function suspendedFrom({ suspensions }: Arrangement, { last }: ActDays): Grounds {
  const turn = suspensions.filter(({ from, suspended }) => suspended && from <= last).reduce<string | undefined>((latest, { from }) => (latest === undefined || from > latest ? from : latest), undefined);
  return turn === undefined ? {} : { from: turn };
}

/** `clause` is the id of the generation in the law data. */
function clauseFindings(question: Question, { decision, module, exporterRole, importerRole, annexes, signedOn }: Arrangement, rests: Grounds): readonly Applied[] {
  const { days } = question;
  const generation = decision as SccGeneration;
  const clauses = sccClauses(generation, module as SccModule | undefined);
  const fits = exportersFor(question).has(exporterRole) && importerRole === importerFor(question) && sccFits(generation, module as SccModule | undefined, exporterRole, importerRole);
  const on = (day: string) => sccAt(generation, day, module as SccModule | undefined);
  const areInForce = on(signedOn)?.signable === true && on(days.first)?.usable === true && on(days.last)?.usable === true;
  const dates: Grounds = clauses === undefined ? {} : { from: clauses.from, ...(clauses.to !== undefined && { to: clauses.to }) };
  const needed = (clauses?.annexes ?? []).filter(({ onlyWith }) => onlyWith === undefined).map(({ id }) => id.toLowerCase().replace('.', '-'));
  return [
    applied('arrangement-module', fits, { ...rests, ...(decision !== undefined && { clause: decision }) }),
    // The register has no names for the appendices of older generations, so nothing is asked of those.
    ...(generation === 'scc-2021-914' ? [applied('arrangement-annexes', needed.every((id) => (annexes as readonly string[]).includes(id)), rests)] : []),
    applied('clauses-in-force', areInForce, { ...rests, ...(decision !== undefined && { clause: decision }), ...dates }),
  ];
}

/** What the recipient is to us: a processor, or one who decides for itself (GDPR Art. 4(7), 4(8)). */
function importerFor({ role, recipient, model, answerable }: Question): TransferRole {
  const is = role ?? (model ?? answerable.model).recipientKind(recipient?.state.kind ?? '')?.role;
  return is === 'processor' ? 'processor' : 'controller';
}

/** We are controllers; processors too where an activity says that we process for somebody else with this recipient (GDPR Art. 30(2)). */
function exportersFor({ registers, act, answerable, days }: Question): ReadonlySet<TransferRole> {
  const isProcessed = registers.idsOf('activity').some((id) => {
    const state = registers.registered('activity', id)?.state;
    const described = state === undefined || (state.controller !== undefined && state.controller !== answerable.controller) ? undefined : describedOn(state, days.last);
    return described?.role === 'processor' && described.purposes.includes(act.purpose) && described.recipients.includes(act.recipient ?? '');
  });
  return new Set(isProcessed ? ['controller', 'processor'] : ['controller']);
}

/** Clause 14 asks it of the clauses of 2021; of others none is asked, but one that found the protection insufficient stops them too. */
function assessmentFindings({ decision, assessments }: Arrangement, days: ActDays, rests: Grounds): readonly Applied[] {
  const isAsked = decision === 'scc-2021-914';
  if (!isAsked && assessments.length === 0) return [];
  const isEnough = (day: string): boolean => {
    const found = assessmentOn(assessments, day);
    if (found === undefined) return !isAsked;
    return found.outcome !== 'insufficient' && (!isAsked || found.to === undefined || found.to >= day);
  };
  const last = assessmentOn(assessments, days.last);
  const turns = assessments.map(({ from }) => from).filter((from) => from > days.first && from < days.last);
  const dates: Grounds = last === undefined ? {} : { from: last.from, ...(last.to !== undefined && { to: last.to }) };
  return [applied('impact-assessment', [days.first, ...turns, days.last].every(isEnough), { ...rests, ...dates })];
}

/** The latest by then; of several from one day the last told. */
function assessmentOn(assessments: readonly ImpactAssessment[], day: string): ImpactAssessment | undefined {
  return assessments.reduce<ImpactAssessment | undefined>((found, one) => (one.from <= day && (found === undefined || one.from >= found.from) ? one : found), undefined);
}

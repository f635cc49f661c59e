/** A recipient of the register as an answer: everything that held on a day. */
import { covers, type Days } from '../period.js';
import { auditDueOn, auditedOn, lastAudit } from './audits.js';
import { countryOn, isSuspended, type Arrangement, type RecipientState } from './recipient.state.js';

/** How often such recipients are audited, by each policy in force that says so. */
export type AuditPeriods = (kind: string) => readonly string[];

export function recipientAnswer(state: RecipientState, day: string, auditPeriods: AuditPeriods): object {
  return heldOn(state, day, auditPeriods);
}

export function recipientSummary(state: RecipientState, day: string, auditPeriods: AuditPeriods): object {
  const { kind, from, isRegistered, country, roles, audits } = heldOn(state, day, auditPeriods);
  return { kind, from, isRegistered, country, roles: [...new Set(roles.map(({ role }) => role))].sort(), isAuditOverdue: audits.some(({ isOverdue }) => isOverdue) };
}

function heldOn(state: RecipientState, day: string, auditPeriods: AuditPeriods) {
  const inForce = <T extends Days>(entries: Iterable<T>): T[] => [...entries].filter((one) => covers(one, { first: day, last: day }));
  return {
    kind: state.kind,
    from: state.from,
    isRegistered: state.from <= day,
    country: countryOn(state, day) ?? null,
    roles: inForce(state.roles.values()).map(untold),
    agreements: inForce(state.agreements.values()).map(untold),
    subProcessors: inForce(state.subProcessors.values()).map((one) => ({ ...untold(one), isObjectedTo: one.objectedFrom !== undefined && one.objectedFrom <= day })),
    audits: auditsOn(state, day, auditPeriods),
    certifications: inForce(state.certifications),
    arrangements: inForce(state.arrangements.values()).map((one) => arrangementOn(one, day)),
    plans: inForce(state.plans.values()).map(untold),
  };
}

/** Of the recipient and of each sub-processor in use: the latest audit by the day, and the last day on which it was enough. */
function auditsOn(state: RecipientState, day: string, auditPeriods: AuditPeriods) {
  const periods: readonly (string | undefined)[] = auditPeriods(state.kind);
  return auditedOn(state, { first: day, last: day }).map((audited) => {
    const { subProcessor } = audited;
    const last = lastAudit(state, audited, day);
    const [dueOn] = (periods.length > 0 ? periods : [undefined]).flatMap((every) => auditDueOn(state, audited, day, every) ?? []).sort();
    return {
      ...(subProcessor !== undefined && { subProcessor }),
      ...(last !== undefined && { on: last.on, outcome: last.outcome }),
      ...(dueOn !== undefined && { nextOn: dueOn }),
      isOverdue: dueOn !== undefined && dueOn < day,
    };
  });
}

function arrangementOn(arrangement: Arrangement, day: string) {
  const { assessments, suspensions: _suspensions, ...rest } = arrangement;
  const days = { first: day, last: day };
  const assessment = assessments.filter((one) => covers(one, days)).at(-1);
  return { ...rest, isSuspended: isSuspended(arrangement, days), ...(assessment !== undefined && { assessment: { outcome: assessment.outcome, from: assessment.from, ...(assessment.to !== undefined && { to: assessment.to }) } }) };
}

function untold<T extends { readonly told: unknown }>({ told: _told, ...entry }: T): Omit<T, 'told'> {
  return entry;
}

/** When a supplier and those it engages are to be audited, and whether they were (GDPR Art. 28(3)(h); S060). */
import { endOfPeriod, isPeriod } from '#law/period.js';
import { parseWhen } from '#law/when.js';
import type { ActDays } from '../period.js';
import type { Audit, RecipientState, SubProcessor } from './recipient.state.js';

/** Who is audited: the recipient itself, or one of its sub-processors. */
export interface Audited {
  readonly subProcessor?: string;
  /** The first day that it worked for us. */
  readonly from: string;
}

/** The recipient, and its sub-processors that were in use on any of these days. */
export function auditedOn(state: RecipientState, days: ActDays): readonly Audited[] {
  return [{ from: state.from }, ...inUse(state, days).map(({ subProcessor, from }) => ({ subProcessor, from }))];
}

export function inUse({ subProcessors }: RecipientState, { first, last }: ActDays): readonly SubProcessor[] {
  return [...subProcessors.values()].filter(({ from, to }) => from <= last && (to === undefined || to >= first));
}

/** The latest audit by a day; of several on one day, the last told. */
export function lastAudit({ audits }: RecipientState, { subProcessor }: Audited, day: string): Audit | undefined {
  return audits.filter((audit) => audit.subProcessor === subProcessor && audit.on <= day).reduce<Audit | undefined>((last, audit) => (last === undefined || audit.on >= last.on ? audit : last), undefined);
}

/** The last day on which its latest audit by a day was enough: as was agreed then, or as the policy asks, whichever is sooner. */
export function auditDueOn(state: RecipientState, audited: Audited, day: string, every: string | undefined): string | undefined {
  const last = lastAudit(state, audited, day);
  const byPolicy = every === undefined ? undefined : periodAfter(last?.on ?? audited.from, every);
  const agreed = last?.nextOn;
  if (byPolicy === undefined || agreed === undefined) return byPolicy ?? agreed;
  return agreed < byPolicy ? agreed : byPolicy;
}

function periodAfter(day: string, period: string): string | undefined {
  const start = parseWhen(day);
  return start === undefined || !isPeriod(period) ? undefined : endOfPeriod({ start, period, kind: 'upper-limit', rule: 'gdpr-28-3-h', causingEventIds: [] }).endsOn;
}

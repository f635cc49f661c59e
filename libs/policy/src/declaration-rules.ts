/** What must hold of what a policy declares: its messages, its change history, its annexes, and the order of its periods. */
import { inherited } from './trees.js';
import type { Tree } from './trees.js';
import type { Policy } from './policy.js';
import type { Findings } from './shape.js';

type Report = Findings['report'];

/** Reports every breach, under the field that has to change. A policy that declares nothing has none. */
export function checkDeclarations(policy: Policy, purposes: Tree, report: Report): void {
  checkMessages(policy, purposes, report);
  checkChanges(policy, report);
  checkAnnexes(policy, report);
  checkOrder(policy, report);
}

function checkMessages(policy: Policy, purposes: Tree, report: Report): void {
  const natureOf = new Map(policy.purposes.map(({ id, nature }) => [id, nature]));
  policy.messageClasses.forEach(({ purpose, optOut }, i) => {
    if (!purposes.has(purpose)) return;
    const isMarketing = ['marketing', 'interest-advertising'].includes(inherited(purposes, purpose, (level) => natureOf.get(level)) ?? '');
    if (isMarketing && !optOut) report(`messageClasses[${i}].optOut`, `must be true; "${purpose}" is marketing, which one may always decline (row S020; GDPR 21(2))`);
    if (!isMarketing && optOut) report(`messageClasses[${i}].optOut`, `must be false; "${purpose}" is no marketing, and what a service needs is sent all the same (row S072)`);
  });
}

/** A version that keeps a history says there what it changed, under the dates that it bears (row S121). */
function checkChanges(policy: Policy, report: Report): void {
  if (policy.changes.length === 0) return;
  const i = policy.changes.findIndex(({ id }) => id === policy.version);
  const own = policy.changes[i];
  if (own === undefined) return report('changes', `must have an entry for this version, "${policy.version}" (row S121)`);
  if (own.publishedOn !== policy.publishedOn) report(`changes[${i}].publishedOn`, `must be ${policy.publishedOn}, as the version was published`);
  if (own.effectiveFrom !== policy.effectiveFrom) report(`changes[${i}].effectiveFrom`, `must be ${policy.effectiveFrom}, as the version takes effect`);
  const reasons = new Set(policy.codes.filter(({ kind }) => kind === 'change-reason').map(({ id }) => id));
  policy.changes.forEach((change, at) => change.reasons.forEach((reason, j) => {
    if (policy.codes.some(({ id }) => id === reason) && !reasons.has(reason)) report(`changes[${at}].reasons[${j}]`, `"${reason}" is no change-reason`);
  }));
}

/** A service's own clause goes over a general one, and over no other service's (row S044). */
function checkAnnexes(policy: Policy, report: Report): void {
  const first = new Map<string, string>();
  policy.clauses.forEach(({ services, over }, i) => {
    if (services === undefined && over.length > 0) report(`clauses[${i}].services`, 'is missing; only the clause of a service goes over another (row S044)');
    over.forEach((id, j) => {
      if (policy.clauses.some((one) => one.id === id && one.services !== undefined)) report(`clauses[${i}].over[${j}]`, `"${id}" is the clause of a service itself`);
      for (const service of services ?? []) {
        const before = first.get(`${service} ${id}`);
        if (before === undefined) first.set(`${service} ${id}`, `clauses[${i}]`);
        else report(`clauses[${i}].over[${j}]`, `"${id}" gives way to ${before} already, for "${service}"`);
      }
    });
  });
}

/** Rows S091 to S093: legal duty over marketing, contact details over food, pseudonymised over identified. */
function checkOrder(policy: Policy, report: Report): void {
  policy.retention.forEach(({ longerThan, period }, i) => longerThan.forEach((id, j) => {
    const shorter = policy.retention.find((rule) => rule.id === id);
    if (shorter === undefined || period === undefined) return;
    if (shorter.period !== undefined && daysIn(shorter.period) < daysIn(period)) return;
    report(`retention[${i}].longerThan[${j}]`, `"${id}" is kept for ${shorter.period ?? 'no stated time'}, which is not shorter than ${period}`);
  }));
}

/** On average, by the Gregorian calendar's 400 years: enough to tell which of two periods is longer. */
function daysIn(period: string): number {
  const of = (unit: string): number => Number(new RegExp(`(\\d+)${unit}`).exec(period)?.[1] ?? 0);
  return (of('Y') * 12 + of('M')) * (146_097 / 4800) + of('W') * 7 + of('D');
}

/**
 * How much of the gate's reasons a caller is told. Officers and auditors see every rule. An upstream is told `not permitted`, what to do,
 * and the rules that say nothing of the person but what it may know: whether somebody objected, disputed, is protected, is a child or has
 * died does not show, neither where such a rule failed nor where it passed (`architecture.md` §4; decision 0001 of libs/nest).
 */
import type { Actor } from '#vault/vault.js';
import { rules as catalogue, type RuleCode } from '../rules.js';
import { adviceOf, NOT_PERMITTED, type Advice } from './advice.js';
import type { Applied } from './reasoning.members.js';

export type Role = Actor['role'];

export interface Judged {
  readonly outcome: 'allowed' | 'allowed-with-remarks' | 'blocked';
  readonly authorisation?: string;
  readonly rules: readonly Applied[];
}

export interface Shown extends Judged {
  /** Codes of the rules that failed, as far as they are shown; only of a blocked one. */
  readonly failed?: readonly string[];
  /** What to do about what failed or was remarked. */
  readonly advice?: readonly Advice[];
}

export function shownTo(role: Role, { outcome, authorisation, rules }: Judged): Shown {
  const isUpstream = role === 'upstream';
  const visible = isUpstream ? rules.filter(({ rule }) => !reveals(rule)) : rules;
  const failed = codesWith('failed', visible);
  const remarked = codesWith('remarked', visible);
  const isBlocked = outcome === 'blocked';
  const advice = [...(isBlocked && isUpstream ? [NOT_PERMITTED] : []), ...[...failed, ...remarked].flatMap(adviceOf)];
  return {
    // A remark that is not shown may not be heard in the outcome either.
    outcome: outcome === 'allowed-with-remarks' && remarked.length === 0 ? 'allowed' : outcome,
    ...(authorisation !== undefined && { authorisation }),
    rules: visible,
    ...(isBlocked && failed.length > 0 && { failed }),
    ...(advice.length > 0 && { advice }),
  };
}

/** A code that this program does not know, of an event that a newer one recorded, might. */
function reveals(code: string): boolean {
  return !Object.hasOwn(catalogue, code) || 'reveals' in catalogue[code as RuleCode];
}

function codesWith(result: Applied['result'], rules: readonly Applied[]): readonly string[] {
  return [...new Set(rules.filter((one) => one.result === result).map(({ rule }) => rule))].sort();
}

import { describe, expect, it } from '@jest/globals';
import { rules } from '../rules.js';
import { adviceOf, NOT_PERMITTED } from './advice.js';
import type { Applied } from './reasoning.members.js';
import { shownTo, type Judged } from './shown.js';

const AUTHORISATION = '00000000-0000-4000-8000-000000000001';
const passed: Applied = { rule: 'category-allowed', result: 'passed', categories: ['email'] };
const unregistered: Applied = { rule: 'recipient-role', result: 'failed' };
const overdue: Applied = { rule: 'audit-current', result: 'remarked' };
const revealing = Object.entries(rules).flatMap(([rule, about]) => ('reveals' in about ? [rule] : []));
const blocked = (...all: readonly Applied[]): Judged => ({ outcome: 'blocked', rules: all });

describe('officers and auditors', () => {
  it.each(['officer', 'auditor'] as const)('an %s sees every rule, what failed and what to do', (role) => {
    const judged = blocked(passed, { rule: 'no-objection', result: 'failed' }, unregistered, { rule: 'person-alive', result: 'remarked' });
    expect(shownTo(role, judged)).toEqual({
      ...judged,
      failed: ['no-objection', 'recipient-role'],
      advice: [...adviceOf('no-objection'), ...adviceOf('recipient-role'), ...adviceOf('person-alive')],
    });
  });
});

describe('an upstream', () => {
  it('is told what failed and what to do, and always that it is not permitted', () => {
    expect(shownTo('upstream', blocked(passed, unregistered))).toEqual({ outcome: 'blocked', rules: [passed, unregistered], failed: ['recipient-role'], advice: [NOT_PERMITTED, ...adviceOf('recipient-role')] });
  });

  it.each(revealing)('cannot tell that %s failed, passed, was remarked or was not applied', (rule) => {
    const told = (...results: readonly Applied['result'][]): object => shownTo('upstream', blocked(passed, unregistered, ...results.map((result) => ({ rule, result }))));
    expect(told('failed')).toEqual(told());
    expect(told('passed')).toEqual(told());
    expect(told('remarked')).toEqual(told());
  });

  it('cannot tell by which of the hidden rules it was blocked', () => {
    const answers = revealing.map((rule) => JSON.stringify(shownTo('upstream', blocked(passed, { rule, result: 'failed' }))));
    expect(new Set(answers)).toEqual(new Set([JSON.stringify({ outcome: 'blocked', rules: [passed], advice: [NOT_PERMITTED] })]));
  });

  it('does not hear a remark that it may not see in the outcome', () => {
    const judged: Judged = { outcome: 'allowed-with-remarks', authorisation: AUTHORISATION, rules: [passed, { rule: 'person-alive', result: 'remarked' }] };
    expect(shownTo('upstream', judged)).toEqual({ outcome: 'allowed', authorisation: AUTHORISATION, rules: [passed] });
    expect(shownTo('upstream', { ...judged, rules: [...judged.rules, overdue] })).toEqual({ outcome: 'allowed-with-remarks', authorisation: AUTHORISATION, rules: [passed, overdue], advice: adviceOf('audit-current') });
  });

  it('is not shown a code that this program does not know', () => {
    expect(shownTo('upstream', blocked({ rule: 'of-a-newer-version', result: 'failed' })).rules).toEqual([]);
    expect(shownTo('officer', blocked({ rule: 'of-a-newer-version', result: 'failed' }))).toMatchObject({ failed: ['of-a-newer-version'] });
  });
});

it('every rule has its advice', () => {
  for (const rule of Object.keys(rules)) expect([rule, adviceOf(rule)]).toEqual([rule, [{ rule, sv: expect.any(String), en: expect.any(String) }]]);
});

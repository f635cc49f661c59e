import { describe, expect, it } from '@jest/globals';
import type { Applied } from '../gate/reasoning.members.js';
import { event, idOf, NOW, type Happened } from '../testing/decider.fixture.js';
import { firstModel } from '../testing/registers.fixture.js';
import { consented, held } from '../testing/subject.fixture.js';
import type { DecisionLine } from './decision-register.view.js';
import { citedBy, reasonsOf, type Labels } from './reasoning.js';
import { blocked, failedRule, passedRule } from './registers.examples.js';

const labels: Labels = { sv: (kind, code) => firstModel.label(kind, code, 'sv'), en: (kind, code) => firstModel.label(kind, code, 'en') };
const decision: DecisionLine = { position: '1', event: idOf('decision'), type: 'DisclosureBlocked', stream: 'subject-x', revision: 4, occurredAt: NOW, recordedAt: NOW, rules: 'spec', registers: [], superseded: false };
const consent = event(consented('2021-01-01T10:00:00.000Z'), 1);
const withRules = (...rules: readonly Applied[]): Happened => blocked('printer', { more: { rules } });

describe('the reasons of a decision', () => {
  it('are all rules that were applied, passed ones too, with article, sentence and what they rest on', () => {
    const told = event(withRules(passedRule, { rule: 'consent-given', result: 'passed', events: [consent.id], clause: 'letter' }, failedRule), 4);
    const reasons = reasonsOf(told, decision, new Map([[consent.id, consent]]), labels);
    expect(reasons).toMatchObject({ recipient: 'printer', purpose: 'letter', categories: ['name'], sentence: { en: expect.stringContaining('Disclosure was blocked') } });
    expect(reasons.rules).toMatchObject([
      { rule: 'recipient-registered', result: 'passed', registers: [{ kind: 'recipient', id: 'printer' }] },
      { rule: 'consent-given', result: 'passed', article: 'GDPR Art. 6(1)(a)', clause: 'letter', events: [{ event: consent.id, type: 'ConsentGiven', revision: 1, sentence: { sv: 'Samtycke lämnades: brev (e-post).' } }] },
      { rule: 'processor-contract', result: 'failed', text: { sv: 'personuppgiftsbiträdesavtal saknas (GDPR artikel 28.3)', en: 'there is no processor contract (GDPR Art. 28(3))' }, to: '2020-12-31' },
    ]);
  });

  it('name an event by its id alone when it is not there, and a rule that this ledger does not know by its code', () => {
    const told = event(withRules({ rule: 'rule-of-later', result: 'passed', events: [idOf('gone')] }), 4);
    expect(citedBy(told)).toEqual(new Set([idOf('gone')]));
    expect(reasonsOf(told, decision, new Map(), labels).rules).toEqual([{ rule: 'rule-of-later', result: 'passed', text: { sv: 'rule-of-later', en: 'rule-of-later' }, events: [{ event: idOf('gone') }] }]);
  });

  it('of a fact that no gate judged are the rules that it failed', () => {
    const told = event(held({}, {}, { verdict: 'unjustified', failed: ['consent-withdrawn'] }), 4);
    expect(reasonsOf(told, decision, new Map(), labels).rules).toMatchObject([{ rule: 'consent-withdrawn', result: 'failed', article: 'GDPR Art. 7(3)' }]);
  });
});

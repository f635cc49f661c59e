import { describe, expect, it } from '@jest/globals';
import type { PlacedReasons } from '#ledger/registers/reasoning.js';
import { decisionText } from './decision-text.js';
import { columns, type Style } from './layout.js';

const style: Style = { width: 80, isColoured: false };
const id = (n: number): string => `00000000-0000-4000-8000-00000000000${n}`;
const text = { sv: 'samtycke har inte lämnats (GDPR artikel 6.1 a)', en: 'consent was not given (GDPR Art. 6(1)(a))' };

const reasons: PlacedReasons = {
  position: '0000000000000009',
  decision: {
    position: '0000000000000005',
    event: id(1),
    type: 'DisclosureBlocked',
    occurredAt: '2021-03-01T10:00:00.000Z',
    recordedAt: '2021-03-01T10:00:00.000Z',
    stream: `subject-${id(0)}`,
    revision: 4,
    outcome: 'blocked',
    verdict: 'unjustified',
    failed: ['processor-contract'],
    policy: 'asurgent-2021',
    rules: 'se-1',
    registers: [
      { stream: 'recipient-printer', revision: 2, newest: 3 },
      { stream: 'policy-asurgent-ab', revision: 0 },
    ],
    superseded: true,
  },
  sentence: { sv: 'Utlämnande stoppades: e-post till printer (nyhetsbrev).', en: 'Disclosure was blocked: e-mail to printer (newsletter).' },
  categories: ['email'],
  rules: [
    { rule: 'consent-given', result: 'passed', article: 'GDPR Art. 6(1)(a)', text, clause: 'newsletter', categories: ['email'], events: [{ event: id(2), type: 'ConsentGiven', occurredAt: '2020-01-01[Europe/Stockholm]', revision: 1, sentence: { sv: 'Samtycke lämnades.', en: 'Consent was given.' } }, { event: id(3) }] },
    { rule: 'processor-contract', result: 'failed', article: 'GDPR Art. 28(3)', text: { sv: 'personuppgiftsbiträdesavtal saknas (GDPR artikel 28.3)', en: 'there is no processor contract (GDPR Art. 28(3))' }, registers: [{ kind: 'recipient', id: 'printer', entry: 'contract-1' }, { kind: 'policy', id: 'asurgent-ab' }], to: '2020-12-31' },
    { rule: 'derogation-used', result: 'remarked', text: { sv: 'anmärkning', en: 'a remark' }, count: 3, from: '2020-01-01' },
    { rule: 'rule-of-later', result: 'passed', text: { sv: 'rule-of-later', en: 'rule-of-later' } },
  ],
};

describe('a decision for a terminal', () => {
  it('has every rule with its article and clause, the events and entries that it rests on, and its dates', () => {
    expect(decisionText(reasons, 'en', style)).toBe(`Decision ${id(1)}
  Disclosure was blocked: e-mail to printer (newsletter).
  subject-${id(0)}@4  2021-03-01  blocked  policy
    asurgent-2021  rules se-1  position 0000000000000009

Rules that were applied: 4
  ✓ consent-given (email)
      GDPR Art. 6(1)(a); clause newsletter
      2020-01-01 Consent was given. [${id(2)}]
      ${id(3)}
  ✗ processor-contract
      there is no processor contract (GDPR Art. 28(3)); until 2020-12-31
      recipient printer / contract-1; policy asurgent-ab
  ! derogation-used
      a remark; times 3; from 2020-01-01
  ✓ rule-of-later

Registers that were used
  recipient-printer@2  but by then there was 3
  policy-asurgent-ab@0`);
  });

  it('speaks Swedish, and keeps to the width', () => {
    const swedish = decisionText(reasons, 'sv', style);
    expect(swedish).toContain('personuppgiftsbiträdesavtal saknas (GDPR artikel 28.3); till 2020-12-31');
    for (const line of swedish.split('\n')) expect(columns(line)).toBeLessThanOrEqual(80);
  });
});

import { describe, expect, it } from '@jest/globals';
import { ADEQUACY_DECISIONS } from '#law/data/adequacy.js';
import { SCC_CLAUSES, type SccClauses } from '#law/data/scc.js';
import { adequacyAt, isInEea } from '#law/transfer-law.js';
import type { RecipientData } from '../recipient/recipient.events.js';
import { event } from '../testing/decider.fixture.js';
import { daysFrom, questionOn, said, streamOf, type RecipientFact } from '../testing/gate.fixture.js';
import type { Act } from './act.js';
import { transferBasis } from './transfer-basis.js';
import { transferRules } from './transfer.rules.js';

const registered = (country: string, kind = 'newsletter-sending'): RecipientFact => ['RecipientRegistered', { kind, country, from: '1995-01-01' }];
const processor: RecipientFact = ['RecipientRoleAssigned', { assignment: 'sending', role: 'processor', purposes: ['newsletter'], from: '1995-01-01' }];
type Signed = RecipientData['TransferArrangementSigned'];
const TODAY = '2026-11-20';
const SIGNED: Signed = {
  arrangement: 'clauses', mechanism: 'standard-clauses', decision: 'scc-2021-914', module: 2, exporterRole: 'controller', importerRole: 'processor',
  country: 'IN', annexes: ['i-a', 'i-b', 'i-c', 'ii'], signedOn: '2022-01-10', from: '2022-01-10',
};
const signed = (change: Partial<Signed> = {}): RecipientFact => ['TransferArrangementSigned', { ...SIGNED, ...change }];
const assessed = (change: Partial<RecipientData['TransferImpactAssessed']> = {}): RecipientFact => ['TransferImpactAssessed', { arrangement: 'clauses', outcome: 'sufficient', from: '2022-01-10', ...change }];

function basisOn(on: string, facts: readonly RecipientFact[], act: Partial<Act> = {}): NonNullable<ReturnType<typeof transferBasis>> {
  const recipient = act.recipient ?? 'mailer';
  const found = transferBasis(questionOn({ on, act: { kind: 'transfer', purpose: 'newsletter', recipient, ...act }, history: { [`recipient-${recipient}`]: streamOf(`recipient-${recipient}`, ...facts) } }));
  if (found === undefined) throw new Error('it is no transfer');
  return found;
}

const around = (day: string): readonly string[] => [daysFrom(day, -1), day, daysFrom(day, 1)];

describe('where it goes', () => {
  it('within the EEA is said so, and passes', () => {
    expect(basisOn(TODAY, [registered('DE')])).toEqual({ mechanism: 'within-eea', rules: [{ rule: 'transfer-ground', result: 'passed' }] });
  });

  it.each([['HR', '2013-06-30', 'none'], ['HR', '2013-07-01', 'within-eea'], ['HR', '2013-07-02', 'within-eea'], ['HR', '2013-06-30/2013-07-01', 'none'], ['GB', '2021-06-28', 'within-eea'], ['GB', '2021-06-29', 'adequacy']])('%s on %s: %s', (country, on, mechanism) => {
    expect(basisOn(on, [registered(country)]).mechanism).toBe(mechanism);
  });

  it('is no transfer when a disclosure stays within the EEA, and one when it does not', () => {
    const history = (country: string) => ({ 'recipient-mailer': streamOf('recipient-mailer', registered(country)) });
    const act = { kind: 'disclosure', purpose: 'newsletter', recipient: 'mailer' } as const;
    expect(transferRules.flatMap((rule) => rule(questionOn({ act, on: TODAY, history: history('SE') })))).toEqual([]);
    for (const kind of ['disclosure', 'use'] as const) {
      const found = transferRules.flatMap((rule) => rule(questionOn({ act: { ...act, kind }, on: TODAY, history: history('IN') })));
      expect(said(found)).toContain('transfer-ground failed');
    }
  });

  it('follows the country that is named, for data may be read from elsewhere (S062)', () => {
    expect(basisOn(TODAY, [registered('SE')], { country: 'IN', remoteAccess: true }).mechanism).toBe('none');
  });

  it('is never moved into the EEA, or to a better country, by naming one: whoever receives it stays where they are registered', () => {
    expect(basisOn(TODAY, [registered('IN')], { country: 'SE' }).mechanism).toBe('none');
    const toSwitzerland = basisOn(TODAY, [registered('IN')], { country: 'CH' });
    expect(toSwitzerland.mechanism).toBe('none');
    expect(said(toSwitzerland.rules)).toEqual(expect.arrayContaining(['transfer-ground passed', 'transfer-ground failed']));
    expect(basisOn(TODAY, [registered('IN'), processor, signed(), assessed()], { country: 'CH' }).mechanism).toBe('adequacy');
  });

  it('follows a recipient that moved, from that day', () => {
    const facts: readonly RecipientFact[] = [registered('SE'), ['RecipientMoved', { country: 'IN', from: '2024-05-01' }]];
    expect(around('2024-05-01').map((on) => basisOn(on, facts).mechanism)).toEqual(['within-eea', 'none', 'none']);
  });

  it('is where the recipient first was, for an act before the register knew it', () => {
    expect(basisOn('1994-12-31', [registered('IN')]).mechanism).toBe('none');
  });
});

describe('adequacy', () => {
  const certification: RecipientFact[] = ADEQUACY_DECISIONS.filter(({ scope }) => scope === 'certified-organisations').map(({ id }) => ['RecipientCertified', { decision: id, from: '1995-01-01' }]);

  it.each(ADEQUACY_DECISIONS.map((decision) => [decision.id, decision] as const))('%s carries from its first day to its last', (id, { subject, scope, from, to }) => {
    const isOrganisation = scope === 'organisation';
    const facts = [registered(isOrganisation ? 'DE' : subject, 'marketing-services'), ...certification];
    for (const on of [...around(from), ...(to === undefined ? [TODAY] : around(to))]) {
      const found = basisOn(on, facts, { recipient: isOrganisation ? subject : 'mailer' });
      const inForce = adequacyAt(subject, on);
      const expected = inForce.length > 0 ? 'adequacy' : !isOrganisation && isInEea(subject, on) ? 'within-eea' : 'none';
      // Under a decision and within the EEA at once (a day of 2021): no third country.
      expect([on, found.mechanism]).toEqual([on, !isOrganisation && isInEea(subject, on) ? 'within-eea' : expected]);
      if (found.mechanism === 'adequacy') expect(inForce.map((one) => one.id)).toContain(found.adequacy);
      if (on >= from && (to === undefined || on <= to) && found.mechanism === 'adequacy' && inForce.length === 1) expect(found.rules).toContainEqual(expect.objectContaining({ rule: 'transfer-adequacy', result: 'passed', clause: id }));
    }
  });

  it.each([
    ['2015-10-05', 'us-2000-520-safe-harbour'], ['2015-10-06', undefined], ['2016-07-11', undefined], ['2016-07-12', 'us-2016-1250-privacy-shield'],
    ['2020-07-15', 'us-2016-1250-privacy-shield'], ['2020-07-16', undefined], ['2023-07-09', undefined], ['2023-07-10', 'us-2023-1795-data-privacy-framework'],
  ])('of the United States on %s, for a recipient on the list: %s', (on, decision) => {
    expect(basisOn(on, [registered('US'), ...certification]).adequacy).toBe(decision);
  });

  it('that covers certified organisations needs the recipient on the list that day', () => {
    const facts: readonly RecipientFact[] = [
      registered('US'),
      ['RecipientCertified', { decision: 'us-2023-1795-data-privacy-framework', from: '2024-01-15', to: '2025-01-14' }],
      ['RecipientCertificationEnded', { decision: 'us-2023-1795-data-privacy-framework', to: '2024-10-31' }],
    ];
    const found = ['2024-01-14', '2024-01-15', '2024-01-16', '2024-10-30', '2024-10-31', '2024-11-01'].map((on) => basisOn(on, facts));
    expect(found.map(({ mechanism }) => mechanism)).toEqual(['none', 'adequacy', 'adequacy', 'adequacy', 'adequacy', 'none']);
    expect(found[1]?.rules[1]).toEqual({
      rule: 'transfer-adequacy', result: 'passed', clause: 'us-2023-1795-data-privacy-framework', from: '2024-01-15', to: '2024-10-31',
      registers: [{ kind: 'recipient', id: 'mailer', entry: 'us-2023-1795-data-privacy-framework' }],
    });
    expect(found[0]?.rules[1]).toMatchObject({ rule: 'transfer-adequacy', result: 'failed', clause: 'us-2023-1795-data-privacy-framework', from: '2023-07-10' });
  });

  it('for commercial organisations does not reach an authority', () => {
    expect(basisOn(TODAY, [registered('CA')]).mechanism).toBe('adequacy');
    expect(basisOn(TODAY, [registered('CA', 'public-authority')]).mechanism).toBe('none');
    expect(basisOn(TODAY, [registered('CA'), ['RecipientRoleAssigned', { assignment: 'a', role: 'participant', purposes: ['newsletter'], from: '2000-01-01' }]]).mechanism).toBe('none');
  });

  it('that is missing says what had ended and what had not begun', () => {
    const { rules } = basisOn('2021-01-01', [registered('US')]);
    expect(rules.filter(({ rule }) => rule === 'transfer-adequacy').map(({ result, clause, from, to }) => [result, clause, from, to])).toEqual([
      ['failed', 'us-2016-1250-privacy-shield', '2016-07-12', '2020-07-15'],
      ['failed', 'us-2023-1795-data-privacy-framework', '2023-07-10', undefined],
    ]);
    expect(said(basisOn(TODAY, [registered('IN')]).rules)).toEqual(['transfer-ground failed', 'transfer-adequacy failed', 'arrangement-in-force failed']);
  });

  it('must hold on every day that the act may have been on', () => {
    const facts = [registered('US'), ...certification];
    expect(basisOn('2020-07-14/2020-07-15', facts).mechanism).toBe('adequacy');
    expect(basisOn('2020-07-14/2020-07-16', facts).mechanism).toBe('none');
    expect(basisOn('2015-10-05/2016-07-12', facts).mechanism).toBe('none');
    // One decision gave way to the next.
    const kept = basisOn('2025-12-22/2025-12-23', [registered('GB')]);
    expect([kept.adequacy, said(kept.rules)]).toEqual(['gb-2021-1772-renewed', ['transfer-ground passed', 'transfer-adequacy passed', 'transfer-adequacy passed']]);
    // The EEA gave way to a decision.
    expect(basisOn('2021-06-27/2021-06-29', [registered('GB')]).mechanism).toBe('adequacy');
  });
});

describe('an arrangement', () => {
  it('that passes everything carries the transfer, and each thing asked is listed', () => {
    const found = basisOn('2024-03-01', [registered('IN'), processor, signed({ to: '2026-01-09' }), assessed({ to: '2025-01-09' })]);
    expect([found.mechanism, found.arrangement]).toEqual(['standard-clauses', 'clauses']);
    const registers = [{ kind: 'recipient', id: 'mailer', entry: 'clauses' }];
    expect(found.rules).toEqual([
      { rule: 'transfer-ground', result: 'passed', registers },
      { rule: 'arrangement-in-force', result: 'passed', registers, from: '2022-01-10', to: '2026-01-09' },
      { rule: 'arrangement-suspended', result: 'passed', registers },
      { rule: 'arrangement-module', result: 'passed', registers, clause: 'scc-2021-914' },
      { rule: 'arrangement-annexes', result: 'passed', registers },
      { rule: 'clauses-in-force', result: 'passed', registers, clause: 'scc-2021-914', from: '2021-06-27' },
      { rule: 'impact-assessment', result: 'passed', registers, from: '2022-01-10', to: '2025-01-09' },
    ]);
  });

  /** What fails on each of these days, the overall ground aside. */
  const cases: readonly (readonly [what: string, facts: readonly RecipientFact[], act: Partial<Act>, days: Readonly<Record<string, readonly string[]>>])[] = [
    ['from its first day', [processor, signed({ from: '2022-02-01' }), assessed()], {}, { '2022-01-31': ['arrangement-in-force'], '2022-02-01': [], '2022-02-02': [] }],
    ['from the day it was signed, whatever it says', [processor, signed({ from: '2021-12-01' }), assessed()], {}, { '2022-01-09': ['arrangement-in-force', 'impact-assessment'], '2022-01-10': [], '2022-01-11': [] }],
    ['to its last day', [processor, signed({ to: '2023-01-09' }), assessed()], {}, { '2023-01-08': [], '2023-01-09': [], '2023-01-10': ['arrangement-in-force'] }],
    ['to the day it was ended', [processor, signed(), assessed(), ['TransferArrangementEnded', { arrangement: 'clauses', to: '2023-01-09' }]], {}, { '2023-01-08': [], '2023-01-09': [], '2023-01-10': ['arrangement-in-force'] }],
    ['until it is suspended', [processor, signed(), assessed(), ['TransferArrangementSuspended', { arrangement: 'clauses', from: '2023-05-01' }]], {}, { '2023-04-30': [], '2023-05-01': ['arrangement-suspended'], '2023-05-02': ['arrangement-suspended'] }],
    ['again when it is resumed', [processor, signed(), assessed(), ['TransferArrangementSuspended', { arrangement: 'clauses', from: '2023-05-01' }], ['TransferArrangementResumed', { arrangement: 'clauses', from: '2023-06-01' }]], {}, { '2023-05-31': ['arrangement-suspended'], '2023-06-01': [], '2023-06-02': [] }],
    ['from the day its impact was assessed', [processor, signed(), assessed({ from: '2022-03-01' })], {}, { '2022-02-28': ['impact-assessment'], '2022-03-01': [], '2022-03-02': [] }],
    ['as long as the assessment is valid', [processor, signed(), assessed({ to: '2023-01-09' })], {}, { '2023-01-08': [], '2023-01-09': [], '2023-01-10': ['impact-assessment'] }],
    ['until an assessment finds it insufficient', [processor, signed(), assessed(), assessed({ outcome: 'insufficient', from: '2023-07-01' })], {}, { '2023-06-30': [], '2023-07-01': ['impact-assessment'], '2023-07-02': ['impact-assessment'] }],
    ['with an assessment that asks for measures', [processor, signed(), assessed({ outcome: 'sufficient-with-measures' })], {}, { '2023-01-01': [] }],
    ['not without an assessment', [processor, signed()], {}, { '2023-01-01': ['impact-assessment'] }],
    ['not without its annexes', [processor, signed({ annexes: ['i-a', 'i-b', 'ii'] }), assessed()], {}, { '2023-01-01': ['arrangement-annexes'] }],
    ['not for another country', [processor, signed({ country: 'US' }), assessed()], {}, { '2023-01-01': ['arrangement-in-force'] }],
    ['not for sending, when it is for access', [processor, signed({ remoteAccess: true }), assessed()], {}, { '2023-01-01': ['arrangement-in-force'] }],
    ['for access, when it is for access', [processor, signed({ remoteAccess: true }), assessed()], { remoteAccess: true }, { '2023-01-01': [] }],
    ['not with a module for controllers, when the recipient is a processor', [processor, signed({ module: 1, importerRole: 'controller' }), assessed()], {}, { '2023-01-01': ['arrangement-module'] }],
    ['not with a module for processors who export', [processor, signed({ module: 3, exporterRole: 'processor' }), assessed()], {}, { '2023-01-01': ['arrangement-module'] }],
    ['not with a module that is not of its roles', [processor, signed({ module: 1 }), assessed()], {}, { '2023-01-01': ['arrangement-module'] }],
    ['with a module for controllers, when the recipient is one', [['RecipientRoleAssigned', { assignment: 'own', role: 'controller', purposes: ['newsletter'], from: '2000-01-01' }], signed({ module: 1, importerRole: 'controller' }), assessed()], {}, { '2023-01-01': [] }],
    ['with a module for processors, when the policy calls such a recipient one', [signed(), assessed()], {}, { '2023-01-01': [] }],
  ];

  it.each(cases)('holds %s', (_what, facts, act, days) => {
    for (const [on, faults] of Object.entries(days)) {
      const found = basisOn(on, [registered('IN'), ...facts], act);
      const failing = found.rules.filter(({ rule, result }) => result === 'failed' && rule !== 'transfer-ground' && rule !== 'transfer-adequacy').map(({ rule }) => rule);
      expect([on, failing, found.mechanism]).toEqual([on, faults, faults.length === 0 ? 'standard-clauses' : 'none']);
    }
  });

  it('takes a module for exporting processors where an activity says that we process for others', () => {
    const described = { role: 'processor', purposes: ['newsletter'], categories: [], relationshipKinds: [], recipientKinds: [], recipients: ['mailer'], countries: [], measures: [], from: '2023-02-01' } as const;
    const activity = [event({ type: 'ProcessingActivityRegistered', data: described, controller: 'asurgent-ab' }, 0, 'activity-hosting')];
    const facts = streamOf('recipient-mailer', registered('IN'), processor, signed({ module: 3, exporterRole: 'processor' }), assessed());
    const on = (day: string, of = activity) => transferBasis(questionOn({ act: { kind: 'transfer', purpose: 'newsletter', recipient: 'mailer' }, on: day, history: { 'recipient-mailer': facts, 'activity-hosting': of } }))?.mechanism;
    expect(around('2023-02-01').map((day) => on(day))).toEqual(['none', 'standard-clauses', 'standard-clauses']);
    for (const other of [{ recipients: ['other'] }, { purposes: ['purchase'] }, { role: 'controller' }])
      expect(on('2023-03-01', [event({ type: 'ProcessingActivityRegistered', data: { ...described, ...other }, controller: 'asurgent-ab' }, 0, 'activity-hosting')])).toBe('none');
  });

  it.each(SCC_CLAUSES.map((clauses) => [`${clauses.generation} ${clauses.module ?? ''}`, clauses] as const))('of %s stands as long as its clauses do', (_name, clauses: SccClauses) => {
    const { generation, module, exporter, importer, from, to, signableTo } = clauses;
    const role: RecipientFact = ['RecipientRoleAssigned', { assignment: 'r', role: importer, purposes: ['newsletter'], from: '1995-01-01' }];
    const { module: _module, ...rest } = SIGNED;
    const arrangement = (signedOn: string): RecipientFact => ['TransferArrangementSigned', { ...rest, decision: generation, ...(module !== undefined && { module }), exporterRole: exporter, importerRole: importer, signedOn, from: signedOn }];
    const standing = (on: string, signedOn: string): string | undefined => {
      const { rules } = basisOn(on, [registered('IN'), role, arrangement(signedOn), assessed({ from: '1995-01-01' })]);
      return rules.find(({ rule }) => rule === 'clauses-in-force')?.result;
    };
    for (const day of around(from)) expect([day, standing(day, day)]).toEqual([day, day < from ? 'failed' : 'passed']);
    for (const day of to === undefined ? [] : around(to)) expect([day, standing(day, from)]).toEqual([day, to !== undefined && day > to ? 'failed' : 'passed']);
    // Signed too late, but used while older contracts still served.
    for (const day of signableTo === undefined ? [] : around(signableTo)) expect([day, standing(day, day)]).toEqual([day, (signableTo !== undefined && day > signableTo) || (to !== undefined && day > to) ? 'failed' : 'passed']);
  });

  it('of clauses from 2010 carries without assessment and annexes, through 27 December 2022 (G46.2)', () => {
    const { module: _module, ...rest } = SIGNED;
    const old: RecipientFact = ['TransferArrangementSigned', { ...rest, decision: 'scc-2010-87', annexes: [], signedOn: '2019-01-01', from: '2019-01-01' }];
    expect(around('2022-12-27').map((on) => basisOn(on, [registered('IN'), processor, old]).mechanism)).toEqual(['standard-clauses', 'standard-clauses', 'none']);
    expect(basisOn('2021-01-01', [registered('IN'), processor, old, assessed({ outcome: 'insufficient', from: '2020-09-01' })]).mechanism).toBe('none');
  });

  it('of corporate rules asks for no module, no annexes and no clauses', () => {
    const { module: _module, decision: _decision, ...rest } = SIGNED;
    const found = basisOn('2023-01-01', [registered('IN'), processor, ['TransferArrangementSigned', { ...rest, mechanism: 'binding-corporate-rules', annexes: [] }]]);
    expect([found.mechanism, said(found.rules)]).toEqual(['binding-corporate-rules', ['transfer-ground passed', 'arrangement-in-force passed', 'arrangement-suspended passed']]);
  });

  it('must hold on every day that the act may have been on', () => {
    const { module: _module, ...rest } = SIGNED;
    const old: RecipientFact = ['TransferArrangementSigned', { ...rest, decision: 'scc-2010-87', signedOn: '2019-01-01', from: '2019-01-01' }];
    expect(['2022-12-26/2022-12-27', '2022-12-27/2022-12-28'].map((on) => basisOn(on, [registered('IN'), processor, old]).mechanism)).toEqual(['standard-clauses', 'none']);
    const facts = [registered('IN'), processor, signed({ to: '2023-01-09' }), assessed(), assessed({ outcome: 'insufficient', from: '2022-06-01' }), assessed({ from: '2022-06-02' })];
    expect(basisOn('2023-01-08/2023-01-09', facts).mechanism).toBe('standard-clauses');
    expect(basisOn('2023-01-09/2023-01-10', facts).mechanism).toBe('none');
    expect(basisOn('2022-05-31/2022-06-03', facts).mechanism).toBe('none');
  });
});

describe('of several grounds', () => {
  const passing = [processor, signed({ arrangement: 'new' }), ['TransferImpactAssessed', { arrangement: 'new', outcome: 'sufficient', from: '2022-01-10' }]] as const satisfies readonly RecipientFact[];

  it('the arrangement that passes is taken, unless one is named', () => {
    const facts = [registered('IN'), signed(), ...passing];
    expect(basisOn('2023-01-01', facts).arrangement).toBe('new');
    const named = basisOn('2023-01-01', facts, { arrangement: 'clauses' });
    expect([named.mechanism, said(named.rules)]).toEqual([
      'none',
      ['transfer-ground failed', 'transfer-adequacy failed', 'arrangement-in-force passed', 'arrangement-suspended passed', 'arrangement-module passed', 'arrangement-annexes passed', 'clauses-in-force passed', 'impact-assessment failed'],
    ]);
  });

  it('adequacy goes before an arrangement, but a named one is kept to', () => {
    const here = [registered('CH'), processor, signed({ country: 'CH' }), assessed()];
    expect(basisOn('2023-01-01', here).mechanism).toBe('adequacy');
    expect(basisOn('2023-01-01', here, { arrangement: 'clauses' })).toMatchObject({ mechanism: 'standard-clauses', arrangement: 'clauses' });
  });

  it('a named arrangement that does not hold is remarked where adequacy carries', () => {
    const found = basisOn('2023-01-01', [registered('CH'), processor, signed({ country: 'CH', annexes: [] }), assessed()], { arrangement: 'clauses' });
    expect(found.mechanism).toBe('adequacy');
    expect(said(found.rules)).toContain('arrangement-annexes remarked');
    expect(said(found.rules).filter((one) => one.endsWith('failed'))).toEqual([]);
  });

  it('a derogation is the last, and only remarked', () => {
    const found = basisOn('2023-01-01', [registered('IN')], { derogation: 'a49-1-b' });
    expect(found).toEqual({
      mechanism: 'derogation',
      derogation: 'a49-1-b',
      rules: [
        { rule: 'transfer-ground', result: 'passed', clause: 'a49-1-b' },
        { rule: 'derogation-used', result: 'remarked', clause: 'a49-1-b' },
        { rule: 'derogation-occasional', result: 'passed', clause: 'a49-1-b', count: 0 },
      ],
    });
    expect(basisOn('2023-01-01', [registered('CH')], { derogation: 'a49-1-b' })).toMatchObject({ mechanism: 'adequacy' });
  });

  it('a derogation that is used again is remarked with how often it was', () => {
    const performed = (n: number) => ({ type: 'TransferPerformed', data: { transfer: event({ type: 'x' }, n).id, recipient: 'mailer', purpose: 'newsletter', items: [], country: 'IN', remoteAccess: false, mechanism: 'derogation', derogation: 'a49-1-b', rules: [] } });
    const history = { 'recipient-mailer': streamOf('recipient-mailer', registered('IN')) };
    const found = transferBasis(questionOn({ act: { kind: 'transfer', purpose: 'newsletter', recipient: 'mailer', derogation: 'a49-1-b' }, on: '2023-01-01', history, past: [performed(1), performed(2)] }));
    expect(found?.rules.at(-1)).toEqual({ rule: 'derogation-occasional', result: 'remarked', clause: 'a49-1-b', count: 2 });
  });
});

describe('what the policy says of transfers', () => {
  const ruling = (kind: string, country: string, remoteAccess?: boolean) => {
    const act = { kind: 'transfer', purpose: 'newsletter', recipient: 'mailer', ...(remoteAccess !== undefined && { remoteAccess }) } as const;
    const question = questionOn({ act, on: TODAY, history: { 'recipient-mailer': streamOf('recipient-mailer', registered(country, kind)) } });
    return transferRules.flatMap((rule) => rule(question)).find(({ rule }) => rule === 'transfer-in-policy');
  };

  it('is found by the recipient’s kind and by how the data is reached (S062)', () => {
    expect(ruling('newsletter-sending', 'IN')).toMatchObject({ result: 'passed', clause: 'where' });
    expect(ruling('development-maintenance', 'IN', true)).toMatchObject({ result: 'passed', clause: 'where' });
  });

  it('is remarked where it says nothing', () => {
    expect(ruling('development-maintenance', 'IN')).toMatchObject({ result: 'remarked' });
    expect(ruling('payment-services', 'IN')).toMatchObject({ result: 'remarked' });
    expect(ruling('payment-services', 'SE')).toBeUndefined();
  });
});

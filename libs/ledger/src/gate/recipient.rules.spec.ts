import { describe, expect, it } from '@jest/globals';
import { parseWhen, type When } from '#law/when.js';
import { wholeYaml } from '#policy/policy.examples.js';
import { initialSubject } from '../subject/subject.js';
import { event, type Happened } from '../testing/decider.fixture.js';
import { modelOf, registersWith } from '../testing/registers.fixture.js';
import { UNREGISTERED, type Act } from './act.js';
import { questionOf } from './gate.js';
import type { Applied } from './reasoning.members.js';
import { recipientRules } from './recipient.rules.js';

/** Letters are printed, or mailed by a supplier that is audited each year; a court may order anything. */
const model = modelOf(wholeYaml().replace('recipientKinds: [printer]\n    services', 'recipientKinds: [printer, mailer]\n    services'));

const registered = (kind = 'mailer', from = '2020-03-01'): Happened => ({ type: 'RecipientRegistered', data: { kind, country: 'SE', from } });
const role = (data: object = {}): Happened => ({ type: 'RecipientRoleAssigned', data: { assignment: 'letters', role: 'processor', purposes: ['letter'], from: '2020-04-01', to: '2021-03-31', ...data } });
const agreement = (data: object = {}): Happened => ({ type: 'RecipientAgreementSigned', data: { agreement: 'contract', kind: 'processor-contract', from: '2020-05-01', to: '2021-04-30', ...data } });
const sub = (data: object = {}): Happened => ({ type: 'SubProcessorAdded', data: { subProcessor: 'cloud', country: 'FI', from: '2020-06-01', ...data } });
const audit = (on: string, data: object = {}): Happened => ({ type: 'RecipientAudited', data: { on, outcome: 'passed', ...data } });
const here = [registered('mailer', '2000-01-01'), { ...role(), data: withoutEnd(role(), '2000-01-01') }, { ...agreement(), data: withoutEnd(agreement(), '2000-01-01') }];

function withoutEnd({ data }: Happened, from: string): Readonly<Record<string, unknown>> {
  const { to: _to, ...rest } = data ?? {};
  return { ...rest, from };
}

/** What the rules say of an act on a day (or at an instant, or in an interval), with this history of the recipient. */
function findings(on: string, history: readonly Happened[], act: Partial<Act> = {}): readonly Applied[] {
  const when = parseWhen(on) as When;
  const registers = registersWith({ 'recipient-acme': history.map((one, i) => event(one, i, 'recipient-acme')) }, model);
  const asked: Act = { kind: 'disclosure', purpose: 'letter', items: [{ category: 'email' }], recipient: 'acme', ...act };
  const question = questionOf({ service: 'letters' }, asked, initialSubject, { registers, when });
  return recipientRules.flatMap((rule) => rule(question));
}

function of(rule: string, ...asked: Parameters<typeof findings>): readonly Applied[] {
  return findings(...asked).filter((one) => one.rule === rule);
}

/** The result on each day, of the one finding that the rule gives. */
function table(rule: string, history: readonly Happened[], act: Partial<Act>, days: Readonly<Record<string, Applied['result'] | undefined>>): void {
  for (const [day, result] of Object.entries(days)) expect([day, ...of(rule, day, history, act).map((one) => one.result)]).toEqual(result === undefined ? [day] : [day, result]);
}
const itself = { kind: 'recipient', id: 'acme' };
const named = (entry: string) => ({ ...itself, entry });

describe('an act that nobody receives', () => {
  it('concerns none of these rules', () => {
    const { recipient: _nobody, ...act }: Act = { kind: 'use', purpose: 'letter', items: [{ category: 'email' }], recipient: 'acme' };
    const question = questionOf({ service: 'letters' }, act, initialSubject, { registers: registersWith({}, model), when: parseWhen('2021-01-01') as When });
    expect(recipientRules.flatMap((rule) => rule(question))).toEqual([]);
  });
});

describe('recipient-registered', () => {
  it('holds from the first day', () => {
    table('recipient-registered', [registered()], {}, { '2020-02-29': 'failed', '2020-03-01': 'passed', '2020-03-02': 'passed', '2020-02-29/2020-03-01': 'failed' });
    expect(of('recipient-registered', '2020-03-01', [registered()])).toEqual([{ rule: 'recipient-registered', result: 'passed', registers: [itself], from: '2020-03-01' }]);
  });

  it('counts in Swedish days', () => {
    table('recipient-registered', [registered()], {}, { '2020-02-29T22:59:59.999Z': 'failed', '2020-02-29T23:00:00.000Z': 'passed' });
  });

  it('fails for one that is told as unregistered, of whom nothing else is said', () => {
    expect(findings('2021-01-01', [registered()], { recipient: UNREGISTERED })).toEqual([{ rule: 'recipient-registered', result: 'failed' }]);
  });
});

describe('recipient-for-purpose', () => {
  it('passes for the kinds that the policy names for it', () => {
    expect(of('recipient-for-purpose', '2021-01-01', here)).toEqual([{ rule: 'recipient-for-purpose', result: 'passed', registers: [itself], clause: 'all' }]);
    expect(of('recipient-for-purpose', '2021-01-01', here, { purpose: 'dinner' })).toMatchObject([{ result: 'failed' }]);
    expect(of('recipient-for-purpose', '2021-01-01', here, { kind: 'use', useKind: 'purpose', purpose: 'dinner' })).toMatchObject([{ result: 'failed' }]);
  });

  it('passes for the kinds that a ground reaches', () => {
    const court = [registered('court')];
    expect(of('recipient-for-purpose', '2021-01-01', court)).toMatchObject([{ result: 'failed' }]);
    expect(of('recipient-for-purpose', '2021-01-01', court, { ground: 'order' })).toMatchObject([{ result: 'passed', clause: 'all' }]);
    expect(of('recipient-for-purpose', '2021-01-01', [registered('host')], { ground: 'order' })).toMatchObject([{ result: 'failed' }]);
  });

  it('says nothing where no policy was in force', () => {
    expect(of('recipient-for-purpose', '2020-01-31', here)).toEqual([]);
    expect(of('recipient-for-purpose', '2020-02-01', here)).toHaveLength(1);
  });
});

describe('recipient-role', () => {
  const history = [registered(), role()];

  it('holds from its first day to its last', () => {
    table('recipient-role', history, {}, { '2020-03-31': 'failed', '2020-04-01': 'passed', '2021-03-31': 'passed', '2021-04-01': 'failed', '2021-03-31/2021-04-01': 'failed' });
    expect(of('recipient-role', '2021-04-01', history)).toEqual([{ rule: 'recipient-role', result: 'failed', registers: [named('letters')], from: '2020-04-01', to: '2021-03-31' }]);
  });

  it('ends with the day it was ended', () => {
    table('recipient-role', [...history, { type: 'RecipientRoleEnded', data: { assignment: 'letters', to: '2020-12-31' } }], {}, { '2020-12-31': 'passed', '2021-01-01': 'failed' });
  });

  it('is for its purposes, and its conference where it names one', () => {
    table('recipient-role', history, { purpose: 'dinner' }, { '2021-01-01': 'failed' });
    const bound = [registered(), role({ conference: 'meeting' })];
    table('recipient-role', bound, {}, { '2021-01-01': 'failed' });
    // No day would make a role at another conference do.
    expect(of('recipient-role', '2021-01-01', bound, { conference: 'party' })).toEqual([{ rule: 'recipient-role', result: 'failed', registers: [named('letters')] }]);
    table('recipient-role', bound, { conference: 'meeting' }, { '2021-01-01': 'passed' });
  });

  it('names all that carry it, with the days on which that changes', () => {
    const more = role({ assignment: 'more', from: '2020-10-01', to: '2021-10-31' });
    expect(of('recipient-role', '2021-01-01', [...history, more])).toEqual([{ rule: 'recipient-role', result: 'passed', registers: [named('letters'), named('more')], from: '2020-04-01', to: '2021-10-31' }]);
  });

  it('is asked of disclosures and transfers; of a vendor’s own use it is the vendor’s task', () => {
    expect(of('recipient-role', '2021-01-01', history, { kind: 'transfer' })).toHaveLength(1);
    expect(of('recipient-role', '2021-01-01', history, { kind: 'use' })).toEqual([]);
    expect(of('vendor-purpose', '2021-01-01', history)).toEqual([]);
  });
});

describe('vendor-purpose', () => {
  const use = { kind: 'use', useKind: 'purpose' } as const;

  it('holds for what the vendor is engaged for, on the days that it is', () => {
    table('vendor-purpose', [registered(), role()], use, { '2020-03-31': 'failed', '2020-04-01': 'passed', '2021-03-31': 'passed', '2021-04-01': 'failed' });
  });

  it('fails for another purpose, and shows what it is engaged for', () => {
    expect(of('vendor-purpose', '2021-01-01', [registered(), role()], { ...use, purpose: 'dinner' })).toEqual([{ rule: 'vendor-purpose', result: 'failed', registers: [named('letters')] }]);
  });
});

describe('recipient-may-receive', () => {
  const items = [{ category: 'email' }, { category: 'name' }, { category: 'allergy' }];

  it('keeps to what the policy lets such recipients have', () => {
    const printer = [registered('printer'), { ...role(), data: withoutEnd(role(), '2000-01-01') }];
    expect(of('recipient-may-receive', '2021-01-01', printer, { items })).toEqual([
      { rule: 'recipient-may-receive', result: 'passed', registers: [itself, named('letters')], clause: 'all', categories: ['email', 'name'] },
      { rule: 'recipient-may-receive', result: 'failed', registers: [itself, named('letters')], clause: 'all', categories: ['allergy'] },
    ]);
  });

  it('keeps to the categories of the role, and what is under them, while it is in force', () => {
    const history = [registered(), role({ categories: ['contact'] })];
    expect(of('recipient-may-receive', '2021-03-31', history, { items }).map(({ result, categories }) => [result, categories])).toEqual([['passed', ['email', 'name']], ['failed', ['allergy']]]);
    expect(of('recipient-may-receive', '2021-04-01', history, { items }).map(({ result }) => result)).toEqual(['passed']);
  });

  it('keeps to the categories of the agreement, while it is in force', () => {
    const history = [registered(), { ...role(), data: withoutEnd(role(), '2020-04-01') }, agreement({ categories: ['email'] })];
    const failedOn = (day: string) => of('recipient-may-receive', day, history, { items }).filter(({ result }) => result === 'failed').map(({ categories }) => categories);
    expect(failedOn('2020-04-30')).toEqual([]);
    expect(failedOn('2020-05-01')).toEqual([['name', 'allergy']]);
    expect(failedOn('2021-04-30')).toEqual([['name', 'allergy']]);
    expect(failedOn('2021-05-01')).toEqual([]);
  });
});

describe('processor-contract', () => {
  const history = [registered(), { ...role(), data: withoutEnd(role(), '2000-01-01') }, agreement()];

  it('is in force from its first day to its last', () => {
    table('processor-contract', history, {}, { '2020-04-30': 'failed', '2020-05-01': 'passed', '2021-04-30': 'passed', '2021-05-01': 'failed', '2021-04-30/2021-05-01': 'failed' });
    expect(of('processor-contract', '2021-05-01', history)).toEqual([{ rule: 'processor-contract', result: 'failed', registers: [named('contract')], from: '2020-05-01', to: '2021-04-30' }]);
  });

  it('ends when it is ended', () => {
    table('processor-contract', [...history, { type: 'RecipientAgreementEnded', data: { agreement: 'contract', to: '2020-12-31' } }], {}, { '2020-12-31': 'passed', '2021-01-01': 'failed' });
  });

  it('is no joint arrangement, and is asked of processors only', () => {
    expect(of('processor-contract', '2021-01-01', [...history.slice(0, 2), agreement({ kind: 'joint-arrangement' })])).toEqual([{ rule: 'processor-contract', result: 'failed', registers: [itself] }]);
    expect(of('processor-contract', '2021-01-01', [registered(), role({ role: 'sponsor' }), agreement()])).toEqual([]);
    expect(of('processor-contract', '2021-01-01', history, { kind: 'use' })).toHaveLength(1);
  });
});

describe('joint-arrangement', () => {
  const history = [registered(), { ...role(), data: { ...withoutEnd(role(), '2000-01-01'), role: 'joint-controller' } }, agreement({ agreement: 'joint', kind: 'joint-arrangement' })];

  it('is in force from its first day to its last', () => {
    table('joint-arrangement', history, {}, { '2020-04-30': 'failed', '2020-05-01': 'passed', '2021-04-30': 'passed', '2021-05-01': 'failed' });
    expect(of('joint-arrangement', '2021-01-01', history)).toEqual([{ rule: 'joint-arrangement', result: 'passed', registers: [named('joint')], from: '2020-05-01', to: '2021-04-30' }]);
  });

  it('is no contract, and is asked of joint controllers only', () => {
    table('joint-arrangement', [...history.slice(0, 2), agreement()], {}, { '2021-01-01': 'failed' });
    expect(of('joint-arrangement', '2021-01-01', here)).toEqual([]);
  });
});

describe('sub-processor-accepted', () => {
  const objected: Happened = { type: 'SubProcessorObjectedTo', data: { subProcessor: 'cloud', from: '2020-09-01' } };
  const removed: Happened = { type: 'SubProcessorRemoved', data: { subProcessor: 'cloud', to: '2020-12-31' } };
  const history = [...here, sub(), objected, removed];

  it('fails from the objection until the sub-processor is gone', () => {
    table('sub-processor-accepted', history, {}, {
      '2020-05-31': undefined,
      '2020-06-01': 'passed',
      '2020-08-31': 'passed',
      '2020-09-01': 'failed',
      '2020-12-31': 'failed',
      '2021-01-01': undefined,
      '2020-08-31/2020-09-01': 'failed',
      '2020-12-31/2021-01-01': 'failed',
    });
    expect(of('sub-processor-accepted', '2020-10-01', history)).toEqual([{ rule: 'sub-processor-accepted', result: 'failed', registers: [named('cloud')], from: '2020-09-01', to: '2020-12-31' }]);
  });

  it('judges each by itself, and lets an earlier objection stand', () => {
    const other = sub({ subProcessor: 'archive' });
    const earlier: Happened = { type: 'SubProcessorObjectedTo', data: { subProcessor: 'cloud', from: '2020-07-01' } };
    expect(of('sub-processor-accepted', '2020-08-31', [...here, sub(), other, earlier, objected])).toMatchObject([{ result: 'passed', registers: [named('archive')] }, { result: 'failed', registers: [named('cloud')] }]);
  });

  it('is asked of processors only', () => {
    expect(of('sub-processor-accepted', '2020-10-01', [registered(), role({ role: 'controller' }), sub(), objected])).toEqual([]);
  });
});

describe('audit-current', () => {
  const years = [registered(), audit('2020-09-15')];

  it('is a remark from the day after the year that the policy gives', () => {
    table('audit-current', years, {}, { '2021-09-14': 'passed', '2021-09-15': 'passed', '2021-09-16': 'remarked', '2021-09-15/2021-09-16': 'remarked' });
    expect(of('audit-current', '2021-09-16', years)).toEqual([{ rule: 'audit-current', result: 'remarked', registers: [itself], to: '2021-09-15' }]);
  });

  it('counts from the registration where there was none', () => {
    table('audit-current', [registered()], {}, { '2021-02-28': 'passed', '2021-03-01': 'passed', '2021-03-02': 'remarked' });
  });

  it('is as agreed at the audit, where that is sooner', () => {
    table('audit-current', [registered(), audit('2020-09-15', { nextOn: '2020-12-01' })], {}, { '2020-11-30': 'passed', '2020-12-01': 'passed', '2020-12-02': 'remarked' });
    table('audit-current', [registered(), audit('2020-09-15', { nextOn: '2025-12-01' })], {}, { '2021-09-16': 'remarked' });
  });

  it('looks at the audits that there were by then', () => {
    table('audit-current', [registered(), audit('2021-06-01')], {}, { '2021-05-31': 'remarked', '2021-05-31/2021-06-01': 'remarked', '2021-06-01': 'passed' });
  });

  it('asks of each sub-processor in use, and of nobody whom the policy does not audit', () => {
    const subs = of('audit-current', '2021-06-02', [registered(), audit('2021-06-01'), sub(), audit('2020-05-01', { subProcessor: 'cloud' })]);
    expect(subs).toMatchObject([{ result: 'passed', registers: [itself] }, { result: 'remarked', registers: [named('cloud')], to: '2021-05-01' }]);
    expect(of('audit-current', '2030-01-01', [registered('printer')])).toEqual([]);
  });
});

describe('audit-passed', () => {
  const history = [registered(), audit('2020-09-15', { outcome: 'failed' }), audit('2020-11-01', { outcome: 'remarks' })];

  it('is a remark from the audit that failed to the next', () => {
    table('audit-passed', history, {}, { '2020-09-14': undefined, '2020-09-15': 'remarked', '2020-10-31': 'remarked', '2020-11-01': 'passed', '2020-10-31/2020-11-01': 'remarked' });
    expect(of('audit-passed', '2020-09-15', history)).toEqual([{ rule: 'audit-passed', result: 'remarked', registers: [itself], from: '2020-09-15' }]);
  });

  it('names the sub-processor that failed', () => {
    expect(of('audit-passed', '2021-01-01', [registered(), sub(), audit('2020-09-15'), audit('2020-10-15', { subProcessor: 'cloud', outcome: 'failed' })])).toMatchObject([{ result: 'passed', registers: [itself] }, { result: 'remarked', registers: [named('cloud')] }]);
  });
});

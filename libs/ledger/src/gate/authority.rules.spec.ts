import { describe, expect, it } from '@jest/globals';
import type { RecipientData } from '../recipient/recipient.events.js';
import { event, type Happened } from '../testing/decider.fixture.js';
import { questionOn, streamOf, type RecipientFact } from '../testing/gate.fixture.js';
import type { Act } from './act.js';
import { authorityRules } from './authority.rules.js';
import type { Applied } from './reasoning.members.js';

const kind = (of: string): RecipientFact => ['RecipientRegistered', { kind: of, country: 'SE', from: '2018-01-01' }];
const at = (day: string): string => `${day}T12:00:00.000Z`;

interface Case {
  readonly recipient?: readonly RecipientFact[];
  readonly act?: Partial<Act>;
  readonly past?: readonly Happened[];
  readonly on?: string;
}

function applied({ recipient = [kind('public-authority')], act = {}, past = [], on = at('2023-09-01') }: Case): readonly Applied[] {
  const question = questionOn({ act: { kind: 'disclosure', purpose: 'security', recipient: 'acme', items: [{ category: 'email' }], ...act }, on, history: { 'recipient-acme': streamOf('recipient-acme', ...recipient) }, past });
  return authorityRules.flatMap((rule) => rule(question));
}
const resultOf = (rule: string, told: Case): string | undefined => applied(told).find((one) => one.rule === rule)?.result;

describe('an authority', () => {
  it('registered as one receives on a ground that is for authorities; each rule names what it rests on', () => {
    expect(applied({ act: { ground: 'police-request' } })).toEqual([
      { rule: 'authority-registered', result: 'passed', registers: [{ kind: 'recipient', id: 'acme' }] },
      { rule: 'authority-ground', result: 'passed', registers: [{ kind: 'policy', id: 'asurgent-ab' }], clause: 'authorities' },
      { rule: 'ground-for-recipient', result: 'passed', registers: [{ kind: 'policy', id: 'asurgent-ab' }], clause: 'authorities' },
    ]);
  });

  it.each([['polismyndigheten', '2018-06-01', 'passed'], ['riksskatteverket', '2018-06-01', 'failed'], ['polismyndigheten', '2014-12-31', 'failed'], ['polismyndigheten', '2015-01-01', 'passed'], ['polismyndigheten', '2015-01-02', 'passed'], ['rikspolisstyrelsen', '2014-12-30', 'passed'], ['rikspolisstyrelsen', '2014-12-31', 'passed'], ['rikspolisstyrelsen', '2015-01-01', 'failed']])(
    'that the law knows needs no entry, but has to exist: %s on %s %s',
    (recipient, on, result) => {
      expect(resultOf('authority-registered', { act: { recipient, ground: 'police-request' }, on: at(on) })).toBe(result);
    },
  );

  it('is nobody else, when the law is said to ask for it', () => {
    expect(resultOf('authority-registered', { recipient: [kind('system-protection')], act: { ground: 'legal-process' } })).toBe('failed');
    expect(resultOf('authority-registered', { recipient: [kind('system-protection')], act: { ground: 'fraud-prevention' } })).toBeUndefined();
    expect(resultOf('authority-registered', { act: { recipient: 'unregistered', ground: 'legal-process' } })).toBe('failed');
  });

  it('by its role is one too', () => {
    const facts = [kind('legal-representative'), ['RecipientRoleAssigned', { assignment: 'a', role: 'authority', purposes: ['security'], from: '2018-01-01' }]] as const satisfies readonly RecipientFact[];
    expect(resultOf('authority-registered', { recipient: facts })).toBe('passed');
    expect(resultOf('authority-ground', { recipient: facts })).toBe('failed');
  });

  it('receives nothing without a ground of the policy of the day', () => {
    expect(resultOf('authority-ground', {})).toBe('failed');
    for (const [on, result] of [['2018-05-24', 'failed'], ['2018-05-25', 'passed'], ['2018-05-26', 'passed']] as const) expect([on, resultOf('authority-ground', { act: { ground: 'police-request' }, on: at(on) })]).toEqual([on, result]);
    expect(resultOf('authority-ground', { recipient: [kind('payment-services')] })).toBeUndefined();
  });

  it.each([
    ['public-authority', 'terms-enforcement', 'passed'], ['payment-services', 'fraud-prevention', 'passed'], ['payment-services', 'spam-prevention', 'failed'], ['payment-services', 'attack-prevention', 'failed'],
    ['system-protection', 'spam-prevention', 'passed'], ['system-protection', 'attack-prevention', 'passed'], ['system-protection', 'police-request', 'failed'], ['legal-representative', 'terms-enforcement', 'passed'], ['event-sponsor', 'fraud-prevention', 'failed'],
  ])('or another, of kind %s, for %s: %s', (of, ground, result) => {
    expect(resultOf('ground-for-recipient', { recipient: [kind(of)], act: { ground } })).toBe(result);
  });

  it('without an entry receives on grounds for authorities', () => {
    expect(resultOf('ground-for-recipient', { act: { recipient: 'polismyndigheten', ground: 'police-referral' } })).toBe('passed');
    expect(resultOf('ground-for-recipient', { act: { recipient: 'unregistered', ground: 'police-referral' } })).toBe('failed');
  });
});

describe('a merger or sale of assets', () => {
  const PLAN: RecipientData['BusinessTransferPlanned'] = {
    plan: 'sale', purposes: ['business-transfer'], categories: ['contact'], notice: { id: 'business-transfer-notice', version: 1 }, noticePublishedOn: '2023-04-01', from: '2023-05-01', to: '2023-08-31',
  };
  const planned = (change: Partial<RecipientData['BusinessTransferPlanned']> = {}): RecipientFact => ['BusinessTransferPlanned', { ...PLAN, ...change }];
  const acquirer: RecipientFact = ['RecipientRoleAssigned', { assignment: 'a', role: 'acquirer', purposes: ['business-transfer'], from: '2018-01-01' }];
  const act = { purpose: 'business-transfer' };
  const sale = (told: Partial<Case> & { readonly plan?: RecipientFact } = {}) => ({ recipient: [kind('business-transfer-party'), acquirer, ...(told.plan === undefined ? [planned()] : [told.plan])], act, on: at('2023-06-01'), ...told });

  it.each([['2023-04-30', 'failed'], ['2023-05-01', 'passed'], ['2023-05-02', 'passed'], ['2023-08-30', 'passed'], ['2023-08-31', 'passed'], ['2023-09-01', 'failed']])('has a plan from 1 May to 31 August, on %s: %s', (on, result) => {
    expect(resultOf('business-transfer-planned', sale({ on: at(on) }))).toBe(result);
  });

  it('names its plan and the plan’s days', () => {
    expect(applied(sale())).toContainEqual({ rule: 'business-transfer-planned', result: 'passed', registers: [{ kind: 'recipient', id: 'acme', entry: 'sale' }], from: '2023-05-01', to: '2023-08-31' });
  });

  it('takes no more than the plan says', () => {
    const found = applied(sale({ act: { ...act, items: [{ category: 'email' }, { category: 'purchase-history' }] } }));
    expect(found.find(({ rule }) => rule === 'business-transfer-planned')).toMatchObject({ result: 'failed', categories: ['purchase-history'] });
    expect(resultOf('business-transfer-planned', sale({ plan: planned({ purposes: ['purchase'] }) }))).toBe('failed');
  });

  it('is one by its purpose, by the role of who takes over, and by the plan that is named', () => {
    expect(resultOf('business-transfer-planned', { recipient: [kind('business-transfer-party')], act })).toBe('failed');
    expect(resultOf('business-transfer-planned', { recipient: [kind('business-transfer-party'), ['RecipientRoleAssigned', { assignment: 'a', role: 'acquirer', purposes: ['purchase'], from: '2018-01-01' }]], act: { purpose: 'purchase' } })).toBe('failed');
    expect(resultOf('business-transfer-planned', { recipient: [kind('payment-services'), planned()], act: { purpose: 'purchase', plan: 'sale' }, on: at('2023-06-01') })).toBe('failed');
    expect(resultOf('business-transfer-planned', { recipient: [kind('payment-services'), planned({ purposes: ['purchase'] })], act: { purpose: 'purchase' }, on: at('2023-06-01') })).toBe('passed');
    expect(resultOf('business-transfer-planned', { recipient: [kind('payment-services')], act: { purpose: 'purchase' } })).toBeUndefined();
  });

  it('follows the plan that is named, of several', () => {
    const recipient = [kind('business-transfer-party'), acquirer, planned(), planned({ plan: 'old', from: '2020-01-01', to: '2020-12-31' })];
    expect(resultOf('business-transfer-planned', sale({ recipient }))).toBe('passed');
    expect(resultOf('business-transfer-planned', sale({ recipient, act: { ...act, plan: 'old' } }))).toBe('failed');
  });

  it.each([['2023-05-31', 'failed'], ['2023-06-01', 'passed'], ['2023-06-02', 'passed']])('is told of by a notice that is published on 1 June, on %s: %s', (on, result) => {
    expect(resultOf('business-transfer-noticed', sale({ plan: planned({ noticePublishedOn: '2023-06-01' }), on: at(on) }))).toBe(result);
  });

  it('is told of to the person, by this notice and before', () => {
    const { noticePublishedOn: _published, ...unpublished } = PLAN;
    const plan: RecipientFact = ['BusinessTransferPlanned', unpublished];
    const served = (data: { readonly servedAt?: string; readonly notice?: object }): Happened => ({ type: 'NoticeServed', occurredAt: data.servedAt ?? at('2023-05-20'), data: { notice: PLAN.notice, obligations: [], servedAt: at('2023-05-20'), ...data } });
    const found = applied(sale({ plan, past: [served({})] })).find(({ rule }) => rule === 'business-transfer-noticed');
    expect(found).toMatchObject({ result: 'passed', events: [event(served({}), 0).id] });
    expect(resultOf('business-transfer-noticed', sale({ plan, past: [] }))).toBe('failed');
    expect(resultOf('business-transfer-noticed', sale({ plan, past: [served({ servedAt: at('2023-06-02') })] }))).toBe('failed');
    expect(resultOf('business-transfer-noticed', sale({ plan, past: [served({ notice: { id: 'business-transfer-notice', version: 2 } })] }))).toBe('failed');
    expect(resultOf('business-transfer-noticed', sale({ plan, past: [served({ notice: { id: 'privacy-notice', version: 1 } })] }))).toBe('failed');
  });
});

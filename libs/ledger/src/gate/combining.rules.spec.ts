import { describe, expect, it } from '@jest/globals';
import { identifierId, type Happened } from '../testing/decider.fixture.js';
import { act, agreed, asurgentWith, collected, customer, findingsOf, observed, obligationOf, reasoningOf, registersOf, saidBy, served, sourced } from '../testing/person-gate.fixture.js';
import { asurgentModel } from '../testing/registers.fixture.js';
import { linked, nth } from '../testing/subject.fixture.js';
import type { Act } from './act.js';

const NOW = '2021-06-01T10:00:00.000Z';
const INDIRECT = { id: 'indirect-notice', version: 1 };

describe('combining behaviour with what is known of a customer (S008, IMY DI-2019-11737)', () => {
  const visits = observed('page-view');
  const orders = collected('purchase-history');
  const covering = ['email', 'page-view', 'purchase-history', 'interest'];
  const consent = (purpose: string, data: Parameters<typeof agreed>[2] = {}): Happened => agreed(purpose, '2021-01-10', { categories: covering, ...data });
  const says = (purpose: string, categories: readonly string[], history: readonly Happened[], details: Partial<Act> = { useKind: 'combination' }, at = NOW): unknown =>
    saidBy('combining-consent', reasoningOf([customer, ...history], act(purpose, categories, details), { at }));
  const both = ['page-view', 'purchase-history'];

  it('takes a consent to the marketing purpose that covers all of it', () => {
    expect(says('direct-marketing', both, [visits, orders])).toBe('failed');
    expect(says('direct-marketing', both, [visits, orders, consent('direct-marketing')])).toBe('passed');
    expect(says('direct-marketing', both, [visits, orders, consent('direct-marketing', { categories: ['page-view'] })])).toBe('failed');
    expect(says('direct-marketing', both, [visits, orders, consent('interest-based-advertising')])).toBe('failed');
  });

  it('is asked of each act of that kind, whatever it calls itself', () => {
    for (const details of [{ useKind: 'purpose' }, { kind: 'disclosure' }, { kind: 'transfer' }] as const) expect(says('direct-marketing', both, [visits, orders], details)).toBe('failed');
  });

  it.each([
    ['2021-03-09T12:00:00.000Z', 'passed'],
    ['2021-03-10T12:00:00.000Z', 'failed'],
    ['2021-03-11T12:00:00.000Z', 'failed'],
  ])('ends with the consent, at %s', (at, result) => {
    const given = consent('direct-marketing');
    const withdrawn: Happened = { type: 'ConsentWithdrawn', occurredAt: '2021-03-10', data: { at: '2021-03-09T23:00:00.000Z' } };
    const history = [visits, orders, given, withdrawn];
    expect(says('direct-marketing', both, history, { useKind: 'combination' }, at)).toBe(result);
    if (result === 'failed')
      expect(findingsOf('combining-consent', reasoningOf([customer, ...history], act('direct-marketing', both), { at }))).toEqual([
        { rule: 'combining-consent', result, categories: both, events: [nth(given, 3), nth(withdrawn, 4)] },
      ]);
  });

  it('counts what was bought, behaviour too', () => {
    expect(says('direct-marketing', ['page-view', 'company'], [visits, ...sourced('bisnode', 'broker', 'company')])).toBe('failed');
    expect(says('interest-based-advertising', ['page-view', 'interest'], [visits, ...sourced('bisnode', 'broker', 'interest')])).toBe('failed');
    expect(says('interest-based-advertising', ['page-view', 'interest'], [visits, ...sourced('partner', 'partner', 'interest')])).toBeUndefined();
    expect(says('direct-marketing', ['page-view', 'name'], [visits, ...sourced('partner', 'partner', 'name')])).toBe('failed');
  });

  it('is not asked of behaviour alone, of a customer alone, or for other purposes', () => {
    expect(says('interest-based-advertising', ['page-view', 'interest'], [visits, observed('interest')])).toBeUndefined();
    expect(says('direct-marketing', ['email', 'purchase-history'], [collected('email'), orders])).toBeUndefined();
    expect(says('personalisation', both, [visits, orders])).toBeUndefined();
    expect(says('advertising', ['page-view', 'language'], [visits, observed('language')])).toBeUndefined();
  });
});

describe('analysis held apart (S100)', () => {
  const says = (purpose: string, category: string, history: readonly Happened[], details: Partial<Act> = {}): unknown => saidBy('analytics-apart', reasoningOf([customer, ...history], act(purpose, [category], details), { at: NOW }));

  it('takes no data that tells who someone is', () => {
    expect(says('product-improvement', 'page-view', [observed('page-view')])).toBe('passed');
    for (const category of ['name', 'personnummer', 'device-id', 'customer-number', 'organisation-number']) expect(says('product-improvement', category, [collected(category)])).toBe('failed');
    expect(says('purchase', 'name', [collected('name')])).toBeUndefined();
  });

  it('takes no value that is one of the identifiers of the person', () => {
    const link = linked('customer-number', 'K-1');
    const identifier = { identifier: identifierId('customer-number', 'K-1'), event: nth(link, 1) };
    const history = [link, collected('purchase-history', { item: { slot: undefined, identifier } })];
    expect(says('business-intelligence', 'purchase-history', history)).toBe('failed');
    expect(says('business-intelligence', 'purchase-history', [link, collected('purchase-history')])).toBe('passed');
    expect(findingsOf('analytics-apart', reasoningOf([customer, ...history], act('business-intelligence', ['purchase-history']), { at: NOW }))[0]).toMatchObject({ events: [identifier.event] });
  });

  it('holds for analysis of every purpose', () => {
    expect(says('purchase', 'name', [collected('name')], { useKind: 'analytics' })).toBe('failed');
  });
});

describe('data from elsewhere (G14.2)', () => {
  const [obtained, duty] = sourced('bisnode', 'broker', 'phone', { at: '2020-01-01T10:00:00.000Z', purposes: ['prospecting'] });
  const sourcing = obtained.id ?? '';
  const says = (at: string, history: readonly Happened[], details: Partial<Act> = {}, category = 'phone'): unknown =>
    saidBy('indirect-notice', reasoningOf([customer, obtained, duty, ...history], act('prospecting', [category], details), { at }));
  const notice = (at: string, ...sourcings: readonly string[]): Happened => served(at, INDIRECT, sourcings.map(obligationOf));

  it.each([
    ['2020-01-14', 'failed'],
    ['2020-01-15', 'passed'],
    ['2020-01-16', 'passed'],
  ])('goes to nobody before its notice, and with it, on %s', (at, result) => {
    for (const details of [{}, { kind: 'disclosure' }, { kind: 'transfer' }] as const) expect(says(at, [notice('2020-01-15', sourcing)], details)).toBe(result);
  });

  it('goes out with its notice, and not an instant before', () => {
    const history = [notice('2020-01-15T08:00:00.000Z', sourcing)];
    expect([says('2020-01-15T07:59:59.999Z', history), says('2020-01-15T08:00:00.000Z', history)]).toEqual(['failed', 'passed']);
  });

  it.each([
    ['2020-01-31T12:00:00.000Z', 'passed'],
    ['2020-02-01T12:00:00.000Z', 'passed'],
    ['2020-02-02T12:00:00.000Z', 'failed'],
  ])('may be worked with in the house for its month, at %s', (at, result) => {
    expect(says(at, [], { useKind: 'combination' })).toBe(result);
    expect(says(at, [], { useKind: 'combination', recipient: 'unregistered' })).toBe('failed');
  });

  it('has a notice for each time that it was obtained', () => {
    const [again, dutyAgain] = sourced('bisnode', 'broker', 'phone', { at: '2020-03-01T10:00:00.000Z', purposes: ['prospecting'], n: 1 });
    const history = [notice('2020-01-15', sourcing), again, dutyAgain];
    expect(says('2020-02-29', history)).toBe('passed');
    expect(says('2020-03-02', history)).toBe('failed');
    expect(says('2020-03-05', [...history, notice('2020-03-04', again.id ?? '')])).toBe('passed');
  });

  it('has the notice that came with it from when that was recorded, though it was told by its day', () => {
    const came: Happened = {
      type: 'IndirectNoticeServed', occurredAt: '2020-01-02', recordedAt: '2020-01-02T09:00:00.000Z',
      data: { obligation: obligationOf(sourcing), notice: INDIRECT, servedAt: '2020-01-02T22:59:59.999Z' },
    };
    expect([says('2020-01-02T08:59:59.999Z', [came]), says('2020-01-02T09:00:00.000Z', [came])]).toEqual(['failed', 'passed']);
  });

  it('is not closed by a notice that was of something else', () => {
    expect(says('2020-01-20', [served('2020-01-15', INDIRECT)])).toBe('failed');
  });

  it('is not asked of what the person left', () => {
    expect(says('2020-01-20', [collected('email', { at: '2020-01-02' })], {}, 'email')).toBeUndefined();
  });

  it('names the sourcing and what served its notice', () => {
    const told = notice('2020-01-15', sourcing);
    expect(findingsOf('indirect-notice', reasoningOf([customer, obtained, duty, told], act('prospecting', ['phone']), { at: '2020-01-20' }))).toEqual([
      { rule: 'indirect-notice', result: 'passed', categories: ['phone'], events: [sourcing, nth(told, 3)], from: '2020-01-15' },
    ]);
  });
});

describe('an extract of SPAR (SE8)', () => {
  const extract = (category: string, sourcePurpose?: string, n = 0): readonly Happened[] =>
    sourced('spar', 'public-register', category, { n, data: { ...(sourcePurpose !== undefined && { sourcePurpose }) } });
  const says = (purpose: string, category: string, ...history: readonly Happened[]): unknown => saidBy('source-use', reasoningOf([customer, ...history], act(purpose, [category]), { at: NOW }));

  it('made to check is not used to select', () => {
    expect(says('address-check', 'postal', ...extract('postal', 'kontroll'))).toBe('passed');
    expect(says('direct-marketing', 'postal', ...extract('postal', 'kontroll'))).toBe('failed');
    expect(says('prospecting', 'postal', ...extract('postal', 'kontroll'))).toBe('failed');
  });

  it('made to select is for direct marketing by post', () => {
    expect(says('direct-marketing', 'postal', ...extract('postal', 'urval'))).toBe('passed');
    expect(says('direct-marketing', 'name', ...extract('name', 'urval'))).toBe('passed');
    expect(says('direct-marketing', 'phone', ...extract('phone', 'urval'))).toBe('failed');
    expect(says('address-check', 'postal', ...extract('postal', 'urval'))).toBe('failed');
    expect(says('interest-based-advertising', 'postal', ...extract('postal', 'urval'))).toBe('failed');
  });

  it('made for both may be used for either, and for nothing when it was not said what for', () => {
    expect(says('direct-marketing', 'postal', ...extract('postal', 'kontroll'), ...extract('postal', 'urval', 1))).toBe('passed');
    expect(says('address-check', 'postal', ...extract('postal'))).toBe('failed');
  });

  it('is told from other sources, and from what the person left', () => {
    expect(says('direct-marketing', 'name', ...sourced('bisnode', 'broker', 'name'))).toBeUndefined();
    expect(says('direct-marketing', 'name', collected('name'))).toBeUndefined();
    const withoutPurposes = registersOf(asurgentWith({ 'sparPurposes: [kontroll, urval], ': '' }));
    expect(saidBy('source-use', reasoningOf([customer, ...extract('postal', 'kontroll')], act('direct-marketing', ['postal']), { at: NOW, registers: withoutPurposes }))).toBe('failed');
    expect(asurgentModel.source('spar')?.sparPurposes).toEqual(['kontroll', 'urval']);
  });
});

import { describe, expect, it } from '@jest/globals';
import type { RuleCode } from '../rules.js';
import { event, idOf, type Happened } from '../testing/decider.fixture.js';
import { act, agreed, collected, CONTROLLER, customer, findingsOf, reasoningOf, saidBy, unsoundly } from '../testing/person-gate.fixture.js';
import { asurgentModel, registersOf, registersWith } from '../testing/registers.fixture.js';
import { nth } from '../testing/subject.fixture.js';
import type { Act } from './act.js';

const NOW = '2021-06-01T10:00:00.000Z';
const data = [customer, collected('email', { purposes: ['newsletter'] })];
const newsletter = act('newsletter', ['email']);
const consent = agreed('newsletter', '2021-01-10');

const ending = (type: string, at: string, of: Readonly<Record<string, unknown>> = {}): Happened => ({ type, occurredAt: at, data: { at: `${at}T00:00:00.000Z`, purposes: ['newsletter'], ...of } });

function says(code: RuleCode, at: string, history: readonly Happened[], asking: Act = newsletter): unknown {
  return saidBy(code, reasoningOf(history, asking, { at }));
}

describe('a use that rests on consent', () => {
  it.each([
    ['2021-01-09', 'failed'],
    ['2021-01-10', 'passed'],
    ['2021-01-11', 'passed'],
  ])('has a consent, or not yet, on %s', (at, result) => {
    expect(says('consent-given', at, [...data, consent])).toBe(result);
  });

  it.each(['consent-withdrawn', 'consent-refused', 'consent-expired'] as const)('has none from the day of a %s', (code) => {
    const type = { 'consent-withdrawn': 'ConsentWithdrawn', 'consent-refused': 'ConsentRefused', 'consent-expired': 'ConsentExpired' }[code];
    const history = [...data, consent, ending(type, '2021-03-10', code === 'consent-expired' ? { consent: idOf('consent newsletter'), purposes: undefined } : {})];
    expect(['2021-03-08', '2021-03-09', '2021-03-10', '2021-03-11'].map((at) => says(code, `${at}T12:00:00.000Z`, history))).toEqual(['passed', 'passed', 'failed', 'failed']);
    expect(findingsOf(code, reasoningOf(history, newsletter, { at: NOW }))).toEqual([
      { rule: code, result: 'failed', categories: ['email'], events: [nth(consent, 2), nth(history[3] as Happened, 3)], from: '2021-03-10' },
    ]);
  });

  it('has none from the day on which it runs out', () => {
    const history = [...data, agreed('newsletter', '2021-01-10', { validUntil: '2021-03-09T23:00:00.000Z' })];
    expect(['2021-03-09', '2021-03-10', '2021-03-11'].map((at) => says('consent-expired', at, history))).toEqual(['passed', 'failed', 'failed']);
    expect(findingsOf('consent-expired', reasoningOf(history, newsletter, { at: '2021-02-01' }))[0]).toMatchObject({ to: '2021-03-10' });
  });

  it('names every rule that was asked of the consent', () => {
    expect(reasoningOf([...data, consent], newsletter, { at: NOW }).rules.filter(({ rule }) => rule.startsWith('consent-')).map(({ rule, result, events }) => [rule, result, events])).toEqual(
      ['consent-given', 'consent-withdrawn', 'consent-refused', 'consent-expired', 'consent-proven', 'consent-covers-category', 'consent-stale'].map((rule) => [rule, 'passed', [nth(consent, 2)]]),
    );
    expect(reasoningOf(data, newsletter, { at: NOW }).rules.filter(({ rule }) => rule.startsWith('consent-'))).toEqual([{ rule: 'consent-given', result: 'failed', categories: ['email'] }]);
  });

  it('is not carried by what cannot be shown, is about other data, or was given to other terms', () => {
    const blockedBy = (changes: Parameters<typeof agreed>[2]): readonly string[] => reasoningOf([...data, agreed('newsletter', '2021-01-10', changes)], newsletter, { at: NOW }).failed;
    expect(blockedBy({})).toEqual([]);
    expect(blockedBy({ missing: ['wording'] })).toEqual(['consent-proven']);
    expect(blockedBy({ categories: ['name'] })).toEqual(['consent-covers-category']);
    expect(blockedBy({ terms: [{ purpose: 'newsletter', categories: ['email'], recipientKinds: [] }] })).toEqual(['consent-stale']);
    expect(blockedBy({ purposes: ['sponsor-sharing'] })).toEqual(['consent-given']);
  });

  it('is explicit for special categories', () => {
    const diet = act('event-diet', ['allergy']);
    const held = [customer, collected('allergy', { purposes: ['event-diet'] })];
    expect(says('consent-explicit', NOW, [...held, agreed('event-diet', '2021-01-10')], diet)).toBe('failed');
    expect(says('consent-explicit', NOW, [...held, agreed('event-diet', '2021-01-10', { type: 'explicit' })], diet)).toBe('passed');
    expect(says('consent-explicit', NOW, [...data, consent])).toBeUndefined();
  });

  it('is bound to the relationship and the conference that the consent was given for', () => {
    const autumn = agreed('newsletter', '2021-01-10', { conference: 'autumn-2021' });
    expect(says('consent-given', NOW, [...data, autumn])).toBe('failed');
    expect(says('consent-given', NOW, [customer, collected('email', { data: { conference: 'autumn-2021' } }), autumn])).toBe('passed');
    expect(says('consent-given', NOW, [...data, agreed('newsletter', '2021-01-10', { relationship: idOf('another') })])).toBe('failed');
    // Data of two relationships takes a consent that covers both.
    const other = collected('email', { relationship: idOf('another') });
    const bound = agreed('newsletter', '2021-01-10', { relationship: idOf('another') });
    expect(says('consent-given', NOW, [...data, other, bound])).toBe('failed');
    expect(says('consent-given', NOW, [...data, other, bound], { ...newsletter, relationship: idOf('another') })).toBe('passed');
  });

  it('asks nothing of consent where the policy rests on something else', () => {
    const reasoning = reasoningOf([customer, collected('email')], act('purchase', ['email']), { at: NOW });
    expect(reasoning.rules.filter(({ rule }) => rule.startsWith('consent-'))).toEqual([]);
  });
});

describe('a disclosure on consent', () => {
  const registers = registersWith({ 'recipient-acme': [event({ type: 'RecipientRegistered', data: { kind: 'newsletter-sending', country: 'SE', from: '2019-01-01' } }, 0, 'recipient-acme')] }, asurgentModel);
  const to = (recipient: string): Act => act('newsletter', ['email'], { kind: 'disclosure', recipient });
  const covers = (recipientKinds: readonly string[], recipient = 'acme'): unknown =>
    saidBy('consent-covers-recipient', reasoningOf([...data, agreed('newsletter', '2021-01-10', { recipientKinds })], to(recipient), { at: NOW, registers }));

  it('goes to the kinds of recipients that the consent names', () => {
    expect([covers(['newsletter-sending']), covers(['event-sponsor']), covers([])]).toEqual(['passed', 'failed', 'failed']);
    expect(covers(['newsletter-sending'], 'unregistered')).toBe('failed');
    expect(says('consent-covers-recipient', NOW, [...data, consent])).toBeUndefined();
  });
});

describe('a child (G08)', () => {
  const age = (band: string, at: string): Happened => ({ type: 'AgeBandRecorded', occurredAt: at, data: { band } });
  const child = age('below-13', '2021-01-01');
  const by = (indicatedBy: 'subject' | 'guardian' | 'proxy', ...ages: readonly Happened[]): unknown => says('consent-by-guardian', NOW, [...data, ...ages, agreed('newsletter', '2021-01-10', { indicatedBy })]);

  it('below 13 consents through a guardian', () => {
    expect([by('subject', child), by('proxy', child), by('guardian', child)]).toEqual(['failed', 'failed', 'passed']);
    expect(by('subject')).toBeUndefined();
    expect(by('subject', age('from-13-to-17', '2021-01-01'))).toBeUndefined();
  });

  it.each([
    ['2021-01-09T12:00:00.000Z', undefined],
    ['2021-01-10T12:00:00.000Z', undefined],
    ['2021-01-11T12:00:00.000Z', 'failed'],
  ])('was no older before, and is as old as was told last: 13 at %s', (at, result) => {
    const given = agreed('newsletter', '2021-01-10T12:00:00.000Z');
    expect(says('consent-by-guardian', NOW, [...data, child, age('from-13-to-17', at), given])).toBe(result);
  });

  it('was too young at the time of a consent when it was so later', () => {
    expect(by('subject', age('below-13', '2021-05-01'))).toBe('failed');
  });

  it('keeps the consent of its guardian when it grows up', () => {
    expect(by('guardian', child, age('from-13-to-17', '2021-04-01'))).toBe('passed');
    expect(reasoningOf([...data, child, agreed('newsletter', '2021-01-10', { indicatedBy: 'guardian' })], newsletter, { at: NOW }).outcome).toBe('allowed');
  });
});

describe('a basis', () => {
  /** The newsletter as it would be if a later policy rested it on a legitimate interest. */
  const swapped = registersOf(
    unsoundly(asurgentModel, (policy) => ({
      ...policy,
      purposes: policy.purposes.map((purpose) => (purpose.id === 'newsletter' ? { ...purpose, bases: policy.purposes.find(({ id }) => id === 'direct-marketing')?.bases ?? [] } : purpose)),
    })),
  );
  const swap = (at: string, ...history: readonly Happened[]): unknown => saidBy('basis-not-swapped', reasoningOf([...data, ...history], newsletter, { at, registers: swapped }));
  const withdrawn = ending('ConsentWithdrawn', '2021-03-10');

  it.each([
    ['2021-03-09T12:00:00.000Z', 'passed'],
    ['2021-03-10T12:00:00.000Z', 'failed'],
    ['2021-03-11T12:00:00.000Z', 'failed'],
  ])('is not swapped for another after a withdrawal, at %s', (at, result) => {
    expect(swap(at, consent, withdrawn)).toBe(result);
  });

  it('is asked of only where there was a consent that the policy rested on', () => {
    expect(swap(NOW)).toBeUndefined();
    expect(swap(NOW, agreed('newsletter', '2021-01-10', { terms: [] }), withdrawn)).toBeUndefined();
    expect(says('basis-not-swapped', NOW, [...data, consent, withdrawn])).toBeUndefined();
    expect(saidBy('basis-not-swapped', reasoningOf([...data, { ...consent, controller: 'other-ab' }, withdrawn], newsletter, { at: NOW, registers: swapped, controller: CONTROLLER }))).toBeUndefined();
  });

  it('is no swap where the consent ran out, or was given again', () => {
    expect(swap(NOW, consent, ending('ConsentExpired', '2021-03-10', { purposes: undefined, consent: idOf('consent newsletter') }))).toBe('passed');
    expect(swap(NOW, consent, withdrawn, agreed('newsletter', '2021-04-01'))).toBe('passed');
  });
});

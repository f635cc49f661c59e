import { describe, expect, it } from '@jest/globals';
import { event, idOf, type Happened } from '../testing/decider.fixture.js';
import { act, agreed, collected, CONTROLLER, customer, findingsOf, reasoningOf, saidBy } from '../testing/person-gate.fixture.js';
import { holdingId } from '../testing/person-gate.fixture.js';
import { asurgentModel, registersWith } from '../testing/registers.fixture.js';
import { nth } from '../testing/subject.fixture.js';
import type { Act } from './act.js';

const NOW = '2021-06-01T10:00:00.000Z';
const out: Partial<Act> = { kind: 'disclosure', recipient: 'unregistered' };

describe('a merge under way', () => {
  const begun: Happened = { type: 'MergeStarted', data: { merge: idOf('merge'), from: idOf('other') } };
  const done: Happened = { type: 'SubjectAbsorbed', data: { merge: idOf('merge'), from: idOf('other'), revision: 3 } };
  const says = (details: Partial<Act>, ...more: readonly Happened[]): unknown => saidBy('not-merging', reasoningOf([customer, collected('email'), ...more], act('purchase', ['email'], details), { at: NOW }));

  it('stops every ask until the other has been taken in, or the merge was given up', () => {
    expect([says({ isAsk: true }), says({ isAsk: true }, begun), says({ isAsk: true }, begun, done), says({ isAsk: true }, begun, { type: 'MergeAbandoned', data: { merge: idOf('merge') } })]).toEqual([undefined, 'failed', undefined, undefined]);
  });

  it('does not make unjustified what is told to have happened', () => {
    expect(says({}, begun)).toBeUndefined();
  });

  it('is named by the event that began it', () => {
    const reasoning = reasoningOf([customer, collected('email'), begun], act('purchase', ['email'], { isAsk: true }), { at: NOW });
    expect(findingsOf('not-merging', reasoning)).toEqual([{ rule: 'not-merging', result: 'failed', events: [nth(begun, 2)] }]);
  });
});

describe('a protected identity', () => {
  const flag: Happened = { type: 'ProtectedIdentityFlagged', occurredAt: '2021-03-10', data: { protection: 'secrecy-marking' } };
  const lift: Happened = { type: 'ProtectedIdentityLifted', occurredAt: '2021-04-10', data: {} };
  const says = (at: string, category: string, details: Partial<Act> = out, ...more: readonly Happened[]): unknown =>
    saidBy('protected-identity', reasoningOf([customer, collected(category), flag, lift, ...more], act('customer-relationship', [category], details), { at }));

  it('keeps address, phone and place from going out, and nothing else', () => {
    for (const category of ['postal', 'phone', 'location']) expect([category, says('2021-03-20', category)]).toEqual([category, 'failed']);
    for (const category of ['name', 'email', 'personnummer']) expect([category, says('2021-03-20', category)]).toEqual([category, undefined]);
  });

  it('stops disclosures, transfers and the use by a vendor, and no use of our own', () => {
    expect(says('2021-03-20', 'postal', { kind: 'transfer', recipient: 'unregistered' })).toBe('failed');
    expect(says('2021-03-20', 'postal', { kind: 'use', recipient: 'unregistered' })).toBe('failed');
    expect(says('2021-03-20', 'postal', { kind: 'use' })).toBeUndefined();
  });

  it.each([
    ['2021-03-09', 'passed'],
    ['2021-03-10', 'failed'],
    ['2021-03-11', 'failed'],
    ['2021-04-09', 'failed'],
    ['2021-04-10', 'failed'],
    ['2021-04-11', 'passed'],
  ])('lies on the person from the first day to the last, on %s', (at, result) => {
    expect(says(at, 'postal')).toBe(result);
  });

  it('may be put on again', () => {
    expect(says('2021-06-01', 'postal', out, { ...flag, occurredAt: '2021-05-10' })).toBe('failed');
  });

  it('names the event that told of it', () => {
    const reasoning = reasoningOf([customer, collected('postal'), flag], act('customer-relationship', ['postal'], out), { at: NOW });
    expect(findingsOf('protected-identity', reasoning)).toEqual([{ rule: 'protected-identity', result: 'failed', categories: ['postal'], events: [nth(flag, 2)], from: '2021-03-10' }]);
  });
});

describe('a person who has died', () => {
  it.each([
    ['2021-03-09', 'passed'],
    ['2021-03-10', 'remarked'],
    ['2021-03-11', 'remarked'],
  ])('is remarked upon from that day, %s', (at, result) => {
    const says = (death: Happened): unknown => saidBy('person-alive', reasoningOf([customer, collected('email'), death], act('purchase', ['email']), { at }));
    expect(says({ type: 'DeathRecorded', occurredAt: '2021-05-01', data: { diedOn: '2021-03-10' } })).toBe(result);
    expect(says({ type: 'DeathRecorded', occurredAt: '2021-03-10', data: {} })).toBe(result);
  });

  it('stops nothing by that alone', () => {
    const death: Happened = { type: 'DeathRecorded', occurredAt: '2021-03-10', data: {} };
    expect(reasoningOf([customer, collected('email'), death], act('purchase', ['email']), { at: NOW }).outcome).toBe('allowed-with-remarks');
  });
});

describe('an objection', () => {
  const objection = (data: Readonly<Record<string, unknown>>, at = '2021-03-10', rest: Partial<Happened> = {}): Happened => ({ type: 'DataSubjectObjected', occurredAt: at, data: { at: `${at}T00:00:00.000Z`, ...data }, ...rest });
  const toMarketing = objection({ kind: 'direct-marketing' });
  const toProcessing = objection({ kind: 'processing' });
  const says = (purpose: string, ...history: readonly Happened[]): unknown => saidBy('no-objection', reasoningOf([customer, collected('email'), ...history], act(purpose, ['email']), { at: NOW }));

  it.each([
    ['2021-03-08', 'passed'],
    ['2021-03-09', 'passed'],
    ['2021-03-10', 'failed'],
    ['2021-03-11', 'failed'],
  ])('works from its day on, %s', (day, result) => {
    for (const against of [toMarketing, toProcessing])
      expect(saidBy('no-objection', reasoningOf([customer, collected('email'), against], act('direct-marketing', ['email']), { at: `${day}T12:00:00.000Z` }))).toBe(result);
  });

  it('to direct marketing stops every purpose of marketing, on consent too, and no other', () => {
    for (const purpose of ['direct-marketing', 'prospecting', 'newsletter', 'sponsor-sharing', 'advertising', 'interest-based-advertising']) expect([purpose, says(purpose, agreed('newsletter', '2021-01-10'), toMarketing)]).toEqual([purpose, 'failed']);
    expect(says('customer-relationship', toMarketing)).toBe('passed');
    expect(says('purchase', toMarketing)).toBeUndefined();
  });

  it('to processing stops what rests on a legitimate interest, and not what rests on contract, law or consent', () => {
    for (const purpose of ['customer-relationship', 'direct-marketing', 'dispute-handling']) expect([purpose, says(purpose, toProcessing)]).toEqual([purpose, 'failed']);
    for (const purpose of ['purchase', 'rights-handling']) expect([purpose, says(purpose, toProcessing)]).toEqual([purpose, undefined]);
    expect(says('newsletter', toProcessing)).toBe('passed');
  });

  it('is to the purposes that it names, and what stands under them', () => {
    const toSome = objection({ kind: 'direct-marketing', purposes: ['direct-marketing'] });
    expect([says('prospecting', toSome), says('direct-marketing', toSome), says('advertising', toSome)]).toEqual(['failed', 'failed', 'passed']);
  });

  it('is to the controller it was told to, or to all', () => {
    expect(says('direct-marketing', { ...toMarketing, controller: 'other-ab' })).toBe('passed');
    expect(says('direct-marketing', { ...toMarketing, controller: CONTROLLER })).toBe('failed');
  });

  it('may be to some recipients only', () => {
    const registers = registersWith({ 'recipient-acme': [event({ type: 'RecipientRegistered', data: { kind: 'marketing-services', country: 'SE', from: '2019-01-01' } }, 0, 'recipient-acme')] }, asurgentModel);
    const says = (kinds: readonly string[], details: Partial<Act>): unknown =>
      saidBy('no-objection', reasoningOf([customer, collected('email'), objection({ kind: 'direct-marketing', recipientKinds: kinds })], act('direct-marketing', ['email'], details), { at: NOW, registers }));
    expect(says(['marketing-services'], { kind: 'disclosure', recipient: 'acme' })).toBe('failed');
    expect(says(['event-sponsor'], { kind: 'disclosure', recipient: 'acme' })).toBe('passed');
    expect(says(['marketing-services'], {})).toBe('passed');
  });

  it('does not stop what the law orders, or a legal claim (Art. 21(1))', () => {
    const says = (ground?: string, against = toProcessing, purpose = 'security'): unknown =>
      saidBy('no-objection', reasoningOf([customer, collected('email'), against], act(purpose, ['email'], { ...out, ...(ground !== undefined && { ground }) }), { at: NOW }));
    expect([says(), says('attack-prevention'), says('police-request'), says('rights-protection')]).toEqual(['failed', 'failed', undefined, undefined]);
    expect(says('police-request', toMarketing, 'direct-marketing')).toBe('failed');
  });
});

describe('data in dispute', () => {
  const holding = holdingId('email');
  const disputed: Happened = { type: 'PersonalDataDisputed', occurredAt: '2021-03-10', data: { holding, dispute: holding } };
  const resolved: Happened = { type: 'DisputeResolved', occurredAt: '2021-04-10', data: { holding, dispute: holding, outcome: 'rejected' } };
  const says = (at: string, history: readonly Happened[], details: Partial<Act> = {}): unknown => saidBy('not-restricted', reasoningOf([customer, collected('email'), ...history], act('purchase', ['email'], details), { at }));

  it.each([
    ['2021-03-09', 'passed'],
    ['2021-03-10', 'failed'],
    ['2021-03-11', 'failed'],
    ['2021-04-09', 'failed'],
    ['2021-04-10', 'failed'],
    ['2021-04-11', 'passed'],
  ])('is used for nothing from the day it is disputed until it is resolved, on %s', (at, result) => {
    expect(says(at, [disputed, resolved])).toBe(result);
  });

  it('leaves data beside it alone', () => {
    expect(saidBy('not-restricted', reasoningOf([customer, collected('email'), collected('name'), disputed], act('purchase', ['name']), { at: NOW }))).toBe('passed');
    expect(findingsOf('not-restricted', reasoningOf([customer, collected('email'), collected('name'), disputed], act('purchase', ['name', 'email']), { at: NOW }))).toEqual([
      { rule: 'not-restricted', result: 'passed', categories: ['name'] },
      { rule: 'not-restricted', result: 'failed', categories: ['email'], events: [nth(disputed, 3)] },
    ]);
  });

  it('may go where the law orders it, for a claim, and to protect others (Art. 18(2))', () => {
    const on = (ground: string): unknown => says(NOW, [disputed], { ...out, ground });
    expect([on('police-request'), on('rights-protection'), on('fraud-prevention'), on('attack-prevention')]).toEqual([undefined, undefined, undefined, 'failed']);
  });
});

describe('marketing to a child', () => {
  const age = (band: string, at = '2021-03-10'): Happened => ({ type: 'AgeBandRecorded', occurredAt: at, data: { band } });
  const says = (purpose: string, category: string, at: string, ...ages: readonly Happened[]): unknown => saidBy('marketing-to-child', reasoningOf([customer, collected(category), ...ages], act(purpose, [category]), { at }));

  it('is left undone without consent, and by interests whatever was consented to', () => {
    for (const band of ['below-13', 'from-13-to-17']) {
      expect([says('direct-marketing', 'email', NOW, age(band)), says('newsletter', 'email', NOW, age(band)), says('interest-based-advertising', 'interest', NOW, age(band))]).toEqual(['failed', 'passed', 'failed']);
    }
    expect([says('direct-marketing', 'email', NOW, age('adult')), says('direct-marketing', 'email', NOW), says('purchase', 'email', NOW, age('below-13'))]).toEqual(['passed', 'passed', undefined]);
  });

  it.each([
    ['2021-03-09', 'failed'],
    ['2021-03-10', 'passed'],
    ['2021-03-11', 'passed'],
  ])('ends when the child is grown, on %s', (at, result) => {
    expect(says('direct-marketing', 'email', at, age('from-13-to-17', '2020-01-01'), age('adult'))).toBe(result);
    expect(says('direct-marketing', 'email', at, age('below-13', '2019-01-01'), age('adult'))).toBe(result);
  });

  it('was marketing to a child before the day on which it was told that it still is one', () => {
    expect(says('direct-marketing', 'email', '2020-06-01', age('from-13-to-17'))).toBe('failed');
  });
});

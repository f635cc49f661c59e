import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compilePolicy, type PolicyModel } from '#policy/model.js';
import { RECIPIENT_ROLES } from '../recipient/recipient.events.js';
import type { Registers } from '../registers.js';
import { event, idOf, type Happened } from '../testing/decider.fixture.js';
import {
  act, agreed, asurgentRegisters, collected, CONTROLLER, customer, findingsOf, holdingId, observed, reasoningOf, registersOf, saidBy, served, unsoundly,
} from '../testing/person-gate.fixture.js';
import { asurgentModel, registersWith, sha256Hex } from '../testing/registers.fixture.js';
import { nth } from '../testing/subject.fixture.js';
import type { Act } from './act.js';

const NOW = '2021-06-01T10:00:00.000Z';

/** A second version from 1 June 2021 that has a purpose more, and a notice that tells of it. */
const renewed = ((): PolicyModel => {
  const { policy, documentHash } = asurgentModel;
  const like = policy.purposes.find(({ id }) => id === 'customer-relationship');
  const notice = policy.notices.find(({ id }) => id === 'privacy-notice');
  if (like === undefined || notice === undefined) throw new Error('the policy has no such elements');
  const purposes = [...policy.purposes, { ...like, id: 'surveys', categories: [{ id: 'email', necessity: 'required' as const }] }];
  const notices = [...policy.notices, { ...notice, id: 'new-purpose-notice', purposes: ['surveys'] }];
  return compilePolicy({ ...policy, version: 'asurgent-2021-06-01', publishedOn: '2021-05-01', purposes, notices }, { effectiveFromAt: '2021-05-31T22:00:00.000Z', documentHash, sha256Hex });
})();
const renewedRegisters = registersOf(asurgentModel, renewed);

describe('the policy of the day', () => {
  it.each([
    ['2018-05-24T21:59:59.999Z', 'failed'],
    ['2018-05-24T22:00:00.000Z', 'passed'],
    ['2018-05-25T22:00:00.000Z', 'passed'],
  ])('is in force, or not yet, at %s', (at, result) => {
    const reasoning = reasoningOf([customer, collected('email', { at: '2018-01-01' })], act('purchase', ['email']), { at });
    expect(saidBy('policy-in-force', reasoning)).toBe(result);
    expect(findingsOf('policy-in-force', reasoning)[0]).toMatchObject(result === 'passed' ? { registers: [{ kind: 'policy', id: CONTROLLER, entry: 'asurgent-2018-05-25' }], from: '2018-05-25' } : { to: '2018-05-25' });
  });

  it('covers no day that it did not cover the whole of by its end', () => {
    const on = (at: string): unknown => saidBy('policy-in-force', reasoningOf([], act('purchase', ['email']), { at }));
    expect([on('2018-05-24'), on('2018-05-25'), on('2018-05-26')]).toEqual(['failed', 'passed', 'passed']);
  });

  it.each([
    ['2021-05-31', 'failed'],
    ['2021-06-01', 'passed'],
    ['2021-06-02', 'passed'],
  ])('has a new purpose, or not yet, on %s', (at, result) => {
    expect(saidBy('purpose-of-the-day', reasoningOf([], act('surveys', ['email']), { at, registers: renewedRegisters }))).toBe(result);
  });

  it('has the purpose for the service, and for a controller that offers it', () => {
    const says = (service: string): unknown => saidBy('purpose-for-service', reasoningOf([], act('newsletter', ['email']), { at: NOW, service }));
    expect([says('newsletter'), says('shop')]).toEqual(['passed', 'failed']);
    const twoCompanies = unsoundly(asurgentModel, (policy) => ({ ...policy, controllers: [...policy.controllers, { ...policy.controllers[0]!, id: 'other-ab' }] }));
    const of = (controller: string): unknown => saidBy('purpose-for-service', reasoningOf([], act('newsletter', ['email']), { at: NOW, controller, registers: registersOf(twoCompanies) }));
    expect([of(CONTROLLER), of('other-ab')]).toEqual(['passed', 'failed']);
    expect(saidBy('purpose-for-service', reasoningOf([], act('purchase', ['email']), { at: NOW }))).toBeUndefined();
  });

  it('says which categories the purpose may use, in one finding for each answer', () => {
    const reasoning = reasoningOf([], act('direct-marketing', ['email', 'phone', 'dietary-requirement', 'personnummer']), { at: NOW });
    expect(findingsOf('category-allowed', reasoning).map(({ result, categories, clause }) => [result, categories, clause])).toEqual([
      ['passed', ['email', 'phone'], 'communicating'],
      ['failed', ['dietary-requirement', 'personnummer'], 'communicating'],
    ]);
    expect(findingsOf('basis-stated', reasoning).map(({ categories }) => categories)).toEqual([['email', 'phone']]);
  });

  it('asks a basis of its own for special categories, and a reason for a personnummer', () => {
    expect(saidBy('special-basis', reasoningOf([], act('event-diet', ['allergy']), { at: NOW }))).toBe('passed');
    const withoutSpecial = unsoundly(asurgentModel, (policy) => ({
      ...policy,
      purposes: policy.purposes.map((purpose) => (purpose.id === 'event-diet' ? { ...purpose, bases: purpose.bases.map((basis) => ({ ...basis, specialBasis: undefined })) } : purpose)),
    }));
    expect(saidBy('special-basis', reasoningOf([], act('event-diet', ['allergy']), { at: NOW, registers: registersOf(withoutSpecial) }))).toBe('failed');
    expect(saidBy('special-basis', reasoningOf([], act('purchase', ['email']), { at: NOW }))).toBeUndefined();
    expect(saidBy('personnummer-justified', reasoningOf([], act('rights-handling', ['personnummer']), { at: NOW }))).toBe('passed');
    const withoutReason = unsoundly(asurgentModel, (policy) => ({ ...policy, purposes: policy.purposes.map((purpose) => ({ ...purpose, personnummerGround: undefined })) }));
    expect(saidBy('personnummer-justified', reasoningOf([], act('rights-handling', ['personnummer']), { at: NOW, registers: registersOf(withoutReason) }))).toBe('failed');
  });

  it('never takes what is under a heading of offences', () => {
    const criminal = unsoundly(asurgentModel, (policy) => ({ ...policy, categories: policy.categories.map((one) => (one.id === 'messages' ? { ...one, criminal: true } : one)) }));
    expect(saidBy('criminal-data', reasoningOf([], act('customer-support', ['message-content']), { at: NOW, registers: registersOf(criminal) }))).toBe('failed');
    expect(saidBy('criminal-data', reasoningOf([], act('customer-support', ['message-content']), { at: NOW }))).toBeUndefined();
  });
});

describe('interest-based advertising (S022)', () => {
  const purposes = asurgentModel.alternatives('purpose');
  const leaves = asurgentModel.alternatives('category').filter((id) => asurgentModel.isLeaf(id));
  /** Policies that let every purpose use everything, and give that nature to one. */
  const anything = new Map(
    purposes.map((nature) => [
      nature,
      unsoundly(asurgentModel, (policy) => ({
        ...policy,
        purposes: policy.purposes.map((purpose) => ({
          ...purpose,
          nature: purpose.id === nature ? ('interest-advertising' as const) : undefined,
          never: [],
          bases: policy.purposes.find(({ id }) => id === 'customer-relationship')?.bases ?? [],
          categories: policy.categories.map(({ id }) => ({ id, necessity: 'optional' as const })),
          recipientKinds: policy.recipientKinds.map(({ id }) => id),
        })),
      })),
    ]),
  );
  const registersFor = (nature: string, kind: string, role: string): Registers => {
    const registered: Happened = { type: 'RecipientRegistered', data: { kind, country: 'SE', from: '2019-01-01' } };
    const assigned: Happened = { type: 'RecipientRoleAssigned', data: { assignment: 'all', role, purposes, from: '2019-01-01' } };
    return registersWith({ 'recipient-acme': [event(registered, 0, 'recipient-acme'), event(assigned, 1, 'recipient-acme')] }, anything.get(nature) ?? asurgentModel);
  };

  it('never takes a name, an address, an e-mail address or a phone number, for any purpose of that nature, recipient and role', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...purposes),
        fc.uniqueArray(fc.constantFrom(...leaves), { minLength: 1, maxLength: 6 }),
        fc.constantFrom('name', 'postal', 'email', 'phone'),
        fc.constantFrom(undefined, 'unregistered', 'acme'),
        fc.constantFrom(...asurgentModel.alternatives('recipient-kind')),
        fc.constantFrom(...RECIPIENT_ROLES),
        fc.constantFrom('use' as const, 'disclosure' as const, 'transfer' as const),
        fc.constantFrom('purpose' as const, 'combination' as const, 'analytics' as const),
        (purpose, others, forbidden, recipient, recipientKind, role, kind, useKind) => {
          const categories = [...new Set([...others, forbidden])];
          const history = [customer, ...categories.map((category) => collected(category, { purposes: [purpose] })), agreed(purpose, '2020-01-01T10:00:00.000Z', { type: 'explicit', categories: leaves })];
          const reasoning = reasoningOf(history, act(purpose, categories, { kind, useKind, ...(recipient !== undefined && { recipient }) }), { at: NOW, registers: registersFor(purpose, recipientKind, role) });
          expect(reasoning.outcome).toBe('blocked');
          expect(reasoning.failed).toContain('interest-advertising-identity');
          const [refused] = findingsOf('interest-advertising-identity', reasoning).filter(({ result }) => result === 'failed');
          expect([...(refused?.categories ?? [])].sort()).toEqual(categories.filter((category) => ['name', 'postal', 'email', 'phone'].includes(category)).sort());
        },
      ),
      { numRuns: 150, seed: 20261122 },
    );
  });

  it('takes what tells of interests', () => {
    expect(saidBy('interest-advertising-identity', reasoningOf([], act('interest-based-advertising', ['interest', 'page-view']), { at: NOW }))).toBe('passed');
    expect(saidBy('interest-advertising-identity', reasoningOf([], act('purchase', ['email']), { at: NOW }))).toBeUndefined();
  });
});

describe('data that is held', () => {
  it.each([
    ['2020-12-31', 'failed'],
    ['2021-01-01', 'passed'],
    ['2021-01-02', 'passed'],
  ])('is there, or not yet, on %s', (at, result) => {
    const reasoning = reasoningOf([customer, collected('email', { at: '2021-01-01' })], act('purchase', ['email']), { at });
    expect(saidBy('category-held', reasoning)).toBe(result);
  });

  it('is of this controller, even when it is named', () => {
    const history = [customer, collected('email')];
    const holding = holdingId('email');
    const named = act('purchase', [], { items: [{ category: 'email', holding }] });
    expect(saidBy('category-held', reasoningOf(history, named, { at: NOW }))).toBe('passed');
    const elsewhere = [customer, { ...collected('email'), controller: 'other-ab' }];
    expect(saidBy('category-held', reasoningOf(elsewhere, named, { at: NOW }))).toBe('failed');
  });

  it('carries nothing when it was only ever told as unjustified', () => {
    const without = collected('email', { failed: ['notice-at-collection'] });
    const justified = collected('email', { at: '2020-03-01' });
    const says = (...history: Parameters<typeof reasoningOf>[0]): unknown => saidBy('holding-justified', reasoningOf(history, act('purchase', ['email']), { at: NOW }));
    expect(says(customer, without)).toBe('failed');
    expect(says(customer, without, justified)).toBe('passed');
    expect(saidBy('holding-justified', reasoningOf([customer, without, justified], act('purchase', ['email']), { at: '2020-02-29' }))).toBe('failed');
    expect(findingsOf('holding-justified', reasoningOf([customer, without], act('purchase', ['email']), { at: NOW }))[0]).toMatchObject({ categories: ['email'], events: [nth(without, 1)] });
  });

  it('is each judged by itself, so that one without justification stops them all until it is named apart', () => {
    const other = idOf('another relationship');
    const empty = collected('email', { failed: ['category-allowed'], relationship: other, item: { slot: undefined } });
    const says = (items: Act['items']): unknown => saidBy('holding-justified', reasoningOf([customer, collected('email'), empty], act('purchase', [], { items }), { at: NOW }));
    expect(says([{ category: 'email' }])).toBe('failed');
    expect(says([{ category: 'email', holding: holdingId('email') }])).toBe('passed');
  });
});

describe('a new purpose (S023)', () => {
  const surveys = act('surveys', ['email']);
  const tells = { id: 'new-purpose-notice', version: 1 };
  const says = (at: string, ...history: Parameters<typeof reasoningOf>[0]): unknown => saidBy('new-purpose-notice', reasoningOf([customer, ...history], surveys, { at, registers: renewedRegisters }));

  it('waits for a notice that tells of it', () => {
    const old = collected('email', { purposes: ['purchase'] });
    expect(says('2021-07-01T10:00:00.000Z', old)).toBe('failed');
    expect(says('2021-07-01T10:00:00.000Z', old, served('2021-06-15T08:00:00.000Z', { id: 'privacy-notice', version: 1 }))).toBe('failed');
  });

  it.each([
    ['2021-06-14', 'failed'],
    ['2021-06-15', 'failed'],
    ['2021-06-16', 'passed'],
  ])('has its notice before the act, so that both of one day have not, on %s', (at, result) => {
    expect(says(at, collected('email'), served('2021-06-15', tells))).toBe(result);
  });

  it('has its notice from the instant at which it was served', () => {
    const history = [collected('email'), served('2021-06-15T08:00:00.000Z', tells)];
    expect([says('2021-06-15T07:59:59.999Z', ...history), says('2021-06-15T08:00:00.000Z', ...history)]).toEqual(['failed', 'passed']);
  });

  it('takes the notice of the same controller', () => {
    expect(says('2021-07-01', collected('email'), served('2021-06-15', tells, [], { controller: 'other-ab' }))).toBe('failed');
  });

  it('is not new to data that was collected for it under a policy that had it', () => {
    const under = (policy: string, purposes: readonly string[]): unknown => says('2021-07-01', collected('email', { policy, purposes, at: '2021-06-10' }));
    expect(under('asurgent-2021-06-01', ['surveys'])).toBeUndefined();
    expect(under('asurgent-2021-06-01', ['service-provision'])).toBeUndefined();
    expect(under('asurgent-2021-06-01', ['purchase'])).toBe('failed');
    expect(under('asurgent-2018-05-25', ['surveys'])).toBe('failed');
    expect(under('asurgent-2018-05-25', ['service-provision'])).toBe('failed');
    const unnamed = (at: string): unknown => {
      const { policy: _policy, ...event } = collected('email', { purposes: ['surveys'], at });
      return says('2021-07-01', event);
    };
    expect([unnamed('2021-05-31'), unnamed('2021-06-01')]).toEqual(['failed', undefined]);
  });

  it('names the notice, or what the data was collected for', () => {
    const data = collected('email');
    const notice = served('2021-06-15', tells);
    const passed = reasoningOf([customer, data, notice], surveys, { at: '2021-07-01', registers: renewedRegisters });
    expect(findingsOf('new-purpose-notice', passed)).toEqual([{ rule: 'new-purpose-notice', result: 'passed', categories: ['email'], events: [nth(notice, 2)], from: '2021-06-15' }]);
    const failed = reasoningOf([customer, data], surveys, { at: '2021-07-01', registers: renewedRegisters });
    expect(findingsOf('new-purpose-notice', failed)).toEqual([{ rule: 'new-purpose-notice', result: 'failed', categories: ['email'], events: [nth(data, 1)] }]);
  });
});

describe('a use that nothing stands against', () => {
  it('is allowed, with every rule that was applied', () => {
    const reasoning = reasoningOf([customer, collected('email'), collected('name'), observed('page-view')], act('purchase', ['email', 'name']), { at: NOW, registers: asurgentRegisters });
    expect(reasoning).toMatchObject({ outcome: 'allowed', failed: [] });
    expect([...new Set(reasoning.rules.map(({ rule }) => rule))]).toEqual(['policy-in-force', 'purpose-of-the-day', 'category-allowed', 'basis-stated', 'category-held', 'holding-justified', 'person-alive', 'not-restricted']);
    expect(reasoning.rules.map(({ result }) => result)).toEqual(reasoning.rules.map(() => 'passed'));
  });
});

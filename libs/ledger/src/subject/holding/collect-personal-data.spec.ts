import { describe, expect, it } from '@jest/globals';
import { firstVersion } from '#policy/policy.examples.js';
import type { PolicyModel } from '#policy/model.js';
import { command, given, identifierId, idOf, nowIs, type Fields, type Happened } from '../../testing/decider.fixture.js';
import { asurgentModel, exampleWith, firstModel, registersOf, twoVersions } from '../../testing/registers.fixture.js';
import { consented, EMAIL, ended, evidence, foodEvidence, held, HOLDING, linked, nth, PERSONNUMMER, registered, related, RELATIONSHIP } from '../../testing/subject.fixture.js';
import { CollectPersonalData, collectPersonalData, ObservePersonalData, observePersonalData } from './collect-personal-data.command.js';
import type { HeldItem } from './holding.events.js';

const subject = idOf('person');
const AT = '2021-05-01T08:00:00.000Z';
const GIVEN = '2020-06-01T10:00:00.000Z';
const form = { subject, context: 'form', notice: evidence.notice, occurredAt: AT } as const;
const dinner = { ...form, service: 'dinners', purposes: ['dinner'] } as const;
const letter = { ...form, service: 'letters', purposes: ['letter'] } as const;
const name = { category: 'name', value: 'Anna Exempel' };
const guest = related({}, { service: 'dinners' });
const reader = related();

function collect(history: readonly Happened[], fields: Fields<CollectPersonalData>, models: readonly PolicyModel[] = [firstModel]) {
  return given(registered, ...history).when(collectPersonalData, command(CollectPersonalData, fields), { registers: registersOf(...models) });
}

/** What is said of the values held: (history, command) → items of its event. */
function itemsOf(history: readonly Happened[], fields: Fields<CollectPersonalData>, models?: readonly PolicyModel[]): readonly HeldItem[] {
  return collect(history, fields, models).facts.at(-1)?.data['items'] as readonly HeldItem[];
}

describe('collecting: recorded', () => {
  it('with the basis of each purpose, the value sealed in its holding', () => {
    const outcome = collect([guest], { ...dinner, values: [{ ...name, necessity: 'required' }] });
    outcome.then({
      type: 'PersonalDataCollected',
      controller: 'north',
      service: 'dinners',
      policy: 'example-1',
      verdict: 'justified',
      data: {
        context: 'form',
        relationship: RELATIONSHIP,
        notice: evidence.notice,
        items: [{ holding: idOf('new holding:name'), category: 'name', slot: 'value/0', necessity: 'required', purposes: [{ purpose: 'dinner', basis: 'b', verdict: 'justified' }] }],
      },
      sealed: [{ slot: 'value/0', holding: idOf('new holding:name'), category: 'name', value: 'Anna Exempel' }],
    });
  });

  it('with a name indexed for search, never claimed', () => {
    expect(collect([guest], { ...dinner, values: [name] }).facts[0]?.links).toEqual([
      { change: 'link', kind: 'name', value: 'Anna Exempel', identifier: idOf('new holding:name'), from: AT, shared: true, claim: false },
    ]);
  });

  it('with one verdict for each purpose of each value', () => {
    const items = itemsOf([guest], { ...dinner, purposes: ['dinner', 'letter'], values: [name, { category: 'email', value: EMAIL, purposes: ['dinner'] }] });
    expect(items.map(({ purposes }) => purposes.map(({ purpose, verdict, failed }) => [purpose, verdict, ...(failed ?? [])]))).toEqual([
      [['dinner', 'justified'], ['letter', 'unjustified', 'consent-given', 'purpose-for-service']],
      [['dinner', 'justified']],
    ]);
  });

  it('for what consent carries on its day, and not for what it does not', () => {
    expect(itemsOf([reader, consented(GIVEN)], { ...letter, values: [name] })[0]?.purposes).toEqual([{ purpose: 'letter', basis: 'a', consent: idOf('consent'), verdict: 'justified' }]);
    expect(itemsOf([reader], { ...letter, values: [name] })[0]?.purposes).toEqual([{ purpose: 'letter', basis: 'a', verdict: 'unjustified', failed: ['consent-given'] }]);
    expect(itemsOf([reader, consented(GIVEN), ended('ConsentWithdrawn', AT)], { ...letter, values: [name] })[0]?.purposes[0]?.failed).toEqual(['consent-withdrawn']);
    const tomorrow = ended('ConsentWithdrawn', '2021-05-02T00:00:00.000Z');
    expect(itemsOf([reader, consented(GIVEN), tomorrow], { ...letter, values: [name] })[0]?.purposes[0]?.verdict).toBe('justified');
  });

  it('for a consent bound to the conference of the data, or of its relationship', () => {
    const bound = consented(GIVEN, { conference: 'autumn-2021' });
    const verdicts = (history: readonly Happened[], conference?: string): unknown =>
      itemsOf([...history, bound], { ...letter, values: [name], relationshipKind: 'guest', ...(conference !== undefined && { conference }) })[0]?.purposes[0]?.verdict;
    expect(verdicts([reader], 'autumn-2021')).toBe('justified');
    expect(verdicts([related({ conference: 'autumn-2021' })])).toBe('justified');
    expect(verdicts([reader], 'spring-2022')).toBe('unjustified');
    expect(verdicts([reader])).toBe('unjustified');
  });

  it('with special category data only under an explicit consent of the day', () => {
    const allergy = { ...dinner, values: [{ category: 'allergy', value: 'nötter' }] };
    const food = { categories: ['allergy'], recipientKinds: [], purposes: ['dinner'], terms: [{ purpose: 'dinner', categories: ['allergy'], recipientKinds: [] }], ...foodEvidence };
    expect(itemsOf([guest, consented(GIVEN, { ...food, type: 'explicit' })], allergy)[0]).toMatchObject({ slot: 'value/0', purposes: [{ basis: 'a', specialBasis: 'a', verdict: 'justified' }] });
    const expressed = collect([guest, consented(GIVEN, food)], allergy);
    expressed.then({ type: 'PersonalDataCollected', verdict: 'unjustified', failed: ['consent-explicit'] });
    expect(expressed.facts[0]).not.toHaveProperty('sealed');
    expect(itemsOf([guest], allergy)[0]?.purposes[0]?.failed).toEqual(['consent-given']);
  });

  it('by category alone when no purpose gives ground, nothing of it sealed or indexed', () => {
    const outcome = collect([guest], { ...dinner, values: [{ category: 'log', value: 'besök 12:00' }] });
    outcome.then({ type: 'PersonalDataCollected', verdict: 'unjustified', failed: ['category-allowed'], data: { items: [{ category: 'log' }] } });
    expect(itemsOf([guest], { ...dinner, values: [{ category: 'log', value: 'x' }] })[0]).not.toHaveProperty('slot');
    expect(outcome.facts[0]).not.toHaveProperty('sealed');
    expect(collect([reader], { ...letter, values: [name] }).facts[0]).not.toHaveProperty('links');
  });

  it('with its value when one of its purposes gives ground, unjustified for the other', () => {
    const outcome = collect([guest], { ...dinner, purposes: ['dinner', 'account'], values: [name] });
    outcome.then({ type: 'PersonalDataCollected', verdict: 'unjustified', failed: ['category-allowed'], sealed: [{ value: 'Anna Exempel' }] });
  });

  it('with its value though no notice was served', () => {
    const { notice: _n, ...unserved } = dinner;
    collect([guest], { ...unserved, values: [name] }).then({ type: 'PersonalDataCollected', verdict: 'unjustified', failed: ['notice-at-collection'], sealed: [{ value: 'Anna Exempel' }] });
  });

  it('with a personnummer where the purpose says why, and without where it does not', () => {
    const number = { ...dinner, values: [{ category: 'personnummer', value: PERSONNUMMER }] };
    expect(itemsOf([guest], number)[0]).toMatchObject({ slot: 'value/0', purposes: [{ verdict: 'justified' }] });
    const groundless = { ...firstModel, purpose: (id: string) => ({ ...firstModel.purpose(id), personnummerGround: undefined }) } as PolicyModel;
    expect(itemsOf([guest], number, [groundless])[0]).toMatchObject({ purposes: [{ verdict: 'unjustified', failed: ['personnummer-justified'] }] });
    expect(itemsOf([guest], number, [groundless])[0]).not.toHaveProperty('slot');
  });

  it('without a policy in force as unjustified, by the codes of the newest', () => {
    const outcome = collect([guest], { ...dinner, occurredAt: '2019-05-01', values: [name] });
    outcome.then({ type: 'PersonalDataCollected', verdict: 'unjustified', failed: ['policy-in-force'] });
    expect(outcome.facts[0]).not.toHaveProperty('policy');
    expect(outcome.facts[0]).not.toHaveProperty('sealed');
  });

  it('as unjustified for a purpose that the policy of the day did not have', () => {
    const later = exampleWith({ ...firstVersion, version: 'example-2', effectiveFrom: '2022-01-31T23:00:00Z' }, { 'id: dinner\n': 'id: banquet\n', '[letter, dinner]': '[letter, banquet]', '[dinner]': '[banquet]' });
    collect([guest], { ...dinner, purposes: ['banquet'], values: [name] }, [firstModel, later]).then({ type: 'PersonalDataCollected', verdict: 'unjustified', failed: ['purpose-of-the-day'] });
  });

  it('under the consent terms of its own day', () => {
    const after = { ...letter, occurredAt: '2022-03-01T08:00:00Z', values: [name] };
    const outcome = (at: string) => given(registered, reader, consented(GIVEN)).when(collectPersonalData, command(CollectPersonalData, { ...after, occurredAt: at }, nowIs('2022-06-01T10:00:00.000Z')), { registers: twoVersions });
    outcome('2022-03-01T08:00:00Z').then({ type: 'PersonalDataCollected', failed: ['consent-stale'], policy: 'example-2', registers: [{ stream: 'policy-north', revision: 1 }] });
    outcome('2022-01-31T08:00:00Z').then({ type: 'PersonalDataCollected', verdict: 'justified', policy: 'example-1', registers: [{ stream: 'policy-north', revision: 0 }] });
  });

  it('in the same holding when category, origin and relationship are the same', () => {
    expect(itemsOf([reader, held(), consented(GIVEN)], { ...letter, values: [name] })[0]?.holding).toBe(HOLDING);
    expect(itemsOf([reader, held(), consented(GIVEN)], { ...letter, values: [{ category: 'email', value: EMAIL }] })[0]?.holding).not.toBe(HOLDING);
    const other = related({ relationship: idOf('other') }, { service: 'dinners' });
    expect(itemsOf([reader, held(), other], { ...dinner, values: [name] })[0]?.holding).not.toBe(HOLDING);
    const observed = given(registered, reader, held()).when(observePersonalData, command(ObservePersonalData, { subject, service: 'letters', purposes: ['letter'], technology: 'cookie', values: [name] }));
    expect((observed.facts[0]?.data['items'] as readonly HeldItem[])[0]?.holding).not.toBe(HOLDING);
  });

  it('once, where the value is the identifier that the person has', () => {
    const email = linked('email', EMAIL);
    const outcome = collect([email, guest], { ...dinner, values: [{ category: 'email', value: ' Anna.Exempel@EXAMPLE.com' }] });
    outcome.then({ type: 'PersonalDataCollected', data: { items: [{ category: 'email', identifier: { identifier: identifierId('email', EMAIL), event: nth(email, 1) } }] } });
    expect(outcome.facts[0]).not.toHaveProperty('sealed');
    expect(JSON.stringify(outcome.facts)).not.toMatch(/anna\.exempel/i);
  });

  it('with the numbers of its order and its case sealed under keys of their own', () => {
    collect([guest], { ...dinner, order: 'o-4711', case: 'c-4712', values: [name] }).then({
      type: 'PersonalDataCollected',
      sealed: [
        { slot: 'order', holding: idOf('new order'), category: 'order-reference', value: 'o-4711' },
        { slot: 'case', holding: idOf('new case'), category: 'case-reference', value: 'c-4712' },
        { slot: 'value/0', value: 'Anna Exempel' },
      ],
    });
  });

  it('after starting the relationship that it belongs to', () => {
    collect([], { ...dinner, relationshipKind: 'guest', conference: 'autumn-2021', values: [name] }).then(
      { type: 'RelationshipStarted', controller: 'north', service: 'dinners', data: { relationship: idOf('new relationship'), kind: 'guest', capacity: 'consumer', conference: 'autumn-2021' } },
      { type: 'PersonalDataCollected', data: { relationship: idOf('new relationship'), conference: 'autumn-2021' } },
    );
  });
});

describe('collecting: ignored', () => {
  it('never: the same value told again is another collection', () => {
    collect([guest, held({}, {}, { service: 'dinners' })], { ...dinner, values: [name] }).then({ type: 'PersonalDataCollected' });
  });
});

describe('collecting: refused', () => {
  it('for codes that no policy knows, with the known ones and where they stand', () => {
    collect([guest], { ...dinner, purposes: ['gossip'], values: [name] }).thenRefused('UnknownPurpose', { pointer: '/purposes/0', alternatives: ['account', 'company', 'dinner', 'letter'] });
    collect([guest], { ...dinner, values: [{ ...name, purposes: ['dinner', 'gossip'] }] }).thenRefused('UnknownPurpose', { pointer: '/values/0/purposes/1', alternatives: ['account', 'company', 'dinner', 'letter'] });
    collect([guest], { ...dinner, values: [name, { category: 'shoe-size', value: 38 }] }).thenRefused('UnknownCategory', { pointer: '/values/1/category', alternatives: ['allergy', 'conviction', 'email', 'log', 'name', 'personnummer'] });
    collect([guest], { ...dinner, context: 'lunch', values: [name] }).thenRefused('UnknownContext', { pointer: '/context', alternatives: ['form'] });
    collect([guest], { ...dinner, notice: { id: 'notice', version: 3 }, values: [name] }).thenRefused('UnknownNotice', { pointer: '/notice', alternatives: ['notice/1', 'notice/2'] });
    collect([guest], { ...dinner, service: 'circus', values: [name] }).thenRefused('UnknownService');
  });

  it('for a heading among the categories: values are leaves', () => {
    collect([guest], { ...dinner, values: [{ category: 'contact', value: 'x' }] }).thenRefused('UnknownCategory');
  });

  it('for a personnummer that is none', () => {
    collect([guest], { ...dinner, values: [{ category: 'personnummer', value: '19121212-1213' }] }).thenRefused('ValueUnusable', { pointer: '/values/0/value' });
  });

  it('without a relationship to belong to, with those that there are', () => {
    collect([], { ...dinner, values: [name] }).thenRefused('RelationshipNotFound', { pointer: '/relationship', alternatives: [] });
    const two = [guest, related({ relationship: idOf('second') }, { service: 'dinners' })];
    collect(two, { ...dinner, values: [name] }).thenRefused('RelationshipNotFound', { pointer: '/relationship', alternatives: [RELATIONSHIP, idOf('second')] });
    collect([guest], { ...dinner, relationship: idOf('third'), values: [name] }).thenRefused('RelationshipNotFound');
  });

  it('for a kind of relationship that the policy does not know', () => {
    collect([], { ...dinner, relationshipKind: 'lodger', values: [name] }).thenRefused('UnknownRelationshipKind', { pointer: '/relationshipKind', alternatives: ['guest'] });
  });
});

describe('observing: recorded, ignored, refused', () => {
  const visit = { subject, service: 'website', purposes: ['security'], notice: { id: 'privacy-notice', version: 1 }, technology: 'server-log', occurredAt: AT } as const;
  const visitor: Happened = { type: 'RelationshipStarted', controller: 'asurgent-ab', service: 'website', data: { relationship: RELATIONSHIP, kind: 'visitor', capacity: 'consumer' } };
  const observe = (fields: Fields<ObservePersonalData>) => given(registered, visitor).when(observePersonalData, command(ObservePersonalData, fields), { registers: registersOf(asurgentModel) });

  it('is recorded with how it was observed', () => {
    observe({ ...visit, values: [{ category: 'ip-address', value: '192.0.2.1' }] }).then({
      type: 'PersonalDataObserved',
      verdict: 'justified',
      data: { technology: 'server-log', items: [{ category: 'ip-address', slot: 'value/0', purposes: [{ purpose: 'security', basis: 'f', verdict: 'justified' }] }] },
    });
  });

  it('is never ignored, and refused for codes that nobody knows', () => {
    observe({ ...visit, values: [{ category: 'aura', value: 'blue' }] }).thenRefused('UnknownCategory');
  });
});

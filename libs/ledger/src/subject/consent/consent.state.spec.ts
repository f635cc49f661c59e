import { describe, expect, it } from '@jest/globals';
import { firstVersion, secondVersion } from '#policy/policy.examples.js';
import { given, idOf, type Happened } from '../../testing/decider.fixture.js';
import { exampleWith } from '../../testing/registers.fixture.js';
import { CONSENT, consented, ended, registered, RELATIONSHIP } from '../../testing/subject.fixture.js';
import { consentFor, type ConsentQuestion } from './consent.state.js';

const FROM = '2020-06-01T10:00:00.000Z';
const AFTER = '2021-01-01T00:00:00.000Z';
const terms = { purpose: 'letter', categories: ['email', 'name'], recipientKinds: ['printer'] };
const letter: ConsentQuestion = { controller: 'north', purpose: 'letter', category: 'email', explicit: false, at: AFTER, terms };

/** The rules that fail; none when consent carries the use. */
function fails(history: readonly Happened[], question: Partial<ConsentQuestion> = {}): readonly string[] {
  const answer = consentFor(given(registered, ...history).state.consent, { ...letter, ...question });
  return 'failed' in answer ? answer.failed : [];
}

describe('a consent is valid', () => {
  it('from the instant it is given, not a millisecond before', () => {
    expect(fails([consented(FROM)], { at: FROM })).toEqual([]);
    expect(fails([consented(FROM)], { at: '2020-06-01T09:59:59.999Z' })).toEqual(['consent-given']);
  });

  it('until its end, and at its end no more', () => {
    const until = consented(FROM, { validUntil: AFTER });
    expect(fails([until], { at: '2020-12-31T23:59:59.999Z' })).toEqual([]);
    expect(fails([until], { at: AFTER })).toEqual(['consent-expired']);
  });

  it('until it is withdrawn, and from then on no more', () => {
    const history = [consented(FROM), ended('ConsentWithdrawn', AFTER)];
    expect(fails(history, { at: '2020-12-31T23:59:59.999Z' })).toEqual([]);
    expect(fails(history, { at: AFTER })).toEqual(['consent-withdrawn']);
  });

  it('again when it is renewed after a withdrawal', () => {
    const history = [consented(FROM), ended('ConsentWithdrawn', '2020-09-01T00:00:00.000Z'), { ...consented('2020-10-01T00:00:00.000Z'), type: 'RenewedConsentGiven' }];
    expect(fails(history, { at: '2020-09-15T00:00:00.000Z' })).toEqual(['consent-withdrawn']);
    expect(fails(history)).toEqual([]);
  });

  it('when it is renewed on the day of the withdrawal, after that was received', () => {
    const history = [
      consented(FROM),
      ended('ConsentWithdrawn', '2020-08-31T22:00:00.000Z', {}, { occurredAt: '2020-09-01[Europe/Stockholm]', recordedAt: '2020-09-01T09:00:00.000Z' }),
      consented('2020-09-01T15:00:00.000Z', { consent: idOf('second') }),
    ];
    expect(fails(history)).toEqual([]);
  });

  it('when one of several is', () => {
    expect(fails([consented(FROM), consented('2020-07-01T00:00:00.000Z', { missing: ['notice'], consent: idOf('unproven') })])).toEqual([]);
  });
});

describe('a consent is not valid', () => {
  it('without its evidence', () => {
    expect(fails([consented(FROM, { missing: ['wording'] })])).toEqual(['consent-proven']);
  });

  it('when it was told late and withdrawn since', () => {
    expect(fails([ended('ConsentWithdrawn', '2020-09-01T00:00:00.000Z'), consented(FROM)])).toEqual(['consent-withdrawn']);
  });

  it('when consent and withdrawal are told by the same date: the more restrictive governs', () => {
    const day = '2020-09-01[Europe/Stockholm]';
    const consent = consented('2020-09-01T21:59:59.999Z', {}, { occurredAt: day });
    const withdrawal = ended('ConsentWithdrawn', '2020-08-31T22:00:00.000Z', {}, { occurredAt: day });
    expect(fails([consent, withdrawal])).toEqual(['consent-withdrawn']);
    expect(fails([withdrawal, consent])).toEqual(['consent-withdrawn']);
  });

  it('when a withdrawal told by its date was received after it, on the same day', () => {
    const withdrawal = ended('ConsentWithdrawn', '2020-08-31T22:00:00.000Z', {}, { occurredAt: '2020-09-01[Europe/Stockholm]', recordedAt: '2020-09-01T18:00:00.000Z' });
    expect(fails([consented('2020-09-01T10:00:00.000Z'), withdrawal])).toEqual(['consent-withdrawn']);
  });

  it('after a no to the same purpose, nor after it expired', () => {
    expect(fails([consented(FROM), ended('ConsentRefused', '2020-09-01T00:00:00.000Z')])).toEqual(['consent-refused']);
    expect(fails([consented(FROM), ended('ConsentExpired', '2020-09-01T00:00:00.000Z')])).toEqual(['consent-expired']);
  });

  it('for another controller, purpose, relationship or conference', () => {
    const bound = consented(FROM, { relationship: RELATIONSHIP, conference: 'autumn-2021' });
    const question = { relationship: RELATIONSHIP, conference: 'autumn-2021' };
    expect(fails([bound], question)).toEqual([]);
    expect(fails([bound], { ...question, controller: 'south' })).toEqual(['consent-given']);
    expect(fails([bound], { ...question, purpose: 'dinner' })).toEqual(['consent-given']);
    expect(fails([bound], { ...question, relationship: idOf('other') })).toEqual(['consent-given']);
    expect(fails([bound], { ...question, conference: 'spring-2022' })).toEqual(['consent-given']);
    expect(fails([bound], { conference: 'autumn-2021' })).toEqual(['consent-given']);
    expect(fails([bound], { relationship: RELATIONSHIP })).toEqual(['consent-given']);
  });

  it('for a category that it does not name', () => {
    expect(fails([consented(FROM, { categories: ['name'] })])).toEqual(['consent-covers-category']);
  });

  it('for special category data, unless it is explicit', () => {
    expect(fails([consented(FROM)], { explicit: true })).toEqual(['consent-explicit']);
    expect(fails([consented(FROM, { type: 'explicit' })], { explicit: true })).toEqual([]);
  });
});

describe('a withdrawal leaves standing', () => {
  it('what is another purpose, another consent or another controller', () => {
    expect(fails([consented(FROM), ended('ConsentWithdrawn', '2020-09-01T00:00:00.000Z', { purposes: ['dinner'] })])).toEqual([]);
    expect(fails([consented(FROM), ended('ConsentWithdrawn', '2020-09-01T00:00:00.000Z', { consent: idOf('other') })])).toEqual([]);
    expect(fails([consented(FROM), ended('ConsentWithdrawn', '2020-09-01T00:00:00.000Z', {}, { controller: 'south' })])).toEqual([]);
    expect(fails([consented(FROM), ended('ConsentWithdrawn', '2020-09-01T00:00:00.000Z', { purposes: ['letter'], consent: CONSENT }, { controller: 'north' })])).toEqual(['consent-withdrawn']);
  });
});

describe('a consent goes stale', () => {
  const { consentTerms } = exampleWith(firstVersion);
  const given2020 = consented(FROM, { terms: [{ ...terms, ...pick(consentTerms('letter', 'north')) }] });

  function pick(found: ReturnType<typeof consentTerms>) {
    return { categories: found?.categories ?? [], recipientKinds: found?.recipientKinds ?? [] };
  }

  it('when the recipients change', () => {
    expect(fails([given2020], { terms: exampleWith(secondVersion).consentTerms('letter', 'north') })).toEqual(['consent-stale']);
  });

  it('when the categories change', () => {
    const wider = exampleWith(firstVersion, { '      - { id: contact, necessity: required }\n    recipientKinds': '      - { id: contact, necessity: required }\n      - { id: log, necessity: optional }\n    recipientKinds', 'purposes: [account], anchor: recorded': 'purposes: [account, letter], anchor: recorded' });
    expect(fails([given2020], { terms: wider.consentTerms('letter', 'north') })).toEqual(['consent-stale']);
  });

  it('when the policy says nothing of the purpose any more', () => {
    expect(fails([given2020], { terms: 'none' })).toEqual(['consent-stale']);
  });

  it('not when a label, a text or another purpose changes', () => {
    const reworded = exampleWith(firstVersion, { 'sv: brev, en: letter }': 'sv: post, en: post }', 'Så gör vi nu.': 'Så här gör vi nu.', 'Ett val.': 'Ett eget val.', '- { id: personnummer, necessity: optional }': '- { id: personnummer, necessity: required }' });
    expect(fails([given2020], { terms: reworded.consentTerms('letter', 'north') })).toEqual([]);
  });

  it('not while no policy is in force', () => {
    expect(fails([given2020], { terms: undefined })).toEqual([]);
  });
});

import { describe, expect, it } from '@jest/globals';
import { firstVersion } from '#policy/policy.examples.js';
import { command, given, idOf, NOW, type Fields } from '../../testing/decider.fixture.js';
import { exampleWith, registersOf } from '../../testing/registers.fixture.js';
import { CONSENT, consented, evidence, foodEvidence, registered, RELATIONSHIP } from '../../testing/subject.fixture.js';
import type { ConsentData } from './consent.events.js';
import { GiveConsent, giveConsent, RenewConsent, renewConsent } from './give-consent.command.js';

const AT = '2021-05-01T08:00:00.000Z';
const letters = { service: 'letters', purposes: ['letter'], type: 'expressed', occurredAt: AT, ...evidence } as const;
const food = { service: 'dinners', purposes: ['dinner'], type: 'explicit', occurredAt: AT, ...foodEvidence } as const;

function give(fields: Fields<GiveConsent>) {
  return given(registered).when(giveConsent, command(GiveConsent, { subject: idOf('person'), ...fields }));
}

function dataOf(fields: Fields<GiveConsent>): ConsentData['ConsentGiven'] {
  return give(fields).facts[0]?.data as ConsentData['ConsentGiven'];
}

describe('giving consent: recorded', () => {
  it('with its evidence and the terms of the day', () => {
    give({ ...letters, steps: 1 }).then({
      type: 'ConsentGiven',
      verdict: 'justified',
      controller: 'north',
      service: 'letters',
      policy: 'example-1',
      registers: [{ stream: 'policy-north', revision: 0 }],
      occurredAt: AT,
      data: {
        consent: idOf('new consent'),
        type: 'expressed',
        purposes: ['letter'],
        categories: ['email', 'name'],
        recipientKinds: ['printer'],
        terms: [{ purpose: 'letter', categories: ['email', 'name'], recipientKinds: ['printer'] }],
        from: AT,
        ...evidence,
        steps: 1,
        missing: [],
      },
    });
  });

  it.each(['notice', 'wording', 'language', 'method', 'indicatedBy'] as const)('as unproven and unjustified without its %s', (part) => {
    const { [part]: _left, ...rest } = letters;
    give(rest).then({ type: 'ConsentGiven', verdict: 'unjustified', failed: ['consent-proven'] });
    expect(dataOf(rest).missing).toContain(part);
  });

  it('as unproven when nothing shows it', () => {
    const { notice: _n, wording: _w, language: _l, method: _m, indicatedBy: _i, ...rest } = letters;
    expect(dataOf(rest).missing).toEqual(['notice', 'wording', 'language', 'method', 'indicatedBy']);
  });

  it('as unproven when the wording was about something else', () => {
    expect(dataOf({ ...letters, wording: foodEvidence.wording }).missing).toEqual(['wording-covers']);
    expect(dataOf({ ...letters, purposes: ['letter', 'dinner'] }).missing).toEqual(['wording-covers']);
  });

  it('as unproven when it is said to cover more than the wording did', () => {
    expect(dataOf({ ...letters, categories: ['email', 'allergy'] }).missing).toEqual(['wording-covers']);
    expect(dataOf({ ...letters, recipientKinds: ['printer', 'mailer'] }).missing).toEqual(['wording-covers']);
  });

  it('as unproven when whoever booked gave it: that is not the consent of the person who comes', () => {
    expect(dataOf({ ...letters, onBehalfOf: 'booker' }).missing).toEqual(['indicatedBy']);
    give({ ...letters, onBehalfOf: 'booker' }).then({ type: 'ConsentGiven', onBehalfOf: 'booker', verdict: 'unjustified', failed: ['consent-proven'] });
    expect(dataOf({ ...letters, onBehalfOf: 'guardian', indicatedBy: 'guardian' }).missing).toEqual([]);
  });

  it('as unproven when it is called explicit and the wording was not', () => {
    expect(dataOf({ ...letters, type: 'explicit' }).missing).toEqual(['wording-covers']);
    expect(dataOf(food).missing).toEqual([]);
  });

  it('as unproven when the wording was shown in another language', () => {
    expect(dataOf({ ...letters, language: 'en' }).missing).toEqual(['wording-covers']);
  });

  it('with the terms of its own day, from the end of a day that is told by its date', () => {
    const data = dataOf({ ...letters, occurredAt: '2021-05-01' });
    expect(data.from).toBe('2021-05-01T21:59:59.999Z');
    expect(dataOf({ ...letters, occurredAt: '2021-06-01' }).from).toBe(NOW);
  });

  it('with an end that counts from the start of its day', () => {
    expect(dataOf({ ...letters, validUntil: '2021-12-31' }).validUntil).toBe('2021-12-30T23:00:00.000Z');
  });

  it('as given for the categories and recipients that were told', () => {
    expect(dataOf({ ...letters, categories: ['email'], recipientKinds: [] })).toMatchObject({ categories: ['email'], recipientKinds: [] });
  });

  it('for all below a category that was told, in which data is held', () => {
    expect(dataOf({ ...food, categories: ['food'] }).categories).toEqual(['allergy']);
    expect(dataOf({ ...letters, categories: ['contact'] }).categories).toEqual(['email', 'name']);
  });

  it('bound to a relationship and a conference', () => {
    expect(dataOf({ ...letters, relationship: RELATIONSHIP, conference: 'autumn-2021' })).toMatchObject({ relationship: RELATIONSHIP, conference: 'autumn-2021' });
  });

  it('without a policy in force as unjustified', () => {
    give({ ...letters, occurredAt: '2019-12-31T12:00:00Z' }).then({ type: 'ConsentGiven', verdict: 'unjustified', failed: ['policy-in-force'] });
  });

  it('with the number of its order sealed', () => {
    give({ ...letters, order: 'order 4711' }).then({ type: 'ConsentGiven', sealed: [{ slot: 'order', category: 'order-reference', value: 'order 4711' }] });
    expect(JSON.stringify(give({ ...letters, order: 'order 4711' }).facts.map(({ data }) => data))).not.toContain('4711');
  });

  it('anew, under the same id or another, after it was given', () => {
    const outcome = given(registered, consented('2020-06-01T10:00:00.000Z')).when(renewConsent, command(RenewConsent, { subject: idOf('person'), ...letters, consent: CONSENT }));
    outcome.then({ type: 'RenewedConsentGiven', data: { consent: CONSENT, from: AT } });
  });

  it('each purpose once', () => {
    expect(dataOf({ ...letters, purposes: ['letter', 'letter'] })).toMatchObject({ purposes: ['letter'], terms: [{ purpose: 'letter' }] });
    expect(dataOf({ ...letters, purposes: ['letter', 'letter'] }).terms).toHaveLength(1);
  });
});

describe('giving consent: ignored', () => {
  it('when the consent of this id was given', () => {
    given(registered, consented(AT))
      .when(giveConsent, command(GiveConsent, { subject: idOf('person'), ...letters, consent: CONSENT }))
      .thenNothing();
  });
});

describe('giving consent: refused', () => {
  it('for a purpose that the policy does not list', () => {
    give({ ...letters, purposes: ['letter', 'gossip'] }).thenRefused('UnknownPurpose', { pointer: '/purposes/1', alternatives: ['account', 'company', 'dinner', 'letter'] });
  });

  it('for codes that nobody knows, each with the known ones', () => {
    give({ ...letters, categories: ['shoe-size'] }).thenRefused('UnknownCategory');
    give({ ...letters, recipientKinds: ['neighbour'] }).thenRefused('UnknownRecipientKind', { pointer: '/recipientKinds/0', alternatives: ['mailer', 'printer'] });
    give({ ...letters, method: 'pigeon' }).thenRefused('UnknownChannel', { pointer: '/method', alternatives: ['email'] });
    give({ ...letters, notice: { id: 'notice', version: 3 } }).thenRefused('UnknownNotice');
    give({ ...letters, wording: '0'.repeat(64) }).thenRefused('UnknownWording');
    give({ ...letters, service: 'circus' }).thenRefused('UnknownService', { pointer: '/service', alternatives: ['dinners', 'letters', 'shop'] });
  });

  it('for an end that is no time', () => {
    give({ ...letters, validUntil: 'next spring' }).thenRefused('UnusableTime', { pointer: '/validUntil' });
  });

  it('without a controller where there are several, and for a service of another', () => {
    const { service: _s, ...rest } = letters;
    give(rest).thenRefused('UnknownController', { pointer: '/controller', alternatives: ['north', 'south'] });
    give({ ...letters, controller: 'south' }).thenRefused('UnknownService');
    give({ ...letters, controller: 'east' }).thenRefused('UnknownController', { pointer: '/controller', alternatives: ['north', 'south'] });
  });

  it('before any policy is published', () => {
    given(registered)
      .when(giveConsent, command(GiveConsent, { subject: idOf('person'), ...letters }), { registers: registersOf() })
      .thenRefused('NoPolicy');
  });
});

describe('giving consent under a later policy', () => {
  it('takes the wording of its own day', () => {
    const later = exampleWith({ ...firstVersion, version: 'example-2', effectiveFrom: '2021-04-01T00:00:00Z' }, { 'Ja till brev.': 'Ja tack till brev.' });
    const registers = registersOf(exampleWith(firstVersion), later);
    const outcome = given(registered).when(giveConsent, command(GiveConsent, { subject: idOf('person'), ...letters }), { registers });
    outcome.thenRefused('UnknownWording');
  });
});

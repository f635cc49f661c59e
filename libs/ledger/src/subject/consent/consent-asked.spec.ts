import { describe, it } from '@jest/globals';
import { command, given, idOf } from '../../testing/decider.fixture.js';
import { CONSENT, consented, ended, evidence, registered } from '../../testing/subject.fixture.js';
import { ExpireConsent, expireConsent, RefuseConsent, refuseConsent, RequestConsent, requestConsent } from './consent-asked.commands.js';

const subject = idOf('person');
const GIVEN = '2020-06-01T10:00:00.000Z';

describe('asking for consent: recorded', () => {
  it('with what was shown', () => {
    given(registered)
      .when(requestConsent, command(RequestConsent, { subject, service: 'letters', purposes: ['letter'], ...evidence }))
      .then({ type: 'ConsentRequested', controller: 'north', data: { purposes: ['letter'], ...evidence } });
  });
});

describe('asking for consent: ignored', () => {
  it('never: whoever asks twice has asked twice', () => {
    given(registered, { type: 'ConsentRequested', data: { purposes: ['letter'] } })
      .when(requestConsent, command(RequestConsent, { subject, service: 'letters', purposes: ['letter'] }))
      .then({ type: 'ConsentRequested' });
  });
});

describe('asking for consent: refused', () => {
  it('for a purpose that the policy does not list', () => {
    given(registered)
      .when(requestConsent, command(RequestConsent, { subject, service: 'letters', purposes: ['gossip'] }))
      .thenRefused('UnknownPurpose', { pointer: '/purposes/0', alternatives: ['account', 'company', 'dinner', 'letter'] });
  });
});

describe('declining consent: recorded', () => {
  it('from the earliest time told', () => {
    given(registered, consented(GIVEN))
      .when(refuseConsent, command(RefuseConsent, { subject, service: 'letters', purposes: ['letter'], method: 'email', occurredAt: '2021-05-01' }))
      .then({ type: 'ConsentRefused', controller: 'north', occurredAt: '2021-05-01[Europe/Stockholm]', data: { purposes: ['letter'], method: 'email', at: '2021-04-30T22:00:00.000Z' } });
  });
});

describe('declining consent: recorded', () => {
  it('for the purposes under a heading that is told', () => {
    given(registered)
      .when(refuseConsent, command(RefuseConsent, { subject, service: 'letters', purposes: ['company'] }))
      .then({ type: 'ConsentRefused', data: { purposes: ['company', 'dinner', 'letter'] } });
  });
});

describe('declining consent: ignored', () => {
  it('never: each no is kept', () => {
    given(registered, ended('ConsentRefused', GIVEN))
      .when(refuseConsent, command(RefuseConsent, { subject, service: 'letters', purposes: ['letter'] }))
      .then({ type: 'ConsentRefused' });
  });
});

describe('declining consent: refused', () => {
  it('for codes that the policy does not list', () => {
    given(registered).when(refuseConsent, command(RefuseConsent, { subject, service: 'letters', purposes: ['gossip'] })).thenRefused('UnknownPurpose');
    given(registered)
      .when(refuseConsent, command(RefuseConsent, { subject, service: 'letters', purposes: ['letter'], method: 'pigeon' }))
      .thenRefused('UnknownChannel', { pointer: '/method', alternatives: ['email'] });
  });
});

describe('the expiry of a consent: recorded', () => {
  it('under the controller of the consent', () => {
    given(registered, consented(GIVEN))
      .when(expireConsent, command(ExpireConsent, { subject, consent: CONSENT, occurredAt: '2021-05-01T00:00:00Z' }))
      .then({ type: 'ConsentExpired', controller: 'north', data: { consent: CONSENT, at: '2021-05-01T00:00:00.000Z' } });
  });

  it('again, once the consent was renewed', () => {
    given(registered, consented(GIVEN), ended('ConsentExpired', '2021-01-01T00:00:00.000Z'), { ...consented('2021-02-01T00:00:00.000Z'), type: 'RenewedConsentGiven' })
      .when(expireConsent, command(ExpireConsent, { subject, consent: CONSENT }))
      .then({ type: 'ConsentExpired' });
  });
});

describe('the expiry of a consent: ignored', () => {
  it('when it has expired', () => {
    given(registered, consented(GIVEN), ended('ConsentExpired', '2021-01-01T00:00:00.000Z')).when(expireConsent, command(ExpireConsent, { subject, consent: CONSENT })).thenNothing();
  });
});

describe('the expiry of a consent: refused', () => {
  it('for a consent that was not given, with those that were', () => {
    given(registered, consented(GIVEN))
      .when(expireConsent, command(ExpireConsent, { subject, consent: idOf('another') }))
      .thenRefused('ConsentNotFound', { pointer: '/consent', alternatives: [CONSENT] });
  });
});

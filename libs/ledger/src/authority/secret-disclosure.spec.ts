import { describe, expect, it } from '@jest/globals';
import { authorityIds } from '#law/authorities.js';
import { authorities } from '../catalogue-entry.js';
import { command, event, given, givenStream, idOf, PERSON, type Happened } from '../testing/decider.fixture.js';
import { streamOf } from '../testing/gate.fixture.js';
import { asurgentModel, registersWith } from '../testing/registers.fixture.js';
import { HOLDING, held, registered } from '../testing/subject.fixture.js';
import { authorisationFor } from './authority.state.js';
import {
  AuthoriseSecretDisclosure,
  authoriseSecretDisclosure,
  DealWithSecretDeviation,
  dealWithSecretDeviation,
  EndSecrecy,
  endSecrecy,
  ReportSecretDisclosure,
  reportSecretDisclosure,
} from './secret-disclosure.commands.js';

const registers = registersWith(
  {
    'recipient-courthouse': streamOf('recipient-courthouse', ['RecipientRegistered', { kind: 'public-authority', country: 'SE', from: '2018-06-01' }], ['RecipientRoleAssigned', { assignment: 'a', role: 'authority', purposes: ['security'], from: '2018-06-01' }]),
    'recipient-mailer': streamOf('recipient-mailer', ['RecipientRegistered', { kind: 'newsletter-sending', country: 'SE', from: '2018-06-01' }]),
  },
  asurgentModel,
);
const person = given(
  registered,
  held({ category: 'email', purposes: [{ purpose: 'security', basis: 'f', verdict: 'justified' }] }, { notice: { id: 'privacy-notice', version: 1 } }, { controller: 'asurgent-ab', service: 'subscription', policy: asurgentModel.version }),
).state;
const NOW = { now: '2021-08-01T10:00:00.000Z' };
const DISCLOSURE = idOf('secret');
const authority = 'polismyndigheten';
const asking = { authority, subject: PERSON, service: 'subscription', purpose: 'security', categories: ['email'], ground: 'police-request' } as const;
const items = [{ category: 'email', holding: HOLDING }];
const performed = (more: Partial<Happened> = {}): Happened => ({ type: 'SecretDisclosurePerformed', data: { disclosure: DISCLOSURE, subject: PERSON, purpose: 'security', items, ground: 'police-request', rules: [] }, ...more });
const authorised = (subject = PERSON): Happened => ({ type: 'SecretDisclosureAuthorised', occurredAt: '2021-07-01T10:00:00.000Z', controller: 'asurgent-ab', data: { authorisation: idOf('asked'), outcome: 'allowed', subject, purpose: 'security', items, ground: 'police-request', rules: [] } });
const on = (...history: readonly Happened[]) => givenStream(authorities, ...history);
const ask = (fields: object) => on().when(authoriseSecretDisclosure, command(AuthoriseSecretDisclosure, { ...asking, ...fields }, NOW), { registers, required: person });
const report = (fields: object, ...history: readonly Happened[]) => on(...history).when(reportSecretDisclosure, command(ReportSecretDisclosure, { ...asking, ...fields }, NOW), { registers, required: person });

describe('a secret disclosure: recorded', () => {
  it.each([['polismyndigheten'], ['courthouse']])('as allowed, to %s, with what the person has in it', (id) => {
    const outcome = ask({ authority: id, gagUntil: '2022-06-30' });
    outcome.then({ type: 'SecretDisclosureAuthorised', verdict: 'justified', data: { subject: PERSON, purpose: 'security', items, ground: 'police-request', gagUntil: '2022-06-30' } });
    expect(outcome.facts[0]?.data['rules']).toContainEqual(expect.objectContaining({ rule: 'authority-registered', result: 'passed' }));
  });

  it('as blocked without a ground, or on one that is not for authorities', () => {
    ask({ ground: undefined }).then({ type: 'SecretDisclosureBlocked', verdict: 'unjustified', data: { subject: PERSON } });
  });

  it('as told, without a ground too, its case and reason sealed', () => {
    report({ ground: undefined, case: 'K-1', reason: 'brådskande', disclosure: DISCLOSURE, occurredAt: '2021-07-01T10:00:00Z' }).then({
      type: 'SecretDisclosurePerformed', verdict: 'unjustified', data: { disclosure: DISCLOSURE, subject: PERSON, items }, sealed: [{ slot: 'case', category: 'case-reference', value: 'K-1' }, { slot: 'reason', category: 'free-text', value: 'brådskande' }],
    });
  });

  it('on its authorisation, which is of this person and authority', () => {
    report({ authorisation: idOf('asked') }, authorised()).then({ type: 'SecretDisclosurePerformed', verdict: 'justified', data: { authorisation: idOf('asked') } });
  });

  it('as no longer secret, and as dealt with', () => {
    on(performed()).when(endSecrecy, command(EndSecrecy, { authority, disclosure: DISCLOSURE, on: '2021-07-31' }, NOW)).then({ type: 'SecrecyEnded', data: { disclosure: DISCLOSURE, subject: PERSON, on: '2021-07-31' } });
    on(performed()).when(endSecrecy, command(EndSecrecy, { authority, disclosure: DISCLOSURE }, NOW)).then({ type: 'SecrecyEnded', data: { on: '2021-08-01' } });
    const fact = performed({ verdict: 'unjustified', failed: ['authority-ground'] });
    on(fact)
      .when(dealWithSecretDeviation, command(DealWithSecretDeviation, { authority, event: event(fact, 0).id, measure: 'accepted-with-reason', note: 'muntligt' }, NOW))
      .then({ type: 'SecretDeviationDealtWith', data: { event: event(fact, 0).id, measure: 'accepted-with-reason' }, sealed: [{ slot: 'note', category: 'free-text', value: 'muntligt' }] });
  });
});

describe('a secret disclosure: ignored', () => {
  it('when it was told, ended or dealt with before', () => {
    report({ disclosure: DISCLOSURE }, performed()).thenNothing();
    const ended = { type: 'SecrecyEnded', data: { disclosure: DISCLOSURE, subject: PERSON, on: '2021-07-31' } };
    on(performed(), ended).when(endSecrecy, command(EndSecrecy, { authority, disclosure: DISCLOSURE }, NOW)).thenNothing();
    const fact = performed({ verdict: 'unjustified', failed: ['authority-ground'] });
    const dealt = { type: 'SecretDeviationDealtWith', data: { event: event(fact, 0).id, measure: 'corrected' } };
    on(fact, dealt).when(dealWithSecretDeviation, command(DealWithSecretDeviation, { authority, event: event(fact, 0).id, measure: 'corrected' }, NOW)).thenNothing();
    on(fact, dealt).when(dealWithSecretDeviation, command(DealWithSecretDeviation, { authority, event: event(fact, 0).id, measure: 'erased' }, NOW)).then({ type: 'SecretDeviationDealtWith' });
  });
});

describe('a secret disclosure: refused', () => {
  it('under the id of one about another person: it would pass for a repeat and be lost', () => {
    report({ disclosure: DISCLOSURE, subject: idOf('somebody else') }, performed()).thenRefused('OtherAct', { pointer: '/disclosure' });
  });

  it('to who is no authority, with those that are known', () => {
    const alternatives = [...authorityIds(), 'courthouse'].sort();
    for (const id of ['mailer', 'nobody']) {
      ask({ authority: id }).thenRefused('UnknownAuthority', { pointer: '/authority', alternatives });
      report({ authority: id }).thenRefused('UnknownAuthority', { pointer: '/authority', alternatives });
    }
  });

  it('when an ask is about another time, or a code is unknown', () => {
    ask({ occurredAt: '2021-07-01' }).thenRefused('AskIsForNow');
    ask({ ground: 'curiosity' }).thenRefused('UnknownGround', { pointer: '/ground', alternatives: asurgentModel.alternatives('disclosure-ground') });
    ask({ purpose: 'gossip' }).thenRefused('UnknownPurpose');
    on().when(endSecrecy, command(EndSecrecy, { authority, disclosure: DISCLOSURE }, NOW)).thenRefused('DisclosureNotFound', { pointer: '/disclosure' });
    on(performed()).when(dealWithSecretDeviation, command(DealWithSecretDeviation, { authority, event: event(performed(), 0).id, measure: 'corrected' }, NOW)).thenRefused('NoDeviation', { pointer: '/event' });
  });

  it('has a person whose stream must have begun', () => {
    const required = [{ stream: `subject-${PERSON}`, refusal: 'SubjectNotRegistered', pointer: '/subject' }];
    expect(authoriseSecretDisclosure.requires?.(command(AuthoriseSecretDisclosure, asking))).toEqual(required);
    expect(reportSecretDisclosure.requires?.(command(ReportSecretDisclosure, asking))).toEqual(required);
  });
});

describe('an authorisation of another person', () => {
  it('is no authorisation of this act', () => {
    const { state } = on(authorised(idOf('somebody else')));
    expect(authorisationFor(state, idOf('asked'), PERSON)).toBeUndefined();
    expect(authorisationFor(state, idOf('asked'), idOf('somebody else'))).toMatchObject({ authorisation: idOf('asked'), purpose: 'security' });
  });
});

import { describe, expect, it } from '@jest/globals';
import { conferences } from '../catalogue-entry.js';
import type { Command } from '../command.js';
import type { Decision } from '../decision.js';
import { command, event, givenStream, PERSON, type Fields, type Happened } from '../testing/decider.fixture.js';
import { firstModel, registersWith } from '../testing/registers.fixture.js';
import { CancelConference, cancelConference, EndConference, endConference, RegisterConference, registerConference, RescheduleConference, rescheduleConference } from './conference.commands.js';
import type { ConferenceState } from './conference.state.js';
import { AddConferenceParty, addConferenceParty, RemoveConferenceParty, removeConferenceParty } from './party.commands.js';
import { PublishConferenceNotice, publishConferenceNotice, PublishConferenceTerms, publishConferenceTerms } from './publication.commands.js';

const recipient = (from = '2020-01-01') => [event({ type: 'RecipientRegistered', data: { kind: 'printer', country: 'SE', from } }, 0)];
const registers = registersWith({ 'recipient-acme': recipient(), 'recipient-bolt': recipient(), 'recipient-cafe': recipient() }, firstModel);

const conference = 'meeting';
const days = { startsOn: '2021-09-01', endsOn: '2021-09-02' };
const meeting = { conference, service: 'dinners', name: 'Mötet', ...days } as const;
const registered: Happened = { type: 'ConferenceRegistered', data: days, controller: 'north', service: 'dinners' };
const rescheduled: Happened = { type: 'ConferenceRescheduled', data: { startsOn: '2021-10-01', endsOn: '2021-10-02' } };
const added = (data: object = {}): Happened => ({ type: 'ConferencePartyAdded', data: { recipient: 'acme', role: 'sponsor', from: '2021-03-01', ...data } });
const removed: Happened = { type: 'ConferencePartyRemoved', data: { recipient: 'acme', role: 'sponsor', to: '2021-05-31' } };
const ended: Happened = { type: 'ConferenceEnded', data: { on: '2021-09-02' } };
const cancelled: Happened = { type: 'ConferenceCancelled', data: { on: '2021-08-01' } };
const sponsor = { conference, recipient: 'acme', role: 'sponsor' } as const;
const notice = { id: 'notice', version: 1 };

const tell = <C extends Command>(type: new () => C, decision: Decision<C, ConferenceState>) => (fields: Fields<C>, ...history: readonly Happened[]) => givenStream(conferences, ...history).when(decision, command(type, fields), { registers });
const register = tell(RegisterConference, registerConference);
const reschedule = tell(RescheduleConference, rescheduleConference);
const end = tell(EndConference, endConference);
const cancel = tell(CancelConference, cancelConference);
const add = tell(AddConferenceParty, addConferenceParty);
const remove = tell(RemoveConferenceParty, removeConferenceParty);
const publish = tell(PublishConferenceNotice, publishConferenceNotice);
const terms = tell(PublishConferenceTerms, publishConferenceTerms);

describe('a conference: recorded', () => {
  it('under its service and controller, with its name sealed', () => {
    register(meeting).then({
      type: 'ConferenceRegistered',
      data: days,
      controller: 'north',
      service: 'dinners',
      sealed: [{ slot: 'name', holding: `conference-${PERSON}`, value: 'Mötet' }],
    });
  });

  it('on other days', () => {
    reschedule({ conference, startsOn: '2021-10-01', endsOn: '2021-10-02' }, registered).then({ type: 'ConferenceRescheduled', controller: 'north', service: 'dinners' });
  });

  it('as held, or as cancelled', () => {
    end({ conference, on: '2021-09-02' }, registered).then({ type: 'ConferenceEnded', data: { on: '2021-09-02' } });
    cancel({ conference, on: '2021-08-01' }, registered).then({ type: 'ConferenceCancelled', data: { on: '2021-08-01' } });
    cancel({ conference }, registered).then({ type: 'ConferenceCancelled', data: { on: '2021-06-01' } });
  });

  it('with those who take part, and the register that knows them', () => {
    add({ ...sponsor, from: '2021-03-01' }, registered).then({ type: 'ConferencePartyAdded', data: { recipient: 'acme', role: 'sponsor', from: '2021-03-01' }, registers: [{ stream: 'policy-north', revision: 0 }, { stream: 'recipient-acme', revision: 0 }] });
    add({ ...sponsor, role: 'caterer' }, registered, added()).then({ type: 'ConferencePartyAdded', data: { role: 'caterer', from: '2021-06-01' } });
    add({ ...sponsor, from: '2021-06-01' }, registered, added(), removed).then({ type: 'ConferencePartyAdded' });
    remove({ ...sponsor, to: '2021-05-31' }, registered, added()).then({ type: 'ConferencePartyRemoved', data: { recipient: 'acme', role: 'sponsor', to: '2021-05-31' } });
  });

  it('with a notice that freezes the sponsors and partners of that day', () => {
    const history = [registered, added(), removed, added({ recipient: 'bolt', role: 'partner', from: '2021-05-31' }), added({ recipient: 'cafe', role: 'caterer' }), added({ recipient: 'cafe', from: '2021-06-02' })];
    const on = (from: string) => publish({ conference, notice, from }, ...history).facts[0]?.data['recipients'];
    expect(on('2021-02-28')).toEqual([]);
    expect(on('2021-03-01')).toEqual(['acme']);
    expect(on('2021-05-31')).toEqual(['acme', 'bolt']);
    expect(on('2021-06-01')).toEqual(['bolt']);
    expect(on('2021-06-02')).toEqual(['bolt', 'cafe']);
    publish({ conference, notice, recipients: ['cafe', 'acme'], from: '2021-04-01' }, ...history).then({ type: 'ConferenceNoticePublished', data: { notice, recipients: ['acme', 'cafe'], from: '2021-04-01' } });
  });

  it('with a notice published anew, naming others', () => {
    const list: Happened = { type: 'ConferenceNoticePublished', data: { notice, recipients: ['acme'], from: '2021-04-01' } };
    publish({ conference, notice, recipients: ['acme', 'bolt'] }, registered, list).then({ type: 'ConferenceNoticePublished', data: { from: '2021-06-01' } });
    publish({ conference, notice: { id: 'notice', version: 2 }, recipients: ['acme'] }, registered, list).then({ type: 'ConferenceNoticePublished' });
  });

  it('with its own terms', () => {
    terms({ conference, terms: { id: 'meeting-terms', version: 1 } }, registered).then({ type: 'ConferenceTermsPublished', data: { terms: { id: 'meeting-terms', version: 1 }, from: '2021-06-01' } });
  });
});

describe('a conference: ignored', () => {
  it('when the same is told again', () => {
    register(meeting, registered, rescheduled).thenNothing();
    reschedule({ conference, ...days }, registered).thenNothing();
    end({ conference }, registered, ended).thenNothing();
    cancel({ conference, on: '2021-08-01' }, registered, cancelled).thenNothing();
    add({ ...sponsor, from: '2021-05-31' }, registered, added(), removed).thenNothing();
    add(sponsor, registered, added()).thenNothing();
    remove({ ...sponsor, to: '2021-07-01' }, registered, added(), removed).thenNothing();
    terms({ conference, terms: { id: 't', version: 1 } }, registered, { type: 'ConferenceTermsPublished', data: { terms: { id: 't', version: 1 }, from: '2021-01-01' } }).thenNothing();
  });

  it('when the notice was published that day, or names the same as before', () => {
    const list: Happened = { type: 'ConferenceNoticePublished', data: { notice, recipients: ['acme'], from: '2021-04-01' } };
    publish({ conference, notice, from: '2021-04-01' }, registered, added({ recipient: 'bolt' }), list).thenNothing();
    publish({ conference, notice, recipients: ['acme'] }, registered, list).thenNothing();
  });
});

describe('a conference: refused', () => {
  it('when it is not registered', () => {
    for (const outcome of [reschedule({ conference, ...days }), end({ conference }), cancel({ conference }), add(sponsor), remove(sponsor), publish({ conference, notice }), terms({ conference, terms: { id: 't', version: 1 } })])
      outcome.thenRefused('NotRegistered', { pointer: '/conference' });
  });

  it('of a service that nobody answers for', () => {
    register({ ...meeting, service: 'gossip' }).thenRefused('UnknownService', { pointer: '/service', alternatives: ['dinners', 'letters', 'shop'] });
  });

  it('under an id that has other content', () => {
    register({ ...meeting, service: 'letters' }, registered).thenRefused('OtherEntry', { pointer: '/conference' });
    register({ ...meeting, endsOn: '2021-09-03' }, registered).thenRefused('OtherEntry');
    end({ conference, on: '2021-09-03' }, registered, ended).thenRefused('OtherEntry', { pointer: '/on' });
    publish({ conference, notice, recipients: ['bolt'], from: '2021-04-01' }, registered, { type: 'ConferenceNoticePublished', data: { notice, recipients: ['acme'], from: '2021-04-01' } }).thenRefused('OtherEntry', { pointer: '/recipients' });
    terms({ conference, terms: { id: 't', version: 1 }, from: '2021-02-01' }, registered, { type: 'ConferenceTermsPublished', data: { terms: { id: 't', version: 1 }, from: '2021-01-01' } }).thenRefused('OtherEntry', { pointer: '/terms' });
  });

  it('when it ends before it starts, with the first day that would do', () => {
    register({ ...meeting, endsOn: '2021-08-31' }).thenRefused('EndBeforeStart', { pointer: '/endsOn', alternatives: ['2021-09-01'] });
    reschedule({ conference, startsOn: '2021-10-02', endsOn: '2021-10-01' }, registered).thenRefused('EndBeforeStart', { pointer: '/endsOn', alternatives: ['2021-10-02'] });
    end({ conference, on: '2021-08-31' }, registered).thenRefused('EndBeforeStart', { pointer: '/on', alternatives: ['2021-09-01'] });
    end({ conference, on: '2021-09-30' }, registered, rescheduled).thenRefused('EndBeforeStart', { pointer: '/on', alternatives: ['2021-10-01'] });
    remove({ ...sponsor, to: '2021-02-28' }, registered, added()).thenRefused('EndBeforeStart', { pointer: '/to', alternatives: ['2021-03-01'] });
  });

  it('when it is over', () => {
    reschedule({ conference, startsOn: '2021-10-01', endsOn: '2021-10-02' }, registered, ended).thenRefused('ConferenceOver');
    reschedule({ conference, startsOn: '2021-10-01', endsOn: '2021-10-02' }, registered, cancelled).thenRefused('ConferenceOver');
    end({ conference, on: '2021-09-02' }, registered, cancelled).thenRefused('ConferenceOver', { pointer: '/conference' });
    cancel({ conference, on: '2021-09-01' }, registered, ended).thenRefused('ConferenceOver', { pointer: '/on', alternatives: ['2021-09-02'] });
    cancel({ conference, on: '2021-09-03' }, registered).thenRefused('ConferenceOver', { pointer: '/on', alternatives: ['2021-09-02'] });
    cancel({ conference, on: '2021-09-02' }, registered).then({ type: 'ConferenceCancelled' });
  });

  it('for parties that no register knows, or that take no part', () => {
    add({ ...sponsor, recipient: 'unregistered' }, registered).thenRefused('UnknownRecipient', { pointer: '/recipient', alternatives: ['acme', 'bolt', 'cafe'] });
    publish({ conference, notice, recipients: ['acme', 'nobody'] }, registered).thenRefused('UnknownRecipient', { pointer: '/recipients/1', alternatives: ['acme', 'bolt', 'cafe'] });
    remove({ ...sponsor, recipient: 'bolt' }, registered, added()).thenRefused('UnknownEntry', { pointer: '/recipient', alternatives: ['acme'] });
  });

  it('for a notice that the policy has not published', () => {
    publish({ conference, notice: { id: 'notice', version: 3 } }, registered).thenRefused('UnknownNotice');
  });
});

import { describe, expect, it } from '@jest/globals';
import { recipients } from '../catalogue-entry.js';
import { command, event, givenStream, PERSON, type Fields, type Happened } from '../testing/decider.fixture.js';
import { firstModel, registersOf, registersWith } from '../testing/registers.fixture.js';
import { MoveRecipient, moveRecipient, RegisterRecipient, registerRecipient } from './recipient.commands.js';
import { AssignRecipientRole, assignRecipientRole, EndRecipientRole, endRecipientRole } from './role.commands.js';

const stream = `recipient-${PERSON}`;
const acme = { recipient: 'acme', kind: 'printer', name: 'Acme Exempel AB', country: 'SE' } as const;
const role = { recipient: 'acme', assignment: 'letters', role: 'processor', purposes: ['letter'] } as const;
const registered: Happened = { type: 'RecipientRegistered', data: { kind: 'printer', country: 'SE', from: '2020-03-01' } };
const assigned: Happened = { type: 'RecipientRoleAssigned', data: { assignment: 'letters', role: 'processor', purposes: ['letter'], from: '2020-03-01' } };
const ended: Happened = { type: 'RecipientRoleEnded', data: { assignment: 'letters', to: '2020-12-31' } };
const registers = registersWith({ 'conference-meeting': [event({ type: 'ConferenceRegistered', data: { startsOn: '2021-09-01', endsOn: '2021-09-02' } }, 0)] }, firstModel);

const register = (fields: Fields<RegisterRecipient>, ...history: readonly Happened[]) => givenStream(recipients, ...history).when(registerRecipient, command(RegisterRecipient, fields), { registers });
const move = (fields: Fields<MoveRecipient>, ...history: readonly Happened[]) => givenStream(recipients, ...history).when(moveRecipient, command(MoveRecipient, fields), { registers });
const assign = (fields: Fields<AssignRecipientRole>, ...history: readonly Happened[]) => givenStream(recipients, ...history).when(assignRecipientRole, command(AssignRecipientRole, fields), { registers });
const end = (fields: Fields<EndRecipientRole>, ...history: readonly Happened[]) => givenStream(recipients, ...history).when(endRecipientRole, command(EndRecipientRole, fields), { registers });

describe('a recipient: recorded', () => {
  it('with its name and number sealed under the key of its stream', () => {
    register({ ...acme, number: '999900-0053', from: '2020-03-01' }).then({
      type: 'RecipientRegistered',
      data: { kind: 'printer', country: 'SE', from: '2020-03-01' },
      sealed: [
        { slot: 'name', holding: stream, category: 'company', value: 'Acme Exempel AB' },
        { slot: 'number', holding: stream, category: 'organisation-number', value: '999900-0053' },
      ],
    });
  });

  it('from the Swedish day of what is told, of an interval the last', () => {
    register(acme).then({ type: 'RecipientRegistered', data: { from: '2021-06-01' } });
    register({ ...acme, occurredAt: '2021-05-31T22:30:00Z' }).then({ type: 'RecipientRegistered', data: { from: '2021-06-01' } });
    register({ ...acme, occurredAt: '2021-03-01/2021-03-05' }).then({ type: 'RecipientRegistered', data: { from: '2021-03-05' } });
  });

  it('as being elsewhere from a day on', () => {
    move({ recipient: 'acme', country: 'US', from: '2021-01-01' }, registered).then({ type: 'RecipientMoved', data: { country: 'US', from: '2021-01-01' } });
  });

  it('as back where it was', () => {
    const moved: Happened = { type: 'RecipientMoved', data: { country: 'US', from: '2021-01-01' } };
    move({ recipient: 'acme', country: 'SE', from: '2021-02-01' }, registered, moved).then({ type: 'RecipientMoved' });
    move({ recipient: 'acme', country: 'SE', from: '2020-12-31' }, registered, moved).thenNothing();
  });

  it('in a role, each code once and in order', () => {
    assign({ ...role, purposes: ['letter', 'dinner', 'letter'], categories: ['email', 'contact'], conference: 'meeting', from: '2021-01-01', to: '2021-12-31' }, registered).then({
      type: 'RecipientRoleAssigned',
      data: { assignment: 'letters', role: 'processor', purposes: ['dinner', 'letter'], categories: ['contact', 'email'], conference: 'meeting', from: '2021-01-01', to: '2021-12-31' },
      registers: [{ stream: 'conference-meeting', revision: 0 }],
    });
  });

  it('in a role no more, also earlier than was agreed or told before', () => {
    end({ recipient: 'acme', assignment: 'letters', to: '2021-03-31' }, registered, assigned).then({ type: 'RecipientRoleEnded', data: { assignment: 'letters', to: '2021-03-31' } });
    end({ recipient: 'acme', assignment: 'letters' }, registered, assigned).then({ type: 'RecipientRoleEnded', data: { to: '2021-06-01' } });
    end({ recipient: 'acme', assignment: 'letters', to: '2020-11-30' }, registered, assigned, ended).then({ type: 'RecipientRoleEnded' });
  });
});

describe('a recipient: ignored', () => {
  it('when the same is told again, whatever has happened since', () => {
    const moved: Happened = { type: 'RecipientMoved', data: { country: 'US', from: '2021-01-01' } };
    register({ ...acme, from: '2020-03-01' }, registered, moved).thenNothing();
    register(acme, registered).thenNothing();
    move({ recipient: 'acme', country: 'US' }, registered, moved).thenNothing();
    assign({ ...role, from: '2020-03-01' }, registered, assigned, ended).thenNothing();
    assign(role, registered, assigned).thenNothing();
  });

  it('when a role had ended by then', () => {
    end({ recipient: 'acme', assignment: 'letters', to: '2020-12-31' }, registered, assigned, ended).thenNothing();
    end({ recipient: 'acme', assignment: 'letters' }, registered, assigned, ended).thenNothing();
  });
});

describe('a recipient: refused', () => {
  it('of a kind that no policy has, with those there are', () => {
    register({ ...acme, kind: 'gossip' }).thenRefused('UnknownRecipientKind', { pointer: '/kind', alternatives: ['mailer', 'printer'] });
    givenStream(recipients).when(registerRecipient, command(RegisterRecipient, acme), { registers: registersOf() }).thenRefused('NoPolicy');
  });

  it('under the id that stands for nobody', () => {
    register({ ...acme, recipient: 'unregistered' }).thenRefused('UnusableId', { pointer: '/recipient' });
  });

  it('in a country that is none', () => {
    expect(() => command(RegisterRecipient, { ...acme, country: 'EU' })).toThrow('country');
  });

  it('on a day that is none', () => {
    for (const from of ['2021-02-29', '20210201', '0021-02-01', 'soon']) expect(() => command(RegisterRecipient, { ...acme, from })).toThrow('from');
  });

  it('under an id that has other content', () => {
    register({ ...acme, from: '2020-03-02' }, registered).thenRefused('OtherEntry', { pointer: '/recipient' });
    register({ ...acme, country: 'NO' }, registered).thenRefused('OtherEntry');
    assign({ ...role, to: '2020-12-31' }, registered, assigned, ended).thenRefused('OtherEntry', { pointer: '/assignment' });
  });

  it('when it is not registered', () => {
    move({ recipient: 'acme', country: 'US' }).thenRefused('NotRegistered', { pointer: '/recipient' });
    assign(role).thenRefused('NotRegistered', { pointer: '/recipient' });
    end({ recipient: 'acme', assignment: 'letters' }).thenRefused('NotRegistered', { pointer: '/recipient' });
  });

  it('for codes in a role that nobody knows, with the known ones', () => {
    assign({ ...role, purposes: ['letter', 'gossip'] }, registered).thenRefused('UnknownPurpose', { pointer: '/purposes/1', alternatives: ['account', 'company', 'dinner', 'letter'] });
    assign({ ...role, categories: ['gossip'] }, registered).thenRefused('UnknownCategory');
    assign({ ...role, conference: 'party' }, registered).thenRefused('UnknownConference', { pointer: '/conference', alternatives: ['meeting'] });
    end({ recipient: 'acme', assignment: 'dinners' }, registered, assigned).thenRefused('UnknownEntry', { pointer: '/assignment', alternatives: ['letters'] });
  });

  it('for a role that ends before it begins, with the first day that would do', () => {
    assign({ ...role, from: '2021-01-01', to: '2020-12-31' }, registered).thenRefused('EndBeforeStart', { pointer: '/to', alternatives: ['2021-01-01'] });
    end({ recipient: 'acme', assignment: 'letters', to: '2020-02-29' }, registered, assigned).thenRefused('EndBeforeStart', { pointer: '/to', alternatives: ['2020-03-01'] });
    end({ recipient: 'acme', assignment: 'letters', to: '2020-03-01' }, registered, assigned).then({ type: 'RecipientRoleEnded' });
  });
});

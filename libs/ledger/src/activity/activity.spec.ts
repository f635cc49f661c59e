import { describe, expect, it } from '@jest/globals';
import { activities } from '../catalogue-entry.js';
import type { Command } from '../command.js';
import type { Decision } from '../decision.js';
import { command, event, givenStream, PERSON, type Fields, type Happened } from '../testing/decider.fixture.js';
import { firstModel, registersWith } from '../testing/registers.fixture.js';
import { ChangeActivity, changeActivity, RegisterActivity, registerActivity, RetireActivity, retireActivity } from './activity.commands.js';
import { describedOn, type ActivityState } from './activity.state.js';

const registers = registersWith({ 'recipient-acme': [event({ type: 'RecipientRegistered', data: { kind: 'printer', country: 'SE', from: '2020-01-01' } }, 0)] }, firstModel);
const activity = 'letters';
const described = { activity, controller: 'north', role: 'controller', purposes: ['letter'], categories: ['name', 'email'], relationshipKinds: ['guest'] } as const;
const data = { role: 'controller', purposes: ['letter'], categories: ['email', 'name'], relationshipKinds: ['guest'], recipientKinds: [], recipients: [], countries: [], measures: [] };
const registered: Happened = { type: 'ProcessingActivityRegistered', controller: 'north', data: { ...data, from: '2020-03-01' } };
const changed = (from: string, more: object = {}): Happened => ({ type: 'ProcessingActivityChanged', controller: 'north', data: { ...data, countries: ['US'], from, ...more } });
const retired = (to: string): Happened => ({ type: 'ProcessingActivityRetired', data: { to } });

const tell = <C extends Command>(type: new () => C, decision: Decision<C, ActivityState>) => (fields: Fields<C>, ...history: readonly Happened[]) => givenStream(activities, ...history).when(decision, command(type, fields), { registers });
const register = tell(RegisterActivity, registerActivity);
const change = tell(ChangeActivity, changeActivity);
const retire = tell(RetireActivity, retireActivity);

describe('a processing activity: recorded', () => {
  it('with all that is said of it, its name and principal sealed', () => {
    register({ ...described, name: 'Brev', principal: 'Kund AB', recipients: ['acme'], recipientKinds: ['printer'], countries: ['US', 'NO'], measures: ['locks'], from: '2020-03-01' }).then({
      type: 'ProcessingActivityRegistered',
      controller: 'north',
      data: { ...data, recipients: ['acme'], recipientKinds: ['printer'], countries: ['NO', 'US'], measures: ['locks'], from: '2020-03-01' },
      sealed: [
        { slot: 'name', holding: `activity-${PERSON}`, value: 'Brev' },
        { slot: 'on-behalf-of', value: 'Kund AB' },
      ],
    });
  });

  it('as it is from a day on, or by another name', () => {
    change({ ...described, countries: ['US'], from: '2021-01-01' }, registered).then({ type: 'ProcessingActivityChanged', data: { countries: ['US'], from: '2021-01-01' } });
    change({ ...described, name: 'Brevet' }, registered).then({ type: 'ProcessingActivityChanged', data: { from: '2021-06-01' }, sealed: [{ slot: 'name', value: 'Brevet' }] });
    expect(changeActivity.seals?.(command(ChangeActivity, described))).toBe(false);
  });

  it('as retired, and as taken up again', () => {
    retire({ activity, to: '2020-12-31' }, registered).then({ type: 'ProcessingActivityRetired', data: { to: '2020-12-31' } });
    retire({ activity, to: '2020-11-30' }, registered, retired('2020-12-31')).then({ type: 'ProcessingActivityRetired' });
    change({ ...described, from: '2021-03-01' }, registered, retired('2020-12-31')).then({ type: 'ProcessingActivityChanged' });
    retire({ activity }, registered, retired('2020-12-31'), changed('2021-03-01')).then({ type: 'ProcessingActivityRetired', data: { to: '2021-06-01' } });
  });

  it('as of each day', () => {
    const { state } = givenStream(activities, registered, changed('2020-06-01'), retired('2020-12-31'), changed('2021-03-01', { countries: [] }), changed('2021-03-01', { countries: ['NO'] }));
    const on = (day: string) => describedOn(state, day)?.countries;
    expect([on('2020-02-29'), on('2020-03-01'), on('2020-05-31'), on('2020-06-01'), on('2020-12-31'), on('2021-01-01'), on('2021-02-28'), on('2021-03-01')]).toEqual([undefined, [], [], ['US'], ['US'], undefined, undefined, ['NO']]);
  });
});

describe('a processing activity: ignored', () => {
  it('when the same is told again', () => {
    register({ ...described, name: 'Brev', from: '2020-03-01' }, registered, changed('2021-01-01'), retired('2021-02-01')).thenNothing();
    register({ ...described, name: 'Brev' }, registered).thenNothing();
    change({ ...described, countries: ['US'] }, registered, changed('2021-01-01')).thenNothing();
    retire({ activity, to: '2020-12-31' }, registered, retired('2020-12-31'), changed('2021-03-01')).thenNothing();
    retire({ activity }, registered, retired('2020-12-31')).thenNothing();
  });
});

describe('a processing activity: refused', () => {
  it('when it is not registered', () => {
    change(described).thenRefused('NotRegistered', { pointer: '/activity' });
    retire({ activity }).thenRefused('NotRegistered', { pointer: '/activity' });
  });

  it('for codes that nobody knows', () => {
    const named = { ...described, name: 'Brev' } as const;
    register({ ...named, purposes: ['gossip'] }).thenRefused('UnknownPurpose');
    register({ ...named, categories: ['gossip'] }).thenRefused('UnknownCategory');
    register({ ...named, relationshipKinds: ['gossip'] }).thenRefused('UnknownRelationshipKind', { pointer: '/relationshipKinds/0', alternatives: ['guest'] });
    register({ ...named, recipientKinds: ['gossip'] }).thenRefused('UnknownRecipientKind');
    register({ ...named, recipients: ['nobody'] }).thenRefused('UnknownRecipient', { pointer: '/recipients/0', alternatives: ['acme'] });
    register({ ...named, controller: 'east' }).thenRefused('UnknownController');
    expect(() => command(RegisterActivity, { ...named, countries: ['EU'] })).toThrow('countries');
  });

  it('under an id that has other content', () => {
    register({ ...described, name: 'Brev', role: 'processor' }, registered).thenRefused('OtherEntry', { pointer: '/activity' });
  });

  it('when it is retired before it is what it last became', () => {
    retire({ activity, to: '2020-02-29' }, registered).thenRefused('EndBeforeStart', { pointer: '/to', alternatives: ['2020-03-01'] });
    retire({ activity, to: '2020-12-31' }, registered, changed('2021-01-01')).thenRefused('EndBeforeStart', { pointer: '/to', alternatives: ['2021-01-01'] });
  });
});

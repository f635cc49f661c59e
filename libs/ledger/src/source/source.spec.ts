import { describe, expect, it } from '@jest/globals';
import { sources } from '../catalogue-entry.js';
import type { Command } from '../command.js';
import type { Decision } from '../decision.js';
import { command, givenStream, PERSON, type Fields, type Happened } from '../testing/decider.fixture.js';
import { EndSourceAgreement, endSourceAgreement, SignSourceAgreement, signSourceAgreement } from './source-agreement.commands.js';
import { EndSource, endSource, RegisterSource, registerSource, ResumeSource, resumeSource } from './source.commands.js';
import type { SourceState } from './source.state.js';

const source = 'lists';
const lists = { source, kind: 'broker', name: 'Listorna' } as const;
const registered: Happened = { type: 'SourceRegistered', data: { kind: 'broker', publiclyAccessible: false, purposes: ['urval'], from: '2020-03-01' } };
const ended: Happened = { type: 'SourceEnded', data: { to: '2020-12-31' } };
const resumed: Happened = { type: 'SourceResumed', data: { from: '2021-03-01' } };
const agreement = { source, agreement: 'permit', purposes: ['urval'], from: '2020-03-01' } as const;
const signed: Happened = { type: 'SourceAgreementSigned', data: { agreement: 'permit', purposes: ['urval'], from: '2020-03-01' } };

const tell = <C extends Command>(type: new () => C, decision: Decision<C, SourceState>) => (fields: Fields<C>, ...history: readonly Happened[]) => givenStream(sources, ...history).when(decision, command(type, fields));
const register = tell(RegisterSource, registerSource);
const end = tell(EndSource, endSource);
const resume = tell(ResumeSource, resumeSource);
const sign = tell(SignSourceAgreement, signSourceAgreement);
const endAgreement = tell(EndSourceAgreement, endSourceAgreement);

describe('a source: recorded', () => {
  it('with what it says of itself, its name sealed', () => {
    register({ ...lists, publiclyAccessible: true, purposes: ['urval', 'kontroll', 'urval'], from: '2020-03-01' }).then({
      type: 'SourceRegistered',
      data: { kind: 'broker', publiclyAccessible: true, purposes: ['kontroll', 'urval'], from: '2020-03-01' },
      sealed: [{ slot: 'name', holding: `source-${PERSON}`, value: 'Listorna' }],
    });
    register(lists).then({ type: 'SourceRegistered', data: { publiclyAccessible: false, purposes: [], from: '2021-06-01' } });
  });

  it('as used no more, and again', () => {
    end({ source, to: '2020-12-31' }, registered).then({ type: 'SourceEnded', data: { to: '2020-12-31' } });
    end({ source, to: '2020-11-30' }, registered, ended).then({ type: 'SourceEnded' });
    resume({ source, from: '2021-03-01' }, registered, ended).then({ type: 'SourceResumed', data: { from: '2021-03-01' } });
    resume({ source, from: '2021-01-01' }, registered, ended).then({ type: 'SourceResumed' });
    end({ source }, registered, ended, resumed).then({ type: 'SourceEnded', data: { to: '2021-06-01' } });
  });

  it('with an agreement on its own purposes or the policy’s, the permit sealed', () => {
    sign({ ...agreement, purposes: ['urval', 'letter'], permit: 'T-44', to: '2021-02-28' }, registered).then({
      type: 'SourceAgreementSigned',
      data: { agreement: 'permit', purposes: ['letter', 'urval'], from: '2020-03-01', to: '2021-02-28' },
      sealed: [{ slot: 'permit', value: 'T-44' }],
    });
    endAgreement({ source, agreement: 'permit', to: '2020-12-31' }, registered, signed).then({ type: 'SourceAgreementEnded', data: { agreement: 'permit', to: '2020-12-31' } });
  });
});

describe('a source: ignored', () => {
  it('when the same is told again, whatever has happened since', () => {
    register({ ...lists, purposes: ['urval'], from: '2020-03-01' }, registered, ended, resumed).thenNothing();
    register({ ...lists, purposes: ['urval'] }, registered).thenNothing();
    end({ source, to: '2020-12-31' }, registered, ended, resumed).thenNothing();
    end({ source, to: '2021-01-31' }, registered, ended).thenNothing();
    resume({ source, from: '2021-03-01' }, registered, ended, resumed, { type: 'SourceEnded', data: { to: '2021-04-30' } }).thenNothing();
    resume({ source }, registered).thenNothing();
    sign(agreement, registered, signed, { type: 'SourceAgreementEnded', data: { agreement: 'permit', to: '2020-12-31' } }).thenNothing();
    endAgreement({ source, agreement: 'permit' }, registered, signed, { type: 'SourceAgreementEnded', data: { agreement: 'permit', to: '2020-12-31' } }).thenNothing();
  });
});

describe('a source: refused', () => {
  it('when it is not registered', () => {
    for (const outcome of [end({ source }), resume({ source }), sign(agreement), endAgreement({ source, agreement: 'permit' })]) outcome.thenRefused('NotRegistered', { pointer: '/source' });
  });

  it('under the id that stands for nobody, or one with other content', () => {
    register({ ...lists, source: 'unregistered' }).thenRefused('UnusableId', { pointer: '/source' });
    register({ ...lists, kind: 'partner' }, registered).thenRefused('OtherEntry', { pointer: '/source' });
    sign({ ...agreement, to: '2021-01-01' }, registered, signed).thenRefused('OtherEntry', { pointer: '/agreement' });
    expect(() => command(RegisterSource, { ...lists, kind: 'unregistered' as 'broker' })).toThrow('kind');
  });

  it('when it ends before it began, or begins before it ended', () => {
    end({ source, to: '2020-02-29' }, registered).thenRefused('EndBeforeStart', { pointer: '/to', alternatives: ['2020-03-01'] });
    end({ source, to: '2021-02-28' }, registered, ended, resumed).thenRefused('EndBeforeStart', { pointer: '/to', alternatives: ['2021-03-01'] });
    resume({ source, from: '2020-12-31' }, registered, ended).thenRefused('EndBeforeStart', { pointer: '/from', alternatives: ['2021-01-01'] });
    resume({ source, from: '2020-02-29' }, registered).thenRefused('EndBeforeStart', { pointer: '/from', alternatives: ['2020-03-01'] });
    sign({ ...agreement, to: '2020-02-29' }, registered).thenRefused('EndBeforeStart', { pointer: '/to', alternatives: ['2020-03-01'] });
    endAgreement({ source, agreement: 'permit', to: '2020-02-29' }, registered, signed).thenRefused('EndBeforeStart');
  });

  it('for a purpose that is neither its own nor the policy’s, and an agreement that it does not have', () => {
    sign({ ...agreement, purposes: ['urval', 'gossip'] }, registered).thenRefused('UnknownPurpose', { pointer: '/purposes/1', alternatives: ['account', 'company', 'dinner', 'letter', 'urval'] });
    endAgreement({ source, agreement: 'other' }, registered, signed).thenRefused('UnknownEntry', { pointer: '/agreement', alternatives: ['permit'] });
  });
});

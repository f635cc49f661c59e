import { describe, it } from '@jest/globals';
import type { Command } from '../command.js';
import type { Decision } from '../decision.js';
import { command, givenOrganisation, idOf, type Fields, type Happened } from '../testing/decider.fixture.js';
import {
  EndOrganisationAgreement,
  endOrganisationAgreement,
  EndOrganisationService,
  endOrganisationService,
  SignOrganisationAgreement,
  signOrganisationAgreement,
  StartOrganisationService,
  startOrganisationService,
} from './agreement.commands.js';
import type { OrganisationState } from './organisation.state.js';

const organisation = idOf('person');
const registered: Happened = { type: 'OrganisationRegistered' };
const frame = { organisation, agreement: 'frame', services: ['letters', 'dinners'], from: '2020-03-01' } as const;
const signed: Happened = { type: 'OrganisationAgreementSigned', data: { agreement: 'frame', services: ['dinners', 'letters'], from: '2020-03-01' } };
const agreementEnded: Happened = { type: 'OrganisationAgreementEnded', data: { agreement: 'frame', to: '2020-12-31' } };
const letters = { organisation, service: 'letters' } as const;
const started: Happened = { type: 'OrganisationServiceStarted', data: { service: 'letters', agreement: 'frame', from: '2020-04-01' } };
const ended: Happened = { type: 'OrganisationServiceEnded', data: { service: 'letters', to: '2020-12-31' } };
const again: Happened = { type: 'OrganisationServiceStarted', data: { service: 'letters', from: '2021-03-01' } };

const tell = <C extends Command>(type: new () => C, decision: Decision<C, OrganisationState>) => (fields: Fields<C>, ...history: readonly Happened[]) => givenOrganisation(...history).when(decision, command(type, fields));
const sign = tell(SignOrganisationAgreement, signOrganisationAgreement);
const endAgreement = tell(EndOrganisationAgreement, endOrganisationAgreement);
const start = tell(StartOrganisationService, startOrganisationService);
const end = tell(EndOrganisationService, endOrganisationService);

describe('a company’s agreements and services: recorded', () => {
  it('with the reference sealed', () => {
    sign({ ...frame, reference: 'R-88', to: '2023-02-28' }, registered).then({ type: 'OrganisationAgreementSigned', data: { agreement: 'frame', services: ['dinners', 'letters'], from: '2020-03-01', to: '2023-02-28' }, sealed: [{ slot: 'reference', holding: `organisation-${organisation}`, value: 'R-88' }] });
    endAgreement({ organisation, agreement: 'frame', to: '2020-12-31' }, registered, signed).then({ type: 'OrganisationAgreementEnded', data: { agreement: 'frame', to: '2020-12-31' } });
  });

  it('under the controller of the service', () => {
    start({ ...letters, agreement: 'frame', from: '2020-04-01' }, registered, signed).then({ type: 'OrganisationServiceStarted', data: { service: 'letters', agreement: 'frame', from: '2020-04-01' }, controller: 'north', service: 'letters' });
    start({ organisation, service: 'shop' }, registered).then({ type: 'OrganisationServiceStarted', data: { from: '2021-06-01' }, controller: 'south' });
    end({ ...letters, to: '2020-12-31' }, registered, started).then({ type: 'OrganisationServiceEnded', data: { service: 'letters', to: '2020-12-31' }, controller: 'north' });
  });

  it('as begun again, and ended earlier than was told', () => {
    start({ ...letters, from: '2021-01-01' }, registered, signed, started, ended).then({ type: 'OrganisationServiceStarted' });
    end({ ...letters, to: '2020-11-30' }, registered, started, ended).then({ type: 'OrganisationServiceEnded' });
    end(letters, registered, started, ended, again).then({ type: 'OrganisationServiceEnded', data: { to: '2021-06-01' } });
  });
});

describe('a company’s agreements and services: ignored', () => {
  it('when the same is told again, whatever ended it since', () => {
    sign(frame, registered, signed, agreementEnded).thenNothing();
    endAgreement({ organisation, agreement: 'frame' }, registered, signed, agreementEnded).thenNothing();
    start({ ...letters, agreement: 'frame' }, registered, signed, started).thenNothing();
    start({ ...letters, agreement: 'frame', from: '2020-04-01' }, registered, signed, started, ended, again).thenNothing();
    end({ ...letters, to: '2020-12-31' }, registered, started, ended, again).thenNothing();
    end(letters, registered, started, ended).thenNothing();
  });
});

describe('a company’s agreements and services: refused', () => {
  it('when the company is not registered', () => {
    for (const outcome of [sign(frame), endAgreement({ organisation, agreement: 'frame' }), start(letters), end(letters)]) outcome.thenRefused('OrganisationNotFound', { pointer: '/organisation' });
  });

  it('for services and agreements that nobody knows', () => {
    sign({ ...frame, services: ['letters', 'gossip'] }, registered).thenRefused('UnknownService', { pointer: '/services/1', alternatives: ['dinners', 'letters', 'shop'] });
    start({ organisation, service: 'gossip' }, registered).thenRefused('UnknownService', { pointer: '/service', alternatives: ['dinners', 'letters', 'shop'] });
    start({ ...letters, agreement: 'other' }, registered, signed).thenRefused('UnknownEntry', { pointer: '/agreement', alternatives: ['frame'] });
    endAgreement({ organisation, agreement: 'other' }, registered, signed).thenRefused('UnknownEntry', { pointer: '/agreement', alternatives: ['frame'] });
    end({ organisation, service: 'dinners' }, registered, started).thenRefused('UnknownEntry', { pointer: '/service', alternatives: ['letters'] });
  });

  it('with other content', () => {
    sign({ ...frame, services: ['letters'] }, registered, signed).thenRefused('OtherEntry', { pointer: '/agreement' });
    start({ ...letters, agreement: 'frame', from: '2020-05-01' }, registered, signed, started).thenRefused('OtherEntry', { pointer: '/service' });
    start({ ...letters, from: '2020-04-01' }, registered, signed, started).thenRefused('OtherEntry');
  });

  it('when they end before they begin, with the day that would do', () => {
    sign({ ...frame, to: '2020-02-29' }, registered).thenRefused('EndBeforeStart', { pointer: '/to', alternatives: ['2020-03-01'] });
    endAgreement({ organisation, agreement: 'frame', to: '2020-02-29' }, registered, signed).thenRefused('EndBeforeStart', { pointer: '/to', alternatives: ['2020-03-01'] });
    end({ ...letters, to: '2020-03-31' }, registered, started).thenRefused('EndBeforeStart', { pointer: '/to', alternatives: ['2020-04-01'] });
    start({ ...letters, from: '2020-12-31' }, registered, started, ended).thenRefused('EndBeforeStart', { pointer: '/from', alternatives: ['2021-01-01'] });
  });
});

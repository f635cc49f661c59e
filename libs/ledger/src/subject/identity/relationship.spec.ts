import { describe, it } from '@jest/globals';
import { command, given, idOf, type Happened } from '../../testing/decider.fixture.js';
import { ORGANISATION, registered, related, RELATIONSHIP } from '../../testing/subject.fixture.js';
import { FlagProtectedIdentity, flagProtectedIdentity, LiftProtectedIdentity, liftProtectedIdentity, RecordDeath, recordDeath } from './protection.commands.js';
import { EndRelationship, endRelationship, StartRelationship, startRelationship } from './relationship.commands.js';
import { EndRepresentation, endRepresentation, StartRepresentation, startRepresentation } from './representation.commands.js';

const subject = idOf('person');
const ended: Happened = { type: 'RelationshipEnded', data: { relationship: RELATIONSHIP, reason: 'ended' } };
const represents: Happened = { type: 'OrganisationRepresentationStarted', data: { organisation: ORGANISATION } };
const representsNoMore: Happened = { type: 'OrganisationRepresentationEnded', data: { organisation: ORGANISATION } };
const flagged: Happened = { type: 'ProtectedIdentityFlagged', data: { protection: 'secrecy-marking' } };

describe('a relationship: recorded', () => {
  it('when it starts', () => {
    given(registered)
      .when(startRelationship, command(StartRelationship, { subject, service: 'letters', kind: 'guest', capacity: 'representative', conference: 'autumn-2021' }))
      .then({ type: 'RelationshipStarted', controller: 'north', service: 'letters', policy: 'example-1', data: { relationship: idOf('new relationship'), kind: 'guest', capacity: 'representative', conference: 'autumn-2021' } });
  });

  it('when it ends, under the controller and service that it had', () => {
    given(registered, related())
      .when(endRelationship, command(EndRelationship, { subject, relationship: RELATIONSHIP, reason: 'unsubscribed' }))
      .then({ type: 'RelationshipEnded', controller: 'north', service: 'letters', data: { relationship: RELATIONSHIP, reason: 'unsubscribed' } });
  });
});

describe('a relationship: ignored', () => {
  it('when it has started, and when it has ended', () => {
    given(registered, related()).when(startRelationship, command(StartRelationship, { subject, service: 'letters', kind: 'guest', relationship: RELATIONSHIP })).thenNothing();
    given(registered, related(), ended).when(endRelationship, command(EndRelationship, { subject, relationship: RELATIONSHIP })).thenNothing();
  });
});

describe('a relationship: refused', () => {
  it('of a kind that the policy does not know', () => {
    given(registered)
      .when(startRelationship, command(StartRelationship, { subject, service: 'letters', kind: 'lodger' }))
      .thenRefused('UnknownRelationshipKind', { pointer: '/kind', alternatives: ['guest'] });
  });

  it('when it ends without having started', () => {
    given(registered, related())
      .when(endRelationship, command(EndRelationship, { subject, relationship: idOf('other') }))
      .thenRefused('RelationshipNotFound', { pointer: '/relationship', alternatives: [RELATIONSHIP] });
  });
});

describe('representing a company: recorded', () => {
  it('with the position sealed', () => {
    given(registered, related())
      .when(startRepresentation, command(StartRepresentation, { subject, organisation: ORGANISATION, relationship: RELATIONSHIP, position: 'inköpschef' }))
      .then({ type: 'OrganisationRepresentationStarted', data: { organisation: ORGANISATION, relationship: RELATIONSHIP }, sealed: [{ slot: 'position', category: 'position', value: 'inköpschef' }] });
  });

  it('when it ends, and when it starts again', () => {
    given(registered, represents).when(endRepresentation, command(EndRepresentation, { subject, organisation: ORGANISATION })).then({ type: 'OrganisationRepresentationEnded', data: { organisation: ORGANISATION } });
    given(registered, represents, representsNoMore).when(startRepresentation, command(StartRepresentation, { subject, organisation: ORGANISATION })).then({ type: 'OrganisationRepresentationStarted' });
  });
});

describe('representing a company: ignored', () => {
  it('when the person does, and when they no longer do', () => {
    given(registered, represents).when(startRepresentation, command(StartRepresentation, { subject, organisation: ORGANISATION })).thenNothing();
    given(registered, represents, representsNoMore).when(endRepresentation, command(EndRepresentation, { subject, organisation: ORGANISATION })).thenNothing();
  });
});

describe('representing a company: refused', () => {
  it('within a relationship that is not there', () => {
    given(registered)
      .when(startRepresentation, command(StartRepresentation, { subject, organisation: ORGANISATION, relationship: RELATIONSHIP }))
      .thenRefused('RelationshipNotFound', { pointer: '/relationship', alternatives: [] });
  });

  it('when it ends without having started', () => {
    given(registered, represents)
      .when(endRepresentation, command(EndRepresentation, { subject, organisation: idOf('other') }))
      .thenRefused('NotRepresented', { pointer: '/organisation', alternatives: [ORGANISATION] });
  });
});

describe('protected identity: recorded', () => {
  it('when it is flagged, flagged otherwise, and lifted', () => {
    given(registered).when(flagProtectedIdentity, command(FlagProtectedIdentity, { subject, protection: 'secrecy-marking' })).then({ type: 'ProtectedIdentityFlagged', data: { protection: 'secrecy-marking' } });
    given(registered, flagged).when(flagProtectedIdentity, command(FlagProtectedIdentity, { subject, protection: 'protected-registration' })).then({ type: 'ProtectedIdentityFlagged', data: { protection: 'protected-registration' } });
    given(registered, flagged).when(liftProtectedIdentity, command(LiftProtectedIdentity, { subject })).then({ type: 'ProtectedIdentityLifted', data: {} });
  });
});

describe('protected identity: ignored', () => {
  it('when it is so already', () => {
    given(registered, flagged).when(flagProtectedIdentity, command(FlagProtectedIdentity, { subject, protection: 'secrecy-marking' })).thenNothing();
    given(registered).when(liftProtectedIdentity, command(LiftProtectedIdentity, { subject })).thenNothing();
    given(registered, flagged, { type: 'ProtectedIdentityLifted' }).when(liftProtectedIdentity, command(LiftProtectedIdentity, { subject })).thenNothing();
  });
});

describe('death: recorded, ignored', () => {
  it('is recorded once, with its date when it is known', () => {
    given(registered).when(recordDeath, command(RecordDeath, { subject, diedOn: '2021-04-30' })).then({ type: 'DeathRecorded', data: { diedOn: '2021-04-30' } });
    given(registered).when(recordDeath, command(RecordDeath, { subject })).then({ type: 'DeathRecorded', data: {} });
    given(registered, { type: 'DeathRecorded' }).when(recordDeath, command(RecordDeath, { subject, diedOn: '2021-04-30' })).thenNothing();
  });
});

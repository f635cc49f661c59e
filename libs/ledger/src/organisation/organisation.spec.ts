import { describe, expect, it } from '@jest/globals';
import { command, givenOrganisation, idOf } from '../testing/decider.fixture.js';
import { RegisterOrganisation, registerOrganisation, RenameOrganisation, renameOrganisation } from './organisation.commands.js';

/** Of the example policy's invented company. */
const NUMBER = '999900-0004';
const registered = { type: 'OrganisationRegistered' };
const stream = `organisation-${idOf('person')}`;

describe('a company: recorded', () => {
  it('with number and name sealed under the key of its stream, the number claimed', () => {
    const outcome = givenOrganisation().when(registerOrganisation, command(RegisterOrganisation, { number: NUMBER, name: 'Exempel AB' }));
    outcome.then({
      type: 'OrganisationRegistered',
      data: {},
      sealed: [
        { slot: 'number', holding: stream, category: 'organisation-number', value: NUMBER },
        { slot: 'name', holding: stream, category: 'company', value: 'Exempel AB' },
      ],
    });
    expect(outcome.facts[0]?.links).toMatchObject([{ change: 'link', kind: 'organisation-number', value: NUMBER, shared: false, claim: true }]);
  });

  it('by another name', () => {
    givenOrganisation(registered)
      .when(renameOrganisation, command(RenameOrganisation, { organisation: idOf('person'), name: 'Exempel i Norden AB' }))
      .then({ type: 'OrganisationRenamed', data: {}, sealed: [{ slot: 'name', holding: stream, category: 'company', value: 'Exempel i Norden AB' }] });
  });
});

describe('a company: ignored', () => {
  it('when it is registered', () => {
    givenOrganisation(registered).when(registerOrganisation, command(RegisterOrganisation, { number: NUMBER, name: 'Exempel AB' })).thenNothing();
  });
});

describe('a company: refused', () => {
  it('under a number that is none', () => {
    givenOrganisation().when(registerOrganisation, command(RegisterOrganisation, { number: '999900-0005', name: 'Exempel AB' })).thenRefused('IdentifierUnusable', { pointer: '/number' });
  });

  it('when it is renamed without being registered', () => {
    givenOrganisation().when(renameOrganisation, command(RenameOrganisation, { organisation: idOf('person'), name: 'x' })).thenRefused('OrganisationNotFound', { pointer: '/organisation' });
  });
});

import { IsOptional, IsString, MaxLength, MinLength } from 'class-validator';
import { Command, IsLedgerUuid } from '../command.js';
import type { Decision } from '../decision.js';
import { Refusal } from '../refusals.js';
import { told } from '../told.js';
import type { OrganisationState } from './organisation.state.js';

/** Registers a customer company under its organisation number; finds it when the number is known. */
export class RegisterOrganisation extends Command {
  /** The id to register under; the ledger makes one when absent. */
  @IsOptional()
  @IsLedgerUuid()
  organisation?: string;

  @IsString()
  @MaxLength(20)
  number!: string;

  @IsString()
  @MinLength(1)
  @MaxLength(400)
  name!: string;
}

export const registerOrganisation: Decision<RegisterOrganisation, OrganisationState> = {
  seals: () => true,
  decide(command, state, context) {
    // The number is known, and it is this company; or the id is, and the number is nobody's.
    if (state.registered && context.isFoundById) throw new Refusal('OtherNumber', { pointer: '/number' });
    if (state.registered) return [];
    if (!context.isWellFormed('organisation-number', command.number)) throw new Refusal('IdentifierUnusable', { pointer: '/number' });
    const identifier = context.newId('number');
    return [
      {
        type: 'OrganisationRegistered',
        data: {},
        ...told({}, context),
        sealed: [
          { slot: 'number', holding: context.stream, category: 'organisation-number', value: command.number },
          { slot: 'name', holding: context.stream, category: 'company', value: command.name },
        ],
        links: [{ change: 'link', kind: 'organisation-number', value: command.number, identifier, from: context.when.earliest, shared: false, claim: true }],
      },
    ];
  },
};

/** The company has another name now. */
export class RenameOrganisation extends Command {
  @IsLedgerUuid()
  organisation!: string;

  @IsString()
  @MinLength(1)
  @MaxLength(400)
  name!: string;
}

export const renameOrganisation: Decision<RenameOrganisation, OrganisationState> = {
  seals: () => true,
  decide(command, state, context) {
    if (!state.registered) throw new Refusal('OrganisationNotFound', { pointer: '/organisation' });
    return [
      {
        type: 'OrganisationRenamed',
        data: {},
        ...told({}, context),
        sealed: [{ slot: 'name', holding: context.stream, category: 'company', value: command.name }],
      },
    ];
  },
};

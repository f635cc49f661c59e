import { IsOptional, IsString, MaxLength } from 'class-validator';
import { IsLedgerUuid, SubjectCommand } from '../../command.js';
import type { Decision } from '../../decision.js';
import { Refusal } from '../../refusals.js';
import { told } from '../../told.js';
import type { SubjectState } from '../subject.js';

/** The person represents a company from now on. */
export class StartRepresentation extends SubjectCommand {
  @IsLedgerUuid()
  organisation!: string;

  @IsOptional()
  @IsLedgerUuid()
  relationship?: string;

  /** Their position there; sealed. */
  @IsOptional()
  @IsString()
  @MaxLength(200)
  position?: string;
}

export const startRepresentation: Decision<StartRepresentation, SubjectState> = {
  seals: (command) => command.position !== undefined,
  requires: ({ organisation }) => [{ stream: `organisation-${organisation}`, refusal: 'OrganisationNotFound', pointer: '/organisation' }],
  decide(command, state, context) {
    const known = state.identity.representations.get(command.organisation);
    if (known !== undefined && known.endedAt === undefined) return [];
    if (command.relationship !== undefined && !state.identity.relationships.has(command.relationship))
      throw new Refusal('RelationshipNotFound', { pointer: '/relationship', alternatives: [...state.identity.relationships.keys()] });
    return [
      {
        type: 'OrganisationRepresentationStarted',
        data: { organisation: command.organisation, ...(command.relationship !== undefined && { relationship: command.relationship }) },
        ...told(command, context),
        ...(command.position !== undefined && {
          sealed: [{ slot: 'position', holding: context.newId('position'), category: 'position', value: command.position }],
        }),
      },
    ];
  },
};

export class EndRepresentation extends SubjectCommand {
  @IsLedgerUuid()
  organisation!: string;
}

export const endRepresentation: Decision<EndRepresentation, SubjectState> = {
  decide(command, state, context) {
    const known = state.identity.representations.get(command.organisation);
    if (known === undefined) throw new Refusal('NotRepresented', { pointer: '/organisation', alternatives: [...state.identity.representations.keys()] });
    return known.endedAt === undefined ? [{ type: 'OrganisationRepresentationEnded', data: { organisation: command.organisation }, ...told(command, context) }] : [];
  },
};

import { Type } from 'class-transformer';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsIn, IsOptional, ValidateNested } from 'class-validator';
import { Command, IsLedgerUuid, NewIdentifier } from '../../command.js';
import type { Context, Decision, Fact } from '../../decision.js';
import type { OnBehalfOf } from '../../envelope.js';
import { Refusal } from '../../refusals.js';
import { told } from '../../told.js';
import type { SubjectState } from '../subject.js';

/** Registers a person under one or more identifiers. Finds the person whom one of them fits already; links what is new. */
export class RegisterSubject extends Command {
  /** The id to register under; the ledger makes one when absent. Passed over when an identifier finds a person. */
  @IsOptional()
  @IsLedgerUuid()
  subject?: string;

  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(20)
  @ValidateNested({ each: true })
  @Type(() => NewIdentifier)
  identifiers!: NewIdentifier[];

  @IsOptional()
  @IsIn(['subject', 'guardian', 'proxy', 'booker'])
  onBehalfOf?: OnBehalfOf;
}

export const registerSubject: Decision<RegisterSubject, SubjectState> = {
  seals: () => true,
  identifying: (command) => command.identifiers,
  decide: (command, state, context) => [
    ...(state.identity.registered ? [] : [{ type: 'SubjectRegistered', data: {}, ...told(command, context) }]),
    ...linkMissing(command.identifiers, (i) => `/identifiers/${i}`, command, context),
  ],
};

/** Links for the identifiers that the person does not have yet; one of each value, however it is written: ending one link must end them all. */
export function linkMissing(identifiers: readonly NewIdentifier[], pointerOf: (i: number) => string, command: { readonly onBehalfOf?: OnBehalfOf | undefined }, context: Context): readonly Fact[] {
  return identifiers.flatMap((identifier, i) => {
    const { kind, value } = identifier;
    const isToldBefore = identifiers.slice(0, i).some((other) => other.kind === kind && context.isSame(kind, other.value, value));
    if (isToldBefore || context.identifierOf(kind, value) !== undefined) return [];
    return [link(identifier, context.newId(`identifier:${i}`), pointerOf(i), command, context)];
  });
}

/** The fact that an identifier is the person's from the earliest time told. Refuses one that has not the form of its kind. */
export function link(identifier: NewIdentifier, id: string, pointer: string, command: { readonly onBehalfOf?: OnBehalfOf | undefined }, context: Context): Fact {
  if (!context.isWellFormed(identifier.kind, identifier.value)) throw new Refusal('IdentifierUnusable', { pointer });
  const use = identifier.use ?? 'private';
  const from = context.when.earliest;
  return {
    type: 'SubjectIdentifierLinked',
    data: { identifier: id, kind: identifier.kind, use, from },
    ...told(command, context),
    sealed: [{ slot: 'value', holding: id, category: identifier.kind, value: identifier.value }],
    links: [{ change: 'link', kind: identifier.kind, value: identifier.value, identifier: id, from, shared: use === 'shared', claim: use !== 'shared' }],
  };
}

/**
 * What commands have in common. A command is flat JSON, checked by class-validator; who sent it and when it arrived is never in its
 * body but in `Caller`, from the token and the clock.
 */
import 'reflect-metadata';
import { IsBoolean, IsIn, IsObject, IsOptional, IsString, Matches, MaxLength, registerDecorator, ValidateIf, ValidateNested, type ValidationArguments } from 'class-validator';
import { Type } from 'class-transformer';
import type { Actor, IdentifierKind } from '#vault/vault.js';
import type { OnBehalfOf } from './envelope.js';
import { ID, UUID } from './schema.js';

/** Who sent a command and when it arrived. */
export interface Caller {
  /** Unique per system; HMACed, never stored. */
  readonly commandId: string;
  /** The registered system of the token. */
  readonly system: string;
  /** The actor's random id. */
  readonly actor: string;
  /** What the token is for: how much of the gate's reasons the answer tells. Decides nothing, and is in no fingerprint. */
  readonly role: Actor['role'];
  /** The clock's instant at arrival, UTC with milliseconds. */
  readonly now: string;
  /** A UUID; the first event's id when absent. */
  readonly correlationId?: string;
  /** A UUID: the event elsewhere that the sender says this follows from. */
  readonly causationId?: string;
}

export const IDENTIFIER_KINDS = ['email', 'phone', 'personnummer', 'customer-number', 'device-id'] as const;
export type PersonIdentifierKind = (typeof IDENTIFIER_KINDS)[number] & IdentifierKind;
export const USES = ['private', 'work', 'shared'] as const;
export type Use = (typeof USES)[number];
export const CAPACITIES = ['consumer', 'sole-trader', 'representative'] as const;
export type Capacity = (typeof CAPACITIES)[number];
const BEHALVES = ['subject', 'guardian', 'proxy', 'booker'] as const satisfies readonly OnBehalfOf[];

/** Constraint names of decorators that mean "unusable id" (422) rather than "malformed" (400). */
export const ID_CONSTRAINT = 'ledgerId';

/** A registered id. */
export function IsLedgerId(each = false): PropertyDecorator {
  return Matches(ID, { each, message: '$property is not a registered id: [a-z][a-z0-9-]{0,62}', context: { constraint: ID_CONSTRAINT } });
}
export function IsLedgerUuid(each = false): PropertyDecorator {
  return Matches(UUID, { each, message: '$property is not a UUID in lower case', context: { constraint: ID_CONSTRAINT } });
}

/** The member may not be given together with `other`. */
function IsAloneWithout(other: string): PropertyDecorator {
  return (target, propertyName) =>
    registerDecorator({
      name: 'aloneWithout',
      target: target.constructor,
      propertyName: String(propertyName),
      validator: {
        validate: (_value: unknown, args?: ValidationArguments) => (args?.object as Record<string, unknown>)[other] === undefined,
        defaultMessage: () => `give $property or ${other}, not both`,
      },
    });
}

export class IdentifierRef {
  @IsIn(IDENTIFIER_KINDS)
  kind!: PersonIdentifierKind;

  @IsString()
  @MaxLength(320)
  value!: string;
}

export class NewIdentifier extends IdentifierRef {
  /** Whose it is to use: the person's own, one that comes with a position, or one that several share. Default `private`. */
  @IsOptional()
  @IsIn(USES)
  use?: Use;
}

/** Facts told by an upstream: when, on whose behalf. */
export abstract class Command {
  /** When it happened: an instant, a date (Swedish local unless it names a zone), or an interval `A/B`. Default: on receipt. */
  @IsOptional()
  @IsString()
  @MaxLength(120)
  occurredAt?: string;

  /** Set by the edge after validation; no part of the body. */
  caller!: Caller;
}

/** A fact about one person, named by id or by identifier. */
export abstract class SubjectCommand extends Command {
  /** The person's id in the ledger. Exactly one of `subject` and `identifier` is given. */
  @ValidateIf((command: SubjectCommand) => command.identifier === undefined || command.subject !== undefined)
  @IsLedgerUuid()
  @IsAloneWithout('identifier')
  subject?: string;

  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => NewIdentifier)
  identifier?: NewIdentifier;

  /** Registers a person whom the identifier does not find. */
  @IsOptional()
  @IsBoolean()
  createIfMissing?: boolean;

  /** The service it is about; its controller follows from the policy. */
  @IsOptional()
  @IsLedgerId()
  service?: string;

  /** Only where no service is meant. */
  @IsOptional()
  @IsLedgerId()
  controller?: string;

  @IsOptional()
  @IsIn(BEHALVES)
  onBehalfOf?: OnBehalfOf;
}

import { IsIn, IsOptional, IsString, MaxLength, MinLength } from 'class-validator';
import { COUNTRIES } from '#law/data/countries.js';
import { Command, IsLedgerId } from '../command.js';
import type { Decision } from '../decision.js';
import { UNREGISTERED } from '../gate/act.js';
import { Refusal } from '../refusals.js';
import { beginningOf, IsDay, isToldAgain, ownSlots, requireInPolicies } from '../register-facts.js';
import { told } from '../told.js';
import { countryOn, type RecipientState } from './recipient.state.js';

export abstract class RecipientCommand extends Command {
  /** A recipient of the register. */
  @IsLedgerId()
  recipient!: string;
}

/** Refuses what is told of a recipient that is not registered. */
export function requireRecipient({ registered }: RecipientState): void {
  if (!registered) throw new Refusal('NotRegistered', { pointer: '/recipient' });
}

/** Somebody whom data may be disclosed to: a supplier, a sponsor, an authority (GDPR Art. 4(9), 30(1)(d)). */
export class RegisterRecipient extends RecipientCommand {
  /** A kind of recipient of the policy. */
  @IsLedgerId()
  kind!: string;

  /** Sealed; not compared when the same is told again. */
  @IsString()
  @MinLength(1)
  @MaxLength(400)
  name!: string;

  /** Organisation number, of whatever country; sealed. */
  @IsOptional()
  @IsString()
  @MinLength(1)
  @MaxLength(40)
  number?: string;

  /** Where it processes: ISO 3166-1 alpha-2. */
  @IsIn(COUNTRIES)
  country!: string;

  /** The first day it was a recipient. Default: the Swedish day of `occurredAt`. */
  @IsOptional()
  @IsDay()
  from?: string;
}

export const registerRecipient: Decision<RegisterRecipient, RecipientState> = {
  seals: () => true,
  decide(command, state, context) {
    const { recipient, kind, country, name, number } = command;
    if (recipient === UNREGISTERED) throw new Refusal('UnusableId', { pointer: '/recipient' });
    requireInPolicies('recipient-kind', kind, '/kind', 'UnknownRecipientKind', context.registers);
    const known = state.registered ? { kind: state.kind, country: state.countries[0]?.country, from: state.from } : undefined;
    const data = { kind, country, from: command.from ?? known?.from ?? beginningOf(context.when) };
    if (isToldAgain(known, data, '/recipient')) return [];
    return [{ type: 'RecipientRegistered', data, ...told({}, context), ...ownSlots(context, [['name', 'company', name], ['number', 'organisation-number', number]]) }];
  },
};

/** It belongs to somebody else, or processes elsewhere, from a day on: what may be transferred to it changes with that (GDPR Art. 44). */
export class MoveRecipient extends RecipientCommand {
  @IsIn(COUNTRIES)
  country!: string;

  /** Default: the Swedish day of `occurredAt`. */
  @IsOptional()
  @IsDay()
  from?: string;
}

export const moveRecipient: Decision<MoveRecipient, RecipientState> = {
  decide({ country, from }, state, context) {
    requireRecipient(state);
    const data = { country, from: from ?? beginningOf(context.when) };
    return countryOn(state, data.from) === country ? [] : [{ type: 'RecipientMoved', data, ...told({}, context) }];
  },
};

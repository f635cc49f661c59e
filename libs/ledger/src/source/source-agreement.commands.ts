import { ArrayMaxSize, ArrayMinSize, IsArray, IsOptional, IsString, MaxLength, MinLength } from 'class-validator';
import { IsLedgerId } from '../command.js';
import type { Decision } from '../decision.js';
import { beginningOf, codes, endOfEntry, IsDay, isToldAgain, ownSlots, present, requireInPolicies, requireOrder } from '../register-facts.js';
import { told } from '../told.js';
import { requireSource, SourceCommand } from './source.commands.js';
import type { SourceState } from './source.state.js';

/** What we may take from the source, and for what: an agreement, or a register's permit. */
export class SignSourceAgreement extends SourceCommand {
  /** The entry's id in the source's register. */
  @IsLedgerId()
  agreement!: string;

  /** The source's own purposes, or purposes of the policy. */
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(50)
  @IsLedgerId(true)
  purposes!: string[];

  /** Number of the permit or the agreement; sealed. */
  @IsOptional()
  @IsString()
  @MinLength(1)
  @MaxLength(200)
  permit?: string;

  /** Default: the Swedish day of `occurredAt`. */
  @IsOptional()
  @IsDay()
  from?: string;

  /** The last day. Default: until it is ended. */
  @IsOptional()
  @IsDay()
  to?: string;
}

export const signSourceAgreement: Decision<SignSourceAgreement, SourceState> = {
  seals: ({ permit }) => permit !== undefined,
  decide(command, state, context) {
    const { agreement, permit, to } = command;
    requireSource(state);
    command.purposes.forEach((purpose, i) => {
      if (!state.purposes.includes(purpose)) requireInPolicies('purpose', purpose, `/purposes/${i}`, 'UnknownPurpose', context.registers, state.purposes);
    });
    const known = state.agreements.get(agreement);
    const from = command.from ?? known?.told.from ?? beginningOf(context.when);
    requireOrder(from, to);
    const data = present({ agreement, purposes: codes(command.purposes), from, to });
    if (isToldAgain(known?.told, data, '/agreement')) return [];
    return [{ type: 'SourceAgreementSigned', data, ...told({}, context), ...ownSlots(context, [['permit', 'free-text', permit]]) }];
  },
};

export class EndSourceAgreement extends SourceCommand {
  @IsLedgerId()
  agreement!: string;

  /** The last day. Default: the Swedish day of `occurredAt`. */
  @IsOptional()
  @IsDay()
  to?: string;
}

export const endSourceAgreement: Decision<EndSourceAgreement, SourceState> = {
  decide({ agreement, to }, state, context) {
    requireSource(state);
    const last = endOfEntry(state.agreements, { entry: agreement, pointer: '/agreement' }, to, context.when);
    return last === undefined ? [] : [{ type: 'SourceAgreementEnded', data: { agreement, to: last }, ...told({}, context) }];
  },
};

import { ArrayMaxSize, ArrayMinSize, IsArray, IsBoolean, IsIn, IsOptional, IsString, MaxLength, MinLength } from 'class-validator';
import { IsLedgerId } from '../command.js';
import type { Decision } from '../decision.js';
import { beginningOf, codes, endOfEntry, IsDay, isToldAgain, ownSlots, present, requireInPolicies, requireOrder } from '../register-facts.js';
import { told } from '../told.js';
import { RecipientCommand, requireRecipient } from './recipient.commands.js';
import { AGREEMENT_KINDS } from './recipient.events.js';
import type { RecipientState } from './recipient.state.js';

/** A processor's contract (GDPR Art. 28(3)) or a joint controllers' arrangement (Art. 26(1)). */
export class SignRecipientAgreement extends RecipientCommand {
  /** The entry's id in the recipient's register. */
  @IsLedgerId()
  agreement!: string;

  @IsIn(AGREEMENT_KINDS)
  kind!: (typeof AGREEMENT_KINDS)[number];

  /** Categories of the policy that it covers, each with what is under it. Default: whatever the role does. */
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(100)
  @IsLedgerId(true)
  categories?: string[];

  /** Of a joint arrangement: its essence is available to the persons (GDPR Art. 26(2)). */
  @IsOptional()
  @IsBoolean()
  essencePublished?: boolean;

  /** Where the signed text is to be found; sealed. */
  @IsOptional()
  @IsString()
  @MinLength(1)
  @MaxLength(200)
  reference?: string;

  /** Default: the Swedish day of `occurredAt`. */
  @IsOptional()
  @IsDay()
  from?: string;

  /** The last day. Default: until it is ended. */
  @IsOptional()
  @IsDay()
  to?: string;
}

export const signRecipientAgreement: Decision<SignRecipientAgreement, RecipientState> = {
  seals: ({ reference }) => reference !== undefined,
  decide(command, state, context) {
    const { agreement, kind, essencePublished, to } = command;
    requireRecipient(state);
    requireInPolicies('category', command.categories, '/categories', 'UnknownCategory', context.registers);
    const known = state.agreements.get(agreement);
    const from = command.from ?? known?.told.from ?? beginningOf(context.when);
    requireOrder(from, to);
    const data = present({ agreement, kind, categories: command.categories && codes(command.categories), essencePublished, from, to });
    if (isToldAgain(known?.told, data, '/agreement')) return [];
    return [{ type: 'RecipientAgreementSigned', data, ...told({}, context), ...ownSlots(context, [['reference', 'free-text', command.reference]]) }];
  },
};

export class EndRecipientAgreement extends RecipientCommand {
  @IsLedgerId()
  agreement!: string;

  /** The last day. Default: the Swedish day of `occurredAt`. */
  @IsOptional()
  @IsDay()
  to?: string;
}

export const endRecipientAgreement: Decision<EndRecipientAgreement, RecipientState> = {
  decide({ agreement, to }, state, context) {
    requireRecipient(state);
    const last = endOfEntry(state.agreements, { entry: agreement, pointer: '/agreement' }, to, context.when);
    return last === undefined ? [] : [{ type: 'RecipientAgreementEnded', data: { agreement, to: last }, ...told({}, context) }];
  },
};

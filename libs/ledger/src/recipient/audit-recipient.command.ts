import { IsIn, IsOptional, IsString, MaxLength, MinLength } from 'class-validator';
import { canonical } from '#audit/canonical.js';
import { IsLedgerId } from '../command.js';
import type { Decision } from '../decision.js';
import { swedishDay } from '../period.js';
import { Refusal } from '../refusals.js';
import { endingOf, IsDay, ownSlots, present, requireOrder } from '../register-facts.js';
import { told } from '../told.js';
import { RecipientCommand, requireRecipient } from './recipient.commands.js';
import { AUDIT_OUTCOMES } from './recipient.events.js';
import type { RecipientState } from './recipient.state.js';
import { requireSubProcessor } from './sub-processor.commands.js';

/** The supplier, or one of its sub-suppliers, was audited (GDPR Art. 28(3)(h); S060). Of two told for one day, the last stands. */
export class AuditRecipient extends RecipientCommand {
  /** A sub-processor of the recipient. Default: the recipient itself. */
  @IsOptional()
  @IsLedgerId()
  subProcessor?: string;

  @IsIn(AUDIT_OUTCOMES)
  outcome!: (typeof AUDIT_OUTCOMES)[number];

  /** Default: the Swedish day of `occurredAt`. */
  @IsOptional()
  @IsDay()
  on?: string;

  /** When it is to be audited next. Default: when the policy says. */
  @IsOptional()
  @IsDay()
  nextOn?: string;

  /** Sealed. */
  @IsOptional()
  @IsString()
  @MinLength(1)
  @MaxLength(2_000)
  note?: string;
}

export const auditRecipient: Decision<AuditRecipient, RecipientState> = {
  seals: ({ note }) => note !== undefined,
  decide({ subProcessor, outcome, nextOn, note, ...command }, state, context) {
    requireRecipient(state);
    if (subProcessor !== undefined) requireSubProcessor(state, subProcessor);
    const on = command.on ?? endingOf(context.when);
    if (on > swedishDay(context.now)) throw new Refusal('OccurredInFuture', { pointer: '/on' });
    requireOrder(on, nextOn, '/nextOn');
    const data = present({ subProcessor, on, outcome, nextOn });
    const last = state.audits.findLast((audit) => audit.subProcessor === subProcessor && audit.on === on);
    if (last !== undefined && canonical(last) === canonical(data)) return [];
    return [{ type: 'RecipientAudited', data, ...told({}, context), ...ownSlots(context, [['note', 'free-text', note]]) }];
  },
};

import { ArrayMaxSize, ArrayMinSize, IsArray, IsIn, IsOptional } from 'class-validator';
import { IsLedgerId } from '../command.js';
import type { Context, Decision } from '../decision.js';
import type { RegisterRevision } from '../envelope.js';
import { Refusal } from '../refusals.js';
import { beginningOf, codes, endOfEntry, IsDay, isToldAgain, present, requireInPolicies, requireOrder } from '../register-facts.js';
import { told } from '../told.js';
import { RecipientCommand, requireRecipient } from './recipient.commands.js';
import { RECIPIENT_ROLES, type RecipientRole } from './recipient.events.js';
import type { RecipientState } from './recipient.state.js';

/** What the recipient is to us, for these purposes and, where it is named, this conference only (GDPR Art. 4(7)–(10), 26, 28). */
export class AssignRecipientRole extends RecipientCommand {
  /** The entry's id in the recipient's register. */
  @IsLedgerId()
  assignment!: string;

  @IsIn(RECIPIENT_ROLES)
  role!: RecipientRole;

  /** Purposes of the policy: it may use data for these and nothing else (S051). */
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(50)
  @IsLedgerId(true)
  purposes!: string[];

  /** A conference of the register. Default: whatever the data is about. */
  @IsOptional()
  @IsLedgerId()
  conference?: string;

  /** Categories of the policy, each with what is under it. Default: whatever such recipients may receive. */
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(100)
  @IsLedgerId(true)
  categories?: string[];

  /** Default: the Swedish day of `occurredAt`. */
  @IsOptional()
  @IsDay()
  from?: string;

  /** The last day. Default: until it is ended. */
  @IsOptional()
  @IsDay()
  to?: string;
}

export const assignRecipientRole: Decision<AssignRecipientRole, RecipientState> = {
  decide(command, state, context) {
    const { assignment, role, conference, to } = command;
    requireRecipient(state);
    requireInPolicies('purpose', command.purposes, '/purposes', 'UnknownPurpose', context.registers);
    requireInPolicies('category', command.categories, '/categories', 'UnknownCategory', context.registers);
    const looked = conferenceLookedUp(conference, context);
    const known = state.roles.get(assignment);
    const from = command.from ?? known?.told.from ?? beginningOf(context.when);
    requireOrder(from, to);
    const data = present({ assignment, role, purposes: codes(command.purposes), conference, categories: command.categories && codes(command.categories), from, to });
    return isToldAgain(known?.told, data, '/assignment') ? [] : [{ type: 'RecipientRoleAssigned', data, ...told({}, context), ...looked }];
  },
};

function conferenceLookedUp(conference: string | undefined, { registers }: Context): { registers?: readonly RegisterRevision[] } {
  if (conference === undefined) return {};
  const found = registers.registered('conference', conference);
  if (found === undefined) throw new Refusal('UnknownConference', { pointer: '/conference', alternatives: registers.idsOf('conference') });
  return { registers: [found.register] };
}

export class EndRecipientRole extends RecipientCommand {
  @IsLedgerId()
  assignment!: string;

  /** The last day. Default: the Swedish day of `occurredAt`. */
  @IsOptional()
  @IsDay()
  to?: string;
}

export const endRecipientRole: Decision<EndRecipientRole, RecipientState> = {
  decide({ assignment, to }, state, context) {
    requireRecipient(state);
    const last = endOfEntry(state.roles, { entry: assignment, pointer: '/assignment' }, to, context.when);
    return last === undefined ? [] : [{ type: 'RecipientRoleEnded', data: { assignment, to: last }, ...told({}, context) }];
  },
};

import { ArrayMaxSize, ArrayMinSize, IsArray, IsIn, IsOptional, IsString, MaxLength, MinLength } from 'class-validator';
import { canonical } from '#audit/canonical.js';
import { COUNTRIES } from '#law/data/countries.js';
import { Command, IsLedgerId } from '../command.js';
import type { Context, Decision, Fact } from '../decision.js';
import { Refusal } from '../refusals.js';
import { beginningOf, codes, endingOf, IsDay, isToldAgain, ownSlots, requireInPolicies, requireOrder } from '../register-facts.js';
import { answerableFor } from '../registers.js';
import { told } from '../told.js';
import { ACTIVITY_ROLES, type ActivityData } from './activity.events.js';
import { describedOn, type ActivityDescription, type ActivityState } from './activity.state.js';

abstract class ActivityCommand extends Command {
  /** A processing activity of the register. */
  @IsLedgerId()
  activity!: string;
}

/** All that the record says of it; what is left out is none (GDPR Art. 30(1), 30(2)). */
abstract class DescribingCommand extends ActivityCommand {
  @IsIn(ACTIVITY_ROLES)
  role!: ActivityData['ProcessingActivityRegistered']['role'];

  /** Purposes of the policy. */
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(50)
  @IsLedgerId(true)
  purposes!: string[];

  /** Categories of the policy, each with what is under it. */
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(100)
  @IsLedgerId(true)
  categories!: string[];

  /** Kinds of relationships of the policy: whose data it is. */
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(50)
  @IsLedgerId(true)
  relationshipKinds!: string[];

  /** Kinds of recipients of the policy. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(100)
  @IsLedgerId(true)
  recipientKinds?: string[];

  /** Recipients of the register. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(200)
  @IsLedgerId(true)
  recipients?: string[];

  /** Outside the EEA, where it goes there: ISO 3166-1 alpha-2. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(100)
  @IsIn(COUNTRIES, { each: true })
  countries?: string[];

  /** Security measures, by ids of your own (GDPR Art. 32(1)). */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(100)
  @IsLedgerId(true)
  measures?: string[];

  /** Where we are the processor: for whom; sealed. */
  @IsOptional()
  @IsString()
  @MinLength(1)
  @MaxLength(400)
  principal?: string;

  /** The first day it is so. Default: the Swedish day of `occurredAt`. */
  @IsOptional()
  @IsDay()
  from?: string;

  /** The controller that answers for it; only where several have a policy. */
  @IsOptional()
  @IsLedgerId()
  controller?: string;
}

export class RegisterActivity extends DescribingCommand {
  /** Sealed; not compared when the same is told again. */
  @IsString()
  @MinLength(1)
  @MaxLength(400)
  name!: string;
}

export const registerActivity: Decision<RegisterActivity, ActivityState> = {
  seals: () => true,
  decide(command, state, context) {
    const [first] = state.descriptions;
    const data = descriptionIn(command, command.from ?? first?.from ?? beginningOf(context.when), context);
    return isToldAgain(first, data, '/activity') ? [] : [described('ProcessingActivityRegistered', data, command, context)];
  },
};

/** It is another from a day on, or is taken up again: told whole, as it is then. */
export class ChangeActivity extends DescribingCommand {
  /** Where it has another name: sealed, and therefore recorded whenever it is told. */
  @IsOptional()
  @IsString()
  @MinLength(1)
  @MaxLength(400)
  name?: string;
}

export const changeActivity: Decision<ChangeActivity, ActivityState> = {
  seals: ({ name, principal }) => name !== undefined || principal !== undefined,
  decide(command, state, context) {
    requireActivity(state);
    const from = command.from ?? beginningOf(context.when);
    const known = describedOn(state, from);
    const data = descriptionIn(command, from, context);
    const isSame = known !== undefined && canonical({ ...known, from }) === canonical(data);
    return isSame && command.name === undefined && command.principal === undefined ? [] : [described('ProcessingActivityChanged', data, command, context)];
  },
};

export class RetireActivity extends ActivityCommand {
  /** The last day. Default: the Swedish day of `occurredAt`. */
  @IsOptional()
  @IsDay()
  to?: string;
}

export const retireActivity: Decision<RetireActivity, ActivityState> = {
  decide({ to }, state, context) {
    requireActivity(state);
    const last = state.descriptions.reduce((latest, { from }) => (from > latest ? from : latest), '');
    const day = to ?? endingOf(context.when);
    if (state.retired.some((known) => known === day || (known >= last && known <= day))) return [];
    requireOrder(last, day);
    return [{ type: 'ProcessingActivityRetired', data: { to: day }, ...told({}, context) }];
  },
};

function requireActivity({ registered }: ActivityState): void {
  if (!registered) throw new Refusal('NotRegistered', { pointer: '/activity' });
}

function descriptionIn(command: DescribingCommand, from: string, { registers }: Context): ActivityDescription {
  requireInPolicies('purpose', command.purposes, '/purposes', 'UnknownPurpose', registers);
  requireInPolicies('category', command.categories, '/categories', 'UnknownCategory', registers);
  requireInPolicies('relationship-kind', command.relationshipKinds, '/relationshipKinds', 'UnknownRelationshipKind', registers);
  requireInPolicies('recipient-kind', command.recipientKinds, '/recipientKinds', 'UnknownRecipientKind', registers);
  command.recipients?.forEach((recipient, i) => {
    if (registers.registered('recipient', recipient) === undefined) throw new Refusal('UnknownRecipient', { pointer: `/recipients/${i}`, alternatives: registers.idsOf('recipient') });
  });
  return {
    role: command.role,
    purposes: codes(command.purposes),
    categories: codes(command.categories),
    relationshipKinds: codes(command.relationshipKinds),
    recipientKinds: codes(command.recipientKinds ?? []),
    recipients: codes(command.recipients ?? []),
    countries: codes(command.countries ?? []),
    measures: codes(command.measures ?? []),
    from,
  };
}

function described(type: 'ProcessingActivityRegistered' | 'ProcessingActivityChanged', data: ActivityDescription, { name, principal, controller }: RegisterActivity | ChangeActivity, context: Context): Fact {
  const answerable = answerableFor({ ...(controller !== undefined && { controller }) }, context.when.latest, context.registers);
  return { type, data: { ...data }, ...told({}, context, answerable), ...ownSlots(context, [['name', 'free-text', name], ['on-behalf-of', 'company', principal]]) };
}

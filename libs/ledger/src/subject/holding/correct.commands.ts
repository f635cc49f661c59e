import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsIn, IsOptional, IsString, Matches, MaxLength, ValidateIf, ValidateNested } from 'class-validator';
import { IsLedgerId, IsLedgerUuid, SubjectCommand } from '../../command.js';
import type { Context, Decision, Fact, SlotToSeal } from '../../decision.js';
import { Refusal } from '../../refusals.js';
import { told } from '../../told.js';
import type { SubjectState } from '../subject.js';
import { IsPlainValue } from './hold.js';
import { DISPUTE_OUTCOMES } from './holding.events.js';
import type { Holding } from './holding.state.js';

/** A value as the record names it. */
export class ValueName {
  @IsLedgerUuid()
  event!: string;

  @Matches(/^[a-z][a-z0-9-]{0,62}(\/\d{1,4})?$/)
  slot!: string;
}

abstract class HoldingCommand extends SubjectCommand {
  /** The holding's id, as the record gives it. A sender who cannot know it gives `category`. */
  @ValidateIf((command: HoldingCommand) => command.category === undefined || command.holding !== undefined)
  @IsLedgerUuid()
  holding?: string;

  /** The only holding in this category, within `relationship` and `service` where these are given. */
  @IsOptional()
  @IsLedgerId()
  category?: string;

  @IsOptional()
  @IsLedgerUuid()
  relationship?: string;

  /** Why; sealed. */
  @IsOptional()
  @IsString()
  @MaxLength(4_000)
  reason?: string;
}

/** A value was wrong and is corrected (GDPR Art. 16): the superseded ones stay, apart. */
export class RectifyPersonalData extends HoldingCommand {
  @IsPlainValue()
  value!: string | number | boolean;

  /** The values that were wrong. Default: all that the holding has now. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(100)
  @ValidateNested({ each: true })
  @Type(() => ValueName)
  supersedes?: ValueName[];

  /** The rights request it answers. */
  @IsOptional()
  @IsLedgerUuid()
  request?: string;
}

export const rectifyPersonalData: Decision<RectifyPersonalData, SubjectState> = {
  seals: () => true,
  decide(command, state, context) {
    const known = holdingNamed(command, state);
    const supersedes = command.supersedes?.map(({ event, slot }) => ({ event, slot })) ?? known.current;
    supersedes.forEach((old, i) => {
      if (!known.current.some((value) => value.event === old.event && value.slot === old.slot))
        throw new Refusal('HoldingNotFound', { pointer: `/supersedes/${i}`, alternatives: known.current.map((value) => `${value.event}/${value.slot}`) });
    });
    return [corrected('PersonalDataRectified', known, { supersedes }, command, context)];
  },
};

/** A value was incomplete: this is said besides it (GDPR Art. 16). */
export class CompletePersonalData extends HoldingCommand {
  @IsPlainValue()
  value!: string | number | boolean;

  @IsOptional()
  @IsLedgerUuid()
  request?: string;
}

export const completePersonalData: Decision<CompletePersonalData, SubjectState> = {
  seals: () => true,
  decide: (command, state, context) => [corrected('PersonalDataCompleted', holdingNamed(command, state), {}, command, context)],
};

/** The person says that what is held is wrong (GDPR Art. 18(1)(a)). */
export class DisputePersonalData extends HoldingCommand {}

export const disputePersonalData: Decision<DisputePersonalData, SubjectState> = {
  seals: (command) => command.reason !== undefined,
  decide(command, state, context) {
    const known = holdingNamed(command, state);
    return [{ ...about(known, command, context), type: 'PersonalDataDisputed', data: { holding: known.holding, dispute: context.newId('dispute') }, ...sealedReason(command, known) }];
  },
};

export class ResolveDispute extends HoldingCommand {
  @IsIn(DISPUTE_OUTCOMES)
  outcome!: (typeof DISPUTE_OUTCOMES)[number];
}

export const resolveDispute: Decision<ResolveDispute, SubjectState> = {
  seals: (command) => command.reason !== undefined,
  decide(command, state, context) {
    const known = holdingNamed(command, state);
    if (known.disputes.length === 0) throw new Refusal('NothingDisputed', { pointer: '/holding' });
    return known.disputes.map((dispute, i) => ({
      ...about(known, command, context),
      type: 'DisputeResolved',
      data: { holding: known.holding, dispute, outcome: command.outcome },
      ...(i === 0 && sealedReason(command, known)),
    }));
  },
};

function holdingNamed(command: HoldingCommand, state: SubjectState): Holding {
  const { holdings } = state.holding;
  const { holding, category, relationship, service } = command;
  if (holding !== undefined) {
    const known = holdings.get(holding);
    if (known === undefined || (category !== undefined && known.category !== category)) throw new Refusal('HoldingNotFound', { pointer: '/holding', alternatives: [...holdings.keys()] });
    return known;
  }
  const meant = [...holdings.values()].filter(
    (known) =>
      known.category === category &&
      (relationship === undefined || known.relationship === relationship) &&
      (service === undefined || state.identity.relationships.get(known.relationship)?.service === service),
  );
  const [only] = meant;
  if (only === undefined || meant.length > 1) throw new Refusal('HoldingNotFound', { pointer: '/category', alternatives: (only === undefined ? [...holdings.values()] : meant).map((known) => known.holding) });
  return only;
}

function corrected(type: string, known: Holding, data: Readonly<Record<string, unknown>>, command: RectifyPersonalData | CompletePersonalData, context: Context): Fact {
  // Where there was no ground to hold the value that is corrected, there is none for its correction.
  const isHeld = known.current.length > 0;
  const sealed: readonly SlotToSeal[] = [
    ...(isHeld ? [{ slot: 'value', holding: known.holding, category: known.category, value: command.value }] : []),
    ...(sealedReason(command, known).sealed ?? []),
  ];
  return {
    ...about(known, command, context),
    type,
    data: { holding: known.holding, category: known.category, ...data, ...(command.request !== undefined && { request: command.request }) },
    ...(sealed.length > 0 && { sealed }),
    ...(isHeld && isName(known, context) && {
      links: [{ change: 'link', kind: 'name', value: String(command.value), identifier: known.holding, from: context.when.earliest, shared: true, claim: false }],
    }),
  };
}

/** A corrected name is found by the new one. */
function isName(known: Holding, { registers }: Context): boolean {
  return registers.newestPolicy(known.controller ?? '')?.model.category(known.category)?.identifier === 'name';
}

function sealedReason(command: HoldingCommand, known: Holding): { sealed?: readonly SlotToSeal[] } {
  return command.reason === undefined ? {} : { sealed: [{ slot: 'reason', holding: known.holding, category: 'free-text', value: command.reason }] };
}

function about(known: Holding, command: HoldingCommand, context: Context): Omit<Fact, 'type' | 'data'> {
  return { ...told(command, context), ...(known.controller !== undefined && { controller: known.controller }) };
}

import { IsIn, IsOptional, IsString, MaxLength, MinLength } from 'class-validator';
import { COUNTRIES } from '#law/data/countries.js';
import { IsLedgerId } from '../command.js';
import type { Decision } from '../decision.js';
import { Refusal } from '../refusals.js';
import { beginningOf, endingOf, endOfEntry, IsDay, isToldAgain, ownSlots } from '../register-facts.js';
import { told } from '../told.js';
import { RecipientCommand, requireRecipient } from './recipient.commands.js';
import type { RecipientState } from './recipient.state.js';

abstract class SubProcessorCommand extends RecipientCommand {
  /** The entry's id in the recipient's register. */
  @IsLedgerId()
  subProcessor!: string;
}

/** The processor engages another for us (GDPR Art. 28(2), 28(4)). */
export class AddSubProcessor extends SubProcessorCommand {
  /** Sealed; not compared when the same is told again. */
  @IsString()
  @MinLength(1)
  @MaxLength(400)
  name!: string;

  /** Where it processes: ISO 3166-1 alpha-2. */
  @IsIn(COUNTRIES)
  country!: string;

  /** Default: the Swedish day of `occurredAt`. */
  @IsOptional()
  @IsDay()
  from?: string;
}

export const addSubProcessor: Decision<AddSubProcessor, RecipientState> = {
  seals: () => true,
  decide({ subProcessor, name, country, ...command }, state, context) {
    requireRecipient(state);
    const known = state.subProcessors.get(subProcessor);
    const data = { subProcessor, country, from: command.from ?? known?.told.from ?? beginningOf(context.when) };
    if (isToldAgain(known?.told, data, '/subProcessor')) return [];
    return [{ type: 'SubProcessorAdded', data, ...told({}, context), ...ownSlots(context, [['name', 'company', name]]) }];
  },
};

/** We do not accept it; it may be said before it begins (GDPR Art. 28(2)). It ends with the sub-processor's removal. */
export class ObjectToSubProcessor extends SubProcessorCommand {
  /** Default: the Swedish day of `occurredAt`. */
  @IsOptional()
  @IsDay()
  from?: string;
}

export const objectToSubProcessor: Decision<ObjectToSubProcessor, RecipientState> = {
  decide({ subProcessor, from }, state, context) {
    requireRecipient(state);
    requireSubProcessor(state, subProcessor);
    // Not to be passed over on a day that it may have been made.
    const data = { subProcessor, from: from ?? endingOf(context.when) };
    const known = state.subProcessors.get(subProcessor)?.objectedFrom;
    return known !== undefined && known <= data.from ? [] : [{ type: 'SubProcessorObjectedTo', data, ...told({}, context) }];
  },
};

export class RemoveSubProcessor extends SubProcessorCommand {
  /** The last day. Default: the Swedish day of `occurredAt`. */
  @IsOptional()
  @IsDay()
  to?: string;
}

export const removeSubProcessor: Decision<RemoveSubProcessor, RecipientState> = {
  decide({ subProcessor, to }, state, context) {
    requireRecipient(state);
    const last = endOfEntry(state.subProcessors, { entry: subProcessor, pointer: '/subProcessor' }, to, context.when);
    return last === undefined ? [] : [{ type: 'SubProcessorRemoved', data: { subProcessor, to: last }, ...told({}, context) }];
  },
};

export function requireSubProcessor({ subProcessors }: RecipientState, subProcessor: string): void {
  if (!subProcessors.has(subProcessor)) throw new Refusal('UnknownEntry', { pointer: '/subProcessor', alternatives: [...subProcessors.keys()].sort() });
}

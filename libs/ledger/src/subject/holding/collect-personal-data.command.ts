import { IsIn, IsOptional, IsString, MaxLength } from 'class-validator';
import { IsLedgerId } from '../../command.js';
import type { Context, Decision, SlotToSeal } from '../../decision.js';
import { Refusal } from '../../refusals.js';
import { answerableFor } from '../../registers.js';
import type { SubjectState } from '../subject.js';
import { hold, HoldCommand, identifyingValues } from './hold.js';
import { TECHNOLOGIES } from './holding.events.js';

/** The person gave data themselves: at an order, a registration, a sign-up, in a case (dpv:ProvidedPersonalData; GDPR Art. 13). */
export class CollectPersonalData extends HoldCommand {
  /** A collection context of the policy. */
  @IsLedgerId()
  context!: string;

  /** Number of the order it came with; sealed. */
  @IsOptional()
  @IsString()
  @MaxLength(200)
  order?: string;

  /** Number of the case it came with; sealed. */
  @IsOptional()
  @IsString()
  @MaxLength(200)
  case?: string;
}

export const collectPersonalData: Decision<CollectPersonalData, SubjectState> = {
  seals: () => true,
  identifying: identifyingValues,
  decide(command, state, context) {
    const { model } = answerableFor(command, context.when.latest, context.registers);
    if (!model.has('context', command.context)) throw new Refusal('UnknownContext', { pointer: '/context', alternatives: model.alternatives('context') });
    const references = [...reference('order', command.order, context), ...reference('case', command.case, context)];
    const held = hold(command, 'collected', command.notice === undefined ? ['notice-at-collection'] : [], references, state, context);
    const data = { context: command.context, ...(command.conference !== undefined && { conference: command.conference }), ...held.data };
    return [...held.started, { type: 'PersonalDataCollected', data, ...held.rest }];
  },
};

/** Data was recorded about how the person uses a service (dpv:ObservedPersonalData). */
export class ObservePersonalData extends HoldCommand {
  @IsIn(TECHNOLOGIES)
  technology!: (typeof TECHNOLOGIES)[number];
}

export const observePersonalData: Decision<ObservePersonalData, SubjectState> = {
  seals: () => true,
  identifying: identifyingValues,
  decide(command, state, context) {
    const held = hold(command, 'observed', command.notice === undefined ? ['notice-at-collection'] : [], [], state, context);
    return [...held.started, { type: 'PersonalDataObserved', data: { technology: command.technology, ...held.data }, ...held.rest }];
  },
};

function reference(slot: 'order' | 'case', value: string | undefined, context: Context): readonly SlotToSeal[] {
  return value === undefined ? [] : [{ slot, holding: context.newId(slot), category: `${slot}-reference`, value }];
}

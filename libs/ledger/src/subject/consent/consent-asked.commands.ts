import { ArrayMaxSize, ArrayMinSize, IsArray, IsOptional } from 'class-validator';
import { IsLedgerId, IsLedgerUuid, SubjectCommand } from '../../command.js';
import type { Decision } from '../../decision.js';
import { Refusal } from '../../refusals.js';
import { answerableFor } from '../../registers.js';
import { requireKnown, told } from '../../told.js';
import { purposesWithin } from '../never-refused.js';
import type { SubjectState } from '../subject.js';
import { evidenceOf, WithEvidence } from './consent-evidence.js';

/** The person was asked for consent; nothing is allowed by that yet. */
export class RequestConsent extends WithEvidence {
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(50)
  @IsLedgerId(true)
  purposes!: string[];
}

export const requestConsent: Decision<RequestConsent, SubjectState> = {
  decide(command, _state, context) {
    const answerable = answerableFor(command, context.when.earliest, context.registers);
    const { model } = answerable;
    requireKnown(command.purposes, '/purposes', 'UnknownPurpose', (id) => model.has('purpose', id), () => model.alternatives('purpose'));
    return [{ type: 'ConsentRequested', data: { purposes: command.purposes, ...evidenceOf(command, answerable) }, ...told(command, context, answerable) }];
  },
};

/** The person was asked and said no: an earlier consent to these purposes ends with it. */
export class RefuseConsent extends SubjectCommand {
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(50)
  @IsLedgerId(true)
  purposes!: string[];

  @IsOptional()
  @IsLedgerId()
  method?: string;
}

export const refuseConsent: Decision<RefuseConsent, SubjectState> = {
  decide(command, _state, context) {
    const answerable = answerableFor(command, context.when.earliest, context.registers);
    const { model } = answerable;
    requireKnown(command.purposes, '/purposes', 'UnknownPurpose', (id) => model.has('purpose', id), () => model.alternatives('purpose'));
    if (command.method !== undefined && !model.has('channel', command.method))
      throw new Refusal('UnknownChannel', { pointer: '/method', alternatives: model.alternatives('channel') });
    const data = { purposes: purposesWithin(command.purposes, [model]), at: context.when.earliest, ...(command.method !== undefined && { method: command.method }) };
    return [{ type: 'ConsentRefused', data, ...told(command, context, answerable) }];
  },
};

/** A consent's time ran out. */
export class ExpireConsent extends SubjectCommand {
  @IsLedgerUuid()
  consent!: string;
}

export const expireConsent: Decision<ExpireConsent, SubjectState> = {
  decide(command, state, context) {
    const given = state.consent.given.filter((candidate) => candidate.consent === command.consent);
    const last = given.at(-1);
    if (last === undefined) throw new Refusal('ConsentNotFound', { pointer: '/consent', alternatives: [...new Set(state.consent.given.map(({ consent }) => consent))] });
    if (state.consent.endings.some((ending) => ending.consent === command.consent && ending.kind === 'consent-expired' && ending.latest >= last.earliest)) return [];
    return [
      {
        type: 'ConsentExpired',
        data: { consent: command.consent, at: context.when.earliest },
        ...told(command, context),
        ...(last.controller !== undefined && { controller: last.controller }),
      },
    ];
  },
};

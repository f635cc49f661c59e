import { ArrayMaxSize, ArrayMinSize, IsArray, IsOptional, IsString, MaxLength, MinLength } from 'class-validator';
import { Command, IsLedgerId, IsLedgerUuid } from '../command.js';
import type { Decision } from '../decision.js';
import { Refusal } from '../refusals.js';
import { beginningOf, codes, dayAfter, endingOf, endOfEntry, IsDay, isToldAgain, ownSlots, present, requireInPolicies, requireOrder } from '../register-facts.js';
import { answerableFor } from '../registers.js';
import { told } from '../told.js';
import type { OrganisationState } from './organisation.state.js';

abstract class OrganisationCommand extends Command {
  @IsLedgerUuid()
  organisation!: string;
}

/** An agreement with the company, on these services (S030). */
export class SignOrganisationAgreement extends OrganisationCommand {
  /** The agreement's id at the company. */
  @IsLedgerId()
  agreement!: string;

  /** Services of the policy. */
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(50)
  @IsLedgerId(true)
  services!: string[];

  /** The agreement's number, or where the signed text is to be found; sealed. */
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

export const signOrganisationAgreement: Decision<SignOrganisationAgreement, OrganisationState> = {
  seals: ({ reference }) => reference !== undefined,
  decide(command, state, context) {
    const { agreement, reference, to } = command;
    requireOrganisation(state);
    requireInPolicies('service', command.services, '/services', 'UnknownService', context.registers);
    const known = state.agreements.get(agreement);
    const from = command.from ?? known?.told.from ?? beginningOf(context.when);
    requireOrder(from, to);
    const data = present({ agreement, services: codes(command.services), from, to });
    if (isToldAgain(known?.told, data, '/agreement')) return [];
    return [{ type: 'OrganisationAgreementSigned', data, ...told({}, context), ...ownSlots(context, [['reference', 'free-text', reference]]) }];
  },
};

export class EndOrganisationAgreement extends OrganisationCommand {
  @IsLedgerId()
  agreement!: string;

  /** The last day. Default: the Swedish day of `occurredAt`. */
  @IsOptional()
  @IsDay()
  to?: string;
}

export const endOrganisationAgreement: Decision<EndOrganisationAgreement, OrganisationState> = {
  decide({ agreement, to }, state, context) {
    requireOrganisation(state);
    const last = endOfEntry(state.agreements, { entry: agreement, pointer: '/agreement' }, to, context.when);
    return last === undefined ? [] : [{ type: 'OrganisationAgreementEnded', data: { agreement, to: last }, ...told({}, context) }];
  },
};

abstract class OrganisationServiceCommand extends OrganisationCommand {
  /** A service of the policy; its controller follows. */
  @IsLedgerId()
  service!: string;
}

export class StartOrganisationService extends OrganisationServiceCommand {
  /** The agreement it rests on. */
  @IsOptional()
  @IsLedgerId()
  agreement?: string;

  /** Default: the Swedish day of `occurredAt`. */
  @IsOptional()
  @IsDay()
  from?: string;
}

export const startOrganisationService: Decision<StartOrganisationService, OrganisationState> = {
  decide({ service, agreement, ...command }, state, context) {
    requireOrganisation(state);
    const answerable = answerableFor({ service }, context.when.latest, context.registers);
    if (agreement !== undefined && !state.agreements.has(agreement)) throw new Refusal('UnknownEntry', { pointer: '/agreement', alternatives: [...state.agreements.keys()].sort() });
    const periods = state.services.get(service) ?? [];
    const last = periods.at(-1);
    const isRunning = last !== undefined && last.to === undefined;
    const from = command.from ?? (isRunning ? last.from : beginningOf(context.when));
    const data = present({ service, agreement, from });
    const known = periods.find((period) => period.from === from) ?? (isRunning ? last : undefined);
    if (isToldAgain(known && present({ service, agreement: known.agreement, from: known.from }), data, '/service')) return [];
    if (last?.to !== undefined) requireOrder(dayAfter(last.to), from, '/from');
    return [{ type: 'OrganisationServiceStarted', data, ...told({}, context, answerable) }];
  },
};

/** The company has it no more: its representatives' periods count from here. */
export class EndOrganisationService extends OrganisationServiceCommand {
  /** The last day. Default: the Swedish day of `occurredAt`. */
  @IsOptional()
  @IsDay()
  to?: string;
}

export const endOrganisationService: Decision<EndOrganisationService, OrganisationState> = {
  decide({ service, ...command }, state, context) {
    requireOrganisation(state);
    const answerable = answerableFor({ service }, context.when.latest, context.registers);
    const periods = state.services.get(service) ?? [];
    const last = periods.at(-1);
    if (last === undefined) throw new Refusal('UnknownEntry', { pointer: '/service', alternatives: [...state.services.keys()].sort() });
    const to = command.to ?? endingOf(context.when);
    if (periods.some((period) => period.to === to)) return [];
    requireOrder(last.from, to);
    return last.to !== undefined && last.to <= to ? [] : [{ type: 'OrganisationServiceEnded', data: { service, to }, ...told({}, context, answerable) }];
  },
};

function requireOrganisation({ registered }: OrganisationState): void {
  if (!registered) throw new Refusal('OrganisationNotFound', { pointer: '/organisation' });
}

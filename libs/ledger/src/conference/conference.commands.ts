import { IsOptional, IsString, MaxLength, MinLength } from 'class-validator';
import { Command, IsLedgerId } from '../command.js';
import type { Context, Decision, Fact } from '../decision.js';
import { Refusal } from '../refusals.js';
import { beginningOf, endingOf, IsDay, isToldAgain, ownSlots, requireOrder } from '../register-facts.js';
import { answerableFor } from '../registers.js';
import { told } from '../told.js';
import type { ConferenceState } from './conference.state.js';

export abstract class ConferenceCommand extends Command {
  /** A conference of the register. */
  @IsLedgerId()
  conference!: string;
}

/** Refuses what is told of a conference that is not registered. */
export function requireConference({ registered }: ConferenceState): void {
  if (!registered) throw new Refusal('NotRegistered', { pointer: '/conference' });
}

/** The envelope members of a fact about a conference: the controller is its service's. */
export function toldOf({ service }: ConferenceState, context: Context): ReturnType<typeof told> {
  return told({}, context, service === undefined ? undefined : answerableFor({ service }, context.when.latest, context.registers));
}

/** A conference or other event that people take part in (S130). */
export class RegisterConference extends ConferenceCommand {
  /** The service of the policy that it belongs to; its controller follows. */
  @IsLedgerId()
  service!: string;

  /** Sealed; not compared when the same is told again. */
  @IsString()
  @MinLength(1)
  @MaxLength(400)
  name!: string;

  @IsDay()
  startsOn!: string;

  @IsDay()
  endsOn!: string;
}

export const registerConference: Decision<RegisterConference, ConferenceState> = {
  seals: () => true,
  decide({ service, name, startsOn, endsOn }, state, context) {
    requireOrder(startsOn, endsOn, '/endsOn');
    const answerable = answerableFor({ service }, context.when.latest, context.registers);
    const known = state.told && { ...state.told, service: state.service };
    if (isToldAgain(known, { startsOn, endsOn, service }, '/conference')) return [];
    return [{ type: 'ConferenceRegistered', data: { startsOn, endsOn }, ...told({}, context, answerable), ...ownSlots(context, [['name', 'free-text', name]]) }];
  },
};

export class RescheduleConference extends ConferenceCommand {
  @IsDay()
  startsOn!: string;

  @IsDay()
  endsOn!: string;
}

export const rescheduleConference: Decision<RescheduleConference, ConferenceState> = {
  decide({ startsOn, endsOn }, state, context) {
    requireConference(state);
    requireOrder(startsOn, endsOn, '/endsOn');
    if (state.startsOn === startsOn && state.endsOn === endsOn) return [];
    if (state.endedOn !== undefined || state.cancelledOn !== undefined) throw new Refusal('ConferenceOver', { pointer: '/conference' });
    return [{ type: 'ConferenceRescheduled', data: { startsOn, endsOn }, ...toldOf(state, context) }];
  },
};

/** It was held: periods that count from an event's end begin here. */
export class EndConference extends ConferenceCommand {
  /** The last day. Default: the Swedish day of `occurredAt`. */
  @IsOptional()
  @IsDay()
  on?: string;
}

export const endConference: Decision<EndConference, ConferenceState> = {
  decide({ on }, state, context) {
    requireConference(state);
    const day = on ?? state.endedOn ?? endingOf(context.when);
    requireOrder(state.startsOn, day, '/on');
    if (state.cancelledOn !== undefined) throw new Refusal('ConferenceOver', { pointer: '/conference' });
    return over('ConferenceEnded', state.endedOn, day, state, context);
  },
};

/** It is not held. */
export class CancelConference extends ConferenceCommand {
  /** The day it was cancelled. Default: the Swedish day of `occurredAt`. */
  @IsOptional()
  @IsDay()
  on?: string;
}

export const cancelConference: Decision<CancelConference, ConferenceState> = {
  decide({ on }, state, context) {
    requireConference(state);
    const day = on ?? state.cancelledOn ?? beginningOf(context.when);
    // What was held to its end cannot be called off any more.
    if (state.endedOn !== undefined || day > state.endsOn) throw new Refusal('ConferenceOver', { pointer: '/on', alternatives: [state.endedOn ?? state.endsOn] });
    return over('ConferenceCancelled', state.cancelledOn, day, state, context);
  },
};

function over(type: 'ConferenceEnded' | 'ConferenceCancelled', known: string | undefined, on: string, state: ConferenceState, context: Context): readonly Fact[] {
  if (isToldAgain(known === undefined ? undefined : { on: known }, { on }, '/on')) return [];
  return [{ type, data: { on }, ...toldOf(state, context) }];
}

import { IsIn, IsOptional } from 'class-validator';
import { IsLedgerId } from '../command.js';
import type { Decision } from '../decision.js';
import { beginningOf, endingOf, IsDay, requireOrder } from '../register-facts.js';
import { Refusal } from '../refusals.js';
import type { Registered, Registers, RegisterStates } from '../registers.js';
import { ConferenceCommand, requireConference, toldOf } from './conference.commands.js';
import { PARTY_ROLES, type PartyRole } from './conference.events.js';
import type { ConferenceState } from './conference.state.js';

abstract class PartyCommand extends ConferenceCommand {
  /** A recipient of the register. */
  @IsLedgerId()
  recipient!: string;

  @IsIn(PARTY_ROLES)
  role!: PartyRole;
}

/** A recipient takes part: as sponsor or partner, or to cook, or to house it (S046, S131). */
export class AddConferenceParty extends PartyCommand {
  /** Default: the Swedish day of `occurredAt`. */
  @IsOptional()
  @IsDay()
  from?: string;
}

export const addConferenceParty: Decision<AddConferenceParty, ConferenceState> = {
  decide({ recipient, role, ...command }, state, context) {
    requireConference(state);
    const found = recipientIn(context.registers, recipient, '/recipient');
    const from = command.from ?? beginningOf(context.when);
    const isParty = state.parties.some((party) => party.recipient === recipient && party.role === role && party.from <= from && (party.to === undefined || party.to >= from));
    if (isParty) return [];
    const members = toldOf(state, context);
    return [{ type: 'ConferencePartyAdded', data: { recipient, role, from }, ...members, registers: [...(members.registers ?? []), found.register] }];
  },
};

export class RemoveConferenceParty extends PartyCommand {
  /** The last day. Default: the Swedish day of `occurredAt`. */
  @IsOptional()
  @IsDay()
  to?: string;
}

export const removeConferenceParty: Decision<RemoveConferenceParty, ConferenceState> = {
  decide({ recipient, role, ...command }, state, context) {
    requireConference(state);
    const known = state.parties.filter((party) => party.recipient === recipient && party.role === role);
    const to = command.to ?? endingOf(context.when);
    const [first] = known.map(({ from }) => from).sort();
    if (first === undefined) throw new Refusal('UnknownEntry', { pointer: '/recipient', alternatives: [...new Set(state.parties.filter((party) => party.role === role).map((party) => party.recipient))].sort() });
    requireOrder(first, to);
    const isOver = known.every((party) => party.from > to || (party.to !== undefined && party.to <= to));
    return isOver ? [] : [{ type: 'ConferencePartyRemoved', data: { recipient, role, to }, ...toldOf(state, context) }];
  },
};

/** Refuses a recipient that no register knows: a party is somebody. */
export function recipientIn(registers: Registers, recipient: string, pointer: string): Registered<RegisterStates['recipient']> {
  const found = registers.registered('recipient', recipient);
  if (found === undefined) throw new Refusal('UnknownRecipient', { pointer, alternatives: registers.idsOf('recipient') });
  return found;
}

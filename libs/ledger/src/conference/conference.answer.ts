/** A conference of the register as an answer: who took part on a day, and what had been published by then. */
import { covers } from '../period.js';
import type { ConferenceState } from './conference.state.js';

export function conferenceAnswer(state: ConferenceState, day: string): object {
  return heldOn(state, day);
}

export function conferenceSummary(state: ConferenceState, day: string): object {
  const { notices: _notices, terms: _terms, parties, ...summary } = heldOn(state, day);
  return { ...summary, parties: parties.length };
}

function heldOn(state: ConferenceState, day: string) {
  const { controller, service, startsOn, endsOn, endedOn, cancelledOn, parties, notices, terms } = state;
  return {
    ...(controller !== undefined && { controller }),
    ...(service !== undefined && { service }),
    startsOn,
    endsOn,
    ...(endedOn !== undefined && { endedOn }),
    ...(cancelledOn !== undefined && { cancelledOn }),
    status: cancelledOn !== undefined && cancelledOn <= day ? 'cancelled' : endedOn !== undefined && endedOn < day ? 'ended' : startsOn <= day ? 'going-on' : 'to-come',
    parties: parties.filter((party) => covers(party, { first: day, last: day })),
    notices: notices.filter(({ from }) => from <= day),
    terms: terms.filter(({ from }) => from <= day),
  } as const;
}

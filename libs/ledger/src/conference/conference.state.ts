/** What the register knows of one conference: who takes part as what, and when its participants were told of them. */
import type { Envelope } from '../envelope.js';
import { covers, endedBy, type ActDays, type Days } from '../period.js';
import type { ConferenceData, PartyRole } from './conference.events.js';

export interface Party extends Days {
  readonly recipient: string;
  readonly role: PartyRole;
}

export interface ConferenceState {
  readonly registered: boolean;
  readonly controller?: string;
  readonly service?: string;
  /** As it was registered: its days may have been moved since. */
  readonly told?: ConferenceData['ConferenceRegistered'];
  readonly startsOn: string;
  readonly endsOn: string;
  readonly parties: readonly Party[];
  readonly notices: readonly ConferenceData['ConferenceNoticePublished'][];
  readonly terms: readonly ConferenceData['ConferenceTermsPublished'][];
  readonly endedOn?: string;
  readonly cancelledOn?: string;
}

export const initialConference: ConferenceState = { registered: false, startsOn: '', endsOn: '', parties: [], notices: [], terms: [] };
export const CONFERENCE_PREFIX = 'conference-';

export function evolveConference(state: ConferenceState, event: Envelope): ConferenceState {
  const type = event.type as keyof ConferenceData;
  switch (type) {
    case 'ConferenceRegistered': {
      const dates = event.data as ConferenceData['ConferenceRegistered'];
      return { ...state, registered: true, told: dates, ...dates, ...(event.controller !== undefined && { controller: event.controller }), ...(event.service !== undefined && { service: event.service }) };
    }
    case 'ConferenceRescheduled':
      return { ...state, ...(event.data as ConferenceData['ConferenceRescheduled']) };
    case 'ConferencePartyAdded':
      return { ...state, parties: [...state.parties, event.data as ConferenceData['ConferencePartyAdded']] };
    case 'ConferencePartyRemoved': {
      const { recipient, role, to } = event.data as ConferenceData['ConferencePartyRemoved'];
      return { ...state, parties: state.parties.map((party) => (party.recipient === recipient && party.role === role && party.from <= to ? { ...party, to: endedBy(party.to, to) } : party)) };
    }
    case 'ConferenceNoticePublished':
      return { ...state, notices: [...state.notices, event.data as ConferenceData['ConferenceNoticePublished']] };
    case 'ConferenceTermsPublished':
      return { ...state, terms: [...state.terms, event.data as ConferenceData['ConferenceTermsPublished']] };
    case 'ConferenceEnded':
      return { ...state, endedOn: (event.data as ConferenceData['ConferenceEnded']).on };
    case 'ConferenceCancelled':
      return { ...state, cancelledOn: (event.data as ConferenceData['ConferenceCancelled']).on };
    default: {
      const never: never = type;
      return never;
    }
  }
}

/** What a recipient is at the conference on all these days. */
export function partyRoles(state: ConferenceState, recipient: string, days: ActDays): readonly PartyRole[] {
  return state.parties.filter((party) => party.recipient === recipient && covers(party, days)).map(({ role }) => role);
}

/** Whether whoever was served this notice on that day was told of the recipient: the last list published by then counts. */
export function isNamedIn(state: ConferenceState, notice: { readonly id: string; readonly version: number }, servedOn: string, recipient: string): boolean {
  const lists = state.notices.filter((list) => list.notice.id === notice.id && list.notice.version === notice.version && list.from <= servedOn);
  const last = lists.reduce<(typeof lists)[number] | undefined>((found, list) => (found === undefined || list.from >= found.from ? list : found), undefined);
  return last?.recipients.includes(recipient) ?? false;
}

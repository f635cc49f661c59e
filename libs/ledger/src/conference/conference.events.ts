/** Storage format: names and shapes below are on disk; change them only by adding a version. */
import type { EventType } from '../envelope.js';
import { date, id, integer, list, object, oneOf, type DataOf } from '../schema.js';

export const PARTY_ROLES = ['sponsor', 'partner', 'caterer', 'venue'] as const;

const versioned = object({ id, version: integer });

export const conferenceEvents = {
  /** Sealed under the stream's key: `name`. The service stands in the envelope. */
  ConferenceRegistered: { version: 1, members: { startsOn: date, endsOn: date } },
  ConferenceRescheduled: { version: 1, members: { startsOn: date, endsOn: date } },
  /** A recipient of the register takes part. */
  ConferencePartyAdded: { version: 1, members: { recipient: id, role: oneOf(...PARTY_ROLES), from: date } },
  ConferencePartyRemoved: { version: 1, members: { recipient: id, role: oneOf(...PARTY_ROLES), to: date } },
  /** The notice that participants are served names these sponsors and partners: the list is frozen with it (GDPR Art. 13(1)(e)). */
  ConferenceNoticePublished: { version: 1, members: { notice: versioned, recipients: list(id), from: date } },
  /** Special terms of participation: accepting them is no consent (GDPR Art. 7(2)). */
  ConferenceTermsPublished: { version: 1, members: { terms: versioned, from: date } },
  ConferenceEnded: { version: 1, members: { on: date } },
  ConferenceCancelled: { version: 1, members: { on: date } },
} as const satisfies Record<string, EventType>;

export type ConferenceData = { readonly [T in keyof typeof conferenceEvents]: DataOf<(typeof conferenceEvents)[T]['members']> };
export type PartyRole = (typeof PARTY_ROLES)[number];

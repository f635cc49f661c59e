import { parseWhen } from '#law/when.js';
import type { Capacity, PersonIdentifierKind, Use } from '../../command.js';
import type { Envelope } from '../../envelope.js';
import { earliestOf, latestOf } from '../../told-time.js';
import { withEntry } from '../../persistent.js';
import type { IdentityData } from './identity.events.js';

export interface Identifier {
  readonly identifier: string;
  readonly kind: PersonIdentifierKind;
  readonly use: Use;
  readonly from: string;
  readonly to?: string;
  /** The event that sealed its value, under slot `value`. */
  readonly event: string;
}

export interface Relationship {
  readonly relationship: string;
  readonly kind: string;
  readonly capacity: Capacity;
  readonly controller?: string;
  readonly service?: string;
  readonly conference?: string;
  /** As told: an instant, a date or an interval. */
  readonly startedAt: string;
  readonly endedAt?: string;
}

export interface Representation {
  readonly organisation: string;
  readonly relationship?: string;
  readonly startedAt: string;
  readonly endedAt?: string;
}

/** A protection that lay on the person: from the earliest it may have begun until the latest it may have ended. */
export interface Protection {
  readonly event: string;
  readonly from: string;
  readonly to?: string;
}

/** An age that was told: too young from the earliest it may have been, older only from when it surely was. */
export interface AgeTold {
  readonly event: string;
  readonly band: IdentityData['AgeBandRecorded']['band'];
  readonly from: string;
}

export interface IdentityState {
  readonly registered: boolean;
  readonly identifiers: ReadonlyMap<string, Identifier>;
  readonly relationships: ReadonlyMap<string, Relationship>;
  /** By organisation; a later one replaces an ended one. */
  readonly representations: ReadonlyMap<string, Representation>;
  readonly protection?: string;
  readonly died: boolean;
  /** The event that told of the death, of the protection, and of the age: what a rule rests on. */
  readonly told: { readonly death?: string; readonly protection?: string; readonly age?: string };
  readonly ageBand?: IdentityData['AgeBandRecorded']['band'];
  /** The same with their times, for what is judged as of another day. */
  readonly protections: readonly Protection[];
  readonly ages: readonly AgeTold[];
  /** The earliest it may have been. */
  readonly diedAt?: string;
}

export const initialIdentity: IdentityState = {
  registered: false,
  identifiers: new Map(),
  relationships: new Map(),
  representations: new Map(),
  died: false,
  told: {},
  protections: [],
  ages: [],
};

export function evolveIdentity(state: IdentityState, event: Envelope): IdentityState {
  const type = event.type as keyof IdentityData;
  switch (type) {
    case 'SubjectRegistered':
      return { ...state, registered: true };
    case 'SubjectIdentifierLinked': {
      const data = event.data as IdentityData['SubjectIdentifierLinked'];
      return { ...state, identifiers: withEntry(state.identifiers, data.identifier, { ...data, event: event.id }) };
    }
    case 'SubjectIdentifierUnlinked': {
      const data = event.data as IdentityData['SubjectIdentifierUnlinked'];
      const known = state.identifiers.get(data.identifier);
      return known === undefined ? state : { ...state, identifiers: withEntry(state.identifiers, data.identifier, { ...known, to: data.to }) };
    }
    case 'RelationshipStarted': {
      const data = event.data as IdentityData['RelationshipStarted'];
      const started: Relationship = {
        ...data,
        ...(event.controller !== undefined && { controller: event.controller }),
        ...(event.service !== undefined && { service: event.service }),
        startedAt: event.occurredAt,
      };
      return { ...state, relationships: withEntry(state.relationships, data.relationship, started) };
    }
    case 'RelationshipEnded': {
      const data = event.data as IdentityData['RelationshipEnded'];
      const known = state.relationships.get(data.relationship);
      return known === undefined
        ? state
        : { ...state, relationships: withEntry(state.relationships, data.relationship, { ...known, endedAt: event.occurredAt }) };
    }
    case 'OrganisationRepresentationStarted': {
      const data = event.data as IdentityData['OrganisationRepresentationStarted'];
      return { ...state, representations: withEntry(state.representations, data.organisation, { ...data, startedAt: event.occurredAt }) };
    }
    case 'OrganisationRepresentationEnded': {
      const data = event.data as IdentityData['OrganisationRepresentationEnded'];
      const known = state.representations.get(data.organisation);
      return known === undefined
        ? state
        : { ...state, representations: withEntry(state.representations, data.organisation, { ...known, endedAt: event.occurredAt }) };
    }
    case 'ProtectedIdentityFlagged':
      return {
        ...state,
        protection: (event.data as IdentityData['ProtectedIdentityFlagged']).protection,
        told: { ...state.told, protection: event.id },
        protections: [...state.protections, { event: event.id, from: earliestOf(event) }],
      };
    case 'AgeBandRecorded': {
      const { band } = event.data as IdentityData['AgeBandRecorded'];
      const from = band === 'below-13' ? earliestOf(event) : latestOf(event);
      return { ...state, ageBand: band, told: { ...state.told, age: event.id }, ages: [...state.ages, { event: event.id, band, from }] };
    }
    case 'ProtectedIdentityLifted': {
      const { protection: _lifted, ...rest } = state;
      const to = latestOf(event);
      return { ...rest, protections: state.protections.map((one) => (one.to === undefined && one.from <= to ? { ...one, to } : one)) };
    }
    case 'DeathRecorded': {
      const { diedOn } = event.data as IdentityData['DeathRecorded'];
      return { ...state, died: true, told: { ...state.told, death: event.id }, diedAt: diedOn === undefined ? earliestOf(event) : (parseWhen(diedOn)?.earliest ?? earliestOf(event)) };
    }
    default: {
      const never: never = type;
      return never;
    }
  }
}

/** The protection that may have lain on the person at any time between the two instants. */
export function protectionDuring({ protections }: IdentityState, earliest: string, latest: string): Protection | undefined {
  return protections.find(({ from, to }) => from <= latest && (to === undefined || to > earliest));
}

/** How old the person was, as far as it is known: who was too young on a later day was no older before. */
export function ageAt(ages: readonly AgeTold[], at: string): AgeTold | undefined {
  let then: AgeTold | undefined;
  for (const told of ages) if (told.from <= at && (then === undefined || told.from >= then.from)) then = told;
  const later = (band: AgeTold['band']): AgeTold | undefined => ages.find((told) => told.from > at && told.band === band);
  return later('below-13') ?? then ?? later('from-13-to-17');
}

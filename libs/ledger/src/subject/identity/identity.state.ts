import type { Capacity, PersonIdentifierKind, Use } from '../../command.js';
import type { Envelope } from '../../envelope.js';
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
}

export const initialIdentity: IdentityState = {
  registered: false,
  identifiers: new Map(),
  relationships: new Map(),
  representations: new Map(),
  died: false,
  told: {},
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
      return { ...state, protection: (event.data as IdentityData['ProtectedIdentityFlagged']).protection, told: { ...state.told, protection: event.id } };
    case 'AgeBandRecorded':
      return { ...state, ageBand: (event.data as IdentityData['AgeBandRecorded']).band, told: { ...state.told, age: event.id } };
    case 'ProtectedIdentityLifted': {
      const { protection: _lifted, ...rest } = state;
      return rest;
    }
    case 'DeathRecorded':
      return { ...state, died: true, told: { ...state.told, death: event.id } };
    default: {
      const never: never = type;
      return never;
    }
  }
}

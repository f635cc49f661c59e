/** One authority's stream: disclosures that the person may not be told of. */
import type { Envelope } from '../envelope.js';
import { authorised, used, type Authorisation, type Authorisations } from '../gate/authorisation.js';
import { withEntry } from '../persistent.js';
import type { AuthorityData } from './authority.events.js';

export interface SecretDisclosure {
  readonly disclosure: string;
  readonly subject: string;
  readonly event: string;
  readonly isUnjustified: boolean;
  readonly endedOn?: string;
}

export interface AuthorityState {
  readonly authorisations: Authorisations;
  readonly disclosures: ReadonlyMap<string, SecretDisclosure>;
  /** Whom each authorisation is about. */
  readonly authorisedFor: ReadonlyMap<string, string>;
  /** Deviations that were dealt with, by the event they are about, and how. */
  readonly dealtWith: ReadonlyMap<string, readonly string[]>;
}

export const initialAuthority: AuthorityState = { authorisations: new Map(), authorisedFor: new Map(), disclosures: new Map(), dealtWith: new Map() };
export const AUTHORITY_PREFIX = 'authority-';

export function evolveAuthority(state: AuthorityState, event: Envelope): AuthorityState {
  const type = event.type as keyof AuthorityData;
  switch (type) {
    case 'SecretDisclosureAuthorised': {
      const { authorisation, subject } = event.data as AuthorityData['SecretDisclosureAuthorised'];
      return { ...state, authorisations: authorised(state.authorisations, event, 'disclosure'), authorisedFor: withEntry(state.authorisedFor, authorisation, subject) };
    }
    case 'SecretDisclosureBlocked':
      return state;
    case 'SecretDisclosurePerformed': {
      const { disclosure, subject } = event.data as AuthorityData['SecretDisclosurePerformed'];
      const told: SecretDisclosure = { disclosure, subject, event: event.id, isUnjustified: event.verdict === 'unjustified' };
      return { ...state, authorisations: used(state.authorisations, event), disclosures: withEntry(state.disclosures, disclosure, told) };
    }
    case 'SecrecyEnded': {
      const { disclosure, on } = event.data as AuthorityData['SecrecyEnded'];
      const known = state.disclosures.get(disclosure);
      return known === undefined ? state : { ...state, disclosures: withEntry(state.disclosures, disclosure, { ...known, endedOn: on }) };
    }
    case 'SecretDeviationDealtWith': {
      const { event: about, measure } = event.data as AuthorityData['SecretDeviationDealtWith'];
      return { ...state, dealtWith: withEntry(state.dealtWith, about, [...(state.dealtWith.get(about) ?? []), measure]) };
    }
    default: {
      const never: never = type;
      return never;
    }
  }
}

/** An authorisation of this id for this person; one for somebody else is none here. */
export function authorisationFor({ authorisations, authorisedFor }: AuthorityState, id: string, subject: string): Authorisation | undefined {
  return authorisedFor.get(id) === subject ? authorisations.get(id) : undefined;
}

/** One authority's stream: disclosures that the person may not be told of. */
import type { Envelope } from '../envelope.js';
import { authorised, used, type Authorisations } from '../gate/authorisation.js';
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
  /** Deviations that were dealt with, by the event they are about. */
  readonly dealtWith: ReadonlySet<string>;
}

export const initialAuthority: AuthorityState = { authorisations: new Map(), disclosures: new Map(), dealtWith: new Set() };
export const AUTHORITY_PREFIX = 'authority-';

export function evolveAuthority(state: AuthorityState, event: Envelope): AuthorityState {
  const type = event.type as keyof AuthorityData;
  switch (type) {
    case 'SecretDisclosureAuthorised':
      return { ...state, authorisations: authorised(state.authorisations, event, 'disclosure') };
    case 'SecretDisclosureBlocked':
      return state;
    case 'SecretDisclosurePerformed': {
      const { disclosure, subject } = event.data as AuthorityData['SecretDisclosurePerformed'];
      const told: SecretDisclosure = { disclosure, subject, event: event.id, isUnjustified: event.verdict === 'unjustified' };
      return { ...state, authorisations: used(state.authorisations, event), disclosures: new Map([...state.disclosures, [disclosure, told]]) };
    }
    case 'SecrecyEnded': {
      const { disclosure, on } = event.data as AuthorityData['SecrecyEnded'];
      const known = state.disclosures.get(disclosure);
      return known === undefined ? state : { ...state, disclosures: new Map([...state.disclosures, [disclosure, { ...known, endedOn: on }]]) };
    }
    case 'SecretDeviationDealtWith':
      return { ...state, dealtWith: new Set([...state.dealtWith, (event.data as AuthorityData['SecretDeviationDealtWith']).event]) };
    default: {
      const never: never = type;
      return never;
    }
  }
}

import type { Envelope } from '../../envelope.js';
import { authorised, used, type Authorisations } from '../../gate/authorisation.js';
import type { ActItem } from '../../gate/reasoning.members.js';
import { withEntry } from '../../persistent.js';
import type { DisclosureData } from './disclosure.events.js';

export interface Disclosure {
  readonly disclosure: string;
  readonly event: string;
  readonly recipient: string;
  readonly purpose: string;
  readonly conference?: string;
  readonly items: readonly ActItem[];
  /** Events that recalled it, and that confirmed the recall. */
  readonly recalls: readonly string[];
  readonly confirmations: readonly string[];
}

export interface DisclosureState {
  readonly authorisations: Authorisations;
  readonly disclosures: ReadonlyMap<string, Disclosure>;
}

export const initialDisclosure: DisclosureState = { authorisations: new Map(), disclosures: new Map() };

export function evolveDisclosure(state: DisclosureState, event: Envelope): DisclosureState {
  const type = event.type as keyof DisclosureData;
  switch (type) {
    case 'DisclosureAuthorised':
      return { ...state, authorisations: authorised(state.authorisations, event, 'disclosure') };
    case 'DisclosureBlocked':
    case 'MatterReferredToPolice':
      return state;
    case 'PersonalDataDisclosed': {
      const { disclosure, recipient, purpose, conference, items } = event.data as DisclosureData['PersonalDataDisclosed'];
      const told: Disclosure = { disclosure, event: event.id, recipient, purpose, items, ...(conference !== undefined && { conference }), recalls: [], confirmations: [] };
      return { authorisations: used(state.authorisations, event), disclosures: withEntry(state.disclosures, disclosure, told) };
    }
    case 'DisclosureRecalled':
      return change(state, event, (known) => ({ ...known, recalls: [...known.recalls, event.id] }));
    case 'DisclosureRecallConfirmed':
      return change(state, event, (known) => ({ ...known, confirmations: [...known.confirmations, event.id] }));
    default: {
      const never: never = type;
      return never;
    }
  }
}

function change(state: DisclosureState, event: Envelope, how: (known: Disclosure) => Disclosure): DisclosureState {
  const known = state.disclosures.get((event.data as { readonly disclosure: string }).disclosure);
  return known === undefined ? state : { ...state, disclosures: withEntry(state.disclosures, known.disclosure, how(known)) };
}

import type { Envelope } from '../../envelope.js';
import { authorised, used, type Authorisations } from '../../gate/authorisation.js';
import type { ActItem } from '../../gate/reasoning.members.js';
import { toldAct, type ToldAct } from '../../gate/told-act.js';
import { withEntry } from '../../persistent.js';
import type { DisclosureData } from './disclosure.events.js';

export interface Disclosure extends ToldAct {
  readonly disclosure: string;
  readonly event: string;
  readonly recipient: string;
  readonly conference?: string;
  /** What of it the recipient was asked to erase or return. */
  readonly recalled: readonly ActItem[];
  /** What the recipient said last that it did, since it was last asked to. */
  readonly confirmed?: { readonly outcome: DisclosureData['DisclosureRecallConfirmed']['outcome']; readonly on?: string };
  /** Events that recalled it, and that confirmed the recall. */
  readonly recalls: readonly string[];
  readonly confirmations: readonly string[];
}

export interface DisclosureState {
  readonly authorisations: Authorisations;
  readonly disclosures: ReadonlyMap<string, Disclosure>;
  /** Matters that were handed over: what and when, as `referralKey` writes it. */
  readonly referrals: ReadonlySet<string>;
}

export const initialDisclosure: DisclosureState = { authorisations: new Map(), disclosures: new Map(), referrals: new Set() };

export function evolveDisclosure(state: DisclosureState, event: Envelope): DisclosureState {
  const type = event.type as keyof DisclosureData;
  switch (type) {
    case 'DisclosureAuthorised':
      return { ...state, authorisations: authorised(state.authorisations, event, 'disclosure') };
    case 'DisclosureBlocked':
      return state;
    case 'MatterReferredToPolice':
      return { ...state, referrals: new Set([...state.referrals, referralKey(event.data as DisclosureData['MatterReferredToPolice'], event.occurredAt)]) };
    case 'PersonalDataDisclosed': {
      const { disclosure, recipient, conference } = event.data as DisclosureData['PersonalDataDisclosed'];
      const told: Disclosure = { ...toldAct(event), disclosure, event: event.id, recipient, ...(conference !== undefined && { conference }), recalled: [], recalls: [], confirmations: [] };
      return { ...state, authorisations: used(state.authorisations, event), disclosures: withEntry(state.disclosures, disclosure, told) };
    }
    case 'DisclosureRecalled':
      return change(state, event, ({ confirmed: _confirmed, ...known }) => ({ ...known, recalls: [...known.recalls, event.id], recalled: [...known.recalled, ...(event.data as DisclosureData['DisclosureRecalled']).items] }));
    case 'DisclosureRecallConfirmed': {
      const { disclosure: _disclosure, ...confirmed } = event.data as DisclosureData['DisclosureRecallConfirmed'];
      return change(state, event, (known) => ({ ...known, confirmed, confirmations: [...known.confirmations, event.id] }));
    }
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

export function referralKey({ disclosure = '', authority, ground }: DisclosureData['MatterReferredToPolice'], occurredAt: string): string {
  return `${authority} ${ground} ${disclosure} ${occurredAt}`;
}

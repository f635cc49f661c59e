import type { Envelope } from '../../envelope.js';
import { authorised, used, type Authorisations } from '../../gate/authorisation.js';
import type { UseData } from './use.events.js';

export interface UseState {
  readonly authorisations: Authorisations;
  readonly uses: ReadonlySet<string>;
}

export const initialUse: UseState = { authorisations: new Map(), uses: new Set() };

export function evolveUse(state: UseState, event: Envelope): UseState {
  const type = event.type as keyof UseData;
  switch (type) {
    case 'UseAuthorised':
      return { ...state, authorisations: authorised(state.authorisations, event, 'use') };
    case 'UseBlocked':
      return state;
    case 'PersonalDataUsed':
      return { authorisations: used(state.authorisations, event), uses: new Set([...state.uses, (event.data as UseData['PersonalDataUsed']).use]) };
    default: {
      const never: never = type;
      return never;
    }
  }
}

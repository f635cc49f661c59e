import type { Envelope } from '../../envelope.js';
import { authorised, used, type Authorisations } from '../../gate/authorisation.js';
import { toldAct, type ToldAct } from '../../gate/told-act.js';
import { withEntry } from '../../persistent.js';
import type { UseData } from './use.events.js';

export interface UseState {
  readonly authorisations: Authorisations;
  readonly uses: ReadonlyMap<string, ToldAct>;
}

export const initialUse: UseState = { authorisations: new Map(), uses: new Map() };

export function evolveUse(state: UseState, event: Envelope): UseState {
  const type = event.type as keyof UseData;
  switch (type) {
    case 'UseAuthorised':
      return { ...state, authorisations: authorised(state.authorisations, event, 'use') };
    case 'UseBlocked':
      return state;
    case 'PersonalDataUsed':
      return { authorisations: used(state.authorisations, event), uses: withEntry(state.uses, (event.data as UseData['PersonalDataUsed']).use, toldAct(event)) };
    default: {
      const never: never = type;
      return never;
    }
  }
}

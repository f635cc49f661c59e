import type { Envelope } from '../../envelope.js';
import { authorised, used, type Authorisations } from '../../gate/authorisation.js';
import { toldAct, type ToldAct } from '../../gate/told-act.js';
import { withEntry } from '../../persistent.js';
import type { TransferData } from './transfer.events.js';

export interface TransferState {
  readonly authorisations: Authorisations;
  readonly transfers: ReadonlyMap<string, ToldAct>;
  /** How often data went on each derogation: they are not for systematic transfers (GDPR Art. 49, EDPB Guidelines 2/2018). */
  readonly derogations: ReadonlyMap<string, number>;
}

export const initialTransfer: TransferState = { authorisations: new Map(), transfers: new Map(), derogations: new Map() };

export function evolveTransfer(state: TransferState, event: Envelope): TransferState {
  const type = event.type as keyof TransferData;
  switch (type) {
    case 'TransferAuthorised':
      return { ...state, authorisations: authorised(state.authorisations, event, 'transfer') };
    case 'TransferBlocked':
      return state;
    case 'TransferPerformed': {
      const { transfer, derogation } = event.data as TransferData['TransferPerformed'];
      const derogations = new Map(state.derogations);
      if (derogation !== undefined) derogations.set(derogation, (derogations.get(derogation) ?? 0) + 1);
      return { authorisations: used(state.authorisations, event), transfers: withEntry(state.transfers, transfer, toldAct(event)), derogations };
    }
    default: {
      const never: never = type;
      return never;
    }
  }
}

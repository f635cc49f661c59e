import type { Envelope } from '../../envelope.js';
import type { ObjectionData } from './objection.events.js';

export interface Objection {
  readonly event: string;
  readonly kind: ObjectionData['DataSubjectObjected']['kind'];
  readonly controller?: string;
  readonly purposes?: readonly string[];
  readonly recipientKinds?: readonly string[];
  /** What is used or goes out from here on goes against it. */
  readonly at: string;
}

export type ObjectionState = readonly Objection[];

export const initialObjection: ObjectionState = [];

export function evolveObjection(state: ObjectionState, event: Envelope): ObjectionState {
  const { kind, purposes, recipientKinds, at } = event.data as ObjectionData['DataSubjectObjected'];
  return [
    ...state,
    {
      event: event.id,
      kind,
      ...(event.controller !== undefined && { controller: event.controller }),
      ...(purposes !== undefined && { purposes }),
      ...(recipientKinds !== undefined && { recipientKinds }),
      at,
    },
  ];
}

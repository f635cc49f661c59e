/** Storage format: names and shapes below are on disk; change them only by adding a version. */
import type { EventType } from '../../envelope.js';
import { oneOf, uuid, type DataOf } from '../../schema.js';

/** What an officer did about a fact without justification. */
export const MEASURES = ['corrected', 'erased', 'recalled', 'recipient-instructed', 'person-informed', 'incident-opened', 'register-completed', 'accepted-with-reason'] as const;

export const deviationEvents = {
  /** Sealed: `note`. The officer is the event's actor. */
  DeviationDealtWith: { version: 1, members: { event: uuid, measure: oneOf(...MEASURES) } },
} as const satisfies Record<string, EventType>;

export type DeviationData = { readonly [T in keyof typeof deviationEvents]: DataOf<(typeof deviationEvents)[T]['members']> };

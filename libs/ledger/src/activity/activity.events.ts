/** Storage format: names and shapes below are on disk; change them only by adding a version. */
import type { EventType } from '../envelope.js';
import { country, date, id, list, oneOf, type DataOf } from '../schema.js';

/** GDPR Art. 30(1), 30(2). */
export const ACTIVITY_ROLES = ['controller', 'joint-controller', 'processor'] as const;

const described = {
  role: oneOf(...ACTIVITY_ROLES),
  purposes: list(id),
  categories: list(id),
  relationshipKinds: list(id),
  recipientKinds: list(id),
  recipients: list(id),
  countries: list(country),
  measures: list(id),
  from: date,
};

export const activityEvents = {
  /** Sealed under the stream's key: `name`, and `on-behalf-of` where we are the processor. The controller stands in the envelope. */
  ProcessingActivityRegistered: { version: 1, members: described },
  ProcessingActivityChanged: { version: 1, members: described },
  ProcessingActivityRetired: { version: 1, members: { to: date } },
} as const satisfies Record<string, EventType>;

export type ActivityData = { readonly [T in keyof typeof activityEvents]: DataOf<(typeof activityEvents)[T]['members']> };

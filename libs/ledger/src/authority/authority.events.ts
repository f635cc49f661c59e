/** Storage format: names and shapes below are on disk; change them only by adding a version. */
import type { EventType } from '../envelope.js';
import { actItem, applied } from '../gate/reasoning.members.js';
import { date, id, list, oneOf, optional, uuid, type DataOf } from '../schema.js';
import { MEASURES } from '../subject/deviation/deviation.events.js';

/** The person may not be told (yet): these stand apart, so that no gap in the person's own stream reveals them. */
const secret = {
  subject: uuid,
  purpose: id,
  items: list(actItem),
  ground: optional(id),
  /** Until when the person may not be told; absent: until further notice. */
  gagUntil: optional(date),
  rules: list(applied),
};

export const authorityEvents = {
  SecretDisclosureAuthorised: { version: 1, members: { authorisation: uuid, outcome: oneOf('allowed', 'allowed-with-remarks'), ...secret } },
  SecretDisclosureBlocked: { version: 1, members: secret },
  /** Told. Sealed: `case`, `reason`, when told. */
  SecretDisclosurePerformed: { version: 1, members: { disclosure: uuid, authorisation: optional(uuid), ...secret } },
  /** The person may be told from now on. */
  SecrecyEnded: { version: 1, members: { disclosure: uuid, subject: uuid, on: date } },
  SecretDeviationDealtWith: { version: 1, members: { event: uuid, measure: oneOf(...MEASURES) } },
} as const satisfies Record<string, EventType>;

export type AuthorityData = { readonly [T in keyof typeof authorityEvents]: DataOf<(typeof authorityEvents)[T]['members']> };

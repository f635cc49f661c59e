/** Storage format: names and shapes below are on disk; change them only by adding a version. */
import type { EventType } from '../../envelope.js';
import { actItem, applied } from '../../gate/reasoning.members.js';
import { RECIPIENT_ROLES } from '../../recipient/recipient.events.js';
import { country, date, flag, id, list, oneOf, optional, uuid, type DataOf } from '../../schema.js';

export const RECALL_OUTCOMES = ['erased', 'returned', 'refused', 'impossible'] as const;

/** What is, or was, to go to whom, and why. */
const disclosing = {
  recipient: id,
  role: optional(oneOf(...RECIPIENT_ROLES)),
  purpose: id,
  items: list(actItem),
  conference: optional(id),
  /** Where it is received, when outside the EEA: the disclosure is a transfer too (GDPR Art. 44). */
  country: optional(country),
  remoteAccess: optional(flag),
  arrangement: optional(id),
  /** A ground of the policy for disclosures to authorities and to protect (S057). */
  ground: optional(id),
  /** A plan of the recipient's register: merger or sale of assets (S053). */
  plan: optional(id),
  rules: list(applied),
};

export const disclosureEvents = {
  /** The gate allowed it, for one use. */
  DisclosureAuthorised: { version: 1, members: { authorisation: uuid, outcome: oneOf('allowed', 'allowed-with-remarks'), ...disclosing } },
  DisclosureBlocked: { version: 1, members: disclosing },
  /** Told. Sealed: `recipient-name` of one that no register knows, `case` of an authority's or our own, `reason`, when told. */
  PersonalDataDisclosed: { version: 1, members: { disclosure: uuid, authorisation: optional(uuid), ...disclosing } },
  /** The recipient was asked to erase or return it. Sealed: `reason`, when told. */
  DisclosureRecalled: { version: 1, members: { disclosure: uuid, items: list(actItem) } },
  /** What the recipient says it did. */
  DisclosureRecallConfirmed: { version: 1, members: { disclosure: uuid, outcome: oneOf(...RECALL_OUTCOMES), on: optional(date) } },
  /** The matter was handed to the police (S058). Sealed: `case`, `reason`, when told. */
  MatterReferredToPolice: { version: 1, members: { disclosure: optional(uuid), authority: id, ground: id } },
} as const satisfies Record<string, EventType>;

export type DisclosureData = { readonly [T in keyof typeof disclosureEvents]: DataOf<(typeof disclosureEvents)[T]['members']> };

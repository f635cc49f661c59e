/** Storage format: names and shapes below are on disk; change them only by adding a version. */
import type { EventType } from '../../envelope.js';
import { actItem, applied } from '../../gate/reasoning.members.js';
import { RECIPIENT_ROLES } from '../../recipient/recipient.events.js';
import { country, flag, id, list, oneOf, optional, uuid, type DataOf } from '../../schema.js';

/** GDPR Art. 49(1)(a)–(g), and its second subparagraph. */
export const DEROGATIONS = ['a49-1-a', 'a49-1-b', 'a49-1-c', 'a49-1-d', 'a49-1-e', 'a49-1-f', 'a49-1-g', 'a49-1-2'] as const;
export const TRANSFER_MECHANISMS = ['within-eea', 'adequacy', 'standard-clauses', 'binding-corporate-rules', 'code-of-conduct', 'certification', 'derogation', 'none'] as const;

const transferring = {
  recipient: id,
  role: optional(oneOf(...RECIPIENT_ROLES)),
  purpose: id,
  items: list(actItem),
  conference: optional(id),
  country,
  /** Data stays, and is read from there: a transfer all the same (S062). */
  remoteAccess: flag,
  /** What it rests on, as the gate found it. */
  mechanism: oneOf(...TRANSFER_MECHANISMS),
  /** The adequacy decision of the law data. */
  adequacy: optional(id),
  arrangement: optional(id),
  derogation: optional(oneOf(...DEROGATIONS)),
  rules: list(applied),
};

export const transferEvents = {
  TransferAuthorised: { version: 1, members: { authorisation: uuid, outcome: oneOf('allowed', 'allowed-with-remarks'), ...transferring } },
  TransferBlocked: { version: 1, members: transferring },
  /** Told. Sealed: `recipient-name` of one that no register knows, `reason`, when told. */
  TransferPerformed: { version: 1, members: { transfer: uuid, authorisation: optional(uuid), ...transferring } },
} as const satisfies Record<string, EventType>;

export type TransferData = { readonly [T in keyof typeof transferEvents]: DataOf<(typeof transferEvents)[T]['members']> };

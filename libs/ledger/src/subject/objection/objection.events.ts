/** Storage format: names and shapes below are on disk; change them only by adding a version. */
import type { EventType } from '../../envelope.js';
import { flag, id, instant, list, oneOf, optional, type DataOf } from '../../schema.js';

/** GDPR Art. 21(1): on grounds of the person's own situation; 21(2): to direct marketing, without any. */
export const OBJECTION_KINDS = ['processing', 'direct-marketing'] as const;

export const objectionEvents = {
  /** Sealed: `reason` when told; `occurred-at`, `purposes`, `recipient-kinds`, `service`, `controller` when they could not be used. */
  DataSubjectObjected: {
    version: 1,
    members: {
      kind: oneOf(...OBJECTION_KINDS),
      /** Absent: every purpose that can be objected to. */
      purposes: optional(list(id)),
      /** Objects to these recipients only; absent: to the use as such. */
      recipientKinds: optional(list(id)),
      at: instant,
      method: optional(id),
      unusable: optional(flag),
    },
  },
} as const satisfies Record<string, EventType>;

export type ObjectionData = { readonly [T in keyof typeof objectionEvents]: DataOf<(typeof objectionEvents)[T]['members']> };

/** Storage format: names and shapes below are on disk; change them only by adding a version. */
import type { EventType } from '../envelope.js';
import { date, flag, id, list, oneOf, optional, type DataOf } from '../schema.js';

export const REGISTERED_SOURCE_KINDS = ['broker', 'public-register', 'social-profile', 'partner', 'sponsor', 'authority'] as const;

export const sourceEvents = {
  /** Sealed under the stream's key: `name`. `purposes`: what an extract may be ordered for, where the source asks (SPAR). */
  SourceRegistered: { version: 1, members: { kind: oneOf(...REGISTERED_SOURCE_KINDS), publiclyAccessible: flag, purposes: list(id), from: date } },
  SourceEnded: { version: 1, members: { to: date } },
  SourceResumed: { version: 1, members: { from: date } },
  /** What we may take and for what. Sealed: `permit`, when told (the permit's number, or the agreement's). */
  SourceAgreementSigned: { version: 1, members: { agreement: id, purposes: list(id), from: date, to: optional(date) } },
  SourceAgreementEnded: { version: 1, members: { agreement: id, to: date } },
} as const satisfies Record<string, EventType>;

export type SourceData = { readonly [T in keyof typeof sourceEvents]: DataOf<(typeof sourceEvents)[T]['members']> };

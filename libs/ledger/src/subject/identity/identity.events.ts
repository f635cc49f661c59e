/** Storage format: names and shapes below are on disk; change them only by adding a version. */
import { CAPACITIES, IDENTIFIER_KINDS, USES } from '../../command.js';
import type { EventType } from '../../envelope.js';
import { date, id, instant, oneOf, optional, uuid, type DataOf } from '../../schema.js';

export const PROTECTIONS = ['secrecy-marking', 'protected-registration', 'assumed-identity'] as const;
export const AGE_BANDS = ['below-13', 'from-13-to-17', 'adult'] as const;
export const END_REASONS = ['ended', 'unsubscribed', 'left-organisation', 'converted', 'mistaken'] as const;

export const identityEvents = {
  SubjectRegistered: { version: 1, members: {} },
  /** Sealed: `value`, under a key of the identifier's own. Version 1 did not say whose use it is; all were private then. */
  SubjectIdentifierLinked: {
    version: 2,
    members: { identifier: uuid, kind: oneOf(...IDENTIFIER_KINDS), use: oneOf(...USES), from: instant, to: optional(instant) },
    upcast: { 1: (data) => ({ ...data, use: 'private' }) },
  },
  SubjectIdentifierUnlinked: { version: 1, members: { identifier: uuid, to: instant } },
  RelationshipStarted: {
    version: 1,
    members: { relationship: uuid, kind: id, capacity: oneOf(...CAPACITIES), conference: optional(id) },
  },
  RelationshipEnded: { version: 1, members: { relationship: uuid, reason: oneOf(...END_REASONS) } },
  /** Sealed: `position`, when told. */
  OrganisationRepresentationStarted: { version: 1, members: { organisation: uuid, relationship: optional(uuid) } },
  OrganisationRepresentationEnded: { version: 1, members: { organisation: uuid } },
  ProtectedIdentityFlagged: { version: 1, members: { protection: oneOf(...PROTECTIONS) } },
  ProtectedIdentityLifted: { version: 1, members: {} },
  /** Whether the law treats the person as a child: never a birth date (GDPR Art. 8; dataskyddslagen 2 kap. 4 §). */
  AgeBandRecorded: { version: 1, members: { band: oneOf(...AGE_BANDS) } },
  DeathRecorded: { version: 1, members: { diedOn: optional(date) } },
} as const satisfies Record<string, EventType>;

export type IdentityData = { readonly [T in keyof typeof identityEvents]: DataOf<(typeof identityEvents)[T]['members']> };

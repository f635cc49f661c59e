/** Storage format: names and shapes below are on disk; change them only by adding a version. */
import type { EventType } from '../../envelope.js';
import { flag, id, instant, integer, list, object, oneOf, optional, sha256, uuid, type DataOf } from '../../schema.js';

export const CONSENT_TYPES = ['expressed', 'explicit'] as const;
export const INDICATED_BY = ['subject', 'guardian', 'proxy'] as const;
/** What must be known of a consent to demonstrate it (GDPR Art. 7(1), recital 42). */
export const EVIDENCE = ['notice', 'wording', 'language', 'method', 'indicatedBy'] as const;
export const LANGUAGES = ['sv', 'en'] as const;

const noticeRef = object({ id, version: integer });

const evidence = {
  notice: optional(noticeRef),
  wording: optional(sha256),
  language: optional(oneOf(...LANGUAGES)),
  method: optional(id),
  indicatedBy: optional(oneOf(...INDICATED_BY)),
  steps: optional(integer),
};

const given = {
  consent: uuid,
  type: oneOf(...CONSENT_TYPES),
  purposes: list(id),
  categories: list(id),
  recipientKinds: list(id),
  /** What the policy of the day said of each purpose: a later change of it makes the consent stale. */
  terms: list(object({ purpose: id, categories: list(id), recipientKinds: list(id) })),
  from: instant,
  validUntil: optional(instant),
  relationship: optional(uuid),
  conference: optional(id),
  ...evidence,
  /** Evidence that is not there; while any is, the consent is unproven and never valid. */
  missing: list(oneOf(...EVIDENCE, 'wording-covers')),
};

export const consentEvents = {
  ConsentRequested: { version: 1, members: { purposes: list(id), ...evidence } },
  /** Sealed: `order`, when told. */
  ConsentGiven: { version: 1, members: given },
  RenewedConsentGiven: { version: 1, members: given },
  ConsentRefused: { version: 1, members: { purposes: list(id), at: instant, method: optional(id) } },
  /** Sealed, when they could not be used: `occurred-at`, `purposes`, `service`, `controller`, `consent`, `method`. */
  ConsentWithdrawn: {
    version: 1,
    members: {
      /** Which purposes; absent: all of them. */
      purposes: optional(list(id)),
      consent: optional(uuid),
      /** From here on it is not valid: the earliest that was told, on receipt at the latest. */
      at: instant,
      method: optional(id),
      steps: optional(integer),
      /** Something that was told could not be used as told and was sealed: an officer should look. */
      unusable: optional(flag),
    },
  },
  ConsentExpired: { version: 1, members: { consent: uuid, at: instant } },
} as const satisfies Record<string, EventType>;

export type ConsentData = { readonly [T in keyof typeof consentEvents]: DataOf<(typeof consentEvents)[T]['members']> };

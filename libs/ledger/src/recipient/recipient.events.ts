/** Storage format: names and shapes below are on disk; change them only by adding a version. */
import type { EventType } from '../envelope.js';
import { country, date, flag, id, integer, list, object, oneOf, optional, type DataOf } from '../schema.js';

/** What a recipient is to us, for one purpose and, where it has one, one conference (GDPR Art. 4(7)–(10), 26, 28). */
export const RECIPIENT_ROLES = ['processor', 'joint-controller', 'controller', 'sponsor', 'participant', 'authority', 'acquirer'] as const;
/** GDPR Art. 28(3) and Art. 26(1). */
export const AGREEMENT_KINDS = ['processor-contract', 'joint-arrangement'] as const;
export const AUDIT_OUTCOMES = ['passed', 'remarks', 'failed'] as const;
/** GDPR Art. 46(2)(c), 46(2)(b), 46(2)(e), 46(2)(f). Adequacy (Art. 45) and derogations (Art. 49) take no arrangement. */
export const MECHANISMS = ['standard-clauses', 'binding-corporate-rules', 'code-of-conduct', 'certification'] as const;
export const TRANSFER_ROLES = ['controller', 'processor'] as const;
/** Of Decision (EU) 2021/914: parties, description, authority; measures; sub-processors. */
export const ANNEXES = ['i-a', 'i-b', 'i-c', 'ii', 'iii'] as const;
export const IMPACT_OUTCOMES = ['sufficient', 'sufficient-with-measures', 'insufficient'] as const;

export const recipientEvents = {
  /** Sealed under the stream's key: `name`, and `number` when told (a sole trader's is a personnummer). */
  RecipientRegistered: { version: 1, members: { kind: id, country, from: date } },
  /** It is another's, or processes elsewhere, from then on. */
  RecipientMoved: { version: 1, members: { country, from: date } },
  RecipientRoleAssigned: {
    version: 1,
    members: { assignment: id, role: oneOf(...RECIPIENT_ROLES), purposes: list(id), conference: optional(id), categories: optional(list(id)), from: date, to: optional(date) },
  },
  RecipientRoleEnded: { version: 1, members: { assignment: id, to: date } },
  /** `categories`: what it covers, and what is under them; absent: whatever the role does. Sealed: `reference`, when told. */
  RecipientAgreementSigned: {
    version: 1,
    members: { agreement: id, kind: oneOf(...AGREEMENT_KINDS), categories: optional(list(id)), essencePublished: optional(flag), from: date, to: optional(date) },
  },
  RecipientAgreementEnded: { version: 1, members: { agreement: id, to: date } },
  /** Sealed: `name`. GDPR Art. 28(2), (4). */
  SubProcessorAdded: { version: 1, members: { subProcessor: id, country, from: date } },
  SubProcessorObjectedTo: { version: 1, members: { subProcessor: id, from: date } },
  SubProcessorRemoved: { version: 1, members: { subProcessor: id, to: date } },
  /** Of the recipient, or of one of its sub-suppliers. Sealed: `note`, when told. */
  RecipientAudited: { version: 1, members: { subProcessor: optional(id), on: date, outcome: oneOf(...AUDIT_OUTCOMES), nextOn: optional(date) } },
  /** It stands on the list of a framework whose adequacy covers certified organisations only. */
  RecipientCertified: { version: 1, members: { decision: id, from: date, to: optional(date) } },
  RecipientCertificationEnded: { version: 1, members: { decision: id, to: date } },
  TransferArrangementSigned: {
    version: 1,
    members: {
      arrangement: id,
      mechanism: oneOf(...MECHANISMS),
      /** Of the standard clauses: which set. */
      decision: optional(id),
      module: optional(integer),
      exporterRole: oneOf(...TRANSFER_ROLES),
      importerRole: oneOf(...TRANSFER_ROLES),
      country,
      annexes: list(oneOf(...ANNEXES)),
      remoteAccess: optional(flag),
      signedOn: date,
      from: date,
      to: optional(date),
    },
  },
  TransferArrangementEnded: { version: 1, members: { arrangement: id, to: date } },
  TransferArrangementSuspended: { version: 1, members: { arrangement: id, from: date } },
  TransferArrangementResumed: { version: 1, members: { arrangement: id, from: date } },
  /** Clause 14 of Decision (EU) 2021/914; C-311/18. Sealed: `measures`, when told. */
  TransferImpactAssessed: { version: 1, members: { arrangement: id, outcome: oneOf(...IMPACT_OUTCOMES), from: date, to: optional(date) } },
  /** Merger or sale of assets: the recipient takes over. */
  BusinessTransferPlanned: {
    version: 1,
    members: { plan: id, purposes: list(id), categories: list(id), notice: optional(object({ id, version: integer })), noticePublishedOn: optional(date), from: date, to: optional(date) },
  },
} as const satisfies Record<string, EventType>;

export type RecipientData = { readonly [T in keyof typeof recipientEvents]: DataOf<(typeof recipientEvents)[T]['members']> };
export type RecipientRole = (typeof RECIPIENT_ROLES)[number];

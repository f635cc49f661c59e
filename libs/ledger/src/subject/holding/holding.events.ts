/** Storage format: names and shapes below are on disk; change them only by adding a version. */
import type { EventType } from '../../envelope.js';
import { date, flag, id, instant, integer, list, object, oneOf, optional, slot, uuid, type DataOf } from '../../schema.js';

export const NECESSITIES = ['required', 'optional'] as const;
export const TECHNOLOGIES = ['cookie', 'app', 'server-log', 'pixel'] as const;
export const DISPUTE_OUTCOMES = ['upheld', 'rejected'] as const;
export const SOURCE_KINDS = ['broker', 'public-register', 'social-profile', 'partner', 'sponsor', 'authority', 'unregistered'] as const;
export const BASES = ['a', 'b', 'c', 'd', 'e', 'f'] as const;
export const SPECIAL_BASES = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j'] as const;

const noticeRef = object({ id, version: integer });

/** One value, or one category held without its value. A verdict stands per (holding, purpose). */
const item = object({
  holding: uuid,
  category: id,
  /** Where the value is sealed in this event; absent when there was no ground to hold it. */
  slot: optional(slot),
  /** The value is this identifier of the person, sealed once by that event under the identifier's own key. */
  identifier: optional(object({ identifier: uuid, event: uuid })),
  necessity: optional(oneOf(...NECESSITIES)),
  purposes: list(
    object({
      purpose: id,
      /** Letter of GDPR Art. 6(1). */
      basis: optional(oneOf(...BASES)),
      /** Letter of GDPR Art. 9(2). */
      specialBasis: optional(oneOf(...SPECIAL_BASES)),
      /** The consent it rests on. */
      consent: optional(uuid),
      verdict: oneOf('justified', 'unjustified'),
      failed: optional(list(id)),
    }),
  ),
});

const held = { relationship: uuid, items: list(item), notice: optional(noticeRef) };

/** A sealed value: the event whose slot holds it. */
const valueRef = object({ event: uuid, slot });

export const holdingEvents = {
  /** Sealed: `order` or `case` when told, and one slot for each value. */
  PersonalDataCollected: { version: 1, members: { context: id, conference: optional(id), ...held } },
  PersonalDataObserved: { version: 1, members: { technology: oneOf(...TECHNOLOGIES), ...held } },
  /** Sealed: `source-name` of an unregistered source, `profile` (an address), and one slot for each value. */
  PersonalDataSourced: {
    version: 1,
    members: {
      source: id,
      sourceKind: oneOf(...SOURCE_KINDS),
      batch: optional(uuid),
      publiclyAccessible: flag,
      sourcePurpose: optional(id),
      conference: optional(id),
      ...held,
    },
  },
  /** GDPR Art. 14(3): opened by each sourcing; the due date is explained from these members and the rule data. */
  IndirectNoticeObligationOpened: {
    version: 1,
    members: { obligation: uuid, sourcing: uuid, obtainedAt: instant, dueAt: instant, dueOn: date, rule: id, calendar: id },
  },
  IndirectNoticeServed: { version: 1, members: { obligation: uuid, notice: noticeRef, servedAt: instant } },
  /** Sealed: `value` unless the category is held without, and `reason` when told. The superseded values stay apart. */
  PersonalDataRectified: { version: 1, members: { holding: uuid, category: id, supersedes: list(valueRef), request: optional(uuid) } },
  /** Sealed: `value` unless the category is held without, and `reason` when told. */
  PersonalDataCompleted: { version: 1, members: { holding: uuid, category: id, request: optional(uuid) } },
  /** Sealed: `reason` when told. GDPR Art. 18(1)(a). */
  PersonalDataDisputed: { version: 1, members: { holding: uuid, dispute: uuid } },
  DisputeResolved: { version: 1, members: { holding: uuid, dispute: uuid, outcome: oneOf(...DISPUTE_OUTCOMES) } },
} as const satisfies Record<string, EventType>;

export type HoldingData = { readonly [T in keyof typeof holdingEvents]: DataOf<(typeof holdingEvents)[T]['members']> };
export type HeldItem = HoldingData['PersonalDataCollected']['items'][number];

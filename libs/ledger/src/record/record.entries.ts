/** The rows of the record: intervals and references, never a value and never a present status. */
import type { DeviationData } from '../subject/deviation/deviation.events.js';
import type { DisclosureData } from '../subject/disclosure/disclosure.events.js';
import type { HeldItem, HoldingData } from '../subject/holding/holding.events.js';
import type { NoticeData } from '../subject/notice/notice.events.js';
import type { ObjectionData } from '../subject/objection/objection.events.js';
import type { TransferData } from '../subject/transfer/transfer.events.js';
import type { UseData } from '../subject/use/use.events.js';
import type { ConsentData } from '../subject/consent/consent.events.js';
import type { OnBehalfOf, Verdict } from '../envelope.js';
import type { SealedRef } from '#vault/vault.js';

export interface Provenance {
  readonly conference?: string;
  readonly context?: string;
  readonly technology?: string;
  readonly source?: string;
  readonly sourceKind?: string;
  readonly publiclyAccessible?: boolean;
  readonly rectified?: true;
  readonly completed?: true;
  readonly necessity?: string;
  readonly notice?: { readonly id: string; readonly version: number };
  /** Strings that came with the value, as references: an order's or a case's number, a reason, a source's name, a profile. */
  readonly references?: readonly SealedRef[];
}

export interface HoldingEntry {
  readonly kind: 'holding';
  readonly holding: string;
  readonly category: string;
  readonly relationship: string;
  readonly origin: string;
  readonly controller?: string;
  readonly service?: string;
  readonly superseded: readonly { readonly event: string; readonly slot: string; readonly by: string; readonly at: string }[];
  readonly disputes: readonly { readonly dispute: string; readonly at: string; readonly outcome?: string; readonly resolvedAt?: string }[];
}

export interface ValueEntry {
  readonly kind: 'value';
  readonly holding: string;
  readonly event: string;
  readonly occurredAt: string;
  readonly recordedAt: string;
  readonly system: string;
  readonly onBehalfOf?: OnBehalfOf;
  readonly policy?: string;
  /** Absent for a category held without its value. */
  readonly sealed?: SealedRef;
  /** None for a correction: it serves the purposes of what it corrects. */
  readonly purposes: HeldItem['purposes'];
  readonly provenance: Provenance;
}

export interface ConsentEntry {
  readonly kind: 'consent';
  readonly event: string;
  readonly type: keyof ConsentData;
  readonly occurredAt: string;
  readonly recordedAt: string;
  readonly controller?: string;
  readonly service?: string;
  readonly verdict?: Verdict;
  readonly onBehalfOf?: OnBehalfOf;
  readonly data: Readonly<Record<string, unknown>>;
  readonly references: readonly SealedRef[];
}

export interface IdentifierEntry {
  readonly kind: 'identifier';
  readonly identifier: string;
  readonly identifierKind: string;
  readonly use: string;
  readonly from: string;
  readonly to?: string;
  readonly event: string;
}

export interface RelationshipEntry {
  readonly kind: 'relationship';
  readonly relationship: string;
  readonly relationshipKind: string;
  readonly capacity: string;
  readonly conference?: string;
  readonly controller?: string;
  readonly service?: string;
  readonly startedAt: string;
  readonly endedAt?: string;
  readonly reason?: string;
}

export interface RepresentationEntry {
  readonly kind: 'representation';
  readonly organisation: string;
  /** Each time, as they were told: whoever left may come back. */
  readonly times: readonly { readonly startedAt: string; readonly endedAt?: string; readonly position?: SealedRef }[];
}

export type ObligationEntry = { readonly kind: 'obligation' } & HoldingData['IndirectNoticeObligationOpened'] & {
    readonly servedAt?: string;
    readonly notice?: { readonly id: string; readonly version: number };
  };

/** Something asked of the gate or told to have been done with the person's data, a notice, an objection, or what was done about a deviation. */
export interface ActEntry {
  readonly kind: 'act';
  readonly event: string;
  readonly type: ActType;
  readonly occurredAt: string;
  readonly recordedAt: string;
  readonly controller?: string;
  readonly service?: string;
  readonly verdict?: Verdict;
  readonly failed?: readonly string[];
  readonly data: Readonly<Record<string, unknown>>;
  readonly references: readonly SealedRef[];
}

export type ActType = keyof (DisclosureData & TransferData & UseData & NoticeData & ObjectionData & DeviationData);

export type RecordEntry =
  | { readonly kind: 'registered'; readonly at: string; readonly event: string }
  | { readonly kind: 'protection'; readonly at: string; readonly protection?: string }
  | { readonly kind: 'age'; readonly at: string; readonly band: string }
  | ActEntry
  | { readonly kind: 'death'; readonly at: string; readonly diedOn?: string }
  | IdentifierEntry
  | RelationshipEntry
  | RepresentationEntry
  | ConsentEntry
  | HoldingEntry
  | ValueEntry
  | ObligationEntry;

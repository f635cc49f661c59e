/**
 * The envelope: what every event carries besides its data (`architecture.md` §3; libs/audit/FORMAT.md says it byte by byte).
 * Storage format: names and shapes below are on disk; change them only by adding a version.
 */
import type { Members } from './schema.js';

export type Verdict = 'justified' | 'unjustified';
export type OnBehalfOf = 'subject' | 'guardian' | 'proxy' | 'booker';

export interface SealedSlot {
  readonly slot: string;
  readonly holding: string;
  readonly category: string;
  /** SHA-256(0x02 ‖ salt ‖ canonical(value)), base64url. */
  readonly commitment: string;
}

export interface RegisterRevision {
  readonly stream: string;
  readonly revision: number;
}

export interface Envelope {
  readonly id: string;
  readonly type: string;
  readonly version: number;
  readonly stream: string;
  readonly revision: number;
  readonly controller?: string;
  readonly service?: string;
  readonly occurredAt: string;
  readonly recordedAt: string;
  /** Absent where the ledger itself made the event. */
  readonly actor?: string;
  readonly onBehalfOf?: OnBehalfOf;
  readonly system: string;
  readonly correlationId: string;
  readonly causationId?: string;
  readonly fingerprint?: string;
  readonly policy?: string;
  readonly rules: string;
  readonly verdict?: Verdict;
  readonly failed?: readonly string[];
  readonly registers?: readonly RegisterRevision[];
  readonly data: Readonly<Record<string, unknown>>;
  readonly sealed?: readonly SealedSlot[];
}

/** How one type of event is stored: the members of its newest version, and how older versions become it. */
export interface EventType {
  readonly version: number;
  readonly members: Members;
  /** `upcast[v]` turns data of version v into version v + 1. Pure; never looks at the clock or a register. */
  readonly upcast?: Readonly<Record<number, (data: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>>>;
}

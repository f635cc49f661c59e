/** What one system tells about one person, at one time. */
import type { Codes } from './codes.js';
import type { Person } from './person.js';
import type { Random } from './random.js';

export const SYSTEMS = ['crm', 'order-system', 'event-system', 'newsletter-system', 'broker-import', 'website-log', 'support-desk'] as const;
/** The systems, and the compliance officers at their console. */
export const SENDERS = [...SYSTEMS, 'console'] as const;
export type System = (typeof SENDERS)[number];

export interface Step {
  readonly system: System;
  /** Unix ms. */
  readonly at: number;
  readonly command: string;
  readonly data: Readonly<Record<string, unknown>>;
  /** What the line is when it is not simply meant to be recorded. */
  readonly as?: LineKind;
  /** Takes another step's place in the file: its id again (`duplicate`, `reused`). Index within the story. */
  readonly repeats?: number;
  /** The line as text, for what cannot be said as an event. */
  readonly raw?: (id: string, source: string) => string;
}

/** `told`: to be recorded. `asked`: so too, and judged by the day of the import. `duplicate`: the same line again. `reused`: its id with other content. Else why it is faulty. */
export type LineKind = 'told' | 'asked' | 'duplicate' | 'reused' | FaultKind;

export const FAULT_KINDS = [
  'malformed-json', 'missing-member', 'unknown-member', 'wrong-type', 'no-such-date', 'future', 'unknown-purpose', 'unknown-category', 'unknown-source', 'unknown-service',
  'unknown-wording', 'unknown-command', 'other-source', 'id-with-email', 'id-with-personnummer', 'malformed-email', 'malformed-personnummer', 'ambiguous', 'taken',
  'nobody', 'unregistered', 'no-relationship', 'not-held', 'not-disputed', 'bad-order', 'unknown-recipient', 'unknown-conference', 'unfit-module', 'ended-too-soon', 'asked-of-the-past',
] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

export interface World {
  readonly seed: number;
  readonly people: number;
  readonly organisations: number;
  /** Unix ms. */
  readonly from: number;
  readonly until: number;
  readonly codes: Codes;
}

/** What a story is told with. */
export interface Teller {
  readonly world: World;
  readonly person: Person;
  readonly random: Random;
  /** Adds a step unless it would come after the file's end. */
  tell(system: System, at: number, command: string, data: Readonly<Record<string, unknown>>): void;
  /** Asks instead: it stands in the file where it was asked, and is answered by what holds when it is read. */
  ask(system: System, at: number, command: string, data: Readonly<Record<string, unknown>>): void;
}

/** What the registers are told with: each on its day, and as the file begins when that came before. */
export interface RegisterTeller {
  readonly world: World;
  tell(system: System, day: string, command: string, data: Readonly<Record<string, unknown>>): void;
}

export const MINUTE = 60_000;
export const DAY = 86_400_000;
export const byEmail = ({ email }: Person): { identifier: object; createIfMissing: true } => ({ identifier: { kind: 'email', value: email }, createIfMissing: true });
/** Somebody who was told of before. */
export const known = ({ email }: Person): { identifier: object } => ({ identifier: { kind: 'email', value: email } });
export const byNumber = ({ customerNumber }: Person): { identifier: object } => ({ identifier: { kind: 'customer-number', value: customerNumber } });
export const NOTICE = { notice: { id: 'privacy-notice', version: 1 } } as const;
export const dateOf = (at: number): string => new Date(at).toISOString().slice(0, 10);

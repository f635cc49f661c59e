/** A line of something asked of the gate, or told to have been done: a disclosure, a transfer, a use. */
import type { Position } from '#event-store/event-store.js';
import type { Envelope } from '../envelope.js';
import type { ActItem, Applied } from '../gate/reasoning.members.js';
import type { DisclosureData } from '../subject/disclosure/disclosure.events.js';
import type { TransferData } from '../subject/transfer/transfer.events.js';
import type { UseData } from '../subject/use/use.events.js';
import { subjectOf } from '../subject/subject.js';
import { lineOf, type Line } from './register.js';

export type Stage = 'authorised' | 'blocked' | 'told';
export interface ActLine extends Line {
  readonly subject: string;
  readonly act: 'disclosure' | 'transfer' | 'use';
  readonly stage: Stage;
  readonly purpose: string;
  /** Each category once. */
  readonly categories: readonly string[];
  readonly holdings: readonly string[];
  readonly recipient?: string;
  readonly role?: string;
  readonly conference?: string;
  readonly country?: string;
  readonly remoteAccess?: boolean;
  readonly arrangement?: string;
  readonly mechanism?: string;
  readonly adequacy?: string;
  readonly derogation?: string;
  readonly ground?: string;
  readonly plan?: string;
  readonly kind?: string;
  readonly outcome?: string;
  readonly authorisation?: string;
  /** The disclosure's own id. */
  readonly disclosure?: string;
  readonly transfer?: string;
  readonly use?: string;
  /** Codes of the rules that were remarked on; the failed ones stand in `failed`. */
  readonly remarked: readonly string[];
}

const acts: Readonly<Record<string, readonly [act: ActLine['act'], stage: Stage]>> = {
  DisclosureAuthorised: ['disclosure', 'authorised'],
  DisclosureBlocked: ['disclosure', 'blocked'],
  PersonalDataDisclosed: ['disclosure', 'told'],
  TransferAuthorised: ['transfer', 'authorised'],
  TransferBlocked: ['transfer', 'blocked'],
  TransferPerformed: ['transfer', 'told'],
  UseAuthorised: ['use', 'authorised'],
  UseBlocked: ['use', 'blocked'],
  PersonalDataUsed: ['use', 'told'],
} satisfies Partial<Record<keyof (DisclosureData & TransferData & UseData), readonly [ActLine['act'], Stage]>>;

/** What kind of act an event of a person's stream is about, and at what stage; undefined for every other event. */
export function actOf(type: string): readonly [act: ActLine['act'], stage: Stage] | undefined {
  return Object.hasOwn(acts, type) ? acts[type] : undefined;
}

type Told = Omit<ActLine, keyof Line | 'subject' | 'act' | 'stage' | 'categories' | 'holdings' | 'remarked'> & { readonly items: readonly ActItem[]; readonly rules: readonly Applied[] };

/** The line of an event of which `actOf` says that it is an act. */
export function actLine(event: Envelope, position: Position, [act, stage]: readonly [ActLine['act'], Stage]): ActLine {
  const { items, rules, ...told } = event.data as Readonly<Record<string, unknown>> & Told;
  return {
    ...lineOf(event, position),
    subject: subjectOf(event.stream),
    act,
    stage,
    ...told,
    categories: [...new Set(items.map(({ category }) => category))],
    holdings: [...new Set(items.flatMap(({ holding }) => holding ?? []))],
    remarked: [...new Set(rules.filter(({ result }) => result === 'remarked').map(({ rule }) => rule))],
  };
}

/** Codes of the rules that an act fell foul of: failed or remarked. */
export function rulesOf({ failed, remarked }: Pick<ActLine, 'failed' | 'remarked'>): readonly string[] {
  return [...new Set([...(failed ?? []), ...remarked])];
}

export const actColumns = ['position', 'event', 'type', 'subject', 'act', 'stage', 'recipient', 'role', 'purpose', 'categories', 'holdings', 'occurredAt', 'recordedAt', 'controller', 'service', 'conference', 'country', 'remoteAccess', 'arrangement', 'mechanism', 'adequacy', 'derogation', 'ground', 'plan', 'kind', 'outcome', 'authorisation', 'disclosure', 'transfer', 'use', 'verdict', 'failed', 'remarked', 'system', 'actor'] as const;

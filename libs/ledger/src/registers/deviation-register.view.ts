/**
 * The deviation register: each fact without justification, of any type and on any stream that may be seen, and what was done about it;
 * open ones first. An ask that was blocked is none: nothing happened.
 */
import type { StoredEvent } from '#event-store/event-store.js';
import type { Change, Row, RowRef, View } from '#projection/view.js';
import { decode } from '../encoding.js';
import type { DeviationData } from '../subject/deviation/deviation.events.js';
import { SUBJECT_PREFIX, subjectOf } from '../subject/subject.js';
import { entered, lineIn, lineOf, refOf, registerOf, type Line } from './register.js';

export interface DealtWith {
  readonly event: string;
  readonly at: string;
  readonly measure: string;
  /** The officer. */
  readonly actor?: string;
}

export interface DeviationLine extends Line {
  readonly stream: string;
  readonly revision: number;
  readonly subject?: string;
  readonly recipient?: string;
  readonly source?: string;
  readonly conference?: string;
  readonly purposes: readonly string[];
  readonly categories: readonly string[];
  /** Empty: nobody has dealt with it. */
  readonly dealtWith: readonly DealtWith[];
}

/** Ranks of the register. */
export const DEVIATION_RANKS = { open: 0, 'dealt-with': 1 } as const;

export const deviationRegister = registerOf<DeviationLine>(
  'deviation_register',
  { subject: ({ subject }) => subject, recipient: ({ recipient }) => recipient, rule: ({ failed }) => failed },
  {
    type: ({ type }) => type,
    stream: ({ stream }) => stream,
    source: ({ source }) => source,
    purpose: ({ purposes }) => purposes,
    category: ({ categories }) => categories,
    conference: ({ conference }) => conference,
    service: ({ service }) => service,
    controller: ({ controller }) => controller,
    dealtWithBy: ({ dealtWith }) => dealtWith.flatMap(({ actor }) => actor ?? []),
  },
  ({ dealtWith }) => (dealtWith.length === 0 ? DEVIATION_RANKS.open : DEVIATION_RANKS['dealt-with']),
);

export const deviationRegisterColumns = ['position', 'event', 'type', 'stream', 'revision', 'subject', 'recipient', 'source', 'purposes', 'categories', 'conference', 'occurredAt', 'recordedAt', 'controller', 'service', 'verdict', 'failed', 'dealtWith', 'system', 'actor', 'annulled'] as const;

export const deviationRegisterView: View = {
  name: 'deviation-register',
  version: 1,
  tables: [deviationRegister.entries, deviationRegister.keys],
  streamPrefixes: [SUBJECT_PREFIX, 'organisation-', 'recipient-', 'source-', 'conference-', 'activity-', 'policy-'],
  touches(event: StoredEvent): readonly RowRef[] {
    const about = dealingIn(event)?.about;
    return about === undefined ? [] : [refOf(deviationRegister, about)];
  },
  apply(event: StoredEvent, read: (ref: RowRef) => Row | undefined): readonly Change[] {
    const dealing = dealingIn(event);
    if (dealing === undefined) return opened(event);
    const { about, ...how } = dealing;
    const before = lineIn(deviationRegister, read(refOf(deviationRegister, about)));
    return before === undefined ? [] : entered(deviationRegister, about, { ...before, dealtWith: [...before.dealtWith, how] }, before);
  },
};

interface Told {
  readonly recipient?: string;
  readonly source?: string;
  readonly conference?: string;
  readonly purpose?: string;
  readonly purposes?: readonly string[];
  readonly category?: string;
  readonly items?: readonly { readonly category: string; readonly purposes?: readonly { readonly purpose: string }[] }[];
}

function opened(event: StoredEvent): readonly Change[] {
  const envelope = decode(event);
  if (envelope.verdict !== 'unjustified' || isBlockedAsk(envelope.type)) return [];
  const { recipient, source, conference, purpose, purposes = [], category, items = [] } = envelope.data as Told;
  const line: DeviationLine = {
    ...lineOf(envelope, event.position),
    stream: event.stream,
    revision: event.revision,
    ...(event.stream.startsWith(SUBJECT_PREFIX) && { subject: subjectOf(event.stream) }),
    ...(recipient !== undefined && { recipient }),
    ...(source !== undefined && { source }),
    ...(conference !== undefined && { conference }),
    purposes: [...new Set([...(purpose === undefined ? [] : [purpose]), ...purposes, ...items.flatMap((item) => (item.purposes ?? []).map((one) => one.purpose))])],
    categories: [...new Set([...(category === undefined ? [] : [category]), ...items.map((item) => item.category)])],
    dealtWith: [],
  };
  return entered(deviationRegister, event.id, line);
}

export function isBlockedAsk(type: string): boolean {
  return type === 'DisclosureBlocked' || type === 'TransferBlocked' || type === 'UseBlocked';
}

/** A fact that was recorded in error needs no other measure. */
function dealingIn(event: StoredEvent): (DealtWith & { readonly about: string }) | undefined {
  if (event.type !== 'DeviationDealtWith' && event.type !== 'RecordedInError') return undefined;
  const { data, occurredAt, actor } = decode(event);
  const { event: about, measure } = data as Partial<DeviationData['DeviationDealtWith']>;
  return { about: about ?? '', event: event.id, at: occurredAt, measure: measure ?? 'recorded-in-error', ...(actor !== undefined && { actor }) };
}

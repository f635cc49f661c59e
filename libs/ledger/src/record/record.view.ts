/**
 * The personal-data record: what is held about each person, one row a thing. Rows keep intervals and refer to sealed values; what
 * stands "now" follows from the clock at the edge (`record.answer.ts`).
 */
import type { StoredEvent } from '#event-store/event-store.js';
import type { Change, Row, RowRef, View } from '#projection/view.js';
import { decode } from '../encoding.js';
import type { Envelope } from '../envelope.js';
import type { ConsentData } from '../subject/consent/consent.events.js';
import type { HeldItem, HoldingData } from '../subject/holding/holding.events.js';
import { correctionIn, valueOf } from '../subject/holding/holding.state.js';
import type { NoticeData } from '../subject/notice/notice.events.js';
import type { IdentityData } from '../subject/identity/identity.events.js';
import { SUBJECT_PREFIX, subjectOf, type SubjectData } from '../subject/subject.js';
import type { SealedRef } from '#vault/vault.js';
import type { ActEntry, ActType, ConsentEntry, HoldingEntry, Provenance, RecordEntry, ValueEntry } from './record.entries.js';

export const RECORD_TABLE = 'record_entry';

export const recordView: View = {
  name: 'personal-data-record',
  version: 4,
  tables: [{ name: RECORD_TABLE, columns: { subject: 'text', entry: 'text', body: 'text' }, key: ['subject', 'entry'] }],
  streamPrefixes: [SUBJECT_PREFIX],
  touches(event: StoredEvent): readonly RowRef[] {
    const envelope = decode(event);
    return touchedBy(envelope).map((entry) => ref(envelope, entry));
  },
  apply(event: StoredEvent, read: (row: RowRef) => Row | undefined): readonly Change[] {
    const envelope = decode(event);
    const subject = subjectOf(envelope.stream);
    const known = (entry: string): RecordEntry | undefined => entryOf(read(ref(envelope, entry)));
    return entriesOf(envelope, known).map(([entry, body]) => ({ op: 'put', table: RECORD_TABLE, row: { subject, entry, body: JSON.stringify(body) } }));
  },
};

export function entryOf(row: Row | undefined): RecordEntry | undefined {
  return row === undefined ? undefined : (JSON.parse(String(row['body'])) as RecordEntry);
}

function ref(envelope: Envelope, entry: string): RowRef {
  return { table: RECORD_TABLE, key: [subjectOf(envelope.stream), entry] };
}

const keys = {
  identifier: (id: string) => `identifier:${id}`,
  relationship: (id: string) => `relationship:${id}`,
  representation: (id: string) => `representation:${id}`,
  holding: (id: string) => `holding:${id}`,
  obligation: (id: string) => `obligation:${id}`,
  consent: (revision: number) => `consent:${inOrder(revision)}`,
  act: (revision: number) => `act:${inOrder(revision)}`,
  age: (revision: number) => `age:${inOrder(revision)}`,
  death: (revision: number) => `death:${inOrder(revision)}`,
  protection: (revision: number) => `protection:${inOrder(revision)}`,
};

/** So that entries sort as they were told. */
function inOrder(revision: number): string {
  return String(revision).padStart(10, '0');
}

/** The entries that an event changes and therefore reads first. */
function touchedBy({ type, data }: Envelope): readonly string[] {
  switch (type) {
    case 'SubjectIdentifierUnlinked':
      return [keys.identifier((data as IdentityData['SubjectIdentifierUnlinked']).identifier)];
    case 'RelationshipEnded':
      return [keys.relationship((data as IdentityData['RelationshipEnded']).relationship)];
    case 'OrganisationRepresentationStarted':
    case 'OrganisationRepresentationEnded':
      return [keys.representation((data as IdentityData['OrganisationRepresentationEnded']).organisation)];
    case 'PersonalDataCollected':
    case 'PersonalDataObserved':
    case 'PersonalDataSourced':
      return [...new Set((data as HoldingData['PersonalDataCollected']).items.map(({ holding }) => keys.holding(holding)))];
    case 'PersonalDataRectified':
    case 'PersonalDataCompleted':
    case 'PersonalDataDisputed':
    case 'DisputeResolved':
      return [keys.holding((data as HoldingData['PersonalDataDisputed']).holding)];
    case 'NoticeServed':
      return (data as NoticeData['NoticeServed']).obligations.map(keys.obligation);
    case 'IndirectNoticeServed':
      return [keys.obligation((data as HoldingData['IndirectNoticeServed']).obligation)];
    default:
      // Every other event adds an entry of its own and reads none.
      return [];
  }
}

type Known = (entry: string) => RecordEntry | undefined;
type Entries = readonly (readonly [string, RecordEntry])[];

/** The entries as they are after an event: a table from its type to what it says of the person. */
function entriesOf(event: Envelope, known: Known): Entries {
  const make = entryMakers[event.type as keyof SubjectData];
  return make(event as never, known);
}

type Of<T extends keyof SubjectData> = Omit<Envelope, 'data'> & { readonly data: SubjectData[T] };
type Makers = { readonly [T in keyof SubjectData]: (event: Of<T>, known: Known) => Entries };

const entryMakers: Makers = {
  SubjectRegistered: (event) => [['person:registered', { kind: 'registered', at: event.occurredAt, event: event.id }]],
  SubjectIdentifierLinked: ({ data, id }) => [
    [keys.identifier(data.identifier), { kind: 'identifier', identifier: data.identifier, identifierKind: data.kind, use: data.use, from: data.from, ...(data.to !== undefined && { to: data.to }), event: id }],
  ],
  SubjectIdentifierUnlinked: ({ data }, known) => changed(known, keys.identifier(data.identifier), 'identifier', (entry) => ({ ...entry, to: data.to })),
  RelationshipStarted: ({ data, occurredAt, controller, service }) => [
    [
      keys.relationship(data.relationship),
      {
        kind: 'relationship',
        relationship: data.relationship,
        relationshipKind: data.kind,
        capacity: data.capacity,
        ...(data.conference !== undefined && { conference: data.conference }),
        ...(controller !== undefined && { controller }),
        ...(service !== undefined && { service }),
        startedAt: occurredAt,
      },
    ],
  ],
  RelationshipEnded: ({ data, occurredAt }, known) => changed(known, keys.relationship(data.relationship), 'relationship', (entry) => ({ ...entry, endedAt: occurredAt, reason: data.reason })),
  OrganisationRepresentationStarted: (event, known) => {
    const { organisation } = event.data;
    const before = known(keys.representation(organisation));
    const [position] = referencesOf(event, () => true);
    const times = [...(before?.kind === 'representation' ? before.times : []), { startedAt: event.occurredAt, ...(position !== undefined && { position }) }];
    return [[keys.representation(organisation), { kind: 'representation', organisation, times }]];
  },
  OrganisationRepresentationEnded: ({ data, occurredAt }, known) =>
    changed(known, keys.representation(data.organisation), 'representation', (entry) => ({ ...entry, times: entry.times.map((time, i) => (i === openTime(entry) ? { ...time, endedAt: occurredAt } : time)) })),
  ProtectedIdentityFlagged: ({ data, occurredAt, revision }) => [[keys.protection(revision), { kind: 'protection', protection: data.protection, at: occurredAt }]],
  ProtectedIdentityLifted: ({ occurredAt, revision }) => [[keys.protection(revision), { kind: 'protection', at: occurredAt }]],
  AgeBandRecorded: ({ data, occurredAt, revision }) => [[keys.age(revision), { kind: 'age', at: occurredAt, band: data.band }]],
  DeathRecorded: ({ data, occurredAt, revision }) => [[keys.death(revision), { kind: 'death', at: occurredAt, ...(data.diedOn !== undefined && { diedOn: data.diedOn }) }]],
  ConsentRequested: consentEntry,
  ConsentGiven: consentEntry,
  RenewedConsentGiven: consentEntry,
  ConsentRefused: consentEntry,
  ConsentWithdrawn: consentEntry,
  ConsentExpired: consentEntry,
  PersonalDataCollected: (event, known) => heldEntries(event, 'collected', { context: event.data.context, ...conferenceIn(event.data) }, known),
  PersonalDataObserved: (event, known) => heldEntries(event, 'observed', { technology: event.data.technology }, known),
  PersonalDataSourced: (event, known) =>
    heldEntries(event, event.data.source, { source: event.data.source, sourceKind: event.data.sourceKind, publiclyAccessible: event.data.publiclyAccessible, ...conferenceIn(event.data) }, known),
  IndirectNoticeObligationOpened: ({ data }) => [[keys.obligation(data.obligation), { kind: 'obligation', ...data }]],
  IndirectNoticeServed: ({ data }, known) => changed(known, keys.obligation(data.obligation), 'obligation', (entry) => ({ ...entry, servedAt: data.servedAt, notice: data.notice })),
  NoticeServed: (event, known) => [
    ...actEntry(event),
    ...event.data.obligations.flatMap((obligation) => changed(known, keys.obligation(obligation), 'obligation', (entry) => ({ ...entry, servedAt: event.data.servedAt, notice: event.data.notice }))),
  ],
  DataSubjectObjected: actEntry,
  DisclosureAuthorised: actEntry,
  DisclosureBlocked: actEntry,
  PersonalDataDisclosed: actEntry,
  DisclosureRecalled: actEntry,
  DisclosureRecallConfirmed: actEntry,
  MatterReferredToPolice: actEntry,
  TransferAuthorised: actEntry,
  TransferBlocked: actEntry,
  TransferPerformed: actEntry,
  UseAuthorised: actEntry,
  UseBlocked: actEntry,
  PersonalDataUsed: actEntry,
  DeviationDealtWith: actEntry,
  PersonalDataRectified: (event, known) => corrected(event, event.data.supersedes, known),
  PersonalDataCompleted: (event, known) => corrected(event, [], known),
  PersonalDataDisputed: ({ data, occurredAt }, known) =>
    changed(known, keys.holding(data.holding), 'holding', (entry) => ({ ...entry, disputes: [...entry.disputes, { dispute: data.dispute, at: occurredAt }] })),
  // A merge and a mistake are no things of the person's: `subject/merge/person.ts` says which events these entries are made of.
  MergeStarted: none,
  SubjectMergedInto: none,
  SubjectAbsorbed: none,
  MergeAbandoned: none,
  SubjectReleased: none,
  SubjectMergeReversed: none,
  RecordedInError: none,
  DisputeResolved: ({ data, occurredAt }, known) =>
    changed(known, keys.holding(data.holding), 'holding', (entry) => ({
      ...entry,
      disputes: entry.disputes.map((dispute) => (dispute.dispute === data.dispute ? { ...dispute, outcome: data.outcome, resolvedAt: occurredAt } : dispute)),
    })),
};

function none(): Entries {
  return [];
}

function actEntry(event: Of<ActType>): Entries {
  const { id, type, occurredAt, recordedAt, controller, service, verdict, failed, revision, data } = event;
  const entry: ActEntry = {
    kind: 'act',
    event: id,
    type: type as ActType,
    occurredAt,
    recordedAt,
    ...(controller !== undefined && { controller }),
    ...(service !== undefined && { service }),
    ...(verdict !== undefined && { verdict }),
    ...(failed !== undefined && { failed }),
    data,
    references: referencesOf(event, () => true),
  };
  return [[keys.act(revision), entry]];
}

function consentEntry(event: Of<keyof ConsentData>): Entries {
  const { id, type, occurredAt, recordedAt, controller, service, verdict, onBehalfOf, revision, data } = event;
  const entry: ConsentEntry = {
    kind: 'consent',
    event: id,
    type: type as keyof ConsentData,
    occurredAt,
    recordedAt,
    ...(controller !== undefined && { controller }),
    ...(service !== undefined && { service }),
    ...(verdict !== undefined && { verdict }),
    ...(onBehalfOf !== undefined && { onBehalfOf }),
    data,
    references: referencesOf(event, () => true),
  };
  return [[keys.consent(revision), entry]];
}

/** The time that has not ended: the last, but where two people with a time each became one. */
function openTime({ times }: Extract<RecordEntry, { kind: 'representation' }>): number {
  const open = times.findLastIndex(({ endedAt }) => endedAt === undefined);
  return open === -1 ? times.length - 1 : open;
}

type HeldEvent = Of<'PersonalDataCollected' | 'PersonalDataObserved' | 'PersonalDataSourced'>;

function heldEntries(event: HeldEvent, origin: string, from: Provenance, known: Known): Entries {
  const { data } = event;
  const holdings = new Map<string, RecordEntry>();
  const values = data.items.map((item, i): readonly [string, RecordEntry] => {
    const key = keys.holding(item.holding);
    holdings.set(key, holdings.get(key) ?? known(key) ?? newHolding(event, item, origin));
    const provenance: Provenance = {
      ...from,
      ...(data.notice !== undefined && { notice: data.notice }),
      ...(item.necessity !== undefined && { necessity: item.necessity }),
      ...withReferences(event),
    };
    const sealed = valueOf(item, event.id);
    const entry: ValueEntry = {
      ...toldIn(event),
      holding: item.holding,
      ...(sealed !== undefined && { sealed: { ...sealed, holding: item.identifier?.identifier ?? item.holding } }),
      purposes: item.purposes,
      provenance,
    };
    return [`value:${item.holding}:${event.id}:${i}`, entry];
  });
  return [...holdings, ...values];
}

function conferenceIn({ conference }: { readonly conference?: string }): Pick<Provenance, 'conference'> {
  return conference === undefined ? {} : { conference };
}

function newHolding({ controller, service, data }: HeldEvent, item: HeldItem, origin: string): HoldingEntry {
  return {
    kind: 'holding',
    holding: item.holding,
    category: item.category,
    relationship: data.relationship,
    origin,
    ...(controller !== undefined && { controller }),
    ...(service !== undefined && { service }),
    superseded: [],
    disputes: [],
  };
}

function corrected(event: Of<'PersonalDataRectified' | 'PersonalDataCompleted'>, supersedes: readonly { event: string; slot: string }[], known: Known): Entries {
  const { holding } = event.data;
  const [sealed] = correctionIn(event);
  const value: ValueEntry = {
    ...toldIn(event),
    holding,
    ...(sealed !== undefined && { sealed: { ...sealed, holding } }),
    purposes: [],
    provenance: { ...(event.type === 'PersonalDataRectified' ? { rectified: true } : { completed: true }), ...withReferences(event) },
  };
  const by = supersedes.map((old) => ({ event: old.event, slot: old.slot, by: event.id, at: event.occurredAt }));
  return [...changed(known, keys.holding(holding), 'holding', (entry) => ({ ...entry, superseded: [...entry.superseded, ...by] })), [`value:${holding}:${event.id}:0`, value]];
}

function toldIn({ id, occurredAt, recordedAt, policy, onBehalfOf, system }: Of<keyof SubjectData>): Omit<ValueEntry, 'holding' | 'purposes' | 'provenance'> {
  return {
    kind: 'value',
    event: id,
    occurredAt,
    recordedAt,
    system,
    ...(policy !== undefined && { policy }),
    ...(onBehalfOf !== undefined && { onBehalfOf }),
  };
}

/** Strings that came with the values: an order's or a case's number, a reason, a source's name, a profile. */
function withReferences(event: Of<keyof SubjectData>): { references?: readonly SealedRef[] } {
  const references = referencesOf(event, (slot) => !slot.startsWith('value'));
  return references.length === 0 ? {} : { references };
}

function referencesOf(event: Of<keyof SubjectData>, isMeant: (slot: string) => boolean): readonly SealedRef[] {
  return (event.sealed ?? []).filter(({ slot }) => isMeant(slot)).map(({ slot, holding }) => ({ event: event.id, slot, holding }));
}

/** An entry as a later event changes it; nothing where it is not there. */
function changed<K extends RecordEntry['kind']>(known: Known, key: string, kind: K, how: (entry: Extract<RecordEntry, { kind: K }>) => RecordEntry): Entries {
  const entry = known(key);
  return entry?.kind === kind ? [[key, how(entry as Extract<RecordEntry, { kind: K }>)]] : [];
}

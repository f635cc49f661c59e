/**
 * A person as a whole: the events of their own stream, those of everybody they have taken in, and none that was recorded in error. Every
 * fold of a person goes through here, so that a slice and a view know nothing of merges and mistakes (decision 0006).
 */
import { canonical } from '#audit/canonical.js';
import type { EventStore, Position, StoredEvent } from '#event-store/event-store.js';
import { parseWhen } from '#law/when.js';
import { decode } from '../../encoding.js';
import type { Envelope } from '../../envelope.js';
import type { MistakeData } from '../mistake/mistake.events.js';
import { mistakeEvents } from '../mistake/mistake.events.js';
import { evolveSubject, initialSubject, subjectStream, type SubjectState } from '../subject.js';
import { joined } from './join.js';
import { mergeEvents } from './merge.events.js';
import { absorbedBy, evolveMerge, initialMerge, type MergeState } from './merge.state.js';

export interface Person {
  readonly stream: string;
  /** Of their own stream, in order, annulled ones too. */
  readonly events: readonly StoredEvent[];
  readonly merge: MergeState;
  /** Whom they have taken in and not handed back, by the event that did. */
  readonly absorbed: ReadonlyMap<string, Person>;
}

/** How much of the log is looked at. */
export interface Until {
  readonly revision?: number;
  readonly position?: Position;
}

/** O(events of the person and of everybody taken in). Somebody who is not registered has no events. */
export async function readPerson(log: EventStore, stream: string, until: Until = {}): Promise<Person> {
  const events: StoredEvent[] = [];
  for await (const batch of log.readStream(stream)) events.push(...batch.filter((event) => isWithin(event, until)));
  const merge = events.filter(({ type }) => Object.hasOwn(mergeEvents, type)).reduce((state, event) => evolveMerge(state, decode(event)), initialMerge);
  const absorbed = new Map<string, Person>();
  for (const { from, absorbed: step } of absorbedBy(merge)) {
    const event = events.find(({ id }) => id === step?.event);
    if (event === undefined) continue;
    const revision = decode(event).data['revision'] as number;
    absorbed.set(event.id, await readPerson(log, subjectStream(from), { ...until, revision }));
  }
  return { stream, events, merge, absorbed };
}

function isWithin(event: StoredEvent, { revision, position }: Until): boolean {
  return (revision === undefined || event.revision <= revision) && (position === undefined || event.position <= position);
}

/** Types after which a state cannot be folded on, but must be folded anew. */
export function isRefolding(type: string): boolean {
  return type === 'SubjectAbsorbed' || type === 'SubjectReleased' || type === 'RecordedInError';
}

/** The state that every decision reads. */
export function foldPerson(person: Person): SubjectState {
  const annulled = annulmentsIn(person);
  const fold = (one: Person): SubjectState => {
    let state = initialSubject;
    for (const event of one.events) {
      if (annulled.has(event.id)) continue;
      state = evolveSubject(state, decode(event));
      const other = one.absorbed.get(event.id);
      if (other !== undefined) state = joined(state, fold(other), other.stream, countedIn(other, annulled).map(decode));
    }
    return state;
  };
  return fold(person);
}

/** What was recorded in error, by the event that does not count; the event that said so first stands for all. */
export function annulmentsIn(person: Person): ReadonlyMap<string, Envelope> {
  const annulments = new Map<string, Envelope>();
  for (const event of everyEvent(person)) {
    if (!Object.hasOwn(mistakeEvents, event.type)) continue;
    const { event: wrong } = decode(event).data as MistakeData['RecordedInError'];
    if (!annulments.has(wrong)) annulments.set(wrong, decode(event));
  }
  return annulments;
}

/**
 * The events that count, as if all of them had been told on the survivor's stream: what a view makes of these it would have made of one
 * person. Their revisions are counted anew; ids, times and positions stay.
 */
export function asOneStream(person: Person): readonly StoredEvent[] {
  if (person.absorbed.size === 0) return countedIn(person, annulmentsIn(person));
  const { stream } = person;
  return countedIn(person, annulmentsIn(person)).map((event, revision) => ({ ...event, stream, revision, data: canonical({ ...decode(event), stream, revision }) }));
}

/** In the order in which they are folded: those of somebody taken in stand where they were taken in. Registered once is enough. */
function countedIn(person: Person, annulled: ReadonlyMap<string, unknown>): readonly StoredEvent[] {
  return person.events.flatMap((event) => {
    if (annulled.has(event.id)) return [];
    const other = person.absorbed.get(event.id);
    return other === undefined ? [event] : [event, ...countedIn(other, annulled).filter(({ type }) => type !== 'SubjectRegistered')];
  });
}

function everyEvent(person: Person): readonly StoredEvent[] {
  return [...person.events, ...[...person.absorbed.values()].flatMap(everyEvent)];
}

/**
 * The protection in force at an instant: the last that was told of the person or, unless it was lifted after they were taken in, of anybody
 * taken in. The more restrictive governs: a lift told of one before the merge says nothing of the other.
 */
export function protectionAt(person: Person, at: string): string | undefined {
  return protectionOf(person, at, annulmentsIn(person));
}

function protectionOf({ events, absorbed }: Person, at: string, annulled: ReadonlyMap<string, unknown>): string | undefined {
  const begun = (event: StoredEvent): boolean => earliestOf(event) <= at && !annulled.has(event.id);
  const told = events.filter((event) => (event.type === 'ProtectedIdentityFlagged' || event.type === 'ProtectedIdentityLifted') && begun(event));
  const last = told.reduce<StoredEvent | undefined>((found, event) => (found === undefined || earliestOf(event) >= earliestOf(found) ? event : found), undefined);
  if (last?.type === 'ProtectedIdentityFlagged') return decode(last).data['protection'] as string;
  for (const [taken, other] of absorbed) {
    const since = events.find(({ id }) => id === taken)?.revision ?? 0;
    const isLifted = told.some(({ type, revision }) => type === 'ProtectedIdentityLifted' && revision > since);
    const protection = isLifted ? undefined : protectionOf(other, at, annulled);
    if (protection !== undefined) return protection;
  }
  return undefined;
}

function earliestOf(event: StoredEvent): string {
  const { occurredAt } = decode(event);
  return parseWhen(occurredAt)?.earliest ?? occurredAt;
}

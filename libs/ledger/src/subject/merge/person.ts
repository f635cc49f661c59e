/**
 * A person as a whole: the events of their own stream, those of everybody they have taken in, and none that was recorded in error. Every
 * fold of a person goes through here, so that a slice and a view know nothing of merges and mistakes (decision 0006).
 */
import { canonical } from '#audit/canonical.js';
import type { EventStore, Position, StoredEvent } from '#event-store/event-store.js';
import { decode } from '../../encoding.js';
import type { Envelope } from '../../envelope.js';
import { mistakeEvents, type MistakeData } from '../mistake/mistake.events.js';
import { evolveSubject, initialSubject, subjectOf, subjectStream, type SubjectState } from '../subject.js';
import { mergeEvents, type MergeData } from './merge.events.js';
import { absorbedBy, evolveMerge, initialMerge, type MergeState } from './merge.state.js';
import { restricted } from './restrict.js';

export interface Person {
  readonly stream: string;
  /** Of their own stream, in order, annulled ones too. */
  readonly events: readonly StoredEvent[];
  readonly merge: MergeState;
  /** Whom they have taken in and not handed back, in the order in which they did. */
  readonly absorbed: readonly Absorbed[];
}

export interface Absorbed {
  /** Where the two became one: of `SubjectAbsorbed`. */
  readonly at: Position;
  readonly other: Person;
}

/** Events that do not count, each with the one that says so. */
export type Annulments = ReadonlyMap<string, Envelope>;

/** How much of the log is looked at. */
export interface Until {
  readonly revision?: number;
  readonly position?: Position;
}

/** O(events of the person and of everybody taken in). Somebody who is not registered has no events. */
export async function readPerson(log: EventStore, stream: string, until: Until = {}): Promise<Person> {
  const events: StoredEvent[] = [];
  for await (const batch of log.readStream(stream)) events.push(...batch.filter((event) => isWithin(event, until)));
  const steps = events.filter(({ type }) => Object.hasOwn(mergeEvents, type));
  const merge = steps.reduce((state, event) => evolveMerge(state, decode(event)), initialMerge);
  const standing = new Set(absorbedBy(merge).map(({ absorbed }) => absorbed?.event));
  const absorbed: Absorbed[] = [];
  for (const event of steps) {
    if (!standing.has(event.id)) continue;
    const { from, revision } = decode(event).data as MergeData['SubjectAbsorbed'];
    absorbed.push({ at: event.position, other: await readPerson(log, subjectStream(from), { ...until, revision }) });
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

/** The state that every decision reads: each slice folds what was told of all of them, and what order must not decide is settled then. */
export function foldPerson(person: Person): SubjectState {
  const annulled = annulmentsIn(person);
  const isOthersStep = ({ stream, type }: StoredEvent): boolean => stream !== person.stream && Object.hasOwn(mergeEvents, type);
  const folded = countedIn(person, annulled)
    .filter((event) => !isOthersStep(event))
    .reduce((state, event) => evolveSubject(state, decode(event)), initialSubject);
  if (person.absorbed.length === 0) return folded;
  const whole = restricted(folded, person, annulled);
  return { ...whole, merge: { ...whole.merge, family: streamsOf(person).slice(1).map(subjectOf) } };
}

/** What was recorded in error, by the event that does not count; the event that said so first stands for all. */
export function annulmentsIn(person: Person): Annulments {
  const annulments = new Map<string, Envelope>();
  for (const event of everyEvent(person)) {
    if (!Object.hasOwn(mistakeEvents, event.type)) continue;
    const { event: wrong } = decode(event).data as MistakeData['RecordedInError'];
    if (!annulments.has(wrong)) annulments.set(wrong, decode(event));
  }
  return annulments;
}

/** Whoever is part of the person, themselves first. */
export function streamsOf({ stream, absorbed }: Person): readonly string[] {
  return [stream, ...absorbed.flatMap(({ other }) => streamsOf(other))];
}

/**
 * The events that count, as if all of them had been told on the survivor's stream: what a view makes of these it would have made of one
 * person. Their revisions are counted anew; ids, times and positions stay.
 */
export function asOneStream(person: Person): readonly StoredEvent[] {
  const counted = countedIn(person, annulmentsIn(person));
  if (person.absorbed.length === 0) return counted;
  const { stream } = person;
  return counted.map((event, revision) => ({ ...event, stream, revision, data: canonical({ ...decode(event), stream, revision }) }));
}

/** In log order: somebody who was merged, parted and merged again was told of on both streams by turns. Registered once is enough. */
function countedIn(person: Person, annulled: Annulments): readonly StoredEvent[] {
  const isFirst = ({ stream, type }: StoredEvent): boolean => type !== 'SubjectRegistered' || stream === person.stream;
  return everyEvent(person)
    .filter((event) => !annulled.has(event.id) && isFirst(event))
    .sort((a, b) => (a.position < b.position ? -1 : 1));
}

/** Of the person and of everybody taken in, stream by stream. */
export function everyEvent({ events, absorbed }: Person): readonly StoredEvent[] {
  return [...events, ...absorbed.flatMap(({ other }) => everyEvent(other))];
}

/** One person as a query is to show them: from the rows alone where these say it all, else from the events of the whole person. */
import type { EventStore, Position } from '#event-store/event-store.js';
import { foldView } from '#projection/rows.js';
import type { Row, View, ViewReader } from '#projection/view.js';
import { positionKnownAt } from '../known-time/known-time.view.js';
import { closedBy } from '../subject/merge/merge.state.js';
import { annulmentsIn, asOneStream, readPerson, streamsOf, type Person } from '../subject/merge/person.js';
import type { MistakeData } from '../subject/mistake/mistake.events.js';
import { subjectOf, subjectStream } from '../subject/subject.js';
import { marksOf, survivorIn, type Mark } from './people.view.js';

export interface Annulment {
  /** The event that says so. */
  readonly by: string;
  readonly code: MistakeData['RecordedInError']['code'];
}

export interface LookedUp {
  /** What the answer reflects; undefined: nothing was known. */
  readonly position: Position | undefined;
  /** The events to fold; undefined where the rows of `view` are what they make. */
  readonly person: Person | undefined;
  /** Who the person is now, when they were merged away. */
  readonly mergedInto: string | undefined;
  /** Of the events that do not count. */
  readonly annulled: ReadonlyMap<string, Annulment>;
}

interface Stores {
  readonly log: EventStore;
  readonly views: ViewReader;
}

/** One row read for nearly everybody; O(events of the person) for whoever was merged or mistaken, and for what was known at a time. */
export async function lookUp(stores: Stores, subject: string, view: View, known?: string): Promise<LookedUp> {
  return known === undefined ? lookUpNow(stores, subject, view) : lookUpThen(stores, subject, known);
}

async function lookUpNow({ log, views }: Stores, subject: string, view: View): Promise<LookedUp> {
  const position = await views.checkpoint(view.name);
  const marks = await marksOf(views, subject);
  const survivor = marks.some(({ kind }) => kind === 'merged-into') ? await survivorIn(views, subject) : subject;
  const isPlain = position === undefined || !marks.some(({ kind }) => kind !== 'merged-into');
  const person = isPlain ? undefined : await readPerson(log, subjectStream(subject), { position });
  return { position, person, mergedInto: survivor === subject ? undefined : survivor, annulled: annulledIn(person, marks) };
}

async function lookUpThen({ log, views }: Stores, subject: string, known: string): Promise<LookedUp> {
  const position = await positionKnownAt(views, log, known);
  const person = await personThen(log, subject, position);
  let survivor = subject;
  for (let closing = closedBy(person.merge); closing !== undefined; closing = closedBy((await personThen(log, survivor, position)).merge)) survivor = closing.into;
  const marks = (await marksOf(views, subject)).filter((mark) => mark.kind === 'annulled' && position !== undefined && mark.position <= position);
  return { position, person, mergedInto: survivor === subject ? undefined : survivor, annulled: annulledIn(person, marks) };
}

async function personThen(log: EventStore, subject: string, position: Position | undefined): Promise<Person> {
  const stream = subjectStream(subject);
  return position === undefined ? readPerson(log, stream, { revision: -1 }) : readPerson(log, stream, { position });
}

function annulledIn(person: Person | undefined, marks: readonly Mark[]): ReadonlyMap<string, Annulment> {
  const annulled = new Map<string, Annulment>();
  for (const mark of marks) if (mark.kind === 'annulled') annulled.set(mark.event, { by: mark.by, code: mark.code });
  if (person !== undefined)
    for (const [event, { id, data }] of annulmentsIn(person)) annulled.set(event, { by: id, code: (data as MistakeData['RecordedInError']).code });
  return annulled;
}

/** The rows of a view keyed by person, as it would make them of the whole person, in key order. */
export function rowsOf(view: View, table: string, person: Person): readonly Row[] {
  const rows = foldView(view, asOneStream(person)).get(table) ?? new Map<string, Row>();
  return [...rows].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
}

/** Who a person is now as the views know it, and the whole of them where a row of theirs may not be the truth. */
export async function wholeOf({ log, views }: Stores, subject: string, position: Position | undefined): Promise<{ readonly survivor: string; readonly person: Person | undefined }> {
  const survivor = await survivorIn(views, subject);
  const isMarked = survivor !== subject || (await marksOf(views, survivor)).length > 0;
  return { survivor, person: isMarked && position !== undefined ? await readPerson(log, subjectStream(survivor), { position }) : undefined };
}

/** Whose rows together are the person's: their own id first. */
export function subjectsOf(subject: string, person: Person | undefined): readonly string[] {
  return person === undefined ? [subject] : streamsOf(person).map(subjectOf);
}

/**
 * Who is part of whom, and what does not count: the few people of whom a row of another view may not be the whole truth, so that nobody
 * else's stream need be read. Its second table holds what the ledger itself has still to do (`open-work.ts`).
 */
import type { StoredEvent } from '#event-store/event-store.js';
import type { Change, Row, View, ViewReader } from '#projection/view.js';
import { decode } from '../encoding.js';
import type { MergeData } from '../subject/merge/merge.events.js';
import type { MistakeData } from '../subject/mistake/mistake.events.js';
import { SUBJECT_PREFIX, subjectOf } from '../subject/subject.js';

const MARKS = 'person_mark';
export const WORK_TABLE = 'person_work';

export type Mark =
  | { readonly kind: 'merged-into'; readonly survivor: string }
  | { readonly kind: 'absorbed'; readonly from: string }
  /** `by`: the event that says so. */
  | { readonly kind: 'annulled'; readonly event: string; readonly by: string; readonly code: MistakeData['RecordedInError']['code']; readonly position: string };

export type WorkKind = 'merge' | 'release' | 'mistake';

export const peopleView: View = {
  name: 'people',
  version: 1,
  tables: [
    { name: MARKS, columns: { subject: 'text', entry: 'text', body: 'text' }, key: ['subject', 'entry'] },
    { name: WORK_TABLE, columns: { kind: 'text', id: 'text', subject: 'text', revision: 'integer' }, key: ['kind', 'id'] },
  ],
  streamPrefixes: [SUBJECT_PREFIX],
  touches: () => [],
  apply(event: StoredEvent) {
    switch (event.type) {
      case 'MergeStarted':
        return [work('merge', mergeIn(event), event)];
      case 'MergeAbandoned':
        return [done('merge', mergeIn(event))];
      case 'SubjectAbsorbed':
        return [done('merge', mergeIn(event)), mark(subjectOf(event.stream), `absorbed:${mergeIn(event)}`, { kind: 'absorbed', from: (decode(event).data as MergeData['SubjectAbsorbed']).from })];
      case 'SubjectMergedInto':
        return [mark(subjectOf(event.stream), 'merged-into', { kind: 'merged-into', survivor: (decode(event).data as MergeData['SubjectMergedInto']).into })];
      case 'SubjectReleased':
        return [work('release', mergeIn(event), event), unmark(subjectOf(event.stream), `absorbed:${mergeIn(event)}`)];
      case 'SubjectMergeReversed':
        return [done('release', mergeIn(event)), unmark(subjectOf(event.stream), 'merged-into')];
      case 'RecordedInError':
        return annulled(event);
      default:
        // The rest of a person's stream is theirs alone, and counts.
        return [];
    }
  },
};

/** On whom it was recorded, and whom it is about. The work is never done: what was destroyed is destroyed again at every start. */
function annulled(event: StoredEvent): readonly Change[] {
  const { event: wrong, on, code } = decode(event).data as MistakeData['RecordedInError'];
  const people = new Set([subjectOf(event.stream), on]);
  const body: Mark = { kind: 'annulled', event: wrong, by: event.id, code, position: event.position };
  return [work('mistake', event.id, event), ...[...people].map((subject) => mark(subject, `annulled:${wrong}:${event.id}`, body))];
}

/** What is to be minded of a person; nothing of nearly everybody. One row read by its key. */
export async function marksOf(views: ViewReader, subject: string): Promise<readonly Mark[]> {
  return (await views.rows(MARKS, [subject])).map(markIn);
}

/** The person who is the survivor of this one as the views know it: themselves, unless they were merged away. */
export async function survivorIn(views: ViewReader, subject: string): Promise<string> {
  const seen = new Set<string>();
  for (let at = subject; ; ) {
    const [row] = await views.fetch([{ table: MARKS, key: [at, 'merged-into'] }]);
    const found = row === undefined ? undefined : markIn(row.row);
    if (found?.kind !== 'merged-into' || seen.has(at)) return at;
    seen.add(at);
    at = found.survivor;
  }
}

function markIn(row: Row): Mark {
  return JSON.parse(String(row['body'])) as Mark;
}

function mergeIn(event: StoredEvent): string {
  return (decode(event).data as MergeData['MergeAbandoned']).merge;
}

function mark(subject: string, entry: string, body: Mark): Change {
  return { op: 'put', table: MARKS, row: { subject, entry, body: JSON.stringify(body) } };
}

function unmark(subject: string, entry: string): Change {
  return { op: 'delete', table: MARKS, key: [subject, entry] };
}

function work(kind: WorkKind, id: string, event: StoredEvent): Change {
  return { op: 'put', table: WORK_TABLE, row: { kind, id, subject: subjectOf(event.stream), revision: event.revision } };
}

function done(kind: WorkKind, id: string): Change {
  return { op: 'delete', table: WORK_TABLE, key: [kind, id] };
}

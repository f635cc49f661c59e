/** The audit trail: which events speak of a person, in log order. The sentences are made from the events when they are asked for. */
import type { StoredEvent } from '#event-store/event-store.js';
import type { View } from '#projection/view.js';
import { decode } from '../encoding.js';
import { SUBJECT_PREFIX, subjectOf } from '../subject/subject.js';

export const TRAIL_TABLE = 'trail_entry';

export const trailView: View = {
  name: 'audit-trail',
  version: 1,
  tables: [{ name: TRAIL_TABLE, columns: { subject: 'text', position: 'text', stream: 'text', revision: 'integer' }, key: ['subject', 'position'] }],
  streamPrefixes: [SUBJECT_PREFIX, 'access-'],
  touches: () => [],
  apply(event: StoredEvent) {
    const subject = event.stream.startsWith(SUBJECT_PREFIX) ? subjectOf(event.stream) : accessed(event);
    if (subject === undefined) return [];
    return [{ op: 'put', table: TRAIL_TABLE, row: { subject, position: event.position, stream: event.stream, revision: event.revision } }];
  },
};

/** Whose values an access line is about. */
function accessed(event: StoredEvent): string | undefined {
  return event.type === 'PersonalDataAccessed' ? (decode(event).data['subject'] as string) : undefined;
}

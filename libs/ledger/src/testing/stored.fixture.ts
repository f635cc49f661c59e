/** Events of several streams as a log holds them: ids, revisions and positions are counted. */
import type { StoredEvent } from '#event-store/event-store.js';
import { encode } from '../encoding.js';
import { event, idOf, PERSON, type Happened } from './decider.fixture.js';

/** Told in this order; of the example person where no stream is named. The nth event has the id `eventId(n)`. */
export function storedEvents(...told: readonly Happened[]): readonly StoredEvent[] {
  const revisions = new Map<string, number>();
  return told.map((happened, n) => {
    const stream = happened.stream ?? `subject-${PERSON}`;
    const revision = revisions.get(stream) ?? 0;
    revisions.set(stream, revision + 1);
    const envelope = event({ ...happened, id: happened.id ?? eventId(n) }, revision, stream);
    return { ...encode(envelope), stream, revision, position: String(n).padStart(12, '0') };
  });
}

export function eventId(n: number): string {
  return idOf(`stored ${n}`);
}

/** What a decision asks for besides the state of its own stream: other people by id, and the person's own events. */
import type { EventStore } from '#event-store/event-store.js';
import type { Context } from './decision.js';
import { decode } from './encoding.js';
import type { Envelope } from './envelope.js';
import type { Merges } from './subject/merge/merges.js';
import { subjectOf, subjectStream } from './subject/subject.js';
import { idsIn } from './stream-ids.js';
import type { Remembered } from './stream-cache.js';
import type { Task } from './task.js';

/** Two streams a person, and one event an id; nothing where the decision asks for nothing. */
export async function readFor(task: Task, remembered: Remembered<unknown>, log: EventStore, merges: Merges): Promise<Pick<Context, 'person' | 'event'>> {
  const { people = [], events = [] } = task.entry.decision.reads?.(task.command) ?? {};
  const survivors = new Map<string, { readonly survivor: string }>();
  for (const subject of people) {
    const stream = subjectStream(subject);
    if ((await log.revisionOf(stream)) !== 'none') survivors.set(subject, { survivor: subjectOf(await merges.survivorOf(stream, task.caller.now)) });
  }
  const found = new Map<string, Envelope>();
  for (const id of events) {
    const event = await eventOf(id, task, remembered, log);
    if (event !== undefined) found.set(id, event);
  }
  return { person: (subject) => survivors.get(subject), event: (id) => found.get(id) };
}

/** On the stream itself, or on one whose events are part of it. */
async function eventOf(id: string, { stream, entry }: Task, remembered: Remembered<unknown>, log: EventStore): Promise<Envelope | undefined> {
  for (const place of [stream, ...(entry.kind.merging?.family(remembered.state) ?? [])]) {
    const ids = place === stream ? remembered.ids : await idsIn(log, place);
    const revision = ids.get(id);
    if (revision === undefined) continue;
    for await (const [event] of log.readStream(place, { from: revision, limit: 1 })) if (event !== undefined) return decode(event);
  }
  return undefined;
}

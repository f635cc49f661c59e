import type { EventStore } from '#event-store/event-store.js';

/** The ids of a stream's events, each with its revision. O(events of the stream). */
export async function idsIn(log: EventStore, stream: string): Promise<ReadonlyMap<string, number>> {
  const ids = new Map<string, number>();
  for await (const batch of log.readStream(stream)) for (const { id, revision } of batch) ids.set(id, revision);
  return ids;
}

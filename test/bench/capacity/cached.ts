/** What the command side's memory of people takes: the cache holds so many events at the most, whatever they are. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { EventStore } from '#event-store/event-store.js';
import { subjects } from '#ledger/catalogue-entry.js';
import { StreamCache } from '#ledger/stream-cache.js';
import { SUBJECT_PREFIX } from '#ledger/subject/subject.js';

/** Bytes of heap for each remembered event: its id and its part of a person's state. */
export async function bytesACachedEvent(log: EventStore): Promise<number> {
  const streams = new Set<string>();
  let events = 0;
  for await (const batch of log.readAll({ filter: { streamPrefixes: [SUBJECT_PREFIX] } })) {
    for (const { stream } of batch) streams.add(stream);
    events += batch.length;
  }
  const before = heap();
  const cache = new StreamCache(log);
  for (const stream of streams) await cache.load(stream, subjects);
  const after = heap();
  cache.forget('');
  return (after - before) / events;
}

/** After all that nobody holds has been given back. */
function heap(): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  collect();
  return process.memoryUsage().heapUsed;
}

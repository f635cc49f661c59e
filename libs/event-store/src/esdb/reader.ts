/** Reading, in batches: what comes is given on as it comes, and a lost connection is made again from where the reader stands. */
import { StoreUnusable, type EventFilter, type Position, type ReadAll, type ReadStream, type StoredEvent } from '../event-store.js';
import type { Connection } from './connection.js';
import { commitOf, type Message } from './wire.js';

const BATCH = 500;
/** Enough to find an event that is not the engine's own among those that are. */
const HEAD_BATCH = 32;

/**
 * Sees all that was acknowledged before: asked of the leader. Throws `StoreUnusable` where the stream was cut off: the server passes over what
 * metadata hides (`$tb`, `$maxCount`, `$maxAge`) without a word, and whoever decided by the rest would not know of an objection in it.
 */
export async function* readOneStream(connection: Connection, stream: string, options: ReadStream = {}): AsyncGenerator<readonly StoredEvent[]> {
  const { direction = 'forwards', limit = Number.MAX_SAFE_INTEGER } = options;
  let from: number | 'edge' = options.from ?? 'edge';
  let left = limit;
  let hasRead = false;
  if (left <= 0) return;
  for await (const taken of connection.reading(() => ({ stream, direction, from, count: left }), true, BATCH)) {
    const events = eventsOf(taken);
    const last = events.at(-1);
    if (!last) continue;
    const next = from === 'edge' ? 0 : from;
    if (direction === 'forwards' && last.revision !== next + events.length - 1) throw cutOff(stream, next);
    left -= events.length;
    from = direction === 'forwards' ? last.revision + 1 : last.revision - 1;
    yield events;
    if (left <= 0 || from < 0) return;
    hasRead = true;
  }
  if (direction === 'backwards' && hasRead && from !== 'edge') throw cutOff(stream, from);
}

function cutOff(stream: string, revision: number): StoreUnusable {
  return new StoreUnusable(`${stream} has no event ${revision}: it was cut off or deleted in EventStoreDB (hint: its metadata must hold none of $tb, $maxCount, $maxAge; what a scavenge took is in a backup)`);
}

/** How a read goes on after a position when little of what it reads is wanted. `limit`: what is left of the caller's. */
export type Sparse = (after: Position, limit: number) => AsyncIterable<readonly StoredEvent[]>;

/** So many events are looked at to see whether a filter leaves out most of them: more than that in eight to one. */
const STRETCH = 1_000;
const MOST_IN_ONE = 8;

/**
 * From the node that the URL prefers. The filter is applied here, `limit` counts what it lets through; where that is little, `sparse` goes
 * on. A short way to the end is so one read, and a long one costs a few times what is wanted at the most.
 */
export async function* readWholeLog(connection: Connection, options: ReadAll = {}, sparse?: Sparse): AsyncGenerator<readonly StoredEvent[]> {
  const { direction = 'forwards', filter = {}, limit = Infinity } = options;
  if (options.from !== undefined) commitOf(options.from);
  let from: Position | 'edge' = options.from ?? 'edge';
  let last: Position | undefined;
  let left = limit;
  let [looked, wanted] = [0, 0];
  if (left <= 0) return;
  for await (const taken of connection.reading(() => ({ direction, from, count: Number.MAX_SAFE_INTEGER }), false, BATCH)) {
    const read = eventsOf(taken);
    // After a loss, forwards begins with the event that was given last.
    const fresh = direction === 'forwards' && last !== undefined ? read.filter(({ position }) => position > (last ?? '')) : read;
    last = fresh.at(-1)?.position ?? last;
    from = last ?? from;
    const events = fresh.filter((event) => isWanted(event, filter)).slice(0, left);
    [looked, wanted] = [looked + fresh.length, wanted + events.length];
    left -= events.length;
    if (events.length > 0) yield events;
    if (left <= 0) return;
    if (looked < STRETCH || sparse === undefined || last === undefined) continue;
    if (wanted * MOST_IN_ONE < looked) {
      yield* sparse(last, left);
      return;
    }
    [looked, wanted] = [0, 0];
  }
}

/** The last event's position; `system`: the engine's own count too. */
export async function lastPosition(connection: Connection, of: { readonly requiresLeader: boolean; readonly system: boolean }): Promise<Position | undefined> {
  let from: Position | 'edge' = 'edge';
  for (;;) {
    let seen = 0;
    for await (const taken of connection.reading(() => ({ direction: 'backwards', from, count: of.system ? 1 : HEAD_BATCH }), of.requiresLeader, BATCH)) {
      const events = eventsOf(taken);
      const found = events.find(({ stream }) => of.system || !isSystem(stream));
      if (found) return found.position;
      seen += events.length;
      from = events.at(-1)?.position ?? from;
    }
    if (seen === 0) return undefined;
  }
}

export async function lastRevision(connection: Connection, stream: string): Promise<number | 'none'> {
  for await (const [last] of readOneStream(connection, stream, { direction: 'backwards', limit: 1 })) if (last) return last.revision;
  return 'none';
}

export function isWanted({ type, stream }: StoredEvent, { types, streamPrefixes }: EventFilter): boolean {
  return !isSystem(stream) && (types?.includes(type) ?? true) && (streamPrefixes?.some((prefix) => stream.startsWith(prefix)) ?? true);
}

export const isSystem = (stream: string): boolean => stream.startsWith('$');

export function eventsOf(messages: readonly Message[]): StoredEvent[] {
  return messages.flatMap((message) => (message.kind === 'event' ? [message.event] : []));
}

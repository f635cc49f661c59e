/**
 * Reading a log whose positions are ranks (0, 1, 2, … without gaps): what the memory and SQLite engines share. They look into a
 * bounded window at a time, and let the event loop run in between.
 */
import { setImmediate as turn } from 'node:timers/promises';
import {
  PositionBeyondEnd,
  type EventFilter,
  type ReadAll,
  type ReadStream,
  type StoredEvent,
  type Subscribe,
  type SubscriptionMessage,
} from './event-store.js';
import { positionOf, rankOf } from './rank.js';

export type Direction = 'forwards' | 'backwards';

/** Some of the events of a window. `cut`: the window holds more, after the last one given (before it, backwards). */
export interface Found {
  readonly events: readonly StoredEvent[];
  readonly cut: boolean;
}

export interface RankedLog {
  /** How many events there are. */
  size(): number;
  /** How many events the stream has. */
  sizeOf(stream: string): number;
  /** At most `limit` events with from ≤ rank < to. */
  scan(from: number, to: number, direction: Direction, limit: number, filter?: EventFilter): Found;
  /** At most `limit` events of the stream with from ≤ revision < to. */
  scanStream(stream: string, from: number, to: number, direction: Direction, limit: number): Found;
}

const BATCH = 500;
/** Ranks that one look may pass over. */
const WINDOW = 1000;
/** Ranks without a match after which a subscription says how far it is. */
const PASSED_EVERY = 10 * WINDOW;

export function readRankedStream(log: RankedLog, stream: string, options: ReadStream = {}): AsyncIterable<readonly StoredEvent[]> {
  const { direction = 'forwards', from, limit } = options;
  const sequence: Sequence = {
    size: () => log.sizeOf(stream),
    scan: (low, high, most) => log.scanStream(stream, low, high, direction, most),
    rank: ({ revision }) => revision,
  };
  return direction === 'forwards' ? upwards(sequence, from, limit) : downwards(sequence, from === undefined ? undefined : from + 1, limit);
}

export function readRanked(log: RankedLog, options: ReadAll = {}): AsyncIterable<readonly StoredEvent[]> {
  const { direction = 'forwards', limit, filter } = options;
  const start = options.from === undefined ? undefined : rankOf(options.from);
  const sequence: Sequence = {
    size: () => log.size(),
    scan: (low, high, most) => log.scan(low, high, direction, most, filter),
    rank: ({ position }) => rankOf(position),
  };
  return direction === 'forwards' ? upwards(sequence, start, limit) : downwards(sequence, start, limit);
}

/** A stream, or all of them, as something to walk along. */
interface Sequence {
  size(): number;
  scan(from: number, to: number, limit: number): Found;
  rank(event: StoredEvent): number;
}

async function* upwards(sequence: Sequence, start = 0, limit = Infinity): AsyncGenerator<readonly StoredEvent[]> {
  let from = start;
  let left = limit;
  while (left > 0) {
    const to = Math.min(from + WINDOW, sequence.size());
    if (from >= to) return;
    const { events, cut } = sequence.scan(from, to, Math.min(BATCH, left));
    const last = events.at(-1);
    from = cut && last ? sequence.rank(last) + 1 : to;
    left -= events.length;
    if (last) yield events;
    if (from >= sequence.size()) return;
    await turn();
  }
}

async function* downwards(sequence: Sequence, start = Infinity, limit = Infinity): AsyncGenerator<readonly StoredEvent[]> {
  let to = Math.min(start, sequence.size());
  let left = limit;
  while (left > 0 && to > 0) {
    const from = Math.max(0, to - WINDOW);
    const { events, cut } = sequence.scan(from, to, Math.min(BATCH, left));
    const last = events.at(-1);
    to = cut && last ? sequence.rank(last) : from;
    left -= events.length;
    if (last) yield events;
    if (to > 0) await turn();
  }
}

/** What a subscription needs besides the log: to wait, and to know when to stop. */
export interface Follower {
  closed(): boolean;
  /** Resolves when there may be more, the signal aborts or the log closes. */
  news(signal?: AbortSignal): Promise<void>;
}

export async function* followRanked(log: RankedLog, follower: Follower, options: Subscribe = {}): AsyncGenerator<SubscriptionMessage> {
  const { filter, signal, batchSize = BATCH } = options;
  const over = () => signal?.aborted === true || follower.closed();
  if (over()) return;
  let next = options.after === undefined ? 0 : rankOf(options.after) + 1;
  if (next > log.size()) {
    throw new PositionBeyondEnd(`position ${options.after} is beyond the end of the log, which has ${log.size()} events: was an older log restored?`);
  }
  let told = next;
  let live = false;
  while (!over()) {
    const size = log.size();
    if (next >= size) {
      if (told < next) yield { kind: 'passed', position: positionOf((told = next) - 1) };
      else if (!live) {
        live = true;
        yield { kind: 'caughtUp', position: next === 0 ? undefined : positionOf(next - 1) };
      } else await follower.news(signal);
      continue;
    }

    const high = Math.min(next + WINDOW, size);
    const { events, cut } = log.scan(next, high, 'forwards', batchSize, filter);
    const last = events.at(-1);
    next = cut && last ? rankOf(last.position) + 1 : high;
    if (next < size) live = false;
    if (last) {
      told = rankOf(last.position) + 1;
      yield { kind: 'events', events };
    } else if (next - told >= PASSED_EVERY) yield { kind: 'passed', position: positionOf((told = next) - 1) };
    if (!live) await turn();
  }
}

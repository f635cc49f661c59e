import { refuseMalformed } from '../check-append.js';
import {
  AppendRefused,
  StoreStopped,
  WrongExpectedRevision,
  type Appended,
  type AppendRequest,
  type EventFilter,
  type EventStore,
  type NewEvent,
  type Position,
  type ReadAll,
  type ReadStream,
  type StoredEvent,
  type Subscribe,
  type SubscriptionMessage,
} from '../event-store.js';
import { News } from '../news.js';
import { positionOf } from '../rank.js';
import { followRanked, readRanked, readRankedStream, type Direction, type Found, type RankedLog } from '../ranked-log.js';

/** The log's rules in their shortest form; nothing outlives the process. */
export class MemoryEventStore implements EventStore {
  readonly #log = new MemoryLog();
  readonly #news = new News();
  #closed = false;

  async append(request: AppendRequest): Promise<Appended> {
    refuseMalformed(request);
    if (request.rider !== undefined) throw new AppendRefused('the log in memory has no participant for a rider');
    this.#mustBeOpen();
    const appended = this.#log.append(request);
    if (!appended.repeated) this.#news.tell();
    return appended;
  }

  readStream(stream: string, options?: ReadStream): AsyncIterable<readonly StoredEvent[]> {
    this.#mustBeOpen();
    return readRankedStream(this.#log, stream, options);
  }

  readAll(options?: ReadAll): AsyncIterable<readonly StoredEvent[]> {
    this.#mustBeOpen();
    return readRanked(this.#log, options);
  }

  subscribe(options?: Subscribe): AsyncIterable<SubscriptionMessage> {
    this.#mustBeOpen();
    return followRanked(this.#log, { closed: () => this.#closed, news: (signal) => this.#news.next(signal) }, options);
  }

  async revisionOf(stream: string): Promise<number | 'none'> {
    this.#mustBeOpen();
    return this.#log.sizeOf(stream) - 1 < 0 ? 'none' : this.#log.sizeOf(stream) - 1;
  }

  async head(): Promise<Position | undefined> {
    this.#mustBeOpen();
    return this.#log.size() === 0 ? undefined : positionOf(this.#log.size() - 1);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#news.tell();
  }

  #mustBeOpen(): void {
    if (this.#closed) throw new StoreStopped('the log is closed');
  }
}

class MemoryLog implements RankedLog {
  readonly #all: StoredEvent[] = [];
  readonly #streams = new Map<string, StoredEvent[]>();

  append({ stream, expected, events }: AppendRequest): Appended {
    const before = this.#streams.get(stream) ?? [];
    const head = before.length - 1;
    const start = startOf(before, expected, events);
    if (start > head) {
      if (start > head + 1) throw new WrongExpectedRevision(stream, expected, head < 0 ? 'none' : head);
      return this.#write(stream, before, events);
    }
    const written = before.slice(start, start + events.length);
    if (written.length < events.length || written.some(({ id }, i) => id !== events[i]?.id)) {
      throw new WrongExpectedRevision(stream, expected, head);
    }
    return { revision: start + events.length - 1, positions: written.map(({ position }) => position), repeated: true };
  }

  #write(stream: string, before: StoredEvent[], events: readonly NewEvent[]): Appended {
    const written = events.map(({ id, type, data }, i) => ({
      id,
      type,
      data,
      stream,
      revision: before.length + i,
      position: positionOf(this.#all.length + i),
    }));
    before.push(...written);
    this.#streams.set(stream, before);
    this.#all.push(...written);
    return { revision: before.length - 1, positions: written.map(({ position }) => position), repeated: false };
  }

  size(): number {
    return this.#all.length;
  }

  sizeOf(stream: string): number {
    return this.#streams.get(stream)?.length ?? 0;
  }

  scan(from: number, to: number, direction: Direction, limit: number, filter: EventFilter = {}): Found {
    return pick(this.#all.slice(from, to).filter((event) => matches(event, filter)), direction, limit);
  }

  scanStream(stream: string, from: number, to: number, direction: Direction, limit: number): Found {
    return pick(this.#streams.get(stream)?.slice(from, to) ?? [], direction, limit);
  }
}

/** The revision that the first event is to have: for `any`, where it last stands if the stream has it (decision 0003). */
function startOf(before: readonly StoredEvent[], expected: AppendRequest['expected'], events: readonly NewEvent[]): number {
  if (expected === 'none') return 0;
  if (expected !== 'any') return expected + 1;
  const known = before.findLastIndex(({ id }) => id === events[0]?.id);
  return known < 0 ? before.length : known;
}

function matches({ type, stream }: StoredEvent, { types, streamPrefixes }: EventFilter): boolean {
  return (types?.includes(type) ?? true) && (streamPrefixes?.some((prefix) => stream.startsWith(prefix)) ?? true);
}

function pick(events: readonly StoredEvent[], direction: Direction, limit: number): Found {
  const ordered = direction === 'forwards' ? events : events.toReversed();
  return { events: ordered.slice(0, limit), cut: ordered.length > limit };
}

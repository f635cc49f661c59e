import { setImmediate as turn } from 'node:timers/promises';
import type { Appended, NewEvent, Position, StoredEvent } from '../event-store.js';
import type { Connection } from './connection.js';
import { eventsOf, readOneStream } from './reader.js';
import { commitOf, type Read } from './wire.js';

/** An append under way. */
export interface Entry {
  readonly stream: string;
  readonly first: number;
  readonly events: readonly NewEvent[];
  readonly sizeBytes: number;
  /** The log's end was here or later when the append was sent for the first time. */
  readonly bound: Position;
  /** What was found at its revisions, in order. */
  readonly found: (StoredEvent | undefined)[];
  /** Another append of this process was the first at one of these revisions. */
  isTaken: boolean;
}

interface Waiting {
  readonly entry: Entry;
  readonly position: Position;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** What an event takes on the server's disk beside its data, with room to spare. */
const OVERHEAD_BYTES = 300;
/** What of others' one look at the tail may read over: so much, and four times the group's own. */
const STRAY_BYTES = 32 * 1024;
const STRAY_FACTOR = 4;
const PAGE = 1_000;

/**
 * Whether an acknowledged append was written now or earlier, which the server does not tell. At or before the bound: earlier. Else its
 * events are read back and compared. Appends that are acknowledged while one look is under way share the next: the log's tail is read on
 * from where the last look ended, and what comes is laid beside the appends under way, so that an event is read once, and often before
 * its acknowledgement. Where too much of others lies in between, and for what was missed, the append's own stream is read.
 */
export class ReadBack {
  readonly #underWay = new Map<string, Set<Entry>>();
  #waiting: Waiting[] = [];
  #looking = false;
  #bound: Position;
  #tail: Position;

  /** `end`: the log's end, or an earlier event's position; none in an empty log. */
  constructor(
    private readonly connection: Connection,
    end: Position | undefined,
  ) {
    this.#bound = this.#tail = end ?? '';
  }

  /** Every position that is seen anywhere raises the bound. */
  saw(position: Position | undefined): void {
    if (position !== undefined && position > this.#bound) this.#bound = position;
  }

  enter(stream: string, first: number, events: readonly NewEvent[]): Entry {
    const sizeBytes = events.reduce((sum, { data }) => sum + data.length + OVERHEAD_BYTES, 0);
    const entry: Entry = { stream, first, events, sizeBytes, bound: this.#bound, found: events.map(() => undefined), isTaken: false };
    const others = this.#underWay.get(stream);
    if (others) others.add(entry);
    else this.#underWay.set(stream, new Set([entry]));
    return entry;
  }

  leave(entry: Entry): void {
    const all = this.#underWay.get(entry.stream);
    all?.delete(entry);
    if (all?.size === 0) this.#underWay.delete(entry.stream);
  }

  /** The outcome of an append that the server has acknowledged with this position of its last event. */
  async appended(entry: Entry, position: Position): Promise<Appended> {
    if (position <= entry.bound) await this.#readStream(entry);
    else await this.#look(entry, position);
    const { stream, first, events, found } = entry;
    const stored = events.map((_, i) => found[i] ?? missing(stream, first + i));
    const repeated = position <= entry.bound || entry.isTaken || !stored.every((event, i) => isSame(event, events[i]));
    if (!repeated) this.#take(entry);
    this.saw(position);
    return { revision: first + events.length - 1, positions: stored.map((event) => event.position), repeated };
  }

  /** Whoever is under way for the same revisions comes second. */
  #take(entry: Entry): void {
    for (const other of this.#underWay.get(entry.stream) ?? []) {
      if (other.first < entry.first + entry.events.length && entry.first < other.first + other.events.length) other.isTaken = true;
    }
  }

  #look(entry: Entry, position: Position): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ entry, position, resolve, reject });
      if (!this.#looking) void this.#lookOn();
    });
  }

  async #lookOn(): Promise<void> {
    this.#looking = true;
    while (this.#waiting.length > 0) {
      // What this turn of the event loop still brings looks along.
      await turn();
      const group = this.#waiting;
      this.#waiting = [];
      if (group.some(({ entry }) => !isComplete(entry))) await this.#readTail(group);
      for (const waiting of group) {
        if (isComplete(waiting.entry)) waiting.resolve();
        else this.#readStream(waiting.entry).then(waiting.resolve, waiting.reject);
      }
    }
    this.#looking = false;
  }

  /** Reads the tail as far as the group needs it. What goes wrong here is made good, or told, by reading the streams. */
  async #readTail(group: readonly Waiting[]): Promise<void> {
    const last = group.reduce((most, { position }) => (position > most ? position : most), '');
    let from = this.#tailStart();
    const spanBytes = commitOf(last) - (from === '' ? 0n : commitOf(from));
    const ownBytes = group.reduce((sum, { entry }) => sum + entry.sizeBytes, 0);
    if (spanBytes > BigInt(STRAY_BYTES + STRAY_FACTOR * ownBytes)) {
      this.#tail = last;
      return;
    }
    try {
      const next = (): Read => ({ direction: 'forwards', from: from === '' ? 'edge' : from, count: PAGE });
      while (from < last) {
        const before: Position = from;
        for await (const taken of this.connection.reading(next, true, PAGE)) {
          for (const event of eventsOf(taken)) {
            this.#lay(event);
            from = event.position;
          }
        }
        if (from === before) break;
      }
    } catch {
      // Told by the read of the stream that follows.
    }
    this.saw(from);
    if (from > this.#tail) this.#tail = from;
  }

  /** No event of an append under way lies at its bound or before it, so the tail may be skipped to the first of them. */
  #tailStart(): Position {
    let least: Position | undefined;
    for (const entries of this.#underWay.values()) {
      for (const { bound } of entries) if (least === undefined || bound < least) least = bound;
    }
    return least !== undefined && least > this.#tail ? least : this.#tail;
  }

  #lay(event: StoredEvent): void {
    for (const { first, found } of this.#underWay.get(event.stream) ?? []) {
      const i = event.revision - first;
      if (i >= 0 && i < found.length) found[i] = event;
    }
  }

  async #readStream(entry: Entry): Promise<void> {
    const { stream, first, events } = entry;
    for await (const batch of readOneStream(this.connection, stream, { from: first, limit: events.length })) {
      for (const event of batch) entry.found[event.revision - first] = event;
    }
  }
}

const isComplete = ({ found }: Entry): boolean => found.every((event) => event !== undefined);

/** Ids are the same: the server would not have said yes. */
function isSame(stored: StoredEvent, sent: NewEvent | undefined): boolean {
  return stored.data === sent?.data && stored.type === sent.type;
}

function missing(stream: string, revision: number): never {
  throw new Error(`EventStoreDB acknowledged ${stream} at ${revision} and does not show it`);
}

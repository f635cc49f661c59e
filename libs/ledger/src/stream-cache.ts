/** What the command side remembers of streams, and the queue that keeps one process from racing itself on one of them. */
import type { EventStore } from '#event-store/event-store.js';
import type { StreamKind } from './catalogue-entry.js';
import { decode } from './encoding.js';
import type { Envelope } from './envelope.js';

export interface Remembered<S> {
  readonly state: S;
  /** Of the last event folded into the state. */
  readonly revision: number | 'none';
  /** Of the last event; recordedAt never runs backwards within a stream. */
  readonly recordedAt: string;
  /** Event id → revision. Shared from one remembered state to the next: only appended to, and read under the stream's queue. */
  readonly ids: Map<string, number>;
}

/** Events remembered over all streams at the most; the least recently used go first. */
const MAX_EVENTS = 400_000;

export class StreamCache {
  readonly #log: EventStore;
  readonly #remembered = new Map<string, Remembered<unknown>>();
  readonly #queues = new Map<string, Promise<unknown>>();
  #events = 0;

  constructor(log: EventStore) {
    this.#log = log;
  }

  /** Runs work on a stream after all work that was queued on it before. */
  async queued<T>(stream: string, work: () => Promise<T>): Promise<T> {
    const before = this.#queues.get(stream);
    const done = before === undefined ? work() : before.then(work, work);
    const settled = done.catch(() => undefined);
    this.#queues.set(stream, settled);
    try {
      return await done;
    } finally {
      if (this.#queues.get(stream) === settled) this.#queues.delete(stream);
    }
  }

  /** The stream's folded state; read from the log when it is not remembered. O(events) then. */
  async load<S>(stream: string, kind: StreamKind<S>): Promise<Remembered<S>> {
    const known = this.#remembered.get(stream);
    if (known !== undefined) {
      this.#remembered.delete(stream);
      this.#remembered.set(stream, known);
      return known as Remembered<S>;
    }
    let remembered: Remembered<S> = { state: kind.initial, revision: 'none', recordedAt: '', ids: new Map() };
    for await (const batch of this.#log.readStream(stream)) remembered = folded(remembered, batch.map(decode), kind);
    this.#keep(stream, remembered);
    return remembered;
  }

  /** Folds events that were just appended. */
  advance<S>(stream: string, remembered: Remembered<S>, events: readonly Envelope[], kind: StreamKind<S>): Remembered<S> {
    this.forget(stream);
    const next = folded(remembered, events, kind);
    this.#keep(stream, next);
    return next;
  }

  forget(stream: string): void {
    const known = this.#remembered.get(stream);
    if (known === undefined) return;
    this.#remembered.delete(stream);
    this.#events -= known.ids.size + 1;
  }

  #keep(stream: string, remembered: Remembered<unknown>): void {
    this.#remembered.set(stream, remembered);
    this.#events += remembered.ids.size + 1;
    for (const oldest of this.#remembered.keys()) {
      if (this.#events <= MAX_EVENTS || oldest === stream) break;
      this.forget(oldest);
    }
  }
}

function folded<S>(from: Remembered<S>, events: readonly Envelope[], kind: StreamKind<S>): Remembered<S> {
  let { state, revision, recordedAt } = from;
  for (const event of events) {
    state = kind.evolve(state, event);
    revision = event.revision;
    recordedAt = event.recordedAt;
    from.ids.set(event.id, event.revision);
  }
  return { state, revision, recordedAt, ids: from.ids };
}

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
    let isRefolding = false;
    for await (const batch of this.#log.readStream(stream)) {
      isRefolding ||= kind.merging !== undefined && batch.some(({ type }) => kind.merging?.isRefolding(type));
      remembered = folded(remembered, batch.map(decode), kind);
    }
    // What came in between is not in the revision: whoever decides on it is told so by the log.
    if (isRefolding && kind.merging !== undefined) remembered = { ...remembered, state: await kind.merging.gather(this.#log, stream) };
    this.#keep(stream, remembered);
    return remembered;
  }

  /** Folds events that were just appended; forgets the stream where they change what earlier ones mean. */
  advance<S>(stream: string, remembered: Remembered<S>, events: readonly Envelope[], kind: StreamKind<S>): void {
    this.forget(stream);
    if (events.some(({ type }) => kind.merging?.isRefolding(type))) return;
    this.#keep(stream, folded(remembered, events, kind));
  }

  forget(stream: string): void {
    const known = this.#remembered.get(stream);
    if (known === undefined) return;
    this.#remembered.delete(stream);
    this.#events -= known.ids.size + 1;
  }

  #keep(stream: string, remembered: Remembered<unknown>): void {
    this.forget(stream);
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

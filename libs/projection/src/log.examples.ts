/** A log for tests and benchmarks: an array and its subscribers. Says what the port promises and can be made to fail. */
import { PositionBeyondEnd, StoreStopped } from '#event-store/event-store.js';
import type { Appended, AppendRequest, EventStore, Position, ReadAll, ReadStream, StoredEvent, Subscribe, SubscriptionMessage } from '#event-store/event-store.js';

export interface Fact {
  readonly stream: string;
  readonly type: string;
  readonly data: unknown;
}

/** The facts as the log would give them: ids, revisions and positions are counted. */
export function stored(facts: readonly Fact[], from = 0): readonly StoredEvent[] {
  const revisions = new Map<string, number>();
  return facts.map(({ stream, type, data }, i) => {
    const revision = revisions.get(stream) ?? 0;
    revisions.set(stream, revision + 1);
    return { id: `00000000-0000-8000-8000-${String(from + i).padStart(12, '0')}`, type, data: JSON.stringify(data), stream, revision, position: positionOf(from + i) };
  });
}

export function positionOf(index: number): Position {
  return String(index).padStart(12, '0');
}

export class ExampleLog implements EventStore {
  readonly events: StoredEvent[] = [];
  readonly subscriptions: Subscribe[] = [];
  /** How many of the next reads of a subscription fail. */
  failures = 0;
  #closed = false;
  #wake = Promise.withResolvers<void>();

  constructor(events: readonly StoredEvent[] = []) {
    for (const event of events) this.events.push(event);
  }

  add(...events: readonly StoredEvent[]): void {
    this.events.push(...events);
    this.#wake.resolve();
    this.#wake = Promise.withResolvers();
  }

  async *readAll({ filter }: ReadAll = {}): AsyncGenerator<readonly StoredEvent[]> {
    for (let at = 0; at < this.events.length; at += 500) yield this.events.slice(at, at + 500).filter((event) => passes(event, filter?.streamPrefixes));
  }

  async *subscribe(options: Subscribe = {}): AsyncGenerator<SubscriptionMessage> {
    this.subscriptions.push(options);
    let at = options.after === undefined ? 0 : this.events.findIndex(({ position }) => position === options.after) + 1;
    if (options.after !== undefined && at === 0) throw new PositionBeyondEnd('the log does not have this position');
    const aborted = new Promise<void>((resolve) => options.signal?.addEventListener('abort', () => resolve()));
    while (!this.#closed && !options.signal?.aborted) {
      const woken = this.#wake.promise;
      if (this.failures > 0) {
        this.failures -= 1;
        throw new Error('the example log was told to fail');
      }
      const batch = this.events.slice(at, at + (options.batchSize ?? 500));
      at += batch.length;
      const matching = batch.filter((event) => passes(event, options.filter?.streamPrefixes));
      const last = batch.at(-1);
      if (matching.length > 0) yield { kind: 'events', events: matching };
      else if (last) yield { kind: 'passed', position: last.position };
      if (at < this.events.length) continue;
      yield { kind: 'caughtUp', position: this.events.at(-1)?.position };
      await Promise.race([woken, aborted]);
    }
  }

  async head(): Promise<Position | undefined> {
    return this.events.at(-1)?.position;
  }

  async revisionOf(stream: string): Promise<number | 'none'> {
    return this.events.findLast((event) => event.stream === stream)?.revision ?? 'none';
  }

  async *readStream(stream: string, _?: ReadStream): AsyncGenerator<readonly StoredEvent[]> {
    yield this.events.filter((event) => event.stream === stream);
  }

  append(_: AppendRequest): Promise<Appended> {
    return Promise.reject(new StoreStopped('the example log is filled with `add`'));
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#wake.resolve();
  }
}

function passes(event: StoredEvent, prefixes: readonly string[] | undefined): boolean {
  return !prefixes || prefixes.some((prefix) => event.stream.startsWith(prefix));
}

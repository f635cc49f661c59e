/** Stores that are wrong in one way each, to see the conformance checks fail. */
import { setTimeout as wait, setImmediate as turn } from 'node:timers/promises';
import {
  WrongExpectedRevision,
  type Appended,
  type AppendRequest,
  type EventFilter,
  type NewEvent,
  type Position,
  type ReadAll,
  type ReadStream,
  type StoredEvent,
  type Subscribe,
  type SubscriptionMessage,
} from '../event-store.js';
import { MemoryEventStore } from '../memory/memory-event-store.js';
import { all, ids } from './check.js';

type Batches = AsyncIterable<readonly StoredEvent[]>;
type Messages = AsyncIterable<SubscriptionMessage>;

async function* mapped<T>(source: AsyncIterable<T>, change: (item: T, index: number) => T | undefined): AsyncGenerator<T> {
  let index = 0;
  for await (const item of source) {
    const changed = change(item, index++);
    if (changed !== undefined) yield changed;
  }
}

async function* oneBatch(events: Promise<readonly StoredEvent[]>): AsyncGenerator<readonly StoredEvent[]> {
  yield await events;
}

abstract class BrokenAppend extends MemoryEventStore {
  abstract broken(request: AppendRequest, append: (request: AppendRequest) => Promise<Appended>): Promise<Appended>;

  override append(request: AppendRequest): Promise<Appended> {
    return this.broken(request, (inner) => super.append(inner));
  }

  protected async expectedNow(stream: string): Promise<AppendRequest['expected']> {
    return this.revisionOf(stream);
  }
}

export class LosesTheLastOfSeveral extends BrokenAppend {
  override async broken(request: AppendRequest, append: (request: AppendRequest) => Promise<Appended>) {
    const kept = request.events.length > 1 ? request.events.slice(0, -1) : request.events;
    const { revision, positions, repeated } = await append({ ...request, events: kept });
    return { revision: revision + request.events.length - kept.length, positions: request.events.map((_, i) => positions[i] ?? positions[0] ?? ''), repeated };
  }
}

export class GivesPositionsBackwards extends BrokenAppend {
  override async broken(request: AppendRequest, append: (request: AppendRequest) => Promise<Appended>) {
    const appended = await append(request);
    return { ...appended, positions: appended.positions.toReversed() };
  }
}

export class IgnoresTheExpectedRevision extends BrokenAppend {
  override async broken(request: AppendRequest, append: (request: AppendRequest) => Promise<Appended>) {
    for (;;) {
      try {
        return await append({ ...request, expected: await this.expectedNow(request.stream) });
      } catch (error) {
        if (!(error instanceof WrongExpectedRevision)) throw error;
      }
    }
  }
}

export class WritesRepeatsAgain extends BrokenAppend {
  override async broken(request: AppendRequest, append: (request: AppendRequest) => Promise<Appended>) {
    const appended = await append(request);
    return appended.repeated ? append({ ...request, expected: await this.expectedNow(request.stream) }) : appended;
  }
}

/** As EventStoreDB's own answer: one position, of the last event. */
export class GivesARepeatOnePosition extends BrokenAppend {
  override async broken(request: AppendRequest, append: (request: AppendRequest) => Promise<Appended>) {
    const appended = await append(request);
    return appended.repeated ? { ...appended, positions: appended.positions.slice(-1) } : appended;
  }
}

export class ComparesContent extends BrokenAppend {
  override async broken(request: AppendRequest, append: (request: AppendRequest) => Promise<Appended>) {
    const appended = await append(request);
    const first = appended.revision - request.events.length + 1;
    const written = await all(this.readStream(request.stream, { from: first, limit: request.events.length }));
    const same = written.every(({ data, type }, i) => data === request.events[i]?.data && type === request.events[i]?.type);
    if (!same) throw new WrongExpectedRevision(request.stream, request.expected, appended.revision);
    return appended;
  }
}

export class KnowsWholeAppendsOnly extends BrokenAppend {
  readonly #known = new Set<string>();

  override async broken(request: AppendRequest, append: (request: AppendRequest) => Promise<Appended>) {
    const appended = await append(request);
    const key = ids(request.events).join();
    if (appended.repeated && !this.#known.has(key)) throw new WrongExpectedRevision(request.stream, request.expected, appended.revision);
    this.#known.add(key);
    return appended;
  }
}

export class TakesAKnownIdForARepeat extends BrokenAppend {
  override async broken(request: AppendRequest, append: (request: AppendRequest) => Promise<Appended>) {
    const known = (await all(this.readStream(request.stream))).find(({ id }) => id === request.events.at(-1)?.id);
    return known ? { revision: known.revision, positions: [known.position], repeated: true } : append(request);
  }
}

export class WritesAlwaysWithAny extends BrokenAppend {
  override async broken(request: AppendRequest, append: (request: AppendRequest) => Promise<Appended>) {
    return append(request.expected === 'any' ? { ...request, expected: await this.expectedNow(request.stream) } : request);
  }
}

export class LetsAppendsOvertake extends BrokenAppend {
  #count = 0;

  override async broken(request: AppendRequest, append: (request: AppendRequest) => Promise<Appended>) {
    if (this.#count++ % 2 === 0) await turn();
    return append(request);
  }
}

export class TakesAnything extends BrokenAppend {
  override async broken(request: AppendRequest, append: (request: AppendRequest) => Promise<Appended>) {
    return request.events.length === 0 ? { revision: 0, positions: [], repeated: false } : append(request);
  }
}

export class CountsTwoBytesACharacter extends BrokenAppend {
  override async broken(request: AppendRequest, append: (request: AppendRequest) => Promise<Appended>) {
    if (request.events.reduce((sum, { data }) => sum + data.length * 2, 0) > 1024 * 1024) throw new RangeError('too long');
    return append(request);
  }
}

export class WritesOneByOne extends BrokenAppend {
  override async broken(request: AppendRequest, append: (request: AppendRequest) => Promise<Appended>) {
    let appended: Appended | undefined;
    for (const event of request.events) {
      appended = await append({ ...request, expected: appended?.revision ?? request.expected, events: [event] });
      await turn();
    }
    return appended ?? append(request);
  }
}

export class ChangesEvents extends BrokenAppend {
  constructor(private readonly change: (event: NewEvent) => NewEvent) {
    super();
  }

  override broken(request: AppendRequest, append: (request: AppendRequest) => Promise<Appended>) {
    return append({ ...request, events: request.events.map(this.change) });
  }
}

export class ComposesStreamNames extends BrokenAppend {
  override broken(request: AppendRequest, append: (request: AppendRequest) => Promise<Appended>) {
    return append({ ...request, stream: request.stream.normalize('NFC') });
  }

  override readStream(stream: string, options?: ReadStream): Batches {
    return super.readStream(stream.normalize('NFC'), options);
  }
}

/** Acknowledges before it has written: reads see an append a moment later. */
export class AcknowledgesEarly extends MemoryEventStore {
  #seen = '';

  override async append(request: AppendRequest): Promise<Appended> {
    const appended = await super.append(request);
    void wait(5).then(() => (this.#seen = appended.positions.at(-1) ?? ''));
    return appended;
  }

  override readStream(stream: string, options?: ReadStream): Batches {
    return mapped(super.readStream(stream, options), (batch) => batch.filter(({ position }) => position <= this.#seen));
  }
}

export class BrokenReads extends MemoryEventStore {
  constructor(private readonly faults: { stream?: (options: ReadStream) => ReadStream; all?: (options: ReadAll) => ReadAll }) {
    super();
  }

  override readStream(stream: string, options: ReadStream = {}): Batches {
    return super.readStream(stream, this.faults.stream?.(options) ?? options);
  }

  override readAll(options: ReadAll = {}): Batches {
    return super.readAll(this.faults.all?.(options) ?? options);
  }
}

export class MissesAMissingStream extends MemoryEventStore {
  override async revisionOf(stream: string): Promise<number | 'none'> {
    const revision = await super.revisionOf(stream);
    return revision === 'none' ? 0 : revision;
  }
}

export class LosesAnEventBetweenPages extends MemoryEventStore {
  override readStream(stream: string, options?: ReadStream): Batches {
    return mapped(super.readStream(stream, options), (batch, i) => (i === 0 ? batch : batch.slice(1)));
  }
}

export class ReadsAllByStream extends MemoryEventStore {
  override readAll(options?: ReadAll): Batches {
    return oneBatch(all(super.readAll(options)).then((list) => list.toSorted((a, b) => (a.stream < b.stream ? -1 : 1))));
  }
}

export class GivesUpOnRareEvents extends MemoryEventStore {
  override readAll(options: ReadAll = {}): Batches {
    const { filter, ...unfiltered } = options;
    if (!filter) return super.readAll(options);
    const { streamPrefixes: prefixes } = filter;
    return oneBatch(all(super.readAll({ ...unfiltered, limit: 1_000 })).then((list) => list.filter(({ stream }) => prefixes?.some((one) => stream.startsWith(one)) ?? true)));
  }
}

export class ForgetsItsLastEvent extends MemoryEventStore {
  override async head(): Promise<Position | undefined> {
    const [, before] = await all(super.readAll({ direction: 'backwards', limit: 2 }));
    return before?.position;
  }
}

export class BrokenSubscription extends MemoryEventStore {
  constructor(private readonly fault: (subscribe: (options: Subscribe) => Messages, options: Subscribe, store: MemoryEventStore) => Messages) {
    super();
  }

  override subscribe(options: Subscribe = {}): Messages {
    return this.fault((inner) => super.subscribe(inner), options, this);
  }
}

/** Notes where the log ends after it has said that it caught up: what was written in between is lost. */
export async function* gapAtTheSeam(subscribe: (options: Subscribe) => Messages, options: Subscribe, store: MemoryEventStore): AsyncGenerator<SubscriptionMessage> {
  for await (const message of subscribe(options)) {
    yield message;
    if (message.kind === 'caughtUp') break;
  }
  await turn();
  const after = await store.head();
  yield* subscribe({ ...options, ...(after !== undefined && { after }) });
}

/** Asks where the log ends once it has caught up, when others have written on. */
export async function* nameTheEndOfTheLog(subscribe: (options: Subscribe) => Messages, options: Subscribe, store: MemoryEventStore): AsyncGenerator<SubscriptionMessage> {
  for await (const message of subscribe(options)) {
    if (message.kind !== 'caughtUp') yield message;
    else {
      for (let turns = 0; turns < 5; turns++) await turn();
      yield { kind: 'caughtUp', position: await store.head() };
    }
  }
}

export async function* leakAfterCatchingUp(subscribe: (options: Subscribe) => Messages, options: Subscribe): AsyncGenerator<SubscriptionMessage> {
  for await (const message of subscribe(options)) {
    yield message;
    if (message.kind !== 'caughtUp') continue;
    const { filter, ...unfiltered } = options;
    yield* subscribe({ ...unfiltered, ...(message.position !== undefined && { after: message.position }), ...(filter?.streamPrefixes && { filter: onlyPrefixes(filter) }) });
    return;
  }
}

const onlyPrefixes = ({ streamPrefixes }: EventFilter): EventFilter => (streamPrefixes ? { streamPrefixes } : {});

export async function* endAfterCatchingUp(subscribe: (options: Subscribe) => Messages, options: Subscribe): AsyncGenerator<SubscriptionMessage> {
  for await (const message of subscribe(options)) {
    yield message;
    if (message.kind === 'caughtUp') return;
  }
}

export function dropFromLiveBatches(subscribe: (options: Subscribe) => Messages, options: Subscribe): Messages {
  let live = false;
  return mapped(subscribe(options), (message) => {
    live ||= message.kind === 'caughtUp';
    return live && message.kind === 'events' ? { kind: 'events', events: message.events.slice(0, 3) } : message;
  });
}

export function waitSilentlyBeyondTheEnd(subscribe: (options: Subscribe) => Messages, options: Subscribe): Messages {
  const { after: _, ...fromTheStart } = options;
  return subscribe(fromTheStart);
}

/** Appends wait until every subscriber has taken what it was given. */
export class WaitsForItsReaders extends MemoryEventStore {
  #busy = 0;

  override async append(request: AppendRequest): Promise<Appended> {
    for (let patience = 100; this.#busy > 0 && patience > 0; patience--) await wait(5);
    return super.append(request);
  }

  override async *subscribe(options?: Subscribe): AsyncGenerator<SubscriptionMessage> {
    for await (const message of super.subscribe(options)) {
      this.#busy++;
      yield message;
      this.#busy--;
    }
  }
}

export class StaysOpen extends MemoryEventStore {
  override async close(): Promise<void> {}
}

import { PositionBeyondEnd, StoreUnavailable, StoreUnusable, type EventFilter, type Position, type StoredEvent, type Subscribe, type SubscriptionMessage } from '../event-store.js';
import type { Connection } from './connection.js';
import { Ended, faultOf, isUnknown, TookTooLong } from './faults.js';
import type { Incoming, StreamsClient } from './incoming.js';
import { eventsOf, isSystem, isWanted, lastPosition } from './reader.js';
import { commitOf, readRequest, subscribeRequest, type Message, type ServerFilter } from './wire.js';

const BATCH = 500;
/** Events that a silent subscription may leave unmentioned, and more: it would have said a checkpoint by then. */
const MOST_UNMENTIONED = 200;
const END_EVENTS = 8;
/** Starts in a row that end in "unknown" and bring nothing: then the position is to blame. */
export const MOST_UNKNOWN = 3;

export interface Watch {
  /** After so long without a message the server is asked whether there is anything. */
  readonly quietMs: number;
  readonly saw: (position: Position | undefined) => void;
}

/**
 * A subscription that outlives its connections. One that is dropped says so once at most and never again (dependencies, 2.4), and one
 * that hangs says nothing; either way it is begun anew after the last event that the reader was given.
 */
export async function* follow(connection: Connection, watch: Watch, over: AbortSignal, options: Subscribe = {}): AsyncGenerator<SubscriptionMessage> {
  if (options.after !== undefined) commitOf(options.after);
  const { promise: stopped, resolve: stop } = Promise.withResolvers<'stopped'>();
  const onAbort = (): void => stop('stopped');
  over.addEventListener('abort', onAbort);
  const follower = new Follower(connection, watch, stopped, over, options);
  try {
    for (let unknown = 0; !over.aborted; ) {
      try {
        yield* follower.run();
      } catch (error) {
        if (over.aborted) return;
        unknown = isUnknown(error) && !follower.hasProgressed ? unknown + 1 : 0;
        if (unknown === MOST_UNKNOWN) throw new StoreUnusable(`EventStoreDB cannot follow the log from position ${follower.position ?? 'start'} (hint: no event of this log begins there)`, { cause: error });
        follower.dropped(error);
      }
    }
  } finally {
    over.removeEventListener('abort', onAbort);
  }
}

export class Follower {
  hasProgressed = false;
  #position: Position | undefined;
  #told: Position | undefined;
  #grpc: StreamsClient | undefined;
  /** An event that this subscription should have brought, when it was last silent. */
  #missed: Position | undefined;
  readonly #filter: EventFilter;
  readonly #batch: number;

  constructor(
    private readonly connection: Connection,
    private readonly watch: Watch,
    private readonly stopped: Promise<'stopped'>,
    private readonly over: AbortSignal,
    { after, filter = {}, batchSize = BATCH }: Subscribe,
    /** Events of others after which the server says how far it is; as few as it looks through at once, unless said. */
    private readonly searchWindow?: number,
  ) {
    this.#position = this.#told = after;
    this.#filter = filter;
    this.#batch = batchSize;
  }

  /** All up to here was looked at. */
  get position(): Position | undefined {
    return this.#position;
  }

  /** Throws what no new beginning mends. */
  dropped(error: unknown): void {
    const unavailable = error instanceof StoreUnavailable;
    const fault = unavailable ? undefined : faultOf(error);
    if (fault?.kind === 'final') throw fault.error;
    if (fault && this.#grpc) this.connection.lost(this.#grpc, fault.error);
  }

  /** From one beginning to the drop that ends it. Returns only when the reader wants no more. */
  async *run(): AsyncGenerator<SubscriptionMessage> {
    this.hasProgressed = false;
    this.#grpc = undefined;
    const grpc = await this.#unlessStopped(this.connection.ready());
    if (grpc === 'stopped') return;
    this.#grpc = grpc;
    if ((await this.#unlessStopped(this.#mustNotBeBeyondEnd())) === 'stopped') return;
    // Before the subscription begins: later, the end may be further than what the server has looked at when it says that it has caught up.
    const end = await this.#unlessStopped(this.#endOf(grpc));
    if (end === 'stopped') return;
    const incoming = this.connection.read(grpc, subscribeRequest(this.#position, serverFilter(this.#filter), this.searchWindow), false);
    const cancel = (): void => incoming.cancel();
    this.over.addEventListener('abort', cancel);
    try {
      yield* this.#listen(incoming, grpc, end);
    } finally {
      this.over.removeEventListener('abort', cancel);
      cancel();
    }
  }

  async *#listen(incoming: Incoming, grpc: StreamsClient, endBefore: Position | undefined): AsyncGenerator<SubscriptionMessage> {
    let isLive = false;
    let hasSaidSo = false;
    while (!this.over.aborted) {
      const taken = await incoming.take(this.#batch, this.watch.quietMs);
      if (this.over.aborted) return;
      if (taken === 'end') throw new Ended('the server ended a subscription');
      if (taken === 'quiet') {
        yield* this.#mustBeAlive(incoming, grpc);
        continue;
      }
      this.#missed = undefined;
      this.hasProgressed ||= taken.some(({ kind }) => kind === 'event' || kind === 'checkpoint');
      for (const run of runsOf(taken)) {
        switch (run.kind) {
          case 'event':
            yield* this.#events(eventsOf(run.messages));
            break;
          case 'checkpoint':
            yield* this.#passed(run.position);
            break;
          case 'caughtUp':
            this.connection.worked();
            isLive = true;
            break;
          case 'fellBehind':
            isLive = hasSaidSo = false;
            break;
          case 'confirmed':
          case 'notFound':
            break;
          default: {
            const never: never = run;
            return never;
          }
        }
        if (this.over.aborted) return;
      }
      // What the server has told waits here for a slow reader, and counts as not given.
      if (incoming.waiting >= this.#batch) hasSaidSo = false;
      if (isLive && !hasSaidSo && incoming.waiting === 0) {
        hasSaidSo = true;
        yield this.#caughtUp(endBefore);
      }
    }
  }

  /** A server may say an event twice. */
  *#events(events: readonly StoredEvent[]): Generator<SubscriptionMessage> {
    const wanted: StoredEvent[] = [];
    for (const event of events) {
      if (event.position <= (this.#position ?? '')) continue;
      this.#position = event.position;
      if (isWanted(event, this.#filter)) wanted.push(event);
    }
    this.watch.saw(this.#position);
    if (wanted.length === 0) return;
    this.#told = wanted.at(-1)?.position;
    yield { kind: 'events', events: wanted };
  }

  *#passed(position: Position): Generator<SubscriptionMessage> {
    if (position > (this.#position ?? '')) this.#position = position;
    this.watch.saw(position);
    const reached = this.#position;
    if (reached === undefined || reached <= (this.#told ?? '')) return;
    this.#told = reached;
    yield { kind: 'passed', position: reached };
  }

  #caughtUp(endBefore: Position | undefined): SubscriptionMessage {
    if (endBefore !== undefined && endBefore > (this.#position ?? '')) this.#position = endBefore;
    this.#told = this.#position;
    return { kind: 'caughtUp', position: this.#position };
  }

  /** A server that has nothing to say answers a question; one that answers and has something is not telling it. */
  async *#mustBeAlive(incoming: Incoming, grpc: StreamsClient): AsyncGenerator<SubscriptionMessage> {
    const from = this.#position;
    const later = await this.#unlessStopped(this.#after(grpc, from));
    if (later === 'stopped' || incoming.waiting > 0) return;
    const missed = later.find((event) => isWanted(event, this.#filter))?.position;
    const silentTooLong = (missed !== undefined && missed === this.#missed) || (missed === undefined && later.length >= MOST_UNMENTIONED);
    if (silentTooLong) throw new TookTooLong('a subscription is silent about events that the log has');
    this.#missed = missed;
    const last = later.findLast(({ stream }) => !isSystem(stream))?.position;
    if (missed === undefined && last !== undefined) yield* this.#passed(last);
  }

  /** An older log was restored: the server would wait in silence until this one has grown so long. */
  async #mustNotBeBeyondEnd(): Promise<void> {
    if (this.#position === undefined) return;
    const end = await lastPosition(this.connection, { requiresLeader: true, system: true });
    if (this.#position <= (end ?? '')) return;
    throw new PositionBeyondEnd(`position ${this.#position} is beyond the end of the log (${end ?? 'empty'}): was an older log restored?`);
  }

  /** What this node has after a position, as far as a living subscription could leave it unsaid. */
  async #after(grpc: StreamsClient, position: Position | undefined): Promise<readonly StoredEvent[]> {
    const read = this.connection.read(grpc, readRequest({ direction: 'forwards', from: position ?? 'edge', count: MOST_UNMENTIONED + 1 }), false);
    const events = await this.#all(read);
    return events.filter((event) => event.position > (position ?? ''));
  }

  /** The last event that is not the engine's own, or nothing where only those come last. */
  async #endOf(grpc: StreamsClient): Promise<Position | undefined> {
    const events = await this.#all(this.connection.read(grpc, readRequest({ direction: 'backwards', from: 'edge', count: END_EVENTS }), false));
    return events.find(({ stream }) => !isSystem(stream))?.position;
  }

  /** One read on this connection; its silence is the connection's. */
  async #all(incoming: Incoming): Promise<readonly StoredEvent[]> {
    const found: StoredEvent[] = [];
    try {
      for (;;) {
        const taken = await incoming.take(BATCH, this.watch.quietMs);
        if (taken === 'end') return found;
        if (taken === 'quiet') throw new TookTooLong('a node does not say where its log ends');
        found.push(...eventsOf(taken));
      }
    } finally {
      incoming.cancel();
    }
  }

  #unlessStopped<T>(promise: Promise<T>): Promise<T | 'stopped'> {
    promise.catch(() => undefined);
    return Promise.race([this.stopped, promise]);
  }
}

type Run = { readonly kind: 'event'; readonly messages: readonly Message[] } | Exclude<Message, { kind: 'event' }>;

/** Events that follow each other together; of checkpoints that follow each other the last. */
function runsOf(messages: readonly Message[]): readonly Run[] {
  const runs: Run[] = [];
  let events: Message[] = [];
  for (const message of messages) {
    const before = runs.at(-1);
    if (message.kind === 'event') {
      if (before?.kind !== 'event') runs.push({ kind: 'event', messages: (events = []) });
      events.push(message);
    } else if (message.kind === 'checkpoint' && before?.kind === 'checkpoint') runs[runs.length - 1] = message;
    else runs.push(message);
  }
  return runs;
}

/** What the server leaves out; what it gives is looked at here once more. Both kinds given: the streams there, the types here. */
export function serverFilter({ types, streamPrefixes }: EventFilter): ServerFilter {
  if (streamPrefixes !== undefined && streamPrefixes.length > 0 && !streamPrefixes.includes('')) return { on: 'stream', prefixes: streamPrefixes };
  if (types !== undefined && types.length > 0 && !types.includes('')) return { on: 'type', prefixes: types };
  return { on: 'stream', regex: '^[^$]' };
}

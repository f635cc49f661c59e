/** What every conformance check is made of: plain asserts, so that broken stores can be run through them too. */
import { randomUUID } from 'node:crypto';
import type { EventStore, NewEvent, StoredEvent, Subscribe, SubscriptionMessage } from '../event-store.js';

export interface Check {
  /** A sentence about the store. */
  readonly name: string;
  /** Throws when the sentence does not hold. The store may hold other streams; `patienceMs` is how long to wait before giving up. */
  run(store: EventStore, patienceMs: number): Promise<void>;
}

/** An event that nobody else has. */
export function event(data: string = JSON.stringify({ n: 1 }), type = 'ConsentGiven'): NewEvent {
  return { id: randomUUID(), type, data };
}

export function events(count: number): readonly NewEvent[] {
  return Array.from({ length: count }, (_, n) => event(JSON.stringify({ n })));
}

/** A name that nobody else uses. */
export function newStream(prefix = 'check'): string {
  return `${prefix}-${randomUUID()}`;
}

export async function all(batches: AsyncIterable<readonly StoredEvent[]>): Promise<readonly StoredEvent[]> {
  const found: StoredEvent[] = [];
  for await (const batch of batches) found.push(...batch);
  return found;
}

export const ids = (list: readonly { readonly id: string }[]): readonly string[] => list.map(({ id }) => id);
export const revisions = (list: readonly StoredEvent[]): readonly number[] => list.map(({ revision }) => revision);

/** What the promise was rejected with; fails when it was not. */
export async function failure(promise: Promise<unknown>): Promise<unknown> {
  let outcome: unknown;
  try {
    outcome = await promise;
  } catch (error) {
    return error;
  }
  throw new Error(`resolved, and should have been rejected: ${JSON.stringify(outcome)}`);
}

/** The promise's outcome, or a rejection when it takes longer. */
export async function within<T>(patienceMs: number, what: string, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`waited ${patienceMs} ms in vain for ${what}`)), patienceMs);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** A subscription that a check reads by hand. */
export class Subscription {
  readonly #stop = new AbortController();
  readonly #messages: AsyncIterator<SubscriptionMessage>;
  readonly seen: SubscriptionMessage[] = [];

  constructor(
    store: EventStore,
    private readonly patienceMs: number,
    options: Subscribe = {},
  ) {
    this.#messages = store.subscribe({ ...options, signal: this.#stop.signal })[Symbol.asyncIterator]();
  }

  /** Undefined at the end. */
  async next(): Promise<SubscriptionMessage | undefined> {
    const { done, value } = await within(this.patienceMs, 'a message', this.#messages.next());
    if (done) return undefined;
    this.seen.push(value);
    return value;
  }

  /** Reads on until `enough` says so; fails when the subscription ends before. */
  async until(enough: (message: SubscriptionMessage) => boolean): Promise<void> {
    for (;;) {
      const message = await this.next();
      if (!message) throw new Error('the subscription ended');
      if (enough(message)) return;
    }
  }

  async untilEvents(count: number): Promise<readonly StoredEvent[]> {
    while (this.events.length < count) await this.until(({ kind }) => kind === 'events');
    return this.events;
  }

  get events(): readonly StoredEvent[] {
    return this.seen.flatMap((message) => (message.kind === 'events' ? message.events : []));
  }

  abort(): void {
    this.#stop.abort();
  }

  /** Ends it and what still waits on it. */
  async end(): Promise<void> {
    this.abort();
    while (await this.next());
  }
}

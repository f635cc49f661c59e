/**
 * Keeps views up to date with the log: one subscription from the smallest checkpoint, each view passes over what it has.
 *
 * A log or view store that fails is tried again, without end and ever more slowly, from the checkpoints in the store. A view that
 * fails stops just before the event it cannot take, and the others go on.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { PositionBeyondEnd } from '#event-store/event-store.js';
import type { EventStore, Position, SubscriptionMessage } from '#event-store/event-store.js';
import { Feed, filterOf } from './feed.js';
import type { ViewFault } from './feed.js';
import { Positions } from './positions.js';
import type { Standing } from './positions.js';
import type { View, ViewStore } from './view.js';

/** Views stand where the log has not been: an older log was restored. Feeding them would leave rows of events that are no more. */
export class ViewsAheadOfLog extends Error {
  override readonly name = 'ViewsAheadOfLog';
  constructor(views: readonly string[], head: Position | undefined) {
    const end = head === undefined ? 'the log is empty' : `the log ends at ${head}`;
    super(`the views ${views.join(', ')} are ahead of the log: ${end} (hint: was an older log restored? restore the vault of the same time too, delete the views, and they are rebuilt at the next start)`);
  }
}

/** The log or the view store failed (`retryInMs`: it is tried again), or the views were found ahead of the log (never). */
export interface FeedingFault {
  readonly kind: 'feeding';
  readonly reason: string;
  readonly retryInMs: number | undefined;
}

export type ProjectorFault = ViewFault | FeedingFault;

export interface Progress {
  readonly standings: readonly Standing[];
  /** Events taken from the log since the start. */
  readonly events: number;
}

export interface Lag {
  readonly head: Position | undefined;
  /** What every view has reached, stopped ones included. */
  readonly reached: Position | undefined;
  /** 0 when the views have what the log has; else how long ago that was last known to be so. */
  readonly behindMs: number;
}

export interface ProjectorOptions {
  readonly store: EventStore;
  readonly views: readonly View[];
  readonly viewStore: ViewStore;
  /**
   * After a batch that was not full, wait so long for more to come: where a batch costs round trips and checkpoints of every view, a larger one
   * costs hardly more. Default 0.
   */
  readonly lingerMs?: number;
  readonly onProgress?: (progress: Progress) => void;
  readonly onFault?: (fault: ProjectorFault) => void;
  /** Of the leases that the views are fed under, where their store has leases. */
  readonly epochs?: ReadonlyMap<string, number>;
}

export interface Projector {
  position(view: string): Position | undefined;
  standings(): readonly Standing[];
  /** As `Positions.waitFor`: true when the view (every view) has reached it, else false at the time limit or when it never will. */
  waitFor(position: Position, timeoutMs: number, view?: string): Promise<boolean>;
  /** One question to the log. */
  lag(): Promise<Lag>;
  /** Lets the batch under way finish. The stores stay open: who opened them closes them. */
  close(): Promise<void>;
}

/** Events a batch when behind; live, a batch is what has come since the last. Beyond 2 000 nothing was gained, and memory grows. */
const BATCH_SIZE = 2000;
const LONGEST_RETRY_MS = 5000;

/**
 * Prepares the tables (a view of another version begins anew), checks the checkpoints against the log, and feeds from then on.
 * Rejects with `ViewsAheadOfLog`, `ViewRuleBroken` (a declaration is malformed) or what the stores say.
 */
export async function startProjector(options: ProjectorOptions): Promise<Projector> {
  await options.viewStore.prepare(options.views);
  return startPrepared(options);
}

/** The same for views whose tables are there. */
export async function startPrepared(options: ProjectorOptions): Promise<Projector> {
  await refuseAheadOfLog(options.store, options.views, options.viewStore);
  const running = new RunningProjector(options);
  await running.open();
  return running;
}

class RunningProjector implements Projector {
  readonly #options: ProjectorOptions;
  readonly #positions = new Positions();
  readonly #end = new AbortController();
  #feed: Feed | undefined;
  #events = 0;
  #levelAt = performance.now();
  #loop: Promise<void> = Promise.resolve();

  constructor(options: ProjectorOptions) {
    this.#options = options;
  }

  async open(): Promise<void> {
    await this.#reload();
    this.#loop = this.#run();
  }

  position(view: string): Position | undefined {
    return this.#positions.of(view);
  }

  standings(): readonly Standing[] {
    return this.#positions.all();
  }

  waitFor(position: Position, timeoutMs: number, view?: string): Promise<boolean> {
    return this.#positions.waitFor(position, timeoutMs, view);
  }

  async lag(): Promise<Lag> {
    const head = await this.#options.store.head();
    const reached = this.#positions.smallest();
    const level = head === undefined || (reached !== undefined && reached >= head);
    if (level) this.#levelAt = performance.now();
    return { head, reached, behindMs: level ? 0 : performance.now() - this.#levelAt };
  }

  async close(): Promise<void> {
    this.#end.abort();
    await this.#loop;
  }

  async #run(): Promise<void> {
    let retryInMs = 50;
    while (!this.#end.signal.aborted) {
      try {
        const feed = this.#feed ?? (await this.#reload());
        for await (const message of this.#subscribe(feed)) {
          await this.#receive(feed, message);
          retryInMs = 50;
          if (feed.stopped || this.#end.signal.aborted) break;
          await this.#linger(message);
        }
        break;
      } catch (error) {
        if (this.#end.signal.aborted) break;
        this.#feed = undefined;
        const fatal = isAheadOfLog(error);
        this.#options.onFault?.({ kind: 'feeding', reason: sentenceOf(error), retryInMs: fatal ? undefined : retryInMs });
        if (fatal) break;
        await delay(retryInMs, undefined, { signal: this.#end.signal }).catch(() => {});
        retryInMs = Math.min(2 * retryInMs, LONGEST_RETRY_MS);
      }
    }
    this.#positions.close();
  }

  #subscribe(feed: Feed): AsyncIterable<SubscriptionMessage> {
    const after = feed.behind();
    const filter = filterOf(this.#options.views);
    const signal = this.#end.signal;
    return this.#options.store.subscribe({ batchSize: BATCH_SIZE, signal, ...(after !== undefined && { after }), ...(filter && { filter }) });
  }

  async #linger(message: SubscriptionMessage): Promise<void> {
    const { lingerMs = 0 } = this.#options;
    if (lingerMs === 0 || message.kind !== 'events' || message.events.length >= BATCH_SIZE / 4) return;
    await delay(lingerMs, undefined, { signal: this.#end.signal }).catch(() => {});
  }

  async #receive(feed: Feed, message: SubscriptionMessage): Promise<void> {
    switch (message.kind) {
      case 'events':
        await feed.take(message.events);
        this.#events += message.events.length;
        break;
      case 'passed':
        await feed.pass(message.position);
        break;
      case 'caughtUp':
        if (message.position !== undefined) await feed.pass(message.position);
        this.#levelAt = performance.now();
        break;
      default: {
        const _: never = message;
        return _;
      }
    }
    this.#tell(feed);
  }

  /** Begins again from what the store has: after a failed commit nothing is known of its outcome. A view that stopped is tried again. */
  async #reload(): Promise<Feed> {
    const { views, viewStore, onFault, epochs } = this.#options;
    this.#feed = await Feed.open(views, viewStore, onFault, epochs);
    this.#tell(this.#feed);
    return this.#feed;
  }

  #tell(feed: Feed): void {
    const standings = feed.standings().map(({ view, position, fault }) => ({ view, position, stopped: fault !== undefined }));
    this.#positions.moved(standings);
    this.#options.onProgress?.({ standings, events: this.#events });
  }
}

/** Trying again will not help: the log does not have what the views were made from. */
export function isAheadOfLog(error: unknown): boolean {
  return error instanceof ViewsAheadOfLog || error instanceof PositionBeyondEnd;
}

export async function refuseAheadOfLog(store: EventStore, views: readonly View[], viewStore: Pick<ViewStore, 'checkpoint'>): Promise<void> {
  // The checkpoints first: the log only grows, so its end is then at least as late.
  const checkpoints = new Map<string, Position | undefined>();
  for (const { name } of views) checkpoints.set(name, await viewStore.checkpoint(name));
  const head = await store.head();
  const ahead = [...checkpoints].filter(([, position]) => position !== undefined && (head === undefined || position > head));
  if (ahead.length > 0) throw new ViewsAheadOfLog(ahead.map(([name]) => name), head);
}

/** Name and message. Errors of node itself are not `instanceof Error` where another realm asks, as in a test runner. */
export function sentenceOf(error: unknown): string {
  if (typeof error !== 'object' || error === null || !('message' in error)) return 'something that is not an error was thrown';
  return `${'name' in error ? String(error.name) : 'Error'}: ${String(error.message)}`;
}

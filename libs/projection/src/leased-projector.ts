/**
 * A projector among several on one view store: feeds the views whose leases it holds and stands by for the others.
 *
 * Two guards keep a row from being written by a projector that no longer may. Its own clock: when a renewal has not come in time it stops
 * feeding, whoever has the lease by then. And the epoch in every commit: what a process that was paused or cut off still sends is refused by
 * the store (Kleppmann 2016, "How to do distributed locking": a lease alone does not fence). The two clocks are never compared.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { Position } from '#event-store/event-store.js';
import type { Standing } from './positions.js';
import { isAheadOfLog, refuseAheadOfLog, sentenceOf, startPrepared } from './projector.js';
import type { Projector, ProjectorFault, ProjectorOptions } from './projector.js';
import { LeaseLost, ViewFedElsewhere } from './view.js';
import type { LeasedViewStore, ViewCommit, ViewStore } from './view.js';

export interface LeasedProjectorOptions extends Omit<ProjectorOptions, 'epochs'> {
  readonly viewStore: LeasedViewStore;
  /** This process: no other may have the same name. */
  readonly holder: string;
  /** How long others wait before they take over from a holder that is heard of no more. Renewed at a third of it. */
  readonly ttlMs?: number;
  /** The epochs of what is held now, each time that changes. */
  readonly onLeases?: (held: ReadonlyMap<string, number>) => void;
}

export interface LeasedProjector {
  /** Epochs by view; empty when it stands by. */
  held(): ReadonlyMap<string, number>;
  /** Of the views that it feeds. */
  standings(): readonly Standing[];
  /** Settles when nothing is fed any more: after `close`, or because the log does not have what the views were made from. */
  readonly ended: Promise<void>;
  /** Lets the batch under way finish and gives the leases back. The stores stay open. */
  close(): Promise<void>;
}

export const LEASE_TTL_MS = 10_000;
/** As long as an answer that asks for its own writes may wait for views. */
const LINGER_MS = 20;
/** A store that is away is asked again this soon, for the lease may still be saved. */
const SOONEST_MS = 100;

/**
 * Prepares the tables, checks the checkpoints against the log, and takes part from then on. Rejects as `startProjector` does; faults after
 * that are tried again without end.
 */
export async function startLeasedProjector(options: LeasedProjectorOptions): Promise<LeasedProjector> {
  const { store, views, viewStore } = options;
  await viewStore.prepare(views, await store.head());
  await refuseAheadOfLog(store, views, viewStore);
  return new RunningLeasedProjector(options);
}

class RunningLeasedProjector implements LeasedProjector {
  readonly #options: LeasedProjectorOptions;
  readonly #ttlMs: number;
  #isClosed = false;
  readonly ended: Promise<void>;
  #held: ReadonlyMap<string, number> = NOTHING;
  /** On this process's own clock, from before the lease was asked for: the store's own end of it is never earlier. */
  #heldUntil = 0;
  #lapse: NodeJS.Timeout | undefined;
  #feeding: Projector | undefined;
  #stopping: Promise<void> = Promise.resolve();
  #wake = new AbortController();
  #eventsBefore = 0;
  #events = 0;

  constructor(options: LeasedProjectorOptions) {
    this.#options = options;
    this.#ttlMs = options.ttlMs ?? LEASE_TTL_MS;
    this.ended = this.#run();
  }

  held(): ReadonlyMap<string, number> {
    return this.#held;
  }

  standings(): readonly Standing[] {
    return this.#feeding?.standings() ?? [];
  }

  async close(): Promise<void> {
    this.#finish();
    await this.ended;
  }

  async #run(): Promise<void> {
    while (!this.#isClosed) {
      this.#wake = new AbortController();
      const againInMs = await this.#renew();
      await delay(againInMs, undefined, { signal: this.#wake.signal }).catch(() => {});
    }
    clearTimeout(this.#lapse);
    this.#stop();
    await this.#stopping;
    // A store that is away lets them run out.
    await this.#options.viewStore.release(this.#options.holder).catch((error: unknown) => this.#tell(error, undefined));
  }

  /** Gives how soon to renew again. */
  async #renew(): Promise<number> {
    const { viewStore, holder, views } = this.#options;
    try {
      const askedAt = performance.now();
      const epochs = await viewStore.lease(holder, views.map(({ name }) => name), this.#ttlMs);
      this.#heldUntil = askedAt + this.#ttlMs;
      this.#watch();
      if (!isSame(epochs, this.#held)) await this.#change(epochs);
      return this.#ttlMs / 3;
    } catch (error) {
      if (this.#isClosed) return 0;
      const againInMs = Math.min(SOONEST_MS, this.#ttlMs / 3);
      this.#tell(error, isAheadOfLog(error) ? undefined : againInMs);
      return againInMs;
    }
  }

  /** Stops feeding when the leases end by this clock. */
  #watch(): void {
    clearTimeout(this.#lapse);
    this.#lapse = setTimeout(() => {
      if (this.#held.size > 0) this.#tell(new Error('the leases could not be renewed in time: standing by'), SOONEST_MS);
      this.#stop();
    }, Math.max(0, this.#heldUntil - performance.now()));
  }

  /** Feeds exactly these from now on. */
  async #change(epochs: ReadonlyMap<string, number>): Promise<void> {
    this.#stop();
    await this.#stopping;
    if (epochs.size === 0 || this.#isClosed) return;
    const { store, views, viewStore, onProgress } = this.#options;
    this.#eventsBefore = this.#events;
    const feeding = await startPrepared({
      store,
      views: views.filter(({ name }) => epochs.has(name)),
      viewStore: this.#fenced(viewStore),
      epochs,
      lingerMs: LINGER_MS,
      onProgress: ({ standings, events }) => {
        this.#events = this.#eventsBefore + events;
        onProgress?.({ standings, events: this.#events });
      },
      onFault: (fault) => this.#pass(fault),
    });
    this.#feeding = feeding;
    this.#hold(epochs);
  }

  #hold(epochs: ReadonlyMap<string, number>): void {
    this.#held = epochs;
    this.#options.onLeases?.(epochs);
  }

  /** No more batches from now on; `#stopping` when the one under way is done. */
  #stop(): void {
    const feeding = this.#feeding;
    this.#feeding = undefined;
    if (feeding) this.#stopping = feeding.close();
    if (this.#held.size > 0) this.#hold(NOTHING);
  }

  /** Writes nothing after the leases ended by this clock; asks for them anew when another's were met. */
  #fenced(viewStore: ViewStore): ViewStore {
    return {
      checkpoint: (view) => viewStore.checkpoint(view),
      fetch: (refs) => viewStore.fetch(refs),
      rows: (table, prefix, page) => viewStore.rows(table, prefix, page),
      prepare: (views) => viewStore.prepare(views),
      reset: (view) => viewStore.reset(view),
      close: async () => {},
      commit: async (commits: readonly ViewCommit[]) => {
        try {
          if (performance.now() >= this.#heldUntil) throw new LeaseLost(commits[0]?.view ?? '');
          await viewStore.commit(commits);
        } catch (error) {
          if (error instanceof LeaseLost || error instanceof ViewFedElsewhere) this.#wake.abort();
          throw error;
        }
      },
    };
  }

  #pass(fault: ProjectorFault): void {
    this.#options.onFault?.(fault);
    // An older log was restored: trying again will not help, here or elsewhere.
    if (fault.kind === 'feeding' && fault.retryInMs === undefined) this.#finish();
  }

  #tell(error: unknown, retryInMs: number | undefined): void {
    this.#pass({ kind: 'feeding', reason: sentenceOf(error), retryInMs });
  }

  #finish(): void {
    this.#isClosed = true;
    this.#wake.abort();
  }
}

/**
 * Has all views of a store made anew: each is emptied, and whoever holds its lease feeds it from the first event. Readers get no answer
 * from it until it is where the log ended now. Resolves when that is asked for, not when it is done.
 */
export async function askForRebuild({ store, views, viewStore }: Pick<LeasedProjectorOptions, 'store' | 'views' | 'viewStore'>): Promise<Position | undefined> {
  const head = await store.head();
  await viewStore.prepare(views, head);
  for (const view of views) await viewStore.reset(view, head);
  return head;
}

function isSame(a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): boolean {
  return a.size === b.size && [...a].every(([view, epoch]) => b.get(view) === epoch);
}

const NOTHING: ReadonlyMap<string, number> = new Map();

/**
 * How far views are that other processes feed: what `Projector` tells of its own, told from their store. It is asked often while somebody
 * waits, and seldom while nobody does.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { EventStore, Position } from '#event-store/event-store.js';
import { Positions } from './positions.js';
import type { Standing } from './positions.js';
import { ViewsAheadOfLog, type Lag } from './projector.js';
import type { FollowingReader } from './view.js';

export interface FollowedViewsOptions {
  readonly store: Pick<EventStore, 'head'>;
  readonly reader: FollowingReader;
  /** The store of the views could not be asked; once each time that begins. */
  readonly onFault?: (error: unknown) => void;
}

/** How long somebody who waits may wait too long. */
const WAITED_FOR_MS = 25;
const IDLE_MS = 1000;
const AWAY_MS = 250;

export class FollowedViews {
  readonly #options: FollowedViewsOptions;
  readonly #positions = new Positions();
  readonly #loop: Promise<void>;
  #wake = new AbortController();
  #asking: Promise<void> | undefined;
  #waiting = 0;
  #serving = false;
  #isAhead = false;
  #isClosed = false;
  #isAway = false;
  #levelAt = performance.now();
  #comparedAt = 0;
  #comparing: Promise<unknown> | undefined;

  /** Begins to ask at once; whether the store is there shows in `isServing`. */
  constructor(options: FollowedViewsOptions) {
    this.#options = options;
    this.#loop = this.#run();
  }

  /** All views serve and none is where the log has not been, as far as was known when they were last asked. A reader refuses by itself what does not. */
  isServing(): boolean {
    return this.#serving && !this.#isAhead;
  }

  standings(): readonly Standing[] {
    return this.#positions.all();
  }

  position(view: string): Position | undefined {
    return this.#positions.of(view);
  }

  /** True when the view (every view) has reached it, else false at the time limit or when this is closed. */
  async waitFor(position: Position, timeoutMs: number, view?: string): Promise<boolean> {
    const endAt = performance.now() + timeoutMs;
    // Until the store has been asked once, nothing is known to be short of anything.
    while (this.#positions.all().length === 0) {
      if (this.#isClosed || performance.now() >= endAt) return false;
      await this.#ask().catch(() => delay(WAITED_FOR_MS));
    }
    this.#waiting += 1;
    // A store that is away is not asked sooner for being waited for.
    if (!this.#isAway) this.#wake.abort();
    try {
      return await this.#positions.waitFor(position, Math.max(0, endAt - performance.now()), view);
    } finally {
      this.#waiting -= 1;
    }
  }

  /** One question to the log and one to the views' store, asked now: `isServing` is then as fresh. Rejects when either is away. */
  async lag(): Promise<Lag> {
    // A question that began earlier may not know of a rebuild that the caller has just asked for.
    await this.#asking?.catch(() => {});
    // The views first: an event that comes in between is a lag, not a lead.
    await this.#ask();
    return this.#compare();
  }

  /** Nobody need wait any more. The reader stays open. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#wake.abort();
    await this.#loop;
    this.#positions.close();
  }

  async #run(): Promise<void> {
    while (!this.#isClosed) {
      this.#wake = new AbortController();
      await this.#ask().catch(() => {});
      // Else they would seem to lag for as long as nobody asked. A log that is away says so to whoever asks.
      if (!this.#isAway && performance.now() - this.#comparedAt >= IDLE_MS / 2) this.#compareBeside();
      const pauseMs = this.#isAway ? AWAY_MS : this.#waiting > 0 ? WAITED_FOR_MS : this.#serving ? IDLE_MS : AWAY_MS;
      await delay(pauseMs, undefined, { signal: this.#wake.signal }).catch(() => {});
    }
  }

  /** The views are asked on while the log is slow to answer. */
  #compareBeside(): void {
    this.#comparing ??= this.#compare().then(
      () => (this.#comparing = undefined),
      () => (this.#comparing = undefined),
    );
  }

  async #compare(): Promise<Lag> {
    this.#comparedAt = performance.now();
    // Where they were before the log was asked: it only grows, so none of them is further, unless somebody moved it or an older log was restored.
    const before = this.#positions.all();
    const head = await this.#options.store.head();
    const isAhead = before.some(({ position }) => position !== undefined && (head === undefined || position > head));
    if (isAhead && !this.#isAhead) this.#options.onFault?.(new ViewsAheadOfLog(before.map(({ view }) => view), head));
    this.#isAhead = isAhead;
    const reached = this.#positions.smallest();
    const isLevel = head === undefined || (reached !== undefined && reached >= head);
    if (isLevel) this.#levelAt = performance.now();
    return { head, reached, behindMs: isLevel ? 0 : performance.now() - this.#levelAt };
  }

  /** One question at a time; who asks meanwhile shares its answer. */
  #ask(): Promise<void> {
    this.#asking ??= this.#askNow().finally(() => {
      this.#asking = undefined;
    });
    return this.#asking;
  }

  async #askNow(): Promise<void> {
    try {
      const progress = await this.#options.reader.progress();
      this.#isAway = false;
      this.#serving = progress.every(({ isServing }) => isServing);
      this.#positions.moved(progress.map(({ view, checkpoint }) => ({ view, position: checkpoint, stopped: false })));
    } catch (error) {
      this.#serving = false;
      if (!this.#isAway) this.#options.onFault?.(error);
      this.#isAway = true;
      throw error;
    }
  }
}

/**
 * How far views are that other processes feed: what `Projector` tells of its own, told from their store. It is asked often while somebody
 * waits, and seldom while nobody does.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { EventStore, Position } from '#event-store/event-store.js';
import { Positions } from './positions.js';
import type { Standing } from './positions.js';
import type { Lag } from './projector.js';
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
  readonly #end = new AbortController();
  readonly #loop: Promise<void>;
  #wake = new AbortController();
  #asking: Promise<void> | undefined;
  #waiting = 0;
  #serving = false;
  #isAway = false;
  #levelAt = performance.now();

  /** Begins to ask at once; whether the store is there shows in `isServing`. */
  constructor(options: FollowedViewsOptions) {
    this.#options = options;
    this.#loop = this.#run();
  }

  /** All views serve, as far as was known when they were last asked. A reader refuses by itself what does not. */
  isServing(): boolean {
    return this.#serving;
  }

  standings(): readonly Standing[] {
    return this.#positions.all();
  }

  position(view: string): Position | undefined {
    return this.#positions.of(view);
  }

  /** True when the view (every view) has reached it, else false at the time limit or when this is closed. */
  async waitFor(position: Position, timeoutMs: number, view?: string): Promise<boolean> {
    if (this.#positions.all().length === 0) await this.#ask().catch(() => {});
    this.#waiting += 1;
    this.#wake.abort();
    try {
      return await this.#positions.waitFor(position, timeoutMs, view);
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
    const head = await this.#options.store.head();
    const reached = this.#positions.smallest();
    const isLevel = head === undefined || (reached !== undefined && reached >= head);
    if (isLevel) this.#levelAt = performance.now();
    return { head, reached, behindMs: isLevel ? 0 : performance.now() - this.#levelAt };
  }

  /** Nobody need wait any more. The reader stays open. */
  async close(): Promise<void> {
    this.#end.abort();
    await this.#loop;
    this.#positions.close();
  }

  async #run(): Promise<void> {
    while (!this.#end.signal.aborted) {
      this.#wake = new AbortController();
      const isThere = await this.#ask().then(() => true, () => false);
      // Somebody who begins to wait has it asked at once, but not a store that is away.
      const wakes = isThere ? [this.#wake.signal, this.#end.signal] : [this.#end.signal];
      await delay(isThere && this.#waiting > 0 ? WAITED_FOR_MS : isThere ? IDLE_MS : AWAY_MS, undefined, { signal: AbortSignal.any(wakes) }).catch(() => {});
    }
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

/** Views that projectors of their own feed, for every node that shares them. */
import { setTimeout as delay } from 'node:timers/promises';
import type { EventStore, Position } from '#event-store/event-store.js';
import { views } from '#ledger/views.js';
import type { PostgresEngine } from '#nest/configuration.js';
import type { EventLog } from '#nest/event-log.js';
import { EdgeFault } from '#nest/problem.js';
import { FollowedViews } from '#projection/followed-views.js';
import { askForRebuild } from '#projection/leased-projector.js';
import { refuseAheadOfLog } from '#projection/projector.js';
import { openPostgresViews, openPostgresViewsReadOnly } from '#projection/postgres-view-store.js';
import type { FollowingReader } from '#projection/view.js';
import type { OpenProjection } from './open-projection.js';

/** How often it is asked whether a rebuild is done. */
const ASK_AGAIN_MS = 250;

export class SharedProjection implements OpenProjection {
  readonly #url: string;
  readonly #log: EventStore;
  readonly #followed: FollowedViews;
  #rebuilding = false;

  private constructor(
    url: string,
    log: EventStore,
    readonly reader: FollowingReader,
    events: EventLog,
  ) {
    this.#url = url;
    this.#log = log;
    this.#followed = new FollowedViews({ store: log, reader, onFault: (error) => events.fault(error) });
  }

  static async open({ url }: PostgresEngine, log: EventStore, events: EventLog): Promise<SharedProjection> {
    const reader = await openPostgresViewsReadOnly(url, views);
    try {
      // Of events without values only the views tell that the log had them.
      await refuseAheadOfLog(log, views, reader);
      return new SharedProjection(url, log, reader, events);
    } catch (error) {
      await reader.close();
      throw error;
    }
  }

  /** Commands go on while nobody feeds the views; queries say by themselves that they cannot be answered. */
  isNeeded(): boolean {
    return false;
  }

  isServing(): boolean {
    return this.#followed.isServing();
  }

  waitFor(position: Position, timeoutMs: number): Promise<boolean> {
    return this.#followed.waitFor(position, timeoutMs);
  }

  lag(): ReturnType<OpenProjection['lag']> {
    return this.#followed.lag();
  }

  standings(): ReturnType<OpenProjection['standings']> {
    return this.#followed.standings();
  }

  async rebuild(): Promise<{ readonly position: Position | undefined }> {
    if (this.#rebuilding) throw new EdgeFault('AlreadyRunning');
    this.#rebuilding = true;
    try {
      const viewStore = await openPostgresViews(this.#url);
      try {
        await askForRebuild({ store: this.#log, views, viewStore });
        for (;;) {
          const { reached } = await this.#followed.lag();
          if (this.#followed.isServing()) return { position: reached };
          await delay(ASK_AGAIN_MS);
        }
      } finally {
        await viewStore.close();
      }
    } finally {
      // Also when no connection is to be had: the next one who asks must not be told that it runs.
      this.#rebuilding = false;
    }
  }

  async close(): Promise<void> {
    await this.#followed.close();
    await this.reader.close();
  }
}

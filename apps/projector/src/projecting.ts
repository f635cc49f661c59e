/** The projector's work, from a start at which neither log nor database need be there yet. */
import { setTimeout as delay } from 'node:timers/promises';
import { StoreUnavailable, type EventStore } from '#event-store/event-store.js';
import type { ProjectorConfiguration } from '#nest/configuration.js';
import type { EventLog } from '#nest/event-log.js';
import { FollowedViews } from '#projection/followed-views.js';
import { startLeasedProjector, type LeasedProjector } from '#projection/leased-projector.js';
import type { Lag, ProjectorFault } from '#projection/projector.js';
import { ViewsUnavailable, type FollowingReader, type LeasedViewStore, type View } from '#projection/view.js';
import type { ProjectorStores } from './stores.js';

export interface ProjectingOptions {
  readonly configuration: ProjectorConfiguration;
  readonly stores: ProjectorStores;
  readonly views: readonly View[];
  /** This process, as no other is called. */
  readonly holder: string;
  readonly events: EventLog;
  readonly ttlMs?: number;
  readonly onEvents: (count: number) => void;
  readonly onFault: (kind: ProjectorFault['kind']) => void;
}

const SOONEST_MS = 250;
const LONGEST_MS = 5000;
/** Lags are counted up to here; how far behind a rebuild is, its time tells. */
export const COUNTED_EVENTS = 1000;

export class Projecting {
  readonly #options: ProjectingOptions;
  readonly #end = new AbortController();
  readonly #work: Promise<void>;
  readonly #failed = Promise.withResolvers<Error | undefined>();
  #log: EventStore | undefined;
  #viewStore: (LeasedViewStore & FollowingReader) | undefined;
  #projector: LeasedProjector | undefined;
  #followed: FollowedViews | undefined;
  #fatal: string | undefined;
  #told = 0;

  constructor(options: ProjectingOptions) {
    this.#options = options;
    this.#work = this.#begin();
  }

  /** Settles with what ended it, in a sentence; undefined when it was closed. */
  get failed(): Promise<Error | undefined> {
    return this.#failed.promise;
  }

  /** Epochs by view. */
  held(): ReadonlyMap<string, number> {
    return this.#projector?.held() ?? new Map();
  }

  /** Of all views, whoever feeds them. Rejects while log or views are away; undefined before both have been reached and prepared. */
  async lag(): Promise<Lag | undefined> {
    return this.#followed?.lag();
  }

  /** Events that some view has not seen, up to `COUNTED_EVENTS`. */
  async eventsBehind({ head, reached }: Lag): Promise<number> {
    const log = this.#log;
    if (!log || head === undefined || (reached !== undefined && reached >= head)) return 0;
    let count = 0;
    for await (const batch of log.readAll({ limit: COUNTED_EVENTS + 1, ...(reached !== undefined && { from: reached }) })) {
      count += batch.filter(({ position }) => reached === undefined || position > reached).length;
      if (count >= COUNTED_EVENTS) break;
    }
    return Math.min(count, COUNTED_EVENTS);
  }

  /** Gives the leases back, then closes views and log. */
  async close(): Promise<void> {
    this.#end.abort();
    await this.#work;
    await this.#projector?.close();
    await this.#followed?.close();
    await this.#viewStore?.close();
    await this.#log?.close();
    this.#failed.resolve(undefined);
  }

  async #begin(): Promise<void> {
    const { configuration, stores, views, events } = this.#options;
    for (let pauseMs = SOONEST_MS; !this.#end.signal.aborted; pauseMs = Math.min(2 * pauseMs, LONGEST_MS)) {
      try {
        this.#log ??= await stores.openLog(configuration);
        this.#viewStore ??= await stores.openViewStore(configuration);
        await this.#feed(this.#log, this.#viewStore, views);
        return;
      } catch (error) {
        if (!(error instanceof StoreUnavailable) && !(error instanceof ViewsUnavailable)) return this.#fail(error);
        events.say('warn', 'waiting', { for: error instanceof StoreUnavailable ? 'log' : 'views', retryInMs: pauseMs });
        await delay(pauseMs, undefined, { signal: this.#end.signal }).catch(() => {});
      }
    }
  }

  async #feed(store: EventStore, viewStore: LeasedViewStore & FollowingReader, views: readonly View[]): Promise<void> {
    const { holder, events, ttlMs, onEvents } = this.#options;
    const projector = await startLeasedProjector({
      store,
      views,
      viewStore,
      holder,
      ...(ttlMs !== undefined && { ttlMs }),
      onLeases: (held) => events.say('info', 'leases', { views: [...held.keys()] }),
      onProgress: ({ events: count }) => {
        onEvents(count - this.#told);
        this.#told = count;
      },
      onFault: (fault) => this.#tell(fault),
    });
    this.#projector = projector;
    this.#followed = new FollowedViews({ store, reader: viewStore, onFault: (error) => events.fault(error) });
    events.say('info', 'feeding');
    void projector.ended.then(() => {
      if (this.#fatal !== undefined) this.#fail(new Error(this.#fatal));
    });
  }

  #tell(fault: ProjectorFault): void {
    const { events, onFault } = this.#options;
    onFault(fault.kind);
    events.say('error', 'projector', { ...fault });
    if (fault.kind === 'feeding' && fault.retryInMs === undefined) this.#fatal = fault.reason;
  }

  #fail(error: unknown): void {
    this.#options.events.fault(error);
    this.#failed.resolve(error instanceof Error ? error : new Error('the projector could not start'));
  }
}

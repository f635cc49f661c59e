/** Feeds the views: in a thread of its own where they are in a file, in this one where they are in memory. */
import type { EventStore, Position } from '#event-store/event-store.js';
import { views } from '#ledger/views.js';
import type { Configuration, MemoryEngine, SqliteEngine } from '#nest/configuration.js';
import type { EventLog } from '#nest/event-log.js';
import { EdgeFault } from '#nest/problem.js';
import type { Projection } from '#nest/projection.js';
import { openViews, openViewsReadOnly } from '#nest/stores.js';
import { startProjectorThread } from '#projection/projector.host.js';
import { startProjector, type Lag, type ProjectorFault } from '#projection/projector.js';
import { rebuild } from '#projection/rebuild.js';
import type { ViewReader } from '#projection/view.js';

/** What the thread is told. */
export interface ProjectorTask {
  readonly logFile: string;
  readonly viewsFile: string;
  /** Makes the views anew before it begins to follow the log. */
  readonly anew: boolean;
}

/** A projector, in whichever thread. */
interface Feeding {
  standings(): ReturnType<Projection['standings']>;
  waitFor(position: Position, timeoutMs: number): Promise<boolean>;
  lag(): Promise<Lag>;
  close(): Promise<void>;
}

type Start = (anew: boolean) => Promise<Feeding>;

export class HostedProjection implements Projection {
  #feeding: Feeding;
  #rebuilding = false;
  #failed = false;

  private constructor(
    private readonly start: Start,
    feeding: Feeding,
    /** For queries; closed with the projection. */
    readonly reader: ViewReader,
    private readonly readerFirst: boolean,
  ) {
    this.#feeding = feeding;
  }

  /** Resolves when the views are being fed. Rejects when they cannot be opened or are ahead of the log. */
  static async open({ log, views: place }: Configuration & { readonly kept: 'files' | 'memory' }, store: EventStore, events: EventLog): Promise<HostedProjection> {
    const failure: { of?: HostedProjection } = {};
    const onFailed = (): void => failure.of?.fail();
    const { start, reader, readerFirst } = place.engine === 'sqlite' && log.engine === 'sqlite' ? inThread(log.file, place, events, onFailed) : inProcess(place, store, events);
    const feeding = await start(false);
    try {
      const running = new HostedProjection(start, feeding, reader(), readerFirst);
      failure.of = running;
      return running;
    } catch (error) {
      await feeding.close();
      throw error;
    }
  }

  fail(): void {
    this.#failed = true;
  }

  isNeeded(): boolean {
    return true;
  }

  isServing(): boolean {
    return !this.#rebuilding && !this.#failed;
  }

  standings(): ReturnType<Projection['standings']> {
    return this.#feeding.standings();
  }

  waitFor(position: Position, timeoutMs: number): Promise<boolean> {
    return this.#feeding.waitFor(position, timeoutMs);
  }

  lag(): Promise<Lag> {
    return this.#feeding.lag();
  }

  async rebuild(): Promise<{ readonly position: Position | undefined }> {
    if (this.#rebuilding) throw new EdgeFault('AlreadyRunning');
    this.#rebuilding = true;
    try {
      await this.#feeding.close();
      this.#feeding = await this.start(true);
      this.#failed = false;
      const { head } = await this.#feeding.lag();
      // What came while it was being rebuilt is there too before anybody is answered again.
      if (head !== undefined) await this.#feeding.waitFor(head, 60_000);
      return { position: (await this.#feeding.lag()).reached };
    } catch (error) {
      this.#failed = true;
      throw error;
    } finally {
      this.#rebuilding = false;
    }
  }

  async close(): Promise<void> {
    if (this.readerFirst) await this.reader.close();
    await this.#feeding.close();
    if (!this.readerFirst) await this.reader.close();
  }
}

interface Way {
  readonly start: Start;
  readonly reader: () => ViewReader;
  /** The connection that closes last removes the WAL, and only a writer's can; in one thread the reader is the writer's own store. */
  readonly readerFirst: boolean;
}

function inThread(logFile: string, place: SqliteEngine, events: EventLog, onFailed: () => void): Way {
  const start: Start = async (anew) => {
    const workerData: ProjectorTask = { logFile, viewsFile: place.file, anew };
    return startProjectorThread({
      workerUrl: new URL('./projector.worker.js', import.meta.url),
      workerData,
      onFault: (fault) => tell(fault, events),
      onFailed: (failure) => {
        events.say('error', 'projector', { message: failure.message });
        onFailed();
      },
    });
  };
  return { start, reader: () => openViewsReadOnly(place, views), readerFirst: true };
}

function inProcess(place: SqliteEngine | MemoryEngine, store: EventStore, events: EventLog): Way {
  const viewStore = openViews(place);
  const start: Start = async (anew) => {
    if (anew) await rebuild({ store, views, viewStore });
    return startProjector({ store, views, viewStore, onFault: (fault) => tell(fault, events) });
  };
  return { start, reader: () => viewStore, readerFirst: false };
}

function tell(fault: ProjectorFault, events: EventLog): void {
  events.say('error', 'projector', { ...fault });
}

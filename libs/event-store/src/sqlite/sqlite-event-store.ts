import {
  AppendRefused,
  type Appended,
  type AppendRequest,
  type EventStore,
  type Position,
  type ReadAll,
  type ReadStream,
  type StoredEvent,
  type Subscribe,
  type SubscriptionMessage,
} from '../event-store.js';
import { refuseMalformed } from '../check-append.js';
import { News } from '../news.js';
import { positionOf } from '../rank.js';
import { followRanked, readRanked, readRankedStream } from '../ranked-log.js';
import type { SharedWriter } from '../writer-participant.js';
import { LogReader } from './log-reader.js';
import type { WriterSettings } from './protocol.js';
import { Writer } from './writer.js';

/**
 * Opens the log for writing and makes it if it is not there. Rejects with `StoreUnusable` when the file is foreign, newer, damaged, or
 * open for writing already. `participant`: the module (a URL) of a store that commits in the same groups.
 */
export async function openSqliteEventStore(settings: WriterSettings): Promise<SqliteEventStore> {
  const news = new News();
  const writer = await Writer.start(settings, () => news.tell());
  try {
    return new SqliteEventStore(new LogReader(settings.file), writer, news, settings.participant !== undefined);
  } catch (error) {
    await writer.close();
    throw error;
  }
}

/** Milliseconds between two looks at a log that another process writes. */
const POLL_MS = 50;

/** Opens a log for reading, beside its writer in this process or another. Rejects with `StoreUnusable`. Its `append` always rejects. */
export async function openSqliteEventStoreReadOnly(settings: { readonly file: string }): Promise<EventStore> {
  return new SqliteLogView(new LogReader(settings.file), new News(POLL_MS));
}

/** What reading needs; whoever does not write has this alone. */
class SqliteLogView implements EventStore {
  #closed = false;

  constructor(
    protected readonly reader: LogReader,
    protected readonly news: News,
  ) {}

  async append(_request: AppendRequest): Promise<Appended> {
    throw new AppendRefused('this log was opened for reading only: append through the process that writes it');
  }

  readStream(stream: string, options?: ReadStream): AsyncIterable<readonly StoredEvent[]> {
    return readRankedStream(this.reader, stream, options);
  }

  readAll(options?: ReadAll): AsyncIterable<readonly StoredEvent[]> {
    return readRanked(this.reader, options);
  }

  subscribe(options?: Subscribe): AsyncIterable<SubscriptionMessage> {
    return followRanked(this.reader, { closed: () => this.#closed, news: (signal) => this.news.next(signal) }, options);
  }

  async revisionOf(stream: string): Promise<number | 'none'> {
    const size = this.reader.sizeOf(stream);
    return size === 0 ? 'none' : size - 1;
  }

  async head(): Promise<Position | undefined> {
    const size = this.reader.size();
    return size === 0 ? undefined : positionOf(size - 1);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.reader.close();
    this.news.tell();
  }
}

/** The log with its writer. After an error in writing it takes no more appends (`StoreStopped`); reads go on. */
export class SqliteEventStore extends SqliteLogView implements SharedWriter {
  constructor(
    reader: LogReader,
    private readonly writer: Writer,
    news: News,
    private readonly hasParticipant: boolean,
  ) {
    super(reader, news);
  }

  override async append(request: AppendRequest): Promise<Appended> {
    refuseMalformed(request);
    if (request.rider !== undefined) this.#mustHaveParticipant();
    return this.writer.append(request);
  }

  async ride(rider: unknown): Promise<void> {
    this.#mustHaveParticipant();
    await this.writer.ask(['ride', rider]);
  }

  async run(job: unknown): Promise<unknown> {
    this.#mustHaveParticipant();
    return this.writer.ask(['run', job]);
  }

  override async close(): Promise<void> {
    // Readers first: the connection that closes last removes the WAL, and only the writer's can.
    await super.close();
    await this.writer.close();
  }

  #mustHaveParticipant(): void {
    if (!this.hasParticipant) throw new AppendRefused('this log was opened without a participant for riders');
  }
}

import { refuseMalformed } from '../check-append.js';
import {
  AppendRefused,
  StoreStopped,
  StoreUnusable,
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
import { Appender } from './appender.js';
import { Connection, type Patience } from './connection.js';
import { ReadBack } from './read-back.js';
import { lastPosition, lastRevision, readOneStream, readWholeLog } from './reader.js';
import { isSelective, readSparse } from './sparse-read.js';
import { follow, type Watch } from './subscription.js';

export interface EsdbSettings extends Partial<Patience> {
  /** `esdb://…` or `esdb+discover://…`, as EventStoreDB's clients read it: hosts, user and password, tls, tlsCaFile, nodePreference, keepAlive…. */
  readonly url: string;
  /** How long a subscription may be silent before the server is asked whether there is anything. Default: 5 s. */
  readonly quietMs?: number;
}

const DEFAULTS = { patienceMs: 60_000, attemptMs: 10_000, refusedMs: 2_000, quietMs: 5_000 };

/**
 * Opens a log on an EventStoreDB (or KurrentDB) server or cluster. Rejects with `StoreUnavailable` within `refusedMs` when nobody listens
 * there, and with `StoreUnusable` when the URL is malformed, or user or certificate are not accepted. What the log holds is not looked at.
 */
export async function openEsdbEventStore(settings: EsdbSettings): Promise<EsdbEventStore> {
  const { url } = settings;
  const patience = { ...DEFAULTS, ...settings };
  const leader = connectionTo(leaderOf(url), patience);
  const nearest = leaderOf(url) === url ? leader : connectionTo(url, patience);
  try {
    const end = await lastPosition(leader, { requiresLeader: true, system: true });
    return new EsdbEventStore(leader, nearest, new ReadBack(leader, end), patience.quietMs);
  } catch (error) {
    leader.close();
    nearest.close();
    throw error;
  }
}

export class EsdbEventStore implements EventStore {
  readonly #closing = new AbortController();
  readonly #underWay = new Set<Promise<unknown>>();
  readonly #appender: Appender;
  readonly #watch: Watch;
  #closed: Promise<void> | undefined;

  constructor(
    private readonly leader: Connection,
    private readonly nearest: Connection,
    private readonly readBack: ReadBack,
    quietMs: number,
  ) {
    this.#appender = new Appender(leader, readBack);
    this.#watch = { quietMs, saw: (position) => readBack.saw(position) };
  }

  async append(request: AppendRequest): Promise<Appended> {
    refuseMalformed(request);
    if (request.rider !== undefined) throw new AppendRefused('EventStoreDB has no participant for a rider');
    this.#mustBeOpen();
    const outcome = this.#appender.append(request);
    this.#underWay.add(outcome);
    try {
      return await outcome;
    } finally {
      this.#underWay.delete(outcome);
    }
  }

  readStream(stream: string, options?: ReadStream): AsyncIterable<readonly StoredEvent[]> {
    this.#mustBeOpen();
    return readOneStream(this.leader, stream, options);
  }

  readAll(options?: ReadAll): AsyncIterable<readonly StoredEvent[]> {
    this.#mustBeOpen();
    const { direction, filter } = options ?? {};
    if (direction === 'backwards' || !isSelective(filter)) return readWholeLog(this.nearest, options);
    return readWholeLog(this.nearest, options, (after, limit) => readSparse(this.nearest, this.#watch, this.#closing.signal, { after, filter, limit }));
  }

  subscribe(options?: Subscribe): AsyncIterable<SubscriptionMessage> {
    this.#mustBeOpen();
    const over = options?.signal ? AbortSignal.any([options.signal, this.#closing.signal]) : this.#closing.signal;
    return follow(this.nearest, this.#watch, over, options);
  }

  async revisionOf(stream: string): Promise<number | 'none'> {
    this.#mustBeOpen();
    return lastRevision(this.leader, stream);
  }

  async head(): Promise<Position | undefined> {
    this.#mustBeOpen();
    const position = await lastPosition(this.leader, { requiresLeader: true, system: false });
    this.readBack.saw(position);
    return position;
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    this.#closing.abort();
    while (this.#underWay.size > 0) await Promise.allSettled(this.#underWay);
    this.#appender.close();
    this.leader.close();
    this.nearest.close();
  }

  #mustBeOpen(): void {
    if (this.#closing.signal.aborted) throw new StoreStopped('the log is closed');
  }
}

/** Appends, and reads that must see all, go to the leader; a preference is for the rest. */
function leaderOf(url: string): string {
  return url.replace(/([?&])nodePreference=[^&]*/gi, '$1nodePreference=leader');
}

/** The client's own sentence shows what it did not understand, which may be a password. */
function connectionTo(url: string, patience: Patience): Connection {
  try {
    return new Connection(url, patience);
  } catch (error) {
    if (error instanceof StoreUnusable) throw error;
    const place = /at position (\d+), expected ([^.]*)\.$/.exec(error instanceof Error ? error.message : '');
    const why = place ? ` (at character ${Number(place[1]) + 1}: ${place[2]} is expected there)` : error instanceof Error && /file|userCert/i.test(error.message) ? `: ${error.message}` : '';
    throw new StoreUnusable(`the log's URL is not one for EventStoreDB${why}`);
  }
}

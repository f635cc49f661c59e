/** Streams, `$all`, and when an append is taken, repeated or refused: the rules of EventStoreDB 23.10 (its IndexWriter's check of a commit), as a real server showed them. */
import { randomUUID } from 'node:crypto';
import { LogFile, type Proposed, type Recorded, type Unplaced } from './log-file.js';

/** What the caller believes about the stream. */
export type Expected = bigint | 'any' | 'no_stream' | 'stream_exists';

export type Outcome =
  /** Revision and position of the last event; for a repeat, those of the first time. */
  | { readonly kind: 'written'; readonly revision: bigint; readonly position: number }
  /** `current`: -1 where there is no stream. */
  | { readonly kind: 'wrong-expected-version'; readonly current: bigint }
  | { readonly kind: 'deleted' };

/** The revision of a tombstone, and the `$tb` of a stream that was deleted softly. */
export const DELETED = 2n ** 63n - 1n;
const METADATA = '$metadata';
const TOMBSTONE = '$streamDeleted';
/** One of the server's own events after so many of its users', so that readers meet them in the middle too. */
const STATISTICS_EVERY = 64;
/** The memory for ids that `any` and `stream_exists` look at, as the real server counts it. */
const RECENT_IDS_BYTES = 8 * 1024 * 1024;

interface Stream {
  readonly events: Recorded[];
  isTombstoned: boolean;
  truncateBefore: bigint;
  maxCount: bigint | undefined;
}

export class Store {
  /** Every event by position, those that are not durable yet included. */
  readonly #all: Recorded[] = [];
  #durableCount = 0;
  #durableEnd = 0;
  readonly #streams = new Map<string, Stream>();
  readonly #recent = new RecentIds();
  readonly #log: LogFile;
  readonly #listeners = new Set<() => void>();
  #sinceStatistics = 0;

  constructor(path: string, options: { readonly fsync: boolean; readonly follow: boolean }) {
    this.#log = new LogFile(path, {
      ...options,
      onRecords: (records) => records.forEach((record) => this.#index(record)),
      onDurable: (end) => this.#show(end),
    });
    if (!options.follow && this.#all.length === 0) this.#begin();
  }

  /** Resolves when the outcome holds whatever happens to this process. */
  async append(stream: string, expected: Expected, events: readonly Proposed[]): Promise<Outcome> {
    const outcome = this.#append(stream, expected, events);
    await this.#log.flushed();
    return outcome;
  }

  /** Hides the stream's events; the next append opens it again behind them. */
  async softDelete(stream: string, expected: Expected): Promise<Outcome> {
    return this.#delete(stream, expected, () => this.#write(this.#metadata(stream, DELETED)));
  }

  /** Closes the stream for ever. */
  async tombstone(stream: string, expected: Expected): Promise<Outcome> {
    return this.#delete(stream, expected, () => this.#write([{ ...ownEvent(TOMBSTONE, {}), stream, revision: DELETED, createdMs: Date.now() }]));
  }

  /** The events of a stream that a reader may see, by revision from `from` on; what is wrong with the stream otherwise. */
  stream(name: string): { readonly events: readonly Recorded[]; readonly first: number; readonly end: number } | 'no-stream' | 'deleted' {
    const stream = this.#streams.get(name);
    if (stream === undefined) return 'no-stream';
    if (stream.isTombstoned) return 'deleted';
    const { events, truncateBefore, maxCount } = stream;
    let end = events.length;
    while (end > 0 && (events[end - 1] as Recorded).position >= this.#durableEnd) end -= 1;
    if (end === 0 || truncateBefore === DELETED) return 'no-stream';
    const kept = maxCount === undefined ? 0 : Math.max(0, end - Number(maxCount));
    return { events, first: Math.min(end, Math.max(Number(truncateBefore), kept)), end };
  }

  /** Of the events that may be shown, the one at a place in `$all`. */
  at(index: number): Recorded | undefined {
    return index < this.#durableCount ? this.#all[index] : undefined;
  }

  /** How many events may be shown. */
  get count(): number {
    return this.#durableCount;
  }

  /** Behind the last event that may be shown. */
  get end(): number {
    return this.#durableEnd;
  }

  /** The place of the first event at a position or behind it. */
  indexOf(position: number): number {
    let low = 0;
    let high = this.#durableCount;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#all[middle] as Recorded).position < position) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Calls back whenever there is more to show, until what it returns is called. */
  onNews(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Reads on what another process writes, or writes from here on. */
  async setFollowing(follow: boolean): Promise<void> {
    await this.#log.setFollowing(follow);
  }

  close(): void {
    this.#log.close();
  }

  #append(name: string, expected: Expected, events: readonly Proposed[]): Outcome {
    const decision = this.#check(name, expected, events.map(({ id }) => id));
    if (decision.kind !== 'new') return decision;
    const { current } = decision;
    // An append of nothing succeeds, at a revision that need not exist.
    if (events.length === 0) return { kind: 'written', revision: current < 0n ? 0n : current, position: this.#durableEnd };
    const createdMs = Date.now();
    const undeletes = this.#streams.get(name)?.truncateBefore === DELETED;
    const own = events.map((event, i) => ({ ...event, stream: name, revision: current + 1n + BigInt(i), createdMs }));
    const written = this.#write(undeletes ? [...own, ...this.#metadata(name, current + 1n)] : own);
    this.#sinceStatistics += own.length;
    if (this.#sinceStatistics >= STATISTICS_EVERY) this.#writeStatistics();
    const { revision, position } = written[own.length - 1] as Recorded;
    return { kind: 'written', revision, position };
  }

  #check(name: string, expected: Expected, ids: readonly string[]): Outcome | { readonly kind: 'new'; readonly current: bigint } {
    const stream = this.#streams.get(name);
    if (stream?.isTombstoned === true) return { kind: 'deleted' };
    const current = BigInt(stream?.events.length ?? 0) - 1n;
    const wrong = { kind: 'wrong-expected-version', current } as const;
    if (expected === 'stream_exists' && current < 0n && !this.#streams.has(`$$${name}`)) return wrong;
    if (expected === 'any' || expected === 'stream_exists') return this.#repeatByMemory(name, ids) ?? { kind: 'new', current };
    const revision = expected === 'no_stream' ? -1n : expected;
    if (revision === current) return { kind: 'new', current };
    // Another revision: where the same ids stand from there on it is a repeat, whatever they carry; beyond the end nothing stands.
    const events = stream?.events ?? [];
    const first = Number(revision) + 1;
    const differs = ids.findIndex((id, i) => events[first + i]?.id !== id);
    if (differs === 0 && revision === -1n && stream?.truncateBefore === DELETED) return { kind: 'new', current };
    const last = events[first + ids.length - 1];
    if (differs !== -1 || ids.length === 0 || last === undefined) return wrong;
    return { kind: 'written', revision: last.revision, position: last.position };
  }

  /** What `any` knows of ids, until the server restarts. */
  #repeatByMemory(stream: string, ids: readonly string[]): Outcome | undefined {
    const seen = ids.map((id) => this.#recent.find(id, stream));
    const last = seen.at(-1);
    if (seen.length === 0 || seen[0] === undefined) return undefined;
    // Known in part: neither the same append nor another.
    if (last === undefined || seen.includes(undefined)) return { kind: 'wrong-expected-version', current: this.#current(stream) };
    return { kind: 'written', revision: last.revision, position: last.position };
  }

  async #delete(stream: string, expected: Expected, write: () => readonly Recorded[]): Promise<Outcome> {
    const decision = this.#check(stream, expected, [randomUUID()]);
    const event = decision.kind === 'new' ? write().at(-1) : undefined;
    await this.#log.flushed();
    return event === undefined ? (decision as Outcome) : { kind: 'written', revision: event.revision, position: event.position };
  }

  #current(stream: string): bigint {
    return BigInt(this.#streams.get(stream)?.events.length ?? 0) - 1n;
  }

  #metadata(stream: string, truncateBefore: bigint): readonly Unplaced[] {
    const text = `{"$tb":${truncateBefore}}`;
    return [{ ...ownEvent(METADATA, text), stream: `$$${stream}`, revision: this.#current(`$$${stream}`) + 1n, createdMs: Date.now() }];
  }

  #write(events: readonly Unplaced[]): readonly Recorded[] {
    const placed = this.#log.add(events);
    for (const event of placed) {
      this.#index(event);
      this.#recent.add(event);
    }
    return placed;
  }

  /** A new log is not empty: the server has its own streams. */
  #begin(): void {
    const createdMs = Date.now();
    const own: readonly (readonly [string, Proposed])[] = [
      ['$$$stats', ownEvent(METADATA, { $maxAge: 604_800 })],
      ['$settings', ownEvent('$settings', { $userStreamAcl: { $r: '$all', $w: '$all' } })],
      ['$$$user-admin', ownEvent(METADATA, { $acl: { $r: '$admins' } })],
      ['$user-admin', ownEvent('$UserCreated', { loginName: 'admin' })],
      ['$users', ownEvent('$User', { loginName: 'admin' })],
    ];
    for (const [stream, event] of own) this.#write([{ ...event, stream, revision: 0n, createdMs }]);
  }

  #writeStatistics(): void {
    this.#sinceStatistics = 0;
    this.#write([{ ...ownEvent('$statsCollected', { events: this.#all.length }), stream: '$stats', revision: this.#current('$stats') + 1n, createdMs: Date.now() }]);
  }

  #index(event: Recorded): void {
    this.#all.push(event);
    const stream = this.#stream(event.stream);
    if (event.revision === DELETED) stream.isTombstoned = true;
    else stream.events.push(event);
    if (event.type === METADATA && event.stream.startsWith('$$')) this.#follow(event);
  }

  #follow({ stream, data }: Recorded): void {
    const text = Buffer.from(data).toString('utf8');
    const about = this.#stream(stream.slice(2));
    // 2^63 - 1 is no number that JSON.parse keeps.
    const truncateBefore = /"\$tb":\s*(\d+)/.exec(text)?.[1];
    const maxCount = /"\$maxCount":\s*(\d+)/.exec(text)?.[1];
    about.truncateBefore = truncateBefore === undefined ? 0n : BigInt(truncateBefore);
    about.maxCount = maxCount === undefined ? undefined : BigInt(maxCount);
  }

  #stream(name: string): Stream {
    const known = this.#streams.get(name);
    if (known !== undefined) return known;
    const stream: Stream = { events: [], isTombstoned: false, truncateBefore: 0n, maxCount: undefined };
    this.#streams.set(name, stream);
    return stream;
  }

  #show(end: number): void {
    this.#durableEnd = end;
    while (this.#durableCount < this.#all.length && (this.#all[this.#durableCount] as Recorded).position < end) this.#durableCount += 1;
    for (const listener of [...this.#listeners]) listener();
  }
}

/** The latest event with an id, forgotten when memory runs out and with the process. */
class RecentIds {
  readonly #events = new Map<string, Recorded>();
  #bytes = 0;

  find(id: string, stream: string): Recorded | undefined {
    const event = this.#events.get(id);
    return event?.stream === stream ? event : undefined;
  }

  add(event: Recorded): void {
    this.#forget(this.#events.get(event.id));
    this.#events.set(event.id, event);
    this.#bytes += bytesOf(event);
    for (const oldest of this.#events.values()) {
      if (this.#bytes <= RECENT_IDS_BYTES) break;
      this.#forget(oldest);
    }
  }

  #forget(event: Recorded | undefined): void {
    if (event !== undefined && this.#events.delete(event.id)) this.#bytes -= bytesOf(event);
  }
}

const bytesOf = ({ stream }: Recorded): number => 28 + 2 * stream.length;

function ownEvent(type: string, data: object | string): Proposed {
  const text = typeof data === 'string' ? data : JSON.stringify(data);
  return { id: randomUUID(), type, contentType: 'application/json', data: Buffer.from(text), metadata: new Uint8Array() };
}

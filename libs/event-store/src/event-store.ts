/**
 * The log's port: streams of immutable events, and all of them in one order.
 *
 * Words and rules are EventStoreDB's, so that every engine gives the same answers. What a real server answered is the measure
 * where its documentation is silent: idempotence looks at ids only, at one revision of one stream.
 */

/** Where an event stands among all events. Opaque; of two positions of one engine the greater string is the later. */
export type Position = string;

/** What the caller believes of the stream: its last revision, that it has none, or nothing at all. */
export type ExpectedRevision = number | 'none' | 'any';

export interface NewEvent {
  /** A UUID in lower case. */
  readonly id: string;
  readonly type: string;
  /** JSON text. Its UTF-8 bytes are stored and given back as they are. */
  readonly data: string;
}

export interface StoredEvent extends NewEvent {
  readonly stream: string;
  /** Counts from 0 within the stream, without gaps. */
  readonly revision: number;
  readonly position: Position;
}

export interface AppendRequest {
  readonly stream: string;
  readonly expected: ExpectedRevision;
  /** At least one; written together or not at all. */
  readonly events: readonly NewEvent[];
  /** For the participant on the same writer (see `writer-participant.ts`): made durable before this append is. Other engines refuse it. */
  readonly rider?: unknown;
}

export interface Appended {
  /** Of the last event of this append. */
  readonly revision: number;
  /** One for each event of the append, in order. */
  readonly positions: readonly Position[];
  /**
   * These events had been written before, by an earlier append of the same ids at the same revision; nothing was written now. Where
   * several processes write one log: also false when another wrote exactly these bytes meanwhile; what is stored is then what was sent.
   */
  readonly repeated: boolean;
}

export interface EventFilter {
  /** Only events of one of these types. */
  readonly types?: readonly string[];
  /** Only events in streams that begin with one of these. Both given: both must hold. */
  readonly streamPrefixes?: readonly string[];
}

export interface ReadStream {
  readonly direction?: 'forwards' | 'backwards';
  /** First revision to give. Default: the first forwards, the last backwards. Beyond the end: forwards nothing, backwards from the last. */
  readonly from?: number;
  readonly limit?: number;
}

export interface ReadAll {
  readonly direction?: 'forwards' | 'backwards';
  /** Forwards: begins with the event at this position. Backwards: with the one before it. Default: the first, the last. */
  readonly from?: Position;
  readonly limit?: number;
  readonly filter?: EventFilter;
}

export interface Subscribe {
  /** Begins after this position. Default: with the first event. A position beyond the log's end is refused (`PositionBeyondEnd`). */
  readonly after?: Position;
  readonly filter?: EventFilter;
  /** Events a batch at the most; default 500. */
  readonly batchSize?: number;
  /** Ends the subscription: its iterator returns. */
  readonly signal?: AbortSignal;
}

/**
 * What a subscription says. `events`: never empty, in log order. `caughtUp`: everything up to `position` has been given, events are
 * now live (said again after each time it fell behind). `passed`: all up to `position` was looked at and did not match the filter.
 */
export type SubscriptionMessage =
  | { readonly kind: 'events'; readonly events: readonly StoredEvent[] }
  | { readonly kind: 'caughtUp'; readonly position: Position | undefined }
  | { readonly kind: 'passed'; readonly position: Position };

export interface EventStore {
  /**
   * When it resolves the events are durable and every later read sees them.
   *
   * Rejects with `WrongExpectedRevision` (nothing of it was written), `AppendRefused` (malformed; nothing was sent),
   * `RiderRefused` (the participant said no; nothing was written), `StoreStopped` (the store takes no appends any more: nothing
   * is known of the outcome when it stopped during this one), `StoreUnavailable` (as its `outcome` says). The same ids at the same revision again: resolves with the first
   * outcome, `repeated`, whatever the data.
   */
  append(request: AppendRequest): Promise<Appended>;

  /** One stream in batches; a stream that does not exist is empty. Sees all that was acknowledged before the call. */
  readStream(stream: string, options?: ReadStream): AsyncIterable<readonly StoredEvent[]>;

  /** All events but those of streams that begin with `$`, in batches. */
  readAll(options?: ReadAll): AsyncIterable<readonly StoredEvent[]>;

  /**
   * All events but system events, then those to come. The next batch is read when the reader asks for it, so a slow reader holds
   * nothing back but itself. Ends when `signal` aborts or the store closes.
   */
  subscribe(options?: Subscribe): AsyncIterable<SubscriptionMessage>;

  /** The last revision of a stream, from the leader. */
  revisionOf(stream: string): Promise<number | 'none'>;

  /** The position of the last event, from the leader; undefined when there is none. */
  head(): Promise<Position | undefined>;

  /** Lets what is under way finish, then releases every handle and lock. Safe to call twice. */
  close(): Promise<void>;
}

/** The stream was not where the caller expected it; nothing was written. */
export class WrongExpectedRevision extends Error {
  override readonly name = 'WrongExpectedRevision';
  constructor(
    readonly stream: string,
    readonly expected: ExpectedRevision,
    readonly actual: number | 'none',
  ) {
    super(`${stream} is at ${actual}, not at ${expected}`);
  }
}

/** The append is malformed (no events, an empty name, a name of the engine's own, over `MAX_APPEND_BYTES`); nothing was sent. */
export class AppendRefused extends Error {
  override readonly name = 'AppendRefused';
}

/** The participant on the same writer refused its part; nothing was written. `reason` is the participant's own. */
export class RiderRefused extends Error {
  override readonly name = 'RiderRefused';
  constructor(readonly reason: unknown) {
    super('the append was refused by a participant of the writer');
  }
}

/** The store takes no appends any more; the message says why. */
export class StoreStopped extends Error {
  override readonly name = 'StoreStopped';
}

/**
 * The store cannot be reached, or does not answer in time; it may be back at any moment. `outcome`, of an append: `not-written`, or
 * `unknown` (the same append again settles it). Reads and subscriptions reject with it too.
 */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable';
  constructor(
    message: string,
    readonly outcome: 'not-written' | 'unknown',
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** The store cannot be used as it is: foreign, newer, damaged, or it refuses this user. The message is one sentence and says what to do. */
export class StoreUnusable extends Error {
  override readonly name = 'StoreUnusable';
}

/** A subscription was to begin after a position that the log does not have: an older log was restored. */
export class PositionBeyondEnd extends Error {
  override readonly name = 'PositionBeyondEnd';
}

/** EventStoreDB's own limit for one append: ids, types and data together. */
export const MAX_APPEND_BYTES = 1024 * 1024;

/** `Streams.Read`: streams and `$all`, once or as a subscription. */
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { status, type ServerWritableStream } from '@grpc/grpc-js';
import { filterOf, type Filter } from './filter.js';
import type { Recorded } from './log-file.js';
import type { NodeState } from './node-state.js';
import { caughtUpMessage, checkpointMessage, confirmationMessage, eventMessage, nameOf, refused, streamDeleted, streamNotFoundMessage, streams, type Refused } from './wire.js';

type Call = ServerWritableStream<streams.ReadReq, streams.ReadResp>;

/** The most that one page of a subscription's catching up delivers. */
const PAGE_EVENTS = 32;

export async function read(node: NodeState, call: Call): Promise<void> {
  const refusal = node.wrongPassword(call.metadata) ?? node.anonymous(call.metadata) ?? node.redirectRead(call.metadata);
  const out = new Out(node, call);
  if (refusal !== undefined) return out.fail(refusal);
  const options = call.request.getOptions() ?? new streams.ReadReq.Options();
  if (options.hasSubscription()) {
    node.subscriptions.add(out);
    call.on('close', () => node.subscriptions.delete(out));
    return options.hasStream() ? subscribeToStream(node, out, options) : subscribeToAll(node, out, options);
  }
  return options.hasStream() ? readStream(node, out, options) : readAll(node, out, options);
}

/** One call's answers: never faster than the caller takes them. */
class Out {
  #wake: (() => void) | undefined;
  /** An error was its last word: anything written after it would be a second. */
  #hasFailed = false;

  constructor(
    readonly node: NodeState,
    readonly call: Call,
  ) {
    call.on('drain', () => this.#wake?.());
    call.on('cancelled', () => this.#wake?.());
    call.on('close', () => this.#wake?.());
  }

  get isOver(): boolean {
    return this.#hasFailed || this.call.cancelled || this.call.destroyed;
  }

  async send(message: streams.ReadResp): Promise<void> {
    if (this.node.faults.now.slowMs !== undefined) await pause(this.node.faults.now.slowMs);
    if (!this.isOver && !this.call.write(message)) await this.#woken();
  }

  /** Waits until the log has more, or the caller has gone. */
  async news(): Promise<void> {
    const off = this.node.store.onNews(() => this.#wake?.());
    await this.#woken();
    off();
  }

  end(): void {
    if (!this.isOver) this.call.end();
  }

  fail(error: Refused): void {
    this.#hasFailed = true;
    this.call.emit('error', error);
    this.#wake?.();
  }

  drop(): void {
    this.fail(refused(status.UNAVAILABLE, 'Subscription dropped'));
  }

  async #woken(): Promise<void> {
    if (this.isOver) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#wake = resolve;
    await promise;
    this.#wake = undefined;
  }
}

async function readStream({ store }: NodeState, out: Out, options: streams.ReadReq.Options): Promise<void> {
  const asked = options.getStream() as streams.ReadReq.Options.StreamOptions;
  const name = nameOf(asked.getStreamIdentifier());
  const found = store.stream(name);
  if (found === 'deleted') return out.fail(streamDeleted(name));
  if (found === 'no-stream') {
    await out.send(streamNotFoundMessage(name));
    return out.end();
  }
  const { events, first, end } = found;
  const isBackwards = options.getReadDirection() === streams.ReadReq.Options.ReadDirection.BACKWARDS;
  const from = asked.hasRevision() ? Number(asked.getRevision()) : asked.hasEnd() ? end - 1 : 0;
  const last = Number(options.getCount());
  let sent = 0;
  if (isBackwards) for (let i = Math.min(from, end - 1); i >= first && sent < last && !out.isOver; i--, sent++) await out.send(eventMessage(events[i] as Recorded));
  else for (let i = Math.max(from, first); i < end && sent < last && !out.isOver; i++, sent++) await out.send(eventMessage(events[i] as Recorded));
  out.end();
}

async function readAll({ store }: NodeState, out: Out, options: streams.ReadReq.Options): Promise<void> {
  const asked = options.getAll() as streams.ReadReq.Options.AllOptions;
  const position = asked.hasPosition() ? Number(asked.getPosition()?.getCommitPosition()) : undefined;
  if (position !== undefined && isInside(store, position)) return out.fail(insideAnEvent());
  const filter = filterOf(options);
  const isBackwards = options.getReadDirection() === streams.ReadReq.Options.ReadDirection.BACKWARDS;
  const place = position === undefined ? (asked.hasEnd() ? store.count : 0) : store.indexOf(position);
  const last = Number(options.getCount());
  // Backwards begins with the event before the position, forwards with the one at it.
  const step = isBackwards ? -1 : 1;
  let sent = 0;
  for (let i = isBackwards ? place - 1 : place; sent < last && !out.isOver; i += step) {
    const event = store.at(i);
    if (event === undefined) break;
    if (!filter.takes(event)) continue;
    await out.send(eventMessage(event));
    sent += 1;
  }
  out.end();
}

async function subscribeToStream({ store, faults }: NodeState, out: Out, options: streams.ReadReq.Options): Promise<void> {
  const asked = options.getStream() as streams.ReadReq.Options.StreamOptions;
  const name = nameOf(asked.getStreamIdentifier());
  const now = store.stream(name);
  if (now === 'deleted') return out.fail(streamDeleted(name));
  await out.send(confirmationMessage(randomUUID()));
  let next = asked.hasRevision() ? Number(asked.getRevision()) + 1 : asked.hasEnd() && now !== 'no-stream' ? now.end : 0;
  let isCaughtUp = false;
  while (!out.isOver) {
    const found = store.stream(name);
    if (found === 'deleted') return out.fail(streamDeleted(name));
    if (found !== 'no-stream') {
      next = Math.max(next, found.first);
      for (; next < found.end && !out.isOver; next++) await deliver(out, found.events[next] as Recorded, faults.now.duplicate === true);
      // A stream that is not there is caught up with only when its first event has come.
      if (!isCaughtUp) await out.send(caughtUpMessage());
      isCaughtUp = true;
      const after = store.stream(name);
      if (after !== 'deleted' && after !== 'no-stream' && after.end > next) continue;
    }
    await out.news();
  }
}

/** Catching up goes page by page; a checkpoint follows a page, and while live the event, that fills the interval. */
async function subscribeToAll({ store, faults }: NodeState, out: Out, options: streams.ReadReq.Options): Promise<void> {
  const asked = options.getAll() as streams.ReadReq.Options.AllOptions;
  const position = asked.hasPosition() ? Number(asked.getPosition()?.getCommitPosition()) : undefined;
  if (position !== undefined && isInside(store, position)) return out.fail(insideAnEvent());
  await out.send(confirmationMessage(randomUUID()));
  const filter = filterOf(options);
  let place = position === undefined ? (asked.hasEnd() ? store.count : 0) : store.indexOf(position);
  let considered = 0;
  for (let isLive = false; !out.isOver; ) {
    const page = nextPage(store, place, isLive ? 1 : filter.windowEvents, filter);
    let reached = store.at(place)?.position;
    for (const event of page.events) {
      // It begins behind its position; where that is past the end, it waits until the log has grown so far: for ever, in practice.
      if (position !== undefined && event.position <= position) continue;
      await deliver(out, event, faults.now.duplicate === true);
      reached = event.position;
    }
    place += page.considered;
    considered += page.considered;
    if (page.isEnd && !isLive) {
      isLive = true;
      await out.send(caughtUpMessage());
    } else if (considered >= filter.checkpointEvents && reached !== undefined) {
      considered %= filter.checkpointEvents;
      await out.send(checkpointMessage(reached));
    }
    if (page.considered === 0 && store.at(place) === undefined) await out.news();
  }
}

interface Page {
  readonly events: readonly Recorded[];
  readonly considered: number;
  readonly isEnd: boolean;
}

function nextPage(store: NodeState['store'], place: number, windowEvents: number, filter: Filter): Page {
  const events: Recorded[] = [];
  let considered = 0;
  for (; considered < windowEvents && events.length < PAGE_EVENTS; considered++) {
    const event = store.at(place + considered);
    if (event === undefined) return { events, considered, isEnd: true };
    if (filter.takes(event)) events.push(event);
  }
  return { events, considered, isEnd: false };
}

async function deliver(out: Out, event: Recorded, isTwice: boolean): Promise<void> {
  await out.send(eventMessage(event));
  if (isTwice) await out.send(eventMessage(event));
}

/** Whether a position lies within the log and no event begins there. */
function isInside(store: NodeState['store'], position: number): boolean {
  return position < store.end && store.at(store.indexOf(position))?.position !== position;
}

const insideAnEvent = (): Refused => refused(status.UNKNOWN, 'Unexpected error: the position is inside a record');

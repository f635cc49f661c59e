/** The log's part of `liggare migrate`. */
import { WrongExpectedRevision, type AppendRequest, type EventStore, type Position, type StoredEvent } from '#event-store/event-store.js';
import { CliFault } from './fault.js';

export interface LogCopied {
  readonly events: number;
  /** Of these, how many an earlier run had copied. */
  readonly found: number;
}

/** Appends sent before the first is answered. They go on one call, which the server takes in order; that it did is seen in the positions. */
const WINDOW = 32;
/** Of one append: well below what any engine takes at once. */
const MOST_BYTES = 256 * 1024;
const MOST_EVENTS = 100;

/**
 * Appends to `to` what it lacks of `from`, in the same order and at the same revisions. What is there must be the beginning of the same log.
 * May be stopped at any point and run again: an append that was written already is answered as it was.
 */
export async function copyLog(from: EventStore, to: EventStore, onProgress: (events: number) => void): Promise<LogCopied> {
  const found = await countCopied(from, to, onProgress);
  let events = found;
  let last: Position | undefined = await to.head();
  let window: AppendRequest[] = [];
  const flush = async (): Promise<void> => {
    last = await appendInOrder(to, window, last);
    events += window.reduce((count, request) => count + request.events.length, 0);
    window = [];
    onProgress(events);
  };
  for await (const request of appendsOf(from, found)) {
    window.push(request);
    if (window.length === WINDOW) await flush();
  }
  if (window.length > 0) await flush();
  return { events, found };
}

/** How many events of `from` are in `to` already. Throws when `to` is anything but the beginning of it. */
async function countCopied(from: EventStore, to: EventStore, onProgress: (events: number) => void): Promise<number> {
  const originals = eventsOf(from);
  let count = 0;
  for await (const copy of eventsOf(to)) {
    const { done, value: original } = await originals.next();
    if (done === true) throw new CliFault('the log on the server has more events than this ledger: it is another one, or it has gone on there since it was copied');
    if (!isCopy(original, copy)) throw new CliFault(`the log on the server is not the beginning of this one: event ${count + 1} differs (hint: give the ledger an empty log of its own)`);
    count += 1;
    if (count % 1_000 === 0) onProgress(count);
  }
  return count;
}

/** Runs of events of one stream, each at the revision that it has, without the first `skipped` events. */
async function* appendsOf(log: EventStore, skipped: number): AsyncGenerator<AppendRequest> {
  let left = skipped;
  let run: StoredEvent[] = [];
  let bytes = 0;
  for await (const event of eventsOf(log)) {
    if (left > 0) {
      left -= 1;
      continue;
    }
    const last = run.at(-1);
    const fits = last === undefined || (last.stream === event.stream && last.revision + 1 === event.revision && run.length < MOST_EVENTS && bytes + event.data.length <= MOST_BYTES);
    if (!fits) {
      yield appendOf(run);
      run = [];
      bytes = 0;
    }
    run.push(event);
    bytes += event.data.length;
  }
  if (run.length > 0) yield appendOf(run);
}

function appendOf(run: readonly StoredEvent[]): AppendRequest {
  const [first] = run;
  if (first === undefined) throw new RangeError('an append has events');
  return { stream: first.stream, expected: first.revision === 0 ? 'none' : first.revision - 1, events: run.map(({ id, type, data }) => ({ id, type, data })) };
}

/** Gives the last position. Throws where the server took them in another order: leaves would then change their places. */
async function appendInOrder(to: EventStore, requests: readonly AppendRequest[], after: Position | undefined): Promise<Position | undefined> {
  let last = after;
  const outcomes = await Promise.allSettled(requests.map((request) => to.append(request)));
  for (const outcome of outcomes) {
    if (outcome.status === 'rejected') {
      if (outcome.reason instanceof WrongExpectedRevision) throw new CliFault('somebody else writes to the log on the server (hint: let nobody use it before it is copied)', undefined, { cause: outcome.reason });
      throw outcome.reason;
    }
    for (const position of outcome.value.positions) {
      if (last !== undefined && position <= last) throw new CliFault('the server took events in another order than they were sent in, and a log keeps its order (hint: empty the log on the server and migrate again)');
      last = position;
    }
  }
  return last;
}

export async function* eventsOf(log: EventStore): AsyncGenerator<StoredEvent> {
  for await (const batch of log.readAll()) yield* batch;
}

/** All but the position, which is the engine's own. */
export function isCopy(one: StoredEvent, other: StoredEvent): boolean {
  return one.id === other.id && one.type === other.type && one.stream === other.stream && one.revision === other.revision && one.data === other.data;
}

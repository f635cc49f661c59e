import { setTimeout as wait } from 'node:timers/promises';
import { WrongExpectedRevision, type Appended, type AppendRequest, type NewEvent, type StoredEvent } from '../event-store.js';
import { BatchCall } from './batch-call.js';
import type { Connection } from './connection.js';
import { refusedWith } from './faults.js';
import type { ReadBack } from './read-back.js';
import { readOneStream } from './reader.js';
import { Slots } from './slots.js';
import type { Reply } from './wire.js';

type Written = Extract<Reply, { kind: 'written' }>;

/** More than this at once have hung on a fresh connection (dependencies, 2.4). */
const MOST_IN_FLIGHT = 64;
/** Other writers that one append with `any` may lose its place to. */
const MOST_RACES = 100;
const FIRST_PAUSE_MS = 50;
const MOST_PAUSE_MS = 2_000;

/**
 * Appends until the outcome is known. A revision always goes with them, so that the same ids again are safe: the server answers them with
 * the first outcome. It does not look at their data then, so what it holds is read back and compared.
 */
export class Appender {
  readonly #slots = new Slots(MOST_IN_FLIGHT);
  #call: BatchCall | undefined;

  constructor(
    private readonly connection: Connection,
    private readonly readBack: ReadBack,
  ) {}

  async append(request: AppendRequest): Promise<Appended> {
    const { stream, expected, events } = request;
    return expected === 'any' ? this.#appendAnywhere(stream, events) : this.#appendAfter(request, expected);
  }

  close(): void {
    this.#call?.close();
  }

  async #appendAfter(request: AppendRequest, after: number | 'none'): Promise<Appended> {
    const entry = this.readBack.enter(request.stream, after === 'none' ? 0 : after + 1, request.events);
    try {
      const written = await this.#settle(request, after);
      return await this.readBack.appended(entry, written.position);
    } finally {
      this.readBack.leave(entry);
    }
  }

  /** The same append again and again, until the server has said what became of it. */
  async #settle({ stream, expected, events }: AppendRequest, after: number | 'none'): Promise<Written> {
    const since = performance.now();
    let isUnknown = false;
    for (let attempt = 1; ; attempt++) {
      let reply: Reply | undefined;
      try {
        const call = await this.#ready();
        await this.#slots.take();
        try {
          isUnknown ||= !call.over;
          reply = await call.send(stream, after, events, this.connection.patience.attemptMs);
        } finally {
          this.#slots.give();
        }
      } catch (error) {
        this.connection.giveUpOr(error, since, isUnknown);
        continue;
      }
      if (reply.kind === 'written') return reply;
      if (reply.kind === 'conflict') return this.#ownEarlier(stream, after, events, attempt, new WrongExpectedRevision(stream, expected, reply.actual));
      const fault = refusedWith(reply.why, reply.message);
      if (fault.kind === 'final') throw fault.error;
      isUnknown = true;
      this.connection.giveUpOr(fault.error, since, isUnknown);
      await wait(pauseMs(attempt));
    }
  }

  async #ready(): Promise<BatchCall> {
    const grpc = await this.connection.ready();
    if (!this.#call || this.#call.over || this.#call.grpc !== grpc) this.#call = new BatchCall(this.connection, grpc);
    return this.#call;
  }

  /** A conflict at a second attempt may be with the first one, which was written after all. */
  async #ownEarlier(stream: string, after: number | 'none', events: readonly NewEvent[], attempt: number, conflict: WrongExpectedRevision): Promise<Written> {
    if (attempt === 1) throw conflict;
    const there = await this.#read(stream, after === 'none' ? 0 : after + 1, events.length);
    const last = there.at(-1);
    if (!last || !sameIds(there, events)) throw conflict;
    return { kind: 'written', revision: last.revision, position: last.position };
  }

  /** As decision 0003 says: known ids are answered with where they last stand, unknown ones go to the end, wherever that is by then. */
  async #appendAnywhere(stream: string, events: readonly NewEvent[]): Promise<Appended> {
    for (let race = 1; ; race++) {
      const whole = await this.#read(stream, 0, Number.MAX_SAFE_INTEGER);
      const known = whole.findLastIndex(({ id }) => id === events[0]?.id);
      const actual = whole.at(-1)?.revision ?? 'none';
      if (known >= 0) return repeatedAt(whole.slice(known, known + events.length), events, new WrongExpectedRevision(stream, 'any', actual));
      try {
        return await this.#appendAfter({ stream, expected: actual, events }, actual);
      } catch (error) {
        if (!(error instanceof WrongExpectedRevision) || race === MOST_RACES) throw error;
        await wait(Math.random() * race);
      }
    }
  }

  async #read(stream: string, from: number, limit: number): Promise<readonly StoredEvent[]> {
    const found: StoredEvent[] = [];
    for await (const batch of readOneStream(this.connection, stream, { from, limit })) found.push(...batch);
    return found;
  }
}

function repeatedAt(there: readonly StoredEvent[], events: readonly NewEvent[], conflict: WrongExpectedRevision): Appended {
  const last = there.at(-1);
  if (!last || !sameIds(there, events)) throw conflict;
  return { revision: last.revision, positions: there.map(({ position }) => position), repeated: true };
}

function sameIds(there: readonly StoredEvent[], events: readonly NewEvent[]): boolean {
  return there.length === events.length && there.every(({ id }, i) => id === events[i]?.id);
}

function pauseMs(attempt: number): number {
  return Math.min(FIRST_PAUSE_MS * 2 ** (attempt - 1), MOST_PAUSE_MS) * (0.5 + Math.random() / 2);
}


import type { NewEvent } from '../event-store.js';
import type { Connection } from './connection.js';
import { Ended, faultOf, TookTooLong } from './faults.js';
import type { StreamsClient } from './incoming.js';
import { appendRequest, correlationIn, correlationOf, replyOf, type Reply } from './wire.js';

interface Pending {
  readonly resolve: (reply: Reply) => void;
  readonly reject: (error: Error) => void;
  readonly timer: NodeJS.Timeout;
}

/**
 * One duplex call on which all appends of one connection go. The client keeps such a call too, but with one map of promises for the
 * whole process: an error on any call rejects the appends of all, an answer that comes after ends the process, and a call that the
 * server ends in good order leaves its appends waiting for ever (decision 0004). Here each call has its own.
 */
export class BatchCall {
  readonly #pending = new Map<string, Pending>();
  readonly #call: ReturnType<Connection['batchAppend']>;
  #sent = 0;
  #over: Error | undefined;

  constructor(
    private readonly connection: Connection,
    readonly grpc: StreamsClient,
  ) {
    this.#call = connection.batchAppend(grpc);
    this.#call.on('data', (response: Parameters<typeof replyOf>[0]) => this.#answer(response));
    this.#call.on('error', (error: Error) => this.#end(error));
    this.#call.on('end', () => this.#end(new Ended('the server ended the call on which appends go')));
  }

  get over(): boolean {
    return this.#over !== undefined;
  }

  /** Rejects when the call is lost or no answer comes in time: the outcome is then unknown. */
  send(stream: string, after: number | 'none', events: readonly NewEvent[], timeoutMs: number): Promise<Reply> {
    if (this.#over) return Promise.reject(this.#over);
    const correlation = correlationOf(this.#sent++);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.#end(new TookTooLong(`EventStoreDB gave no answer to an append for ${timeoutMs} ms`)), timeoutMs);
      this.#pending.set(correlation, { resolve, reject, timer });
      this.#call.write(appendRequest(correlation, stream, after, events));
    });
  }

  close(): void {
    this.#end(new Ended('the log is closed'));
  }

  /** Two answers to one append, and one that comes after its time, find nobody. */
  #answer(response: Parameters<typeof replyOf>[0]): void {
    const correlation = correlationIn(response);
    const pending = this.#pending.get(correlation);
    if (!pending) return;
    this.#pending.delete(correlation);
    clearTimeout(pending.timer);
    try {
      pending.resolve(replyOf(response));
      this.connection.worked();
    } catch (error) {
      pending.reject(error instanceof Error ? error : new Error(String(error)));
    }
  }

  /** Whoever stands still for one append stands still for all: the rest is settled on a new call too, in the order in which it was sent. */
  #end(error: Error): void {
    if (this.#over) return;
    this.#over = error;
    this.#call.cancel();
    if (faultOf(error).kind !== 'final') this.connection.lost(this.grpc, error);
    for (const { reject, timer } of this.#pending.values()) {
      clearTimeout(timer);
      reject(error);
    }
    this.#pending.clear();
  }
}

import type { EventStoreDBClient } from '@eventstore/db-client';
import type { StreamsClient } from '@eventstore/db-client/generated/streams_grpc_pb.js';
import { messageOf, type Message } from './wire.js';

type ReadCall = ReturnType<StreamsClient['read']>;
export type { EventStoreDBClient, ReadCall, StreamsClient };

/** Read ahead, and no more: then the server is told to wait. */
const MOST_MESSAGES = 1_000;
const MOST_BYTES = 4 * 1024 * 1024;

/**
 * The answers of one call, in their order: checkpoints stand behind the events that came before them. (The client's own subscription
 * calls back with a checkpoint while events before it are still unread.) Its error handler is on before anything can go wrong.
 */
export class Incoming {
  readonly #queue: Message[] = [];
  #queuedBytes = 0;
  #over: { readonly error?: Error } | undefined;
  #wake: (() => void) | undefined;

  constructor(private readonly call: ReadCall) {
    call.on('error', (error: Error) => this.#end({ error }));
    call.on('end', () => this.#end({}));
    call.on('data', (response: Parameters<typeof messageOf>[0]) => this.#take(response));
  }

  /** Messages wait that nobody has taken. */
  get waiting(): number {
    return this.#queue.length;
  }

  /**
   * What has come, `most` messages at the most; waits for the first. `end` when there is no more, `quiet` when nothing came for so long.
   * Rejects with the call's error once all before it was taken.
   */
  async take(most: number, quietMs: number): Promise<readonly Message[] | 'end' | 'quiet'> {
    if (this.#queue.length === 0 && this.#over === undefined) await this.#news(quietMs);
    if (this.#queue.length > 0) return this.#shift(most);
    if (this.#over?.error) throw this.#over.error;
    return this.#over ? 'end' : 'quiet';
  }

  /** Nothing comes any more, and nobody waits. */
  cancel(): void {
    this.#over ??= {};
    this.#queue.length = 0;
    this.call.cancel();
    this.#wake?.();
  }

  #take(response: Parameters<typeof messageOf>[0]): void {
    if (this.#over) return;
    try {
      const message = messageOf(response);
      if (message === undefined) return;
      this.#queue.push(message);
      if (message.kind === 'event') this.#queuedBytes += message.sizeBytes;
    } catch (error) {
      // Thrown from here it would end the process.
      this.#end({ error: error instanceof Error ? error : new Error(String(error)) });
      this.call.cancel();
    }
    if (this.#queue.length >= MOST_MESSAGES || this.#queuedBytes >= MOST_BYTES) this.call.pause();
    this.#wake?.();
  }

  #shift(most: number): readonly Message[] {
    const taken = this.#queue.splice(0, most);
    for (const message of taken) if (message.kind === 'event') this.#queuedBytes -= message.sizeBytes;
    if (this.call.isPaused() && this.#queue.length < MOST_MESSAGES / 2 && this.#queuedBytes < MOST_BYTES / 2) this.call.resume();
    return taken;
  }

  #end(over: { readonly error?: Error }): void {
    this.#over ??= over;
    this.#wake?.();
  }

  async #news(quietMs: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#wake = resolve;
    const timer = setTimeout(resolve, quietMs);
    await promise;
    clearTimeout(timer);
    this.#wake = undefined;
  }
}

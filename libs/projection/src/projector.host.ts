/**
 * The projector in a thread of its own: SQLite's calls block, and commands and queries must not wait for a batch.
 *
 * The application's worker file opens its stores and views and calls `hostProjector`; the main thread calls `startProjectorThread`.
 * The thread tells where its views stand after each batch, so that waiting costs the main thread no message.
 */
import { Worker } from 'node:worker_threads';
import type { MessagePort, Transferable } from 'node:worker_threads';
import type { Position } from '#event-store/event-store.js';
import { Positions } from './positions.js';
import type { Standing } from './positions.js';
import { sentenceOf } from './projector.js';
import type { Lag, Progress, Projector, ProjectorFault } from './projector.js';

/** The thread did not start, or ended by itself; the message says why. */
export class ProjectorThreadFailed extends Error {
  override readonly name = 'ProjectorThreadFailed';
}

export interface ProjectorThreadOptions {
  readonly workerUrl: URL;
  /** For the worker file: paths and settings; cloned. */
  readonly workerData?: unknown;
  readonly transferList?: Transferable[];
  readonly onProgress?: (progress: Progress) => void;
  readonly onFault?: (fault: ProjectorFault) => void;
  /** The thread ended without being asked to; nothing feeds the views any more. */
  readonly onFailed?: (failure: ProjectorThreadFailed) => void;
}

export interface ProjectorThread {
  /** Without a name: what every view has reached. */
  position(view?: string): Position | undefined;
  standings(): readonly Standing[];
  /** As `Projector.waitFor`. False at once when the thread has ended. */
  waitFor(position: Position, timeoutMs: number, view?: string): Promise<boolean>;
  /** Rejects with `ProjectorThreadFailed` when the thread has ended. */
  lag(): Promise<Lag>;
  close(): Promise<void>;
}

/** What a worker's start function passes on to `startProjector`. */
export interface ProjectorHooks {
  readonly onProgress: (progress: Progress) => void;
  readonly onFault: (fault: ProjectorFault) => void;
}

type FromThread =
  | { readonly kind: 'ready' }
  | { readonly kind: 'failed'; readonly reason: string }
  | { readonly kind: 'progress'; readonly progress: Progress }
  | { readonly kind: 'fault'; readonly fault: ProjectorFault }
  | { readonly kind: 'lag'; readonly lag: Lag | { readonly failure: string } };

type ToThread = { readonly kind: 'lag' } | { readonly kind: 'close' };

/**
 * Resolves when the views were prepared and are being fed; rejects with `ProjectorThreadFailed` when the worker's start failed, with
 * the sentence it failed with (`ViewsAheadOfLog`, `ViewsUnusable` …).
 */
export async function startProjectorThread(options: ProjectorThreadOptions): Promise<ProjectorThread> {
  const thread = new RunningThread(options);
  await thread.started;
  return thread;
}

/**
 * The worker's side. `start` opens stores and starts the projector with these hooks; the `close` of what it returns closes the stores
 * too. The thread ends when the main thread asks for it, or when `start` fails.
 */
export async function hostProjector(port: MessagePort, start: (hooks: ProjectorHooks) => Promise<Projector>): Promise<void> {
  const say = (message: FromThread): void => port.postMessage(message);
  const asked: ToThread[] = [];
  let listen = (message: ToThread): void => void asked.push(message);
  port.on('message', (message: ToThread) => listen(message));
  try {
    const projector = await start({
      onProgress: (progress) => say({ kind: 'progress', progress }),
      onFault: (fault) => say({ kind: 'fault', fault }),
    });
    listen = (message) => void answer(message, projector, port, say);
    say({ kind: 'ready' });
    for (const message of asked) listen(message);
  } catch (error) {
    // The sentence as it is: whoever waits for the start tells it to somebody.
    say({ kind: 'failed', reason: error instanceof Error ? error.message : sentenceOf(error) });
    port.close();
  }
}

async function answer(message: ToThread, projector: Projector, port: MessagePort, say: (message: FromThread) => void): Promise<void> {
  switch (message.kind) {
    case 'lag':
      say({ kind: 'lag', lag: await projector.lag().catch((error: unknown) => ({ failure: sentenceOf(error) })) });
      return;
    case 'close':
      await projector.close();
      port.close();
      return;
    default: {
      const _: never = message;
      return _;
    }
  }
}

interface LagAsked {
  readonly resolve: (lag: Lag) => void;
  readonly reject: (failure: ProjectorThreadFailed) => void;
}

class RunningThread implements ProjectorThread {
  readonly started: Promise<void>;
  readonly #worker: Worker;
  readonly #options: ProjectorThreadOptions;
  readonly #positions = new Positions();
  readonly #exited: Promise<void>;
  #lagAsked: LagAsked[] = [];
  #ready = false;
  #closing = false;
  #failure: ProjectorThreadFailed | undefined;

  constructor(options: ProjectorThreadOptions) {
    this.#options = options;
    const { workerUrl, workerData, transferList } = options;
    this.#worker = new Worker(workerUrl, { workerData, ...(transferList && { transferList }) });
    const started = Promise.withResolvers<void>();
    this.started = started.promise;
    this.#exited = new Promise((resolve) => {
      this.#worker.on('exit', () => {
        this.#ended(started.reject);
        resolve();
      });
    });
    this.#worker.on('error', (error) => {
      this.#failure ??= new ProjectorThreadFailed(`the projector's thread failed: ${sentenceOf(error)}`, { cause: error });
    });
    this.#worker.on('message', (message: FromThread) => this.#hear(message, started.resolve));
  }

  position(view?: string): Position | undefined {
    return view === undefined ? this.#positions.smallest() : this.#positions.of(view);
  }

  standings(): readonly Standing[] {
    return this.#positions.all();
  }

  waitFor(position: Position, timeoutMs: number, view?: string): Promise<boolean> {
    return this.#positions.waitFor(position, timeoutMs, view);
  }

  lag(): Promise<Lag> {
    if (this.#failure) return Promise.reject(this.#failure);
    return new Promise((resolve, reject) => {
      this.#lagAsked.push({ resolve, reject });
      this.#ask({ kind: 'lag' });
    });
  }

  async close(): Promise<void> {
    this.#closing = true;
    this.#ask({ kind: 'close' });
    await this.#exited;
  }

  #ask(message: ToThread): void {
    this.#worker.postMessage(message);
  }

  #hear(message: FromThread, ready: () => void): void {
    switch (message.kind) {
      case 'ready':
        this.#ready = true;
        return ready();
      case 'failed':
        this.#failure = new ProjectorThreadFailed(message.reason);
        // What `start` had opened by then may keep the thread alive.
        return void this.#worker.terminate();
      case 'progress':
        this.#positions.moved(message.progress.standings);
        return this.#options.onProgress?.(message.progress);
      case 'fault':
        if (message.fault.kind === 'feeding' && message.fault.retryInMs === undefined) this.#positions.close();
        return this.#options.onFault?.(message.fault);
      case 'lag':
        return this.#hearLag(message.lag);
      default: {
        const _: never = message;
        return _;
      }
    }
  }

  /** Whose question it answers does not matter: each was asked before. */
  #hearLag(lag: Lag | { readonly failure: string }): void {
    const asked = this.#lagAsked.shift();
    if ('failure' in lag) asked?.reject(new ProjectorThreadFailed(lag.failure));
    else asked?.resolve(lag);
  }

  #ended(notStarted: (failure: ProjectorThreadFailed) => void): void {
    this.#failure ??= new ProjectorThreadFailed("the projector's thread has ended");
    notStarted(this.#failure);
    for (const { reject } of this.#lagAsked) reject(this.#failure);
    this.#lagAsked = [];
    this.#positions.close();
    if (this.#ready && !this.#closing) this.#options.onFailed?.(this.#failure);
  }
}

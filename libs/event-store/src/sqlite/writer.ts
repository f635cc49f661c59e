import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { AppendRefused, RiderRefused, StoreStopped, StoreUnusable, WrongExpectedRevision, type Appended, type AppendRequest } from '../event-store.js';
import { positionOf } from '../rank.js';
import { reasonOf } from './log-file.js';
import { ANY, NONE, type Answer, type Report, type Task, type WriterSettings } from './protocol.js';

/** A task and who waits for its answer. */
interface Waiting {
  readonly task: Task;
  answer(answer: Answer): void;
  fail(error: Error): void;
}

/**
 * A turn that brings many does not wait for its end: the writer commits the first while the callers prepare the rest. With 64 callers
 * who each spend 50 to 150 µs on a command this gave a third to a half more than one message a turn (8 better than 16 and 32).
 */
const EARLY = 8;

/**
 * The caller's side of the writer thread. What one turn of the event loop brings goes over in few messages, and so do the answers: the
 * messages are what an append costs this thread.
 */
export class Writer {
  /** Sent, in the order in which the answers come. */
  readonly #waiting: Waiting[] = [];
  /** Not sent yet. */
  readonly #gathered: Waiting[] = [];
  #stopped: StoreStopped | undefined;
  #closing: Promise<void> | undefined;

  private constructor(
    file: string,
    private readonly thread: Worker,
    private readonly grown: () => void,
  ) {
    thread.on('message', (report: Report) => this.#receive(report));
    thread.on('error', (error) => this.#stop(`the writer of "${file}" failed: ${reasonOf(error)}`));
    thread.on('exit', () => this.#stop(this.#closing ? `the log "${file}" is closed` : `the writer of "${file}" has ended`));
  }

  /** Starts the thread; `grown` is called after each group that it has committed. Rejects with `StoreUnusable`. */
  static async start(settings: WriterSettings, grown: () => void): Promise<Writer> {
    const thread = new Worker(new URL('./writer.worker.js', import.meta.url), { workerData: settings });
    const [report] = await once(thread, 'message');
    const first: Report = report;
    if (first.kind === 'unusable') {
      await thread.terminate();
      throw new StoreUnusable(first.message);
    }
    return new Writer(settings.file, thread, grown);
  }

  append({ stream, expected, events, rider }: AppendRequest): Promise<Appended> {
    const fields: string[] = [];
    for (const { id, type, data } of events) fields.push(id, type, data);
    const wanted = expected === 'none' ? NONE : expected === 'any' ? ANY : expected;
    return new Promise((resolve, reject) => {
      this.#send({
        task: ['append', stream, wanted, fields, rider],
        answer: (answer) => {
          if (answer[0] === 'written') resolve({ revision: answer[1], positions: positionsFrom(answer[2], events.length), repeated: false });
          else if (answer[0] === 'repeated') resolve({ revision: answer[1], positions: Array.from(answer[2], positionOf), repeated: true });
          else if (answer[0] === 'conflict') reject(new WrongExpectedRevision(stream, expected, answer[1] === NONE ? 'none' : answer[1]));
          else reject(refusalOf(answer));
        },
        fail: reject,
      });
    });
  }

  /** Sends a task that is not an append; resolves with its result. */
  ask(task: Task): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#send({ task, answer: (answer) => (answer[0] === 'done' ? resolve(answer[1]) : reject(refusalOf(answer))), fail: reject });
    });
  }

  /** Lets what was sent finish. Afterwards the file and its lock are free. */
  close(): Promise<void> {
    this.#closing ??= this.#end();
    return this.#closing;
  }

  async #end(): Promise<void> {
    if (this.#hasExited) return;
    this.#flush();
    const exited = once(this.thread, 'exit');
    this.thread.postMessage([['close']] satisfies Task[]);
    await exited;
  }

  get #hasExited(): boolean {
    return this.thread.threadId === -1;
  }

  #send(waiting: Waiting): void {
    if (this.#stopped) return waiting.fail(this.#stopped);
    if (this.#gathered.length === 0) setImmediate(() => this.#flush());
    this.#gathered.push(waiting);
    if (this.#gathered.length >= EARLY) this.#flush();
  }

  #flush(): void {
    const gathered = this.#gathered.splice(0);
    if (gathered.length === 0) return;
    if (this.#stopped) return failAll(gathered, this.#stopped);
    try {
      this.#post(gathered);
    } catch {
      // Something in it cannot be cloned, and nothing was sent: who brought it learns so, the others go over one by one.
      for (const waiting of gathered) this.#postAlone(waiting);
    }
  }

  #postAlone(waiting: Waiting): void {
    try {
      this.#post([waiting]);
    } catch (error) {
      waiting.fail(new AppendRefused(`this cannot be sent to the writer: ${reasonOf(error)}`));
    }
  }

  #post(gathered: readonly Waiting[]): void {
    this.thread.postMessage(gathered.map(({ task }) => task));
    this.#waiting.push(...gathered);
  }

  #receive(report: Report): void {
    if (report.kind === 'stopped') return this.#stop(report.message);
    if (report.kind !== 'answers') return;
    const waiting = this.#waiting.splice(0, report.answers.length);
    // First the readers' news, so that whoever is answered finds them told.
    this.grown();
    report.answers.forEach((answer, i) => waiting[i]?.answer(answer));
  }

  #stop(message: string): void {
    this.#stopped ??= new StoreStopped(message);
    failAll(this.#waiting.splice(0), this.#stopped);
  }
}

function failAll(waiting: readonly Waiting[], error: Error): void {
  for (const one of waiting) one.fail(error);
}

function positionsFrom(first: number, count: number): readonly string[] {
  return count === 1 ? [positionOf(first)] : Array.from({ length: count }, (_, i) => positionOf(first + i));
}

function refusalOf(answer: Answer): Error {
  if (answer[0] === 'refused') return new RiderRefused(answer[1]);
  if (answer[0] === 'failed') return new Error(answer[1]);
  return new Error(`the writer gave an answer to another question: ${answer[0]}`);
}

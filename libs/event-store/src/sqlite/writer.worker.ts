/** The thread that owns the log's only writing connection. Started by `writer.ts`. */
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import type { DatabaseSync } from 'node:sqlite';
import type { WriterParticipant, WriterParticipantModule } from '../writer-participant.js';
import { GroupCommit, type GroupTask } from './group-commit.js';
import { openLogFile, reasonOf } from './log-file.js';
import type { Answer, Report, Task, WriterSettings } from './protocol.js';
import { lockForWriting, type WriterLock } from './writer-lock.js';

/** A group is bounded, so that its first caller does not wait for a crowd behind it. */
const GROUP_TASKS = 512;
const GROUP_UNITS = 4 * 1024 * 1024;

class WriterThread {
  readonly #queue: Task[] = [];
  readonly #groups: GroupCommit;
  #stopped = false;

  constructor(
    private readonly settings: WriterSettings,
    private readonly lock: WriterLock,
    private readonly db: DatabaseSync,
    private readonly participant: WriterParticipant | undefined,
  ) {
    this.#groups = new GroupCommit(db, participant);
  }

  /** Works until nothing waits. */
  receive(tasks: readonly Task[]): void {
    this.#queue.push(...tasks);
    for (;;) {
      while (this.#queue.length < GROUP_TASKS) {
        const received: { message: readonly Task[] } | undefined = receiveMessageOnPort(port);
        if (!received) break;
        this.#queue.push(...received.message);
      }
      const [first] = this.#queue;
      if (first === undefined) return;
      if (first[0] === 'close') return this.#close();
      if (first[0] === 'run') this.#run(first[1]);
      else this.#commit(this.#takeGroup());
    }
  }

  #takeGroup(): readonly GroupTask[] {
    const group: GroupTask[] = [];
    let units = 0;
    for (const task of this.#queue) {
      if (task[0] === 'run' || task[0] === 'close' || group.length === GROUP_TASKS || units > GROUP_UNITS) break;
      if (task[0] === 'append') for (const text of task[3]) units += text.length;
      group.push(task);
    }
    this.#queue.splice(0, group.length);
    return group;
  }

  #commit(group: readonly GroupTask[]): void {
    if (this.#stopped) return;
    try {
      report({ kind: 'answers', answers: this.#groups.commit(group) });
    } catch (error) {
      this.#stopped = true;
      report({ kind: 'stopped', message: `the log "${this.settings.file}" could not be written: ${reasonOf(error)}` });
    }
  }

  #run(job: unknown): void {
    this.#queue.shift();
    if (this.#stopped) return;
    try {
      if (!this.participant) throw new Error('the log was opened without a participant');
      report({ kind: 'answers', answers: [['done', this.participant.run(job)]] });
    } catch (error) {
      const failed: Answer = ['failed', reasonOf(error)];
      report({ kind: 'answers', answers: [failed] });
    }
  }

  /** Moves the WAL into the file, so that what is left is one file; after a failed write SQLite's own recovery will. */
  #close(): void {
    try {
      this.participant?.close();
      if (!this.#stopped) this.db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    } finally {
      this.db.close();
      this.lock.release();
      port.close();
    }
  }
}

async function start(settings: WriterSettings): Promise<WriterThread> {
  const lock = lockForWriting(settings.file);
  try {
    const db = openLogFile(settings.file, settings.maxPages);
    const { participant } = settings;
    const module: WriterParticipantModule | undefined = participant && (await import(participant.module));
    return new WriterThread(settings, lock, db, module?.openParticipant(participant?.options));
  } catch (error) {
    lock.release();
    throw error;
  }
}

function report(message: Report): void {
  port.postMessage(message);
}

if (!parentPort) throw new Error('the writer runs as a worker thread');
const port = parentPort;
try {
  const writer = await start(workerData);
  port.on('message', (tasks: readonly Task[]) => writer.receive(tasks));
  report({ kind: 'ready' });
} catch (error) {
  report({ kind: 'unusable', message: reasonOf(error) });
  // Stays until it is ended: of a thread that leaves on its own at once, the message or the exit may come before anybody listens.
  port.on('message', () => undefined);
}

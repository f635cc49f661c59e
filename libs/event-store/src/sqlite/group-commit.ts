import type { DatabaseSync } from 'node:sqlite';
import type { WriterParticipant } from '../writer-participant.js';
import { LogWriter } from './log-writer.js';
import type { Answer, AppendTask, Task } from './protocol.js';

export type GroupTask = AppendTask | Extract<Task, readonly ['ride', unknown]>;

/**
 * Commits many appends with one sync of the log (and one of the participant, when a rider is among them): the participant first, so
 * that no event is ever durable without the values it speaks of.
 */
export class GroupCommit {
  readonly #log: LogWriter;

  constructor(
    private readonly db: DatabaseSync,
    private readonly participant: WriterParticipant | undefined,
  ) {
    this.#log = new LogWriter(db);
  }

  /**
   * One answer for each task, in order, all durable. An append that is refused costs the others nothing, since everything is asked
   * before its first write. Throws when the group could not be committed: what is durable of it is then unknown, and the caller stops.
   */
  commit(tasks: readonly GroupTask[]): readonly Answer[] {
    const riders = tasks.some((task) => riderOf(task) !== undefined) ? this.#mustHaveParticipant() : undefined;
    try {
      this.db.exec('BEGIN IMMEDIATE');
      riders?.begin();
      const answers = tasks.map((task) => this.#take(task, riders));
      riders?.commit();
      this.db.exec('COMMIT');
      return answers;
    } catch (error) {
      this.#giveUp(riders);
      throw error;
    }
  }

  #take(task: GroupTask, riders: WriterParticipant | undefined): Answer {
    const objection = task[0] === 'append' ? this.#log.objection(task) : undefined;
    if (objection) return objection;

    const rider = riderOf(task);
    if (rider !== undefined) {
      const reason = riders?.check(rider);
      if (reason !== undefined) return ['refused', reason];
      riders?.apply(rider);
    }
    return task[0] === 'append' ? this.#log.write(task) : ['done', undefined];
  }

  #mustHaveParticipant(): WriterParticipant {
    if (!this.participant) throw new Error('a rider came, and the log was opened without a participant');
    return this.participant;
  }

  /** Both roll back, whatever the other does: SQLite has often done so itself by now (https://sqlite.org/lang_transaction.html). */
  #giveUp(riders: WriterParticipant | undefined): void {
    for (const undo of [() => riders?.rollback(), () => this.db.isTransaction && this.db.exec('ROLLBACK')]) {
      try {
        undo();
      } catch {
        // The first error is the one to tell; the transaction ends with the connection at the latest.
      }
    }
  }
}

function riderOf(task: GroupTask): unknown {
  return task[0] === 'append' ? task[4] : task[1];
}

/** Carries on what a command began beyond its own append: merges to their end, and the destruction of what was recorded in error. */
import type { RecordedEvent } from '../answer.js';
import type { Merges } from '../subject/merge/merges.js';
import { destroyMistake, type MistakeParts } from '../subject/mistake/mistakes.js';
import { subjectStream } from '../subject/subject.js';
import type { Work } from './open-work.js';
import type { WorkKind } from './people.view.js';

export class Unfinished {
  readonly #merges: Merges;
  readonly #parts: MistakeParts;
  /** Mistakes whose values this process has destroyed: once is enough until the next start. */
  readonly #destroyed = new Set<string>();

  constructor(merges: Merges, parts: MistakeParts) {
    this.#merges = merges;
    this.#parts = parts;
  }

  /** Safe to repeat. Rejects as the log and the vault do; what was done until then stays done. */
  async carryOn(work: readonly Work[], now: string): Promise<void> {
    for (const { kind, id, subject, revision } of work) if (!this.#destroyed.has(id)) await this.finish(kind, subjectStream(subject), revision, now);
  }

  /** `revision`: of the event on `stream` that began it. Gives the events that finished it. */
  async finish(kind: WorkKind, stream: string, revision: number, now: string): Promise<readonly RecordedEvent[]> {
    switch (kind) {
      case 'merge':
        return this.#merges.finish(stream, await this.#merges.mergeAt(stream, revision), now);
      case 'release':
        return this.#merges.release(stream, await this.#merges.mergeAt(stream, revision), now);
      case 'mistake':
        this.#destroyed.add(await destroyMistake(stream, revision, this.#parts));
        return [];
      default: {
        const never: never = kind;
        return never;
      }
    }
  }
}

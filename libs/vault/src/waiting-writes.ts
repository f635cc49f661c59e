import type { RowWrite } from './rows.js';

/** How long a write that is in no hurry waits for a commit to ride with. */
const IDLE_MS = 20;

/** Writes that ride with the next commit, or go alone when none comes. */
export class WaitingWrites {
  readonly #writes: RowWrite[] = [];
  #flushing: NodeJS.Timeout | undefined;

  /** `write` commits them alone. */
  constructor(private readonly write: (writes: readonly RowWrite[]) => Promise<void>) {}

  add(writes: readonly RowWrite[]): void {
    if (writes.length === 0) return;
    this.#writes.push(...writes);
    this.#flushing ??= setTimeout(() => {
      // A store that fails says so to the next commit; what waits may be lost.
      this.flush().catch(() => undefined);
    }, IDLE_MS);
  }

  /** Whoever takes them along adds them again when they were not written. */
  take(): readonly RowWrite[] {
    clearTimeout(this.#flushing);
    this.#flushing = undefined;
    return this.#writes.splice(0);
  }

  async flush(): Promise<void> {
    const writes = this.take();
    if (writes.length > 0) await this.write(writes);
  }
}

/** Where views stand, and who waits for them to get somewhere. The projector and the handle of its thread keep one each. */
import type { Position } from '#event-store/event-store.js';

/** `stopped`: the view cannot go on, so nobody needs to wait for it. */
export interface Standing {
  readonly view: string;
  readonly position: Position | undefined;
  readonly stopped: boolean;
}

interface Waiter {
  readonly wanted: Position;
  readonly view: string | undefined;
  readonly answer: (reached: boolean) => void;
}

export class Positions {
  #standings: ReadonlyMap<string, Standing> = new Map();
  readonly #waiters = new Set<Waiter>();
  #closed = false;

  /** What the views say now. Answers those whose wait is over. */
  moved(standings: readonly Standing[]): void {
    this.#standings = new Map(standings.map((standing) => [standing.view, standing]));
    for (const waiter of this.#waiters) this.#settle(waiter);
  }

  of(view: string): Position | undefined {
    return this.#standings.get(view)?.position;
  }

  all(): readonly Standing[] {
    return [...this.#standings.values()];
  }

  /** The position that every view has reached; undefined when one has seen nothing, or there is none. */
  smallest(): Position | undefined {
    const positions = this.all().map(({ position }) => position);
    return positions.reduce((a, b) => (a === undefined || b === undefined ? undefined : a < b ? a : b), positions[0]);
  }

  /**
   * True as soon as the view (every view, when none is named) has reached `wanted`. False at the time limit, when the views are no
   * longer fed, and at once when one that has not reached it has stopped.
   */
  waitFor(wanted: Position, timeoutMs: number, view?: string): Promise<boolean> {
    return new Promise((resolve) => {
      const waiter: Waiter = {
        wanted,
        view,
        answer: (reached) => {
          clearTimeout(timer);
          this.#waiters.delete(waiter);
          resolve(reached);
        },
      };
      const timer = setTimeout(() => waiter.answer(false), timeoutMs);
      this.#waiters.add(waiter);
      this.#settle(waiter);
    });
  }

  /** The views are no longer fed: nobody need wait. */
  close(): void {
    this.#closed = true;
    for (const waiter of this.#waiters) this.#settle(waiter);
  }

  #settle(waiter: Waiter): void {
    const waitedFor = waiter.view === undefined ? this.all() : this.all().filter(({ view }) => view === waiter.view);
    const short = waitedFor.filter(({ position }) => position === undefined || position < waiter.wanted);
    const known = waiter.view === undefined || waitedFor.length > 0;
    if (known && short.length === 0) waiter.answer(true);
    else if (this.#closed || short.some(({ stopped }) => stopped)) waiter.answer(false);
  }
}

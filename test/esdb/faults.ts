/** What a test may order of a server while it runs. All of it is off unless asked for. */
import type { Endpoint } from './wire.js';

export interface Faults {
  /** Every answer of every service waits so long. */
  readonly slowMs?: number;
  /** Appends are written and durable, their answers come so much later, or never. */
  readonly answerAppendsAfterMs?: number | 'never';
  /** Appends are answered with a timeout before anything is written. */
  readonly failAppends?: boolean;
  /** Appends are written, then every connection ends before the answer. */
  readonly dropAfterAppend?: boolean;
  /** Subscriptions deliver every event twice. */
  readonly duplicate?: boolean;
  /** No new connection is taken, and those that stand are ended. */
  readonly refuse?: boolean;
  /** Calls that need a leader are sent to this one. */
  readonly notLeader?: Endpoint;
  /** The faults of appends strike so many appends and no more. */
  readonly times?: number;
}

/** What one append is to meet. */
export type AppendFault = Pick<Faults, 'answerAppendsAfterMs' | 'failAppends' | 'dropAfterAppend'>;

const NONE: AppendFault = {};

export class FaultState {
  #faults: Faults = {};
  #left = 0;

  get now(): Faults {
    return this.#faults;
  }

  /** Replaces what was ordered before. */
  set(faults: Faults): void {
    this.#faults = faults;
    this.#left = faults.times ?? Infinity;
  }

  /** Asked once for each append. */
  forAppend(): AppendFault {
    const { answerAppendsAfterMs, failAppends, dropAfterAppend } = this.#faults;
    if (this.#left <= 0 || (answerAppendsAfterMs === undefined && failAppends !== true && dropAfterAppend !== true)) return NONE;
    this.#left -= 1;
    return this.#faults;
  }
}

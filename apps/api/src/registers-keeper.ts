/** Keeps the registers as fresh as the log, also by what other processes write. */
import { setTimeout as delay } from 'node:timers/promises';
import type { LiveRegisters, Timekeeper } from '#ledger/live-registers.js';
import type { EventLog } from '#nest/event-log.js';

/** Well below the age at which registers are stale. */
const PERIOD_MS = 500;

export const timekeeper: Timekeeper = {
  elapsedMs: () => performance.now(),
  after: (ms) => delay(ms, undefined, { ref: false }),
};

export interface Keeping {
  /** Whether the log tells of new events by itself, too: where others write so much that reading up to its head would be reading all. */
  readonly follows?: boolean;
  readonly periodMs?: number;
}

export class RegistersKeeper {
  readonly #stopping = new AbortController();
  readonly #running: Promise<unknown>;
  readonly #events: EventLog;
  readonly #periodMs: number;

  constructor(registers: Pick<LiveRegisters, 'refresh' | 'follow'>, events: EventLog, { follows = false, periodMs = PERIOD_MS }: Keeping = {}) {
    this.#events = events;
    this.#periodMs = periodMs;
    const { signal } = this.#stopping;
    this.#running = Promise.all([this.#again(() => registers.refresh()), ...(follows ? [this.#again(() => registers.follow(signal))] : [])]);
  }

  async close(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  /** Does it again and again until closed; a fault is told once while it lasts: every decision says so too. */
  async #again(work: () => Promise<void>): Promise<void> {
    const { signal } = this.#stopping;
    let isFailing = false;
    while (!signal.aborted) {
      await delay(this.#periodMs, undefined, { ref: false, signal }).catch(() => undefined);
      if (signal.aborted) return;
      try {
        await work();
        isFailing = false;
      } catch (error) {
        if (!isFailing) this.#events.fault(error);
        isFailing = true;
      }
    }
  }
}

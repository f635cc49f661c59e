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

export class RegistersKeeper {
  readonly #stopping = new AbortController();
  readonly #running: Promise<void>;

  constructor(registers: Pick<LiveRegisters, 'refresh'>, events: EventLog, periodMs = PERIOD_MS) {
    this.#running = this.#keep(registers, events, periodMs);
  }

  async close(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  async #keep(registers: Pick<LiveRegisters, 'refresh'>, events: EventLog, periodMs: number): Promise<void> {
    const { signal } = this.#stopping;
    let isFailing = false;
    while (!signal.aborted) {
      await delay(periodMs, undefined, { ref: false, signal }).catch(() => undefined);
      if (signal.aborted) return;
      try {
        await registers.refresh();
        isFailing = false;
      } catch (error) {
        // Once: while the log is away, every decision says so too.
        if (!isFailing) events.fault(error);
        isFailing = true;
      }
    }
  }
}

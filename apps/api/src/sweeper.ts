/**
 * Settles commands whose caller never came back: what was prepared is sent again, and its outcome is then known. Once a day it removes
 * what was sealed for events that never were (`architecture.md` §4).
 */
import { formatInstant } from '#law/instant.js';
import type { Ledger } from '#ledger/ledger.js';
import type { EventLog } from '#nest/event-log.js';
import type { Vault } from '#vault/vault.js';

/** A row that is the same after this long is decided by nobody any more: answers take milliseconds. */
const PERIOD_MS = 60_000;
const DAY_MS = 86_400_000;

export class Sweeper {
  readonly #timer: NodeJS.Timeout;
  #seen: ReadonlySet<string> = new Set();
  #running: Promise<void> = Promise.resolve();
  #collectedAt: number;

  constructor(
    private readonly ledger: Ledger,
    private readonly vault: Vault,
    private readonly events: EventLog,
    private readonly clock: () => number = Date.now,
    periodMs = PERIOD_MS,
  ) {
    this.#collectedAt = clock();
    this.#timer = setInterval(() => {
      this.#running = this.sweep();
    }, periodMs);
    this.#timer.unref();
  }

  /** Settles the rows that were there, at the same attempt, at the sweep before. */
  async sweep(): Promise<void> {
    try {
      const earlier = this.#seen;
      this.#seen = new Set((await this.vault.unsettled()).map(nameOf));
      const left = new Set([...this.#seen].filter((name) => earlier.has(name)));
      if (left.size > 0) await this.ledger.settleUnknown((row) => left.has(nameOf(row)));
      const now = this.clock();
      if (now - this.#collectedAt < DAY_MS) return;
      this.#collectedAt = now;
      await this.ledger.collectOrphans(formatInstant(now - DAY_MS));
    } catch (error) {
      this.events.fault(error);
    }
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#running;
  }
}

function nameOf({ key, attempt }: { readonly key: string; readonly attempt: number }): string {
  return `${key} ${attempt}`;
}

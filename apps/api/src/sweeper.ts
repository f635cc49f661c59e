/** Settles commands whose caller never came back: what was prepared is sent again, and its outcome is then known. */
import type { Ledger } from '#ledger/ledger.js';
import type { EventLog } from '#nest/event-log.js';
import type { Vault } from '#vault/vault.js';

/** A row that is the same after this long is decided by nobody any more: answers take milliseconds. */
const PERIOD_MS = 60_000;

export class Sweeper {
  readonly #timer: NodeJS.Timeout;
  #seen: ReadonlySet<string> = new Set();
  #running: Promise<void> = Promise.resolve();

  constructor(
    private readonly ledger: Ledger,
    private readonly vault: Vault,
    private readonly events: EventLog,
    periodMs = PERIOD_MS,
  ) {
    this.#timer = setInterval(() => (this.#running = this.sweep()), periodMs);
    this.#timer.unref();
  }

  /** Settles the rows that were there, at the same attempt, at the sweep before. */
  async sweep(): Promise<void> {
    try {
      const earlier = this.#seen;
      this.#seen = new Set((await this.vault.unsettled()).map(nameOf));
      const left = new Set([...this.#seen].filter((name) => earlier.has(name)));
      if (left.size > 0) await this.ledger.settleUnknown((row) => left.has(nameOf(row)));
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

/**
 * Settles commands whose caller never came back: what was prepared is sent again, and its outcome is then known; merges that stopped half
 * way are carried on. Once a day it removes what was sealed for events that never were (`architecture.md` §4).
 */
import { formatInstant } from '#law/instant.js';
import type { Ledger } from '#ledger/ledger.js';
import type { Work } from '#ledger/people/open-work.js';
import type { EventLog } from '#nest/event-log.js';
import type { Vault } from '#vault/vault.js';

/** A row that is the same after this long is decided by nobody any more: answers take milliseconds. */
const PERIOD_MS = 60_000;
const DAY_MS = 86_400_000;

export interface Sweeping {
  readonly ledger: Ledger;
  readonly vault: Vault;
  readonly events: EventLog;
  /** What the ledger began and has not finished. */
  readonly unfinished: () => Promise<readonly Work[]>;
}

export class Sweeper {
  readonly #timer: NodeJS.Timeout;
  readonly #parts: Sweeping;
  #seen: ReadonlySet<string> = new Set();
  #seenWork: ReadonlySet<string> = new Set();
  #running: Promise<void> | undefined;
  #collectedAt: number;

  constructor(
    parts: Sweeping,
    private readonly clock: () => number = Date.now,
    periodMs = PERIOD_MS,
  ) {
    this.#parts = parts;
    this.#collectedAt = clock();
    // One at a time: where views are made anew, one may have to look through the log, and takes longer than a period.
    this.#timer = setInterval(() => {
      this.#running ??= this.sweep().finally(() => (this.#running = undefined));
    }, periodMs);
    this.#timer.unref();
  }

  /** Settles the rows that were there, at the same attempt, at the sweep before. */
  async sweep(): Promise<void> {
    const { ledger, vault, events } = this.#parts;
    try {
      const earlier = this.#seen;
      this.#seen = new Set((await vault.unsettled()).map(nameOf));
      const left = new Set([...this.#seen].filter((name) => earlier.has(name)));
      if (left.size > 0) await ledger.settleUnknown((row) => left.has(nameOf(row)));
      const now = this.clock();
      await this.#carryOn(formatInstant(now));
      if (now - this.#collectedAt < DAY_MS) return;
      this.#collectedAt = now;
      await ledger.collectOrphans(formatInstant(now - DAY_MS));
    } catch (error) {
      events.fault(error);
    }
  }

  /** Work that was there at the sweep before; whoever began it would have finished it in milliseconds. */
  async #carryOn(now: string): Promise<void> {
    const earlier = this.#seenWork;
    const unfinished = await this.#parts.unfinished();
    this.#seenWork = new Set(unfinished.map(({ id }) => id));
    await this.#parts.ledger.resume(unfinished.filter(({ id }) => earlier.has(id)), now);
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#running;
  }
}

function nameOf({ key, attempt }: { readonly key: string; readonly attempt: number }): string {
  return `${key} ${attempt}`;
}

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
  #collecting: Promise<void> | undefined;
  #collectedAt: number;

  constructor(
    parts: Sweeping,
    private readonly clock: () => number = Date.now,
    periodMs = PERIOD_MS,
  ) {
    this.#parts = parts;
    this.#collectedAt = clock();
    // Each one at a time: where views are made anew, a sweep may have to look through the log, and a search for orphans looks at the whole vault.
    this.#timer = setInterval(() => {
      this.#running ??= this.sweep().finally(() => (this.#running = undefined));
      this.#collecting ??= this.#collect().finally(() => (this.#collecting = undefined));
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
      await this.#carryOn(formatInstant(this.clock()));
    } catch (error) {
      events.fault(error);
    }
  }

  async #collect(): Promise<void> {
    const { ledger, events } = this.#parts;
    const now = this.clock();
    if (now - this.#collectedAt < DAY_MS) return;
    this.#collectedAt = now;
    try {
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
    await Promise.all([this.#running, this.#collecting]);
  }
}

function nameOf({ key, attempt }: { readonly key: string; readonly attempt: number }): string {
  return `${key} ${attempt}`;
}

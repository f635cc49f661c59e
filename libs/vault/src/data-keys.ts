import type { DataKey } from './seal.js';

/** Together a minute: so long at most is a key in memory, whatever is destroyed elsewhere. */
const TTL_MS = 50_000;
const SWEEP_MS = 10_000;
const MAX_KEYS = 4096;

/** A data key in use. `stored`: some commit that made it durable has been acknowledged. */
export interface KnownKey {
  readonly dataKey: DataKey;
  readonly owner: string;
  readonly wrapped: Uint8Array;
  readonly epoch: number;
  stored: boolean;
}

/**
 * Unwrapped data keys, least recently made dropped first. Also where two seals for one new holding meet: whoever comes second finds the
 * key that the first one made, though nothing is stored yet.
 */
export class DataKeys {
  readonly #keys = new Map<string, KnownKey & { readonly expiresAt: number }>();
  #sweeper: NodeJS.Timeout | undefined;

  constructor(private readonly now: () => number) {}

  get(holding: string): KnownKey | undefined {
    const known = this.#keys.get(holding);
    if (!known || known.expiresAt > this.now()) return known;
    this.#keys.delete(holding);
    return undefined;
  }

  /** Gives the entry itself, whose `stored` may be set. */
  set(holding: string, key: KnownKey): KnownKey {
    const entry = { ...key, expiresAt: this.now() + TTL_MS };
    this.#keys.delete(holding);
    this.#keys.set(holding, entry);
    for (const oldest of this.#keys.keys()) {
      if (this.#keys.size <= MAX_KEYS) break;
      this.#keys.delete(oldest);
    }
    // A key leaves memory in time even when nobody asks for anything again.
    this.#sweeper ??= setInterval(() => this.#sweep(), SWEEP_MS).unref();
    return entry;
  }

  drop(holding: string): void {
    this.#keys.delete(holding);
  }

  clear(): void {
    this.#keys.clear();
    clearInterval(this.#sweeper);
    this.#sweeper = undefined;
  }

  #sweep(): void {
    const now = this.now();
    for (const [holding, key] of this.#keys) if (key.expiresAt <= now) this.#keys.delete(holding);
    if (this.#keys.size === 0) this.clear();
  }
}

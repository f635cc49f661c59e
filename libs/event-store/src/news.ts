/** Wakes those who wait for the log to grow. With `pollMs` they also wake by themselves, for a log that another process writes. */
export class News {
  readonly #waiting = new Set<() => void>();

  constructor(private readonly pollMs?: number) {}

  tell(): void {
    for (const wake of [...this.#waiting]) wake();
  }

  /** Resolves at the next `tell`, when `signal` aborts from now on, or after `pollMs`. Whoever wakes looks for himself. */
  next(signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', wake);
        this.#waiting.delete(wake);
        resolve();
      };
      const timer = this.pollMs === undefined ? undefined : setTimeout(wake, this.pollMs);
      signal?.addEventListener('abort', wake);
      this.#waiting.add(wake);
    });
  }
}

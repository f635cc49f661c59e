/** Where a stream is: its key in the file and its last revision, or `NONE`. Key 0: not in the file yet. */
export interface Head {
  key: number;
  revision: number;
}

/** The streams used last, so that an append to one of them asks the file nothing. */
export class Heads {
  readonly #heads = new Map<string, Head>();

  constructor(
    private readonly load: (stream: string) => Head,
    private readonly most = 100_000,
  ) {}

  /** The head to read and to move. Lives as long as it is used. */
  of(stream: string): Head {
    const known = this.#heads.get(stream);
    if (known) this.#heads.delete(stream);
    const head = known ?? this.load(stream);
    this.#heads.set(stream, head);
    if (this.#heads.size > this.most) this.#forgetOldest();
    return head;
  }

  #forgetOldest(): void {
    for (const oldest of this.#heads.keys()) {
      this.#heads.delete(oldest);
      return;
    }
  }
}

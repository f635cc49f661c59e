/**
 * Questions that come while one like them is being answered are asked together. Whoever is alone waits for nobody; with many callers a
 * question costs a fraction of a round trip.
 */
export class Together<Key, Answer> {
  #waiting: { readonly key: Key; readonly resolve: (answer: Answer) => void; readonly reject: (error: unknown) => void }[] = [];
  #underWay = 0;

  /** `ask` gives an answer for each key, in order. */
  constructor(
    private readonly ask: (keys: readonly Key[]) => Promise<readonly Answer[]>,
    /** Questions under way at once, each for all that waited. */
    private readonly most = 1,
  ) {}

  of(key: Key): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ key, resolve, reject });
      if (this.#underWay < this.most) void this.#go();
    });
  }

  async #go(): Promise<void> {
    this.#underWay += 1;
    // Whoever comes in the same turn comes along.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const asked = this.#waiting;
      this.#waiting = [];
      try {
        const answers = await this.ask(asked.map(({ key }) => key));
        for (const [i, { resolve }] of asked.entries()) resolve(answers[i] as Answer);
      } catch (error) {
        for (const { reject } of asked) reject(error);
      }
    }
    this.#underWay -= 1;
  }
}

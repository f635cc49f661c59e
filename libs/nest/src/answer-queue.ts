/** Answers in the order of their questions, whichever is ready first. Places are limited: who asks for one beyond that waits. */
interface Place {
  answer: string | undefined;
}

export class AnswerQueue {
  #places: Place[] = [];
  #ended = false;
  #fault: { readonly error: unknown } | undefined;
  #onReady: (() => void) | undefined;
  #onRoom: (() => void) | undefined;

  constructor(private readonly limit: number) {}

  /** A place at the end, when there is one; its function takes the answer, once. One caller at a time. */
  async place(): Promise<(answer: string) => void> {
    while (this.#places.length >= this.limit) await new Promise<void>((resolve) => (this.#onRoom = resolve));
    const place: Place = { answer: undefined };
    this.#places.push(place);
    return (answer) => {
      place.answer = answer;
      if (this.#places[0] === place) this.#onReady?.();
    };
  }

  /** No more questions come; with an error, the reader learns it after the answers. */
  end(fault?: { readonly error: unknown }): void {
    this.#ended = true;
    this.#fault = fault;
    this.#onReady?.();
  }

  /** Nobody reads on: places are free at once, and answers fall away. */
  abandon(): void {
    this.#places = [];
    this.#onRoom?.();
  }

  /** All answers that are ready from the first on, together; undefined at the end. */
  async next(): Promise<string | undefined> {
    for (;;) {
      const ready = this.#takeReady();
      if (ready !== '') return ready;
      if (this.#ended && this.#places.length === 0) {
        if (this.#fault !== undefined) throw this.#fault.error;
        return undefined;
      }
      await new Promise<void>((resolve) => (this.#onReady = resolve));
    }
  }

  #takeReady(): string {
    let count = 0;
    let ready = '';
    for (const { answer } of this.#places) {
      if (answer === undefined) break;
      ready += answer;
      count += 1;
    }
    if (count === 0) return '';
    this.#places.splice(0, count);
    this.#onRoom?.();
    return ready;
  }
}

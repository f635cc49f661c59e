/** What became of the lines of an import. */

/** One answer line of the server. */
export interface AnswerLine {
  readonly line: number;
  readonly id?: string;
  readonly status: 'recorded' | 'unchanged' | 'duplicate' | 'blocked' | 'refused';
  readonly verdict?: 'justified' | 'unjustified';
  readonly code?: string;
  readonly httpStatus?: number;
  readonly title?: string;
  readonly alternatives?: readonly string[];
  readonly about?: readonly string[];
}

export interface RefusedTally {
  readonly code: string;
  readonly title: string;
  readonly count: number;
  /** The first few. */
  readonly lines: readonly number[];
}

export interface TallyReport {
  readonly answered: number;
  readonly recorded: number;
  readonly unjustified: number;
  readonly unchanged: number;
  readonly duplicate: number;
  /** Asks that the gate answered with no; each is recorded. */
  readonly blocked: number;
  readonly refused: number;
  /** Of the refused: the server could not record these now, and they are to be sent again. */
  readonly unavailable: number;
  readonly refusedBy: readonly RefusedTally[];
}

const FIRST_LINES = 5;

export class Tally {
  answered = 0;
  /** Of the last answer: all lines up to it are answered. */
  lastLine = 0;
  readonly #counts = { recorded: 0, unchanged: 0, duplicate: 0, blocked: 0, refused: 0 };
  #unjustified = 0;
  #unavailable = 0;
  readonly #refused = new Map<string, { title: string; count: number; lines: number[] }>();

  add(answer: AnswerLine): void {
    this.answered++;
    this.lastLine = answer.line;
    this.#counts[answer.status]++;
    if (answer.status === 'recorded' && answer.verdict === 'unjustified') this.#unjustified++;
    if (answer.status !== 'refused') return;
    if ((answer.httpStatus ?? 0) >= 500) this.#unavailable++;
    const code = answer.code ?? 'unknown';
    const known = this.#refused.get(code) ?? { title: answer.title ?? '', count: 0, lines: [] };
    known.count++;
    if (known.lines.length < FIRST_LINES) known.lines.push(answer.line);
    this.#refused.set(code, known);
  }

  report(): TallyReport {
    return {
      answered: this.answered,
      ...this.#counts,
      unjustified: this.#unjustified,
      unavailable: this.#unavailable,
      refusedBy: [...this.#refused].map(([code, { title, count, lines }]) => ({ code, title, count, lines })).sort((a, b) => b.count - a.count || (a.code < b.code ? -1 : 1)),
    };
  }
}

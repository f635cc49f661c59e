/**
 * What the store and its writer thread say to each other. Tuples of primitives, because the structured clone of this traffic is what
 * an append costs its caller's thread: 64 objects took 38 µs, 64 such tuples 26 µs.
 */

/** `expected` of a task: a revision, or one of these. The first is what a stream without events is at. */
export const NONE = -1;
export const ANY = -2;

export type AppendTask = readonly [kind: 'append', stream: string, expected: number, events: readonly string[], rider: unknown];

export type Task =
  /** `events`: id, type and data of each in turn. */
  | AppendTask
  | readonly [kind: 'ride', rider: unknown]
  | readonly [kind: 'run', job: unknown]
  | readonly [kind: 'close'];

export type Answer =
  /** The position is the first event's; those of the others follow on it. */
  | readonly [kind: 'written', revision: number, position: number]
  | readonly [kind: 'repeated', revision: number, positions: readonly number[]]
  | readonly [kind: 'conflict', actual: number]
  | readonly [kind: 'refused', reason: unknown]
  | readonly [kind: 'done', result: unknown]
  | readonly [kind: 'failed', message: string];

/** To the store. `answers` come in the order of the tasks. */
export type Report =
  | { readonly kind: 'ready' }
  | { readonly kind: 'unusable'; readonly message: string }
  | { readonly kind: 'answers'; readonly answers: readonly Answer[] }
  | { readonly kind: 'stopped'; readonly message: string };

/** What the writer thread is started with. */
export interface WriterSettings {
  readonly file: string;
  readonly participant?: { readonly module: string; readonly options: unknown };
  /** Pages of 4 KiB that the log may fill; what is over is refused as a full disk would. */
  readonly maxPages?: number;
}

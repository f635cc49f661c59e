/**
 * A stream of commands, one a line, and a stream of answers, one a line and in the same order. What is in flight is bounded, so a
 * client that reads slowly is read slowly, and memory does not follow the length of the stream.
 */
import { AnswerQueue } from './answer-queue.js';
import { Lanes } from './lanes.js';
import type { Line } from './line-reader.js';
import type { Problem } from './problem.js';

/** What a line's answer calls it besides its number: the command's id, or the person that it is about. */
export type LineName = { readonly id: string } | { readonly subject: string };

/** A line that was understood. */
export interface Understood {
  readonly name?: LineName;
  /** Lines that share one run in order. */
  readonly keys: readonly string[];
  /** Waits for all before it, and all after it wait. */
  readonly alone: boolean;
  /** Records it; rejects with whatever speaks against it. */
  readonly run: () => Promise<object>;
}

/** Anything that stands at a place in a stream or a list and is answered by itself. */
export interface Numbered {
  readonly number: number;
}

export interface LineWork<L extends Numbered = Line> {
  /** Rejects never: what speaks against a line is in the answer. */
  readonly understand: (line: L) => Promise<Understood | { readonly name?: LineName; readonly problem: Problem }>;
  readonly problemOf: (error: unknown) => Problem;
}

/** Lines that are read and not yet answered, at the most. */
export const IN_FLIGHT = 512;

/**
 * Answer lines for `batches`, joined as they become ready. Ends after the last answer; when `batches` rejects it throws the same, after
 * the answers to all that was read. A reader that leaves stops the reading of lines; those under way are still recorded.
 */
export async function* answersTo<L extends Numbered>(batches: AsyncIterable<readonly L[]>, work: LineWork<L>, inFlight = IN_FLIGHT): AsyncGenerator<string> {
  const queue = new AnswerQueue(inFlight);
  const reading = { left: false };
  const feeding = feed(batches, work, queue, reading).then(
    () => queue.end(),
    (error: unknown) => queue.end({ error }),
  );
  try {
    for (let ready = await queue.next(); ready !== undefined; ready = await queue.next()) yield ready;
  } finally {
    reading.left = true;
    queue.abandon();
    await feeding;
  }
}

async function feed<L extends Numbered>(batches: AsyncIterable<readonly L[]>, work: LineWork<L>, queue: AnswerQueue, reading: { readonly left: boolean }): Promise<void> {
  const lanes = new Lanes();
  try {
    for await (const batch of batches) {
      for (const line of batch) {
        const answer = await queue.place();
        if (reading.left) return;
        await enter(line, work, lanes, answer);
      }
    }
  } finally {
    await lanes.idle();
  }
}

async function enter<L extends Numbered>(line: L, work: LineWork<L>, lanes: Lanes, answer: (text: string) => void): Promise<void> {
  const understood = await work.understand(line);
  if ('problem' in understood) return answer(problemLine(line.number, understood.name, understood.problem));
  const { name, keys, alone, run } = understood;
  const task = (): Promise<void> =>
    run().then(
      (result) => answer(`${JSON.stringify({ line: line.number, ...name, ...result })}\n`),
      (error: unknown) => answer(problemLine(line.number, name, work.problemOf(error))),
    );
  if (!alone) return lanes.run(keys, task);
  await lanes.idle();
  await task();
}

/** Refused, or an ask that was blocked: the one left nothing behind, the other is recorded. */
function problemLine(line: number, name: LineName | undefined, problem: Problem): string {
  const { code, status: httpStatus, title, pointer, errors, alternatives, article, about, verdict, decision, events } = problem;
  const told = { line, ...name, status: code === 'Blocked' ? 'blocked' : 'refused', code, httpStatus, title, ...(pointer !== undefined && { pointer }) };
  return `${JSON.stringify({ ...told, ...(errors && { errors }), ...(alternatives && { alternatives }), ...(article !== undefined && { article }), ...(about && { about, verdict, decision, events }) })}\n`;
}

/**
 * A stream of commands, one a line, and a stream of answers, one a line and in the same order. What is in flight is bounded, so a
 * client that reads slowly is read slowly, and memory does not follow the length of the stream.
 */
import { AnswerQueue } from './answer-queue.js';
import { Lanes } from './lanes.js';
import type { Line } from './line-reader.js';
import type { Problem } from './problem.js';

/** A line that was understood. */
export interface Understood {
  readonly id: string;
  /** Lines that share one run in order. */
  readonly keys: readonly string[];
  /** Waits for all before it, and all after it wait. */
  readonly alone: boolean;
  /** Records it; rejects with whatever speaks against it. */
  readonly run: () => Promise<object>;
}

export interface LineWork {
  /** Rejects never: what speaks against a line is in the answer. */
  readonly understand: (line: Line) => Promise<Understood | { readonly id?: string; readonly problem: Problem }>;
  readonly problemOf: (error: unknown) => Problem;
}

/** Lines that are read and not yet answered, at the most. */
export const IN_FLIGHT = 512;

/**
 * Answer lines for `batches`, joined as they become ready. Ends after the last answer; when `batches` rejects it throws the same, after
 * the answers to all that was read. A reader that leaves stops the reading of lines; those under way are still recorded.
 */
export async function* answersTo(batches: AsyncIterable<readonly Line[]>, work: LineWork, inFlight = IN_FLIGHT): AsyncGenerator<string> {
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

async function feed(batches: AsyncIterable<readonly Line[]>, work: LineWork, queue: AnswerQueue, reading: { readonly left: boolean }): Promise<void> {
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

async function enter(line: Line, work: LineWork, lanes: Lanes, answer: (text: string) => void): Promise<void> {
  const understood = await work.understand(line);
  if ('problem' in understood) return answer(refusalLine(line.number, understood.id, understood.problem));
  const { id, keys, alone, run } = understood;
  const task = (): Promise<void> =>
    run().then(
      (result) => answer(`${JSON.stringify({ line: line.number, id, ...result })}\n`),
      (error: unknown) => answer(refusalLine(line.number, id, work.problemOf(error))),
    );
  if (!alone) return lanes.run(keys, task);
  await lanes.idle();
  await task();
}

function refusalLine(line: number, id: string | undefined, { code, status, title, pointer, errors, alternatives }: Problem): string {
  const told = { line, ...(id !== undefined && { id }), status: 'refused', code, httpStatus: status, title, ...(pointer !== undefined && { pointer }) };
  return `${JSON.stringify({ ...told, ...(errors && { errors }), ...(alternatives && { alternatives }) })}\n`;
}

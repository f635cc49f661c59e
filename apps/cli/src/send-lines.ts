/** Sends lines to a server and takes its answers at the same time: neither side waits for the other's end, and both may be slow. */
import type { ClientRequest, IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { CliFault, EXIT } from './fault.js';
import { linesOf, WholeLines } from './ndjson.js';
import { faultIn, open, replyIn, responseTo, unreachable, type Server } from './server.js';
import { Tally, type AnswerLine } from './tally.js';

export interface Sending {
  readonly tally: Tally;
  /** Sent so far. */
  readonly sent: { readonly lines: number; readonly bytes: number };
}

export interface SendOptions {
  /** No further line is sent once it aborts; those on their way are answered. */
  readonly signal?: AbortSignal;
  /** Waited for: whoever writes the answers to a slow disk slows the sending. */
  readonly onAnswer?: (answer: AnswerLine, text: string) => void | Promise<void>;
  /** Called once, so that progress can be shown. */
  readonly onStart?: (sending: Sending) => void;
}

/** Resolves when every line that was sent is answered. Rejects with `CliFault`, which says how far it came. */
export async function sendLines(server: Server, source: Readable, { signal, onAnswer, onStart }: SendOptions = {}): Promise<Tally> {
  const tally = new Tally();
  const lines = new WholeLines();
  onStart?.({ tally, sent: lines });
  const request = open(server, '/v1/commands', { method: 'POST', headers: { accept: 'application/x-ndjson', 'content-type': 'application/x-ndjson' } });
  const stop = (): void => {
    lines.stop();
    source.destroy();
    // What was waiting in the transform is whole lines: they go, and the request ends.
    lines.end();
  };
  signal?.addEventListener('abort', stop, { once: true });
  if (signal?.aborted === true) stop();
  // Before the first byte is sent: a server that refuses at once answers and closes, and its answer says more than the broken pipe.
  const response = responseTo(request, server);
  const sending = send(source, lines, request, signal);
  try {
    await answers(await firstOf(response, sending), server, tally, onAnswer);
    await sending;
  } catch (error) {
    request.destroy();
    await sending.catch(() => undefined);
    throw howFar(error, tally);
  } finally {
    signal?.removeEventListener('abort', stop);
    source.destroy();
  }
  return tally;
}

async function send(source: Readable, lines: WholeLines, request: ClientRequest, signal: AbortSignal | undefined): Promise<void> {
  // A source that was destroyed to stop is no failure; the transform ends by itself then.
  source.on('error', (error) => (signal?.aborted === true ? undefined : lines.destroy(error)));
  source.pipe(lines);
  await pipeline(lines, request);
}

/** The response, unless the input itself fails before there is one. */
async function firstOf(response: Promise<IncomingMessage>, sending: Promise<void>): Promise<IncomingMessage> {
  const inputFault = sending.then(
    () => response,
    (error: unknown) => {
      if (isOfInput(error)) throw error;
      return response;
    },
  );
  return Promise.race([response, inputFault]);
}

function isOfInput(error: unknown): boolean {
  return error instanceof CliFault || (error instanceof Error && 'syscall' in error && (error.syscall === 'read' || error.syscall === 'open'));
}

async function answers(response: IncomingMessage, server: Server, tally: Tally, onAnswer: SendOptions['onAnswer']): Promise<void> {
  if (response.statusCode !== 200) throw faultIn(await replyIn(response, server), server);
  try {
    for await (const text of linesOf(response as AsyncIterable<Buffer>)) {
      const answer = answerIn(text, server);
      tally.add(answer);
      await onAnswer?.(answer, text);
    }
  } catch (error) {
    throw error instanceof CliFault || !isOfConnection(error) ? error : unreachable(server, error);
  }
}

function isOfConnection(error: unknown): boolean {
  return error instanceof Error && 'code' in error && ['ECONNRESET', 'EPIPE', 'ERR_STREAM_PREMATURE_CLOSE', 'ETIMEDOUT'].includes(String(error.code));
}

function answerIn(text: string, { url }: Server): AnswerLine {
  try {
    const answer = JSON.parse(text) as AnswerLine | { readonly status: 'stopped' };
    if (answer.status === 'stopped') throw new CliFault(`the server at ${url.origin} was stopped`);
    if (['recorded', 'unchanged', 'duplicate', 'blocked', 'refused'].includes(answer.status) && Number.isSafeInteger(answer.line)) return answer;
  } catch (error) {
    if (error instanceof CliFault) throw error;
    // Said below: a line that is no JSON is no answer either.
  }
  throw new CliFault(`the server at ${url.origin} gave an answer that this program does not know: one of the two is older`);
}

/** A fault in the middle says what is safe: a line is recorded once, however often it is sent. */
function howFar(error: unknown, tally: Tally): unknown {
  if (!(error instanceof CliFault) || tally.answered === 0) return error;
  return new CliFault(`${error.message}; every line up to ${tally.lastLine} was answered (hint: run the same import again, what was recorded is answered as a duplicate)`, EXIT.failed, { cause: error });
}

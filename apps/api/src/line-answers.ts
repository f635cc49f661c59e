/** Answers sent while the questions come in: one NDJSON line for each, as they become ready. */
import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { chunksUntil, linesOf, ReadingStopped, type Line } from '#nest/line-reader.js';
import { EdgeFault, invalidAt } from '#nest/problem.js';

/** The longest body, and the longest line of an import. */
export const BODY_LIMIT = 256 * 1024;

export function linesIn(request: FastifyRequest, stopping: AbortSignal): AsyncGenerator<readonly Line[]> {
  return linesOf(chunksUntil(request.raw, stopping), BODY_LIMIT);
}

/** Sends answer lines with 200, whatever becomes of each. A server that stops says so in the last line. */
export async function replyWithLines(request: FastifyRequest, reply: FastifyReply, answers: AsyncGenerator<string>): Promise<void> {
  const onStopped = (): void => void reply.raw.once('finish', () => hangUp(request.raw));
  await reply.code(200).type('application/x-ndjson; charset=utf-8').send(Readable.from(untilStopped(answers, onStopped), { objectMode: false }));
}

/** What a line says, as JSON. Throws `EdgeFault`. */
export function jsonIn(line: Line): unknown {
  switch (line.kind) {
    case 'tooLong':
      throw new EdgeFault('BodyTooLarge', { pointer: '' });
    case 'notUtf8':
      throw invalidAt('MalformedJson', '', 'is not UTF-8');
    case 'text':
      try {
        return JSON.parse(line.text) as unknown;
      } catch {
        throw invalidAt('MalformedJson', '', 'is not JSON');
      }
    default: {
      const never: never = line;
      return never;
    }
  }
}

/** When the server stops in the middle, the answers to what it had read are the last but one line, which says so. */
async function* untilStopped(answers: AsyncGenerator<string>, onStopped: () => void): AsyncGenerator<string> {
  try {
    yield* answers;
  } catch (error) {
    if (!(error instanceof ReadingStopped)) throw error;
    onStopped();
    yield `${JSON.stringify({ status: 'stopped' })}\n`;
  }
}

/** How long a client may go on sending to a server that has said its last. */
const LINGER_MS = 1_000;

/**
 * Ends a connection whose client is still sending. What it sends is thrown away meanwhile: closing over unread bytes would reset the
 * connection, and the answers that are still on their way would be lost (RFC 9112 §9.6).
 */
function hangUp(sending: IncomingMessage): void {
  sending.resume();
  sending.socket.end();
  setTimeout(() => sending.destroy(), LINGER_MS).unref();
}

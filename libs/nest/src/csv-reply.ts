/** Answers with comma-separated values, sent as they are made: the whole of something long, in flat memory. */
import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { invalidAt } from './problem.js';

/** Whether CSV was asked for: by `format`, else by `Accept` (RFC 9110 §12.5.1), where JSON goes before it when both are named. */
export function wantsCsv(request: FastifyRequest, format: unknown): boolean {
  if (format !== undefined && format !== 'csv' && format !== 'json') throw invalidAt('BadRequest', '/format', 'is json or csv');
  if (format !== undefined) return format === 'csv';
  const accepted = (request.headers.accept ?? '').split(',').map((range) => range.split(';', 1)[0]?.trim().toLowerCase());
  return accepted.includes('text/csv') && !accepted.includes('application/json');
}

/**
 * RFC 4180 with a header row. `Liggare-Position` says what the answer reflects at least. A fault in the middle ends the connection: a
 * file that is cut short must not look whole.
 */
export async function sendCsv(reply: FastifyReply, name: string, position: string | null, rows: AsyncGenerator<string>): Promise<void> {
  await reply
    .code(200)
    .headers({
      'content-type': 'text/csv; charset=utf-8; header=present',
      'content-disposition': `attachment; filename="${name}.csv"`,
      ...(position !== null && { 'liggare-position': position }),
    })
    .send(Readable.from(rows, { objectMode: false }));
}

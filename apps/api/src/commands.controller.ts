/** `POST /v1/commands`: commands as CloudEvents, one, several or without end. */
import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { Controller, Post, Req, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiBody, ApiConsumes, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { actorIn } from '#nest/authentication.js';
import { eventInHeaders } from '#nest/cloud-event.js';
import { problemResponse } from '#nest/command-route.js';
import { answersTo, type LineWork } from '#nest/ingest.js';
import { chunksUntil, linesOf, ReadingStopped, type Line } from '#nest/line-reader.js';
import { EdgeFault, invalidAt, problemHeaders, problemOf } from '#nest/problem.js';
import { For } from '#nest/roles.js';
import type { Actor } from '#vault/vault.js';
import { commandOf, lineWork } from './line-work.js';
import { ServerParts } from './server-parts.js';

/** The longest body, and the longest line of an import. */
export const BODY_LIMIT = 256 * 1024;

const EXAMPLE = {
  specversion: '1.0',
  id: 'nl-2024-000318',
  source: 'newsletter-system',
  type: 'se.liggare.WithdrawConsent.v1',
  time: '2026-02-11T07:30:00+01:00',
  datacontenttype: 'application/json',
  data: { identifier: { kind: 'email', value: 'anna.exempel@example.se' }, service: 'newsletter', purposes: ['newsletter'] },
};
const EVENT_SCHEMA = { type: 'object', required: ['specversion', 'id', 'source', 'type', 'data'], example: EXAMPLE };

@ApiTags('import')
@For('upstream', 'officer')
@Controller('v1/commands')
export class CommandsController {
  constructor(
    private readonly parts: ServerParts,
    private readonly commands: CommandBus,
  ) {}

  @Post()
  @ApiOperation({ summary: 'Commands as CloudEvents 1.0: structured, binary, a batch, or NDJSON of any length', description: 'NDJSON is answered line by line and in order, while it is being sent: {line, id, status, about, verdict?, events}, or {line, id?, status: "refused", code, httpStatus, title, pointer?, errors?, alternatives?}. A refused line stops nothing. Lines about one person apply in the order they stand. Blank lines are counted and passed over.' })
  @ApiBearerAuth()
  @ApiConsumes('application/cloudevents+json', 'application/cloudevents-batch+json', 'application/x-ndjson', 'application/json')
  @ApiBody({ schema: { oneOf: [EVENT_SCHEMA, { type: 'array', items: EVENT_SCHEMA }] } })
  @ApiResponse({ status: 200, description: 'The answer, the answers of a batch, or a line for each line.' })
  @problemResponse(400, 'No CloudEvent; nothing was recorded.')
  @problemResponse(415, 'Another content type.')
  async take(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const actor = actorIn(request);
    const type = (request.headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase();
    if (type === 'application/x-ndjson') return void (await reply.code(200).type('application/x-ndjson; charset=utf-8').send(this.#stream(request, reply, actor)));
    if (type === 'application/cloudevents-batch+json') return void (await reply.code(200).type('application/json; charset=utf-8').send(await this.#batch(request.body, actor)));
    if (type === 'application/cloudevents+json') return this.#one(request.body, actor, reply);
    if (type === 'application/json') return this.#one(eventInHeaders(request.headers, request.body), actor, reply);
    throw new EdgeFault('UnsupportedMediaType');
  }

  async #one(event: unknown, actor: Actor, reply: FastifyReply): Promise<void> {
    const { command } = commandOf(event, actor);
    try {
      await reply.code(200).send(await this.commands.execute<object, object>(command));
    } catch (error) {
      const problem = problemOf(error, '/data');
      if (problem.status === 500) throw error;
      await reply.code(problem.status).headers(problemHeaders(problem)).send(JSON.stringify(problem));
    }
  }

  /** The answers of a batch in its order; `line` counts its events from 1. */
  async #batch(body: unknown, actor: Actor): Promise<string> {
    if (!Array.isArray(body)) throw invalidAt('InvalidCloudEvent', '', 'is not a batch, an array');
    const lines = body.map((event: unknown, i): Line => ({ number: i + 1, kind: 'text', text: JSON.stringify(event) }));
    let answers = '';
    for await (const ready of answersTo(once(lines), this.#work(actor))) answers += ready;
    return `[${answers.trimEnd().replaceAll('\n', ',')}]`;
  }

  #stream(request: FastifyRequest, reply: FastifyReply, actor: Actor): Readable {
    const lines = linesOf(chunksUntil(request.raw, this.parts.stopping), BODY_LIMIT);
    const onStopped = (): void => void reply.raw.once('finish', () => hangUp(request.raw));
    return Readable.from(untilStopped(answersTo(lines, this.#work(actor)), onStopped), { objectMode: false });
  }

  #work(actor: Actor): LineWork {
    return lineWork(this.parts, this.commands, actor);
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

 
async function* once(lines: readonly Line[]): AsyncGenerator<readonly Line[]> {
  yield lines;
}

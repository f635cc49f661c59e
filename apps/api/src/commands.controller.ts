/** `POST /v1/commands`: commands as CloudEvents, one, several or without end. */
import { Controller, Post, Req, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiBody, ApiConsumes, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { actorIn } from '#nest/authentication.js';
import { eventInHeaders } from '#nest/cloud-event.js';
import { problemResponse } from '#nest/command-route.js';
import { answersTo, type LineWork } from '#nest/ingest.js';
import type { Line } from '#nest/line-reader.js';
import { EdgeFault, invalidAt, problemHeaders, problemOf } from '#nest/problem.js';
import { For, RouteRoles } from '#nest/roles.js';
import type { Actor } from '#vault/vault.js';
import { linesIn, replyWithLines } from './line-answers.js';
import { commandOf, lineWork } from './line-work.js';
import { ServerParts } from './server-parts.js';

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
    private readonly roles: RouteRoles,
  ) {}

  @Post()
  @ApiOperation({ summary: 'Commands as CloudEvents 1.0: structured, binary, a batch, or NDJSON of any length', description: 'NDJSON is answered line by line and in order, while it is being sent: {line, id, status, about, verdict?, decision?, events}, or {line, id?, status: "refused", code, httpStatus, title, pointer?, errors?, alternatives?, article?}, or of an ask that the gate blocked, which is recorded, {line, id, status: "blocked", code, httpStatus: 403, title, about, verdict, decision, events}. A refused or blocked line stops nothing. The time of an event is when its command happened; of an ask it is when it was asked, and changes nothing: asks are about now. Lines about one person apply in the order they stand. Blank lines are counted and passed over.' })
  @ApiBearerAuth()
  @ApiConsumes('application/cloudevents+json', 'application/cloudevents-batch+json', 'application/x-ndjson', 'application/json')
  @ApiBody({ schema: { oneOf: [EVENT_SCHEMA, { type: 'array', items: EVENT_SCHEMA }] } })
  @ApiResponse({ status: 200, description: 'The answer, the answers of a batch, or a line for each line.' })
  @problemResponse(400, 'No CloudEvent; nothing was recorded.')
  @problemResponse(403, 'Not for this token; or, of a single event, a blocked ask, with what was recorded of it.')
  @problemResponse(415, 'Another content type.')
  async take(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const actor = actorIn(request);
    const type = (request.headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase();
    if (type === 'application/x-ndjson') return replyWithLines(request, reply, answersTo(linesIn(request, this.parts.stopping), this.#work(actor)));
    if (type === 'application/cloudevents-batch+json') return void (await reply.code(200).type('application/json; charset=utf-8').send(await this.#batch(request.body, actor)));
    if (type === 'application/cloudevents+json') return this.#one(request.body, actor, request, reply);
    if (type === 'application/json') return this.#one(eventInHeaders(request.headers, request.body), actor, request, reply);
    throw new EdgeFault('UnsupportedMediaType');
  }

  async #one(event: unknown, actor: Actor, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const { command } = commandOf(event, actor, this.roles);
    try {
      await reply.code(200).send(await this.commands.execute<object, object>(command));
    } catch (error) {
      const problem = problemOf(error, '/data');
      if (problem.status === 500) throw error;
      request.problemCode = problem.code;
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

  #work(actor: Actor): LineWork {
    return lineWork(this.parts, this.commands, this.roles, actor);
  }
}

async function* once(lines: readonly Line[]): AsyncGenerator<readonly Line[]> {
  yield lines;
}

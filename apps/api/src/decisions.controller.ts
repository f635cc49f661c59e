/** `POST /v1/decisions`: "may I?". Advisory and unrecorded: only the ask itself, sent as a command, binds. */
import { Controller, Post, Req, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiBody, ApiConsumes, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { CatalogueEntry } from '#ledger/catalogue-entry.js';
import { catalogue } from '#ledger/catalogue.js';
import type { Command } from '#ledger/command.js';
import { actorIn } from '#nest/authentication.js';
import { ANSWER, DECISION_PROPERTIES, problemResponse } from '#nest/command-route.js';
import { answersTo, type LineWork } from '#nest/ingest.js';
import { EdgeFault, invalidAt, problemOf, type Problem } from '#nest/problem.js';
import { arrivalOf, commandFrom } from '#nest/recording.js';
import { For, RouteRoles } from '#nest/roles.js';
import { schemaOf } from '#nest/schema-of.js';
import type { Actor } from '#vault/vault.js';
import { jsonIn, linesIn, replyWithLines } from './line-answers.js';
import { ServerParts } from './server-parts.js';

/** Every ask of the catalogue. */
export const asks: ReadonlyMap<string, CatalogueEntry> = new Map([...catalogue].filter(([, { decision }]) => decision.advise !== undefined));

const DESCRIPTION =
  'The body names the ask and has its members: {"ask": "AuthoriseDisclosure", "subject": …, …}. The answer is 200 whatever the outcome. application/x-ndjson: an ask a line, an answer a line, in order, while it is being sent: {line, outcome, rules, …}, or {line, status: "refused", code, httpStatus, title, pointer?, errors?, alternatives?, article?}; a refused line stops nothing.';

const ANSWERED = {
  type: 'object',
  required: ['outcome', 'rules', 'about', 'revision', 'registers'],
  additionalProperties: false,
  properties: {
    ...DECISION_PROPERTIES,
    about: ANSWER.properties.about,
    revision: { type: 'integer', description: "Of the person's stream, that it was judged on." },
    registers: { type: 'array', items: { type: 'object', required: ['stream', 'revision'], properties: { stream: { type: 'string' }, revision: { type: 'integer' } } } },
  },
};

@ApiTags('decisions')
@For('upstream', 'officer')
@Controller('v1/decisions')
export class DecisionsController {
  constructor(
    private readonly parts: ServerParts,
    private readonly roles: RouteRoles,
  ) {}

  @Post()
  @ApiOperation({ summary: 'May I? How an ask would be answered now; nothing is recorded', description: DESCRIPTION })
  @ApiBearerAuth()
  @ApiConsumes('application/json', 'application/x-ndjson')
  @ApiBody({ schema: { oneOf: [...asks].map(([name, { type }]) => askSchema(name, type)) } })
  @ApiResponse({ status: 200, description: 'The answer, or a line for each line.', content: { 'application/json': { schema: ANSWERED } } })
  @problemResponse(400, 'Malformed.')
  @problemResponse(404, 'Nobody of this id or identifier.')
  @problemResponse(422, 'A code or id that cannot be used, with the alternatives.')
  @problemResponse(503, 'The ledger cannot answer now.')
  async decide(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const actor = actorIn(request);
    const type = (request.headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase();
    if (type === 'application/x-ndjson') return replyWithLines(request, reply, answersTo(linesIn(request, this.parts.stopping), this.#work(actor)));
    if (type !== 'application/json') throw new EdgeFault('UnsupportedMediaType');
    const { entry, command } = this.#askIn(request.body, actor);
    await reply.code(200).send(await this.parts.advise(entry, command));
  }

  #askIn(body: unknown, actor: Actor): { readonly entry: CatalogueEntry; readonly command: Command } {
    if (typeof body !== 'object' || body === null || Array.isArray(body)) throw invalidAt('Invalid', '', 'is not an object');
    const { ask, ...members } = body as Readonly<Record<string, unknown>>;
    if (ask === undefined) throw invalidAt('Invalid', '/ask', 'is missing');
    const entry = typeof ask === 'string' ? asks.get(ask) : undefined;
    if (entry === undefined) throw new EdgeFault('UnknownAsk', { pointer: '/ask', alternatives: this.#asksOf(actor) });
    this.roles.require(actor.role, entry.type);
    return { entry, command: commandFrom(entry.type, members, arrivalOf(actor, 'decision')) as Command };
  }

  #asksOf({ role }: Actor): readonly string[] {
    return [...asks].flatMap(([name, { type }]) => (this.roles.may(role, type) ? [name] : []));
  }

  /** Nothing is written, so no line waits for another. */
  #work(actor: Actor): LineWork {
    const problemIn = (error: unknown): Problem => {
      const problem = problemOf(error);
      if (problem.status === 500) this.parts.events.fault(error);
      return problem;
    };
    return {
      problemOf: problemIn,
      understand: async (line) => {
        try {
          const { entry, command } = this.#askIn(jsonIn(line), actor);
          return { keys: [], alone: false, run: () => this.parts.advise(entry, command) };
        } catch (error) {
          return { problem: problemIn(error) };
        }
      },
    };
  }
}

function askSchema(name: string, type: CatalogueEntry['type']): object {
  const { required, properties, ...schema } = schemaOf(type);
  return { ...schema, required: ['ask', ...((required as readonly string[] | undefined) ?? [])], properties: { ask: { const: name }, ...(properties as object) } };
}

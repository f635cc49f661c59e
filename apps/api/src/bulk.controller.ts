/** `POST /v1/commands/<CommandName>/bulk`: one act and many people. Each person is asked or told about by a command of their own. */
import { Controller, Param, Post, Req, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiBody, ApiHeader, ApiOperation, ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { subjects as people, type CatalogueEntry } from '#ledger/catalogue-entry.js';
import { catalogue } from '#ledger/catalogue.js';
import type { Command } from '#ledger/command.js';
import { ActCommand } from '#ledger/gate/act.commands.js';
import { actorIn } from '#nest/authentication.js';
import { problemResponse } from '#nest/command-route.js';
import { answersTo, type LineWork } from '#nest/ingest.js';
import { ReadingStopped } from '#nest/line-reader.js';
import { EdgeFault, invalidAt, problemOf, type Problem } from '#nest/problem.js';
import { arrivalOf, commandFrom, commandIdIn, requireJson } from '#nest/recording.js';
import { For, RouteRoles } from '#nest/roles.js';
import { schemaOf } from '#nest/schema-of.js';
import { requireUuid } from '#nest/unusable-id.js';
import type { Actor } from '#vault/vault.js';
import { replyWithLines } from './line-answers.js';
import { keysOf } from './line-keys.js';
import { withoutCommandId } from './line-work.js';
import { ServerParts } from './server-parts.js';

export const BULK_ROUTE = '/bulk';
/** Ten thousand ids of 36 letters, quoted, and the act. */
export const BULK_LIMIT = 512 * 1024;
const MOST_PEOPLE = 10_000;
/** Members that speak of one person only. */
const OF_ONE_PERSON = ['subject', 'identifier', 'createIfMissing', 'holdings', 'relationship', 'authorisation'] as const;
/** Stands for each of the people while the act itself is checked. */
const ANYBODY = '00000000-0000-4000-8000-000000000000';

/** Every ask and every told act about a person. */
const acts: ReadonlyMap<string, CatalogueEntry> = new Map([...catalogue].filter(([, { type, kind }]) => type.prototype instanceof ActCommand && kind.prefix === people.prefix));

type Members = Readonly<Record<string, unknown>>;

/** One person of the list; `number` counts from 1. */
interface Person {
  readonly number: number;
  readonly subject: unknown;
}

@ApiTags('import')
@For('upstream', 'officer')
@Controller('v1/commands')
export class BulkController {
  constructor(
    private readonly parts: ServerParts,
    private readonly commands: CommandBus,
    private readonly roles: RouteRoles,
  ) {}

  @Post(`:name${BULK_ROUTE}`)
  @ApiOperation({
    summary: 'One act, asked or told of many people',
    description: `The command's members without those that speak of one person (${OF_ONE_PERSON.join(', ')}), and \`subjects\`: up to ${MOST_PEOPLE} ids. Answered with a line for each, in order and as they become ready: {line, subject, status, about, verdict?, decision?, events}, or {line, subject?, status: "blocked" | "refused", code, httpStatus, title, …}; none stops another. Each person's command has an id of its own, made from the Idempotency-Key and the person: the same again answers \`duplicate\` for each, and \`blocked\` where it was.`,
  })
  @ApiBearerAuth()
  @ApiParam({ name: 'name', schema: { enum: [...acts.keys()] } })
  @ApiHeader({ name: 'Idempotency-Key', required: true, description: 'Unique in its system.', schema: { type: 'string', pattern: '^[A-Za-z0-9._:~-]{1,128}$' } })
  @ApiBody({ schema: { oneOf: [...acts.values()].map(({ name, type }) => bulkSchema(name, type)) } })
  @ApiResponse({ status: 200, description: 'A line for each person.', content: { 'application/x-ndjson': {} } })
  @problemResponse(400, 'The act or the list is malformed; nothing was recorded.')
  @problemResponse(404, 'No act of this name.')
  async take(@Param('name') name: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const entry = acts.get(name);
    if (entry === undefined) throw new EdgeFault('NotFound');
    const actor = actorIn(request);
    this.roles.require(actor.role, entry.type);
    requireJson(request);
    const key = commandIdIn(request);
    const { members, subjects } = bulkIn(request.body);
    // What is wrong with the act is wrong for all of them, and said once.
    commandFrom(entry.type, { ...members, subject: ANYBODY }, arrivalOf(actor, key));
    await replyWithLines(request, reply, answersTo(inParts(subjects, this.parts.stopping), this.#work(entry, members, key, actor)));
  }

  #work(entry: CatalogueEntry, members: Members, key: string, actor: Actor): LineWork<Person> {
    const { vault, registers, events, survivorOf } = this.parts;
    const problemIn = (error: unknown): Problem => {
      const problem = problemOf(error);
      if (problem.status === 500) events.fault(error);
      return problem;
    };
    return {
      problemOf: problemIn,
      understand: async ({ number, subject: told }) => {
        try {
          const subject = requireUuid(typeof told === 'string' ? told : '', `/subjects/${number - 1}`);
          const command = commandFrom(entry.type, { ...members, subject }, arrivalOf(actor, personalId(key, subject))) as Command;
          const { keys, alone } = await keysOf(entry, command, { vault, registers, survivorOf });
          return { name: { subject }, keys, alone, run: () => this.commands.execute<Command, object>(command).then(withoutCommandId) };
        } catch (error) {
          return { problem: problemIn(error) };
        }
      },
    };
  }
}

/** No sender can send a slash in a command id, so none meets one of these. */
function personalId(key: string, subject: string): string {
  return `bulk/${key}/${subject}`;
}

function bulkIn(body: unknown): { readonly members: Members; readonly subjects: readonly unknown[] } {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw invalidAt('Invalid', '', 'is not an object');
  const { subjects, ...members } = body as Members;
  if (!Array.isArray(subjects) || subjects.length < 1 || subjects.length > MOST_PEOPLE) throw invalidAt('Invalid', '/subjects', subjects === undefined ? 'is missing' : `is a list of 1 to ${MOST_PEOPLE} ids`);
  const personal = OF_ONE_PERSON.find((name) => members[name] !== undefined);
  if (personal !== undefined) throw invalidAt('Invalid', `/${personal}`, 'speaks of one person; send a command for each');
  return { members, subjects };
}

const PART = 64;

/** A server that stops begins with no further people. */
async function* inParts(subjects: readonly unknown[], stopping: AbortSignal): AsyncGenerator<readonly Person[]> {
  for (let from = 0; from < subjects.length; from += PART) {
    if (stopping.aborted) throw new ReadingStopped('the server is stopping');
    yield subjects.slice(from, from + PART).map((subject, i) => ({ number: from + i + 1, subject }));
  }
}

function bulkSchema(name: string, type: CatalogueEntry['type']): object {
  const { required, properties, ...schema } = schemaOf(type);
  const isKept = (member: string): boolean => !(OF_ONE_PERSON as readonly string[]).includes(member);
  const kept = Object.fromEntries(Object.entries(properties as object).filter(([member]) => isKept(member)));
  const subjects = { type: 'array', minItems: 1, maxItems: MOST_PEOPLE, items: { type: 'string', format: 'uuid' } };
  return { ...schema, title: name, required: [...((required as readonly string[] | undefined) ?? []).filter(isKept), 'subjects'], properties: { ...kept, subjects } };
}

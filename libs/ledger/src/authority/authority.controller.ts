import { Controller, Get, Query } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiOperation, ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger';
import { CommandRoute, problemResponse } from '#nest/command-route.js';
import { EdgeFault, invalidAt } from '#nest/problem.js';
import { Told } from '#nest/recording.js';
import { For } from '#nest/roles.js';
import { requireUuid } from '#nest/unusable-id.js';
import { ID } from '../schema.js';
import { commandExamples } from './authority.examples.js';
import { AuthoriseSecretDisclosure, DealWithSecretDeviation, EndSecrecy, ReportSecretDisclosure } from './secret-disclosure.commands.js';
import type { SecretPage } from './secret-disclosures.query.js';

export class ReadSecretDisclosures {
  constructor(
    readonly page: SecretPage,
    readonly atLeast: string | undefined,
  ) {}
}

/** Officers alone: an upstream may not learn that an authority has asked. */
@ApiTags('secret disclosures')
@For('officer')
@Controller('v1/commands')
export class SecretCommandsController {
  constructor(private readonly commands: CommandBus) {}

  @CommandRoute(AuthoriseSecretDisclosure, commandExamples.AuthoriseSecretDisclosure)
  authoriseSecretDisclosure(@Told(AuthoriseSecretDisclosure) command: AuthoriseSecretDisclosure): Promise<object> {
    return this.commands.execute(command);
  }

  @CommandRoute(ReportSecretDisclosure, commandExamples.ReportSecretDisclosure)
  reportSecretDisclosure(@Told(ReportSecretDisclosure) command: ReportSecretDisclosure): Promise<object> {
    return this.commands.execute(command);
  }

  @CommandRoute(EndSecrecy, commandExamples.EndSecrecy)
  endSecrecy(@Told(EndSecrecy) command: EndSecrecy): Promise<object> {
    return this.commands.execute(command);
  }

  @CommandRoute(DealWithSecretDeviation, commandExamples.DealWithSecretDeviation)
  dealWithSecretDeviation(@Told(DealWithSecretDeviation) command: DealWithSecretDeviation): Promise<object> {
    return this.commands.execute(command);
  }
}

const PARAMETERS = ['authority', 'subject', 'limit', 'after', 'atLeast'] as const;
type PageQuery = { readonly [name in (typeof PARAMETERS)[number]]?: unknown };

@ApiTags('secret disclosures')
@For('officer')
@Controller('v1/secret-disclosures')
export class SecretDisclosuresController {
  constructor(private readonly queries: QueryBus) {}

  @Get()
  @ApiOperation({ summary: 'What authorities were told, and people may not be told of; newest first' })
  @ApiBearerAuth()
  @ApiQuery({ name: 'authority', required: false, description: 'Of this authority only.' })
  @ApiQuery({ name: 'subject', required: false, description: 'About this person only; not together with `authority`.' })
  @ApiQuery({ name: 'after', required: false, description: '`next` of the page before.' })
  @ApiQuery({ name: 'limit', required: false, schema: { type: 'integer', minimum: 1, maximum: 200, default: 100 } })
  @ApiQuery({ name: 'atLeast', required: false, description: 'A position from an answer: waits up to 5 s until the views have it.' })
  @ApiResponse({ status: 200, description: 'A page.', content: { 'application/json': { schema: { type: 'object' } } } })
  @problemResponse(503, 'The views are not there yet.')
  page(@Query() query: PageQuery): Promise<object> {
    if (Object.keys(query).some((name) => !(PARAMETERS as readonly string[]).includes(name))) throw new EdgeFault('BadRequest', { detail: 'A query parameter is not known here.', alternatives: PARAMETERS });
    if (query.authority !== undefined && query.subject !== undefined) throw invalidAt('BadRequest', '/subject', 'is not given together with authority');
    const after = positionIn(query.after, '/after');
    const page: SecretPage = {
      limit: limitIn(query.limit),
      ...(query.authority !== undefined && { authority: idIn(query.authority) }),
      ...(query.subject !== undefined && { subject: requireUuid(typeof query.subject === 'string' ? query.subject : '', '/subject') }),
      ...(after !== undefined && { after }),
    };
    return this.queries.execute(new ReadSecretDisclosures(page, positionIn(query.atLeast, '/atLeast')));
  }
}

function idIn(text: unknown): string {
  if (typeof text !== 'string' || !ID.test(text)) throw new EdgeFault('UnusableId', { pointer: '/authority' });
  return text;
}

function positionIn(text: unknown, pointer: string): string | undefined {
  if (text === undefined) return undefined;
  if (typeof text !== 'string' || !/^[0-9A-Za-z]{1,64}$/.test(text)) throw invalidAt('BadRequest', pointer, 'is no position of an answer');
  return text;
}

function limitIn(text: unknown): number {
  if (text === undefined) return 100;
  const limit = typeof text === 'string' && /^\d{1,3}$/.test(text) ? Number(text) : 0;
  if (limit < 1 || limit > 200) throw invalidAt('BadRequest', '/limit', 'is a number from 1 to 200');
  return limit;
}

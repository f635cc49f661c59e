/**
 * The registers over HTTP, for officers and auditors: pages of JSON, or the whole as CSV. They show pseudonymous ids and codes only and
 * open no value, so none of these answers is itself recorded (`architecture.md` §2).
 */
import { applyDecorators, Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiHeader, ApiOperation, ApiParam, ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { parseLocalDate } from '#law/local-date.js';
import { problemResponse } from '#nest/command-route.js';
import { sendCsv, wantsCsv } from '#nest/csv-reply.js';
import { EdgeFault, invalidAt } from '#nest/problem.js';
import { For } from '#nest/roles.js';
import { requireUuid } from '#nest/unusable-id.js';
import { ACCESS_PURPOSES } from '../access/access.events.js';
import { askerOf, instantOf, positionIn, requireParameters } from '../queries.controller.js';
import { ID } from '../schema.js';
import { DEVIATION_RANKS } from './deviation-register.view.js';
import type { LineageAsOf } from './lineage.answers.js';
import { servedRegisters, type CsvReply, type RegisterName } from './register.answers.js';
import { marked, unmarked } from './cursor-mark.js';
import { cursorIn, type Asked } from './register.query.js';

export class ReadRegister {
  constructor(
    readonly name: RegisterName,
    readonly asked: Asked,
    readonly atLeast: string | undefined,
  ) {}
}

export class ExportRegister {
  constructor(
    readonly name: RegisterName,
    readonly asked: Omit<Asked, 'limit' | 'after'>,
    readonly atLeast: string | undefined,
  ) {}
}

export class ReadReceived {
  constructor(
    readonly recipient: string,
    readonly asked: Asked,
    readonly atLeast: string | undefined,
    readonly how: 'page' | 'csv' | 'lineage',
  ) {}
}

export class ReadSourceDays {
  constructor(
    readonly asked: { readonly source?: string; readonly limit: number; readonly after?: readonly [source: string, day: string] },
    readonly atLeast: string | undefined,
  ) {}
}

export class ReadLineage {
  constructor(
    readonly about: { readonly subject: string } | { readonly holding: string },
    readonly asOf: LineageAsOf,
    readonly atLeast: string | undefined,
  ) {}
}

export class ReadReasons {
  constructor(
    readonly event: string,
    readonly atLeast: string | undefined,
  ) {}
}

type Parameters = Readonly<Record<string, unknown>>;

const PAGING = ['from', 'to', 'limit', 'after', 'atLeast', 'format'];
/** What a register takes besides its own filters. */
const MORE: Readonly<Partial<Record<RegisterName, readonly string[]>>> = { deviations: ['state'] };
/** A code, an id, a type of event or a stream: what lines are filtered by. */
const CODE = /^[A-Za-z0-9-]{1,80}$/;

const purpose = ApiHeader({ name: 'Liggare-Purpose', required: true, schema: { enum: [...ACCESS_PURPOSES] } });
const atLeast = ApiQuery({ name: 'atLeast', required: false, description: 'A position from an answer: waits up to 5 s until the views have it.' });
const limit = (most: number, usual: number): MethodDecorator => ApiQuery({ name: 'limit', required: false, schema: { type: 'integer', minimum: 1, maximum: most, default: usual } });
const after = ApiQuery({ name: 'after', required: false, description: '`next` of the page before, of the same question.' });
const page = (members: object): MethodDecorator =>
  ApiResponse({ status: 200, description: 'What was asked for.', content: { 'application/json': { schema: { type: 'object', required: ['position'], properties: { position: { type: ['string', 'null'], description: 'What the answer reflects, at least.' }, ...members } } } } });
const next = { type: 'string', description: 'Give it as `after` for the next page; absent on the last.' };
const list = (description: string): object => ({ type: 'array', description, items: { type: 'object' } });

function Described(summary: string, ...more: readonly MethodDecorator[]): MethodDecorator {
  return applyDecorators(ApiOperation({ summary }), ApiBearerAuth(), purpose, atLeast, problemResponse(400, 'A parameter is unknown or cannot be used.'), problemResponse(503, 'The views are not there yet.'), ...more);
}

const AS_OF_GRAPH = [
  ApiParam({ name: 'id', format: 'uuid' }),
  ApiQuery({ name: 'known', required: false, description: 'What was known then: an instant, or a date for its end.' }),
  limit(1_000, 500),
  after,
  page({ nodes: list('Origins, events, recipients.'), edges: list('From, to, and how.'), next }),
];

/** How a register is described: its filters, its lines, and that the same comes as CSV. */
function Lines(name: RegisterName, summary: string, without: readonly string[] = []): MethodDecorator {
  const { filters, columns } = servedRegisters[name];
  const lines = { type: 'array', items: { type: 'object', properties: Object.fromEntries(columns.map((column) => [column, {}])) } };
  const schema = { type: 'object', required: ['position', 'lines'], properties: { position: { type: ['string', 'null'], description: 'What the answer reflects, at least.' }, lines, next } };
  return applyDecorators(
    Described(summary),
    ...filters.filter((filter) => !without.includes(filter)).map((filter) => ApiQuery({ name: filter, required: false, ...(filter === 'superseded' ? { schema: { enum: ['true'] } } : {}) })),
    ...(MORE[name]?.includes('state') === true ? [ApiQuery({ name: 'state', required: false, schema: { enum: Object.keys(DEVIATION_RANKS) } })] : []),
    ApiQuery({ name: 'from', required: false, description: 'The first day on which it may have happened, in Sweden.' }),
    ApiQuery({ name: 'to', required: false, description: 'The last such day.' }),
    limit(200, 100),
    after,
    ApiQuery({ name: 'format', required: false, schema: { enum: ['json', 'csv'] }, description: 'Or `Accept: text/csv`. CSV is the whole register that fits, not a page.' }),
    ApiResponse({
      status: 200,
      description: 'A page in log order, or the whole as CSV (RFC 4180). A page may have fewer lines than its limit and still be followed by another.',
      headers: { 'Liggare-Position': { description: 'Of CSV: what it reflects, at least.', schema: { type: 'string' } } },
      content: { 'application/json': { schema }, 'text/csv': { schema: { type: 'string' } } },
    }),
  );
}

@ApiTags('registers')
@For('officer', 'auditor')
@Controller('v1')
export class RegistersController {
  constructor(private readonly queries: QueryBus) {}

  @Get('consents')
  @Lines('consents', 'The consent register: each request, consent, refusal and ending')
  consents(@Query() query: Parameters, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.#answer('consents', query, request, reply);
  }

  @Get('disclosures')
  @Lines('disclosures', 'The disclosure register: asked, blocked, told, recalled')
  disclosures(@Query() query: Parameters, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.#answer('disclosures', query, request, reply);
  }

  @Get('transfers')
  @Lines('transfers', 'The transfer register: what went outside the EEA, or is read from there, and what that rests on')
  transfers(@Query() query: Parameters, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.#answer('transfers', query, request, reply);
  }

  @Get('sourcings')
  @Lines('sourcings', 'The source register: each sourcing, its batch, and the duty to tell the person')
  sourcings(@Query() query: Parameters, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.#answer('sourcings', query, request, reply);
  }

  @Get('sourcings/days')
  @Described('On which days data was taken from each source, and when the source was in use', ApiQuery({ name: 'source', required: false }), limit(200, 100), after, page({ sources: list('Each source of these days, with its days of use.'), days: list('A source, a day, and how many sourcings.'), next }))
  sourceDays(@Query() query: Parameters, @Req() request: FastifyRequest): Promise<object> {
    askerOf(request);
    requireParameters(query, ['source', 'limit', 'after', 'atLeast']);
    const source = codeIn(query['source'], '/source');
    const from = query['after'];
    const [, last, day] = typeof from === 'string' ? (/^([a-z][a-z0-9-]{0,62})\.(\d{4}-\d\d-\d\d)$/.exec(from) ?? []) : [];
    if (from !== undefined && (last === undefined || day === undefined || (source !== undefined && last !== source))) throw invalidAt('BadRequest', '/after', 'is no cursor of this question');
    return this.queries.execute(new ReadSourceDays({ limit: limitIn(query['limit'], 200, 100), ...(source !== undefined && { source }), ...(last !== undefined && day !== undefined && { after: [last, day] }) }, positionIn(query['atLeast'], '/atLeast')));
  }

  @Get('recipient-register')
  @Lines('recipients', 'The recipient register: a line for each role, agreement, arrangement, sub-supplier and audit')
  recipients(@Query() query: Parameters, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.#answer('recipients', query, request, reply);
  }

  @Get('deviations')
  @Lines('deviations', 'The deviation register: each fact without justification, open ones first, and what was done about it')
  deviations(@Query() query: Parameters, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.#answer('deviations', query, request, reply);
  }

  @Get('decisions/recorded')
  @Lines('decisions', 'The decision register: each answer of the gate and each judged fact, with the register revisions it used')
  decisions(@Query() query: Parameters, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.#answer('decisions', query, request, reply);
  }

  @Get('decisions/:event')
  @Described('One decision with its reasons: every rule that was applied, what it rests on, and what the law and the policy say', ApiParam({ name: 'event', format: 'uuid' }), page({ decision: { type: 'object' }, sentence: { type: 'object' }, rules: list('Each rule that was applied, passed ones too.') }), problemResponse(404, 'No decision was recorded in an event of this id.'))
  reasons(@Param('event') event: string, @Query() query: Parameters, @Req() request: FastifyRequest): Promise<object> {
    askerOf(request);
    requireParameters(query, ['atLeast']);
    return this.queries.execute(new ReadReasons(requireUuid(event, '/event'), positionIn(query['atLeast'], '/atLeast')));
  }

  @Get('recipients/:id/received')
  @Lines('receipts', 'What a recipient has received: of whom, which data, when, and on what', ['recipient'])
  @ApiParam({ name: 'id' })
  @problemResponse(404, 'No recipient of this id is registered, and none has received anything.')
  async received(@Param('id') id: string, @Query() query: Parameters, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    askerOf(request);
    const isCsv = wantsCsv(request, query['format']);
    const of = `received ${id}`;
    const asked = askedIn('receipts', query, isCsv, { of, without: ['recipient'] });
    const found = await this.queries.execute<ReadReceived, object>(new ReadReceived(recipientIn(id), asked, positionIn(query['atLeast'], '/atLeast'), isCsv ? 'csv' : 'page'));
    await answerWith(reply, 'received', isCsv, isCsv ? found : marked(of, asked, found));
  }

  @Get('recipients/:id/lineage')
  @Described('Backwards from a recipient: a page of what it received, and where each of it came from', ApiParam({ name: 'id' }), limit(50, 20), after, page({ nodes: list('Origins, events, and the recipient.'), edges: list('From, to, and how.'), next }), problemResponse(404, 'No recipient of this id is registered, and none has received anything.'))
  async recipientLineage(@Param('id') id: string, @Query() query: Parameters, @Req() request: FastifyRequest): Promise<object> {
    askerOf(request);
    const of = `lineage ${id}`;
    const asked = { ...askedIn('receipts', query, false, { of, without: ['recipient'] }), limit: limitIn(query['limit'], 50, 20) };
    return marked(of, asked, await this.queries.execute<ReadReceived, object>(new ReadReceived(recipientIn(id), asked, positionIn(query['atLeast'], '/atLeast'), 'lineage')));
  }

  @Get('subjects/:id/lineage')
  @Described('Where all that is held of a person came from, and who got it', ...AS_OF_GRAPH, problemResponse(404, 'No person of this id is registered.'))
  subjectLineage(@Param('id') id: string, @Query() query: Parameters, @Req() request: FastifyRequest): Promise<object> {
    return this.#lineage({ subject: requireUuid(id, '/id') }, query, request);
  }

  @Get('holdings/:id/lineage')
  @Described('The lineage of one value: where it came from, its corrections, and who got it', ...AS_OF_GRAPH, problemResponse(404, 'Nothing is held under this id.'))
  holdingLineage(@Param('id') id: string, @Query() query: Parameters, @Req() request: FastifyRequest): Promise<object> {
    return this.#lineage({ holding: requireUuid(id, '/id') }, query, request);
  }

  async #answer(name: RegisterName, query: Parameters, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    askerOf(request);
    const isCsv = wantsCsv(request, query['format']);
    const asked = askedIn(name, query, isCsv);
    const position = positionIn(query['atLeast'], '/atLeast');
    const found = await this.queries.execute<object, object>(isCsv ? new ExportRegister(name, asked, position) : new ReadRegister(name, asked, position));
    await answerWith(reply, name, isCsv, isCsv ? found : marked(name, asked, found));
  }

  #lineage(about: { readonly subject: string } | { readonly holding: string }, query: Parameters, request: FastifyRequest): Promise<object> {
    askerOf(request);
    requireParameters(query, ['known', 'limit', 'after', 'atLeast']);
    const from = positionIn(query['after'], '/after');
    const asOf = { limit: limitIn(query['limit'], 1_000, 500), ...(query['known'] !== undefined && { known: instantOf(query['known'], '/known') }), ...(from !== undefined && { after: from }) };
    return this.queries.execute(new ReadLineage(about, asOf, positionIn(query['atLeast'], '/atLeast')));
  }
}

async function answerWith(reply: FastifyReply, name: string, isCsv: boolean, found: object): Promise<void> {
  if (!isCsv) return void (await reply.code(200).type('application/json; charset=utf-8').send(JSON.stringify(found)));
  const { position, rows } = found as CsvReply;
  await sendCsv(reply, name, position, rows);
}

/** The question as it stands in the address. Throws for a parameter that the register does not have, or that says nothing it could mean. */
function askedIn(name: RegisterName, query: Parameters, isCsv: boolean, { of = name, without = [] }: { readonly of?: string; readonly without?: readonly string[] } = {}): Asked {
  const filters = servedRegisters[name].filters.filter((filter) => !without.includes(filter));
  requireParameters(query, [...filters, ...(MORE[name] ?? []), ...PAGING]);
  for (const paging of ['limit', 'after']) if (isCsv && query[paging] !== undefined) throw invalidAt('BadRequest', `/${paging}`, 'is for pages of JSON; CSV is the whole');
  const given: Record<string, string> = {};
  for (const filter of filters) {
    const code = codeIn(query[filter], `/${filter}`);
    if (filter === 'superseded' && code !== undefined && code !== 'true') throw new EdgeFault('BadRequest', { pointer: '/superseded', alternatives: ['true'] });
    if (code !== undefined) given[filter] = code;
  }
  const [from, to, rank] = [dayIn(query['from'], '/from'), dayIn(query['to'], '/to'), rankIn(query['state'])];
  const asked: Asked = {
    filters: given,
    limit: limitIn(query['limit'], 200, 100),
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
    ...(rank !== undefined && { rank }),
  };
  const place = query['after'];
  const cursor = typeof place === 'string' ? cursorIn(unmarked(of, asked, place) ?? '') : undefined;
  if (place !== undefined && cursor === undefined) throw invalidAt('BadRequest', '/after', 'is no cursor of this question');
  return { ...asked, ...(cursor !== undefined && { after: cursor }) };
}

function codeIn(text: unknown, pointer: string): string | undefined {
  if (text === undefined) return undefined;
  if (typeof text !== 'string' || !CODE.test(text)) throw invalidAt('BadRequest', pointer, 'is no code or id');
  return text;
}

function dayIn(text: unknown, pointer: string): string | undefined {
  if (text === undefined) return undefined;
  if (typeof text !== 'string' || parseLocalDate(text) === undefined) throw invalidAt('BadRequest', pointer, 'is no date');
  return text;
}

function rankIn(state: unknown): number | undefined {
  if (state === undefined) return undefined;
  if (state !== 'open' && state !== 'dealt-with') throw new EdgeFault('BadRequest', { pointer: '/state', alternatives: Object.keys(DEVIATION_RANKS) });
  return DEVIATION_RANKS[state];
}

function limitIn(text: unknown, most: number, usual: number): number {
  if (text === undefined) return usual;
  const asked = typeof text === 'string' && /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (asked < 1 || asked > most) throw invalidAt('BadRequest', '/limit', `is a number from 1 to ${most}`);
  return asked;
}

function recipientIn(id: string): string {
  if (!ID.test(id)) throw invalidAt('UnusableId', '/id', 'is no id of a register');
  return id;
}

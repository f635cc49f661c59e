/** What officers and auditors ask about people. Every answer that opens something names its purpose, and is itself recorded first. */
import { applyDecorators, Controller, Get, Headers, HttpCode, Param, Post, Query, Req } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiBody, ApiHeader, ApiOperation, ApiParam, ApiQuery, ApiTags, ApiResponse } from '@nestjs/swagger';
import { IsIn, IsString, MaxLength, MinLength } from 'class-validator';
import type { FastifyRequest } from 'fastify';
import { RULES_VERSION } from '#law/data/rules-version.js';
import { parseLocalDate } from '#law/local-date.js';
import { parseWhen } from '#law/when.js';
import { actorIn, systemOf } from '#nest/authentication.js';
import { problemResponse } from '#nest/command-route.js';
import { EdgeFault, invalidAt } from '#nest/problem.js';
import { Sent } from '#nest/recording.js';
import { For } from '#nest/roles.js';
import { schemaOf } from '#nest/schema-of.js';
import { requireUuid } from '#nest/unusable-id.js';
import type { IdentifierKind } from '#vault/vault.js';
import { ACCESS_PURPOSES, type AccessPurpose } from './access/access.events.js';
import type { AsOf, Asker } from './queries.js';
import type { Language } from './trail/sentences.js';

const SEARCHED_BY = ['email', 'phone', 'personnummer', 'customer-number', 'device-id', 'name'] as const satisfies readonly IdentifierKind[];

export class SearchTerm {
  @IsIn(SEARCHED_BY)
  kind!: (typeof SEARCHED_BY)[number];

  @IsString()
  @MinLength(1)
  @MaxLength(320)
  value!: string;
}

export class SearchSubjects {
  constructor(
    readonly term: SearchTerm,
    readonly asker: Asker,
  ) {}
}

export class ReadRecord {
  constructor(
    readonly subject: string,
    readonly asOf: AsOf,
    readonly asker: Asker,
    readonly atLeast: string | undefined,
  ) {}
}

export class ReadTrail {
  constructor(
    readonly subject: string,
    readonly asOf: AsOf & { readonly language: Language; readonly after?: string; readonly limit: number },
    readonly asker: Asker,
    readonly atLeast: string | undefined,
  ) {}
}

export class ReadOrganisation {
  constructor(
    readonly organisation: string,
    readonly asker: Asker,
    /** A day; undefined: today. */
    readonly valid: string | undefined,
  ) {}
}

interface AsOfQuery {
  readonly known?: string;
  readonly valid?: string;
  readonly rules?: string;
  readonly atLeast?: string;
}

interface TrailQuery extends AsOfQuery {
  readonly lang?: string;
  readonly after?: string;
  readonly limit?: string;
}

const AS_OF = [
  ApiQuery({ name: 'known', required: false, description: 'What was known then: an instant, or a date for its end.' }),
  ApiQuery({ name: 'valid', required: false, description: 'What was so in the world then: an instant, or a date for its end.' }),
  ApiQuery({ name: 'rules', required: false, description: 'Version of the rules that judge it.' }),
  ApiQuery({ name: 'atLeast', required: false, description: 'A position from an answer: waits up to 5 s until the views have it.' }),
  ApiParam({ name: 'id', format: 'uuid' }),
  problemResponse(404, 'No person of this id is registered.'),
  problemResponse(503, 'The views are not there yet.'),
];

export interface DayQuery {
  readonly valid?: string;
}

export const VALID_DAY = ApiQuery({ name: 'valid', required: false, description: 'A Swedish calendar day: what was in force then. Default: today.', schema: { type: 'string', format: 'date' } });

/** The day that is asked about; undefined: today. */
export function dayIn(query: DayQuery): string | undefined {
  requireParameters(query, ['valid']);
  const { valid } = query;
  if (valid !== undefined && (typeof valid !== 'string' || parseLocalDate(valid) === undefined)) throw invalidAt('UnusableTime', '/valid', 'is no calendar date, YYYY-MM-DD');
  return valid;
}

export function Described(summary: string, ...more: readonly MethodDecorator[]): MethodDecorator {
  return applyDecorators(ApiOperation({ summary }), ApiBearerAuth(), ApiHeader({ name: 'Liggare-Purpose', required: true, schema: { enum: [...ACCESS_PURPOSES] } }), ApiHeader({ name: 'Liggare-Case', required: false, description: 'The case it is opened for; kept sealed.' }), ApiResponse({ status: 200, description: 'What was asked for.', content: { 'application/json': { schema: { type: 'object' } } } }), ...more);
}

@ApiTags('organisations')
@For('officer', 'auditor')
@Controller('v1/organisations')
export class OrganisationQueriesController {
  constructor(private readonly queries: QueryBus) {}

  @Get(':id')
  @Described('A company: its names, agreements and services, and who represents it', ApiParam({ name: 'id', format: 'uuid' }), VALID_DAY, problemResponse(404, 'No organisation of this id is registered.'))
  organisation(@Param('id') id: string, @Query() query: DayQuery, @Req() request: FastifyRequest): Promise<object> {
    return this.queries.execute(new ReadOrganisation(requireUuid(id, '/id'), askerOf(request), dayIn(query)));
  }
}

@ApiTags('people')
@For('officer', 'auditor')
@Controller('v1/subjects')
export class QueriesController {
  constructor(private readonly queries: QueryBus) {}

  @Post('search')
  @HttpCode(200)
  @Described('People whom an identifier or a whole name fits now', ApiBody({ schema: { ...schemaOf(SearchTerm), example: { kind: 'email', value: 'anna.exempel@example.se' } } }))
  search(@Sent(SearchTerm) term: SearchTerm, @Req() request: FastifyRequest): Promise<object> {
    return this.queries.execute(new SearchSubjects(term, askerOf(request)));
  }

  @Get(':id/record')
  @Described("A person's record", ...AS_OF)
  record(@Param('id') id: string, @Query() query: AsOfQuery, @Req() request: FastifyRequest): Promise<object> {
    requireParameters(query, AS_OF_NAMES);
    return this.queries.execute(new ReadRecord(requireUuid(id, '/id'), asOf(query), askerOf(request), positionIn(query.atLeast, '/atLeast')));
  }

  @Get(':id/audit-trail')
  @Described("A person's audit trail", ...AS_OF, ApiQuery({ name: 'lang', required: false, enum: ['sv', 'en'] }), ApiQuery({ name: 'after', required: false, description: '`next` of the page before.' }), ApiQuery({ name: 'limit', required: false, schema: { type: 'integer', minimum: 1, maximum: 200, default: 100 } }))
  auditTrail(@Param('id') id: string, @Query() query: TrailQuery, @Req() request: FastifyRequest, @Headers('accept-language') spoken?: string): Promise<object> {
    requireParameters(query, [...AS_OF_NAMES, 'lang', 'after', 'limit']);
    const after = positionIn(query.after, '/after');
    const page = { language: languageOf(query.lang, spoken), limit: limitOf(query.limit), ...(after !== undefined && { after }) };
    return this.queries.execute(new ReadTrail(requireUuid(id, '/id'), { ...asOf(query), ...page }, askerOf(request), positionIn(query.atLeast, '/atLeast')));
  }
}

const AS_OF_NAMES = ['known', 'valid', 'rules', 'atLeast'] as const satisfies readonly (keyof AsOfQuery)[];

/** A misspelt parameter that was passed over would give today's answer to a question about another day. */
export function requireParameters(query: object, names: readonly string[]): void {
  if (Object.keys(query).some((name) => !names.includes(name))) throw new EdgeFault('BadRequest', { detail: 'A query parameter is not known here.', alternatives: names });
}

/** Who asks, and for what: whoever opens values says so. */
export function askerOf(request: FastifyRequest): Asker {
  const actor = actorIn(request);
  const purpose = request.headers['liggare-purpose'];
  if (typeof purpose !== 'string' || !isPurpose(purpose)) throw new EdgeFault('PurposeMissing', { alternatives: ACCESS_PURPOSES });
  const told = request.headers['liggare-case'];
  if (told !== undefined && (typeof told !== 'string' || told.length > 200)) throw new EdgeFault('BadRequest', { detail: 'Liggare-Case has up to 200 characters.' });
  return { actor: actor.id, system: systemOf(actor), purpose, now: new Date().toISOString(), ...(told !== undefined && told !== '' && { case: told }) };
}

function isPurpose(text: string): text is AccessPurpose {
  return (ACCESS_PURPOSES as readonly string[]).includes(text);
}

function asOf({ known, valid, rules }: AsOfQuery): AsOf {
  if (rules !== undefined && rules !== RULES_VERSION) throw new EdgeFault('UnknownRules', { pointer: '/rules', alternatives: [RULES_VERSION] });
  return { ...(known !== undefined && { known: instantOf(known, '/known') }), ...(valid !== undefined && { valid: instantOf(valid, '/valid') }) };
}

/** A date stands for its end: what was known or so on that day. */
export function instantOf(text: unknown, pointer: string): string {
  // An interval has a slash outside the brackets, which hold the name of a zone.
  const when = typeof text === 'string' && !text.replaceAll(/\[[^\]]*\]/g, '').includes('/') ? parseWhen(text) : undefined;
  if (when === undefined) throw invalidAt('UnusableTime', pointer, 'is no instant and no date');
  return when.latest;
}

export function positionIn(text: unknown, pointer: string): string | undefined {
  if (text === undefined) return undefined;
  if (typeof text !== 'string' || !/^[0-9A-Za-z]{1,64}$/.test(text)) throw invalidAt('BadRequest', pointer, 'is no position of an answer');
  return text;
}

function limitOf(text: unknown): number {
  if (text === undefined) return 100;
  const limit = typeof text === 'string' && /^\d{1,3}$/.test(text) ? Number(text) : 0;
  if (limit < 1 || limit > 200) throw invalidAt('BadRequest', '/limit', 'is a number from 1 to 200');
  return limit;
}

function languageOf(asked: unknown, spoken: string | undefined): Language {
  if (asked === 'sv' || asked === 'en') return asked;
  if (asked !== undefined) throw new EdgeFault('BadRequest', { pointer: '/lang', alternatives: ['sv', 'en'] });
  const [first] = (spoken ?? '').split(',');
  return /^en\b/i.test(first?.trim() ?? '') ? 'en' : 'sv';
}

/** What officers and auditors ask of the registers, as of a day. */
import { applyDecorators, Controller, Get, Param, Query, Req } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiOperation, ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { problemResponse } from '#nest/command-route.js';
import { For } from '#nest/roles.js';
import { requireRegisteredId } from '#nest/unusable-id.js';
import { swedishDay } from './period.js';
import { askerOf, dayIn, Described, VALID_DAY, type DayQuery } from './queries.controller.js';
import type { Asker } from './queries.js';
import type { RegisterKind } from './registers.js';

export class ListRegisters {
  constructor(
    readonly kind: RegisterKind,
    readonly valid: string,
  ) {}
}

export class ReadRegister {
  constructor(
    readonly kind: RegisterKind,
    readonly id: string,
    readonly valid: string,
    readonly asker: Asker,
  ) {}
}

/** A list opens nothing, and so asks for no purpose. */
function Listed(summary: string): MethodDecorator {
  const answer = { status: 200, description: 'Each by its id, as it was on the day.', content: { 'application/json': { schema: { type: 'object' } } } };
  return applyDecorators(ApiOperation({ summary }), ApiBearerAuth(), VALID_DAY, ApiResponse(answer), problemResponse(503, 'The registers are behind the log.'));
}

function Register(summary: string): MethodDecorator {
  const id = ApiParam({ name: 'id', schema: { type: 'string', pattern: '^[a-z][a-z0-9-]{0,62}$' } });
  return Described(summary, id, VALID_DAY, problemResponse(404, 'Nothing of this id is registered.'), problemResponse(503, 'The registers are behind the log.'));
}

@ApiTags('registers')
@For('officer', 'auditor')
@Controller('v1')
export class RegistersController {
  constructor(private readonly queries: QueryBus) {}

  @Get('recipients')
  @Listed('Recipients of the register')
  recipients(@Query() query: DayQuery): Promise<object> {
    return this.#list('recipient', query);
  }

  @Get('recipients/:id')
  @Register('A recipient: roles, agreements, sub-processors, audits, arrangements and plans on a day, and its whole history')
  recipient(@Param('id') id: string, @Query() query: DayQuery, @Req() request: FastifyRequest): Promise<object> {
    return this.#read('recipient', id, query, request);
  }

  @Get('conferences')
  @Listed('Conferences of the register')
  conferences(@Query() query: DayQuery): Promise<object> {
    return this.#list('conference', query);
  }

  @Get('conferences/:id')
  @Register('A conference: parties, notices and terms on a day, and its whole history')
  conference(@Param('id') id: string, @Query() query: DayQuery, @Req() request: FastifyRequest): Promise<object> {
    return this.#read('conference', id, query, request);
  }

  @Get('sources')
  @Listed('Sources of the register')
  sources(@Query() query: DayQuery): Promise<object> {
    return this.#list('source', query);
  }

  @Get('sources/:id')
  @Register('A source: whether it was used on a day, under which agreements, and its whole history')
  source(@Param('id') id: string, @Query() query: DayQuery, @Req() request: FastifyRequest): Promise<object> {
    return this.#read('source', id, query, request);
  }

  @Get('activities')
  @Listed('Processing activities of the register')
  activities(@Query() query: DayQuery): Promise<object> {
    return this.#list('activity', query);
  }

  @Get('activities/:id')
  @Register('A processing activity: how it was described on a day, and its whole history')
  activity(@Param('id') id: string, @Query() query: DayQuery, @Req() request: FastifyRequest): Promise<object> {
    return this.#read('activity', id, query, request);
  }

  #list(kind: RegisterKind, query: DayQuery): Promise<object> {
    return this.queries.execute(new ListRegisters(kind, dayIn(query) ?? swedishDay(new Date().toISOString())));
  }

  #read(kind: RegisterKind, id: string, query: DayQuery, request: FastifyRequest): Promise<object> {
    const asker = askerOf(request);
    return this.queries.execute(new ReadRegister(kind, requireRegisteredId(id, '/id'), dayIn(query) ?? swedishDay(asker.now), asker));
  }
}

/** One typed route for one command, described from its own rules and with an example. */
import { applyDecorators, HttpCode, Post, type Type } from '@nestjs/common';
import { ApiBearerAuth, ApiBody, ApiHeader, ApiOperation, ApiResponse } from '@nestjs/swagger';
import { schemaOf } from './schema-of.js';

const EVENT = {
  type: 'object',
  required: ['id', 'type', 'stream', 'revision', 'position'],
  properties: { id: { type: 'string', format: 'uuid' }, type: { type: 'string' }, stream: { type: 'string' }, revision: { type: 'integer' }, position: { type: 'string', description: 'Opaque; comparable within one engine.' } },
};

export const ANSWER = {
  type: 'object',
  required: ['commandId', 'status', 'about', 'events'],
  additionalProperties: false,
  properties: {
    commandId: { type: 'string' },
    status: { enum: ['recorded', 'unchanged', 'duplicate'] },
    about: { type: 'array', items: { type: 'string' }, description: 'Ids of the people, the organisation or the register it was recorded on.' },
    verdict: { enum: ['justified', 'unjustified'] },
    events: { type: 'array', items: EVENT },
  },
};

export const PROBLEM = {
  type: 'object',
  required: ['type', 'title', 'status', 'code'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    code: { type: 'string' },
    detail: { type: 'string' },
    pointer: { type: 'string' },
    errors: { type: 'array', items: { type: 'object', properties: { pointer: { type: 'string' }, detail: { type: 'string' } } } },
    alternatives: { type: 'array', items: { type: 'string' } },
    article: { type: 'string' },
  },
};

export function problemResponse(status: number, description: string): MethodDecorator & ClassDecorator {
  return ApiResponse({ status, description, content: { 'application/problem+json': { schema: PROBLEM } } });
}

/** `POST <CommandName>` on a controller at `v1/commands`. */
export function CommandRoute(type: Type<object>, example: object): MethodDecorator {
  return applyDecorators(
    Post(type.name),
    HttpCode(200),
    ApiOperation({ operationId: type.name, summary: wordsOf(type.name) }),
    ApiBearerAuth(),
    ApiHeader({ name: 'Idempotency-Key', required: true, description: "The command's id, unique in its system.", schema: { type: 'string', pattern: '^[A-Za-z0-9._:~-]{1,128}$' } }),
    ApiBody({ required: true, schema: { ...schemaOf(type), example } }),
    ApiResponse({ status: 200, description: 'Recorded, unchanged, or answered before.', content: { 'application/json': { schema: ANSWER } } }),
    problemResponse(400, 'Malformed; nothing was recorded.'),
    problemResponse(404, 'Nobody of this id or identifier.'),
    problemResponse(409, 'It contradicts what is recorded.'),
    problemResponse(422, 'A code or id that cannot be used, with the alternatives.'),
    problemResponse(503, 'The ledger cannot answer now.'),
  );
}

function wordsOf(name: string): string {
  const words = name.replaceAll(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}

/** One typed route for one command, described from its own rules and with an example. */
import { applyDecorators, HttpCode, Post, SetMetadata, type Type } from '@nestjs/common';
import { ApiBearerAuth, ApiBody, ApiHeader, ApiOperation, ApiResponse } from '@nestjs/swagger';
import { COMMAND } from './roles.js';
import { schemaOf } from './schema-of.js';

const EVENT = {
  type: 'object',
  required: ['id', 'type', 'stream', 'revision', 'position'],
  properties: { id: { type: 'string', format: 'uuid' }, type: { type: 'string' }, stream: { type: 'string' }, revision: { type: 'integer' }, position: { type: 'string', description: 'Opaque; comparable within one engine.' } },
};

const texts = { sv: { type: 'string' }, en: { type: 'string' } };

/** A rule of the gate as it was applied, and what it rests on. */
const APPLIED = {
  type: 'object',
  required: ['rule', 'result'],
  properties: {
    rule: { type: 'string' },
    result: { enum: ['passed', 'failed', 'remarked'] },
    categories: { type: 'array', items: { type: 'string' } },
    events: { type: 'array', items: { type: 'string', format: 'uuid' }, description: "The person's events that it rests on." },
    registers: { type: 'array', items: { type: 'object', properties: { kind: { type: 'string' }, id: { type: 'string' }, entry: { type: 'string' } } } },
    clause: { type: 'string', description: 'Of the policy.' },
    from: { type: 'string', format: 'date' },
    to: { type: 'string', format: 'date', description: 'The dates on which the answer would change.' },
    count: { type: 'integer' },
  },
};

/** Members of what the gate answers. */
export const DECISION_PROPERTIES = {
  outcome: { enum: ['allowed', 'allowed-with-remarks', 'blocked'] },
  authorisation: { type: 'string', format: 'uuid', description: 'Names it when the act is told; good for one.' },
  rules: { type: 'array', items: APPLIED, description: 'All rules that were applied; to an upstream without those that would tell of an objection, a restriction, a protected identity, a child or a death.' },
  failed: { type: 'array', items: { type: 'string' } },
  advice: { type: 'array', items: { type: 'object', required: ['sv', 'en'], properties: { rule: { type: 'string' }, ...texts } }, description: 'What to do about what failed or was remarked.' },
};

const DECISION = { type: 'object', required: ['outcome', 'rules'], additionalProperties: false, properties: DECISION_PROPERTIES };

export const ANSWER = {
  type: 'object',
  required: ['commandId', 'status', 'about', 'events'],
  additionalProperties: false,
  properties: {
    commandId: { type: 'string' },
    status: { enum: ['recorded', 'unchanged', 'duplicate'] },
    about: { type: 'array', items: { type: 'string' }, description: 'Ids of the people, the organisation or the register it was recorded on.' },
    verdict: { enum: ['justified', 'unjustified'] },
    decision: { ...DECISION, description: 'Of an ask.' },
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

/** A blocked ask: the problem with what was recorded; the same again on repeat. */
const BLOCKED = { ...PROBLEM, properties: { ...PROBLEM.properties, commandId: { type: 'string' }, about: ANSWER.properties.about, verdict: ANSWER.properties.verdict, decision: DECISION, events: ANSWER.properties.events } };

export function problemResponse(status: number, description: string): MethodDecorator & ClassDecorator {
  return ApiResponse({ status, description, content: { 'application/problem+json': { schema: PROBLEM } } });
}

/** `POST <CommandName>` on a controller at `v1/commands`. */
export function CommandRoute(type: Type<object>, example: object): MethodDecorator {
  return applyDecorators(
    SetMetadata(COMMAND, type),
    Post(type.name),
    HttpCode(200),
    ApiOperation({ operationId: type.name, summary: wordsOf(type.name) }),
    ApiBearerAuth(),
    ApiHeader({ name: 'Idempotency-Key', required: true, description: "The command's id, unique in its system.", schema: { type: 'string', pattern: '^[A-Za-z0-9._:~-]{1,128}$' } }),
    ApiBody({ required: true, schema: { ...schemaOf(type), example } }),
    ApiResponse({ status: 200, description: 'Recorded, unchanged, or answered before.', content: { 'application/json': { schema: ANSWER } } }),
    problemResponse(400, 'Malformed; nothing was recorded.'),
    ApiResponse({ status: 403, description: 'Not for this token; or a blocked ask, with what was recorded of it.', content: { 'application/problem+json': { schema: BLOCKED } } }),
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

/** A class's rules as JSON Schema (draft 2020-12, which OpenAPI 3.1 uses): the contract says what is checked, and nothing else. */
import { checkerOf, type Constructor, type MemberRules, type Rule } from './checker.js';

export interface JsonSchema {
  readonly [keyword: string]: unknown;
}

export function schemaOf(type: Constructor): JsonSchema {
  const { members } = checkerOf(type);
  const sorted = [...members].sort((a, b) => Number(isOptional(a)) - Number(isOptional(b)));
  const required = sorted.filter((member) => !isOptional(member)).map(({ name }) => name);
  return {
    type: 'object',
    additionalProperties: false,
    ...(required.length > 0 && { required }),
    properties: Object.fromEntries(sorted.map((member) => [member.name, memberSchema(member)])),
  };
}

function isOptional({ conditions }: MemberRules): boolean {
  return conditions.length > 0;
}

function memberSchema({ rules, nested }: MemberRules): JsonSchema {
  const isList = rules.some(({ name }) => name === 'isArray');
  const one = nested === undefined ? keywords(rules.filter(({ each }) => each || !isList)) : schemaOf(nested.type);
  return isList ? { type: 'array', items: one, ...keywords(rules.filter(({ each }) => !each)) } : one;
}

function keywords(rules: readonly Rule[]): JsonSchema {
  const all = Object.assign({}, ...rules.map(keywordsOf)) as JsonSchema;
  return 'maxLength' in all || 'pattern' in all ? { type: 'string', ...all } : all;
}

/** A rule that JSON Schema cannot say is left to the answer's pointer. */
function keywordsOf({ name, constraints: [first, second] }: Rule): JsonSchema {
  switch (name) {
    case 'isString':
      return { type: 'string' };
    case 'isBoolean':
      return { type: 'boolean' };
    case 'isInt':
      return { type: 'integer' };
    case 'isNumber':
      return { type: 'number' };
    case 'isIn':
      return { enum: first };
    case 'matches':
      return { pattern: first instanceof RegExp ? first.source : String(first) };
    case 'minLength':
      return { minLength: first };
    case 'maxLength':
      return { maxLength: first };
    case 'isLength':
      return { minLength: first, maxLength: second };
    case 'min':
      return { minimum: first };
    case 'max':
      return { maximum: first };
    case 'arrayMinSize':
      return { minItems: first };
    case 'arrayMaxSize':
      return { maxItems: first };
    case 'isIso8601':
      return { format: 'date' };
    case 'plainValue':
      return { type: ['string', 'number', 'boolean'] };
    default:
      return {};
  }
}

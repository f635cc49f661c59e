/**
 * What an event's data may hold. There is no kind for free text: whatever a person or an upstream wrote is a sealed slot, so a value
 * cannot reach the log by mistake (`architecture.md` §1). A test walks every schema to prove it.
 */
export type Field =
  | { readonly kind: 'id' }
  | { readonly kind: 'uuid' }
  | { readonly kind: 'integer' }
  | { readonly kind: 'flag' }
  | { readonly kind: 'instant' }
  | { readonly kind: 'date' }
  | { readonly kind: 'when' }
  | { readonly kind: 'sha256' }
  | { readonly kind: 'country' }
  | { readonly kind: 'slot' }
  | { readonly kind: 'oneOf'; readonly values: readonly string[] }
  | { readonly kind: 'list'; readonly of: Field }
  | { readonly kind: 'object'; readonly members: Members }
  | { readonly kind: 'optional'; readonly of: Field };

export type Members = Readonly<Record<string, Field>>;

/** A registered id: `[a-z][a-z0-9-]{0,62}`. */
export const id = { kind: 'id' } as const;
export const uuid = { kind: 'uuid' } as const;
export const integer = { kind: 'integer' } as const;
export const flag = { kind: 'flag' } as const;
/** UTC, with milliseconds. */
export const instant = { kind: 'instant' } as const;
/** A calendar date, `2026-01-02`. */
export const date = { kind: 'date' } as const;
/** An instant, a local date with its zone, or an interval of two of these. */
export const when = { kind: 'when' } as const;
/** Of a published text, in hex. */
export const sha256 = { kind: 'sha256' } as const;
/** ISO 3166-1 alpha-2. */
export const country = { kind: 'country' } as const;
/** The name of a sealed slot of this or an earlier event. */
export const slot = { kind: 'slot' } as const;
export const oneOf = <const V extends readonly string[]>(...values: V) => ({ kind: 'oneOf', values }) as const;
export const list = <const F extends Field>(of: F) => ({ kind: 'list', of }) as const;
export const object = <const M extends Members>(members: M) => ({ kind: 'object', members }) as const;
export const optional = <const F extends Field>(of: F) => ({ kind: 'optional', of }) as const;

export type ValueOf<F extends Field> = F extends { kind: 'integer' }
  ? number
  : F extends { kind: 'flag' }
    ? boolean
    : F extends { kind: 'oneOf'; values: infer V extends readonly string[] }
      ? V[number]
      : F extends { kind: 'list'; of: infer I extends Field }
        ? readonly ValueOf<I>[]
        : F extends { kind: 'object'; members: infer M extends Members }
          ? DataOf<M>
          : F extends { kind: 'optional'; of: infer I extends Field }
            ? ValueOf<I>
            : string;

type OptionalNames<M extends Members> = { [K in keyof M]: M[K] extends { kind: 'optional' } ? K : never }[keyof M];

/** The type of data that fits the members. */
export type DataOf<M extends Members> = { readonly [K in Exclude<keyof M, OptionalNames<M>>]: ValueOf<M[K]> } & {
  readonly [K in OptionalNames<M>]?: ValueOf<M[K]>;
};

export const ID = /^[a-z][a-z0-9-]{0,62}$/;
export const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
export const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const DATE = /^\d{4}-\d\d-\d\d$/;
const SHA256 = /^[0-9a-f]{64}$/;
const COUNTRY = /^[A-Z]{2}$/;
const SLOT = /^[a-z][a-z0-9-]{0,62}(\/\d{1,4})?$/;
const MOMENT = String.raw`(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z|\d{4}-\d\d-\d\d\[[A-Za-z_]+(/[A-Za-z_+-]+){0,2}\])`;
const WHEN = new RegExp(`^${MOMENT}(/${MOMENT})?$`);

/** The JSON pointer of the first member that does not fit, or undefined. Never gives a value. */
export function misfit(members: Members, data: unknown, at = ''): string | undefined {
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return at || '/';
  for (const name in data) if (!Object.hasOwn(members, name)) return `${at}/${name}`;
  for (const name in members) {
    const field = members[name] as Field;
    const value = (data as Record<string, unknown>)[name];
    if (value === undefined) {
      if (field.kind === 'optional') continue;
      return `${at}/${name}`;
    }
    const fault = misfitOf(field, value, `${at}/${name}`);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function misfitOf(field: Field, value: unknown, at: string): string | undefined {
  switch (field.kind) {
    case 'integer':
      return Number.isSafeInteger(value) ? undefined : at;
    case 'flag':
      return typeof value === 'boolean' ? undefined : at;
    case 'oneOf':
      return field.values.includes(value as string) ? undefined : at;
    case 'list': {
      if (!Array.isArray(value)) return at;
      for (let i = 0; i < value.length; i++) {
        const fault = misfitOf(field.of, value[i], `${at}/${i}`);
        if (fault !== undefined) return fault;
      }
      return undefined;
    }
    case 'object':
      return misfit(field.members, value, at);
    case 'optional':
      return misfitOf(field.of, value, at);
    case 'id':
      return matches(ID, value) ? undefined : at;
    case 'uuid':
      return matches(UUID, value) ? undefined : at;
    case 'instant':
      return matches(INSTANT, value) ? undefined : at;
    case 'date':
      return matches(DATE, value) ? undefined : at;
    case 'when':
      return matches(WHEN, value) ? undefined : at;
    case 'sha256':
      return matches(SHA256, value) ? undefined : at;
    case 'country':
      return matches(COUNTRY, value) ? undefined : at;
    case 'slot':
      return matches(SLOT, value) ? undefined : at;
    default: {
      const never: never = field;
      return never;
    }
  }
}

function matches(pattern: RegExp, value: unknown): boolean {
  return typeof value === 'string' && pattern.test(value);
}

/**
 * Shapes: what a member of the file must look like, and how it is read. A shape always returns a value of its type, a blank one where
 * it found a fault, so that one reading finds every fault; what was read is used only when there was none.
 */
import type { Kind, Words } from './policy.js';
import { member } from './plain-yaml.js';

export interface Shape<T> {
  readonly blank: T;
  /** What an absent member is; without it the member is required. */
  readonly absent?: { readonly value: T };
  read(value: unknown, field: string, findings: Findings): T;
}

/** What a reading comes upon: faults, and the ids that are defined and named. */
export interface Findings {
  report(field: string, message: string, part?: 'key' | 'value'): void;
  readonly definitions: { readonly kind: Kind; readonly id: string; readonly field: string }[];
  readonly references: { readonly kind: Kind; readonly id: string; readonly field: string }[];
  readonly words: { readonly words: Words; readonly field: string }[];
}

const idForm = /^[a-z][a-z0-9-]{0,62}$/;

export const text: Shape<string> = scalar('a text', (value) => (typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined), '');

export const flag: Shape<boolean> = { ...scalar('true or false', (value) => (typeof value === 'boolean' ? value : undefined), false), absent: { value: false } };

export const versionNumber: Shape<number> = scalar('a whole number from 1', (value) => (Number.isSafeInteger(value) && Number(value) >= 1 ? Number(value) : undefined), 1);

/** A registered id, as events hold it. */
export const id: Shape<string> = pattern(idForm, 'an id (a to z, 0 to 9 and -, a letter first, at most 63)');

/** A text of a form; `what` says which. */
export function pattern(form: RegExp, what: string): Shape<string> {
  return scalar(what, (value) => (typeof value === 'string' && form.test(value) ? value : undefined), '');
}

/** A text that passes a check; `what` says which. */
export function checked(check: (value: string) => boolean, what: string): Shape<string> {
  return scalar(what, (value) => (typeof value === 'string' && check(value) ? value : undefined), '');
}

export function oneOf<T extends string>(options: readonly [T, ...T[]]): Shape<T> {
  const blank = options[0];
  return scalar(`one of ${options.join(', ')}`, (value) => options.find((option) => option === value), blank);
}

/** The id of the element it stands in. */
export function defines(kind: Kind): Shape<string> {
  return seen(id, (value, field, findings) => findings.definitions.push({ kind, id: value, field }));
}

/** The id of an element that stands elsewhere in the file. */
export function names(kind: Kind): Shape<string> {
  return seen(id, (value, field, findings) => findings.references.push({ kind, id: value, field }));
}

export function list<T>(each: Shape<T>, least = 0): Shape<readonly T[]> {
  return {
    blank: [],
    read(value, field, findings) {
      if (!Array.isArray(value)) {
        findings.report(field, `must be a list, and is ${describe(value)}`);
        return [];
      }
      if (value.length < least) findings.report(field, `must have at least ${least === 1 ? 'one entry' : `${least} entries`}`);
      return value.map((item: unknown, i) => each.read(item, `${field}[${i}]`, findings));
    },
  };
}

/** A list in which nothing stands twice. */
export function set<T extends string>(each: Shape<T>, least = 0): Shape<readonly T[]> {
  return seen(list(each, least), (items, field, findings) => {
    items.forEach((item, i) => {
      if (item !== '' && items.indexOf(item) < i) findings.report(`${field}[${i}]`, `repeats "${item}"`);
    });
  });
}

export function optional<T>(shape: Shape<T>): Shape<T | undefined> {
  return { blank: undefined, absent: { value: undefined }, read: shape.read };
}

export function orNone<T>(shape: Shape<readonly T[]>): Shape<readonly T[]> {
  return { ...shape, absent: { value: [] } };
}

/** A mapping with these members and no others. */
export function record<T extends object>(members: { readonly [K in keyof T]: Shape<T[K]> }): Shape<T> {
  const shapes = Object.entries<Shape<unknown>>(members);
  const known = new Set(shapes.map(([name]) => name));
  const blank = Object.fromEntries(shapes.map(([name, shape]) => [name, shape.absent ? shape.absent.value : shape.blank])) as T;
  return {
    blank,
    read(value, field, findings) {
      if (!isMapping(value)) {
        findings.report(field, `must be a mapping, and is ${describe(value)}`);
        return blank;
      }
      for (const name of Object.keys(value)) {
        if (!known.has(name)) findings.report(member(field, name), `is not a member here; known: ${[...known].sort().join(', ')}`, 'key');
      }
      return Object.fromEntries(shapes.map(([name, shape]) => [name, readMember(shape, value[name], member(field, name), findings)])) as T;
    },
  };
}

const eachLanguage = record<{ sv: string | undefined; en: string | undefined }>({ sv: optional(text), en: optional(text) });

/** Swedish always (row SE11); the policy's other languages are checked once they are known. */
export const words: Shape<Words> = {
  blank: { sv: '', en: undefined },
  read(value, field, findings) {
    const { sv, en } = eachLanguage.read(value, field, findings);
    if (isMapping(value) && sv === undefined) findings.report(member(field, 'sv'), 'is missing; people are told in Swedish (GDPR 12(1))');
    const read = { sv: sv ?? '', en };
    if (isMapping(value)) findings.words.push({ words: read, field });
    return read;
  },
};

function readMember(shape: Shape<unknown>, value: unknown, field: string, findings: Findings): unknown {
  if (value !== undefined && value !== null) return shape.read(value, field, findings);
  if (shape.absent !== undefined && value === undefined) return shape.absent.value;
  findings.report(field, value === null ? 'has no value' : 'is missing');
  return shape.blank;
}

function scalar<T>(what: string, take: (value: unknown) => T | undefined, blank: T): Shape<T> {
  return {
    blank,
    read(value, field, findings) {
      const taken = take(value);
      if (taken === undefined) findings.report(field, `must be ${what}, and is ${describe(value)}`);
      return taken ?? blank;
    },
  };
}

/** The same shape, with something done to what was read without fault. */
function seen<T>(shape: Shape<T>, see: (value: T, field: string, findings: Findings) => void): Shape<T> {
  return {
    ...shape,
    read(value, field, findings) {
      const read = shape.read(value, field, findings);
      if (read !== shape.blank) see(read, field, findings);
      return read;
    },
  };
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function describe(value: unknown): string {
  if (value === null || value === undefined) return 'empty';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a mapping';
  if (typeof value === 'string') return value.length > 60 ? `"${value.slice(0, 60)}…"` : `"${value}"`;
  return typeof value === 'number' || typeof value === 'boolean' ? `the ${typeof value} ${value} (quote it if it is a text)` : typeof value;
}

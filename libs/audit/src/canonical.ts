/**
 * Canonical JSON, RFC 8785 (JCS): one value, one text. Everything that is hashed, signed or compared in the ledger is this text in
 * UTF-8. What RFC 7493 (I-JSON) does not allow is refused, not repaired: a member that is silently dropped is a fact that is lost.
 */

/** A value or a text that has no canonical form. The message names the place, never what stands there: it may be personal. */
export class NotCanonical extends Error {
  override readonly name = 'NotCanonical';
  constructor(
    /** RFC 6901; a name that is no plain word is written `*`, since names like that come from outside. Empty: the whole. */
    readonly pointer: string,
    /** What is wrong there, to follow the place in a sentence. */
    readonly reason: string,
  ) {
    super(`${pointer === '' ? 'the value' : pointer} ${reason}`);
  }
}

/** Containers within containers, the outermost counted. Deeper ones, and those that hold themselves, are refused. */
export const MAX_DEPTH = 64;

/**
 * The canonical text of plain objects, arrays, strings, numbers, booleans and null. Only own enumerable members with string names
 * are looked at. Costs about two and a half times `JSON.stringify`.
 *
 * Throws `NotCanonical` for anything else: undefined (as a member or an item too), functions, symbols, bigints, class instances,
 * lone surrogates, NaN, infinities, and integers beyond 2^53 - 1 on either side of zero, which a reader may round to another (RFC 7493 §2.2).
 */
export function canonical(value: unknown): string {
  return write(value, [], 0);
}

/**
 * The value of a text that is its own canonical form. Throws `NotCanonical` for any other text: one that is no JSON, with spaces,
 * with a name twice, with members in another order, or with a number or a string written in another way.
 */
export function parseCanonical(text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The parser's own message quotes the text, so it does not travel on as a cause.
    throw new NotCanonical('', 'is not JSON');
  }
  if (canonical(value) === text) return value;
  // One more way to read it, since V8 may have misread a name. Whichever way, a value is right when it is written as it was read.
  if (text.includes('\\')) value = readNamesApart(text);
  if (canonical(value) !== text) throw new NotCanonical('', 'is not in canonical form');
  return value;
}

/** A string as a whole, and the colon after it if it is a name. */
const STRINGS = /"[^"\\]*(?:\\.[^"\\]*)*"(:?)/g;

/**
 * V8 12.8 to 14.6 give the name `\` for an escaped one like `\n`, once an object with a name `\` was read anywhere before
 * (github.com/nodejs/node/issues/63785). It errs with names only, so each is read as a value and a number stands in for it.
 */
function readNamesApart(text: string): unknown {
  const names: string[] = [];
  const numbered = text.replace(STRINGS, (string: string, colon: string) => {
    if (colon === '') return string;
    names.push(JSON.parse(string.slice(0, -1)) as string);
    return `"${names.length - 1}":`;
  });
  return renamed(JSON.parse(numbered), names);
}

function renamed(value: unknown, names: readonly string[]): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item: unknown) => renamed(item, names));
  return Object.fromEntries(Object.entries(value).map(([number, member]) => [names[Number(number)], renamed(member, names)]));
}

type Token = string | number;

/** `path` holds the way to the value in its first `depth` items; what stands behind them is left from its elder siblings. */
function write(value: unknown, path: Token[], depth: number): string {
  switch (typeof value) {
    case 'string':
      return quote(value) ?? refuse(path, depth, 'holds half a surrogate pair');
    case 'number':
      // One comparison that NaN fails too. The number form of RFC 8785 §3.2.2.3 is ECMAScript's own; -0 becomes 0 by it.
      if (value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER) return String(value);
      return refuse(path, depth, Number.isFinite(value) ? 'is an integer beyond 2^53 - 1' : 'is not a finite number');
    case 'boolean':
      return value ? 'true' : 'false';
    case 'object':
      if (value === null) return 'null';
      if (depth >= MAX_DEPTH) return refuse(path, depth, `is nested deeper than ${MAX_DEPTH}, or holds itself`);
      return Array.isArray(value) ? writeArray(value, path, depth) : writeObject(value, path, depth);
    default:
      // undefined, function, symbol, bigint, and whatever a later ECMAScript adds.
      return refuse(path, depth, `is of type ${typeof value}, which JSON does not have`);
  }
}

function writeArray(items: readonly unknown[], path: Token[], depth: number): string {
  const prototype: unknown = Object.getPrototypeOf(items);
  if (prototype !== Array.prototype && !isRootPrototype(prototype && Object.getPrototypeOf(prototype))) refuse(path, depth, 'is not a plain array');
  let text = '';
  for (let i = 0; i < items.length; i++) {
    path[depth] = i;
    text += (i === 0 ? '[' : ',') + write(items[i], path, depth + 1);
  }
  return text === '' ? '[]' : text + ']';
}

function writeObject(members: object, path: Token[], depth: number): string {
  const prototype: unknown = Object.getPrototypeOf(members);
  if (prototype !== null && !isRootPrototype(prototype)) refuse(path, depth, 'is not a plain object');
  const names = Object.keys(members);
  // RFC 8785 §3.2.3 sorts by UTF-16 code units, which is what `<` and `sort` compare.
  if (!isSorted(names)) names.sort();
  let text = '';
  for (let i = 0; i < names.length; i++) {
    const name = names[i] as string;
    path[depth] = name;
    text += (i === 0 ? '{' : ',') + (quotedName(name) ?? refuse(path, depth + 1, 'has half a surrogate pair in its name'));
    text += write(members[name as keyof typeof members], path, depth + 1);
  }
  return text === '' ? '{}' : text + '}';
}

/** Object.prototype, of this or another realm: what came from a worker or another window has that one's. */
function isRootPrototype(prototype: unknown): boolean {
  if (prototype === Object.prototype) return true;
  if (typeof prototype !== 'object' || prototype === null) return false;
  return Object.getPrototypeOf(prototype) === null && Object.hasOwn(prototype, 'isPrototypeOf');
}

function isSorted(names: readonly string[]): boolean {
  for (let i = 1; i < names.length; i++) if ((names[i - 1] as string) > (names[i] as string)) return false;
  return true;
}

/** What RFC 8785 §3.2.2.2 escapes, and all halves of surrogate pairs. */
const NEEDS_CARE = /["\\\u0000-\u001f\ud800-\udfff]/;

/** Undefined for a lone surrogate. The escapes of RFC 8785 §3.2.2.2 are those of ECMAScript's `JSON.stringify`. */
function quote(text: string): string | undefined {
  if (!NEEDS_CARE.test(text)) return `"${text}"`;
  return text.isWellFormed() ? JSON.stringify(text) : undefined;
}

/** Names are few and come again with every event: quoting them anew was a quarter of the whole cost. Plain words only, and bounded. */
const quotedNames = new Map<string, string>();
const MAX_QUOTED_NAMES = 1024;
const PLAIN_WORD = /^[A-Za-z][A-Za-z0-9_-]{0,62}$/;

function quotedName(name: string): string | undefined {
  const known = quotedNames.get(name);
  if (known !== undefined) return known;
  const quoted = quote(name);
  if (quoted === undefined) return undefined;
  if (quotedNames.size < MAX_QUOTED_NAMES && PLAIN_WORD.test(name)) quotedNames.set(name, `${quoted}:`);
  return `${quoted}:`;
}

function refuse(path: readonly Token[], depth: number, reason: string): never {
  const tokens = path.slice(0, depth).map((token) => (typeof token === 'number' || PLAIN_WORD.test(token) ? `/${token}` : '/*'));
  throw new NotCanonical(tokens.join(''), reason);
}

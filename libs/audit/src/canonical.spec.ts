import { runInNewContext } from 'node:vm';
import { describe, expect, it } from '@jest/globals';
import { canonical, MAX_DEPTH, NotCanonical, parseCanonical } from './canonical.js';

const utf8Hex = (text: string): string => Buffer.from(text, 'utf8').toString('hex');

describe('the examples of RFC 8785', () => {
  it('sorts and writes the sample of section 3.2.2 as section 3.2.4 gives it in bytes, its unsafe integer apart', () => {
    const input = String.raw`{
      "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
      "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
      "literals": [null, true, false]
    }`;
    expect(fault(() => canonical(JSON.parse(input)))).toMatchObject({ pointer: '/numbers/1', reason: 'is an integer beyond 2^53 - 1' });
    const published =
      '7b226c69746572616c73223a5b6e756c6c2c747275652c66616c73655d2c226e756d62657273223a5b3333333333333333332e333333333333332c' +
      '31652b33302c' +
      '342e352c302e3030322c31652d32375d2c22737472696e67223a22e282ac245c75303030665c6e4127425c225c5c5c5c5c222f227d';
    expect(utf8Hex(canonical(JSON.parse(input.replace('1E30, ', ''))))).toBe(published.replace('31652b33302c', ''));
  });

  it('sorts names by UTF-16 code units, as in section 3.2.3', () => {
    const input = String.raw`{
      "\u20ac": "Euro Sign", "\r": "Carriage Return", "\ufb33": "Hebrew Letter Dalet With Dagesh", "1": "One",
      "\ud83d\ude00": "Emoji: Grinning Face", "\u0080": "Control", "\u00f6": "Latin Small Letter O With Diaeresis"
    }`;
    const order = ['Carriage Return', 'One', 'Control', 'Latin Small Letter O With Diaeresis', 'Euro Sign', 'Emoji: Grinning Face'];
    const text = canonical(JSON.parse(input));
    expect(text.match(/"[A-Z][^"]+"/g)).toEqual([...order, 'Hebrew Letter Dalet With Dagesh'].map((value) => `"${value}"`));
  });

  // Appendix B: the bits of the double, big-endian, and its text.
  const numbers = [
    ['0000000000000000', '0'],
    ['8000000000000000', '0'],
    ['0000000000000001', '5e-324'],
    ['8000000000000001', '-5e-324'],
    ['3eb0c6f7a0b5ed8c', '9.999999999999997e-7'],
    ['3eb0c6f7a0b5ed8d', '0.000001'],
    ['41b3de4355555553', '333333333.3333332'],
    ['41b3de4355555554', '333333333.33333325'],
    ['41b3de4355555555', '333333333.3333333'],
    ['41b3de4355555556', '333333333.3333334'],
    ['41b3de4355555557', '333333333.33333343'],
    ['becbf647612f3696', '-0.0000033333333333333333'],
    ['43143ff3c1cb0959', '1424953923781206.2'],
    ['433fffffffffffff', '9007199254740991'], // not in the table: the last one that is safe
    ['c33fffffffffffff', '-9007199254740991'],
  ] as const;
  it.each(numbers)('writes the number %s of appendix B as %s', (bits, text) => {
    expect(canonical(double(bits))).toBe(text);
  });

  // The table's other rows are numbers that RFC 7493 §2.2 advises against and this room refuses.
  const refused = [
    '7fefffffffffffff', 'ffefffffffffffff', '4340000000000000', 'c340000000000000', '4430000000000000', '44b52d02c7e14af5',
    '44b52d02c7e14af6', '44b52d02c7e14af7', '444b1ae4d6e2ef4e', '444b1ae4d6e2ef4f', '444b1ae4d6e2ef50',
  ];
  it.each(refused)('refuses the number %s of appendix B as an unsafe integer', (bits) => {
    expect(fault(() => canonical(double(bits))).reason).toBe('is an integer beyond 2^53 - 1');
  });
  it.each(['7fffffffffffffff', '7ff0000000000000', 'fff0000000000000'])('refuses %s, which is no finite number', (bits) => {
    expect(fault(() => canonical(double(bits))).reason).toBe('is not a finite number');
  });
});

describe('what canonical refuses', () => {
  const itself: Record<string, unknown> = {};
  itself['next'] = { itself };
  const own = { data: { note: 1 } };
  const cases: readonly [string, unknown, string][] = [
    ['an undefined member', { data: { note: undefined } }, '/data/note'],
    ['an undefined item', { list: [1, undefined] }, '/list/1'],
    ['a hole in an array', { list: new Array<number>(1) }, '/list/0'],
    ['a function', { a: () => 1 }, '/a'],
    ['a toJSON of its own', { a: { toJSON: () => 'x' } }, '/a/toJSON'],
    ['a symbol', [Symbol('secret')], '/0'],
    ['a bigint', { n: 1n }, '/n'],
    ['NaN', { n: Number.NaN }, '/n'],
    ['an infinity', { n: -Infinity }, '/n'],
    ['an integer beyond 2^53 - 1', { n: 2 ** 53 }, '/n'],
    ['one below', { n: -(2 ** 53) }, '/n'],
    ['a lone high surrogate', { s: 'a\ud800' }, '/s'],
    ['a lone low surrogate', { s: '\udc00a' }, '/s'],
    ['a pair the wrong way round', { s: '\udc00\ud800' }, '/s'],
    ['a lone surrogate in a name', { s: { '\ud800': 1 } }, '/s/*'],
    ['a Date', { at: new Date(0) }, '/at'],
    ['a Date of another realm', { at: runInNewContext('new Date(0)') as unknown }, '/at'],
    ['a Map', { m: new Map([['a', 1]]) }, '/m'],
    ['a boxed string', { s: Object('secret') as unknown }, '/s'],
    ['bytes', { b: new Uint8Array(2) }, '/b'],
    ['a class instance', { c: new NotCanonical('', 'secret') }, '/c'],
    ['an object made from a bare one', { c: Object.create(Object.create(null)) as unknown }, '/c'],
    ['an object made from another', { c: Object.create(own) as unknown }, '/c'],
    ['an array of a class', { c: new (class extends Array<number> {})(1, 2) }, '/c'],
    ['an array without a prototype', { c: Object.setPrototypeOf([1], null) as unknown }, '/c'],
    ['a whole that is nothing', undefined, ''],
  ];
  it.each(cases)('%s', (_name, value, pointer) => {
    expect(fault(() => canonical(value))).toMatchObject({ name: 'NotCanonical', pointer });
  });

  it('a cycle, and more than 64 levels; 64 are taken', () => {
    expect(fault(() => canonical(itself)).pointer).toBe('/next/itself'.repeat(MAX_DEPTH / 2));
    const nested = (levels: number): unknown => JSON.parse('['.repeat(levels) + ']'.repeat(levels));
    expect(canonical(nested(MAX_DEPTH))).toBe('['.repeat(MAX_DEPTH) + ']'.repeat(MAX_DEPTH));
    expect(fault(() => canonical(nested(MAX_DEPTH + 1))).pointer).toBe('/0'.repeat(MAX_DEPTH));
    expect(() => parseCanonical('['.repeat(1_000_000) + ']'.repeat(1_000_000))).toThrow(NotCanonical);
  });

  it('names the place in a sentence, without the value and without a name that may be one', () => {
    const value = { rows: [{ 'astrid@example.com': { '070-174 06 05': 'secret\ud800' } }] };
    expect(fault(() => canonical(value)).message).toBe('/rows/0/*/* holds half a surrogate pair');
    expect(fault(() => canonical(1n)).message).toBe('the value is of type bigint, which JSON does not have');
    expect(fault(() => canonical({ a: [[1, 2], { b: {} }], c: 1n })).pointer).toBe('/c');
  });
});

describe('what canonical takes', () => {
  it('null prototypes, as rows of node:sqlite have, and plain objects and arrays of another realm', () => {
    expect(canonical(Object.assign(Object.create(null), { b: 1, a: [] }))).toBe('{"a":[],"b":1}');
    expect(canonical(runInNewContext('({ b: [1, { c: null }], a: {} })'))).toBe('{"a":{},"b":[1,{"c":null}]}');
  });

  it('the same object twice side by side', () => {
    const shared = { a: 1 };
    expect(canonical([shared, shared])).toBe('[{"a":1},{"a":1}]');
  });

  it('names that JavaScript orders or treats in its own way', () => {
    expect(canonical(JSON.parse('{"9":1,"10":2,"__proto__":3,"toString":4,"":5}'))).toBe('{"":5,"10":2,"9":1,"__proto__":3,"toString":4}');
  });

  it('every character, alone and as a name, written as ECMAScript does; every half of a pair alone is refused', () => {
    for (let unit = 0; unit <= 0xffff; unit++) {
      const character = String.fromCharCode(unit);
      if (character.isWellFormed()) expect(canonical({ [character]: character })).toBe(JSON.stringify({ [character]: character }));
      else expect(() => canonical(character)).toThrow(NotCanonical);
    }
  });

  it('leaves its argument as it was', () => {
    const value = Object.freeze({ b: Object.freeze([2, 1]), a: 1 });
    expect(canonical(value)).toBe('{"a":1,"b":[2,1]}');
    expect(Object.keys(value)).toEqual(['b', 'a']);
  });
});

describe('parseCanonical', () => {
  it('reads escaped names right after V8 has been led astray (nodejs/node#63785)', () => {
    JSON.parse(String.raw`{" ":[],"\\":0}`);
    const texts = [String.raw`{" ":1,"\"":2}`, String.raw`[{" ":1,"\"":{"__proto__":"\\","a":["\"x\":",null]}}]`];
    for (const text of texts) expect(canonical(parseCanonical(text))).toBe(text);
    expect(parseCanonical(texts[0] as string)).toEqual({ ' ': 1, '"': 2 });
  });
});

describe('parseCanonical refuses', () => {
  const notCanonical: readonly [string, string][] = [
    ['a name twice', '{"a":1,"a":1}'],
    ['a name twice, once escaped', String.raw`{"a":1,"\u0061":1}`],
    ['an escaped name twice', String.raw`{"\n":1,"\n":1}`],
    ['another order', '{"b":1,"a":2}'],
    ['another order of escaped names', String.raw`{"\"":1,"\n":2}`],
    ['the order of JavaScript', '{"9":1,"10":2}'],
    ['a space', '{"a": 1}'],
    ['a final line feed', '{}\n'],
    ['a byte order mark', '\ufeff{}'],
    ['a number in another form', '[1.0]'],
    ['an exponent where none belongs', '[1e2]'],
    ['minus nought', '[-0]'],
    ['an integer that a double rounds', '[9007199254740993]'],
    ['a number beyond all doubles', '[1e400]'],
    ['an escape where none is needed', String.raw`["\u00f6"]`],
    ['an escaped solidus', String.raw`["\/"]`],
    ['an escape in capitals', String.raw`["\u001F"]`],
    ['an escaped lone surrogate', String.raw`["\ud800"]`],
    ['a lone surrogate as it is', '["\ud800"]'],
    ['nothing', ''],
    ['half a text', '{"a":'],
  ];
  it.each(notCanonical)('%s', (_name, given) => {
    expect(() => parseCanonical(given)).toThrow(NotCanonical);
  });

  it('without quoting the text', () => {
    const error = fault(() => parseCanonical('{"email":"astrid@example.com"'));
    expect(error.message).toBe('the value is not JSON');
    expect(error.cause).toBeUndefined();
  });
});

function double(bits: string): number {
  return Buffer.from(bits, 'hex').readDoubleBE();
}

function fault(act: () => unknown): NotCanonical {
  try {
    act();
  } catch (error) {
    if (error instanceof NotCanonical) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

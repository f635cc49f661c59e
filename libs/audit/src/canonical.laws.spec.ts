import { describe, expect, it } from '@jest/globals';
import canonicalize from 'canonicalize';
import fc from 'fast-check';
import { canonical, NotCanonical, parseCanonical } from './canonical.js';

/** Anything I-JSON allows, with many strings and names that need escapes, and more of the names that JavaScript orders itself. */
const text = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.constantFrom('"', '\\', '\u0000', '\u007f', '\u2028', '😀', '\ufb33', 'a/b~c'));
const iJson = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5, depthSize: 'small' },
    fc.constantFrom(null, true, false, -0, 1e-7, 1e21 / 1e21),
    fc.maxSafeInteger(),
    fc.double({ noNaN: true, min: -9007199254740991, max: 9007199254740991 }),
    text,
    fc.array(tie('value'), { maxLength: 8 }),
    fc.dictionary(fc.oneof(text, fc.nat(20).map(String), fc.constantFrom('__proto__', 'id', 'stream')), tie('value'), { maxKeys: 30 }),
  ),
})).value;

describe('for all I-JSON', () => {
  it('canonical says what the package canonicalize says', () => {
    fc.assert(fc.property(iJson, (value) => expect(canonical(value)).toBe(canonicalize(value))), { numRuns: 1000 });
  });

  it('parseCanonical gives back the value, and its text is the same again', () => {
    fc.assert(
      fc.property(iJson, (value) => {
        const once = canonical(value);
        const back = parseCanonical(once);
        expect(canonical(back)).toBe(once);
        expect(canonicalize(back)).toBe(once);
      }),
    );
  });

  it('any character put in, taken out or replaced gives another value or no canonical text', () => {
    fc.assert(
      fc.property(iJson, fc.nat(), fc.constantFrom('', ' ', '0', ',', '"', '\\', 'e', '}'), fc.nat(1), (value, at, put, taken) => {
        const good = canonical(value);
        const start = at % good.length;
        const bad = good.slice(0, start) + put + good.slice(start + taken);
        if (bad === good) return;
        try {
          expect(canonical(parseCanonical(bad))).toBe(bad);
        } catch (error) {
          expect(error).toBeInstanceOf(NotCanonical);
        }
      }),
    );
  });
});

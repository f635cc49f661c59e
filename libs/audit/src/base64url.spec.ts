import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { base64url } from './base64url.js';

it('writes bytes of every length as Buffer does', () => {
  for (let length = 0; length <= 70; length++) {
    const bytes = Uint8Array.from({ length }, (_, i) => (i * 83 + length) & 255);
    expect(base64url(bytes)).toBe(Buffer.from(bytes).toString('base64url'));
  }
  fc.assert(fc.property(fc.uint8Array({ maxLength: 70 }), (bytes) => expect(base64url(bytes)).toBe(Buffer.from(bytes).toString('base64url'))));
});

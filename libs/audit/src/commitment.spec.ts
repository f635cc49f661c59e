import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { canonical } from './canonical.js';
import { commitment, SALT_BYTES } from './commitment.js';

const sha256 = (data: Uint8Array): Uint8Array => createHash('sha256').update(data).digest();
const salt = Uint8Array.from({ length: SALT_BYTES }, (_, i) => 7 * i);
const text = canonical({ email: 'astrid@example.com', floor: 3 });

describe('commitment', () => {
  it('is another one after any one bit of salt or text is flipped, or a character taken or added', () => {
    const all = [commitment(sha256, salt, text), commitment(sha256, salt, text.slice(1)), commitment(sha256, salt, text + ' ')];
    for (let bit = 0; bit < 8 * SALT_BYTES; bit++) {
      const flipped = salt.slice();
      flipped[bit >> 3] = (flipped[bit >> 3] as number) ^ (1 << (bit & 7));
      all.push(commitment(sha256, flipped, text));
    }
    for (let bit = 0; bit < 8 * text.length; bit++) {
      const at = bit >> 3;
      all.push(commitment(sha256, salt, text.slice(0, at) + String.fromCharCode(text.charCodeAt(at) ^ (1 << (bit & 7))) + text.slice(at + 1)));
    }
    expect(new Set(all).size).toBe(3 + 8 * SALT_BYTES + 8 * text.length);
  });

  it('is no leaf and no node of the tree over the same bytes', () => {
    const bytes = Buffer.concat([salt, Buffer.from(text)]);
    const tree = [0, 1].map((prefix) => Buffer.from(sha256(Buffer.concat([Buffer.of(prefix), bytes]))).toString('base64url'));
    expect(tree).not.toContain(commitment(sha256, salt, text));
  });

  it.each([0, 31, 33])('refuses a salt of %i bytes', (length) => {
    expect(() => commitment(sha256, new Uint8Array(length), text)).toThrow(`a salt has 32 bytes, not ${length}`);
  });

  it('refuses half a surrogate pair, which UTF-8 would replace by the same character as another half', () => {
    expect(() => commitment(sha256, salt, '"secret\ud800"')).toThrow(RangeError);
    expect(() => commitment(sha256, salt, '"secret\ud800"')).toThrow(/^(?!.*secret)/);
  });
});

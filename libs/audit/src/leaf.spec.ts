import { createHash } from 'node:crypto';
import { expect, it } from '@jest/globals';
import { leafHash } from './leaf.js';

const sha256 = (data: Uint8Array): Uint8Array => createHash('sha256').update(data).digest();

it('gives the empty leaf of RFC 6962, as Certificate Transparency\'s reference tests have it', () => {
  const empty = '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d';
  expect(Buffer.from(leafHash(sha256, new Uint8Array())).toString('hex')).toBe(empty);
});

it('is another one after any one bit is flipped', () => {
  const bytes = Buffer.from('{"type":"ConsentGiven","version":1}');
  const all = new Set([Buffer.from(leafHash(sha256, bytes)).toString('hex')]);
  for (let bit = 0; bit < 8 * bytes.length; bit++) {
    const flipped = Buffer.from(bytes);
    flipped[bit >> 3] = (flipped[bit >> 3] as number) ^ (1 << (bit & 7));
    all.add(Buffer.from(leafHash(sha256, flipped)).toString('hex'));
  }
  expect(all.size).toBe(1 + 8 * bytes.length);
});

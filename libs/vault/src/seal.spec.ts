import { createSecretKey, randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { keyIdOf, newDataKey, openText, rewrapKey, sealText, unwrapKey } from './seal.js';

const master = createSecretKey(randomBytes(32));
const other = createSecretKey(randomBytes(32));
const keyPlace = { ledgerId: 'ledger', holding: 'holding', owner: 'owner', epoch: 1 };
const valuePlace = { ledgerId: 'ledger', event: 'event', holding: 'holding', slot: 'slot' };

describe('sealing', () => {
  it('opens any text where it was sealed', () => {
    const { dataKey } = newDataKey(master, keyPlace);
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const wellFormed = text.toWellFormed();
        const { bytes, salt } = sealText(dataKey, valuePlace, wellFormed);
        expect(openText(bytes, dataKey, valuePlace)).toEqual({ text: wellFormed, salt: Uint8Array.from(salt) });
      }),
    );
  });

  it.each(Object.keys(valuePlace))('opens under no other %s', (field) => {
    const { dataKey } = newDataKey(master, keyPlace);
    const { bytes } = sealText(dataKey, valuePlace, 'x');
    expect(openText(bytes, dataKey, { ...valuePlace, [field]: 'another' })).toBeUndefined();
    expect(openText(bytes, newDataKey(master, keyPlace).dataKey, valuePlace)).toBeUndefined();
  });

  it.each(Object.keys(keyPlace))('unwraps under no other %s', (field) => {
    const { wrapped } = newDataKey(master, keyPlace);
    expect(unwrapKey(wrapped, master, keyPlace)).toBeDefined();
    expect(unwrapKey(wrapped, master, { ...keyPlace, [field]: 2 })).toBeUndefined();
    expect(unwrapKey(wrapped, other, keyPlace)).toBeUndefined();
  });

  it('opens nothing of which any bit was flipped, header and key included', () => {
    const { dataKey, wrapped } = newDataKey(master, keyPlace);
    const { bytes } = sealText(dataKey, valuePlace, 'x');
    for (const [whole, open] of [
      [bytes, (altered: Uint8Array) => openText(altered, dataKey, valuePlace)],
      [wrapped, (altered: Uint8Array) => unwrapKey(altered, master, keyPlace)],
    ] as const) {
      for (let bit = 0; bit < whole.length * 8; bit++) {
        const altered = whole.map((byte, i) => (i === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte));
        expect(open(altered)).toBeUndefined();
      }
      for (let length = 0; length < whole.length; length++) expect(open(whole.subarray(0, length))).toBeUndefined();
    }
  });

  it('rewraps the same key, with the same id', () => {
    const { dataKey, wrapped } = newDataKey(master, keyPlace);
    const next = rewrapKey(dataKey, other, { ...keyPlace, epoch: 2 });
    expect(keyIdOf(next)).toBe(keyIdOf(wrapped));
    expect(unwrapKey(next, other, { ...keyPlace, epoch: 2 })?.key.equals(dataKey.key)).toBe(true);
  });

  it('never draws the same key, nonce or salt twice', () => {
    const seen = new Set<string>();
    for (let i = 0; i < 2_000; i++) {
      const { dataKey, wrapped } = newDataKey(master, keyPlace);
      const { bytes, salt } = sealText(dataKey, valuePlace, 'x');
      for (const drawn of [dataKey.key.export(), dataKey.id, wrapped.subarray(9, 21), bytes.subarray(9, 21), salt]) {
        seen.add(typeof drawn === 'string' ? drawn : Buffer.from(drawn).toString('hex'));
      }
    }
    expect(seen.size).toBe(10_000);
    expect([...seen].some((hex) => /^0+$/.test(hex))).toBe(false);
  });
});

import { createSecretKey, randomBytes } from 'node:crypto';
import { afterEach, describe, expect, it } from '@jest/globals';
import { DataKeys } from './data-keys.js';

describe('data keys in memory', () => {
  let now = 0;
  const keys = new DataKeys(() => now);
  const key = { dataKey: { key: createSecretKey(randomBytes(32)), id: '00'.repeat(8) }, owner: 'owner', wrapped: new Uint8Array(), epoch: 1, stored: false };
  afterEach(() => keys.clear());

  it('are forgotten within a minute, however often they are used', () => {
    keys.set('holding', key);
    for (now = 0; now < 49_000; now += 1_000) expect(keys.get('holding')).toBeDefined();
    now = 60_000;
    expect(keys.get('holding')).toBeUndefined();
  });

  it('are bounded: the oldest goes first', () => {
    for (let i = 0; i < 4_097; i++) keys.set(String(i), key);
    expect([keys.get('0'), keys.get('1')?.owner, keys.get('4096')?.owner]).toEqual([undefined, 'owner', 'owner']);
  });

  it('remember that they were stored', () => {
    keys.set('holding', key).stored = true;
    expect(keys.get('holding')?.stored).toBe(true);
  });
});

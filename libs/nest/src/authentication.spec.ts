import { describe, expect, it } from '@jest/globals';
import { VaultUnavailable } from '#vault/unusable.js';
import type { Actor } from '#vault/vault.js';
import { Authentication } from './authentication.js';

const actor: Actor = { id: '7d1f', name: 'crm', role: 'upstream', system: 'crm' };

interface Told {
  readonly authentication: Authentication;
  now: number;
  answer: () => Promise<Actor | undefined>;
  asked: number;
}

function told(): Told {
  const state: Told = {
    now: 0,
    asked: 0,
    answer: async () => actor,
    authentication: new Authentication({ actorOf: async () => ((state.asked += 1), state.answer()) }, () => state.now),
  };
  return state;
}

const away = async (): Promise<never> => Promise.reject(new VaultUnavailable('away'));

describe('who calls', () => {
  it('is looked up once a second at the most', async () => {
    const state = told();
    for (const now of [0, 999, 1_000, 1_500]) {
      state.now = now;
      expect(await state.authentication.of('t')).toBe(actor);
    }
    expect(state.asked).toBe(2);
  });

  it('is known for five minutes more while the vault is away, and no longer', async () => {
    const state = told();
    await state.authentication.of('t');
    state.answer = away;
    for (const now of [2_000, 200_000, 299_999]) {
      state.now = now;
      expect(await state.authentication.of('t')).toBe(actor);
    }
    state.now = 301_000;
    await expect(state.authentication.of('t')).rejects.toThrow(VaultUnavailable);
  });

  it('is nobody while the vault is away, where the vault never said who', async () => {
    const state = told();
    state.answer = away;
    await expect(state.authentication.of('t')).rejects.toThrow(VaultUnavailable);
  });

  it('stays revoked, expired or unknown while the vault is away', async () => {
    const state = told();
    await state.authentication.of('revoked');
    state.now = 2_000;
    state.answer = async () => ({ ...actor, revokedAt: '2026-01-01T00:00:00.000Z' });
    expect(await state.authentication.of('revoked')).toBeUndefined();
    await state.authentication.of('gone');
    state.now = 4_000;
    state.answer = async () => undefined;
    expect(await state.authentication.of('gone')).toBeUndefined();
    state.answer = away;
    state.now = 6_000;
    expect(await state.authentication.of('revoked')).toBeUndefined();
    await expect(state.authentication.of('gone')).rejects.toThrow(VaultUnavailable);
  });
});

import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { readConfiguration } from '#nest/configuration.js';
import type { Actor, Vault } from '#vault/vault.js';
import { makeFirstToken } from './first-token.js';

/** A vault as several nodes have it: each question and each write takes its time. */
function sharedVault(): { readonly vault: Vault; readonly actors: Actor[] } {
  const actors: Actor[] = [];
  const parts = {
    actors: async () => {
      await delay(Math.random() * 5);
      return [...actors];
    },
    createActor: async (told: Omit<Actor, 'id'>) => {
      await delay(Math.random() * 5);
      const actor: Actor = { ...told, id: `actor-${actors.length}` };
      actors.push(actor);
      return { actor, token: `lgr_${actor.id}` };
    },
    revokeActor: async (id: string, revokedAt: string) => {
      const at = actors.findIndex((actor) => actor.id === id);
      actors[at] = { ...(actors[at] as Actor), revokedAt };
      return true;
    },
  };
  return { vault: parts as Partial<Vault> as Vault, actors };
}

describe('the first officer of several nodes that start at once', () => {
  it('is one, and its token lies on one node', async () => {
    for (let round = 0; round < 20; round += 1) {
      const directory = mkdtempSync(join(tmpdir(), 'liggare-first-'));
      const { vault, actors } = sharedVault();
      const nodes = Array.from({ length: 4 }, (_, n) =>
        readConfiguration({ LIGGARE_DATA: join(directory, `node-${n}`), LIGGARE_LOG: 'esdb://log', LIGGARE_VAULT: 'postgres://vault/l', LIGGARE_VIEWS: 'postgres://views/l' }),
      );
      const made = (await Promise.all(nodes.map((node) => makeFirstToken(node, vault)))).filter((token) => token !== undefined);
      const living = actors.filter(({ revokedAt }) => revokedAt === undefined);
      expect([made.length, living.map(({ id }) => `lgr_${id}`)]).toEqual([1, [made[0]?.token]]);
      expect(nodes.filter(({ data }) => existsSync(join(data, 'token')))).toHaveLength(1);
      rmSync(directory, { recursive: true });
    }
  });
});

/** The first officer's token: without it nobody could make any. */
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Configuration } from '#nest/configuration.js';
import { createWhole } from '#nest/ledger-file.js';
import { storesFault } from '#nest/stores-fault.js';
import type { Actor, Vault } from '#vault/vault.js';

const NAME = 'the first start';

export interface FirstToken {
  readonly token: string;
  /** Where it was written; undefined for a ledger in memory, which leaves nothing behind. */
  readonly file: string | undefined;
}

/**
 * Makes an officer's token and writes it to `<data>/token`, readable by its owner alone, when nobody has one yet. On one machine a first start
 * that was interrupted before the file was there makes another.
 */
export async function makeFirstToken({ data, kept }: Configuration, vault: Vault): Promise<FirstToken | undefined> {
  const file = kept === 'memory' ? undefined : join(data, 'token');
  if (file !== undefined && existsSync(file)) return undefined;
  if (file !== undefined) mkdirSync(data, { recursive: true, mode: 0o700 });
  const token = kept === 'servers' ? await madeByOneNode(vault) : (await vault.actors()).some(({ name }) => name !== NAME) ? undefined : await made(vault);
  if (token === undefined) return undefined;
  if (file === undefined) return { token, file };
  try {
    if (!createWhole(file, `${token}\n`)) return undefined;
  } catch (error) {
    throw storesFault(file, error);
  }
  return { token, file };
}

async function made(vault: Vault): Promise<string> {
  return (await vault.createActor({ name: NAME, role: 'officer' })).token;
}

/**
 * Another node's is as good, and there is to be one: whoever sees another's beside the own takes the own back. Of two who keep theirs each
 * would have looked before the other's was there, and after making its own; they cannot both. A node that was killed in between leaves a token
 * that nobody has (`deploy/runbooks/node-loss.md`).
 */
async function madeByOneNode(vault: Vault): Promise<string | undefined> {
  for (;;) {
    if ((await living(vault)).length > 0) return undefined;
    const { actor, token } = await vault.createActor({ name: NAME, role: 'officer' });
    if ((await living(vault)).every(({ id }) => id === actor.id)) return token;
    await vault.revokeActor(actor.id, new Date().toISOString());
    await delay(Math.random() * 100);
  }
}

async function living(vault: Vault): Promise<readonly Actor[]> {
  return (await vault.actors()).filter(({ revokedAt }) => revokedAt === undefined);
}

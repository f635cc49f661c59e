/** The first officer's token: without it nobody could make any. */
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Configuration } from '#nest/configuration.js';
import { createWhole } from '#nest/ledger-file.js';
import { storesFault } from '#nest/stores-fault.js';
import type { Vault } from '#vault/vault.js';

const NAME = 'the first start';

export interface FirstToken {
  readonly token: string;
  /** Where it was written; undefined for a ledger in memory, which leaves nothing behind. */
  readonly file: string | undefined;
}

/**
 * Makes an officer's token and writes it to `<data>/token`, readable by its owner alone, when nobody has one yet. A first start that was
 * interrupted before the file was there makes another.
 */
export async function makeFirstToken({ data, kept }: Configuration, vault: Vault): Promise<FirstToken | undefined> {
  const file = kept === 'memory' ? undefined : join(data, 'token');
  if (file !== undefined && existsSync(file)) return undefined;
  const actors = await vault.actors();
  // Another node's is as good: where several share a vault, the first one makes it.
  if (kept === 'servers' ? actors.length > 0 : actors.some(({ name }) => name !== NAME)) return undefined;
  if (file !== undefined) mkdirSync(data, { recursive: true, mode: 0o700 });
  const { token } = await vault.createActor({ name: NAME, role: 'officer' });
  if (file === undefined) return { token, file };
  try {
    if (!createWhole(file, `${token}\n`)) return undefined;
  } catch (error) {
    throw storesFault(file, error);
  }
  return { token, file };
}

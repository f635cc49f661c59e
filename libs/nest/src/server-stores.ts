/** Log and vault on servers, which several nodes share. */
import { openEsdbEventStore } from '#event-store/esdb/esdb-event-store.js';
import { openPostgresLedger } from '#vault/postgres/postgres-vault.js';
import type { Configuration } from './configuration.js';
import { closeBoth, commit, type Stores } from './opened-stores.js';

export type Servers = Configuration & { readonly kept: 'servers' };

/**
 * `create`: the first node makes keys and vault, of several at once one does. `recognise`: there must be both. The log first: a vault whose
 * log is away would be made for nothing.
 */
export async function openServers({ log: { url }, vault: { url: database }, keys: keyDirectory }: Servers, mode: 'create' | 'recognise'): Promise<Stores> {
  const log = await openEsdbEventStore({ url });
  try {
    const { vault, ledgerId } = await openPostgresLedger({ url: database, keyDirectory, mode, commit, log });
    return { log, vault, ledgerId, close: () => closeBoth(vault, log) };
  } catch (error) {
    await log.close();
    throw error;
  }
}

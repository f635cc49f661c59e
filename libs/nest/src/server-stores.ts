/** Log and vault on servers, which several nodes share. */
import { openEsdbEventStore } from '#event-store/esdb/esdb-event-store.js';
import { openPostgresLedger, openVaultDatabase } from '#vault/postgres/postgres-vault.js';
import type { Configuration } from './configuration.js';
import { closeBoth, commit, type Stores } from './opened-stores.js';

export type Servers = Configuration & { readonly kept: 'servers' };

/**
 * The first node makes keys and vault; of several at once one does. The log first: a vault whose log is away would be made for nothing.
 * `create: false`: there must be a ledger already.
 */
export async function openServers({ log: { url }, vault: { url: vaultUrl }, keys: keyDirectory }: Servers, { create = true }: { readonly create?: boolean } = {}): Promise<Stores> {
  const log = await openEsdbEventStore({ url });
  try {
    const database = await openVaultDatabase(vaultUrl);
    try {
      const { vault, ledgerId } = await openPostgresLedger({ database, keyDirectory, commit, log, create });
      const close = async (): Promise<void> => {
        await closeBoth(vault, log);
        await database.close();
      };
      return { log, vault, ledgerId, close };
    } catch (error) {
      await database.close();
      throw error;
    }
  } catch (error) {
    await log.close();
    throw error;
  }
}

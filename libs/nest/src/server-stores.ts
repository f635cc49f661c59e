/** Log and vault on servers, which several nodes share. */
import { openEsdbEventStore } from '#event-store/esdb/esdb-event-store.js';
import { openPostgresLedger, openVaultDatabase } from '#vault/postgres/postgres-vault.js';
import { asVault } from '#vault/postgres/faults.js';
import { isBegun } from '#vault/postgres/identity.js';
import type { Configuration } from './configuration.js';
import { closeBoth, commit, type Stores } from './opened-stores.js';
import { StoresFault } from './stores-fault.js';

export type Servers = Configuration & { readonly kept: 'servers' };

/** The first node makes keys and vault; of several at once one does. The log first: a vault whose log is away would be made for nothing. */
export async function openServers({ log: { url }, vault: { url: vaultUrl }, keys: keyDirectory }: Servers): Promise<Stores> {
  const log = await openEsdbEventStore({ url });
  try {
    const database = await openVaultDatabase(vaultUrl);
    try {
      // The log is asked first: what another node begins in between is seen in the vault.
      const head = await log.head();
      if (head !== undefined && !(await asVault(isBegun(database))))
        throw new StoresFault('the log has events and the vault beside it is empty (hint: LIGGARE_VAULT names another database, or the vault has to be restored from the same time; a log of somebody else is not taken over)');
      const { vault, ledgerId } = await openPostgresLedger({ database, keyDirectory, commit, log });
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

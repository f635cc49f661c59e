import { DatabaseUnavailable, DatabaseUnusable } from '#postgres/database.js';
import { VaultUnavailable, VaultUnusable } from '../unusable.js';

/** The database's faults are the vault's. */
export async function asVault<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof DatabaseUnavailable) throw new VaultUnavailable(`the vault cannot be reached now: ${error.message}`, { cause: error });
    if (error instanceof DatabaseUnusable) throw new VaultUnusable(`could not open the vault: ${error.message}`, { cause: error });
    throw error;
  }
}

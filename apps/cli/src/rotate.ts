/**
 * `liggare rotate`: a new master key. Every data key is wrapped anew under it, and the old one is forgotten: what older copies of the vault
 * still hold of values that were destroyed cannot be opened from then on, once the copies of the old key are destroyed too.
 */
import type { Configuration } from '#nest/configuration.js';
import { openStores, openStoresReadOnly } from '#nest/stores.js';
import { CliFault, EXIT, type ExitCode } from './fault.js';
import { grouped } from './progress.js';

/** While no server runs: one that does holds the old key, and would find values broken. A rotation that was interrupted goes on. */
export async function rotateKeys(configuration: Configuration, options: { readonly json?: true }): Promise<ExitCode> {
  if (configuration.vault.engine === 'memory') throw new CliFault('a ledger in memory has no keys to rotate');
  // Opening for writing would make a ledger where there is none.
  await (await openStoresReadOnly(configuration)).close();
  const stores = await openStores(configuration);
  try {
    const { epoch, rewrapped } = await stores.vault.rotateMasterKey();
    process.stdout.write(options.json === true ? `${JSON.stringify({ epoch, rewrapped })}\n` : `master key ${epoch}; ${grouped(rewrapped)} data keys wrapped anew (keep a new copy of "${configuration.keys}", destroy the old ones)\n`);
    return EXIT.done;
  } finally {
    await stores.close();
  }
}

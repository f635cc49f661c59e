/**
 * Opens what a configuration names: log, vault and views, to write or for reading beside who writes. No framework here: the command
 * line opens stores too. Every failure is an error whose message is one sentence (`StoresFault`, `StoreUnusable`, `VaultUnusable` …); of a
 * server that cannot be reached now it is one that `isAway` knows.
 */
import { MemoryEventStore } from '#event-store/memory/memory-event-store.js';
import { MemoryViewStore } from '#projection/memory-view-store.js';
import { openSqliteViews, openSqliteViewsReadOnly } from '#projection/sqlite-view-store.js';
import type { View, ViewReader, ViewStore } from '#projection/view.js';
import { memoryKeys } from '#vault/keys.js';
import { openMemoryVault } from '#vault/memory.js';
import type { Configuration, MemoryEngine, SqliteEngine } from './configuration.js';
import { openFiles, openFilesReadOnly } from './file-stores.js';
import { closeBoth, commit, type Stores } from './opened-stores.js';
import { StoresFault } from './stores-fault.js';

/** Makes what is missing where there is no ledger at all; half a ledger is refused. */
export async function openStores(configuration: Configuration): Promise<Stores> {
  switch (configuration.kept) {
    case 'files':
      return openFiles(configuration);
    case 'memory':
      return openMemoryStores();
    case 'servers':
      // Their drivers take a while to load, and most ledgers need none.
      return (await import('./server-stores.js')).openServers(configuration);
    default: {
      const never: never = configuration;
      return never;
    }
  }
}

/** For looking beside who writes. There must be a ledger already. In files, whatever would write is refused; on servers it is the caller's word. */
export async function openStoresReadOnly(configuration: Configuration): Promise<Stores> {
  if (configuration.kept === 'memory') throw new StoresFault('a ledger in memory can be seen by its own process only');
  return configuration.kept === 'files' ? openFilesReadOnly(configuration) : (await import('./server-stores.js')).openServers(configuration, { create: false });
}

function openMemoryStores(): Stores {
  const log = new MemoryEventStore();
  const ledgerId = '00000000-0000-4000-8000-000000000000';
  const vault = openMemoryVault({ log, keys: memoryKeys(), ledgerId, commit });
  return { log, vault, ledgerId, close: () => closeBoth(vault, log) };
}

/** The views' one writer. */
export function openViews(engine: SqliteEngine | MemoryEngine): ViewStore {
  return engine.engine === 'memory' ? new MemoryViewStore() : openSqliteViews(engine.file);
}

/** Beside the views' writer, which must have prepared them. */
export function openViewsReadOnly(engine: SqliteEngine, views: readonly View[]): ViewReader {
  return openSqliteViewsReadOnly(engine.file, views);
}

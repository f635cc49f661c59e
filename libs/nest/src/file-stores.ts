/** Log and vault in SQLite files, which one process writes and others may read. */
import { existsSync, mkdirSync } from 'node:fs';
import { AppendRefused } from '#event-store/event-store.js';
import { holdsEvents } from '#event-store/sqlite/log-file.js';
import { openSqliteEventStore, openSqliteEventStoreReadOnly } from '#event-store/sqlite/sqlite-event-store.js';
import { openKeys, type Keys } from '#vault/keys.js';
import { openSqliteVault, sqliteParticipant } from '#vault/sqlite/sqlite-vault.js';
import { recogniseVaultFile, stageOf } from '#vault/sqlite/vault-file.js';
import type { Configuration } from './configuration.js';
import { makeLedgerId, readLedgerId } from './ledger-file.js';
import { closeBoth, commit, type Stores } from './opened-stores.js';
import { StoresFault, storesFault } from './stores-fault.js';

export type Files = Configuration & { readonly kept: 'files' };

/** The one writer of log and vault. */
export async function openFiles({ data, keys: keyDirectory, log, vault }: Files): Promise<Stores> {
  try {
    mkdirSync(data, { recursive: true, mode: 0o700 });
    const known = readLedgerId(data);
    const isNew = known === undefined;
    if (isNew && (existsSync(log.file) || existsSync(vault.file)))
      throw new StoresFault(`"${data}" has stores but no ledger.json (hint: restore it from the backup that they are from)`);
    if (!isNew) refuseHalf(log.file, vault.file);
    const keys = openKeys({ directory: keyDirectory, create: isNew });
    // Keys before name: a first start that was interrupted in between begins anew with the same keys.
    const ledgerId = known ?? makeLedgerId(data);
    return await openSqliteStores(log.file, vault.file, keys, ledgerId);
  } catch (error) {
    throw storesFault(data, error);
  }
}

/** A file that is gone or empty would be made anew beside the other: then the ledger would serve, and what was lost would not be missed. */
function refuseHalf(log: string, vault: string): void {
  const [hasEvents, stage] = [holdsEvents(log), stageOf(vault)];
  if (hasEvents === true && stage === 'nothing') throw new StoresFault(`the log "${log}" has events and its vault "${vault}" is gone or empty (hint: restore the vault of the same time)`);
  if (hasEvents === false && stage === 'commands') throw new StoresFault(`the vault "${vault}" holds values and its log "${log}" is gone or empty (hint: restore the log of the same time)`);
}

async function openSqliteStores(logFile: string, vaultFile: string, keys: Keys, ledgerId: string): Promise<Stores> {
  const participant = sqliteParticipant({ file: vaultFile, keys, ledgerId });
  const log = await openSqliteEventStore({ file: logFile, participant });
  try {
    const vault = openSqliteVault({ file: vaultFile, keys, ledgerId, commit, writer: log });
    return { log, vault, ledgerId, close: () => closeBoth(vault, log) };
  } catch (error) {
    await log.close();
    throw error;
  }
}

/** For looking beside the writer: whatever would write is refused. */
export async function openFilesReadOnly({ data, keys: keyDirectory, log, vault }: Files): Promise<Stores> {
  try {
    const ledgerId = readLedgerId(data);
    if (ledgerId === undefined) throw new StoresFault(`there is no ledger in "${data}" (hint: LIGGARE_DATA names its directory)`);
    const keys = openKeys({ directory: keyDirectory, create: false });
    recogniseVaultFile({ file: vault.file, keys, ledgerId });
    const reading = await openSqliteEventStoreReadOnly({ file: log.file });
    const writer = { append: reading.append.bind(reading), ride: refuseWriting, run: refuseWriting };
    const opened = openSqliteVault({ file: vault.file, keys, ledgerId, commit, writer });
    return { log: reading, vault: opened, ledgerId, close: () => closeBoth(opened, reading) };
  } catch (error) {
    throw storesFault(data, error);
  }
}

async function refuseWriting(): Promise<never> {
  throw new AppendRefused('these stores were opened for reading only');
}

/**
 * Opens what a configuration names: log, vault and views, as their one writer or for reading beside it. No framework here: the command
 * line opens stores too. Every failure is an error whose message is one sentence (`StoresFault`, `StoreUnusable`, `VaultUnusable` …).
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync } from 'node:fs';
import { commitment } from '#audit/commitment.js';
import { AppendRefused, type EventStore } from '#event-store/event-store.js';
import { holdsEvents } from '#event-store/sqlite/log-file.js';
import { MemoryEventStore } from '#event-store/memory/memory-event-store.js';
import { openSqliteEventStore, openSqliteEventStoreReadOnly } from '#event-store/sqlite/sqlite-event-store.js';
import { MemoryViewStore } from '#projection/memory-view-store.js';
import { openSqliteViews, openSqliteViewsReadOnly } from '#projection/sqlite-view-store.js';
import type { View, ViewReader, ViewStore } from '#projection/view.js';
import { memoryKeys, openKeys, type Keys } from '#vault/keys.js';
import { openMemoryVault } from '#vault/memory.js';
import type { SealedVault } from '#vault/sealed-vault.js';
import { openSqliteVault, sqliteParticipant } from '#vault/sqlite/sqlite-vault.js';
import { recogniseVaultFile, stageOf } from '#vault/sqlite/vault-file.js';
import type { Configuration, Engine } from './configuration.js';
import { makeLedgerId, readLedgerId } from './ledger-file.js';
import { StoresFault, storesFault } from './stores-fault.js';

export interface Stores {
  readonly log: EventStore;
  readonly vault: SealedVault;
  readonly ledgerId: string;
  /** Vault first: what still waits is written through the log's writer. Safe to call twice. */
  close(): Promise<void>;
}

/** The one writer of log and vault. Makes directory, keys and files where there is no ledger at all; half a ledger is refused. */
export async function openStores({ data, keys: keyDirectory, log, vault }: Configuration): Promise<Stores> {
  if (log.engine === 'memory' || vault.engine === 'memory') return openMemoryStores();
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

function openMemoryStores(): Stores {
  const log = new MemoryEventStore();
  const ledgerId = '00000000-0000-4000-8000-000000000000';
  const vault = openMemoryVault({ log, keys: memoryKeys(), ledgerId, commit });
  return { log, vault, ledgerId, close: () => closeBoth(vault, log) };
}

/** For looking beside a writer, in this process or another: whatever would write is refused. There must be a ledger already. */
export async function openStoresReadOnly({ data, keys: keyDirectory, log, vault }: Configuration): Promise<Stores> {
  if (log.engine === 'memory' || vault.engine === 'memory') throw new StoresFault('a ledger in memory can be seen by its own process only');
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

/** The views' one writer. */
export function openViews(engine: Engine): ViewStore {
  return engine.engine === 'memory' ? new MemoryViewStore() : openSqliteViews(engine.file);
}

/** Beside the views' writer, which must have prepared them. */
export function openViewsReadOnly(engine: Extract<Engine, { engine: 'sqlite' }>, views: readonly View[]): ViewReader {
  return openSqliteViewsReadOnly(engine.file, views);
}

/** What the log holds of a sealed value (libs/audit/FORMAT.md). */
function commit(salt: Uint8Array, text: string): string {
  return commitment((data) => createHash('sha256').update(data).digest(), salt, text);
}

async function refuseWriting(): Promise<never> {
  throw new AppendRefused('these stores were opened for reading only');
}

async function closeBoth(vault: SealedVault, log: EventStore): Promise<void> {
  try {
    await vault.close();
  } finally {
    await log.close();
  }
}

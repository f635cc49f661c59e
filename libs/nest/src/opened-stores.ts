/** A ledger's log and vault, opened, whatever they are kept in. */
import { createHash } from 'node:crypto';
import { commitment } from '#audit/commitment.js';
import type { EventStore } from '#event-store/event-store.js';
import type { SealedVault } from '#vault/sealed-vault.js';

export interface Stores {
  readonly log: EventStore;
  readonly vault: SealedVault;
  readonly ledgerId: string;
  /** Safe to call twice. */
  close(): Promise<void>;
}

/** What the log holds of a sealed value (libs/audit/FORMAT.md). */
export function commit(salt: Uint8Array, text: string): string {
  return commitment((data) => createHash('sha256').update(data).digest(), salt, text);
}

/** Vault first: what still waits there is written through the log's writer. */
export async function closeBoth(vault: SealedVault, log: EventStore): Promise<void> {
  try {
    await vault.close();
  } finally {
    await log.close();
  }
}

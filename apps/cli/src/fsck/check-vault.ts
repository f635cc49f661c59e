/** What the vault holds beside what the log speaks of, and why some of that does not open. */
import type { Vault } from '#vault/vault.js';
import type { LogChecked } from './check-log.js';
import type { Findings } from './findings.js';

export interface VaultChecked {
  /** Commands whose outcome is unknown; the next start settles them. */
  readonly unsettled: number;
  /** Sealed rows without an event; collected when they are a day old. */
  readonly orphans: number;
}

/** `startedAt`: when the reading of the log began. What was sealed in the minute before may be on its way to the log. */
export async function checkVault(vault: Vault, { unopened, ids }: LogChecked, findings: Findings, startedAt: number): Promise<VaultChecked> {
  const before = new Date(startedAt - 60_000).toISOString();
  try {
    const { broken, lost } = await vault.check(each(unopened));
    for (const { event, slot } of lost) findings.add({ where: 'vault', code: 'lost', detail: 'the value is gone, and no destruction is recorded', event, slot });
    for (const { event, slot } of broken) findings.add({ where: 'vault', code: 'broken', detail: 'the value or its key cannot be opened', event, slot });
    const unsettled = await vault.unsettled();
    const orphans = await vault.orphans(before, async (event) => ids.has(event));
    return { unsettled: unsettled.length, orphans: orphans.length };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    findings.add({ where: 'vault', code: 'unreadable', detail: `the vault cannot be read: ${error.message}` });
    return { unsettled: 0, orphans: 0 };
  }
}

async function* each<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}

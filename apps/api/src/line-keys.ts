/**
 * What a command has to do with others in one import: lines that share a key apply in file order. A person is the same under an id
 * and under each of their identifiers, also those that an earlier line linked.
 */
import { parseWhen } from '#law/when.js';
import { organisations, type CatalogueEntry } from '#ledger/catalogue-entry.js';
import type { Command } from '#ledger/command.js';
import type { Registers } from '#ledger/registers.js';
import { HoldCommand } from '#ledger/subject/holding/hold.js';
import type { Vault } from '#vault/vault.js';

export interface LineKeys {
  readonly keys: readonly string[];
  /** Others' lines may hang on it: it waits for all before it, and all after it wait. */
  readonly alone: boolean;
}

export interface LineLookups {
  readonly vault: Vault;
  readonly registers: Registers;
  /** Who a person is now: whoever was merged is one, under either id. */
  readonly survivorOf: (stream: string) => Promise<string>;
}

export async function keysOf(entry: CatalogueEntry, command: Command, { vault, registers, survivorOf }: LineLookups): Promise<LineKeys> {
  if (entry.kind === organisations || entry.kind.isRegister === true || entry.begins !== undefined) return { keys: [], alone: true };
  const naming = entry.naming(command);
  // A value that was collected decides nothing about whom a line is about; what is linked or unlinked does.
  const further = command instanceof HoldCommand ? [] : (entry.decision.identifying?.(command, registers) ?? []);
  const keys = new Set<string>();
  if (naming.id !== undefined) keys.add(await survivorOf(entry.kind.prefix + naming.id));
  // A secret act about a person waits for what is told of them.
  for (const { stream } of entry.decision.requires?.(command) ?? []) keys.add(await survivorOf(stream));
  const at = earliestOf(command);
  for (const { kind, value } of [...naming.identifiers, ...further]) {
    const index = vault.blindIndex(kind, value);
    const key = index === undefined ? undefined : `${kind} ${index}`;
    if (index === undefined || key === undefined || keys.has(key)) continue;
    keys.add(key);
    const matches = await vault.matches(kind, index, at);
    for (const { owner } of matches) keys.add(await survivorOf(owner));
    const claimant = matches.length > 0 ? undefined : await vault.claimant(kind, index);
    if (claimant !== undefined) keys.add(await survivorOf(claimant));
  }
  return { keys: [...keys], alone: false };
}

/** As the ledger will look the identifier up. */
function earliestOf({ occurredAt, caller }: Command): string {
  return (occurredAt === undefined ? undefined : parseWhen(occurredAt)?.earliest) ?? caller.now;
}

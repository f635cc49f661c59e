/** At start: log and vault are of one time (`architecture.md` §4). An older copy of one beside the other is refused before anything is served. */
import type { EventStore, StoredEvent } from '#event-store/event-store.js';
import type { SealedRef, Vault } from '#vault/vault.js';
import { decode, UnreadableEvent } from './encoding.js';
import { idsIn } from './stream-ids.js';

/** Log and vault do not belong to one time. The message says which is the older. */
export class StoresApart extends Error {
  override readonly name = 'StoresApart';
}

/** The log holds what no ledger wrote, or one that is newer than this program. */
export class ForeignLog extends Error {
  override readonly name = 'ForeignLog';
}

/** Values and events looked at: the last that a copy made earlier would lack. */
const LAST = 100;
/** Events looked through for them: reading records seals nothing, and a day of it must not hide an older vault. */
const AT_MOST = 20_000;

/**
 * Compares the ends of both, once what was left unknown is settled. A vault that has values of events which the log lacks stands beside
 * an older log: it would answer `duplicate` for facts that are gone. A log whose last values the vault lacks stands beside an older
 * vault. Bounded, but for the streams of the people concerned. What an older copy of *both* looks like only a witness outside can tell.
 */
export async function requireOneTime(log: EventStore, vault: Vault): Promise<void> {
  await requireEvents(log, vault);
  await requireValues(log, vault);
}

/** Looks at both ends of the log before anything is written to it. O(1). */
export async function requireOwnLog(log: EventStore): Promise<void> {
  for (const direction of ['forwards', 'backwards'] as const)
    for await (const batch of log.readAll({ direction, limit: LAST }))
      for (const stored of batch) requireOwn(stored);
}

function requireOwn(stored: StoredEvent): void {
  try {
    decode(stored);
  } catch (error) {
    if (!(error instanceof UnreadableEvent)) throw error;
    throw new ForeignLog(`the log holds an event that this ledger did not write, at position ${stored.position} (hint: give the ledger a log of its own, or use the newer program that wrote it)`, { cause: error });
  }
}

async function requireEvents(log: EventStore, vault: Vault): Promise<void> {
  const streams = new Map<string, ReadonlyMap<string, number>>();
  const newest = await vault.newest(LAST);
  // Of commands that other nodes are about to append: asked for after the values, so that each is here still, or in the log by now.
  const underWay = new Set((await vault.unsettled()).flatMap(({ prepared }) => (prepared?.events ?? []).map(({ id }) => id)));
  for (const { event, owner } of newest) {
    // A line of access has no inbox row: after a crash its case may stand alone, and is collected as an orphan.
    if (owner === undefined || owner.startsWith('access-') || underWay.has(event)) continue;
    const ids = streams.get(owner) ?? (await idsIn(log, owner));
    streams.set(owner, ids);
    if (!ids.has(event)) throw new StoresApart('the vault has values of events that the log does not have: an older log stands beside it (hint: restore log and vault of one time)');
  }
}

async function requireValues(log: EventStore, vault: Vault): Promise<void> {
  const refs: SealedRef[] = [];
  for await (const batch of log.readAll({ direction: 'backwards', limit: AT_MOST })) {
    for (const stored of batch) refs.push(...(decode(stored).sealed ?? []).map(({ slot, holding }) => ({ event: stored.id, slot, holding })));
    if (refs.length >= LAST) break;
  }
  const isMissing = (await vault.open(refs)).some((opened) => opened.kind === 'broken' && opened.missing === true);
  if (isMissing) throw new StoresApart('the log speaks of values that the vault does not have: an older vault stands beside it, or a part of it is lost (hint: restore log and vault of one time; fsck names what is lost)');
}

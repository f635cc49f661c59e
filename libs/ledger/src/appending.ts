/** From facts to the log: sealed, prepared, appended, answered. */
import { canonical } from '#audit/canonical.js';
import { RiderRefused, WrongExpectedRevision, type Appended, type AppendRequest, type EventStore } from '#event-store/event-store.js';
import type { Vault, VaultRefusal, VaultWrite } from '#vault/vault.js';
import { aboutOf, decisionIn, verdictIn, type Answer } from './answer.js';
import type { Fact } from './decision.js';
import { encode } from './encoding.js';
import type { Envelope } from './envelope.js';
import { Refusal } from './refusals.js';
import type { Remembered, StreamCache } from './stream-cache.js';
import { Again, envelopeOf, type Task } from './task.js';

export interface Stores {
  readonly log: EventStore;
  readonly vault: Vault;
  readonly streams: StreamCache;
}

/** Appends at the revision that was decided on; rejects with `Again` when that is not the stream's last any more. */
export async function appendFacts(task: Task, remembered: Remembered<unknown>, facts: readonly Fact[], claimedBy: string | undefined, stores: Stores): Promise<Answer> {
  const { entry, stream, caller, ids } = task;
  const { vault, streams } = stores;
  const toSeal = facts.flatMap((fact, n) =>
    (fact.sealed ?? []).map(({ slot, holding, value }) => ({ event: ids.eventId(n), slot, holding, owner: stream, text: canonical(value) })),
  );
  const sealed = toSeal.length === 0 ? [] : await vault.seal(toSeal);
  let next = 0;
  const envelopes = facts.map((fact, n): Envelope => {
    const slots = (fact.sealed ?? []).map(({ slot, holding, category }) => ({ slot, holding, category, commitment: sealed[next++]?.commitment ?? '' }));
    return { ...envelopeOf(task, fact, n, remembered), ...(slots.length > 0 && { sealed: slots }) };
  });
  const append: AppendRequest = { stream, expected: remembered.revision, events: envelopes.map(encode) };
  const writes = [...sealed.flatMap((one) => one.writes), ...linkWrites(vault, facts, stream), ...inboxWrites(task, append)];
  if (task.vaultAway !== undefined && writes.length > 0) throw task.vaultAway;
  const appended = await commit(task, writes, append, claimedBy, stores);
  // Another process told the same command first, on its own knowledge: what it recorded is the answer.
  if (appended.repeated) {
    streams.forget(stream);
    throw new Again();
  }
  streams.advance(stream, remembered, envelopes, entry.kind);
  if (task.inbox) vault.writeSoon([{ op: 'settle', key: ids.eventId(0) }]);
  return {
    commandId: caller.commandId,
    status: 'recorded',
    about: [aboutOf(stream)],
    ...verdictIn(envelopes),
    ...decisionIn(envelopes),
    events: envelopes.map(({ id, type, revision }, n) => ({ id, type, stream, revision, position: appended.positions[n] ?? '' })),
  };
}

async function commit(task: Task, writes: readonly VaultWrite[], append: AppendRequest, claimedBy: string | undefined, { log, vault, streams }: Stores): Promise<Appended> {
  try {
    return await (writes.length === 0 ? log.append(append) : vault.commit(writes, append));
  } catch (fault) {
    streams.forget(task.stream);
    if (fault instanceof WrongExpectedRevision) throw new Again();
    if (!(fault instanceof RiderRefused)) throw fault;
    const refusal = fault.reason as VaultRefusal;
    if (refusal.kind !== 'claimed') throw new Again();
    // Whoever was quicker is found at the next look; if that changes nothing, the identifier is simply somebody else's.
    if (claimedBy === refusal.owner) throw new Refusal('IdentifierTaken');
    throw new Again(refusal.owner);
  }
}

function inboxWrites(task: Task, prepared: AppendRequest): readonly VaultWrite[] {
  if (!task.inbox) return [];
  const attempt = (task.earlier?.attempt ?? 0) + 1;
  return [{ op: 'inbox', key: task.ids.eventId(0), fingerprint: task.fingerprint, owner: task.stream, attempt, prepared }];
}

function linkWrites(vault: Vault, facts: readonly Fact[], owner: string): readonly VaultWrite[] {
  return facts.flatMap(({ links }) =>
    (links ?? []).flatMap((link): readonly VaultWrite[] => {
      if (link.change === 'unlink') return [{ op: 'unlink', identifier: link.identifier, to: link.to }];
      const { kind, identifier, from, to, shared } = link;
      const index = vault.blindIndex(kind, link.value);
      if (index === undefined) {
        if (kind === 'name') return [];
        throw new TypeError(`a decision linked a ${kind} that has not its form`);
      }
      const write: VaultWrite = { op: 'link', kind, index, owner, identifier, from, ...(to !== undefined && { to }), shared };
      return link.claim ? [{ op: 'claim', kind, index, owner }, write] : [write];
    }),
  );
}

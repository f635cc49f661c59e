/** A command that was told before: its first answer again, or a refusal when its content is another. */
import type { EventStore, StoredEvent } from '#event-store/event-store.js';
import type { Vault } from '#vault/vault.js';
import { aboutOf, decisionIn, verdictIn, type Answer } from './answer.js';
import type { Caller } from './command.js';
import type { CommandIds } from './command-ids.js';
import type { Envelope } from './envelope.js';
import { Refusal } from './refusals.js';
import { idsIn } from './stream-ids.js';
import type { Task } from './task.js';

/** The command's first event is on the stream already. `seen`: the ids of the stream's events, each with its revision. */
export async function knownOnStream({ stream, ids, caller, inbox, fingerprint, vaultAway }: Task, seen: ReadonlyMap<string, number>, log: EventStore, vault: Vault): Promise<Answer> {
  const row = inbox ? await vault.inbox(ids.eventId(0)) : undefined;
  if (row === undefined) {
    // The first answer had no inbox row, so its event tells what it was told; without that, the first did have one.
    const [first] = await eventsAt(log, stream, seen.get(ids.eventId(0)) ?? 0, 1);
    const known = first && (JSON.parse(first.data) as Envelope).fingerprint;
    if (first !== undefined && known === undefined && vaultAway !== undefined) throw vaultAway;
    if (first !== undefined && known !== fingerprint) throw new Refusal('CommandIdReused');
  } else if (row.fingerprint !== undefined && row.fingerprint !== fingerprint) throw new Refusal('CommandIdReused');
  return answerAgain(stream, ids, caller, seen, log);
}

/** Its inbox row says that it is on this stream. O(events of the stream). */
export async function repeatedOn(stream: string, ids: CommandIds, caller: Caller, log: EventStore): Promise<Answer> {
  return answerAgain(stream, ids, caller, await idsIn(log, stream), log);
}

async function answerAgain(stream: string, ids: CommandIds, caller: Caller, seen: ReadonlyMap<string, number>, log: EventStore): Promise<Answer> {
  const from = seen.get(ids.eventId(0));
  if (from === undefined) return { commandId: caller.commandId, status: 'duplicate', about: [aboutOf(stream)], events: [] };
  let count = 1;
  while (seen.get(ids.eventId(count)) === from + count) count++;
  const stored = await eventsAt(log, stream, from, count);
  const envelopes = stored.map(({ data }) => JSON.parse(data) as Envelope);
  return {
    commandId: caller.commandId,
    status: 'duplicate',
    about: [aboutOf(stream)],
    ...verdictIn(envelopes),
    ...decisionIn(envelopes),
    events: stored.map(({ id, type, revision, position }) => ({ id, type, stream, revision, position })),
  };
}

async function eventsAt(log: EventStore, stream: string, from: number, limit: number): Promise<readonly StoredEvent[]> {
  const events: StoredEvent[] = [];
  for await (const batch of log.readStream(stream, { from, limit })) events.push(...batch);
  return events;
}

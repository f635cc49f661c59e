/** Envelopes to what the log takes, and back: brought to the newest version of their type, and refused when they are not ours. */
import type { NewEvent, StoredEvent } from '#event-store/event-store.js';
import { canonical } from '#audit/canonical.js';
import type { Envelope } from './envelope.js';
import { eventTypes } from './event-types.js';
import { INSTANT, misfit } from './schema.js';

/** An event cannot be what the ledger wrote. The message names the event and the place, never a value. */
export class UnreadableEvent extends Error {
  override readonly name = 'UnreadableEvent';
}

/** The event as the log takes it. Asserts that the data fits its schema: a misfit is a bug, never a caller's mistake. */
export function encode(envelope: Envelope): NewEvent {
  const type = eventTypes.get(envelope.type);
  if (type === undefined) throw new UnreadableEvent(`no event type ${envelope.type}`);
  const fault = misfit(type.members, envelope.data);
  if (fault !== undefined) throw new UnreadableEvent(`${envelope.type} v${envelope.version}: ${fault} does not fit its schema`);
  return { id: envelope.id, type: envelope.type, data: canonical(envelope) };
}

/** The envelope of a stored event, brought to its type's newest version. Throws `UnreadableEvent`. */
export function decode(stored: StoredEvent): Envelope {
  const known = decoded.get(stored);
  if (known !== undefined) return known;
  const envelope = decodeAnew(stored);
  decoded.set(stored, envelope);
  return envelope;
}

/** Several views look at one event, twice each. */
const decoded = new WeakMap<StoredEvent, Envelope>();

function decodeAnew(stored: StoredEvent): Envelope {
  const where = `${stored.stream}@${stored.revision}`;
  const envelope = parse(stored.data, where);
  if (envelope.stream !== stored.stream || envelope.revision !== stored.revision || envelope.id !== stored.id || envelope.type !== stored.type)
    throw new UnreadableEvent(`${where}: the envelope speaks of another event`);
  if (!INSTANT.test(envelope.recordedAt)) throw new UnreadableEvent(`${where}: /recordedAt is not an instant`);
  return upcast(envelope, where);
}

function upcast(envelope: Envelope, where: string): Envelope {
  const type = eventTypes.get(envelope.type);
  if (type === undefined || !envelope.stream.startsWith(type.streamPrefix)) throw new UnreadableEvent(`${where}: no event type of this name is known here`);
  if (!(envelope.version >= 1 && envelope.version <= type.version))
    throw new UnreadableEvent(`${where}: version ${envelope.version} of ${envelope.type} is newer than this ledger`);
  let data = envelope.data;
  for (let version = envelope.version; version < type.version; version++) {
    const step = type.upcast?.[version];
    if (step === undefined) throw new UnreadableEvent(`${where}: version ${version} of ${envelope.type} cannot be brought forward`);
    data = step(data);
  }
  const fault = misfit(type.members, data);
  if (fault !== undefined) throw new UnreadableEvent(`${where}: ${fault} does not fit ${envelope.type}`);
  return data === envelope.data ? envelope : { ...envelope, version: type.version, data };
}

function parse(text: string, where: string): Envelope {
  const value = json(text, where);
  if (typeof value !== 'object' || value === null) throw new UnreadableEvent(`${where}: not an envelope`);
  return value as Envelope;
}

function json(text: string, where: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new UnreadableEvent(`${where}: not JSON`, { cause });
  }
}

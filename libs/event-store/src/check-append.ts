import { AppendRefused, MAX_APPEND_BYTES, type AppendRequest } from './event-store.js';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/**
 * Throws `AppendRefused` when no engine could write this append as it is. Every engine calls it before anything is sent: a real server
 * answers some of these with success, and an empty type with two answers at once, which ends its client's process (23.10.6).
 */
export function refuseMalformed(request: AppendRequest): void {
  const { stream, expected, events } = request;
  if (stream === '') throw new AppendRefused('a stream needs a name');
  if (stream.startsWith('$')) throw new AppendRefused('streams that begin with $ belong to the engine');
  if (!stream.isWellFormed()) throw new AppendRefused('a stream name with half a surrogate pair cannot be stored as UTF-8');
  if (typeof expected === 'number' && !(Number.isSafeInteger(expected) && expected >= 0)) {
    throw new AppendRefused(`${expected} is not a revision: revisions count from 0`);
  }
  if (events.length === 0) throw new AppendRefused('an append needs at least one event');
  for (const { id, type, data } of events) {
    if (!UUID.test(id)) throw new AppendRefused('an event id is a UUID in lower case');
    if (type === '') throw new AppendRefused('an event needs a type');
    if (!type.isWellFormed() || !data.isWellFormed()) throw new AppendRefused('half a surrogate pair cannot be stored as UTF-8');
  }
  refuseOversized(request);
}

/**
 * EventStoreDB counts data and two bytes for each character of the type, and no id: this counts at least as much, so that it refuses none
 * of what is taken here. Counts bytes only where the characters leave a doubt: UTF-8 takes at most three bytes for one UTF-16 unit.
 */
function refuseOversized({ events }: AppendRequest): void {
  let units = 0;
  for (const { id, type, data } of events) units += id.length + type.length + data.length;
  if (units * 3 <= MAX_APPEND_BYTES) return;

  let bytes = 0;
  for (const { id, type, data } of events) bytes += Math.max(id.length + Buffer.byteLength(type), 2 * type.length) + Buffer.byteLength(data);
  if (bytes > MAX_APPEND_BYTES) throw new AppendRefused(`an append of ${bytes} bytes is over the limit of ${MAX_APPEND_BYTES}`);
}

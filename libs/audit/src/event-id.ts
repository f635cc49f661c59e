import { canonical } from './canonical.js';

/**
 * Ids of events are HMACs of what caused them: the same command gives the same ids, and a sender's own command id, which may be an
 * order number, is never stored. The texts below go through HMAC-SHA-256 under the command key, and the result through `uuidV8`.
 */

/** What stands in the sender's place when the ledger itself makes an event. No sender may be registered under it. */
export const LEDGER_SYSTEM = 'liggare';

/** The text behind the id of a command's event number `n`, counted from 0. Throws `RangeError` for the ledger's own name, or no count. */
export function commandEventIdText(system: string, commandId: string, n: number): string {
  if (system === LEDGER_SYSTEM) throw new RangeError(`"${LEDGER_SYSTEM}" is the ledger itself and sends no commands`);
  if (!Number.isSafeInteger(n) || n < 0) throw new RangeError('the events of a command are counted from 0');
  return canonical([system, commandId, n]);
}

/** The text behind the id of an event that the ledger makes on its own because of another. `step` tells one cause's events apart. */
export function derivedEventIdText(causingEventId: string, step: string): string {
  return canonical([LEDGER_SYSTEM, causingEventId, step]);
}

/**
 * The text behind a command's fingerprint, by which a repeat is told from another command under the same id. An object, where ids
 * have arrays: under one key no fingerprint is ever an id. `fields` are plain JSON; throws `NotCanonical` if they are not.
 */
export function fingerprintText(name: string, fields: Readonly<Record<string, unknown>>): string {
  return canonical({ data: fields, name });
}

/** A UUIDv8 (RFC 9562 §5.8) of the first 16 of an HMAC-SHA-256's 32 bytes, in lower case. Throws `RangeError` at another length. */
export function uuidV8(hmac: Uint8Array): string {
  if (hmac.length !== 32) throw new RangeError(`an HMAC-SHA-256 has 32 bytes, not ${hmac.length}`);
  let hex = '';
  for (let i = 0; i < 16; i++) hex += marked(i, hmac[i] ?? 0).toString(16).padStart(2, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** The same of an HMAC-SHA-256 in lower-case hex: three times as fast, where an id is made for every command. */
export function uuidV8OfHex(hmac: string): string {
  if (!/^[0-9a-f]{64}$/.test(hmac)) throw new RangeError('an HMAC-SHA-256 has 64 digits in lower-case hex');
  const variant = '89ab'.charAt(parseInt(hmac.charAt(16), 16) & 3);
  return `${hmac.slice(0, 8)}-${hmac.slice(8, 12)}-8${hmac.slice(13, 16)}-${variant}${hmac.slice(17, 20)}-${hmac.slice(20, 32)}`;
}

/** Version 8 in the high half of byte 6, variant 0b10 in the high bits of byte 8 (RFC 9562 §4). */
function marked(index: number, byte: number): number {
  if (index === 6) return 0x80 | (byte & 0x0f);
  return index === 8 ? 0x80 | (byte & 0x3f) : byte;
}

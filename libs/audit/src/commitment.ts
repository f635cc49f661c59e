import { base64url } from './base64url.js';

/** The caller's SHA-256: this room imports nothing. Gives 32 bytes. */
export type Sha256 = (data: Uint8Array) => Uint8Array;

export const SALT_BYTES = 32;

/** 0x00 and 0x01 are the Merkle tree's (RFC 6962 §2.1), so that no commitment is ever a leaf or a node. */
const COMMITMENT_PREFIX = 0x02;

/**
 * What an event holds instead of a sealed value: SHA-256(0x02 ‖ salt ‖ text) in base64url, 43 characters. `text` is the value's
 * canonical JSON. The salt is random, used once and erased with the value: without it nobody can try values until one fits.
 *
 * Throws `RangeError` for a salt of another length, since a short one would make trying possible, and for a text that has no
 * UTF-8 form, since its replacement would commit to another value. Neither message holds any of it.
 */
export function commitment(sha256: Sha256, salt: Uint8Array, text: string): string {
  if (salt.length !== SALT_BYTES) throw new RangeError(`a salt has ${SALT_BYTES} bytes, not ${salt.length}`);
  if (!text.isWellFormed()) throw new RangeError('a text with half a surrogate pair has no UTF-8 form');
  const utf8 = new TextEncoder().encode(text);
  const preimage = new Uint8Array(1 + SALT_BYTES + utf8.length);
  preimage[0] = COMMITMENT_PREFIX;
  preimage.set(salt, 1);
  preimage.set(utf8, 1 + SALT_BYTES);
  return base64url(sha256(preimage));
}

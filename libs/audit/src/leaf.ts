import type { Sha256 } from './commitment.js';

/** RFC 6962 §2.1, RFC 9162 §2.1.1: leaves and nodes are told apart by their first byte. */
const LEAF_PREFIX = 0x00;

/** The Merkle leaf of an event: SHA-256(0x00 ‖ bytes), where bytes are the event's stored bytes. Its position is not in it. */
export function leafHash(sha256: Sha256, bytes: Uint8Array): Uint8Array {
  const preimage = new Uint8Array(1 + bytes.length);
  preimage[0] = LEAF_PREFIX;
  preimage.set(bytes, 1);
  return sha256(preimage);
}

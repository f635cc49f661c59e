/**
 * Sealing: AES-256-GCM (NIST SP 800-38D) under a random data key per holding, which the master key wraps.
 *
 * Storage format: these layouts are on disk; change them only by adding a version.
 *
 *     wrapped key   version(1) ‖ key id(8) ‖ nonce(12) ‖ ciphertext(32) ‖ tag(16)
 *     sealed value  version(1) ‖ key id(8) ‖ nonce(12) ‖ ciphertext(32 + n) ‖ tag(16)     plaintext = salt(32) ‖ UTF-8 text(n)
 *
 * The associated data names where the bytes belong, as a JSON array: unambiguous, since JSON strings are. Bytes that were moved to
 * another event, slot, holding or ledger therefore do not open. The key id is random, is the same after rewrapping, and lets the writer
 * notice a value that was sealed under a key which lost a race.
 */
import { createCipheriv, createDecipheriv, createSecretKey, randomFillSync, type KeyObject } from 'node:crypto';

const VERSION = 1;
const KEY_ID_BYTES = 8;
const NONCE_AT = 1 + KEY_ID_BYTES;
const NONCE_BYTES = 12;
const BODY_AT = NONCE_AT + NONCE_BYTES;
const TAG_BYTES = 16;
const KEY_BYTES = 32;
const SALT_BYTES = 32;

export interface DataKey {
  readonly key: KeyObject;
  /** 16 hex digits. */
  readonly id: string;
}

/** Where a wrapped key belongs. */
export interface KeyPlace {
  readonly ledgerId: string;
  readonly holding: string;
  readonly owner: string;
  readonly epoch: number;
}

/** Where a sealed value belongs. */
export interface ValuePlace {
  readonly ledgerId: string;
  readonly event: string;
  readonly holding: string;
  readonly slot: string;
}

/** Makes a data key and wraps it. */
export function newDataKey(master: KeyObject, place: KeyPlace): { readonly dataKey: DataKey; readonly wrapped: Uint8Array } {
  const id = Buffer.allocUnsafe(KEY_ID_BYTES);
  const bytes = Buffer.allocUnsafe(KEY_BYTES);
  fillRandom(id);
  fillRandom(bytes);
  const wrapped = encrypt(master, id, keyAad(place, id.toString('hex')), bytes);
  const dataKey = { key: createSecretKey(bytes), id: id.toString('hex') };
  bytes.fill(0);
  return { dataKey, wrapped };
}

/** Wraps a data key anew: another epoch, the same key id. */
export function rewrapKey(dataKey: DataKey, master: KeyObject, place: KeyPlace): Uint8Array {
  return encrypt(master, Buffer.from(dataKey.id, 'hex'), keyAad(place, dataKey.id), dataKey.key.export());
}

/** Undefined when anything about it is wrong. */
export function unwrapKey(wrapped: Uint8Array, master: KeyObject, place: KeyPlace): DataKey | undefined {
  const id = keyIdOf(wrapped);
  const bytes = decrypt(master, wrapped, keyAad(place, id));
  if (bytes?.length !== KEY_BYTES) return undefined;
  const dataKey = { key: createSecretKey(bytes), id };
  bytes.fill(0);
  return dataKey;
}

/** Seals a text with a new salt. The bytes have a buffer of their own, so that cloning them to the writer's thread copies nothing else. */
export function sealText(dataKey: DataKey, place: ValuePlace, text: string): { readonly bytes: Uint8Array; readonly salt: Uint8Array } {
  const plain = Buffer.allocUnsafe(SALT_BYTES + Buffer.byteLength(text));
  const salt = plain.subarray(0, SALT_BYTES);
  fillRandom(salt);
  plain.write(text, SALT_BYTES);
  return { bytes: encrypt(dataKey.key, Buffer.from(dataKey.id, 'hex'), valueAad(place), plain), salt };
}

/** Undefined when anything about it is wrong. */
export function openText(bytes: Uint8Array, dataKey: DataKey, place: ValuePlace): { readonly text: string; readonly salt: Uint8Array } | undefined {
  if (keyIdOf(bytes) !== dataKey.id) return undefined;
  const plain = decrypt(dataKey.key, bytes, valueAad(place));
  if (!plain || plain.length < SALT_BYTES) return undefined;
  return { text: plain.toString('utf8', SALT_BYTES), salt: Uint8Array.from(plain.subarray(0, SALT_BYTES)) };
}

/** The id in the header of a wrapped key or of a sealed value: whose key is meant, not proof that it fits. */
export function keyIdOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex', 1, NONCE_AT);
}

function keyAad(place: KeyPlace, keyId: string): string {
  return JSON.stringify(['liggare data key', VERSION, place.ledgerId, place.holding, place.owner, place.epoch, keyId]);
}

function valueAad(place: ValuePlace): string {
  return JSON.stringify(['liggare value', VERSION, place.ledgerId, place.event, place.holding, place.slot]);
}

function encrypt(key: KeyObject, keyId: Uint8Array, aad: string, plain: Uint8Array): Uint8Array {
  const out = new Uint8Array(BODY_AT + plain.length + TAG_BYTES);
  out[0] = VERSION;
  out.set(keyId, 1);
  const nonce = out.subarray(NONCE_AT, BODY_AT);
  fillRandom(nonce);
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(Buffer.from(aad));
  // GCM is a stream mode: `update` gives all of it, `final` nothing more.
  out.set(cipher.update(plain), BODY_AT);
  cipher.final();
  out.set(cipher.getAuthTag(), out.length - TAG_BYTES);
  return out;
}

function decrypt(key: KeyObject, bytes: Uint8Array, aad: string): Buffer | undefined {
  if (bytes[0] !== VERSION || bytes.length < BODY_AT + TAG_BYTES) return undefined;
  // Without `authTagLength` Node accepts a tag of four bytes (DEP0182).
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(NONCE_AT, BODY_AT), { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(aad));
  decipher.setAuthTag(bytes.subarray(bytes.length - TAG_BYTES));
  const plain = decipher.update(bytes.subarray(BODY_AT, bytes.length - TAG_BYTES));
  try {
    decipher.final();
    return plain;
  } catch {
    return undefined;
  }
}

/** One system call for hundreds of salts and nonces; used bytes are wiped at once. */
const pool = Buffer.alloc(16 * 1024);
let poolUsed = pool.length;

function fillRandom(target: Uint8Array): void {
  if (poolUsed + target.length > pool.length) {
    randomFillSync(pool);
    poolUsed = 0;
  }
  const taken = pool.subarray(poolUsed, poolUsed + target.length);
  target.set(taken);
  taken.fill(0);
  poolUsed += target.length;
}

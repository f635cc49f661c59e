import { createHmac, type KeyObject } from 'node:crypto';
import { normalise } from './normalise.js';
import type { IdentifierKind } from './vault.js';

/**
 * HMAC-SHA-256 of a kind and a value, so that a person can be found by an address that is readable nowhere. Keyed, because the addresses
 * of the world can be tried one by one. Undefined: the value is not of that kind. `on` as in `normalise`.
 */
export function blindIndexOf(key: KeyObject, kind: IdentifierKind, value: string, on: string): string | undefined {
  const normalised = normalise(kind, value, on);
  return normalised === undefined ? undefined : createHmac('sha256', key).update(`${kind}\0${normalised}`).digest('base64url');
}

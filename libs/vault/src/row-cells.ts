/** What an engine's statements gave, as the vault's rows: the same columns on every engine. */
import { preparedOf } from './rider.js';
import type { ActorRow, Found, KeyRow, ValueRow } from './rows.js';
import type { InboxRow, SealedRef } from './vault.js';

type Row = Readonly<Record<string, unknown>>;

export function foundIn(row: Row, ref: SealedRef): Found {
  return { ref, key: isTrue(row['has_key']) ? keyIn(row, ref.holding) : undefined, value: isTrue(row['has_value']) ? valueIn(row, ref) : undefined };
}

export function keyIn(row: Row, holding: string): KeyRow {
  return { holding, owner: String(row['owner']), wrapped: unlessDestroyed(row['wrapped'], row['key_destroyed']), epoch: Number(row['epoch']) };
}

export function valueIn(row: Row, { event, slot }: SealedRef): ValueRow {
  return { event, slot, holding: String(row['value_holding']), owner: textIn(row['value_owner']), bytes: unlessDestroyed(row['bytes'], row['value_destroyed']), at: Number(row['at']) };
}

export function inboxIn(row: Row): InboxRow {
  const [fingerprint, prepared] = [textIn(row['fingerprint']), textIn(row['prepared'])];
  return {
    key: String(row['key']),
    owner: String(row['owner']),
    attempt: Number(row['attempt']),
    settled: prepared === undefined,
    ...(fingerprint !== undefined && { fingerprint }),
    ...(prepared !== undefined && { prepared: preparedOf(prepared) }),
  };
}

export function actorIn(row: Row): ActorRow {
  const [system, expiresAt, revokedAt, hash, name] = [textIn(row['system']), textIn(row['expires_at']), textIn(row['revoked_at']), bytesIn(row['hash']), bytesIn(row['name'])];
  if (!hash || !name) throw new Error('an actor has a hash and a sealed name: the table says so');
  const role = roleOf(row['role']);
  return { id: String(row['id']), hash, name, role, ...(system !== undefined && { system }), ...(expiresAt !== undefined && { expiresAt }), ...(revokedAt !== undefined && { revokedAt }) };
}

function roleOf(value: unknown): ActorRow['role'] {
  if (value === 'upstream' || value === 'officer' || value === 'auditor') return value;
  throw new Error('an actor of the vault has a role that this program does not know');
}

/** What opens for nobody, and is not erased. */
const DAMAGED = new Uint8Array();

/** One flipped bit makes SQLite tell bytes as a text: gone is only what a recorded destruction took. */
function unlessDestroyed(value: unknown, isDestroyed: unknown): Uint8Array | undefined {
  return bytesIn(value) ?? (isTrue(isDestroyed) ? undefined : DAMAGED);
}

export function bytesIn(value: unknown): Uint8Array | undefined {
  return value instanceof Uint8Array ? value : undefined;
}

export function textIn(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** SQLite has no booleans. */
function isTrue(value: unknown): boolean {
  return value === true || value === 1;
}

/** Named examples for the vault's tests. All people are invented. */
import { createHash, randomUUID } from 'node:crypto';
import type { AppendRequest } from '#event-store/event-store.js';
import type { SealedRef, ToSeal, VaultWrite } from './vault.js';

export const LEDGER = '5f0c3a52-6a7e-4d0b-8d53-0a4f7f1f2c11';

/** What the ledger's own function does: SHA-256(0x02 ‖ salt ‖ text). */
export function commitmentOf(salt: Uint8Array, text: string): string {
  return createHash('sha256').update(Uint8Array.of(2)).update(salt).update(text, 'utf8').digest('base64url');
}

export function subject(): string {
  return `subject-${randomUUID()}`;
}

export function valueOf(owner: string, text: string, place: Partial<SealedRef> = {}): ToSeal {
  return { event: place.event ?? randomUUID(), slot: place.slot ?? 'email', holding: place.holding ?? randomUUID(), owner, text };
}

export function refOf({ event, slot, holding }: SealedRef): SealedRef {
  return { event, slot, holding };
}

export function appendOf(stream: string, event: string, expected: AppendRequest['expected'] = 'none'): AppendRequest {
  return { stream, expected, events: [{ id: event, type: 'HoldingCollected', data: '{}' }] };
}

/** The inbox row of a command whose first event is the append's. */
export function inboxOf(prepared: AppendRequest, attempt = 1): Extract<VaultWrite, { readonly op: 'inbox' }> {
  const [first] = prepared.events;
  if (!first) throw new Error('an append has an event');
  return { op: 'inbox', key: first.id, fingerprint: `fingerprint of ${first.id}`, owner: prepared.stream, attempt, prepared };
}

/**
 * What an engine of the vault has to do: keep these rows, and commit a rider whole or not at all. Everything that knows keys and
 * plaintext is above it, in `sealed-vault.ts`, once for all engines.
 */
import type { Appended, AppendRequest } from '#event-store/event-store.js';
import type { Actor, Destruction, IdentifierKind, InboxRow, Match, PurgeReport, SealedRef } from './vault.js';

/** `wrapped` undefined: destroyed; the row stays as the record of it. */
export interface KeyRow {
  readonly holding: string;
  readonly owner: string;
  readonly wrapped: Uint8Array | undefined;
  readonly epoch: number;
}

/** `bytes` undefined: destroyed alone, because its holding's key is another owner's. `at`: when it was committed, Unix ms. */
export interface ValueRow extends SealedRef {
  /** Undefined: its key's row is gone, so nobody knows. */
  readonly owner: string | undefined;
  readonly bytes: Uint8Array | undefined;
  readonly at: number;
}

/** A reference and what is there for it: the value by event and slot, the key by the holding that the reference names. */
export interface Found {
  readonly ref: SealedRef;
  readonly key: KeyRow | undefined;
  readonly value: ValueRow | undefined;
}

export interface ActorRow extends Omit<Actor, 'name'> {
  /** SHA-256 of the token. */
  readonly hash: Uint8Array;
  /** The name, sealed under the key of the holding `actor-<id>`. */
  readonly name: Uint8Array;
}

/** A `VaultWrite` as engines store it, and what the vault writes for itself. Instants are Unix ms. */
export type RowWrite =
  | { readonly op: 'inbox'; readonly key: string; readonly fingerprint: string; readonly owner: string; readonly attempt: number; readonly prepared: string }
  | { readonly op: 'key'; readonly holding: string; readonly owner: string; readonly wrapped: Uint8Array; readonly epoch: number }
  | { readonly op: 'value'; readonly event: string; readonly slot: string; readonly holding: string; readonly owner: string; readonly bytes: Uint8Array }
  | {
      readonly op: 'link';
      readonly kind: IdentifierKind;
      readonly index: string;
      readonly owner: string;
      readonly identifier: string;
      readonly from: number;
      readonly to: number | null;
      readonly shared: boolean;
    }
  | { readonly op: 'unlink'; readonly identifier: string; readonly to: number }
  | { readonly op: 'claim'; readonly kind: IdentifierKind; readonly index: string; readonly owner: string }
  | { readonly op: 'settle'; readonly key: string }
  | { readonly op: 'void'; readonly key: string }
  | { readonly op: 'destroy'; readonly destruction: Destruction }
  /** Deletes a value if it is still as old as it was found to be, and its key with the last of the holding's values. */
  | { readonly op: 'collect'; readonly event: string; readonly slot: string; readonly holding: string; readonly before: number }
  | { readonly op: 'text'; readonly sha256: string; readonly text: string }
  | { readonly op: 'actor'; readonly actor: ActorRow }
  | { readonly op: 'revoke'; readonly id: string; readonly at: string }
  /** From now on no key wrapped under an older epoch is taken. */
  | { readonly op: 'epoch'; readonly epoch: number }
  /** Replaces a wrapped key that is still of the epoch it was read at. */
  | { readonly op: 'rewrap'; readonly holding: string; readonly from: number; readonly wrapped: Uint8Array; readonly epoch: number };

/** What rides with an append. */
export interface Rider {
  readonly at: number;
  readonly writes: readonly RowWrite[];
}

export interface VaultRows {
  find(refs: readonly SealedRef[]): Promise<readonly Found[]>;
  /** All values in order of (event, slot), each with its own holding's key. */
  findAfter(after: SealedRef | undefined, limit: number): Promise<readonly Found[]>;
  /** The values committed last, newest first. */
  newest(limit: number): Promise<readonly ValueRow[]>;
  keys(holdings: readonly string[]): Promise<readonly (KeyRow | undefined)[]>;
  /** Keys that live, in order of holding. */
  keysAfter(holding: string, limit: number): Promise<readonly KeyRow[]>;
  matches(kind: IdentifierKind, index: string, at: number): Promise<readonly Match[]>;
  claimant(kind: IdentifierKind, index: string): Promise<string | undefined>;
  inbox(key: string): Promise<InboxRow | undefined>;
  unsettled(): Promise<readonly InboxRow[]>;
  text(sha256: string): Promise<string | undefined>;
  actorByHash(hash: Uint8Array): Promise<ActorRow | undefined>;
  actors(): Promise<readonly ActorRow[]>;

  /** The rider is durable before the append is. Rejects with `RiderRefused` and as `EventStore.append` does. */
  commit(rider: Rider, append: AppendRequest): Promise<Appended>;
  write(rider: Rider): Promise<void>;
  /** For writes that nothing can speak against; a crash may lose them. */
  writeSoon(rider: Rider): void;
  purge(): Promise<PurgeReport>;
  close(): Promise<void>;
}

/**
 * The vault's port: the personal values, sealed; their keys; blind indexes and identifier claims; the inbox of commands that sealed
 * something; who the actors are; published texts. All of it but the texts may be destroyed, and erasure does.
 *
 * The log holds commitments only. What a value was, and the salt that proves it, is here or nowhere.
 */
import type { Appended, AppendRequest } from '#event-store/event-store.js';

/** What people are found by. A whole name is indexed for search only: it identifies nobody and is never claimed. */
export type IdentifierKind = 'email' | 'phone' | 'personnummer' | 'customer-number' | 'device-id' | 'organisation-number' | 'name';

/** One value to be sealed. `text` is its canonical JSON; the plaintext is salt ‖ text. */
export interface ToSeal {
  /** Id of the event whose slot holds the commitment. */
  readonly event: string;
  readonly slot: string;
  /** What the data key belongs to: a holding, an identifier, or a register's stream name. Keys are made at first use. */
  readonly holding: string;
  /** Whose it is: the stream's name. Destruction goes by it. */
  readonly owner: string;
  readonly text: string;
}

export interface Sealed {
  /** SHA-256(0x02 ‖ salt ‖ text), base64url. */
  readonly commitment: string;
  /** Commit them together with the event. */
  readonly writes: readonly VaultWrite[];
}

export interface SealedRef {
  readonly event: string;
  readonly slot: string;
  readonly holding: string;
}

/**
 * `opened`: the value and its salt. `erased`: its destruction is recorded. `broken`: anything else (unknown key, missing or altered
 * bytes, `missing` telling the two apart); never read as erased. `why` is for an operator and holds no personal data.
 */
export type Opened =
  | { readonly kind: 'opened'; readonly text: string; readonly salt: Uint8Array }
  | { readonly kind: 'erased' }
  | { readonly kind: 'broken'; readonly why: string; readonly missing?: true };

/** Somebody whom an identifier fits. */
export interface Match {
  readonly owner: string;
  /** The identifier whose link this is. */
  readonly identifier: string;
  readonly shared: boolean;
}

export interface InboxRow {
  /** Id of the command's first event, which is an HMAC over (system, command id). */
  readonly key: string;
  /** HMAC over the canonical command. Undefined once erasure has dropped it. */
  readonly fingerprint?: string;
  readonly owner: string;
  readonly attempt: number;
  /** The append as it was (or may have been) sent; undefined once settled. */
  readonly prepared?: AppendRequest;
  readonly settled: boolean;
}

export interface Actor {
  /** Random; what events say instead of a name. */
  readonly id: string;
  /** Sealed at rest. */
  readonly name: string;
  readonly role: 'upstream' | 'officer' | 'auditor';
  /** The registered system this token speaks for; set for upstreams. */
  readonly system?: string;
  readonly expiresAt?: string;
  readonly revokedAt?: string;
}

/** Bytes are Uint8Array, instants are ISO 8601 in UTC; everything survives structured cloning. */
export type VaultWrite =
  /** A wrapped data key; nothing happens when the holding has one. */
  | { readonly op: 'key'; readonly holding: string; readonly owner: string; readonly wrapped: Uint8Array; readonly epoch: number }
  /** A sealed value; replaces one of the same event and slot (an attempt that was never written to the log). */
  | { readonly op: 'value'; readonly event: string; readonly slot: string; readonly holding: string; readonly owner: string; readonly bytes: Uint8Array }
  /** An identifier's link to its owner; `from` inclusive, `to` exclusive. Replaces the link of the same identifier. */
  | {
      readonly op: 'link';
      readonly kind: IdentifierKind;
      readonly index: string;
      readonly owner: string;
      readonly identifier: string;
      readonly from: string;
      readonly to?: string;
      readonly shared: boolean;
    }
  /** Ends a link and releases the owner's claim, if it has it. */
  | { readonly op: 'unlink'; readonly identifier: string; readonly to: string }
  /** Reserves an identifier for its owner. Refused as `claimed` when another has it. */
  | { readonly op: 'claim'; readonly kind: IdentifierKind; readonly index: string; readonly owner: string }
  /** Attempt 1: refused as `inbox` when the key is known. Attempt n+1: refused as `inbox` unless the row is unsettled at attempt n. */
  | {
      readonly op: 'inbox';
      readonly key: string;
      readonly fingerprint: string;
      readonly owner: string;
      readonly attempt: number;
      readonly prepared: AppendRequest;
    }
  /** The outcome is known: written. Drops the prepared bytes. */
  | { readonly op: 'settle'; readonly key: string }
  /** The outcome is known: never written. Drops the row and what its attempt sealed. */
  | { readonly op: 'void'; readonly key: string };

/**
 * Why a commit was refused (as `RiderRefused.reason`); nothing was written. `key`: sealed under a key that is not the holding's, because
 * another process made one first or the master key was rotated in between; seal anew. `destroyed`: the holding's destruction is recorded.
 */
export type VaultRefusal =
  | { readonly kind: 'claimed'; readonly owner: string }
  | { readonly kind: 'inbox' }
  | { readonly kind: 'key'; readonly holding: string }
  | { readonly kind: 'destroyed'; readonly holding: string };

/** What a destruction covers. */
export interface Destruction {
  /** Id of the event that recorded the intent. From this row on the covered values read as erased. */
  readonly intent: string;
  readonly recordedAt: string;
  readonly owner: string;
  /** These holdings and identifiers only; absent: everything of the owner, orphans and the inbox fingerprints included. */
  readonly holdings?: readonly string[];
  /** These values, and what these identifiers and names are found by, and nothing else: a holding's key stays for its other values. */
  readonly made?: { readonly values: readonly SealedRef[]; readonly identifiers: readonly string[] };
}

export interface PurgeReport {
  /** SQLite files looked at, with what was done. */
  readonly files: readonly string[];
  readonly bytesBefore: number;
  readonly bytesAfter: number;
}

export interface VaultFaults {
  /** Values whose key or bytes cannot be opened. */
  readonly broken: readonly SealedRef[];
  /** Values that events speak of, without a row and without a recorded destruction. */
  readonly lost: readonly SealedRef[];
}

export interface Vault {
  /** Seals values; nothing is stored until the writes are committed. */
  seal(values: readonly ToSeal[]): Promise<readonly Sealed[]>;

  /** One answer for each reference, in order. */
  open(refs: readonly SealedRef[]): Promise<readonly Opened[]>;

  /** The keyed index of a value, normalised as the field's standard says. Undefined: the value is not of that kind (its form is wrong). */
  blindIndex(kind: IdentifierKind, value: string): string | undefined;

  /** Whom an index fits at an instant, by links. Links without an event behind them (a crash in between) may be among them. */
  matches(kind: IdentifierKind, index: string, at: string): Promise<readonly Match[]>;

  /** Who has claimed an index. */
  claimant(kind: IdentifierKind, index: string): Promise<string | undefined>;

  /**
   * Vault first, log second, then the answer. On an engine that shares the log's writer both ride in one group; elsewhere the vault
   * commits and then `append` is sent. Rejects as `EventStore.append` does.
   */
  commit(writes: readonly VaultWrite[], append: AppendRequest): Promise<Appended>;

  /** Vault writes alone; durable when it resolves. Rejects with `RiderRefused`. */
  write(writes: readonly VaultWrite[]): Promise<void>;

  /** Like `write`, but may wait for the next commit to ride with; a crash may lose it. For `settle`, which a sweeper would repeat. */
  writeSoon(writes: readonly VaultWrite[]): void;

  inbox(key: string): Promise<InboxRow | undefined>;
  /** Rows whose outcome is unknown. */
  unsettled(): Promise<readonly InboxRow[]>;

  /**
   * Idempotent: records that the covered values are destroyed, then deletes values, keys, links, claims, fingerprints. No purge. `links`:
   * links and claims that stand once this is gone, in the same transaction; a claim that another has rejects all of it with `RiderRefused`.
   */
  destroy(destruction: Destruction, links?: readonly VaultWrite[]): Promise<void>;

  /** Leaves no deleted byte in any file: drains readers, truncates the WAL, rewrites the file. Rejects when another process reads on. */
  purge(): Promise<PurgeReport>;

  /**
   * Sealed rows that no event of the log speaks of, older than `before`, whose inbox row is settled or absent. `isInLog` is asked of each
   * older event with the stream that owns it. Takes time in proportion to the vault.
   */
  orphans(before: string, isInLog: (event: string, owner: string) => Promise<boolean>): Promise<readonly SealedRef[]>;
  collect(orphans: readonly SealedRef[]): Promise<void>;

  /** The values committed last, newest first, whose they are with them: what a start compares with the log. */
  newest(limit: number): Promise<readonly (SealedRef & { readonly owner: string | undefined })[]>;

  /** Tries every sealed value; `spokenOf` are the references that the log's events hold. Takes time in proportion to the vault. */
  check(spokenOf: AsyncIterable<SealedRef>): Promise<VaultFaults>;

  /** A published text, by the SHA-256 (hex) of its UTF-8 bytes. Never erased. */
  putText(text: string): Promise<string>;
  text(sha256: string): Promise<string | undefined>;

  /** Makes an actor and gives its bearer token, which is not kept (only its hash). */
  createActor(actor: Omit<Actor, 'id' | 'revokedAt'>): Promise<{ readonly actor: Actor; readonly token: string }>;
  /** The actor of a token, compared in constant time; undefined when unknown. Expired and revoked ones are given: the caller judges. */
  actorOf(token: string): Promise<Actor | undefined>;
  actors(): Promise<readonly Actor[]>;
  revokeActor(id: string, at: string): Promise<boolean>;

  /** HMAC-SHA-256 under the command key, 32 bytes: in hex for event ids, in base64url for fingerprints. */
  commandHmac(text: string, as: 'hex' | 'base64url'): string;

  close(): Promise<void>;
}

import type { DatabaseSync, SQLOutputValue, StatementSync } from 'node:sqlite';
import { preparedOf } from '../rider.js';
import type { ActorRow, Found, KeyRow, ValueRow } from '../rows.js';
import type { IdentifierKind, InboxRow, Match, SealedRef } from '../vault.js';
import { text } from './row-writer.js';

type Row = Record<string, SQLOutputValue>;

/** Short reads on a connection of its own: each statement is one snapshot, and no cursor stays open when it returns. */
export class RowReader {
  readonly #find: StatementSync;
  readonly #findAfter: StatementSync;
  readonly #newest: StatementSync;
  readonly #key: StatementSync;
  readonly #keysAfter: StatementSync;
  readonly #matches: StatementSync;
  readonly #claimant: StatementSync;
  readonly #inbox: StatementSync;
  readonly #actorByHash: StatementSync;

  constructor(private readonly db: DatabaseSync) {
    this.#find = db.prepare(FIND);
    this.#findAfter = db.prepare(FIND_AFTER);
    this.#newest = db.prepare(NEWEST);
    this.#key = db.prepare(`SELECT holding, ${KEY} FROM key WHERE holding = ?`);
    this.#keysAfter = db.prepare(`SELECT holding, ${KEY} FROM key WHERE holding > ? AND intent IS NULL ORDER BY holding LIMIT ?`);
    this.#matches = db.prepare('SELECT owner, identifier, shared FROM link WHERE blind = ? AND kind = ? AND valid_from <= ? AND (valid_to IS NULL OR ? < valid_to)');
    this.#claimant = db.prepare('SELECT owner FROM claim WHERE blind = ? AND kind = ?');
    this.#inbox = db.prepare(`${INBOX} WHERE inbox.key = ?`);
    this.#actorByHash = db.prepare(`${ACTOR} WHERE hash = ?`);
  }

  /** Key and value in one statement, so that no destruction comes between them. */
  find(ref: SealedRef): Found {
    const row = this.#find.get(ref.holding, ref.event, ref.slot);
    return row ? foundIn(row, ref) : { ref, key: undefined, value: undefined };
  }

  findAfter(after: SealedRef | undefined, limit: number): readonly Found[] {
    return this.#findAfter.all(after?.event ?? '', after?.slot ?? '', limit).map((row) => {
      const ref = { event: String(row['event']), slot: String(row['slot']), holding: String(row['value_holding']) };
      return foundIn(row, ref);
    });
  }

  newest(limit: number): readonly ValueRow[] {
    return this.#newest.all(limit).map((row) => valueIn(row, { event: String(row['event']), slot: String(row['slot']), holding: String(row['value_holding']) }));
  }

  key(holding: string): KeyRow | undefined {
    const row = this.#key.get(holding);
    return row && keyIn(row, holding);
  }

  keysAfter(holding: string, limit: number): readonly KeyRow[] {
    return this.#keysAfter.all(holding, limit).map((row) => keyIn(row, String(row['holding'])));
  }

  matches(kind: IdentifierKind, index: string, at: number): readonly Match[] {
    const rows = this.#matches.all(index, kind, at, at);
    return rows.map((row) => ({ owner: String(row['owner']), identifier: String(row['identifier']), shared: row['shared'] === 1 }));
  }

  claimant(kind: IdentifierKind, index: string): string | undefined {
    return text(this.#claimant.get(index, kind)?.['owner']);
  }

  inbox(key: string): InboxRow | undefined {
    const row = this.#inbox.get(key);
    return row && inboxIn(row);
  }

  unsettled(): readonly InboxRow[] {
    return this.db.prepare(`${INBOX} WHERE prepared IS NOT NULL`).all().map(inboxIn);
  }

  text(sha256: string): string | undefined {
    return text(this.db.prepare('SELECT text FROM text WHERE sha256 = ?').get(sha256)?.['text']);
  }

  actorByHash(hash: Uint8Array): ActorRow | undefined {
    const row = this.#actorByHash.get(hash);
    return row && actorIn(row);
  }

  actors(): readonly ActorRow[] {
    return this.db.prepare(`${ACTOR} ORDER BY id`).all().map(actorIn);
  }
}

/** Whether the destruction that a row names is recorded: without it, what is not there is damage. */
const destroyed = (table: 'key' | 'value'): string =>
  `CASE WHEN ${table}.intent IS NULL THEN 0 ELSE EXISTS (SELECT 1 FROM destruction WHERE destruction.intent = ${table}.intent) END AS ${table}_destroyed`;
const KEY = `key.owner, key.wrapped, key.epoch, ${destroyed('key')}`;
const FOUND = `value.holding AS value_holding, coalesce(value.other_owner, value_key.owner) AS value_owner, value.at, value.bytes, value.event IS NOT NULL AS has_value,
  ${destroyed('value')}, key.holding IS NOT NULL AS has_key, ${KEY}`;
const FIND = `SELECT ${FOUND} FROM (SELECT ?1 AS holding, ?2 AS event, ?3 AS slot) AS ref
  LEFT JOIN key ON key.holding = ref.holding LEFT JOIN value ON value.event = ref.event AND value.slot = ref.slot LEFT JOIN key AS value_key ON value_key.holding = value.holding`;
const VALUES = `SELECT value.event, value.slot, ${FOUND} FROM value LEFT JOIN key ON key.holding = value.holding LEFT JOIN key AS value_key ON value_key.holding = value.holding`;
const FIND_AFTER = `${VALUES} WHERE (value.event, value.slot) > (?, ?) ORDER BY value.event, value.slot LIMIT ?`;
/** Rows keep the order in which they came. */
const NEWEST = `${VALUES} ORDER BY value.rowid DESC LIMIT ?`;
const INBOX = 'SELECT inbox.key, fingerprint, owner, attempt, prepared FROM inbox LEFT JOIN pending ON pending.key = inbox.key';
const ACTOR = 'SELECT id, hash, name, role, system, expires_at, revoked_at FROM actor';

function foundIn(row: Row, ref: SealedRef): Found {
  return { ref, key: row['has_key'] === 1 ? keyIn(row, ref.holding) : undefined, value: row['has_value'] === 1 ? valueIn(row, ref) : undefined };
}

function keyIn(row: Row, holding: string): KeyRow {
  return { holding, owner: String(row['owner']), wrapped: unlessDestroyed(row['wrapped'], row['key_destroyed']), epoch: Number(row['epoch']) };
}

function valueIn(row: Row, { event, slot }: SealedRef): ValueRow {
  return { event, slot, holding: String(row['value_holding']), owner: text(row['value_owner']), bytes: unlessDestroyed(row['bytes'], row['value_destroyed']), at: Number(row['at']) };
}

function inboxIn(row: Row): InboxRow {
  const [fingerprint, prepared] = [text(row['fingerprint']), text(row['prepared'])];
  return {
    key: String(row['key']),
    owner: String(row['owner']),
    attempt: Number(row['attempt']),
    settled: prepared === undefined,
    ...(fingerprint !== undefined && { fingerprint }),
    ...(prepared !== undefined && { prepared: preparedOf(prepared) }),
  };
}

function actorIn(row: Row): ActorRow {
  const [system, expiresAt, revokedAt, hash, name] = [text(row['system']), text(row['expires_at']), text(row['revoked_at']), bytes(row['hash']), bytes(row['name'])];
  if (!hash || !name) throw new Error('an actor has a hash and a sealed name: the table says so');
  const role = roleOf(row['role']);
  return { id: String(row['id']), hash, name, role, ...(system !== undefined && { system }), ...(expiresAt !== undefined && { expiresAt }), ...(revokedAt !== undefined && { revokedAt }) };
}

function roleOf(value: SQLOutputValue | undefined): ActorRow['role'] {
  if (value === 'upstream' || value === 'officer' || value === 'auditor') return value;
  throw new Error('an actor of the vault has a role that this program does not know');
}

/** What opens for nobody, and is not erased. */
const DAMAGED = new Uint8Array();

/** One flipped bit makes SQLite tell bytes as a text: gone is only what a recorded destruction took. */
function unlessDestroyed(value: SQLOutputValue | undefined, isDestroyed: SQLOutputValue | undefined): Uint8Array | undefined {
  return bytes(value) ?? (isDestroyed === 1 ? undefined : DAMAGED);
}

function bytes(value: SQLOutputValue | undefined): Uint8Array | undefined {
  return value instanceof Uint8Array ? value : undefined;
}

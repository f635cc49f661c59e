import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { actorIn, foundIn, inboxIn, keyIn, textIn, valueIn } from '../row-cells.js';
import type { ActorRow, Found, KeyRow, ValueRow } from '../rows.js';
import type { IdentifierKind, InboxRow, Match, SealedRef } from '../vault.js';

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
    return textIn(this.#claimant.get(index, kind)?.['owner']);
  }

  inbox(key: string): InboxRow | undefined {
    const row = this.#inbox.get(key);
    return row && inboxIn(row);
  }

  unsettled(): readonly InboxRow[] {
    return this.db.prepare(`${INBOX} WHERE prepared IS NOT NULL`).all().map(inboxIn);
  }

  text(sha256: string): string | undefined {
    return textIn(this.db.prepare('SELECT text FROM text WHERE sha256 = ?').get(sha256)?.['text']);
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

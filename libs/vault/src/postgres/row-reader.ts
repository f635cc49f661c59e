import type { Queryable, Row, Value } from '#postgres/database.js';
import { preparedOf } from '../rider.js';
import type { ActorRow, Found, KeyRow, ValueRow } from '../rows.js';
import type { IdentifierKind, InboxRow, Match, SealedRef } from '../vault.js';

/** Reads: each one statement, which is one snapshot. */
export class RowReader {
  constructor(private readonly db: Queryable) {}

  /** Key and value in one statement, so that no destruction comes between them. */
  async find(refs: readonly SealedRef[]): Promise<readonly Found[]> {
    if (refs.length === 0) return [];
    const rows = await this.#rows('find', FIND, refs.map(({ holding }) => holding), refs.map(({ event }) => event), refs.map(({ slot }) => slot));
    return refs.map((ref, i) => foundIn(rows[i] ?? {}, ref));
  }

  async findAfter(after: SealedRef | undefined, limit: number): Promise<readonly Found[]> {
    const rows = await this.#rows('find-after', FIND_AFTER, after?.event ?? '', after?.slot ?? '', limit);
    return rows.map((row) => foundIn(row, refIn(row)));
  }

  async newest(limit: number): Promise<readonly ValueRow[]> {
    return (await this.#rows('newest', NEWEST, limit)).map((row) => valueIn(row, refIn(row)));
  }

  async keys(holdings: readonly string[]): Promise<readonly (KeyRow | undefined)[]> {
    const rows = await this.#rows('keys', `SELECT holding, ${KEY} FROM key WHERE holding = ANY ($1::text[])`, holdings);
    const found = new Map(rows.map((row) => [String(row['holding']), row]));
    return holdings.map((holding) => {
      const row = found.get(holding);
      return row && keyIn(row, holding);
    });
  }

  async keysAfter(holding: string, limit: number): Promise<readonly KeyRow[]> {
    const rows = await this.#rows('keys-after', `SELECT holding, ${KEY} FROM key WHERE holding > $1 AND intent IS NULL ORDER BY holding LIMIT $2`, holding, limit);
    return rows.map((row) => keyIn(row, String(row['holding'])));
  }

  async matches(kind: IdentifierKind, index: string, at: number): Promise<readonly Match[]> {
    const rows = await this.#rows('matches', MATCHES, index, kind, at);
    return rows.map((row) => ({ owner: String(row['owner']), identifier: String(row['identifier']), shared: row['shared'] === true }));
  }

  async claimant(kind: IdentifierKind, index: string): Promise<string | undefined> {
    const [row] = await this.#rows('claimant', 'SELECT owner FROM claim WHERE blind = $1 AND kind = $2', index, kind);
    return textIn(row?.['owner']);
  }

  async inbox(key: string): Promise<InboxRow | undefined> {
    const [row] = await this.#rows('inbox', `${INBOX} WHERE inbox.key = $1`, key);
    return row && inboxIn(row);
  }

  async unsettled(): Promise<readonly InboxRow[]> {
    return (await this.#rows('unsettled', `${INBOX} WHERE prepared IS NOT NULL`)).map(inboxIn);
  }

  async text(sha256: string): Promise<string | undefined> {
    const [row] = await this.#rows('text', 'SELECT text FROM text WHERE sha256 = $1', sha256);
    const found = bytesIn(row?.['text']);
    return found && Buffer.from(found).toString('utf8');
  }

  async actorByHash(hash: Uint8Array): Promise<ActorRow | undefined> {
    const [row] = await this.#rows('actor-by-hash', `${ACTOR} WHERE hash = $1`, hash);
    return row && actorIn(row);
  }

  async actors(): Promise<readonly ActorRow[]> {
    return (await this.#rows('actors', `${ACTOR} ORDER BY id`)).map(actorIn);
  }

  async #rows(name: string, text: string, ...values: readonly Value[]): Promise<readonly Row[]> {
    return (await this.db.query({ name: `vault-${name}`, text }, values)).rows;
  }
}

/** Whether the destruction that a row names is recorded: without it, what is not there is damage. */
const destroyed = (table: 'key' | 'value'): string =>
  `(${table}.intent IS NOT NULL AND EXISTS (SELECT 1 FROM destruction WHERE destruction.intent = ${table}.intent)) AS ${table}_destroyed`;
const KEY = `key.owner, key.wrapped, key.epoch, ${destroyed('key')}`;
const FOUND = `value.holding AS value_holding, coalesce(value.other_owner, value_key.owner) AS value_owner, value.at, value.bytes, value.event IS NOT NULL AS has_value,
  ${destroyed('value')}, key.holding IS NOT NULL AS has_key, ${KEY}`;
const FIND = `SELECT ${FOUND} FROM unnest($1::text[], $2::text[], $3::text[]) WITH ORDINALITY AS ref (holding, event, slot, i)
  LEFT JOIN key ON key.holding = ref.holding LEFT JOIN value ON value.event = ref.event AND value.slot = ref.slot LEFT JOIN key AS value_key ON value_key.holding = value.holding
  ORDER BY ref.i`;
const VALUES = `SELECT value.event, value.slot, ${FOUND} FROM value LEFT JOIN key ON key.holding = value.holding LEFT JOIN key AS value_key ON value_key.holding = value.holding`;
const FIND_AFTER = `${VALUES} WHERE (value.event, value.slot) > ($1::text COLLATE "C", $2::text COLLATE "C") ORDER BY value.event, value.slot LIMIT $3`;
const NEWEST = `${VALUES} ORDER BY value.seq DESC LIMIT $1`;
const MATCHES = 'SELECT owner, identifier, shared FROM link WHERE blind = $1 AND kind = $2 AND valid_from <= $3 AND (valid_to IS NULL OR $3 < valid_to)';
const INBOX = 'SELECT inbox.key, fingerprint, owner, attempt, prepared FROM inbox LEFT JOIN pending ON pending.key = inbox.key';
const ACTOR = 'SELECT id, hash, name, role, system, expires_at, revoked_at FROM actor';

function refIn(row: Row): SealedRef {
  return { event: String(row['event']), slot: String(row['slot']), holding: String(row['value_holding']) };
}

function foundIn(row: Row, ref: SealedRef): Found {
  return { ref, key: row['has_key'] === true ? keyIn(row, ref.holding) : undefined, value: row['has_value'] === true ? valueIn(row, ref) : undefined };
}

function keyIn(row: Row, holding: string): KeyRow {
  return { holding, owner: String(row['owner']), wrapped: unlessDestroyed(row['wrapped'], row['key_destroyed']), epoch: Number(row['epoch']) };
}

function valueIn(row: Row, { event, slot }: SealedRef): ValueRow {
  return { event, slot, holding: String(row['value_holding']), owner: textIn(row['value_owner']), bytes: unlessDestroyed(row['bytes'], row['value_destroyed']), at: Number(row['at']) };
}

function inboxIn(row: Row): InboxRow {
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

function actorIn(row: Row): ActorRow {
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

/** Gone is only what a recorded destruction took. */
function unlessDestroyed(value: unknown, isDestroyed: unknown): Uint8Array | undefined {
  return bytesIn(value) ?? (isDestroyed === true ? undefined : DAMAGED);
}

/** Plain bytes with a buffer of their own. */
function bytesIn(value: unknown): Uint8Array | undefined {
  return value instanceof Uint8Array ? value : undefined;
}

export function textIn(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

import type { Queryable, Row, Value } from '#postgres/database.js';
import { actorIn, bytesIn, foundIn, inboxIn, keyIn, textIn, valueIn } from '../row-cells.js';
import type { ActorRow, Found, KeyRow, ValueRow } from '../rows.js';
import type { IdentifierKind, InboxRow, Match, SealedRef } from '../vault.js';
import { Together } from './together.js';

interface Wanted {
  readonly kind: IdentifierKind;
  readonly index: string;
}

/** Reads: each one statement, which is one snapshot. What every command asks is asked together with what the others ask. */
export class RowReader {
  readonly #inbox = new Together((keys: readonly string[]) => this.#inboxes(keys), 2);
  readonly #keys = new Together((asked: readonly (readonly string[])[]) => this.#keysOf(asked));
  readonly #matches = new Together((asked: readonly (Wanted & { readonly at: number })[]) => this.#matchesOf(asked));
  readonly #claimants = new Together((asked: readonly Wanted[]) => this.#claimantsOf(asked));

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

  keys(holdings: readonly string[]): Promise<readonly (KeyRow | undefined)[]> {
    return this.#keys.of(holdings);
  }

  async keysAfter(holding: string, limit: number): Promise<readonly KeyRow[]> {
    const rows = await this.#rows('keys-after', `SELECT holding, ${KEY} FROM key WHERE holding > $1 AND intent IS NULL ORDER BY holding LIMIT $2`, holding, limit);
    return rows.map((row) => keyIn(row, String(row['holding'])));
  }

  matches(kind: IdentifierKind, index: string, at: number): Promise<readonly Match[]> {
    return this.#matches.of({ kind, index, at });
  }

  claimant(kind: IdentifierKind, index: string): Promise<string | undefined> {
    return this.#claimants.of({ kind, index });
  }

  inbox(key: string): Promise<InboxRow | undefined> {
    return this.#inbox.of(key);
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

  async #keysOf(asked: readonly (readonly string[])[]): Promise<readonly (readonly (KeyRow | undefined)[])[]> {
    const rows = await this.#rows('keys', `SELECT holding, ${KEY} FROM key WHERE holding = ANY ($1::text[])`, [...new Set(asked.flat())]);
    const found = new Map(rows.map((row) => [String(row['holding']), keyIn(row, String(row['holding']))]));
    return asked.map((holdings) => holdings.map((holding) => found.get(holding)));
  }

  async #matchesOf(asked: readonly (Wanted & { readonly at: number })[]): Promise<readonly (readonly Match[])[]> {
    const rows = await this.#rows('matches', MATCHES, asked.map(({ index }) => index), asked.map(({ kind }) => kind), asked.map(({ at }) => at));
    const found = asked.map((): Match[] => []);
    for (const row of rows) found[Number(row['i']) - 1]?.push({ owner: String(row['owner']), identifier: String(row['identifier']), shared: row['shared'] === true });
    return found;
  }

  async #claimantsOf(asked: readonly Wanted[]): Promise<readonly (string | undefined)[]> {
    const rows = await this.#rows('claimant', CLAIMANTS, asked.map(({ index }) => index), asked.map(({ kind }) => kind));
    const found = new Map(rows.map((row) => [Number(row['i']) - 1, textIn(row['owner'])]));
    return asked.map((_, i) => found.get(i));
  }

  async #inboxes(keys: readonly string[]): Promise<readonly (InboxRow | undefined)[]> {
    const rows = await this.#rows('inbox', `${INBOX} WHERE inbox.key = ANY ($1::text[])`, [...new Set(keys)]);
    const found = new Map(rows.map((row) => [String(row['key']), inboxIn(row)]));
    return keys.map((key) => found.get(key));
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
const MATCHES = `SELECT asked.i, owner, identifier, shared FROM unnest($1::text[], $2::text[], $3::bigint[]) WITH ORDINALITY AS asked (index, kind, at, i)
  JOIN link ON link.blind = asked.index AND link.kind = asked.kind AND valid_from <= asked.at AND (valid_to IS NULL OR asked.at < valid_to)`;
const CLAIMANTS = `SELECT asked.i, owner FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS asked (index, kind, i)
  JOIN claim ON claim.blind = asked.index AND claim.kind = asked.kind`;
const INBOX = 'SELECT inbox.key, fingerprint, owner, attempt, prepared FROM inbox LEFT JOIN pending ON pending.key = inbox.key';
const ACTOR = 'SELECT id, hash, name, role, system, expires_at, revoked_at FROM actor';

function refIn(row: Row): SealedRef {
  return { event: String(row['event']), slot: String(row['slot']), holding: String(row['value_holding']) };
}

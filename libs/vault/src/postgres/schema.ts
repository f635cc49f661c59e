/**
 * The vault's tables in PostgreSQL, and the function that takes a rider.
 *
 * Storage format: names and shapes below are in databases; a migration that has been released is never edited, the next one changes it.
 * Nothing readable is in it but published texts, ids, enumerations and instants: values and names are sealed, indexes are keyed.
 */
import type { MigrationSettings } from '#postgres/migrate.js';

export const SCHEMA = 'liggare_vault';

/**
 * As in `sqlite/vault-file.ts`, table by table. `value.seq` is the order in which values came (SQLite keeps it as the rowid), `pending.events` are
 * the prepared append's event ids. Ids are compared byte by byte, as SQLite and JavaScript do. A published text is bytes: PostgreSQL's
 * texts cannot hold U+0000.
 */
const TABLES = [
  `CREATE TABLE meta (name TEXT COLLATE "C" PRIMARY KEY, value TEXT NOT NULL)`,
  `CREATE TABLE key (
    holding TEXT COLLATE "C" PRIMARY KEY, owner TEXT COLLATE "C" NOT NULL, wrapped BYTEA, epoch BIGINT NOT NULL, intent TEXT COLLATE "C",
    CHECK ((wrapped IS NULL) = (intent IS NOT NULL))
  )`,
  `CREATE INDEX key_owner ON key (owner)`,
  `CREATE TABLE value (
    event TEXT COLLATE "C" NOT NULL, slot TEXT COLLATE "C" NOT NULL, holding TEXT COLLATE "C" NOT NULL, other_owner TEXT COLLATE "C", at BIGINT NOT NULL,
    bytes BYTEA, intent TEXT COLLATE "C", seq BIGINT NOT NULL GENERATED ALWAYS AS IDENTITY,
    PRIMARY KEY (event, slot), CHECK ((bytes IS NULL) = (intent IS NOT NULL))
  )`,
  `CREATE INDEX value_holding ON value (holding)`,
  `CREATE INDEX value_other_owner ON value (other_owner) WHERE other_owner IS NOT NULL`,
  `CREATE INDEX value_seq ON value (seq)`,
  `CREATE TABLE link (
    identifier TEXT COLLATE "C" PRIMARY KEY, kind TEXT COLLATE "C" NOT NULL, blind TEXT COLLATE "C" NOT NULL, owner TEXT COLLATE "C" NOT NULL,
    valid_from BIGINT NOT NULL, valid_to BIGINT, shared BOOLEAN NOT NULL
  )`,
  `CREATE INDEX link_blind ON link (blind, kind)`,
  `CREATE INDEX link_owner ON link (owner)`,
  `CREATE TABLE claim (blind TEXT COLLATE "C" NOT NULL, kind TEXT COLLATE "C" NOT NULL, owner TEXT COLLATE "C" NOT NULL, PRIMARY KEY (blind, kind))`,
  `CREATE INDEX claim_owner ON claim (owner)`,
  `CREATE TABLE inbox (key TEXT COLLATE "C" PRIMARY KEY, fingerprint TEXT, owner TEXT COLLATE "C" NOT NULL, attempt BIGINT NOT NULL)`,
  `CREATE INDEX inbox_owner ON inbox (owner)`,
  `CREATE TABLE pending (key TEXT COLLATE "C" PRIMARY KEY, prepared TEXT NOT NULL, events TEXT[] NOT NULL)`,
  `CREATE TABLE destruction (intent TEXT COLLATE "C" NOT NULL, owner TEXT COLLATE "C" NOT NULL, recorded_at TEXT NOT NULL, PRIMARY KEY (intent, owner))`,
  `CREATE TABLE actor (
    id TEXT COLLATE "C" PRIMARY KEY, hash BYTEA NOT NULL UNIQUE, name BYTEA NOT NULL, role TEXT NOT NULL, system TEXT, expires_at TEXT, revoked_at TEXT
  )`,
  `CREATE TABLE text (sha256 TEXT COLLATE "C" PRIMARY KEY, text BYTEA NOT NULL)`,
];

/** A link goes with the claim that its owner has by it. */
const DROP_LINKS = `
CREATE FUNCTION drop_links(identifiers TEXT[]) RETURNS VOID LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM claim USING link
    WHERE link.identifier = ANY (identifiers) AND claim.blind = link.blind AND claim.kind = link.kind AND claim.owner = link.owner;
  DELETE FROM link WHERE identifier = ANY (identifiers);
END $$`;

/**
 * The keys first: whoever is sealing for one of these holdings has its key's row locked (or is about to insert it) until it commits, and what it sealed is
 * seen by the statement after.
 */
const DESTROY_HOLDINGS = `
CREATE FUNCTION destroy_holdings(holdings TEXT[], for_owner TEXT, by_intent TEXT) RETURNS VOID LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO key (holding, owner, epoch, intent) SELECT DISTINCT one, for_owner, 0, by_intent FROM unnest(holdings) AS one ORDER BY one
    ON CONFLICT (holding) DO UPDATE SET wrapped = NULL, intent = excluded.intent WHERE key.wrapped IS NOT NULL;
  DELETE FROM value WHERE holding = ANY (holdings);
  PERFORM drop_links(holdings);
END $$`;

/** \`what\` holds the destruction's \`holdings\` or \`made\`; neither: everything of the owner, once. */
const DESTROY = `
CREATE FUNCTION destroy(by_intent TEXT, for_owner TEXT, was_recorded_at TEXT, what JSONB) RETURNS VOID LANGUAGE plpgsql AS $$
DECLARE
  is_new BOOLEAN;
  one RECORD;
BEGIN
  INSERT INTO destruction (intent, owner, recorded_at) VALUES (by_intent, for_owner, was_recorded_at) ON CONFLICT DO NOTHING;
  is_new := FOUND;
  IF what ? 'made' THEN
    FOR one IN SELECT * FROM jsonb_to_recordset(what -> 'made' -> 'values') AS ref (event TEXT, slot TEXT, holding TEXT) LOOP
      INSERT INTO value (event, slot, holding, at, intent) VALUES (one.event, one.slot, one.holding, 0, by_intent)
        ON CONFLICT (event, slot) DO UPDATE SET bytes = NULL, intent = excluded.intent WHERE value.intent IS NULL;
    END LOOP;
    PERFORM drop_links(ARRAY(SELECT jsonb_array_elements_text(what -> 'made' -> 'identifiers')));
  ELSIF what ? 'holdings' THEN
    PERFORM destroy_holdings(ARRAY(SELECT jsonb_array_elements_text(what -> 'holdings')), for_owner, by_intent);
  ELSIF is_new THEN
    PERFORM destroy_holdings(ARRAY(
      SELECT holding FROM key WHERE owner = for_owner
      UNION SELECT holding FROM value WHERE other_owner = for_owner AND NOT EXISTS (SELECT 1 FROM key WHERE key.holding = value.holding)
    ), for_owner, by_intent);
    UPDATE value SET bytes = NULL, intent = by_intent WHERE other_owner = for_owner AND intent IS NULL;
    DELETE FROM link WHERE owner = for_owner;
    DELETE FROM claim WHERE owner = for_owner;
    UPDATE inbox SET fingerprint = NULL WHERE owner = for_owner;
  END IF;
END $$`;

/** What an attempt that the log never took has sealed. False: there is none whose outcome is open. */
const DROP_ATTEMPT = `
CREATE FUNCTION drop_attempt(of_key TEXT) RETURNS BOOLEAN LANGUAGE plpgsql AS $$
DECLARE
  ids TEXT[];
BEGIN
  SELECT events INTO ids FROM pending WHERE key = of_key FOR UPDATE;
  IF NOT FOUND THEN RETURN FALSE; END IF;
  DELETE FROM value WHERE event = ANY (ids) AND intent IS NULL;
  DELETE FROM pending WHERE key = of_key;
  RETURN TRUE;
END $$`;

/**
 * Takes a rider whole or not at all, by the rules of \`refusalOf\`; gives the refusal as JSON, or nothing. One round trip, one transaction.
 * Why no two of them race is in decisions/0006. Which of a write's parts is in which array: \`rider-rows.ts\`.
 */
const TAKE = `
CREATE FUNCTION take(
  now_ms BIGINT, owners TEXT[], alone BOOLEAN,
  op TEXT[], a TEXT[], b TEXT[], c TEXT[], d TEXT[], e TEXT[], n BIGINT[], m BIGINT[], x BYTEA[]
) RETURNS TEXT LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  space CONSTANT TEXT := 'liggare vault ' || current_schema() || ' ';
  w RECORD;
  epoch_now BIGINT;
  ids TEXT[];
  one TEXT;
  why TEXT;
BEGIN
  -- Rotation waits for whoever stores a key under the epoch that it ends, and they for it.
  IF 'epoch' = ANY (op) THEN PERFORM pg_advisory_xact_lock(hashtextextended(space || 'epoch', 0));
  ELSIF 'key' = ANY (op) THEN PERFORM pg_advisory_xact_lock_shared(hashtextextended(space || 'epoch', 0));
  END IF;
  -- A destruction of all that an owner has meets no half of what is stored for it. Sorted by the caller.
  FOREACH one IN ARRAY owners LOOP
    IF alone THEN PERFORM pg_advisory_xact_lock(hashtextextended(space || 'owner ' || one, 0));
    ELSE PERFORM pg_advisory_xact_lock_shared(hashtextextended(space || 'owner ' || one, 0));
    END IF;
  END LOOP;

  -- Each statement from here on sees what was committed before it began.
  FOR w IN SELECT * FROM unnest(op, a, b, c, d, e, n) AS w (op, a, b, c, d, e, n) WHERE w.op = 'inbox' LOOP
    IF w.n = 1 THEN
      INSERT INTO inbox (key, fingerprint, owner, attempt) VALUES (w.a, w.b, w.c, 1) ON CONFLICT DO NOTHING;
      IF NOT FOUND THEN RAISE EXCEPTION USING ERRCODE = 'LG001', MESSAGE = '{"kind":"inbox"}'; END IF;
    ELSE
      SELECT events INTO ids FROM pending WHERE key = w.a FOR UPDATE;
      IF NOT FOUND THEN RAISE EXCEPTION USING ERRCODE = 'LG001', MESSAGE = '{"kind":"inbox"}'; END IF;
      UPDATE inbox SET fingerprint = w.b, owner = w.c, attempt = w.n WHERE key = w.a AND attempt = w.n - 1;
      IF NOT FOUND THEN RAISE EXCEPTION USING ERRCODE = 'LG001', MESSAGE = '{"kind":"inbox"}'; END IF;
      DELETE FROM value WHERE event = ANY (ids) AND intent IS NULL;
    END IF;
    INSERT INTO pending (key, prepared, events) VALUES (w.a, w.d, string_to_array(w.e, chr(10)))
      ON CONFLICT (key) DO UPDATE SET prepared = excluded.prepared, events = excluded.events;
  END LOOP;

  IF 'key' = ANY (op) THEN
    SELECT value::bigint INTO epoch_now FROM meta WHERE name = 'epoch';
    SELECT w.a INTO one FROM unnest(op, a, n) AS w (op, a, n) WHERE w.op = 'key' AND w.n < epoch_now LIMIT 1;
    IF FOUND THEN RAISE EXCEPTION USING ERRCODE = 'LG001', MESSAGE = json_build_object('kind', 'key', 'holding', one)::text; END IF;
    -- Whoever is inserting the same one is waited for: it is theirs then, or ours.
    INSERT INTO key (holding, owner, wrapped, epoch) SELECT DISTINCT ON (w.a) w.a, w.c, w.x, w.n FROM unnest(op, a, c, n, x) AS w (op, a, c, n, x) WHERE w.op = 'key' ORDER BY w.a
      ON CONFLICT DO NOTHING;
  END IF;
  IF 'value' = ANY (op) OR 'key' = ANY (op) THEN
    PERFORM 1 FROM key WHERE holding IN (SELECT w.a FROM unnest(op, a) AS w (op, a) WHERE w.op IN ('key', 'value')) ORDER BY holding FOR SHARE;
    -- The key's id stands in both headers, after the version.
    SELECT CASE WHEN key.holding IS NOT NULL AND key.wrapped IS NULL THEN 'destroyed' ELSE 'key' END, w.a INTO why, one
      FROM unnest(op, a, x) WITH ORDINALITY AS w (op, a, x, i) LEFT JOIN key ON key.holding = w.a
      WHERE w.op IN ('key', 'value') AND substring(key.wrapped FROM 2 FOR 8) IS DISTINCT FROM substring(w.x FROM 2 FOR 8) ORDER BY w.i LIMIT 1;
    IF FOUND THEN RAISE EXCEPTION USING ERRCODE = 'LG001', MESSAGE = json_build_object('kind', why, 'holding', one)::text; END IF;
  END IF;

  FOR w IN SELECT * FROM unnest(op, b, c, d) AS w (op, b, c, d) WHERE w.op = 'claim' ORDER BY b, d LOOP
    LOOP
      INSERT INTO claim (blind, kind, owner) VALUES (w.b, w.d, w.c) ON CONFLICT DO NOTHING;
      SELECT owner INTO one FROM claim WHERE blind = w.b AND kind = w.d;
      -- Not found: it was released in between, and is free.
      EXIT WHEN FOUND;
    END LOOP;
    IF one <> w.c THEN RAISE EXCEPTION USING ERRCODE = 'LG001', MESSAGE = json_build_object('kind', 'claimed', 'owner', one)::text; END IF;
  END LOOP;

  FOR w IN SELECT * FROM unnest(op, a, b, c, d, e, n, m, x) AS w (op, a, b, c, d, e, n, m, x) WHERE w.op NOT IN ('inbox', 'key') LOOP
    CASE w.op
      WHEN 'value' THEN
        INSERT INTO value (event, slot, holding, other_owner, at, bytes) VALUES (w.b, w.d, w.a, nullif(w.c, (SELECT owner FROM key WHERE holding = w.a)), now_ms, w.x)
          ON CONFLICT (event, slot) DO UPDATE SET holding = excluded.holding, other_owner = excluded.other_owner, at = excluded.at, bytes = excluded.bytes WHERE value.intent IS NULL;
      WHEN 'link' THEN
        INSERT INTO link (identifier, kind, blind, owner, valid_from, valid_to, shared) VALUES (w.a, w.d, w.b, w.c, w.n, w.m, w.e IS NOT DISTINCT FROM 'shared')
          ON CONFLICT (identifier) DO UPDATE SET kind = excluded.kind, blind = excluded.blind, owner = excluded.owner, valid_from = excluded.valid_from, valid_to = excluded.valid_to, shared = excluded.shared;
      WHEN 'unlink' THEN
        UPDATE link SET valid_to = w.n WHERE identifier = w.a;
        DELETE FROM claim USING link WHERE link.identifier = w.a AND claim.blind = link.blind AND claim.kind = link.kind AND claim.owner = link.owner;
      WHEN 'claim' THEN
        -- Reserved above; what came before it in this rider may have released it.
        INSERT INTO claim (blind, kind, owner) VALUES (w.b, w.d, w.c) ON CONFLICT DO NOTHING;
      WHEN 'settle' THEN
        DELETE FROM pending WHERE key = w.a;
      WHEN 'void' THEN
        IF drop_attempt(w.a) THEN DELETE FROM inbox WHERE key = w.a; END IF;
      WHEN 'destroy' THEN
        PERFORM destroy(w.a, w.c, w.b, w.e::jsonb);
      WHEN 'collect' THEN
        -- Whoever seals for the holding now is waited for, and seen by the last statement.
        PERFORM 1 FROM key WHERE holding = w.a FOR UPDATE;
        DELETE FROM value WHERE event = w.b AND slot = w.d AND holding = w.a AND at < w.n AND intent IS NULL;
        IF FOUND THEN DELETE FROM key WHERE holding = w.a AND intent IS NULL AND NOT EXISTS (SELECT 1 FROM value WHERE holding = w.a); END IF;
      WHEN 'text' THEN
        INSERT INTO text (sha256, text) VALUES (w.a, w.x) ON CONFLICT (sha256) DO UPDATE SET text = excluded.text;
      WHEN 'actor' THEN
        INSERT INTO actor (id, hash, name, role, system, expires_at) VALUES (w.a, decode(w.b, 'hex'), w.x, w.c, w.d, w.e);
      WHEN 'revoke' THEN
        UPDATE actor SET revoked_at = w.b WHERE id = w.a AND revoked_at IS NULL;
      WHEN 'epoch' THEN
        UPDATE meta SET value = w.n::text WHERE name = 'epoch' AND value::bigint < w.n;
      WHEN 'rewrap' THEN
        UPDATE key SET wrapped = w.x, epoch = w.m WHERE holding = w.a AND epoch = w.n AND wrapped IS NOT NULL;
    END CASE;
  END LOOP;
  RETURN NULL;
EXCEPTION WHEN SQLSTATE 'LG001' THEN
  RETURN SQLERRM;
END $$`;

export const VAULT_MIGRATIONS: MigrationSettings = {
  name: 'vault',
  migrations: { '0001-vault': [...TABLES, DROP_LINKS, DESTROY_HOLDINGS, DESTROY, DROP_ATTEMPT, TAKE] },
};

import type { Database, Queryable } from '#postgres/database.js';
import { migrate } from '#postgres/migrate.js';
import { isKeyCheck, keyCheck, type Keys } from '../keys.js';
import { KeysUnusable, VaultUnusable } from '../unusable.js';
import { VAULT_MIGRATIONS } from './schema.js';

/** What a vault says of itself. `copying`: a ledger is being moved in, and nobody else may use it yet. */
export interface Identity {
  readonly ledgerId: string;
  readonly check: string;
  readonly epoch: number;
  readonly copying: boolean;
}

/**
 * Sees that this vault is this ledger's, and that the keys are its own; a vault that is nobody's yet becomes this ledger's. Of several who do that
 * at once one is first. Throws `VaultUnusable` or `KeysUnusable`.
 */
export async function prepareVault(database: Database, keys: Keys, ledgerId: string): Promise<void> {
  await migrate(database, VAULT_MIGRATIONS);
  const found = (await identityOf(database)) ?? (await alone(database, async (session) => (await identityOf(session)) ?? initialise(session, keys, ledgerId)));
  if (found.ledgerId !== ledgerId) throw new VaultUnusable('the vault in PostgreSQL is another ledger’s (hint: log, vault and keys belong together)');
  recognise(found, keys);
}

/** Whether a vault's keys are these. */
export function recognise({ ledgerId, check, epoch, copying }: Identity, keys: Keys): void {
  if (copying) throw new VaultUnusable('a ledger is being copied into the vault in PostgreSQL, and the copy is not complete (hint: run the migration again; it goes on where it stopped)');
  if (!isKeyCheck(check, keyCheck(keys, ledgerId))) throw new KeysUnusable('the keys are not those of the vault in PostgreSQL (hint: restore the key directory that belongs to it)');
  if (keys.master(epoch)) return;
  const which = keys.epoch < epoch ? `the keys are older than the vault in PostgreSQL, which is at epoch ${epoch} (hint: give this node the newest key directory)` : `the vault in PostgreSQL is older than its keys: it is at epoch ${epoch}, whose master key is gone since the rotation to ${keys.epoch} (hint: restore a vault from after that rotation, or the keys from before it)`;
  throw new KeysUnusable(which);
}

/** Whether nothing was ever kept here. Reads only, and wants no table to be there. */
export async function isNobodys(database: Database): Promise<boolean> {
  const { rows } = await database.query('SELECT to_regclass($1) IS NOT NULL AS there', [`${database.schema}.meta`]);
  return rows[0]?.['there'] !== true || (await identityOf(database)) === undefined;
}

/** Undefined: it is nobody's yet. */
export async function identityOf(connection: Queryable): Promise<Identity | undefined> {
  const { rows } = await connection.query("SELECT name, value FROM meta WHERE name IN ('ledger', 'key-check', 'epoch', 'copying')");
  const meta = new Map(rows.map((row) => [String(row['name']), String(row['value'])]));
  const [ledgerId, check, epoch] = [meta.get('ledger'), meta.get('key-check'), meta.get('epoch')];
  if (ledgerId === undefined || check === undefined || epoch === undefined) return undefined;
  return { ledgerId, check, epoch: Number(epoch), copying: meta.has('copying') };
}

/** Under the lock of `alone`: one statement, so that half an identity is never seen. */
export async function initialise(session: Queryable, keys: Keys, ledgerId: string): Promise<Identity> {
  const identity = { ledgerId, check: keyCheck(keys, ledgerId), epoch: keys.epoch, copying: false };
  await session.query('INSERT INTO meta (name, value) SELECT * FROM unnest($1::text[], $2::text[])', [['ledger', 'key-check', 'epoch'], [ledgerId, identity.check, String(identity.epoch)]]);
  return identity;
}

/** Runs `work` while nobody else of this vault does, in any process. */
export async function alone<T>(database: Database, work: (session: Queryable) => Promise<T>): Promise<T> {
  return database.session(async (session) => {
    await session.query('SELECT pg_advisory_lock(hashtextextended($1, 0))', [`liggare vault ${database.schema} first start`]);
    return work(session);
  });
}

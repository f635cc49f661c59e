import { randomUUID } from 'node:crypto';
import { type Appended, type AppendRequest, type EventStore, RiderRefused } from '#event-store/event-store.js';
import type { Database } from '#postgres/database.js';
import { migrate } from '#postgres/migrate.js';
import { openDatabase } from '#postgres/open-database.js';
import { openKeys } from '../keys.js';
import type { ActorRow, Found, KeyRow, Rider, ValueRow, VaultRows } from '../rows.js';
import { SealedVault, type VaultSettings } from '../sealed-vault.js';
import { VaultUnusable } from '../unusable.js';
import { WaitingWrites } from '../waiting-writes.js';
import type { IdentifierKind, InboxRow, Match, PurgeReport, SealedRef, VaultRefusal } from '../vault.js';
import { asVault } from './faults.js';
import { alone, identityOf, initialise, isNobodys, prepareVault, recognise } from './identity.js';
import { purgeTables } from './purge.js';
import { argumentsOf } from './rider-rows.js';
import { RowReader } from './row-reader.js';
import { SCHEMA, VAULT_MIGRATIONS } from './schema.js';

/** The log that an append goes to when its rider is durable. */
export type VaultLog = Pick<EventStore, 'append'>;

/** A pool for the vault's own schema. Throws `VaultUnavailable` or `VaultUnusable`. */
export async function openVaultDatabase(url: string, settings: { readonly applicationName?: string; readonly poolSize?: number; readonly schema?: string } = {}): Promise<Database> {
  return asVault(openDatabase(url, { applicationName: 'liggare vault', schema: SCHEMA, ...settings }));
}

/**
 * Opens a vault of a ledger that is known. The database stays its giver's; one that is opened here from a URL is closed with the vault. Throws
 * `VaultUnavailable`, `VaultUnusable` or `KeysUnusable`.
 */
export async function openPostgresVault(
  settings: VaultSettings & { readonly log: VaultLog } & ({ readonly database: Database } | { readonly url: string }),
): Promise<SealedVault> {
  const own = 'url' in settings ? await openVaultDatabase(settings.url) : undefined;
  const database = 'url' in settings ? own : settings.database;
  if (!database) throw new Error('there is a URL or a database');
  try {
    await asVault(prepareVault(database, settings.keys, settings.ledgerId));
    return new SealedVault(new PostgresRows(database, settings.log, async () => own?.close()), settings);
  } catch (error) {
    await own?.close();
    throw error;
  }
}

/**
 * The ledger that this database is the vault of. A vault that is nobody's yet gets a ledger of its own, and keys where there are none; of several nodes that
 * start at once one does that and the others find it. Where there is one, its keys must be there and be its own. Throws as `openPostgresVault`.
 * `create: false`: nothing is made or migrated, and a vault that is nobody's is `VaultUnusable`.
 */
export async function openPostgresLedger({ database, keyDirectory, create = true, ...settings }: Pick<VaultSettings, 'commit' | 'clock'> & {
  readonly database: Database;
  readonly keyDirectory: string;
  readonly log: VaultLog & Pick<EventStore, 'head'>;
  readonly create?: boolean;
}): Promise<{ readonly vault: SealedVault; readonly ledgerId: string; readonly isNew: boolean }> {
  if (!create && (await asVault(isNobodys(database)))) throw new VaultUnusable('there is no ledger in this PostgreSQL database (hint: LIGGARE_VAULT names another one, or nothing was ever started on it)');
  // The log first: of nodes that start at once the first one makes the vault before it writes an event.
  if ((await settings.log.head()) !== undefined && (await asVault(isNobodys(database)))) throw new VaultUnusable('the log has events and its vault in PostgreSQL is gone or empty (hint: restore the vault of the same time)');
  const { ledgerId, isNew } = await claimLedger(database, keyDirectory);
  const vault = await openPostgresVault({ ...settings, database, keys: openKeys({ directory: keyDirectory, create: false }), ledgerId });
  return { vault, ledgerId, isNew };
}

/** Under one lock, so that keys are made once, by whoever also makes the ledger that they belong to. */
async function claimLedger(database: Database, keyDirectory: string): Promise<{ readonly ledgerId: string; readonly isNew: boolean }> {
  const claim = async (): Promise<{ readonly ledgerId: string; readonly isNew: boolean }> => {
    await migrate(database, VAULT_MIGRATIONS);
    return alone(database, async (session) => {
      const found = await identityOf(session);
      const keys = openKeys({ directory: keyDirectory, create: found === undefined });
      if (found) recognise(found, keys);
      const { ledgerId } = found ?? (await initialise(session, keys, randomUUID()));
      return { ledgerId, isNew: found === undefined };
    });
  };
  return asVault(claim());
}

export const TAKE = { name: 'vault-take', text: 'SELECT take($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) AS refusal' };

class PostgresRows implements VaultRows {
  readonly #reader: RowReader;
  readonly #waiting = new WaitingWrites((writes) => this.write({ at: 0, writes }));

  constructor(
    private readonly database: Database,
    private readonly log: VaultLog,
    private readonly whenClosed: () => Promise<void>,
  ) {
    this.#reader = new RowReader(database);
  }

  async find(refs: readonly SealedRef[]): Promise<readonly Found[]> {
    return asVault(this.#reader.find(refs));
  }

  async findAfter(after: SealedRef | undefined, limit: number): Promise<readonly Found[]> {
    return asVault(this.#reader.findAfter(after, limit));
  }

  /** In the order in which they came; of two commits at once the one that ended last may not be the newest. */
  async newest(limit: number): Promise<readonly ValueRow[]> {
    return asVault(this.#reader.newest(limit));
  }

  async keys(holdings: readonly string[]): Promise<readonly (KeyRow | undefined)[]> {
    return asVault(this.#reader.keys(holdings));
  }

  async keysAfter(holding: string, limit: number): Promise<readonly KeyRow[]> {
    return asVault(this.#reader.keysAfter(holding, limit));
  }

  async matches(kind: IdentifierKind, index: string, at: number): Promise<readonly Match[]> {
    return asVault(this.#reader.matches(kind, index, at));
  }

  async claimant(kind: IdentifierKind, index: string): Promise<string | undefined> {
    return asVault(this.#reader.claimant(kind, index));
  }

  async inbox(key: string): Promise<InboxRow | undefined> {
    return asVault(this.#reader.inbox(key));
  }

  async unsettled(): Promise<readonly InboxRow[]> {
    return asVault(this.#reader.unsettled());
  }

  async text(sha256: string): Promise<string | undefined> {
    return asVault(this.#reader.text(sha256));
  }

  async actorByHash(hash: Uint8Array): Promise<ActorRow | undefined> {
    return asVault(this.#reader.actorByHash(hash));
  }

  async actors(): Promise<readonly ActorRow[]> {
    return asVault(this.#reader.actors());
  }

  async commit(rider: Rider, append: AppendRequest): Promise<Appended> {
    const waited = this.#waiting.take();
    try {
      await this.#take({ ...rider, writes: [...rider.writes, ...waited] });
    } catch (error) {
      this.#waiting.add(waited);
      throw error;
    }
    return this.log.append(append);
  }

  async write(rider: Rider): Promise<void> {
    await this.#take(rider);
  }

  writeSoon(rider: Rider): void {
    this.#waiting.add(rider.writes);
  }

  async purge(): Promise<PurgeReport> {
    await this.#waiting.flush();
    return asVault(purgeTables(this.database));
  }

  async close(): Promise<void> {
    // What waits may be lost, and a sweeper finds it.
    await this.#waiting.flush().catch(() => undefined);
    await this.whenClosed();
  }

  async #take(rider: Rider): Promise<void> {
    if (rider.writes.length === 0) return;
    const { rows } = await asVault(this.database.query(TAKE, argumentsOf(rider)));
    const refusal = rows[0]?.['refusal'];
    if (typeof refusal === 'string') throw new RiderRefused(refusalIn(refusal));
  }
}

/** What `take` answers is what `refusalOf` would say. */
function refusalIn(text: string): VaultRefusal {
  const refusal: VaultRefusal = JSON.parse(text);
  return refusal;
}

/** Several nodes on one vault, for tests: each with a pool and a memory of its own. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Database } from '#postgres/database.js';
import { SpecLog } from '../conformance.log.js';
import { memoryKeys, type Keys } from '../keys.js';
import { riderOf } from '../rider.js';
import type { RowWrite } from '../rows.js';
import type { SealedVault } from '../sealed-vault.js';
import { commitmentOf, LEDGER } from '../vault.examples.js';
import type { ToSeal, VaultWrite } from '../vault.js';
import { openPostgresVault, openVaultDatabase, TAKE } from './postgres-vault.js';
import { argumentsOf } from './rider-rows.js';

export interface Node {
  readonly vault: SealedVault;
  readonly database: Database;
  readonly log: SpecLog;
}

export class Nodes {
  readonly #open: Node[] = [];
  readonly keys: Keys = memoryKeys();

  constructor(private readonly url: string) {}

  async start(keys: Keys = this.keys, ledgerId = LEDGER, clock?: () => number): Promise<Node> {
    const database = await openVaultDatabase(this.url, { poolSize: 4 });
    const log = new SpecLog();
    try {
      const vault = await openPostgresVault({ database, keys, ledgerId, commit: commitmentOf, log, ...(clock && { clock }) });
      const node = { vault, database, log };
      this.#open.push(node);
      return node;
    } catch (error) {
      await database.close();
      throw error;
    }
  }

  async stop(): Promise<void> {
    for (const { vault, database } of this.#open.splice(0)) {
      await vault.close();
      await database.close();
    }
  }
}

export async function sealed(vault: SealedVault, ...values: readonly ToSeal[]): Promise<readonly VaultWrite[]> {
  return (await vault.seal(values)).flatMap(({ writes }) => writes);
}

export async function store(vault: SealedVault, ...values: readonly ToSeal[]): Promise<void> {
  await vault.write(await sealed(vault, ...values));
}

/**
 * Takes a rider and, before it is committed, begins `other`; commits when `other` waits for a lock, or is done already. Gives what came of `other`: its
 * result or its error.
 */
export async function whileUncommitted(database: Database, writes: readonly VaultWrite[] | { readonly rows: readonly RowWrite[] }, other: () => Promise<unknown>): Promise<unknown> {
  const rider = 'rows' in writes ? { at: 0, writes: writes.rows } : riderOf(writes, 0);
  let done = false;
  const outcome = await database.transaction(async (transaction) => {
    const { rows } = await transaction.query(TAKE, argumentsOf(rider));
    if (rows[0]?.['refusal'] !== null) throw new Error('the first one is taken');
    const begun = other().catch((error: unknown) => error).finally(() => void (done = true));
    while (!done && !(await somebodyWaits(database))) await delay(5);
    return { begun };
  });
  return outcome.begun;
}

async function somebodyWaits(database: Database): Promise<boolean> {
  const { rows } = await database.query("SELECT EXISTS (SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock') AS waits");
  return rows[0]?.['waits'] === true;
}

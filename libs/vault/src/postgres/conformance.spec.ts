import { describeWithPostgres } from '#postgres/postgres.suite.js';
import { SpecLog } from '../conformance.log.js';
import { describeVault, type OpenedVault } from '../conformance.js';
import { memoryKeys } from '../keys.js';
import { commitmentOf, LEDGER } from '../vault.examples.js';
import { openPostgresVault, openVaultDatabase } from './postgres-vault.js';

describeWithPostgres('on PostgreSQL', (server) => {
  let url: string | undefined;
  let vaults = 0;
  describeVault('the PostgreSQL vault', async (): Promise<OpenedVault> => {
    let now = 0;
    const log = new SpecLog();
    // A schema each is a vault each, and made in less time than a database.
    url ??= await server().newDatabase();
    const database = await openVaultDatabase(url, { poolSize: 4, schema: `vault_${++vaults}` });
    const vault = await openPostgresVault({ database, keys: memoryKeys(), ledgerId: LEDGER, commit: commitmentOf, clock: () => now, log });
    const close = async (): Promise<void> => {
      await vault.close();
      await database.query(`DROP SCHEMA ${database.schema} CASCADE`);
      await database.close();
    };
    return { vault, isInLog: async (event) => log.has(event), setClock: (to) => void (now = to), close };
  });
});

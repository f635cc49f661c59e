import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SpecLog, SpecWriter } from './conformance.log.js';
import { describeVault, type OpenedVault } from './conformance.js';
import { memoryKeys } from './keys.js';
import { openMemoryVault } from './memory.js';
import { openSqliteVault, sqliteParticipant } from './sqlite/sqlite-vault.js';
import { openParticipant } from './sqlite/vault.participant.js';
import { commitmentOf, LEDGER } from './vault.examples.js';

describeVault('the memory vault', async (): Promise<OpenedVault> => {
  let now = 0;
  const log = new SpecLog();
  const vault = openMemoryVault({ keys: memoryKeys(), ledgerId: LEDGER, commit: commitmentOf, clock: () => now, log });
  return { vault, isInLog: async (event) => log.has(event), setClock: (to) => void (now = to), close: () => vault.close() };
});

describeVault('the SQLite vault', async (): Promise<OpenedVault> => {
  let now = 0;
  const directory = await mkdtemp(join(tmpdir(), 'liggare-vault-'));
  const settings = { file: join(directory, 'vault.sqlite'), keys: memoryKeys(), ledgerId: LEDGER };
  const log = new SpecLog();
  const writer = new SpecWriter(log, openParticipant(sqliteParticipant(settings).options));
  const vault = openSqliteVault({ ...settings, commit: commitmentOf, clock: () => now, writer });
  const close = async (): Promise<void> => {
    await vault.close();
    writer.close();
    await rm(directory, { recursive: true, force: true });
  };
  return { vault, isInLog: async (event) => log.has(event), setClock: (to) => void (now = to), close };
});

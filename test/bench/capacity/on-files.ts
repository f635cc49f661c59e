/** The embedded ledger: one process, three files; then `liggare fsck` on them, and `liggare migrate` from them to servers. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readConfiguration } from '#nest/configuration.js';
import { openStoresReadOnly } from '#nest/stores.js';
import { startPostgres } from '#postgres/postgres.fixture.js';
import { freePort, ServerProcess } from '../../crash/server.js';
import { startEsdb } from '../../esdb/esdb-server.fixture.js';
import { cpuOf, memoryOf, type Memory } from './accounting.js';
import { bytesACachedEvent } from './cached.js';
import { tellMix, viewsHaveAll, type Told } from './mix.js';
import { sizeOfLog, sizesInFiles, type LogSize, type Row } from './sizes.js';

const CLI = fileURLToPath(new URL('../../../../apps/cli/bin/liggare.mjs', import.meta.url));

/** A run of a command, by the wall and by its own CPU. */
export interface Ran {
  readonly seconds: number;
  readonly cpu: number;
}

export interface OnFiles {
  readonly people: number;
  readonly told: Told;
  readonly cpu: { readonly node: number };
  readonly memory: Memory;
  /** Bytes of heap that the command side holds for each event it remembers. */
  readonly cached: number;
  readonly log: LogSize;
  readonly tables: readonly Row[];
  readonly fsck: Ran;
  /** Undefined: not run. */
  readonly migrate: (Ran & { readonly logServerCpu: number }) | undefined;
}

export async function measureFiles(people: number): Promise<OnFiles> {
  const directory = mkdtempSync(join(tmpdir(), 'liggare-capacity-'));
  const data = join(directory, 'data');
  try {
    const server = await ServerProcess.ready({ data, port: await freePort() });
    const { told, cpu, memory } = await measured(server, people).finally(() => server.stop());
    const stores = await openStoresReadOnly(readConfiguration({ LIGGARE_DATA: data }));
    const cached = await bytesACachedEvent(stores.log);
    const log = await sizeOfLog(stores.log).finally(() => stores.close());
    const tables = sizesInFiles(data);
    return { people, told, cpu: { node: cpu }, memory, cached, log, tables, fsck: await liggare(['fsck'], { LIGGARE_DATA: data }), migrate: await migrated(data) };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

async function measured(server: ServerProcess, people: number): Promise<{ readonly told: Told; readonly cpu: number; readonly memory: Memory }> {
  const pid = server.child.pid ?? 0;
  const before = cpuOf(pid);
  const told = await tellMix(server, people);
  await viewsHaveAll(server);
  return { told, cpu: cpuOf(pid) - before, memory: memoryOf(pid) };
}

async function migrated(data: string): Promise<OnFiles['migrate']> {
  const postgres = await startPostgres({ durable: true });
  if ('notRun' in postgres) return undefined;
  const esdb = await startEsdb({ fsync: true });
  try {
    const before = cpuOf(esdb.child.pid ?? 0);
    const ran = await liggare(['migrate', '--from', 'sqlite:'], { LIGGARE_DATA: data, LIGGARE_LOG: esdb.url, LIGGARE_VAULT: await postgres.newDatabase() });
    return { ...ran, logServerCpu: cpuOf(esdb.child.pid ?? 0) - before };
  } finally {
    await esdb.stop();
    await postgres.stop();
  }
}

/** Looks at its CPU while it runs: once it has ended nobody can. */
async function liggare(args: readonly string[], env: Readonly<Record<string, string>>): Promise<Ran> {
  const began = performance.now();
  const child = spawn(process.execPath, [CLI, ...args], { env: { ...process.env, NODE_OPTIONS: '', ...env }, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  let cpu = 0;
  const look = setInterval(() => {
    if (child.pid !== undefined && existsSync(`/proc/${child.pid}/stat`)) cpu = Math.max(cpu, cpuOf(child.pid));
  }, 20);
  const [code] = (await once(child, 'close')) as [number | null];
  clearInterval(look);
  if (code !== 0) throw new Error(`liggare ${args[0]} ended with ${code}: ${said.trim()}`);
  return { seconds: (performance.now() - began) / 1000, cpu };
}

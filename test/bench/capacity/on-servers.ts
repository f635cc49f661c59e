/** A ledger on servers: an API node, a projector, PostgreSQL, and the tests' protocol server in EventStoreDB's place, all with fsync. */
import { openEsdbEventStore } from '#event-store/esdb/esdb-event-store.js';
import type { EventStore, ReadAll } from '#event-store/event-store.js';
import { REGISTER_PREFIXES } from '#ledger/live-registers.js';
import { Cluster } from '../../cluster/cluster.js';
import { cpuOf, cpuOfFamily, memoryOf, serverOf, type Memory } from './accounting.js';
import { tellMix, viewsHaveAll, type Told } from './mix.js';
import { sizesInPostgres, walOf, type Row, type Wal } from './sizes.js';

/** CPU seconds of each part; PostgreSQL's are unknown where its processes cannot be seen. */
export interface Cpu {
  readonly api: number;
  readonly projector: number;
  readonly postgres: number | undefined;
  readonly logServer: number;
}

export interface Read {
  readonly events: number;
  readonly seconds: number;
  readonly cpu: number;
  readonly logServerCpu: number;
}

export interface OnServers {
  readonly people: number;
  readonly told: Told;
  readonly events: number;
  readonly cpu: Cpu;
  readonly wal: Wal;
  readonly memory: { readonly api: Memory; readonly projector: Memory; readonly logServer: Memory };
  readonly tables: readonly Row[];
  readonly idleSecond: Cpu;
  readonly rebuild: Cpu & { readonly seconds: number };
  /** What every API node reads when it starts. */
  readonly registers: Read;
  readonly whole: Read;
  /** One stream after the other, as the search for orphans does. */
  readonly streams: Read;
}

const IDLE_SECONDS = 5;
const STREAMS = 500;

export async function measureServers(people: number): Promise<OnServers | { readonly notRun: string }> {
  const cluster = await Cluster.start({ apis: 1, projectors: 1, durable: true });
  if (!(cluster instanceof Cluster)) return cluster;
  try {
    return await measured(cluster, people);
  } finally {
    await cluster.stop();
  }
}

async function measured(cluster: Cluster, people: number): Promise<OnServers> {
  const [api] = cluster.apis;
  const [projector] = cluster.projectors;
  if (api === undefined || projector === undefined) throw new RangeError('a cluster has nodes');
  const url = cluster.env['LIGGARE_VIEWS'] ?? '';
  const pids = { api: api.child.pid ?? 0, projector: projector.child.pid ?? 0, logServer: cluster.esdb.child.pid ?? 0 };
  const [backend] = await cluster.postgres.ask(url, 'SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() LIMIT 1');
  const postgres = serverOf(Number(backend?.['pid']));
  const now = (): Cpu => ({ api: cpuOf(pids.api), projector: cpuOf(pids.projector), postgres: postgres === undefined ? undefined : cpuOfFamily(postgres), logServer: cpuOf(pids.logServer) });

  const [before, walBefore] = [now(), await walOf(cluster.postgres, url)];
  const told = await tellMix(api, people);
  await viewsHaveAll(api);
  const [cpu, walAfter] = [difference(before, now()), await walOf(cluster.postgres, url)];
  const memory = { api: memoryOf(pids.api), projector: memoryOf(pids.projector), logServer: memoryOf(pids.logServer) };

  const beforeIdle = now();
  await new Promise((resolve) => setTimeout(resolve, IDLE_SECONDS * 1000));
  const idle = difference(beforeIdle, now());
  const tables = await sizesInPostgres(cluster.postgres, url);

  const log = await openEsdbEventStore({ url: cluster.esdb.url });
  const reading = async (work: () => AsyncIterable<number>): Promise<Read> => {
    const [mine, server, began] = [process.cpuUsage(), cpuOf(pids.logServer), performance.now()];
    let events = 0;
    for await (const count of work()) events += count;
    const { user, system } = process.cpuUsage(mine);
    return { events, seconds: (performance.now() - began) / 1000, cpu: (user + system) / 1e6, logServerCpu: cpuOf(pids.logServer) - server };
  };
  try {
    const whole = await reading(() => counted(log, {}));
    const registers = await reading(() => counted(log, { filter: { streamPrefixes: REGISTER_PREFIXES } }));
    const names = await someStreams(log);
    const streams = await reading(() => countedStreams(log, names));
    const [beforeRebuild, began] = [now(), performance.now()];
    const { status } = await api.call('POST', '/v1/operations/rebuild', {}, { token: api.officer });
    if (status !== 200) throw new Error(`the rebuild was answered with ${status}`);
    const rebuild = { ...difference(beforeRebuild, now()), seconds: (performance.now() - began) / 1000 };
    return { people, told, events: whole.events, cpu, wal: walSince(walBefore, walAfter), memory, tables, idleSecond: scaled(idle, 1 / IDLE_SECONDS), rebuild, registers, whole, streams };
  } finally {
    await log.close();
  }
}

async function* counted(log: EventStore, options: ReadAll): AsyncGenerator<number> {
  for await (const batch of log.readAll(options)) yield batch.length;
}

async function* countedStreams(log: EventStore, names: readonly string[]): AsyncGenerator<number> {
  for (const name of names) for await (const batch of log.readStream(name)) yield batch.length;
}

async function someStreams(log: EventStore): Promise<readonly string[]> {
  const names = new Set<string>();
  for await (const batch of log.readAll({ filter: { streamPrefixes: ['subject-'] } })) {
    for (const { stream } of batch) names.add(stream);
    if (names.size >= STREAMS) break;
  }
  return [...names].slice(0, STREAMS);
}

const difference = (a: Cpu, b: Cpu): Cpu => ({ api: b.api - a.api, projector: b.projector - a.projector, logServer: b.logServer - a.logServer, postgres: a.postgres === undefined || b.postgres === undefined ? undefined : b.postgres - a.postgres });
const scaled = (a: Cpu, by: number): Cpu => ({ api: a.api * by, projector: a.projector * by, logServer: a.logServer * by, postgres: a.postgres === undefined ? undefined : a.postgres * by });
const walSince = (a: Wal, b: Wal): Wal => ({ bytes: b.bytes - a.bytes, fullPages: b.fullPages - a.fullPages, syncs: b.syncs - a.syncs, commits: b.commits - a.commits });

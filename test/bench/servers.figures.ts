/** Figures of a ledger on servers: the protocol server of the tests, or the one that LIGGARE_TEST_ESDB names, and a PostgreSQL of this machine. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { randomUUID } from 'node:crypto';
import { EventStoreDBClient, jsonEvent, NO_STREAM } from '@eventstore/db-client';
import { startPostgres } from '#postgres/postgres.fixture.js';
import { freePort } from '../crash/server.js';
import { startEsdb } from '../esdb/esdb-server.fixture.js';
import { atOnce, BenchLedger } from './bench-ledger.js';
import type { Figure } from './figure.js';
import { sealed, unsealed, type Told } from './workload.js';

const CALLERS = 64;
const PEOPLE = 1_000;
const COMMANDS = 16_000;
/** Before what is measured: connections, statements and code warm. */
const WARM = 1_000;

/** Commands that seal nothing, on EventStoreDB; beside appends of as many events of that size by the bare client. */
export async function commandsEsdbFigure(): Promise<readonly Figure[]> {
  return onServers('commands-esdb', (subjects, i) => unsealed(subjects[i % PEOPLE] ?? '', i));
}

/** Commands that seal, on EventStoreDB and PostgreSQL; beside the bare client alone, which seals nothing. */
export async function commandsSealedServersFigure(): Promise<readonly Figure[]> {
  return onServers('commands-sealed-servers', (_subjects, i) => sealed(i % PEOPLE, i));
}

async function onServers(name: string, command: (subjects: readonly string[], i: number) => Told): Promise<readonly Figure[]> {
  const postgres = await startPostgres({ durable: true });
  if ('notRun' in postgres) {
    process.stderr.write(`not run: ${name} (${postgres.notRun})\n`);
    return [];
  }
  const named = process.env['LIGGARE_TEST_ESDB'];
  // As a real server does, and as the figures in files do: what is acknowledged is on the disk.
  const own = named ? undefined : await startEsdb({ fsync: true });
  const url = named ?? own?.url ?? '';
  const database = await postgres.newDatabase();
  const places = { LIGGARE_LOG: url, LIGGARE_VAULT: database, LIGGARE_VIEWS: database };
  const ledger = new BenchLedger(places);
  let projector: ChildProcess | undefined;
  try {
    const subjects = await ledger.register(PEOPLE);
    projector = spawn(process.execPath, [new URL('../../apps/projector/src/main.js', import.meta.url).pathname], { env: { ...process.env, ...places, LIGGARE_PORT: String(await freePort()), NODE_OPTIONS: '' }, stdio: 'ignore' });
    await ledger.caughtUp();
    await atOnce(CALLERS, WARM, async (i) => void (await ledger.tell(command(subjects, i))));
    const { parts } = await ledger.open();
    const before = await parts.log.head();
    const seconds = await atOnce(CALLERS, COMMANDS, async (i) => void (await ledger.tell(command(subjects, i + WARM))));
    const { behindMs } = await parts.projection.lag();
    const events = await eventsAfter(before, ledger);
    await ledger.close();
    await ended(projector);
    const value = COMMANDS / seconds;
    const appends = await bareAppends(url, events.bytes / events.count);
    return [{ name, value, unit: 'commands/s', limit: appends, ratio: value / appends, note: `limit: bare client, one event of ${Math.round(events.bytes / events.count)} bytes an append, ${CALLERS} callers, ${named ? 'the named server' : 'protocol server'}; projector ${Math.round(behindMs)} ms behind at the end` }];
  } finally {
    await ended(projector);
    await ledger.remove();
    await own?.stop();
    await postgres.stop();
  }
}

/** What these commands left in the log. */
async function eventsAfter(before: string | undefined, ledger: BenchLedger): Promise<{ readonly count: number; readonly bytes: number }> {
  const { parts } = await ledger.open();
  let [count, bytes] = [0, 0];
  for await (const batch of parts.log.readAll({ ...(before !== undefined && { from: before }) }))
    for (const { data } of batch) [count, bytes] = [count + 1, bytes + Buffer.byteLength(data)];
  return { count, bytes };
}

/** The client as its users use it: a stream a caller, always at the revision that the last answer gave. */
async function bareAppends(url: string, bytes: number): Promise<number> {
  const client = EventStoreDBClient.connectionString(url);
  const data = { filler: 'x'.repeat(Math.max(0, Math.round(bytes) - '{"filler":""}'.length)) };
  const revisions = new Map<number, bigint>();
  const run = randomUUID();
  const free = Array.from({ length: CALLERS }, (_, i) => i);
  const append = async (): Promise<void> => {
    const caller = free.pop() ?? 0;
    const { nextExpectedRevision } = await client.appendToStream(`bench-${run}-${caller}`, [jsonEvent({ id: randomUUID(), type: 'ConsentGiven', data })], { expectedRevision: revisions.get(caller) ?? NO_STREAM });
    revisions.set(caller, nextExpectedRevision);
    free.push(caller);
  };
  await atOnce(CALLERS, WARM, append);
  const seconds = await atOnce(CALLERS, COMMANDS, append);
  await client.dispose();
  return COMMANDS / seconds;
}

async function ended(child: ChildProcess | undefined): Promise<void> {
  if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  await once(child, 'exit');
}

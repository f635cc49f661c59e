/**
 * How many appends a second the store takes from many callers at once, beside the bare client (`@eventstore/db-client`, which reads nothing
 * back and tries nothing again) on the same server.
 *   node dist/libs/event-store/src/esdb/append.bench.js [seconds a round] [rounds] [url of a server; default: the protocol server of the tests]
 * Rounds alternate, and the median is printed. The calling thread's processor time is printed too: server and caller share a machine here.
 */
import { randomUUID } from 'node:crypto';
import { EventStoreDBClient, jsonEvent, NO_STREAM } from '@eventstore/db-client';
import { startEsdb } from '../../../../test/esdb/esdb-server.fixture.js';
import { openEsdbEventStore } from './esdb-event-store.js';

const [seconds = '2', rounds = '5', named] = process.argv.slice(2);
const ms = Number(seconds) * 1000;
const filler = { filler: 'x'.repeat(900 - 36 - 'ConsentGiven'.length - '{"filler":""}'.length) };
const data = JSON.stringify(filler);

interface Measured {
  readonly perSecond: number;
  readonly spentUs: number;
  readonly p50Ms: number;
}

/** Each caller appends to a stream of its own, at the revision that the last answer gave. */
async function measured(callers: number, caller: () => () => Promise<void>): Promise<Measured> {
  const latencies: number[] = [];
  const before = process.threadCpuUsage();
  const start = performance.now();
  await Promise.all(
    Array.from({ length: callers }, async () => {
      const append = caller();
      for (let now = performance.now(); now - start < ms; ) {
        await append();
        const then = now;
        now = performance.now();
        latencies.push(now - then);
      }
    }),
  );
  const elapsedMs = performance.now() - start;
  const { user, system } = process.threadCpuUsage(before);
  const p50Ms = latencies.toSorted((a, b) => a - b)[latencies.length >> 1] ?? 0;
  return { perSecond: latencies.length / (elapsedMs / 1000), spentUs: (user + system) / latencies.length, p50Ms };
}

async function bare(url: string, callers: number): Promise<Measured> {
  const client = EventStoreDBClient.connectionString(url);
  const result = await measured(callers, () => {
    const stream = `bench-${randomUUID()}`;
    let revision: bigint | typeof NO_STREAM = NO_STREAM;
    return async () => {
      const event = jsonEvent({ id: randomUUID(), type: 'ConsentGiven', data: filler });
      revision = (await client.appendToStream(stream, [event], { expectedRevision: revision })).nextExpectedRevision;
    };
  });
  await client.dispose();
  return result;
}

async function through(url: string, callers: number, events: number): Promise<Measured> {
  const store = await openEsdbEventStore({ url });
  const result = await measured(callers, () => {
    const stream = `bench-${randomUUID()}`;
    let revision: number | 'none' = 'none';
    return async () => {
      const list = Array.from({ length: events }, () => ({ id: randomUUID(), type: 'ConsentGiven', data }));
      revision = (await store.append({ stream, expected: revision, events: list })).revision;
    };
  });
  await store.close();
  return result;
}

const server = named === undefined ? await startEsdb({ fsync: true }) : undefined;
const url = named ?? server?.url ?? '';
const figures = new Map<string, Measured[]>();
for (let round = 0; round < Number(rounds); round++) {
  for (const [name, measure] of [
    ['bare, 64 callers', () => bare(url, 64)],
    ['64 callers', () => through(url, 64, 1)],
    ['64 callers, 3 events each', () => through(url, 64, 3)],
    ['bare, 1 caller', () => bare(url, 1)],
    ['1 caller', () => through(url, 1, 1)],
  ] as const) {
    figures.set(name, [...(figures.get(name) ?? []), await measure()]);
  }
}
await server?.stop();

const median = (name: string): Measured | undefined => figures.get(name)?.toSorted((a, b) => a.perSecond - b.perSecond)[Math.floor(Number(rounds) / 2)];
for (const name of figures.keys()) {
  const found = median(name);
  const limit = median(name.includes('1 caller') ? 'bare, 1 caller' : 'bare, 64 callers');
  if (!found || !limit) continue;
  const ratio = (found.perSecond / limit.perSecond).toFixed(2);
  console.log(`${name.padEnd(26)} ${Math.round(found.perSecond).toLocaleString('sv').padStart(7)} appends/s  ratio ${ratio}  p50 ${found.p50Ms.toFixed(1)} ms  ${found.spentUs.toFixed(0)} µs of the calling thread`);
}

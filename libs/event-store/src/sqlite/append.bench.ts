/**
 * How many appends a second the store takes from many callers at once, beside a bare writer thread (`append.bench.worker.ts`).
 *   node dist/libs/event-store/src/sqlite/append.bench.js [seconds a round] [rounds]
 * Rounds alternate, and the median is printed, because disks have moods. The calling thread's processor time is printed too: it is what
 * the rest of the process has to spare, and does not depend on what else the machine does.
 */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { NewEvent } from '../event-store.js';
import { openSqliteEventStore } from './sqlite-event-store.js';

const STREAMS = 5_000;
const GROUP = 64;
const [seconds = '2', rounds = '3'] = process.argv.slice(2);
const ms = Number(seconds) * 1000;
const data = JSON.stringify({ filler: 'x'.repeat(900 - 36 - 'ConsentGiven'.length - '{"filler":""}'.length) });
const newEvent = (): NewEvent => ({ id: randomUUID(), type: 'ConsentGiven', data });

async function bare(file: string): Promise<number> {
  const settings = { file, streams: STREAMS, data, group: GROUP, ms };
  const worker = new Worker(new URL('./append.bench.worker.js', import.meta.url), { workerData: settings });
  const [perSecond] = await once(worker, 'message');
  return Number(perSecond);
}

const spent: number[] = [];

async function through(file: string, callers: number): Promise<number> {
  const store = await openSqliteEventStore({ file });
  const streams = Array.from({ length: STREAMS }, () => ({ name: `subject-${randomUUID()}`, revision: 0, busy: false }));
  await Promise.all(streams.map(({ name }) => store.append({ stream: name, expected: 'none', events: [newEvent()] })));
  let appended = 0;
  const before = process.threadCpuUsage();
  const start = performance.now();
  const call = async () => {
    while (performance.now() - start < ms) {
      const stream = streams[Math.floor(Math.random() * STREAMS)];
      if (!stream || stream.busy) continue;
      stream.busy = true;
      stream.revision = (await store.append({ stream: stream.name, expected: stream.revision, events: [newEvent()] })).revision;
      stream.busy = false;
      appended++;
    }
  };
  await Promise.all(Array.from({ length: callers }, call));
  const perSecond = appended / ((performance.now() - start) / 1000);
  const { user, system } = process.threadCpuUsage(before);
  spent.push((user + system) / appended);
  await store.close();
  return perSecond;
}

const measured = new Map<string, number[]>();
for (let round = 0; round < Number(rounds); round++) {
  for (const [name, measure] of [
    ['bare', bare],
    ['64 callers', (file: string) => through(file, 64)],
    ['256 callers', (file: string) => through(file, 256)],
  ] as const) {
    const directory = await mkdtemp(join(tmpdir(), 'liggare-bench-'));
    measured.set(name, [...(measured.get(name) ?? []), await measure(join(directory, 'log.db'))]);
    await rm(directory, { recursive: true });
  }
}
const median = (name: string) => measured.get(name)?.toSorted((a, b) => a - b)[Math.floor(Number(rounds) / 2)] ?? 0;
for (const name of measured.keys()) {
  console.log(`${name.padEnd(12)} ${Math.round(median(name)).toLocaleString('sv')} appends/s  ratio ${(median(name) / median('bare')).toFixed(2)}`);
}
console.log(`calling thread ${spent.toSorted((a, b) => a - b)[Math.floor(spent.length / 2)]?.toFixed(1)} µs an append, the bench's own calls included`);

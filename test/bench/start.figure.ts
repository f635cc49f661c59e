import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createServer } from 'node:net';
import type { Envelope } from '#ledger/envelope.js';
import { encode } from '#ledger/encoding.js';
import { BenchLedger } from './bench-ledger.js';
import type { Figure } from './figure.js';

const MAIN = fileURLToPath(new URL('../../apps/api/src/main.js', import.meta.url));
const STREAMS = 2_000;
const EVENTS_A_STREAM = 500;

/** From the start of the process to ready: on an empty directory, and with 1 000 000 events. Limits are those of the architecture. */
export async function startFigure(): Promise<readonly Figure[]> {
  const ledger = new BenchLedger();
  try {
    const empty = await secondsToReady(ledger);
    await fill(ledger);
    await ledger.caughtUp();
    await ledger.close();
    const full = await secondsToReady(ledger);
    return [
      { name: 'start-empty', value: empty, unit: 's', limit: 2, ratio: empty / 2, note: 'process start to /readyz, empty directory; limit: 2 s' },
      { name: 'start-1m', value: full, unit: 's', limit: 3, ratio: full / 3, note: `process start to /readyz, ${(STREAMS * EVENTS_A_STREAM).toLocaleString('en')} events; limit: 3 s` },
    ];
  } finally {
    await ledger.remove();
  }
}

/** Valid events, appended by the hundred: what matters here is how many there are. */
async function fill(ledger: BenchLedger): Promise<void> {
  const { parts } = await ledger.open();
  const now = new Date().toISOString();
  const uuid = (a: number, b: number): string => `${a.toString(16).padStart(8, '0')}-0000-8000-8000-${b.toString(16).padStart(12, '0')}`;
  let waiting: Promise<unknown>[] = [];
  for (let n = 0; n < STREAMS; n++) {
    const stream = `subject-${uuid(n, 0xbe)}`;
    const events = Array.from({ length: EVENTS_A_STREAM }, (_, revision): Envelope => {
      const id = uuid(n, revision + 1);
      const rest = { id, version: 1, stream, revision, occurredAt: now, recordedAt: now, system: 'bench', correlationId: id, rules: 'bench', actor: uuid(0, 0) };
      return revision === 0 ? { ...rest, type: 'SubjectRegistered', data: {} } : { ...rest, type: 'ConsentRequested', controller: 'asurgent-ab', service: 'newsletter', data: { purposes: ['newsletter'] } };
    });
    waiting.push(parts.log.append({ stream, expected: 'none', events: events.map(encode) }));
    if (waiting.length < 8) continue;
    await Promise.all(waiting);
    waiting = [];
  }
  await Promise.all(waiting);
}

async function secondsToReady({ configuration: { data, keys } }: BenchLedger): Promise<number> {
  const port = await freePort();
  const began = performance.now();
  const server = spawn(process.execPath, [MAIN], { stdio: 'ignore', env: { ...process.env, LIGGARE_DATA: data, LIGGARE_MASTER_KEY: keys, LIGGARE_PORT: String(port) } });
  while (!(await isReady(port))) {
    if (server.exitCode !== null) throw new Error('the server did not start');
    await delay(5);
  }
  const seconds = (performance.now() - began) / 1000;
  server.kill('SIGTERM');
  await once(server, 'exit');
  return seconds;
}

async function isReady(port: number): Promise<boolean> {
  return fetch(`http://127.0.0.1:${port}/readyz`).then(
    ({ ok }) => ok,
    () => false,
  );
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as { port: number };
  probe.close();
  await once(probe, 'close');
  return port;
}

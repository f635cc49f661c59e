import Fastify from 'fastify';
import { BenchLedger } from './bench-ledger.js';
import type { Figure } from './figure.js';
import { unsealed, type Told } from './workload.js';
import { httpLoad } from './workers.js';

const PEOPLE = 2_000;
const REQUESTS = 20_000;
const WARM_UP = 3_000;
const CONNECTIONS = 64;

/** `commands` over HTTP, one a request, 64 connections, beside a bare Fastify echo of the same body under the same load. */
export async function httpFigure(): Promise<readonly Figure[]> {
  const ledger = new BenchLedger();
  try {
    const subjects = await ledger.register(PEOPLE);
    const { url, parts } = await ledger.open();
    const { token } = await parts.vault.createActor({ name: 'bench', role: 'upstream', system: 'bench' });
    const request = (i: number): Uint8Array => requestOf(unsealed(subjects[i % PEOPLE] ?? '', i), token, i);
    const port = Number(new URL(url).port);
    await httpLoad({ port, connections: CONNECTIONS, requests: Array.from({ length: WARM_UP }, (_, i) => request(i)) });
    const load = await httpLoad({ port, connections: CONNECTIONS, requests: Array.from({ length: REQUESTS }, (_, i) => request(WARM_UP + i)) });
    if (load.statuses['200'] !== REQUESTS) throw new Error(`not every command was recorded: ${JSON.stringify(load.statuses)}`);
    const lag = await ledger.lag();
    await ledger.close();
    const [value, limit] = [REQUESTS / load.seconds, await echoed(request)];
    return [{ name: 'http', value, unit: 'requests/s', limit, ratio: value / limit, note: `limit: bare Fastify echo; ${CONNECTIONS} connections; projector ${lag} events behind at the end` }];
  } finally {
    await ledger.remove();
  }
}

async function echoed(request: (i: number) => Uint8Array): Promise<number> {
  const echo = Fastify();
  echo.post('/v1/commands/:name', (incoming) => incoming.body);
  await echo.listen({ port: 0, host: '127.0.0.1' });
  const { port } = echo.server.address() as { port: number };
  await httpLoad({ port, connections: CONNECTIONS, requests: Array.from({ length: WARM_UP }, (_, i) => request(i)) });
  const { seconds } = await httpLoad({ port, connections: CONNECTIONS, requests: Array.from({ length: REQUESTS }, (_, i) => request(i)) });
  await echo.close();
  return REQUESTS / seconds;
}

function requestOf({ name, body }: Told, token: string, i: number): Uint8Array {
  const text = Buffer.from(JSON.stringify(body));
  const head = `POST /v1/commands/${name} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\nauthorization: Bearer ${token}\r\nidempotency-key: http-${i}\r\ncontent-length: ${text.length}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), text]);
}

import { BenchLedger } from './bench-ledger.js';
import type { Figure } from './figure.js';
import { CONNECTIONS, echoed, requestOf } from './http-echo.js';
import { unsealed } from './workload.js';
import { httpLoad } from './workers.js';

const PEOPLE = 2_000;
const REQUESTS = 20_000;
const WARM_UP = 3_000;

/** `commands` over HTTP, one a request, 64 connections, beside a bare Fastify echo of the same body under the same load. */
export async function httpFigure(): Promise<readonly Figure[]> {
  const ledger = new BenchLedger();
  try {
    const subjects = await ledger.register(PEOPLE);
    const { url, parts } = await ledger.open();
    const { token } = await parts.vault.createActor({ name: 'bench', role: 'upstream', system: 'bench' });
    const request = (i: number): Uint8Array => {
      const { name, body } = unsealed(subjects[i % PEOPLE] ?? '', i);
      return requestOf(`/v1/commands/${name}`, body, { authorization: `Bearer ${token}`, 'idempotency-key': `http-${i}` });
    };
    const port = Number(new URL(url).port);
    await httpLoad({ port, connections: CONNECTIONS, requests: Array.from({ length: WARM_UP }, (_, i) => request(i)) });
    const load = await httpLoad({ port, connections: CONNECTIONS, requests: Array.from({ length: REQUESTS }, (_, i) => request(WARM_UP + i)) });
    if (load.statuses['200'] !== REQUESTS) throw new Error(`not every command was recorded: ${JSON.stringify(load.statuses)}`);
    const lag = await ledger.lag();
    await ledger.close();
    const [value, limit] = [REQUESTS / load.seconds, await echoed('/v1/commands/:name', request, { warmUp: WARM_UP, requests: REQUESTS })];
    return [{ name: 'http', value, unit: 'requests/s', limit, ratio: value / limit, note: `limit: bare Fastify echo; ${CONNECTIONS} connections; projector ${lag} events behind at the end` }];
  } finally {
    await ledger.remove();
  }
}

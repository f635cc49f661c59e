import { enterRegister } from '../../apps/api/src/register.fixture.js';
import { BenchLedger, atOnce } from './bench-ledger.js';
import type { Figure } from './figure.js';
import { CONNECTIONS, echoed, requestOf } from './http-echo.js';
import { httpLoad } from './workers.js';
import { disclosure, RECIPIENT, recipientAbroad, subscription } from './workload.js';

const PEOPLE = 2_000;
const REQUESTS = 20_000;
const WARM_UP = 3_000;
const PATH = '/v1/decisions';

/**
 * "May I?" over HTTP, 64 connections, beside a bare Fastify echo of the same body under the same load. The newsletter's addresses to a
 * supplier in Switzerland: consent, contract, audit and transfer are all judged, and every answer is that it is allowed.
 */
export async function decisionsFigure(): Promise<readonly Figure[]> {
  const ledger = new BenchLedger();
  try {
    const subjects = await ledger.register(PEOPLE);
    const { url, parts } = await ledger.open();
    await enterRegister(parts, `recipient-${RECIPIENT}`, recipientAbroad(new Date().toISOString().slice(0, 10)));
    await atOnce(CONNECTIONS, PEOPLE, async (i) => {
      for (const told of subscription(subjects[i] ?? '', i)) await ledger.tell(told);
    });
    await ledger.caughtUp();
    const { token } = await parts.vault.createActor({ name: 'bench', role: 'upstream', system: 'bench' });
    await requireAllowed(`${url}${PATH}`, token, disclosure(subjects[0] ?? ''));
    const request = (i: number): Uint8Array => requestOf(PATH, disclosure(subjects[i % PEOPLE] ?? ''), { authorization: `Bearer ${token}` });
    const port = Number(new URL(url).port);
    await httpLoad({ port, connections: CONNECTIONS, requests: Array.from({ length: WARM_UP }, (_, i) => request(i)) });
    const load = await httpLoad({ port, connections: CONNECTIONS, requests: Array.from({ length: REQUESTS }, (_, i) => request(WARM_UP + i)) });
    if (load.statuses['200'] !== REQUESTS) throw new Error(`not every ask was answered: ${JSON.stringify(load.statuses)}`);
    const lag = await ledger.lag();
    await ledger.close();
    const [value, limit] = [REQUESTS / load.seconds, await echoed(PATH, request, { warmUp: WARM_UP, requests: REQUESTS })];
    return [{ name: 'decisions', value, unit: 'requests/s', limit, ratio: value / limit, note: `limit: bare Fastify echo; ${CONNECTIONS} connections; projector ${lag} events behind at the end` }];
  } finally {
    await ledger.remove();
  }
}

/** A figure of refusals would be a figure of something else. */
async function requireAllowed(url: string, token: string, ask: object): Promise<void> {
  const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` }, body: JSON.stringify(ask) });
  const { outcome, failed, code } = (await response.json()) as { readonly outcome?: string; readonly failed?: readonly string[]; readonly code?: string };
  if (outcome === undefined || outcome === 'blocked') throw new Error(`the figure's ask is not allowed: ${code ?? failed?.join(', ') ?? 'no rule is shown'}`);
}

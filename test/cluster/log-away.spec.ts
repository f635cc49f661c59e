/** The log's server is down at the start, goes away during work, or stands still: callers see 503 or a delay, and nothing acknowledged is lost. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, it } from '@jest/globals';
import { freePort, ServerProcess } from '../crash/server.js';
import { addressOf, ask, consent, isReady, recordedIn, tell, until } from './asking.js';
import { describeCluster, LONG } from './cluster.suite.js';
import type { Cluster } from './cluster.js';
import { eventsIn, faultsIn, reading } from './kept.js';

/** Addresses of every kind: known and unknown ones, with and without a token, health and pages. */
const ADDRESSES = ['/readyz', '/metrics', '/docs', '/openapi.json', '/v1/status', '/v1/commands/GiveConsent', '/v1/subjects/5d3c1a52-0000-4000-8000-000000000001/record', '/v1/registers/recipients', '/nothing/here'];
/** Within which a node says that it is not ready: registers are stale after two seconds and looked at twice a second. */
const NOTICED_MS = 4_000;

async function another(cluster: Cluster, app: 'api' | 'projector'): Promise<ServerProcess> {
  const data = join(cluster.directory, `${app}-late`);
  mkdirSync(data, { recursive: true });
  const node = ServerProcess.launch({ data, port: await freePort(), app, env: cluster.env });
  node.knows(cluster.apis[0]?.officer ?? '');
  return node;
}

const isAlive = async (node: ServerProcess): Promise<boolean> => (await ask(node, '/healthz').catch(() => undefined))?.status === 200;

describeCluster('a ledger whose log server is away', { apis: 1, projectors: 1 }, (cluster) => {
  let token: string;
  const api = (): ServerProcess => cluster().apis[0] as ServerProcess;

  it('is not ready within seconds, answers 503 with Retry-After, and is ready again by itself with all that it acknowledged', async () => {
    token = await api().upstream('crm');
    const acknowledged: string[] = [];
    for (let n = 0; n < 20; n++) acknowledged.push(...recordedIn(await tell(api(), token, 'RegisterSubject', `before-${n}`, { identifiers: [addressOf(`before-${n}`)] })).events.map(({ id }) => id));
    await cluster().esdb.kill();
    const noticedMs = await until('the node says that it is not ready', async () => !(await isReady(api())));
    expect(noticedMs).toBeLessThan(NOTICED_MS);
    await until('the projector says so too', async () => !(await isReady(cluster().projectors[0] as ServerProcess)));
    expect(await isAlive(api())).toBe(true);
    const told = await tell(api(), token, 'GiveConsent', 'while-away', { identifier: addressOf('before-1'), ...consent });
    expect(told).toMatchObject({ status: 503, code: 'Unavailable', retryAfter: '5' });
    expect(told.tookMs).toBeLessThan(10_000);
    // One that is never refused, whose subject nobody knows: it waits for no register, and the log cannot be asked.
    expect(await tell(api(), token, 'WithdrawConsent', 'away-too', { identifier: addressOf('nobody-yet'), createIfMissing: true, service: 'newsletter', purposes: ['newsletter'] })).toMatchObject({ status: 503, retryAfter: '5' });
    await cluster().esdb.restart();
    await until('the node is ready again', () => isReady(api()));
    const later = recordedIn(await tell(api(), token, 'GiveConsent', 'while-away', { identifier: addressOf('before-1'), ...consent }));
    expect(later.status).toBe('recorded');
    const there = await reading(cluster(), async (stores) => (await eventsIn(stores)).map(({ id }) => id));
    for (const id of [...acknowledged, ...later.events.map((event) => event.id)]) expect(there.filter((one) => one === id)).toHaveLength(1);
    expect(await faultsIn(cluster())).toEqual([]);
  }, LONG);

  it('answers late when the server stood still, once and no more', async () => {
    cluster().esdb.pause();
    const told = tell(api(), token, 'GiveConsent', 'while-paused', { identifier: addressOf('before-2'), ...consent });
    await pause(1_500);
    cluster().esdb.resume();
    expect(recordedIn(await told).status).toBe('recorded');
    expect(recordedIn(await tell(api(), token, 'GiveConsent', 'while-paused', { identifier: addressOf('before-2'), ...consent })).status).toBe('duplicate');
    expect(await faultsIn(cluster())).toEqual([]);
  }, LONG);

  it.each([['is down', 'kill'], ['stands still', 'pause']] as const)('starts before its log, which %s: alive, 503 everywhere else, and serving by itself when it is there', async (_how, away) => {
    await cluster().esdb[away]();
    const late = [await another(cluster(), 'api'), await another(cluster(), 'projector')] as const;
    try {
      for (const node of late) expect(await until('it is alive', () => isAlive(node))).toBeLessThan(30_000);
      for (const address of ADDRESSES) expect([address, await ask(late[0], address)]).toEqual([address, expect.objectContaining({ status: 503, retryAfter: '5', code: 'Unavailable' })]);
      expect((await ask(late[1], '/readyz')).status).toBe(503);
      if (away === 'kill') await cluster().esdb.restart();
      else cluster().esdb.resume();
      for (const node of late) await until('it is ready', () => isReady(node));
      expect(recordedIn(await tell(late[0], token, 'RegisterSubject', `late-${away}`, { identifiers: [addressOf(`late-${away}`)] })).status).toBe('recorded');
      expect(await faultsIn(cluster())).toEqual([]);
    } finally {
      for (const node of late) await node.kill();
    }
  }, LONG);
});

/** A subscription that is dropped, events that come twice, a log server that stands still for long: a delay, no gap, no row twice. */
import { setTimeout as pause } from 'node:timers/promises';
import { expect, it } from '@jest/globals';
import type { ServerProcess } from '../crash/server.js';
import { addressOf, ask, consent, isReady, recordedIn, tell, until } from './asking.js';
import { describeCluster, LONG } from './cluster.suite.js';
import { faultsIn } from './kept.js';

/** Beyond the keep-alive of these nodes, as 40 s are beyond the usual one. `LIGGARE_TEST_PAUSE_MS=40000` asks for just that, with the usual keep-alive. */
const PAUSE_MS = Number(process.env['LIGGARE_TEST_PAUSE_MS'] ?? 6_000);
const KEEP_ALIVE = PAUSE_MS >= 40_000 ? '' : '&keepAliveInterval=1000&keepAliveTimeout=1000';

describeCluster('a log that comes and goes', { apis: 2, projectors: 2, log: { url: ({ url }) => url + KEEP_ALIVE } }, (cluster) => {
  let token: string;
  let made = 0;
  const api = (n = 0): ServerProcess => cluster().apis[n % 2] as ServerProcess;

  /** So many commands on both nodes, each of which is recorded. */
  async function record(count: number): Promise<void> {
    token ??= await api().upstream('crm');
    for (let n = 0; n < count; n++, made++) {
      const told = await tell(api(made), token, 'GiveConsent', `one-${made}`, { identifier: addressOf(`person-${made % 7}`), createIfMissing: true, ...consent, order: `order-${made}` });
      expect(recordedIn(told).status).toBe('recorded');
    }
  }

  it('drops every subscription again and again while commands go on', async () => {
    for (let round = 0; round < 5; round++) {
      await record(8);
      await cluster().esdb.dropSubscriptions();
    }
    await record(8);
    expect(await faultsIn(cluster())).toEqual([]);
  }, LONG);

  it('tells every event twice', async () => {
    await cluster().esdb.fault({ duplicate: true });
    await cluster().esdb.dropSubscriptions();
    await record(20);
    expect(await faultsIn(cluster())).toEqual([]);
    await cluster().esdb.fault({});
    expect(await faultsIn(cluster())).toEqual([]);
  }, LONG);

  it(`stands still for ${PAUSE_MS / 1000} s: what is never refused waits, the rest is told to come again, and all is well afterwards`, async () => {
    await record(4);
    cluster().esdb.pause();
    const waiting = tell(api(), token, 'WithdrawConsent', 'waits', { identifier: addressOf('person-1'), createIfMissing: true, service: 'newsletter', purposes: ['newsletter'] });
    await pause(PAUSE_MS / 2);
    const refused = await tell(api(1), token, 'GiveConsent', 'refused', { identifier: addressOf('person-2'), ...consent });
    expect(refused).toMatchObject({ status: 503, retryAfter: '5' });
    expect((await ask(api(), '/healthz')).status).toBe(200);
    expect(await isReady(api())).toBe(false);
    await pause(PAUSE_MS / 2);
    cluster().esdb.resume();
    expect(recordedIn(await waiting).status).toBe('recorded');
    for (const node of [...cluster().apis, ...cluster().projectors]) await until('it is ready again', () => isReady(node));
    expect(recordedIn(await tell(api(1), token, 'GiveConsent', 'refused', { identifier: addressOf('person-2'), ...consent })).status).toBe('recorded');
    await record(8);
    expect(await faultsIn(cluster())).toEqual([]);
  }, LONG);

  it('is killed and started again under load, three times', async () => {
    for (let round = 0; round < 3; round++) {
      const killed = cluster().esdb.kill();
      const sent = Array.from({ length: 12 }, (_, n) => [api(n), `killed-${round}-${n}`, { identifier: addressOf(`person-${n}`), createIfMissing: true, ...consent }] as const);
      const told = Promise.all(sent.map(([node, id, body]) => tell(node, token, 'GiveConsent', id, body)));
      await killed;
      await cluster().esdb.restart();
      for (const one of await told) expect([200, 503]).toContain(one.status);
      for (const node of cluster().apis) await until('it is ready again', () => isReady(node));
      // Whoever was told to come again, comes again, to the other node.
      for (const [node, id, body] of sent) recordedIn(await tell(node === api(0) ? api(1) : api(0), token, 'GiveConsent', id, body));
    }
    expect(await faultsIn(cluster())).toEqual([]);
  }, LONG);
});

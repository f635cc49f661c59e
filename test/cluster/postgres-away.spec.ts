/** PostgreSQL is away at the start, restarts, or cuts every connection: queries and what seals are told to come again, the rest goes on; rows and checkpoint agree. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, it } from '@jest/globals';
import { freePort, ServerProcess } from '../crash/server.js';
import { addressOf, ask, consent, isReady, recordedIn, tell, until, type Told } from './asking.js';
import { describeCluster, LONG } from './cluster.suite.js';
import { faultsIn } from './kept.js';

const UNAVAILABLE = { status: 503, retryAfter: '5', code: 'Unavailable' };

describeCluster('a ledger whose PostgreSQL is away', { apis: 1, projectors: 1 }, (cluster) => {
  const api = (): ServerProcess => cluster().apis[0] as ServerProcess;
  let token: string;
  let subject: string;

  async function restart(mode: 'fast' | 'immediate', whileDown: () => Promise<void>): Promise<void> {
    const { postgres } = cluster();
    // A server that somebody else runs is not ours to stop.
    if (postgres.restart === undefined) throw new Error('not run: the PostgreSQL of LIGGARE_TEST_POSTGRES is not restarted by tests');
    await postgres.restart(mode, whileDown);
  }

  const record = (): Promise<Told> => ask(api(), `/v1/subjects/${subject}/record`);

  it('goes on with what seals nothing, by subject and with a known token, and tells the rest to come again', async () => {
    token = await api().upstream('crm');
    const [person = ''] = recordedIn(await tell(api(), token, 'RegisterSubject', 'anna', { identifiers: [addressOf('anna')] })).about;
    subject = person;
    await until('the record is there', async () => (await record()).status === 200);
    const positions: string[] = [];
    await restart('fast', async () => {
      // Longer than a token is taken without asking the vault for it.
      await pause(1_500);
      for (let n = 0; n < 5; n++) {
        const told = recordedIn(await tell(api(), token, n % 2 === 0 ? 'GiveConsent' : 'WithdrawConsent', `away-${n}`, { subject, service: 'newsletter', purposes: ['newsletter'], ...(n % 2 === 0 && { type: 'expressed' }) }));
        expect(told.status).toBe('recorded');
        positions.push(told.events[0]?.position ?? '');
      }
      expect(recordedIn(await tell(api(), token, 'GiveConsent', 'away-0', { subject, ...consent })).status).toBe('duplicate');
      expect(await tell(api(), token, 'GiveConsent', 'seals', { subject, ...consent, order: 'order-1' })).toMatchObject(UNAVAILABLE);
      expect(await tell(api(), token, 'RegisterSubject', 'new', { identifiers: [addressOf('bertil')] })).toMatchObject(UNAVAILABLE);
      expect(await tell(api(), token, 'GiveConsent', 'named', { identifier: addressOf('anna'), ...consent })).toMatchObject(UNAVAILABLE);
      expect(await record()).toMatchObject(UNAVAILABLE);
      expect(await ask(api(), `/v1/subjects/${subject}/audit-trail`)).toMatchObject(UNAVAILABLE);
      expect(await ask(api(), '/v1/deviations')).toMatchObject(UNAVAILABLE);
      expect(await ask(api(), '/v1/operations/rebuild', { method: 'POST' })).toMatchObject(UNAVAILABLE);
      // Nobody knows whose this is.
      expect(await ask(api(), '/v1/status', { token: 'lgr_unknown-to-everybody' })).toMatchObject(UNAVAILABLE);
      expect((await ask(api(), '/healthz')).status).toBe(200);
      await until('the projector says that it is not ready', async () => !(await isReady(cluster().projectors[0] as ServerProcess)));
    });
    await until('the record has all of it', async () => (await ask(api(), `/v1/subjects/${subject}/record?atLeast=${positions.at(-1)}`)).status === 200);
    expect(recordedIn(await tell(api(), token, 'GiveConsent', 'seals', { subject, ...consent, order: 'order-1' })).status).toBe('recorded');
    expect(recordedIn(await tell(api(), token, 'RegisterSubject', 'new', { identifiers: [addressOf('bertil')] })).status).toBe('recorded');
    // The one that failed is over.
    expect((await ask(api(), '/v1/operations/rebuild', { method: 'POST' })).status).toBe(200);
    expect(await faultsIn(cluster())).toEqual([]);
  }, LONG);

  it.each([
    ['connections are cut', () => cluster().postgres.cut()],
    ['the server is killed and recovers', () => restart('immediate', async () => undefined)],
  ])('under load, %s again and again: what is answered 503 is taken when it comes again, and rows and checkpoint agree', async (how, cut) => {
    const sent = Array.from({ length: 60 }, (_, n) => [`${how[0]}-${n}`, { identifier: addressOf(`load-${n % 11}`), createIfMissing: true, ...consent, order: `order-${n}` }] as const);
    let isOver = false;
    const cutting = (async () => {
      while (!isOver) await cut();
    })();
    const later: (typeof sent)[number][] = [];
    for (let n = 0; n < sent.length; n += 6)
      await Promise.all(
        sent.slice(n, n + 6).map(async (one) => {
          const told = await tell(api(), token, 'GiveConsent', ...one);
          if (told.status === 503) later.push(one);
          else recordedIn(told);
        }),
      );
    isOver = true;
    await cutting;
    for (const one of later) {
      const told: { last?: Told } = {};
      await until('it is taken', async () => (told.last = await tell(api(), token, 'GiveConsent', ...one)).status !== 503);
      recordedIn(told.last as Told);
    }
    for (const one of sent) expect(recordedIn(await tell(api(), token, 'GiveConsent', ...one)).status).toBe('duplicate');
    expect(await faultsIn(cluster())).toEqual([]);
  }, LONG);

  it('starts before its PostgreSQL: alive, 503 everywhere else, and serving by itself when it is there', async () => {
    const late: ServerProcess[] = [];
    await restart('fast', async () => {
      for (const app of ['api', 'projector'] as const) {
        const data = join(cluster().directory, `${app}-late`);
        mkdirSync(data, { recursive: true });
        const node = ServerProcess.launch({ data, port: await freePort(), app, env: cluster().env });
        node.knows(api().officer);
        late.push(node);
        await until('it is alive', async () => (await ask(node, '/healthz').catch(() => undefined))?.status === 200);
        expect((await ask(node, '/readyz')).status).toBe(503);
      }
      expect(await ask(late[0] as ServerProcess, '/v1/status')).toMatchObject(UNAVAILABLE);
    });
    try {
      for (const node of late) await until('it is ready', () => isReady(node));
      expect(recordedIn(await tell(late[0] as ServerProcess, token, 'RegisterSubject', 'late', { identifiers: [addressOf('cecilia')] })).status).toBe('recorded');
      expect(await faultsIn(cluster())).toEqual([]);
    } finally {
      for (const node of late) await node.kill();
    }
  }, LONG);
});

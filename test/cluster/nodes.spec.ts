/** Several API nodes are one ledger: what one changes the others decide by, or refuse to decide; positions, tokens and access lines hold across them. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { STALE_AFTER_MS } from '#ledger/live-registers.js';
import { freePort, ServerProcess } from '../crash/server.js';
import { addressOf, ask, consent, isReady, recordedIn, tell, until } from './asking.js';
import { describeCluster, LONG } from './cluster.suite.js';
import { eventsIn, faultsIn, reading } from './kept.js';
import { startPausableProxy, type PausableProxy } from './pausable-proxy.js';

describeCluster('two API nodes', { apis: 2, projectors: 2 }, (cluster) => {
  const [first, second] = [(): ServerProcess => cluster().apis[0] as ServerProcess, (): ServerProcess => cluster().apis[1] as ServerProcess];
  let token: string;
  let subject: string;
  beforeAll(async () => {
    token = await first().upstream('crm');
    [subject = ''] = recordedIn(await tell(first(), token, 'RegisterSubject', 'anna', { identifiers: [addressOf('anna')] })).about;
  });

  it('answer with at least what was recorded on the other, each time at once', async () => {
    for (let n = 0; n < 20; n++) {
      const [writer, reader] = n % 2 === 0 ? [first(), second()] : [second(), first()];
      const told = recordedIn(await tell(writer, token, n % 4 < 2 ? 'GiveConsent' : 'WithdrawConsent', `across-${n}`, { subject, service: 'newsletter', purposes: ['newsletter'], ...(n % 4 < 2 && { type: 'expressed' }) }));
      const [event] = told.events;
      const trail = await ask(reader, `/v1/subjects/${subject}/audit-trail?limit=200&atLeast=${event?.position}`);
      expect(trail.status).toBe(200);
      expect((trail.body as { lines: { id: string }[] }).lines.at(-1)?.id).toBe(event?.id);
    }
    // A position that no event has yet is waited for, with a limit.
    const beyond = await ask(second(), `/v1/subjects/${subject}/record?atLeast=99999999999999999999`);
    expect(beyond).toMatchObject({ status: 503, retryAfter: '5' });
  }, LONG);

  it('take a new token everywhere at once, and none that was revoked elsewhere a second ago', async () => {
    const made = await ask(first(), '/v1/tokens', { method: 'POST', body: { name: 'auditor', role: 'auditor' } });
    expect(made.status).toBe(201);
    const { token: auditor, id } = made.body as { token: string; id: string };
    for (const node of [second(), first()]) expect((await ask(node, `/v1/subjects/${subject}/record`, { token: auditor })).status).toBe(200);
    expect((await ask(first(), `/v1/tokens/${id}`, { method: 'DELETE' })).status).toBe(204);
    expect((await ask(first(), '/v1/deviations', { token: auditor })).status).toBe(401);
    const tookMs = await until('the other node does not take it', async () => (await ask(second(), '/v1/deviations', { token: auditor })).status === 401);
    expect(tookMs).toBeLessThan(1_000 + 500);
  }, LONG);

  it('write their access lines each to a stream of its own, and a restart begins another', async () => {
    for (const node of [first(), second(), first(), second()]) expect((await ask(node, `/v1/subjects/${subject}/record`)).status).toBe(200);
    const streams = async (): Promise<ReadonlySet<string>> => reading(cluster(), async (stores) => new Set((await eventsIn(stores, ['access-'])).map(({ stream }) => stream)));
    const before = await streams();
    expect(before.size).toBe(2);
    await second().stop();
    await cluster().restart(second());
    expect((await ask(second(), `/v1/subjects/${subject}/record`)).status).toBe(200);
    const after = await streams();
    expect([after.size, [...before].every((stream) => after.has(stream))]).toEqual([3, true]);
    expect(await faultsIn(cluster())).toEqual([]);
  }, LONG);
});

describeCluster('a node that is cut off from its log', { apis: 1, projectors: 1 }, (cluster) => {
  const whole = (): ServerProcess => cluster().apis[0] as ServerProcess;
  let proxy: PausableProxy;
  let cutOff: ServerProcess;
  let token: string;
  beforeAll(async () => {
    proxy = await startPausableProxy(cluster().esdb.port);
    const data = join(cluster().directory, 'cut-off');
    mkdirSync(data);
    cutOff = await ServerProcess.ready({ data, port: await freePort(), env: { ...cluster().env, LIGGARE_LOG: cluster().esdb.url.replace(String(cluster().esdb.port), String(proxy.port)) } });
    cutOff.knows(whole().officer);
    token = await whole().upstream('crm');
  }, LONG);
  afterAll(async () => {
    await cutOff.kill();
    await proxy.close();
  }, LONG);

  it('refuses to decide by registers that are further behind than the limit, though another node changed them; and decides by these when it is back', async () => {
    const [subject = ''] = recordedIn(await tell(whole(), token, 'RegisterSubject', 'berit', { identifiers: [addressOf('berit')] })).about;
    const asked = { subject, service: 'newsletter', purpose: 'newsletter', recipient: 'kundrosten', categories: ['email'] };
    const decide = (id: string): ReturnType<typeof tell> => tell(cutOff, token, 'ReportDisclosure', id, { ...asked, occurredAt: '2021-05-05T10:00:00Z' });
    expect(await decide('before')).toMatchObject({ status: 422, code: 'UnknownRecipient' });
    proxy.pause();
    const changed = await tell(whole(), token, 'RegisterRecipient', 'kundrosten', { recipient: 'kundrosten', kind: 'customer-service-support', name: 'Kundrösten Exempel Oy', country: 'FI', from: '2018-05-25' });
    expect(recordedIn(changed).status).toBe('recorded');
    await until('its registers are too old', async () => !(await isReady(cutOff)));
    const refused = await decide('meanwhile');
    expect(refused).toMatchObject({ status: 503, code: 'Unavailable', retryAfter: '5' });
    // It waits for them as long as they may be behind, and no longer.
    expect(refused.tookMs).toBeLessThan(STALE_AFTER_MS + 2_000);
    proxy.resume();
    await until('it is ready again', () => isReady(cutOff));
    expect(recordedIn(await decide('meanwhile')).status).toBe('recorded');
    expect(recordedIn(await tell(cutOff, token, 'GiveConsent', 'after', { subject, ...consent })).status).toBe('recorded');
    expect(await faultsIn(cluster())).toEqual([]);
  }, LONG);
});

/** Between a ledger and its log: TLS with an authority of one's own, user and password; and a cluster that is found by gossip, whose leader changes. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from '@jest/globals';
import type { ServerProcess } from '../crash/server.js';
import { writeCertificates } from '../esdb/certificates.js';
import { startEsdbCluster, type EsdbCluster } from '../esdb/esdb-cluster.fixture.js';
import { addressOf, ask, consent, isReady, recordedIn, tell, until, type Told } from './asking.js';
import { describeCluster, LONG } from './cluster.suite.js';
import { faultsIn } from './kept.js';

const directory = mkdtempSync(join(tmpdir(), 'certificates-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const USERS = { ledger: 'right:with a colon & more' };
const tls = writeCertificates(directory, 'own');

describeCluster('a log behind TLS with user and password', { apis: 1, projectors: 1, log: { options: { tls, users: USERS }, url: (esdb) => esdb.urlAs('ledger', USERS.ledger) } }, (cluster) => {
  it('is written, read and followed, and nothing of the password is told', async () => {
    const [api, projector] = [cluster().apis[0] as ServerProcess, cluster().projectors[0] as ServerProcess];
    const token = await api.upstream('crm');
    const told = recordedIn(await tell(api, token, 'RegisterSubject', 'anna', { identifiers: [addressOf('anna')] }));
    // A node asks once a second whether views that nobody has asked for serve by now.
    await until('the record is there', async () => (await ask(api, `/v1/subjects/${told.about[0]}/record?atLeast=${told.events.at(-1)?.position}`)).status === 200);
    await cluster().esdb.kill();
    await until('the node notices', async () => !(await isReady(api)));
    await cluster().esdb.restart();
    await until('it is ready again', () => isReady(api));
    expect(recordedIn(await tell(api, token, 'GiveConsent', 'later', { subject: told.about[0], ...consent })).status).toBe('recorded');
    expect(await faultsIn(cluster())).toEqual([]);
    for (const { output } of [api, projector]) expect(output).not.toMatch(/right|esdb:\/\/|tlsCAFile/);
  }, LONG);
});

const log: { servers?: EsdbCluster } = {};
const servers = (): EsdbCluster => {
  if (log.servers === undefined) throw new Error('the servers are started before the tests');
  return log.servers;
};

async function discovered(): Promise<{ readonly apis: number; readonly projectors: number; readonly env: Readonly<Record<string, string>>; readonly stop: () => Promise<void> }> {
  const started = (log.servers = await startEsdbCluster());
  return { apis: 2, projectors: 1, env: { LIGGARE_LOG: started.discoverUrl }, stop: () => started.stop() };
}

describeCluster('a log on three servers, found by gossip', discovered, (cluster) => {
  it('changes its leader while commands are under way, twice, once because the leader was killed: a delay, no gap, nothing twice', async () => {
    const token = await (cluster().apis[0] as ServerProcess).upstream('crm');
    let isOver = false;
    const answers = new Map<string, Told>();
    const writing = (async (): Promise<void> => {
      for (let n = 0; !isOver; n++) {
        const body = { identifier: addressOf(`led-${n % 9}`), createIfMissing: true, ...consent, order: `order-${n}` };
        for (let told: Told | undefined; told === undefined || told.status === 503; ) {
          told = await tell(cluster().apis[n % 2] as ServerProcess, token, 'GiveConsent', `led-${n}`, body);
          answers.set(`led-${n}`, told);
        }
      }
    })();
    const some = async (): Promise<void> => {
      const before = answers.size;
      await until('commands go on', () => answers.size >= before + 10);
    };
    await some();
    const [next] = servers().followers;
    if (next === undefined) throw new Error('a cluster of three has followers');
    await servers().elect(next);
    await some();
    // Not the one that the URL names: a node that starts anew has to find the rest somewhere.
    await servers().kill(next);
    const last = servers().followers.find((one) => one !== next);
    if (last === undefined) throw new Error('a cluster of three has followers');
    await servers().elect(last);
    await some();
    await servers().restart(next);
    await some();
    isOver = true;
    await writing;
    for (const told of answers.values()) expect(recordedIn(told).events.length).toBeGreaterThan(0);
    for (const node of [...cluster().apis, ...cluster().projectors]) await until('it is ready', () => isReady(node));
    expect(await faultsIn(cluster())).toEqual([]);
  }, LONG);
});


/** Credentials, certificates and settings that are wrong for good: one sentence on stderr, exit code 1 (2 for the configuration), and nothing touched. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, it } from '@jest/globals';
import { writeCertificates } from '../esdb/certificates.js';
import { startEsdb, type Esdb } from '../esdb/esdb-server.fixture.js';
import { describeCluster, LONG } from './cluster.suite.js';
import { BOTH, databaseOf, isRefused, PASSWORD, stoppedLedger, type App } from './refused.js';

const directory = mkdtempSync(join(tmpdir(), 'refused-'));
const own = writeCertificates(directory, 'own');
writeCertificates(directory, 'foreign');
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** Node itself warns of TLS to a bare address. */
const named = (url: string): string => url.replace('127.0.0.1', 'localhost');

describeCluster('a start is refused for', { apis: 1, projectors: 1 }, (cluster) => {
  let secure: Esdb;
  beforeAll(async () => {
    await stoppedLedger(cluster());
    secure = await startEsdb({ tls: own, users: { ledger: 'right' } });
  }, LONG);
  afterAll(() => secure.stop());

  const refused = (env: Readonly<Record<string, string>>, sentence: RegExp, apps: readonly App[] = BOTH): Promise<void> => isRefused(cluster(), { apps, env, sentence });
  const asDatabase = (url: string): Readonly<Record<string, string>> => ({ LIGGARE_VAULT: url, LIGGARE_VIEWS: url });

  it('a wrong password of the log', () => refused({ LIGGARE_LOG: named(secure.urlAs('ledger', PASSWORD)) }, /does not let this user read and write the log \(hint: /), LONG);
  it('no user where the log wants one', () => refused({ LIGGARE_LOG: `${named(secure.url)}&tlsCAFile=${encodeURIComponent(own.caFile)}` }, /does not let this user/), LONG);
  it('an authority that is not the log server’s', () => refused({ LIGGARE_LOG: named(secure.urlAs('ledger', PASSWORD)).replace('own-ca', 'foreign-ca') }, /certificate is not accepted: unable to verify the first certificate \(hint: /), LONG);
  it('TLS where the log server has none', () => refused({ LIGGARE_LOG: `esdb://ledger:${PASSWORD}@localhost:${cluster().esdb.port}?tls=true` }, /certificate is not accepted: wrong version number \(hint: /), LONG);
  it('a URL of the log that is none', () => refused({ LIGGARE_LOG: `esdb://ledger:${PASSWORD}@:what?` }, /the log's URL is not one for EventStoreDB/), LONG);
  it('a user that the database does not let in', () => refused(asDatabase(databaseOf(cluster()).replace(/\/\/[^@/]*@/, `//nobody-here:${PASSWORD}@`)), /PostgreSQL cannot be used: it does not let this user in/), LONG);
  it('a database that is not there', () => refused(asDatabase(`${databaseOf(cluster())}_not`), /there is no such database/), LONG);
  it('TLS where the database has none', () => refused(asDatabase(`${databaseOf(cluster())}?sslmode=require`), /it speaks no TLS/), LONG);
  it('a configuration that mixes engines', () => isRefused(cluster(), { apps: BOTH, env: { LIGGARE_VAULT: 'sqlite:', LIGGARE_VIEWS: 'sqlite:' }, sentence: /LIGGARE_VIEWS/, code: 2 }), LONG);
  it('keys that are gone', () => refused({ LIGGARE_MASTER_KEY: join(directory, 'no-keys') }, /there are no keys in/, ['api']), LONG);
});

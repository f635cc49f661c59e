/** TLS with an authority of the test's own, and users with passwords. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { writeCertificates, type Certificates } from './certificates.js';
import { appended, clientOf, disposeClients, event, kindOf, revisions } from './client.fixture.js';
import { startEsdb, type Esdb } from './esdb-server.fixture.js';

let directory: string;
let own: Certificates;
let foreign: Certificates;
let server: Esdb;
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'certificates-'));
  own = writeCertificates(directory, 'own');
  foreign = writeCertificates(directory, 'foreign');
  server = await startEsdb({ tls: own, users: { ledger: 'right:with a colon' } });
});
afterEach(disposeClients);
afterAll(async () => {
  await server.stop();
  rmSync(directory, { recursive: true, force: true });
});

/** `user` as it stands in a connection string. */
const url = (user: string, { caFile } = own): string => `esdb://${user}127.0.0.1:${server.port}?tls=true&tlsCAFile=${encodeURIComponent(caFile)}`;

describe('a server with TLS and users', () => {
  it('lets in who knows the password', async () => {
    const client = clientOf(server.urlAs('ledger', 'right:with a colon'));
    expect(await appended(client, 'a', event(), 'no_stream')).toBe(0n);
    expect(await revisions(client, 'a')).toEqual([0n]);
  });

  it('takes credentials for one call', async () => {
    const client = clientOf(url(''));
    const credentials = { username: 'ledger', password: 'right:with a colon' };
    expect((await client.appendToStream('b', event(), { credentials })).nextExpectedRevision).toBe(0n);
    await expect(client.appendToStream('b', event(), { credentials: { ...credentials, password: 'wrong' } })).rejects.toMatchObject({ type: 'access-denied' });
  });

  it.each([
    ['a wrong password', 'ledger:wrong@'],
    ['an unknown user', 'stranger:right@'],
    ['nobody', ''],
  ])('denies %s', async (_who, user) => {
    const client = clientOf(url(user));
    expect(await appended(client, 'c')).toBe('access-denied');
    expect(await revisions(client, 'a')).toBe('access-denied');
    expect(await client.deleteStream('a').then(() => 'deleted', kindOf)).toBe('access-denied');
  });

  it('is refused by a client that does not know its authority', async () => {
    expect(await revisions(clientOf(url('ledger:right@', foreign)), 'a')).toBe('unavailable');
    expect(await appended(clientOf(`esdb://127.0.0.1:${server.port}?tls=true`), 'a')).toBe('code 14');
  });
});

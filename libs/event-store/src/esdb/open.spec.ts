/** Opening: where the server is, who asks, and what is said when that is wrong. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeCertificates, type Certificates } from '../../../../test/esdb/certificates.js';
import { EsdbCluster } from '../../../../test/esdb/esdb-cluster.fixture.js';
import { startEsdb, type Esdb } from '../../../../test/esdb/esdb-server.fixture.js';
import { all, event, events, failure, ids, newStream } from '../conformance/check.js';
import { StoreUnavailable, StoreUnusable } from '../event-store.js';
import { withDefaults } from './connection.js';
import { impatientStore, oneAppend, idsOf } from './esdb.examples.js';

describe('a URL', () => {
  it.each(['http://127.0.0.1:2113', 'esdb://', 'esdb://ledger:secret@host:port', 'esdb://ledger:secret@127.0.0.1?tls=maybe', 'esdb://ledger:secret@127.0.0.1?tls', 'esdb://ledger:secret@127.0.0.1?nodePreference=nearest', 'esdb://ledger:secret@127.0.0.1?tlsVerifyCert=false', 'esdb://ledger:secret@127.0.0.1?tsl=false'])(
    'that is malformed is refused in one sentence without the password: %s',
    async (url) => {
      const error = await failure(impatientStore(url));
      expect(error).toMatchObject({ constructor: StoreUnusable, message: expect.stringMatching(/^the log's URL is not one for EventStoreDB[^\n]*$/) });
      expect(String(error)).not.toContain('secret');
    },
  );

  it('that names a certificate file that is not there says so', async () => {
    expect(await failure(impatientStore('esdb://127.0.0.1:1?tls=true&tlsCAFile=/nowhere/ca.pem'))).toMatchObject({ constructor: StoreUnusable, message: expect.stringContaining('File was not found') });
  });

  it('keeps what it says, and gets keep-alive where it says nothing', () => {
    expect(withDefaults('esdb://a:1,b:2/?tls=false', 0)).toBe('esdb://a:1,b:2?tls=false&keepAliveInterval=10000&keepAliveTimeout=10000');
    expect(withDefaults('esdb+discover://u:p@c?keepAliveInterval=20000&KeepAliveTimeout=5', 7)).toBe('esdb+discover://u:p@c?keepAliveInterval=20007&KeepAliveTimeout=5');
    expect(withDefaults('esdb://a?keepAliveInterval=-1', 7)).toBe('esdb://a?keepAliveInterval=-1&keepAliveTimeout=10000');
  });
});

describe('a server that is not there', () => {
  it('is told soon, and found when it is', async () => {
    const server = await startEsdb();
    await server.kill();
    const before = performance.now();
    expect(await failure(impatientStore(server.url))).toMatchObject({ constructor: StoreUnavailable });
    expect(await failure(impatientStore(`${server.url.replace('?', `,127.0.0.1:1?`)}`))).toMatchObject({ constructor: StoreUnavailable });
    expect(performance.now() - before).toBeLessThan(3_000);
    await server.restart();
    const store = await impatientStore(server.url);
    expect(await store.head()).toBeUndefined();
    await store.close();
    await server.stop();
  });

  it('is told when something else listens there', async () => {
    const other = createServer((socket) => socket.on('error', () => undefined).end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    other.listen(0, '127.0.0.1');
    await once(other, 'listening');
    const address = other.address();
    const url = `esdb://127.0.0.1:${typeof address === 'object' ? address?.port : 0}?tls=false`;
    expect(await failure(impatientStore(url, { patienceMs: 1_000 }))).toMatchObject({ constructor: StoreUnavailable });
    other.close();
  });
});

describe('a server with TLS and users', () => {
  let directory: string;
  let own: Certificates;
  let foreign: Certificates;
  let server: Esdb;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'certificates-'));
    own = writeCertificates(directory, 'own');
    foreign = writeCertificates(directory, 'foreign');
    server = await startEsdb({ tls: own, users: { ledger: 'secret' } });
  });
  afterAll(async () => {
    await server.stop();
    await rm(directory, { recursive: true });
  });
  const url = (user: string, { caFile } = own): string => `esdb://${user}127.0.0.1:${server.port}?tls=true&tlsCAFile=${encodeURIComponent(caFile)}`;

  it('takes who knows the password', async () => {
    const store = await impatientStore(url('ledger:secret@'));
    const request = oneAppend();
    expect((await store.append(request)).repeated).toBe(false);
    expect(await idsOf(store, request.stream)).toEqual(ids(request.events));
    await store.close();
  });

  it.each(['ledger:wrong-secret@', ''])('says in one sentence that it does not let in "%s"', async (user) => {
    const error = await failure(impatientStore(url(user)));
    expect(error).toMatchObject({ constructor: StoreUnusable, message: expect.stringContaining('does not let this user') });
    expect(String(error)).not.toContain('secret');
  });

  it('is refused in one sentence when its certificate is another authority\'s', async () => {
    expect(await failure(impatientStore(url('ledger:secret@', foreign)))).toMatchObject({ constructor: StoreUnusable, message: expect.stringContaining('certificate is not accepted') });
    expect(await failure(impatientStore(`esdb://ledger:secret@127.0.0.1:${server.port}`))).toMatchObject({ constructor: StoreUnusable, message: expect.stringContaining('certificate is not accepted') });
  });
});

describe('a cluster', () => {
  let cluster: EsdbCluster;
  beforeAll(async () => {
    cluster = await EsdbCluster.start({});
  });
  afterAll(() => cluster.stop());

  it.each(['leader', 'follower', 'random'])('is found through any member, and written at its leader, with nodePreference=%s', async (preference) => {
    const request = oneAppend();
    for (const url of [`${cluster.url}&nodePreference=${preference}`, `${cluster.discoverUrl}&nodePreference=${preference}`]) {
      const store = await impatientStore(url);
      const { positions } = await store.append(request);
      expect(await store.revisionOf(request.stream)).toBe(0);
      expect(await store.head()).toBe(positions[0]);
      for await (const message of store.subscribe({ filter: { streamPrefixes: [request.stream] } })) if (message.kind === 'events') break;
      expect((await all(store.readAll({ filter: { streamPrefixes: [request.stream] } }))).length).toBe(1);
      await store.close();
    }
  });

  it('changes its leader under appends and a subscription: a delay, and each event once', async () => {
    const store = await impatientStore(cluster.url);
    const stream = newStream();
    const sent = events(60);
    const seen: string[] = [];
    const reading = (async () => {
      for await (const message of store.subscribe({ filter: { streamPrefixes: [stream] } })) {
        if (message.kind === 'events') seen.push(...ids(message.events));
        if (seen.length >= sent.length) return;
      }
    })();
    for (const [i, one] of sent.entries()) {
      if (i % 20 === 10) await cluster.elect(cluster.followers[0] as Esdb);
      await store.append({ stream, expected: i === 0 ? 'none' : i - 1, events: [one] });
    }
    await reading;
    expect(seen).toEqual(ids(sent));
    expect(await idsOf(store, stream)).toEqual(ids(sent));
    await store.close();
  });

  it('goes on without a leader that was killed, once another is elected', async () => {
    const store = await impatientStore(cluster.url, { refusedMs: 5_000 });
    const { stream } = oneAppend();
    await store.append({ stream, expected: 'none', events: [event()] });
    const old = cluster.leader;
    await cluster.kill(old);
    const appending = store.append({ stream, expected: 0, events: [event()] });
    await cluster.elect(cluster.followers.find((node) => node !== old) as Esdb);
    expect((await appending).revision).toBe(1);
    await store.close();
  });

  it('sends on an append that was made at a single node which leads no more', async () => {
    const follower = cluster.followers.find((node) => node.child.exitCode === null && node.child.signalCode === null) as Esdb;
    const store = await impatientStore(follower.url);
    expect((await store.append(oneAppend())).revision).toBe(0);
    await store.close();
  });
});

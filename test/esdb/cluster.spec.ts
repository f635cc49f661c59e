/** Several servers as one cluster, over the wire. */
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { appended, clientOf, disposeClients, event, listen, revisions, until } from './client.fixture.js';
import { startEsdbCluster, type EsdbCluster } from './esdb-cluster.fixture.js';

let cluster: EsdbCluster;
beforeAll(async () => void (cluster = await startEsdbCluster({ roles: ['leader', 'follower', 'read-only-replica'] })));
afterEach(disposeClients);
afterAll(() => cluster.stop());

describe('a cluster', () => {
  it('is found through any member, and its leader takes the append', async () => {
    expect(await appended(clientOf(cluster.url), 'found', event(), 'no_stream')).toBe(0n);
    expect(await appended(clientOf(cluster.discoverUrl), 'found', event(), 0n)).toBe(1n);
  });

  it.each(['leader', 'follower', 'read_only_replica'])('shows every member’s client the same log: %s', async (preference) => {
    const client = clientOf(`${cluster.url}&nodePreference=${preference}`);
    await until(async () => (await revisions(client, 'found')).length === 2);
  });

  it('sends writes and reads that need a leader from a follower to the leader', async () => {
    const follower = clientOf(cluster.followers[0]!.url);
    expect(await revisions(follower, 'found', { requiresLeader: true })).toBe('not-leader');
    // The client goes there with its next call.
    expect(await revisions(follower, 'found', { requiresLeader: true })).toEqual([0n, 1n]);
    const other = clientOf(`${cluster.url}&nodePreference=follower`);
    expect(await appended(other, 'sent', event(), 'no_stream')).toBe('not-leader');
    expect(await appended(other, 'sent', event(), 'no_stream')).toBe(0n);
  });

  it('feeds a subscription to a follower with what the leader writes', async () => {
    const heard = listen(clientOf(cluster.followers[0]!.url).subscribeToStream('fed'));
    const one = event();
    await appended(clientOf(cluster.leader.url), 'fed', one);
    await until(() => heard.ids.length === 1);
    expect(heard.ids).toEqual([one.id]);
  });

  it('changes its leader: clients are sent on, and no event is lost or doubled', async () => {
    const client = clientOf(cluster.leader.url);
    const events = Array.from({ length: 40 }, () => event());
    const [old, next] = [cluster.leader, cluster.followers[0]!];
    const listened = listen(clientOf(old.url).subscribeToStream('moved'));
    const writing = (async () => {
      for (const [i, one] of events.entries()) {
        let answer = await appended(client, 'moved', one, i === 0 ? 'no_stream' : BigInt(i - 1));
        for (; typeof answer === 'string'; answer = await appended(client, 'moved', one, i === 0 ? 'no_stream' : BigInt(i - 1))) expect(['not-leader', 'unavailable', 'code 14', 'cancelled', 'unknown']).toContain(answer);
        expect(answer).toBe(BigInt(i));
      }
    })();
    await pause(20);
    await cluster.elect(next);
    await writing;
    expect(await revisions(clientOf(old.url), 'found', { requiresLeader: true })).toBe('not-leader');
    for (const node of cluster.nodes) await until(async () => (await revisions(clientOf(node.url), 'moved')).length === events.length);
    await until(() => listened.ids.length === events.length);
    expect(listened.ids).toEqual(events.map(({ id }) => id));
  });

  it('goes on without a leader that was killed, and takes it back as a follower', async () => {
    const old = cluster.leader;
    await cluster.kill(old);
    await cluster.elect(cluster.followers.find((node) => node === cluster.nodes[0])!);
    const client = clientOf(cluster.url);
    expect(await appended(client, 'after', event(), 'no_stream')).toBe(0n);
    await cluster.restart(old);
    await until(async () => (await revisions(clientOf(old.url), 'after')).length === 1);
    expect(await revisions(clientOf(old.url), 'after', { requiresLeader: true })).toBe('not-leader');
  });
});

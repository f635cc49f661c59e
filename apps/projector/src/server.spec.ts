import { spawnSync } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from '@jest/globals';
import { StoreUnavailable, StoreUnusable } from '#event-store/event-store.js';
import type { ProjectorConfiguration } from '#nest/configuration.js';
import { describeWithPostgres } from '#postgres/postgres.suite.js';
import { ExampleLeases } from '#projection/leased-views.examples.js';
import { ExampleLog, positionOf, stored } from '#projection/log.examples.js';
import { openPostgresViews } from '#projection/postgres-view-store.js';
import { ViewsUnavailable, type View } from '#projection/view.js';
import { journal, parcelFact, parcels } from '#projection/views.examples.js';
import { startProjectorServer, type RunningProjectorServer } from './server.js';
import type { ProjectorStores } from './stores.js';

const history = stored(Array.from({ length: 50 }, (_, i) => parcelFact('ParcelStored', `p${i}`)));
const views: readonly View[] = [journal, parcels];
const configuration: ProjectorConfiguration = { host: '127.0.0.1', port: 0, log: { engine: 'esdb', url: 'esdb://nowhere' }, views: { engine: 'postgres', url: 'postgres://nowhere/d' } };
const running: RunningProjectorServer[] = [];
const logged: string[] = [];

async function start(stores: ProjectorStores): Promise<RunningProjectorServer> {
  const server = await startProjectorServer(configuration, { stores, views, ttlMs: 600, writeLog: (line) => logged.push(line) });
  running.push(server);
  return server;
}

afterEach(async () => {
  for (const server of running.splice(0)) await server.close();
  logged.length = 0;
});

describe('the projector', () => {
  it('waits for a log and for views that are not there yet, and goes on by itself', async () => {
    const [log, viewStore] = [new ExampleLog(history), new ExampleLeases()];
    const there = { log: false, views: false };
    const server = await start({
      openLog: async () => (there.log ? log : Promise.reject(new StoreUnavailable('the log is away', 'not-written'))),
      openViewStore: async () => (there.views ? viewStore : Promise.reject(new ViewsUnavailable('the views are away'))),
    });
    expect([await status(server, 'healthz'), await status(server, 'readyz')]).toEqual([200, 503]);
    there.log = true;
    await until(() => logged.some((line) => line.includes('"for":"views"')));
    expect(await status(server, 'readyz')).toBe(503);
    there.views = true;
    await until(async () => (await status(server, 'readyz')) === 200);
    await until(async () => (await viewStore.checkpoint('parcels')) === positionOf(49));
    expect(logged.map((line) => JSON.parse(line) as { event: string }).map(({ event }) => event)).toEqual(expect.arrayContaining(['waiting', 'feeding', 'leases']));
    viewStore.isAway = true;
    await until(async () => (await status(server, 'readyz')) === 503);
    viewStore.isAway = false;
    await until(async () => (await status(server, 'readyz')) === 200);
  });

  it('shows how far it is, what it holds and what went wrong', async () => {
    const [log, viewStore] = [new ExampleLog(history), new ExampleLeases()];
    const server = await start({ openLog: async () => log, openViewStore: async () => viewStore });
    await until(async () => (await figures(server)).get('liggare_projector_lag_events') === 0);
    const found = await figures(server);
    expect([found.get('liggare_projector_lag_seconds'), found.get('liggare_projector_events_total')]).toEqual([0, 50]);
    expect([found.get('liggare_projector_lease{view="journal"}'), found.get('liggare_projector_lease{view="parcels"}')]).toEqual([1, 1]);
    const standby = await start({ openLog: async () => log, openViewStore: async () => viewStore });
    viewStore.beforeCommit = () => Promise.reject(new ViewsUnavailable('away for commits'));
    log.add(...stored([parcelFact('ParcelStored', 'x'), parcelFact('ParcelStored', 'y')], 50));
    await until(async () => ((await figures(server)).get('liggare_projector_faults_total{kind="feeding"}') ?? 0) > 0);
    const behind = await figures(standby);
    expect([behind.get('liggare_projector_lag_events'), behind.get('liggare_projector_lease{view="journal"}')]).toEqual([2, 0]);
    expect(behind.get('liggare_projector_lag_seconds')).toBeGreaterThan(0);
    viewStore.isAway = true;
    expect((await figures(standby)).get('liggare_projector_lag_events')).toBeNaN();
  });

  it('ends with one sentence when what it finds cannot be used, and closes what it had opened', async () => {
    const [log, viewStore] = [new ExampleLog(history.slice(0, 5)), new ExampleLeases()];
    const unusable = await start({ openLog: () => Promise.reject(new StoreUnusable('the log refuses this user (hint: check it)')), openViewStore: async () => viewStore });
    expect((await unusable.failed)?.message).toBe('the log refuses this user (hint: check it)');
    await expect(fetch(`${unusable.url}/healthz`)).rejects.toThrow();
    await viewStore.prepare(views);
    await viewStore.commit([{ view: 'journal', changes: [], after: undefined, checkpoint: positionOf(40) }]);
    const ahead = await start({ openLog: async () => log, openViewStore: async () => viewStore });
    expect((await ahead.failed)?.message).toMatch(/^the views journal are ahead of the log/);
  });

  it('does not start where one process keeps log and views to itself', () => {
    const main = fileURLToPath(new URL('./main.js', import.meta.url));
    const { status: code, stderr } = spawnSync(process.execPath, [main], { env: { PATH: process.env['PATH'], LIGGARE_PORT: '0' }, encoding: 'utf8', timeout: 20_000 });
    expect([code, stderr]).toEqual([2, expect.stringMatching(/^liggare: a projector of its own needs a log and views that processes share: .*\n$/)]);
  });
});

describeWithPostgres('the projector on PostgreSQL', (server) => {
  it('feeds, stops in order, and leaves its leases for the next', async () => {
    const url = await server().newDatabase();
    const log = new ExampleLog(history.slice(0, 20));
    const stores = { openLog: async () => log, openViewStore: () => openPostgresViews(url) };
    const first = await startProjectorServer(configuration, { stores, views, ttlMs: 60_000, writeLog: () => undefined });
    await until(async () => (await figures(first)).get('liggare_projector_lease{view="parcels"}') === 1);
    await first.close();
    const second = await startProjectorServer(configuration, { stores: { ...stores, openLog: async () => new ExampleLog(history) }, views, ttlMs: 60_000, writeLog: () => undefined });
    running.push(second);
    await until(async () => (await figures(second)).get('liggare_projector_lease{view="parcels"}') === 1);
    await until(async () => (await figures(second)).get('liggare_projector_lag_events') === 0);
    expect(await first.failed).toBeUndefined();
  });
});

async function status({ url }: RunningProjectorServer, path: string): Promise<number> {
  return (await fetch(`${url}/${path}`)).status;
}

async function figures({ url }: RunningProjectorServer): Promise<ReadonlyMap<string, number>> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return new Map(text.split('\n').filter((line) => line.startsWith('liggare_')).map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))]));
}

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (const end = performance.now() + 10_000; performance.now() < end; await delay(20)) if (await holds()) return;
  throw new Error('it did not come about in time');
}

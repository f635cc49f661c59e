/**
 * Log, vault and views that do not belong together, or are of a newer program or another time: one sentence on stderr, exit code 1, and all of it
 * left as it was.
 */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { openEsdbEventStore } from '#event-store/esdb/esdb-event-store.js';
import { views } from '#ledger/views.js';
import type { ServerProcess } from '../crash/server.js';
import { startEsdb, type Esdb } from '../esdb/esdb-server.fixture.js';
import { addressOf, ask, consent, recordedIn, tell, until } from './asking.js';
import { describeCluster, LONG } from './cluster.suite.js';
import { BOTH, databaseOf, isRefused, stoppedLedger, type App } from './refused.js';

describeCluster('a start is refused', { apis: 1, projectors: 1 }, (cluster) => {
  let token: string;
  beforeAll(async () => {
    token = await stoppedLedger(cluster());
  }, LONG);

  const refused = (env: Readonly<Record<string, string>>, sentence: RegExp, { apps = BOTH, ...untouched }: { readonly apps?: readonly App[]; readonly log?: Esdb; readonly database?: string } = {}): Promise<void> =>
    isRefused(cluster(), { apps, env, sentence, ...untouched });
  const database = (): string => databaseOf(cluster());

  describe('for a log that is not this ledger’s', () => {
    it('streams of somebody else', async () => {
      const other = await startEsdb();
      try {
        const log = await openEsdbEventStore({ url: other.url });
        await log.append({ stream: 'orders-1', expected: 'none', events: [{ id: '5d3c1a52-0000-4000-8000-000000000001', type: 'OrderPlaced', data: '{"total":1}' }] });
        await log.close();
        await refused({ LIGGARE_LOG: other.url }, /the log holds an event that this ledger did not write, at position \d+ \(hint: /, { log: other });
        const empty = await cluster().postgres.newDatabase();
        await refused({ LIGGARE_LOG: other.url, LIGGARE_VAULT: empty, LIGGARE_VIEWS: empty }, /this ledger did not write|its vault in PostgreSQL is gone or empty/, { log: other, database: empty });
      } finally {
        await other.stop();
      }
    }, LONG);

    it('events beside an empty vault', async () => {
      const empty = await cluster().postgres.newDatabase();
      await refused({ LIGGARE_VAULT: empty, LIGGARE_VIEWS: empty }, /the log has events and its vault in PostgreSQL is gone or empty \(hint: /, { apps: ['api'], database: empty });
    }, LONG);

    it('a vault with values, and views with rows, beside an empty log', async () => {
      const empty = await startEsdb();
      try {
        await refused({ LIGGARE_LOG: empty.url }, /older log stands beside it|ahead of the log/, { log: empty });
      } finally {
        await empty.stop();
      }
    }, LONG);
  });

  describe('for stores of another time', () => {
    it('a vault of a newer program', () => withRow('INSERT INTO liggare_vault.migration (name, timestamp) VALUES ($1, $1)', 'DELETE FROM liggare_vault.migration WHERE name = $1', '9999-newer', () => refused({}, /the vault in PostgreSQL is of a newer program/, { apps: ['api'] })), LONG);
    it('views of a newer program: their tables', () => withRow('INSERT INTO liggare_views.migration (name, timestamp) VALUES ($1, $1)', 'DELETE FROM liggare_views.migration WHERE name = $1', '9999-newer', () => refused({}, /the views in PostgreSQL is of a newer program|views .*newer program/)), LONG);
    it('views of a newer program: one view', () => {
      const [view] = views;
      return withRow('UPDATE liggare_views.liggare_views SET version = version + 1000 WHERE view = $1', 'UPDATE liggare_views.liggare_views SET version = version - 1000 WHERE view = $1', view?.name ?? '', () => refused({}, /in PostgreSQL is of a newer program/));
    }, LONG);

    async function withRow(there: string, gone: string, value: string, work: () => Promise<void>): Promise<void> {
      await cluster().postgres.ask(database(), there, [value]);
      try {
        await work();
      } finally {
        await cluster().postgres.ask(database(), gone, [value]);
      }
    }

    it.each([
      ['with values', 'RegisterSubject', { identifiers: [addressOf('bertil')] }],
      ['without', 'GiveConsent', { identifier: addressOf('anna'), ...consent }],
    ])('an older log than vault or views, which had events %s', async (how, command, body) => {
      const older = cluster().esdb.snapshot();
      const api = await cluster().restart(cluster().apis[0] as ServerProcess);
      const projector = await cluster().restart(cluster().projectors[0] as ServerProcess);
      const { events } = recordedIn(await tell(api, token, command, `later-${how.replaceAll(' ', '-')}`, body));
      await until('the views have it', async () => (await ask(api, `/v1/deviations?atLeast=${events.at(-1)?.position}`)).status === 200);
      await projector.stop();
      await api.stop();
      const newer = cluster().esdb.snapshot();
      await cluster().esdb.goBack(older);
      await refused({}, /older log stands beside it|ahead of the log/);
      await cluster().esdb.goBack(newer);
    }, LONG);

    it('an older vault than the log', async () => {
      // The values are gone, as they would be in a dump made before them.
      await cluster().postgres.ask(database(), 'CREATE TABLE public.kept AS SELECT * FROM liggare_vault.value');
      await cluster().postgres.ask(database(), 'DELETE FROM liggare_vault.value');
      await refused({}, /older vault stands beside it/, { apps: ['api'] });
      await cluster().postgres.ask(database(), 'INSERT INTO liggare_vault.value OVERRIDING SYSTEM VALUE SELECT * FROM public.kept');
    }, LONG);

    it('and nothing of it once all is in its place again', async () => {
      const api = await cluster().restart(cluster().apis[0] as ServerProcess);
      await cluster().restart(cluster().projectors[0] as ServerProcess);
      expect(recordedIn(await tell(api, token, 'RegisterSubject', 'last', { identifiers: [addressOf('cecilia')] })).status).toBe('recorded');
    }, LONG);
  });
});


import { afterEach, describe, expect, it } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { describeWithPostgres, itOnOwnServer } from '#postgres/postgres.suite.js';
import { MOVE, openPostgresViews, openPostgresViewsReadOnly } from './postgres-view-store.js';
import { declaration } from './postgres-views-schema.js';
import { LeaseLost, ViewFedElsewhere, ViewsUnavailable } from './view.js';
import type { Change, FollowingReader, LeasedViewStore, View } from './view.js';
import { viewStoreSuite } from './view-store.suite.js';
import { ViewsUnusable } from './views-unusable.js';
import { journal, parcels } from './views.examples.js';

describeWithPostgres('on PostgreSQL', (server) => {
  let database: Promise<string> | undefined;
  let schemas = 0;
  /** Schemas of one database: made much sooner than databases. */
  const place = async (): Promise<{ readonly url: string; readonly schema: string }> => {
    database ??= server().newDatabase();
    schemas += 1;
    return { url: await database, schema: `views_${schemas}` };
  };
  viewStoreSuite('PostgreSQL', async () => {
    const { url, schema } = await place();
    return openPostgresViews(url, { schema });
  });

  describe('views on PostgreSQL', () => {
    const opened: { close(): Promise<void> }[] = [];
    const open = async ({ url, schema }: { url: string; schema: string }): Promise<LeasedViewStore & FollowingReader> => {
      const store = await openPostgresViews(url, { schema });
      opened.push(store);
      return store;
    };
    const read = async ({ url, schema }: { url: string; schema: string }, views: readonly View[]): Promise<FollowingReader> => {
      const reader = await openPostgresViewsReadOnly(url, views, { schema });
      opened.push(reader);
      return reader;
    };
    afterEach(async () => {
      for (const one of opened.splice(0)) await one.close();
    });

    it('of a newer program are refused and stay as they are; those of an older one are begun anew', async () => {
      const where = await place();
      const newer = await open(where);
      await newer.prepare([{ ...journal, version: 7 }]);
      await newer.commit([{ view: 'journal', changes: [line(0)], after: undefined, checkpoint: '1' }]);
      const older = await open(where);
      for (const refused of [older.prepare([journal]), older.reset(journal)]) {
        await expect(refused).rejects.toThrow(ViewsUnusable);
        await expect(refused).rejects.toThrow(/^the view journal in PostgreSQL is of a newer program \(version 7; this one knows 1\) \(hint: /);
      }
      expect([await newer.checkpoint('journal'), (await newer.rows('journal', [])).length]).toEqual(['1', 1]);
      expect((await older.lease('older', ['journal'], 60_000)).size).toBe(0);
      await (await open(where)).prepare([{ ...journal, version: 8 }]);
      const late = newer.commit([{ view: 'journal', changes: [line(1)], after: undefined, checkpoint: '2' }]);
      await expect(late).rejects.toThrow(ViewFedElsewhere);
    });

    it('give a reader nothing before they are prepared, of another version, or before they are where the log was', async () => {
      const where = await place();
      const reader = await read(where, [journal]);
      const notServing = async (one: FollowingReader): Promise<void> => {
        expect((await one.progress()).map(({ isServing }) => isServing)).toEqual([false]);
        await expect(one.rows('journal', ['s'])).rejects.toThrow(ViewsUnavailable);
        await expect(one.fetch([{ table: 'journal', key: ['s', 0] }])).rejects.toThrow(ViewsUnavailable);
      };
      await notServing(reader);
      expect(await reader.checkpoint('journal')).toBeUndefined();
      const store = await open(where);
      await store.prepare([journal], '5');
      await notServing(reader);
      await store.commit([{ view: 'journal', changes: [line(0)], after: undefined, checkpoint: '4' }]);
      await notServing(reader);
      await store.commit([{ view: 'journal', changes: [line(1)], after: '4', checkpoint: '5' }]);
      expect(await reader.progress()).toEqual([{ view: 'journal', checkpoint: '5', isServing: true }]);
      expect((await reader.rows('journal', ['s'], { backwards: true })).map(({ revision }) => revision)).toEqual([1, 0]);
      expect(await reader.rows('journal', ['other'])).toEqual([]);
      expect((await reader.fetch([{ table: 'journal', key: ['s', 1] }])).length).toBe(1);
      expect(await reader.fetch([{ table: 'journal', key: ['s', 2] }])).toEqual([]);
      await notServing(await read(where, [{ ...journal, version: 2 }]));
      await store.reset(journal, '6');
      await notServing(reader);
    });

    it('sort text by code point whatever the database sorts by', async () => {
      const where = await place();
      await (await open(where)).prepare([journal, parcels]);
      const found = await server().ask(where.url, `SELECT DISTINCT collation_name AS name FROM information_schema.columns WHERE table_schema = $1 AND data_type = 'text' AND table_name IN ('parcel', 'depot_parcel', 'journal')`, [where.schema]);
      expect(found).toEqual([{ name: 'C' }]);
    });

    it('are prepared by two at once, and once', async () => {
      const where = await place();
      const stores = await Promise.all(Array.from({ length: 4 }, () => open(where)));
      await Promise.all(stores.map((store) => store.prepare([journal, parcels])));
      await stores[0]?.commit([{ view: 'journal', changes: [line(0)], after: undefined, checkpoint: '1' }]);
      await Promise.all(stores.map((store) => store.prepare([journal, parcels])));
      expect(await stores[1]?.rows('journal', [])).toHaveLength(1);
    });

    it('agree with their checkpoint whenever connections are cut, and are fed on', async () => {
      const store = await open(await place());
      await store.prepare([parcels]);
      let isDone = false;
      const cutting = (async (): Promise<void> => {
        for (; !isDone; ) await server().cut();
      })();
      let cuts = 0;
      for (let n = 1; n <= 150; ) {
        // As the projector does: from the checkpoint that is there, with the row that is there. Counted twice or not at all would show.
        try {
          const after = await store.checkpoint('parcels');
          n = Number(after ?? 0) + 1;
          const [found] = await store.fetch([{ table: 'parcel', key: ['a'] }]);
          const row = { parcel: 'a', depot: null, grams: 1, order: Number(found?.row['order'] ?? 0) + 1 };
          if (n <= 150) await store.commit([{ view: 'parcels', changes: [{ op: 'put', table: 'parcel', row }], after, checkpoint: positionAt(n) }]);
        } catch (error) {
          expect(error).toBeInstanceOf(ViewsUnavailable);
          cuts += 1;
        }
      }
      isDone = true;
      await cutting;
      const rows = await eventually(() => store.rows('parcel', []));
      expect(rows.map(({ order }) => order)).toEqual([150]);
      expect(cuts).toBeGreaterThan(0);
    });

    itOnOwnServer('are away while the server is, and there again when it is back', async () => {
      const { restart } = server();
      if (!restart) throw new Error('it is our own');
      const store = await open(await place());
      await store.prepare([journal]);
      await store.commit([{ view: 'journal', changes: [line(0)], after: undefined, checkpoint: '1' }]);
      await restart('immediate', async () => {
        await expect(store.commit([{ view: 'journal', changes: [], after: '1', checkpoint: '2' }])).rejects.toThrow(ViewsUnavailable);
        await expect(store.rows('journal', [])).rejects.toThrow(ViewsUnavailable);
        await expect(store.progress()).rejects.toThrow(ViewsUnavailable);
        await expect(store.lease('a', ['journal'], 1000)).rejects.toThrow(ViewsUnavailable);
      });
      // What was committed last may be gone, rows and checkpoint together; the log still has it.
      const after = await eventually(() => store.checkpoint('journal'));
      expect([undefined, '1']).toContain(after);
      expect(await store.rows('journal', [])).toHaveLength(after === undefined ? 0 : 1);
      await store.commit([{ view: 'journal', changes: after === undefined ? [line(0), line(1)] : [line(1)], after, checkpoint: '2' }]);
      expect(await store.rows('journal', [])).toHaveLength(2);
    });

    itOnOwnServer('keep a lease through a crash of the server: its epoch fences', async () => {
      const { restart } = server();
      if (!restart) throw new Error('it is our own');
      const store = await open(await place());
      await store.prepare([journal]);
      for (let taken = 1; taken <= 3; taken += 1) {
        expect([...(await store.lease(`holder-${taken}`, ['journal'], 60_000))]).toEqual([['journal', 2 * taken - 1]]);
        await restart('immediate');
        await eventually(() => store.checkpoint('journal'));
        expect((await store.lease('other', ['journal'], 60_000)).size).toBe(0);
        await store.release(`holder-${taken}`);
      }
    });

    it('are not opened where they cannot be, with a sentence', async () => {
      const { url } = await place();
      const nowhere = Object.assign(new URL(url), { pathname: '/no_such_database' }).href;
      await expect(openPostgresViews(nowhere)).rejects.toThrow(ViewsUnusable);
      await expect(openPostgresViews(Object.assign(new URL(url), { port: '1' }).href)).rejects.toThrow(ViewsUnavailable);
    });
  });

  describe('leases of views on PostgreSQL', () => {
    const opened: LeasedViewStore[] = [];
    const two = async (): Promise<readonly [LeasedViewStore, LeasedViewStore]> => {
      const { url, schema } = await place();
      const stores = [await openPostgresViews(url, { schema }), await openPostgresViews(url, { schema })] as const;
      opened.push(...stores);
      for (const store of stores) await store.prepare([journal, parcels]);
      return stores;
    };
    afterEach(async () => {
      for (const store of opened.splice(0)) await store.close();
    });
    const both = ['journal', 'parcels'];

    it('are held by one, renewed at the same epoch, and taken at a greater one when they ran out', async () => {
      const [a, b] = await two();
      const held = await a.lease('a', both, 300);
      expect([...held.keys()].sort()).toEqual(both);
      expect((await b.lease('b', both, 300)).size).toBe(0);
      expect(await a.lease('a', both, 300)).toEqual(held);
      const begin = performance.now();
      const taken = await eventually(async () => {
        const got = await b.lease('b', both, 60_000);
        if (got.size < 2) throw new ViewsUnavailable('not yet');
        return got;
      });
      expect(performance.now() - begin).toBeGreaterThan(200);
      expect(taken.get('journal')).toBeGreaterThan(held.get('journal') ?? Infinity);
      expect((await a.lease('a', both, 300)).size).toBe(0);
    });

    it('grow their epoch when they had run out, though nobody else took them', async () => {
      const [a] = await two();
      const held = await a.lease('a', both, 1);
      await delay(20);
      expect((await a.lease('a', both, 1000)).get('journal')).toBeGreaterThan(held.get('journal') ?? Infinity);
    });

    it('are checked in the transaction that writes: nothing of a late batch is written, from whichever checkpoint', async () => {
      const [a, b] = await two();
      const epoch = (await a.lease('a', both, 60_000)).get('journal') ?? 0;
      await a.commit([{ view: 'journal', changes: [line(0)], after: undefined, checkpoint: '1', epoch }]);
      await a.release('a');
      const late = { view: 'journal', changes: [line(1)], after: '1', checkpoint: '2', epoch } as const;
      await expect(a.commit([late])).rejects.toThrow(LeaseLost);
      const next = (await b.lease('b', both, 60_000)).get('journal') ?? 0;
      await expect(a.commit([{ view: 'parcels', changes: [], after: undefined, checkpoint: '1' }, late])).rejects.toThrow(LeaseLost);
      expect([await b.checkpoint('journal'), await b.checkpoint('parcels'), (await b.rows('journal', [])).length]).toEqual(['1', undefined, 1]);
      await b.commit([{ ...late, epoch: next }]);
      await b.reset(journal);
      await expect(b.commit([{ ...late, after: undefined, epoch: next }])).rejects.toThrow(LeaseLost);
    });

    it('go to one of two that ask at the same moment', async () => {
      const [a, b] = await two();
      for (let round = 0; round < 40; round += 1) {
        const [first, second] = await Promise.all([a.lease('a', both, 60_000), b.lease('b', both, 60_000)]);
        expect([...first.keys(), ...second.keys()].sort()).toEqual(both);
        await Promise.all([a.release('a'), b.release('b')]);
      }
    });

    it('are not taken while a batch is being written under them', async () => {
      const [a, b] = await two();
      const { url, schema } = { url: await (database ?? Promise.reject(new Error('a database'))), schema: `views_${schemas}` };
      const epoch = (await a.lease('a', ['journal'], 100)).get('journal') ?? 0;
      await holdingTransaction(url, schema, epoch, async (client) => {
        let isTaken = false;
        await delay(150);
        const taking = b.lease('b', ['journal'], 60_000).then((held) => ((isTaken = true), held));
        await delay(300);
        expect(isTaken).toBe(false);
        await client.query('COMMIT');
        expect((await taking).get('journal')).toBe(epoch + 1);
        expect(await b.checkpoint('journal')).toBe('1');
      });
    });

    it('are renewed while a batch is being written under them', async () => {
      const [a] = await two();
      const { url, schema } = { url: await (database ?? Promise.reject(new Error('a database'))), schema: `views_${schemas}` };
      const epoch = (await a.lease('a', ['journal'], 60_000)).get('journal') ?? 0;
      await holdingTransaction(url, schema, epoch, async (client) => {
        let isOpen = true;
        const renewed = a.lease('a', ['journal'], 60_000).then((held) => [held.get('journal'), isOpen]);
        await Promise.race([renewed, delay(1000)]);
        isOpen = false;
        await client.query('COMMIT');
        expect(await renewed).toEqual([epoch, true]);
      });
    });

    it('are taken from one that stopped in the middle of a transaction', async () => {
      const [a, b] = await two();
      const { url, schema } = { url: await (database ?? Promise.reject(new Error('a database'))), schema: `views_${schemas}` };
      const epoch = (await a.lease('a', ['journal'], 200)).get('journal') ?? 0;
      await holdingTransaction(url, schema, epoch, async () => {
        // It says no more: the server ends its transaction.
        const begin = performance.now();
        const taken = await eventually(async () => {
          const got = await b.lease('b', ['journal'], 60_000);
          if (got.size === 0) throw new ViewsUnavailable('not yet');
          return got;
        });
        expect(taken.get('journal')).toBe(epoch + 1);
        expect(performance.now() - begin).toBeLessThan(4000);
      });
    });
  });
});

/** A feeder that has moved a checkpoint and then says no more: its connection stays open, its transaction too. */
async function holdingTransaction(url: string, schema: string, epoch: number, work: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client(url);
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query(`SET search_path = ${schema}`);
    await client.query('BEGIN');
    const { rowCount } = await client.query(MOVE, [['journal'], [declaration(journal)], [null], ['1'], [epoch]]);
    expect(rowCount).toBe(1);
    await work(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}

function line(revision: number): Change {
  return { op: 'put', table: 'journal', row: { stream: 's', revision, type: 'T' } };
}

function positionAt(n: number): string {
  return String(n).padStart(6, '0');
}

/** Tries again what says that the store is away. */
async function eventually<T>(work: () => Promise<T>): Promise<T> {
  for (const end = performance.now() + 10_000; ; ) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof ViewsUnavailable) || performance.now() > end) throw error;
      await delay(20);
    }
  }
}

/** What every view store must do, whatever it keeps rows in. */
import { afterEach, describe, expect, it } from '@jest/globals';
import { ViewFedElsewhere } from './view.js';
import type { Cell, Change, Row, View, ViewStore } from './view.js';
import { ViewRuleBroken } from './table-shape.js';
import { journal, parcels } from './views.examples.js';

export function viewStoreSuite(name: string, open: () => Promise<ViewStore>): void {
  describe(`${name} as a view store`, () => {
    const opened: ViewStore[] = [];
    const prepared = async (...views: readonly View[]): Promise<ViewStore> => {
      const store = await open();
      opened.push(store);
      await store.prepare(views);
      return store;
    };
    afterEach(async () => {
      for (const store of opened.splice(0)) await store.close();
    });

    it('has no checkpoint and no rows before the first commit', async () => {
      const store = await prepared(parcels);
      expect(await store.checkpoint('parcels')).toBeUndefined();
      expect(await store.rows('parcel', [])).toEqual([]);
      expect(await store.fetch([{ table: 'parcel', key: ['a'] }])).toEqual([]);
    });

    it('gives rows and checkpoints back as they were committed, several views at once', async () => {
      const store = await prepared(parcels, journal);
      const line = { stream: 's', revision: 0, type: 'T' };
      await store.commit([
        { view: 'parcels', changes: [put('parcel', parcel('a')), put('parcel', parcel('b', null))], after: undefined, checkpoint: '1' },
        { view: 'journal', changes: [put('journal', line)], after: undefined, checkpoint: '2' },
      ]);
      expect([await store.checkpoint('parcels'), await store.checkpoint('journal')]).toEqual(['1', '2']);
      expect(await store.rows('parcel', [])).toEqual([parcel('a'), parcel('b', null)]);
      expect(await store.fetch([{ table: 'journal', key: ['s', 0] }, { table: 'parcel', key: ['none'] }])).toEqual([{ ref: { table: 'journal', key: ['s', 0] }, row: line }]);
    });

    it('replaces and deletes rows, and takes a commit without changes', async () => {
      const store = await prepared(parcels);
      await store.commit([{ view: 'parcels', changes: [put('parcel', parcel('a')), put('parcel', parcel('b'))], after: undefined, checkpoint: '1' }]);
      expect(await store.rows('parcel', [])).toEqual([parcel('a'), parcel('b')]);
      await store.commit([{ view: 'parcels', changes: [put('parcel', parcel('a', 'south')), remove('parcel', 'b'), remove('parcel', 'never')], after: '1', checkpoint: '2' }]);
      await store.commit([{ view: 'parcels', changes: [], after: '2', checkpoint: '3' }]);
      expect(await store.rows('parcel', [])).toEqual([parcel('a', 'south')]);
      expect(await store.checkpoint('parcels')).toBe('3');
    });

    it('writes nothing of a commit made from another checkpoint, for any of its views', async () => {
      const store = await prepared(parcels, journal);
      const wrong = store.commit([
        { view: 'parcels', changes: [put('parcel', parcel('a'))], after: undefined, checkpoint: '1' },
        { view: 'journal', changes: [], after: '0', checkpoint: '1' },
      ]);
      await expect(wrong).rejects.toThrow(ViewFedElsewhere);
      expect(await store.checkpoint('parcels')).toBeUndefined();
      expect(await store.rows('parcel', [])).toEqual([]);
    });

    it('writes nothing of a commit with a row that is not as declared', async () => {
      const store = await prepared(parcels);
      for (const wrong of [{ depot: 5 }, { depot: '\ud800' }, { depot: 'a\0b' }, { grams: 1.5 }, { grams: -0 }, { grams: '1' }, { grams: 2 ** 53 }]) {
        const changes = [put('parcel', parcel('a')), put('parcel', { ...parcel('b'), ...wrong })];
        await expect(store.commit([{ view: 'parcels', changes, after: undefined, checkpoint: '1' }])).rejects.toThrow(ViewRuleBroken);
      }
      expect(await store.rows('parcel', [])).toEqual([]);
    });

    it('fetches many rows at once, each once', async () => {
      const store = await prepared(journal);
      const lines = Array.from({ length: 150 }, (_, revision) => ({ stream: 's', revision, type: 'T' }));
      await store.commit([{ view: 'journal', changes: lines.map((line) => put('journal', line)), after: undefined, checkpoint: '1' }]);
      const found = await store.fetch(lines.map(({ revision }) => ({ table: 'journal', key: ['s', 2 * revision] })));
      expect(found.map(({ row }) => Number(row['revision'])).sort((a, b) => a - b)).toEqual(Array.from({ length: 75 }, (_, i) => 2 * i));
    });

    it('pages through rows by a prefix of the key, in key order by code point', async () => {
      const store = await prepared(parcels);
      const names = ['z', 'a', 'aa', 'Å', '\uffee', '😀', 'a\u0001b', ''];
      const changes = [...names.map((n) => put('depot_parcel', { depot: 'north', parcel: n, note: null })), put('depot_parcel', { depot: 'northern', parcel: 'a', note: null })];
      await store.commit([{ view: 'parcels', changes, after: undefined, checkpoint: '1' }]);
      const sorted = ['', 'a', 'a\u0001b', 'aa', 'z', 'Å', '\uffee', '😀'];
      expect(keysOf(await store.rows('depot_parcel', ['north']))).toEqual(sorted);
      const paged: Cell[] = [];
      for (let after: readonly Cell[] | undefined; ; ) {
        const page = keysOf(await store.rows('depot_parcel', ['north'], { limit: 3, ...(after && { after }) }));
        if (page.length === 0) break;
        paged.push(...page);
        after = ['north', page.at(-1) ?? null];
      }
      expect(paged).toEqual(sorted);
      expect(keysOf(await store.rows('depot_parcel', ['north'], { backwards: true }))).toEqual(sorted.toReversed());
      expect(keysOf(await store.rows('depot_parcel', ['north'], { backwards: true, after: ['north', 'ab'], limit: 2 }))).toEqual(['aa', 'a\u0001b']);
      expect(keysOf(await store.rows('depot_parcel', [], { backwards: true, after: ['northern', 'a'], limit: 1 }))).toEqual(['😀']);
      expect(await store.rows('depot_parcel', ['north'], { backwards: true, after: ['north', ''] })).toEqual([]);
      expect(keysOf(await store.rows('depot_parcel', [], { after: ['north', '😀'] }))).toEqual(['a']);
      expect(await store.rows('depot_parcel', ['north', 'a'], { after: ['north', 'a'] })).toEqual([]);
      for (const after of [['south', 'a'], ['north']]) await expect(store.rows('depot_parcel', ['north'], { after })).rejects.toThrow(ViewRuleBroken);
      await expect(store.rows('depot_parcel', ['north', 'a', 'b'])).rejects.toThrow(ViewRuleBroken);
      expect(await store.rows('depot_parcel', ['a\0b'])).toEqual([]);
    });

    it('counts the last of several changes of a row', async () => {
      const store = await prepared(parcels);
      const changes = [put('parcel', parcel('a')), put('parcel', parcel('a', 'south')), put('parcel', parcel('b')), remove('parcel', 'b'), remove('parcel', 'c'), put('parcel', parcel('c'))];
      await store.commit([{ view: 'parcels', changes, after: undefined, checkpoint: '1' }]);
      expect(await store.rows('parcel', [])).toEqual([parcel('a', 'south'), parcel('c')]);
    });

    it('keeps a view that is prepared again as it was, and empties one whose version or tables changed', async () => {
      const store = await prepared(parcels, journal);
      await store.commit([{ view: 'parcels', changes: [put('parcel', parcel('a'))], after: undefined, checkpoint: '1' }]);
      await store.commit([{ view: 'journal', changes: [], after: undefined, checkpoint: '1' }]);
      await store.prepare([parcels, journal]);
      expect(await store.checkpoint('parcels')).toBe('1');
      const narrow: View = { ...parcels, version: 2, tables: [{ name: 'parcel', columns: { id: 'text' }, key: ['id'] }] };
      for (const [changed, row] of [[{ ...parcels, version: 2 }, parcel('a')], [narrow, { id: 'a' }]] as const) {
        await store.prepare([changed, journal]);
        expect(await store.checkpoint('parcels')).toBeUndefined();
        expect(await store.rows('parcel', [])).toEqual([]);
        await store.commit([{ view: 'parcels', changes: [put('parcel', row)], after: undefined, checkpoint: '5' }]);
        expect(await store.rows('parcel', [])).toEqual([row]);
      }
      await expect(store.rows('depot_parcel', [])).rejects.toThrow();
      expect(await store.checkpoint('journal')).toBe('1');
    });

    it('resets one view and leaves the others', async () => {
      const store = await prepared(parcels, journal);
      await store.commit([
        { view: 'parcels', changes: [put('parcel', parcel('a'))], after: undefined, checkpoint: '1' },
        { view: 'journal', changes: [put('journal', { stream: 's', revision: 0, type: 'T' })], after: undefined, checkpoint: '1' },
      ]);
      await store.reset(parcels);
      expect([await store.checkpoint('parcels'), await store.rows('parcel', [])]).toEqual([undefined, []]);
      expect([await store.checkpoint('journal'), (await store.rows('journal', [])).length]).toEqual(['1', 1]);
    });

    it('refuses declarations that are malformed', async () => {
      const store = await prepared();
      const table = { name: 'things', columns: { id: 'text' }, key: ['id'] } as const;
      const wrong: readonly (readonly View[])[] = [
        [{ ...journal, name: 'Not This' }],
        [{ ...journal, version: 0 }],
        [journal, journal],
        [journal, { ...journal, name: 'other' }],
        [{ ...journal, tables: [{ ...table, name: 'things; --' }] }],
        [{ ...journal, tables: [{ ...table, name: 'liggare_views' }] }],
        [{ ...journal, tables: [{ ...table, key: [] }] }],
        [{ ...journal, tables: [{ ...table, key: ['id', 'id'] }] }],
        [{ ...journal, tables: [{ ...table, key: ['other'] }] }],
        [{ ...journal, tables: [{ ...table, indexes: [['other']] }] }],
        [{ ...journal, tables: [{ ...table, columns: { id: 'text', '"': 'text' } }] }],
      ];
      for (const views of wrong) await expect(store.prepare(views)).rejects.toThrow(ViewRuleBroken);
    });
  });
}

function parcel(name: string, depot: string | null = 'north'): Row {
  return { parcel: name, depot, grams: 1, order: Number.MAX_SAFE_INTEGER };
}

function put(table: string, row: Row): Change {
  return { op: 'put', table, row };
}

function remove(table: string, key: string): Change {
  return { op: 'delete', table, key: [key] };
}

function keysOf(rows: readonly Row[]): Cell[] {
  return rows.map((row) => row['parcel'] ?? null);
}

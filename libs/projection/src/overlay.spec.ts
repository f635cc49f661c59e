import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { stored } from './log.examples.js';
import { Overlay } from './overlay.js';
import { compareKeys, TableShape, ViewRuleBroken } from './table-shape.js';
import type { Cell, View } from './view.js';
import { parcelFact, parcels } from './views.examples.js';

describe('rows while events are applied', () => {
  const [first, second] = stored([parcelFact('ParcelStored', 'a'), parcelFact('ParcelStored', 'b')]);
  if (!first || !second) throw new Error('two examples');

  it('lets an event read only what it named itself, whatever others of its batch named', () => {
    const curious: View = { ...parcels, apply: (event, read) => (read({ table: 'parcel', key: ['a'] }), parcels.apply(event, read)) };
    const overlay = new Overlay(curious);
    const touched = [overlay.touch(first), overlay.touch(second)] as const;
    overlay.apply(touched[0]);
    expect(() => overlay.apply(touched[1])).toThrow(ViewRuleBroken);
  });

  it('asks once for a row that several events name, and does not let what is fetched replace what has changed', () => {
    const overlay = new Overlay(parcels);
    const touched = [overlay.touch(first), overlay.touch(first)] as const;
    expect([overlay.unfetched(), overlay.unfetched()]).toEqual([[{ table: 'parcel', key: ['a'] }], []]);
    overlay.apply(touched[0]);
    overlay.fill({ ref: { table: 'parcel', key: ['a'] }, row: { parcel: 'a', depot: 'old', grams: 1, order: 7 } });
    overlay.apply(touched[1]);
    expect(overlay.rows().get('parcel')?.get('a')).toEqual({ parcel: 'a', depot: 'north', grams: 100, order: 2 });
  });

  it('makes one change of all that happened to a row', () => {
    const overlay = new Overlay(parcels);
    for (const event of stored([parcelFact('ParcelStored', 'a'), parcelFact('ParcelSent', 'a'), parcelFact('ParcelStored', 'a', 'south')])) overlay.apply(overlay.touch(event));
    expect(overlay.changes().map(({ op, table }) => `${op} ${table}`)).toEqual(['put parcel', 'delete depot_parcel', 'put depot_parcel']);
  });
});

describe('keys', () => {
  const shape = new TableShape({ name: 'pairs', columns: { a: 'text', b: 'text', n: 'integer' }, key: ['a', 'n', 'b'] });
  const key = fc.tuple(fc.string({ maxLength: 3, unit: fc.constantFrom('a', '1', ':', '2') }), fc.nat(12), fc.string({ maxLength: 3, unit: fc.constantFrom('a', '1', ':', '2') }));

  it('have the same text only when they are the same', () => {
    fc.assert(fc.property(key, key, (one: readonly Cell[], two: readonly Cell[]) => (shape.keyText(one) === shape.keyText(two)) === (compareKeys(one, two) === 0)), { seed: 1, numRuns: 20_000 });
    expect(shape.keyText(['a', 1, 'bc'])).not.toBe(shape.keyText(['a', 1, 'b']));
    const pair = new TableShape({ name: 'pair', columns: { a: 'text', b: 'text' }, key: ['a', 'b'] });
    expect(pair.keyText(['a', 'bc'])).not.toBe(pair.keyText(['ab', 'c']));
  });

  it('have as many cells as declared, of their types', () => {
    for (const wrong of [['a', 1], ['a', 1, 'b', 'c'], [1, 1, 'b'], ['a', '1', 'b'], ['a', 1, null]]) expect(() => shape.keyText(wrong)).toThrow(ViewRuleBroken);
  });
});

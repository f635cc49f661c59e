import { describe, expect, it } from '@jest/globals';
import { stored } from './log.examples.js';
import { differences, foldView } from './rows.js';
import { parcelFact, parcels } from './views.examples.js';

const history = stored([
  parcelFact('ParcelStored', 'a', 'north', 600),
  parcelFact('ParcelStored', 'b'),
  { stream: 'depot-north', type: 'DepotOpened', data: {} },
  parcelFact('ParcelStored', 'a', 'south', 100),
  parcelFact('ParcelSent', 'b'),
]);

describe('the fold of a view', () => {
  it('gives the rows of these events and no others', () => {
    const rows = foldView(parcels, history);
    expect([...(rows.get('parcel')?.values() ?? [])]).toEqual([{ parcel: 'a', depot: 'south', grams: 100, order: 2 }]);
    expect([...(rows.get('depot_parcel')?.values() ?? [])]).toEqual([{ depot: 'south', parcel: 'a', note: null }]);
  });

  it('gives the rows as they were at an earlier event', () => {
    const rows = foldView(parcels, history.slice(0, 2));
    expect([...(rows.get('parcel')?.keys() ?? [])]).toEqual(['a', 'b']);
  });

  it('has every table, rows or not', () => {
    expect([...foldView(parcels, []).keys()]).toEqual(['parcel', 'depot_parcel']);
  });
});

describe('the comparison of rows', () => {
  it('finds no difference between the same rows, whatever the order they came in', () => {
    const [one, two] = [stored([parcelFact('ParcelStored', 'a'), parcelFact('ParcelStored', 'b')]), stored([parcelFact('ParcelStored', 'b'), parcelFact('ParcelStored', 'a')])];
    expect(differences(foldView(parcels, one), foldView(parcels, two))).toEqual([]);
  });

  it('names table, place and column, and never a cell', () => {
    const found = differences(foldView(parcels, history), foldView(parcels, history.slice(0, 2)));
    expect(found).toEqual([
      'parcel, row 0: depot, grams, order',
      'parcel, row 1: only on the right',
      'depot_parcel, row 0: only on the right',
      'depot_parcel, row 1: only on the right',
      'depot_parcel, row 2: only on the left',
    ]);
  });
});

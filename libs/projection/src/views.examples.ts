/** Views for the tests of this room, and histories for them: parcels that are packed, weighed and sent to depots. */
import fc from 'fast-check';
import type { StoredEvent } from '#event-store/event-store.js';
import { stored } from './log.examples.js';
import type { Fact } from './log.examples.js';
import type { View } from './view.js';

interface ParcelFact {
  readonly parcel: string;
  readonly depot: string;
  readonly grams: number;
}

/** How much lies in each depot, and where each parcel is: reads two rows, puts and deletes. */
export const parcels: View = {
  name: 'parcels',
  version: 1,
  tables: [
    { name: 'parcel', columns: { parcel: 'text', depot: 'text', grams: 'integer', order: 'integer' }, key: ['parcel'], indexes: [['depot', 'grams']] },
    { name: 'depot_parcel', columns: { depot: 'text', parcel: 'text', note: 'text' }, key: ['depot', 'parcel'] },
  ],
  streamPrefixes: ['parcel-'],
  touches: (event) => [{ table: 'parcel', key: [dataOf(event).parcel] }],
  apply(event, read) {
    const { parcel, depot, grams } = dataOf(event);
    const known = read({ table: 'parcel', key: [parcel] });
    const left = known ? ([{ op: 'delete', table: 'depot_parcel', key: [known['depot'] ?? null, parcel] }] as const) : [];
    switch (event.type) {
      case 'ParcelStored':
        return [
          ...left,
          { op: 'put', table: 'parcel', row: { parcel, depot, grams, order: Number(known?.['order'] ?? 0) + 1 } },
          { op: 'put', table: 'depot_parcel', row: { depot, parcel, note: grams > 500 ? 'heavy' : null } },
        ];
      case 'ParcelSent':
        return known ? [...left, { op: 'delete', table: 'parcel', key: [parcel] }] : [];
      default:
        return [];
    }
  },
};

/** One row an event, nothing read. */
export const journal: View = {
  name: 'journal',
  version: 1,
  tables: [{ name: 'journal', columns: { stream: 'text', revision: 'integer', type: 'text' }, key: ['stream', 'revision'] }],
  streamPrefixes: [''],
  touches: () => [],
  apply: ({ stream, revision, type }) => [{ op: 'put', table: 'journal', row: { stream, revision, type } }],
};

export function parcelFact(type: 'ParcelStored' | 'ParcelSent', parcel: string, depot = 'north', grams = 100): Fact {
  return { stream: `parcel-${parcel}`, type, data: { parcel, depot, grams } };
}

/** Few parcels and depots, so that rows meet; now and then an event of another stream. */
export const parcelHistories: fc.Arbitrary<readonly StoredEvent[]> = fc
  .array(
    fc.oneof(
      { weight: 3, arbitrary: fc.tuple(fc.constantFrom('a', 'b', 'ä', '😀'), fc.constantFrom('north', 'south'), fc.nat(1000)).map(([parcel, depot, grams]) => parcelFact('ParcelStored', parcel, depot, grams)) },
      { weight: 1, arbitrary: fc.constantFrom('a', 'b', 'c').map((parcel) => parcelFact('ParcelSent', parcel)) },
      { weight: 1, arbitrary: fc.constant<Fact>({ stream: 'depot-north', type: 'DepotOpened', data: {} }) },
    ),
    { maxLength: 30 },
  )
  .map((facts) => stored(facts));

function dataOf(event: StoredEvent): ParcelFact {
  return JSON.parse(event.data) as ParcelFact;
}

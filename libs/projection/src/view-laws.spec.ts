import { describe, expect, it } from '@jest/globals';
import { stored } from './log.examples.js';
import { viewLawsOnPostgres } from './postgres-view.laws.js';
import { laws, viewLaws } from './view-laws.js';
import { parcelFact, journal, parcelHistories, parcels } from './views.examples.js';
import type { Row, View } from './view.js';

viewLaws(parcels, parcelHistories);
viewLaws(journal, [stored([parcelFact('ParcelStored', 'a'), parcelFact('ParcelSent', 'a'), parcelFact('ParcelStored', 'b')])]);
viewLawsOnPostgres([parcels, journal], parcelHistories);

const table = { name: 'seen', columns: { stream: 'text', value: 'integer' }, key: ['stream'] } as const;
const sound: View = {
  name: 'seen',
  version: 1,
  tables: [table],
  streamPrefixes: ['parcel-'],
  touches: ({ stream }) => [{ table: 'seen', key: [stream] }],
  apply: ({ stream }, read) => [put({ stream, value: Number(read({ table: 'seen', key: [stream] })?.['value'] ?? 0) + 1 })],
};

let counter = 0;
let before = '';
const broken: Readonly<Record<string, { readonly view: View; readonly breaks: RegExp }>> = {
  'asks the clock': { view: { ...sound, apply: ({ stream }) => [put({ stream, value: Date.now() })] }, breaks: /neither the clock/ },
  'makes a date of now': { view: { ...sound, apply: ({ stream }) => [put({ stream, value: new Date().getUTCFullYear() })] }, breaks: /neither the clock/ },
  'throws dice': { view: { ...sound, apply: ({ stream }) => [put({ stream, value: Math.floor(Math.random() * 1e9) })] }, breaks: /neither the clock/ },
  'makes an id': { view: { ...sound, apply: ({ stream }) => [put({ stream, value: crypto.randomUUID().length })] }, breaks: /neither the clock/ },
  'writes down the date': { view: { ...sound, apply: ({ stream }) => [put({ stream, value: Date().length })] }, breaks: /neither the clock/ },
  'takes its time': { view: { ...sound, apply: ({ stream }) => [put({ stream, value: Math.floor(performance.now()) })] }, breaks: /neither the clock/ },
  'fills bytes by chance': { view: { ...sound, apply: ({ stream }) => [put({ stream, value: crypto.getRandomValues(new Uint8Array(1)).length })] }, breaks: /neither the clock/ },
  'counts in a global': { view: { ...sound, apply: ({ stream }) => [put({ stream, value: (counter += 1) })] }, breaks: /the same rows again/ },
  'remembers the event before, whoever it was for': {
    view: {
      ...sound,
      apply: ({ stream, revision }) => {
        const value = before === stream ? 1 : 0;
        before = stream;
        return [put({ stream, value: value + 10 * revision })];
      },
    },
    breaks: /the same rows again/,
  },
  'reads what touches did not name': { view: { ...sound, touches: () => [] }, breaks: /keeps its declaration/ },
  'reads the row of another stream': {
    view: { ...sound, apply: ({ stream }, read) => [put({ stream, value: Number(read({ table: 'seen', key: ['parcel-a'] })?.['value'] ?? 0) + 1 })] },
    breaks: /keeps its declaration/,
  },
  'names other rows each time': { view: { ...sound, touches: () => [{ table: 'seen', key: [`x-${(counter += 1)}`] }], apply: () => [] }, breaks: /keeps its declaration/ },
  'names a table it does not have': { view: { ...sound, touches: ({ stream }) => [{ table: 'other', key: [stream] }] }, breaks: /keeps its declaration/ },
  'writes a column that is not declared': { view: { ...sound, apply: ({ stream }) => [put({ stream, value: 1, more: 1 })] }, breaks: /keeps its declaration/ },
  'leaves a column out': { view: { ...sound, apply: ({ stream }) => [put({ stream })] }, breaks: /keeps its declaration/ },
  'writes text in a number': { view: { ...sound, apply: ({ stream }) => [put({ stream, value: '1' })] }, breaks: /keeps its declaration/ },
  'writes a fraction': { view: { ...sound, apply: ({ stream }) => [put({ stream, value: 0.5 })] }, breaks: /keeps its declaration/ },
  'has no key in its row': { view: { ...sound, tables: [{ ...table, key: ['value'] }], touches: () => [], apply: ({ stream }) => [put({ stream, value: null })] }, breaks: /keeps its declaration/ },
  'changes the row it was given': {
    view: {
      ...sound,
      apply: ({ stream }, read) => {
        const row = read({ table: 'seen', key: [stream] });
        if (!row) return [put({ stream, value: 1 })];
        return [put(Object.assign(row, { value: Number(row['value']) + 1 }))];
      },
    },
    breaks: /does not change/,
  },
  'changes the event': { view: { ...sound, apply: (event, read) => sound.apply(Object.assign(event, { type: 'Seen' }), read) }, breaks: /does not change/ },
  'is made from streams that are not there': { view: { ...sound, streamPrefixes: ['person-'] }, breaks: /makes rows/ },
};

describe('the laws of views', () => {
  it('hold of a sound view', async () => {
    for (const law of laws) await law.check(sound, parcelHistories);
  });

  for (const [name, { view, breaks }] of Object.entries(broken)) {
    it(`do not hold of a view that ${name}`, async () => {
      const [law] = laws.filter((one) => breaks.test(one.name));
      await expect(law?.check(view, parcelHistories)).rejects.toThrow();
    });
  }
});

function put(row: Row): { readonly op: 'put'; readonly table: string; readonly row: Row } {
  return { op: 'put', table: 'seen', row };
}

/** Reading streams and the whole log: directions, starts, limits, filters, odd names and bytes. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { EventFilter, EventStore, ReadAll, StoredEvent } from '../event-store.js';
import { all, event, events, failure, ids, newStream, revisions, type Check } from './check.js';

const range = (from: number, to: number): readonly number[] =>
  Array.from({ length: Math.abs(to - from) + 1 }, (_, i) => (from <= to ? from + i : from - i));
const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, i) => i);

async function streamOf(store: EventStore, count: number): Promise<string> {
  const stream = newStream();
  await store.append({ stream, expected: 'none', events: events(count) });
  return stream;
}

/** Four streams under one new prefix, their events interleaved: eight in all, types A and B in turn. */
async function interleaved(store: EventStore) {
  const prefix = newStream('mixed');
  const positions: string[] = [];
  for (let i = 0; i < 8; i++) {
    const append = { stream: `${prefix}-${i % 4}`, expected: i < 4 ? ('none' as const) : 0, events: [event('{}', i % 2 ? 'B' : 'A')] };
    positions.push(...(await store.append(append)).positions);
  }
  const read = async (options: ReadAll, filter: EventFilter = { streamPrefixes: [prefix] }) =>
    (await all(store.readAll({ ...options, filter }))).map(({ position }) => positions.indexOf(position));
  return { prefix, positions, read };
}

export const readChecks: readonly Check[] = [
  {
    name: 'reads a missing stream as empty',
    async run(store) {
      assert.deepEqual(await all(store.readStream(newStream())), []);
      assert.deepEqual(await all(store.readStream(newStream(), { direction: 'backwards' })), []);
      assert.equal(await store.revisionOf(newStream()), 'none');
    },
  },
  {
    name: 'reads a stream from a revision on, with a limit, in both directions, from past the end too',
    async run(store) {
      const stream = await streamOf(store, 10);
      const read = async (options: Parameters<EventStore['readStream']>[1]) => revisions(await all(store.readStream(stream, options)));
      assert.deepEqual(await read({}), range(0, 9));
      assert.deepEqual(await read({ from: 4, limit: 3 }), [4, 5, 6]);
      assert.deepEqual(await read({ from: 9 }), [9]);
      assert.deepEqual(await read({ from: 10 }), []);
      assert.deepEqual(await read({ limit: 0 }), []);
      assert.deepEqual(await read({ direction: 'backwards', limit: 2 }), [9, 8]);
      assert.deepEqual(await read({ direction: 'backwards', from: 77, limit: 2 }), [9, 8]);
      assert.deepEqual(await read({ direction: 'backwards', from: 3 }), [3, 2, 1, 0]);
      assert.deepEqual(await read({ direction: 'backwards', from: 0 }), [0]);
      assert.equal(await store.revisionOf(stream), 9);
    },
  },
  {
    name: 'pages a stream of 1 001 events both ways without a gap or a repeat, in batches that are not empty',
    async run(store) {
      const stream = await streamOf(store, 1_001);
      await store.append({ stream: newStream(), expected: 'none', events: [event()] });
      const sizes: number[] = [];
      const forwards: StoredEvent[] = [];
      for await (const batch of store.readStream(stream)) {
        sizes.push(batch.length);
        forwards.push(...batch);
      }
      assert.deepEqual(revisions(forwards), range(0, 1_000));
      assert.ok(Math.min(...sizes) > 0);
      assert.deepEqual(await all(store.readStream(stream, { direction: 'backwards' })), forwards.toReversed());
      assert.deepEqual(revisions(await all(store.readStream(stream, { from: 300, limit: 601 }))), range(300, 900));
      assert.deepEqual(revisions(await all(store.readStream(stream, { direction: 'backwards', from: 900, limit: 601 }))), range(900, 300));
    },
  },
  {
    name: 'reads all events in the order of their positions, each stream in the order of its revisions',
    async run(store) {
      const { positions, read } = await interleaved(store);
      assert.deepEqual(positions.toSorted(), positions);
      assert.deepEqual(await read({}), range(0, 7));
      assert.deepEqual(await read({ direction: 'backwards' }), range(7, 0));
      const whole = await all(store.readAll());
      assert.deepEqual(whole.map(({ position }) => position).toSorted(), whole.map(({ position }) => position));
      assert.deepEqual(await all(store.readAll({ direction: 'backwards' })), whole.toReversed());
    },
  },
  {
    name: 'reads all from a position: forwards with that event, backwards with the one before it, and as many as asked for',
    async run(store) {
      const { positions, read } = await interleaved(store);
      const from = positions[5] ?? '';
      assert.deepEqual(await read({ from }), [5, 6, 7]);
      assert.deepEqual(await read({ from, limit: 2 }), [5, 6]);
      assert.deepEqual(await read({ direction: 'backwards', from }), [4, 3, 2, 1, 0]);
      assert.deepEqual(await read({ direction: 'backwards', from, limit: 2 }), [4, 3]);
      assert.deepEqual(await read({ direction: 'backwards', limit: 3 }), [7, 6, 5]);
    },
  },
  {
    name: 'gives what a filter asks for and nothing else: types, prefixes, or both',
    async run(store) {
      const { prefix, read } = await interleaved(store);
      assert.deepEqual(await read({}, { types: ['A'], streamPrefixes: [prefix] }), [0, 2, 4, 6]);
      assert.deepEqual(await read({}, { types: ['A', 'B'], streamPrefixes: [`${prefix}-1`, `${prefix}-2`] }), [1, 2, 5, 6]);
      assert.deepEqual(await read({ limit: 1 }, { types: ['B'], streamPrefixes: [`${prefix}-1`, `${prefix}-2`] }), [1]);
      assert.deepEqual(await read({}, { types: ['B'], streamPrefixes: [`${prefix}-2`] }), []);
      assert.deepEqual(await read({}, { types: ['C'] }), []);
      assert.deepEqual(await read({ direction: 'backwards', limit: 2 }, { types: ['A'], streamPrefixes: [prefix] }), [6, 4]);
    },
  },
  {
    name: 'finds a rare event among many that a filter passes over, in both directions',
    async run(store) {
      const rare = newStream('rare');
      await store.append({ stream: rare, expected: 'none', events: [event()] });
      await streamOf(store, 2_500);
      await store.append({ stream: rare, expected: 0, events: [event()] });
      const filter = { streamPrefixes: [rare] };
      assert.deepEqual(revisions(await all(store.readAll({ filter }))), [0, 1]);
      assert.deepEqual(revisions(await all(store.readAll({ filter, direction: 'backwards' }))), [1, 0]);
    },
  },
  {
    name: 'knows the position of the last event',
    async run(store) {
      const { positions } = await store.append({ stream: newStream(), expected: 'none', events: events(3) });
      assert.equal(await store.head(), positions[2]);
    },
  },
  {
    name: 'shows an append to every read that begins after its answer',
    async run(store) {
      for (let round = 0; round < 3; round++) {
        const request = { stream: newStream(), expected: 'none', events: events(2) } as const;
        const { positions } = await store.append(request);
        const [last] = await all(store.readAll({ direction: 'backwards', limit: 1 }));
        assert.deepEqual([last?.position, await store.head(), await store.revisionOf(request.stream)], [positions[1], positions[1], 1]);
        assert.deepEqual(ids(await all(store.readStream(request.stream))), ids(request.events));
      }
    },
  },
  {
    name: 'reads whole appends while others write: no gap, no repeat, nothing missing that was acknowledged before',
    async run(store) {
      const stream = newStream();
      let acknowledged = 0;
      const write = async () => {
        for (let i = 0; i < 60; i++) {
          await store.append({ stream, expected: i === 0 ? 'none' : i * 5 - 1, events: events(5) });
          acknowledged = (i + 1) * 5;
        }
      };
      const read = async () => {
        while (acknowledged < 300) {
          const before = acknowledged;
          const seen = revisions(await all(store.readStream(stream)));
          assert.ok(seen.length >= before, `${before} were acknowledged and ${seen.length} read`);
          assert.equal(seen.length % 5, 0, 'part of an append was seen');
          assert.deepEqual(seen, upTo(seen.length));
          await new Promise(setImmediate);
        }
      };
      const writing = write();
      await Promise.all([writing, read(), read()]);
    },
  },
  {
    name: 'keeps odd stream names and types apart, and gives them back as they are',
    async run(store) {
      const mark = randomUUID();
      const names = [`${mark} a b`, `${mark}-å/ö`, `${mark}-a\u030a/o\u0308`, `${mark}?#%25`, `${mark}-${'x'.repeat(400)}`, `${mark}-${'x'.repeat(399)}`, `${mark}-日本🗝`, `${mark}_%`];
      for (const [i, stream] of names.entries()) {
        await store.append({ stream, expected: 'none', events: [event(`{"i":${i}}`, `type å/${i} ?#%`)] });
      }
      for (const [i, stream] of names.entries()) {
        const found = await all(store.readStream(stream));
        assert.deepEqual(found.map((one) => [one.stream, one.type, one.data]), [[stream, `type å/${i} ?#%`, `{"i":${i}}`]]);
        const filter = { streamPrefixes: [stream.slice(0, 400)], types: [`type å/${i} ?#%`] };
        assert.deepEqual(ids(await all(store.readAll({ filter }))), ids(found));
      }
      assert.equal((await all(store.readAll({ filter: { streamPrefixes: [mark] } }))).length, names.length);
    },
  },
  {
    name: 'gives data back byte for byte, however it is spaced, escaped or composed',
    async run(store) {
      const texts = ['{"b":1,"a":2}', '{ "a" : 1.0 }', '{"a":1e2,"a":3}', '"å ö 日本 🗝 \u2028 \\u00e5 \\ud83d"', '"e\u0301 é"', '[9007199254740993,-0,1.10]', 'null', `"${'ÿ'.repeat(3_000)}"`];
      const stream = newStream();
      await store.append({ stream, expected: 'none', events: texts.map((text) => event(text)) });
      const found = (await all(store.readStream(stream))).map(({ data }) => Buffer.from(data).toString('hex'));
      assert.deepEqual(found, texts.map((text) => Buffer.from(text).toString('hex')));
    },
  },
  {
    name: 'refuses a position that is none of its own',
    async run(store) {
      const read = async () => all(store.readAll({ from: 'nowhere' }));
      assert.ok((await failure(read())) instanceof Error);
    },
  },
];

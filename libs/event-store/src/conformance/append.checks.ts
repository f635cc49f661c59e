/** Appending: revisions, idempotence, refusals. Answers are those of EventStoreDB 23.10.6, asked by a program that prints them. */
import assert from 'node:assert/strict';
import { AppendRefused, WrongExpectedRevision, type AppendRequest, type EventStore } from '../event-store.js';
import { all, event, events, failure, ids, newStream, revisions, type Check } from './check.js';

/** Asserts that the append is refused for the stream's revision, and that the stream stays as it is. */
async function assertConflict(store: EventStore, request: AppendRequest, actual: number | 'none'): Promise<void> {
  const { stream, expected } = request;
  const before = ids(await all(store.readStream(stream)));
  const error = await failure(store.append(request));
  assert.ok(error instanceof WrongExpectedRevision, `rejected with ${error}`);
  assert.deepEqual({ stream: error.stream, expected: error.expected, actual: error.actual }, { stream, expected, actual });
  assert.deepEqual(ids(await all(store.readStream(stream))), before, 'a refused append wrote');
}

/** A stream of three events: one appended at `none`, two at revision 0. */
async function threeEvents(store: EventStore) {
  const stream = newStream();
  const [e0, e1, e2] = [event(), event(), event()];
  const first = await store.append({ stream, expected: 'none', events: [e0] });
  const second = await store.append({ stream, expected: 0, events: [e1, e2] });
  return { stream, e0, e1, e2, first, second };
}

async function count(store: EventStore, stream: string): Promise<number> {
  return (await all(store.readStream(stream))).length;
}

export const appendChecks: readonly Check[] = [
  {
    name: 'counts revisions from 0 and gives one position for each event',
    async run(store) {
      const { stream, e0, e1, e2, first, second } = await threeEvents(store);
      assert.deepEqual({ ...first, positions: first.positions.length }, { revision: 0, positions: 1, repeated: false });
      assert.deepEqual({ ...second, positions: second.positions.length }, { revision: 2, positions: 2, repeated: false });
      const written = await all(store.readStream(stream));
      assert.deepEqual(written.map(({ id, type, data, revision, position, stream: of }) => ({ id, type, data, revision, position, of })), [
        { ...e0, revision: 0, position: first.positions[0], of: stream },
        { ...e1, revision: 1, position: second.positions[0], of: stream },
        { ...e2, revision: 2, position: second.positions[1], of: stream },
      ]);
    },
  },
  {
    name: 'gives later events greater positions, also within one append',
    async run(store) {
      const { first, second } = await threeEvents(store);
      const other = await store.append({ stream: newStream(), expected: 'none', events: [event()] });
      const positions = [...first.positions, ...second.positions, ...other.positions];
      assert.deepEqual(positions.toSorted(), positions);
      assert.equal(new Set(positions).size, 4);
    },
  },
  {
    name: 'refuses a revision on a missing stream, naming none as the actual one',
    run: (store) => assertConflict(store, { stream: newStream(), expected: 0, events: [event()] }, 'none'),
  },
  {
    name: 'refuses none on a stream that exists, other ids, and a revision too far ahead',
    async run(store) {
      const { stream } = await threeEvents(store);
      await assertConflict(store, { stream, expected: 'none', events: [event()] }, 2);
      await assertConflict(store, { stream, expected: 0, events: [event(), event()] }, 2);
      await assertConflict(store, { stream, expected: 1, events: [event()] }, 2);
      await assertConflict(store, { stream, expected: 7, events: [event()] }, 2);
    },
  },
  {
    name: 'answers the same ids at the same revision with the first outcome, and writes nothing',
    async run(store) {
      const { stream, e0, e1, e2, first, second } = await threeEvents(store);
      assert.deepEqual(await store.append({ stream, expected: 0, events: [e1, e2] }), { ...second, repeated: true });
      assert.deepEqual(await store.append({ stream, expected: 'none', events: [e0] }), { ...first, repeated: true });
      assert.equal(await count(store, stream), 3);
    },
  },
  {
    name: 'looks at ids only: other data at the known revision is dropped without a word',
    async run(store) {
      const { stream, e1, e2, second } = await threeEvents(store);
      const changed = [{ ...e1, data: JSON.stringify({ n: 'other' }) }, { ...e2, type: 'ConsentWithdrawn' }];
      assert.deepEqual(await store.append({ stream, expected: 0, events: changed }), { ...second, repeated: true });
      assert.deepEqual((await all(store.readStream(stream, { from: 1 }))).map(({ data, type }) => ({ data, type })), [
        { data: e1.data, type: e1.type },
        { data: e2.data, type: e2.type },
      ]);
    },
  },
  {
    name: 'answers the first of two at their revision with success; the second, another order, or one more are refused',
    async run(store) {
      const { stream, e1, e2, second } = await threeEvents(store);
      const first = await store.append({ stream, expected: 0, events: [e1] });
      assert.deepEqual(first, { revision: 1, positions: second.positions.slice(0, 1), repeated: true });
      await assertConflict(store, { stream, expected: 0, events: [e2] }, 2);
      await assertConflict(store, { stream, expected: 0, events: [e2, e1] }, 2);
      await assertConflict(store, { stream, expected: 0, events: [e1, e2, event()] }, 2);
    },
  },
  {
    name: 'answers a repeat that spans several appends',
    async run(store) {
      const { stream, e0, e1, e2, first, second } = await threeEvents(store);
      const whole = await store.append({ stream, expected: 'none', events: [e0, e1, e2] });
      assert.deepEqual(whole, { revision: 2, positions: [...first.positions, ...second.positions], repeated: true });
    },
  },
  {
    name: 'writes at the right revision an id that the stream has elsewhere, that another stream has, or that comes twice',
    async run(store) {
      const { stream, e0 } = await threeEvents(store);
      const again = await store.append({ stream, expected: 2, events: [e0] });
      assert.deepEqual([again.revision, again.repeated, await count(store, stream)], [3, false, 4]);
      const elsewhere = newStream();
      assert.equal((await store.append({ stream: elsewhere, expected: 'none', events: [e0] })).repeated, false);
      const twice = newStream();
      assert.equal((await store.append({ stream: twice, expected: 'none', events: [e0, e0] })).revision, 1);
      assert.equal(await count(store, twice), 2);
    },
  },
  {
    name: 'with any: writes unknown ids, answers known ones with where they stand, refuses a known one with another behind it',
    async run(store) {
      const { stream, e1, second } = await threeEvents(store);
      const missing = newStream();
      assert.equal((await store.append({ stream: missing, expected: 'any', events: [event()] })).revision, 0);
      assert.equal((await store.append({ stream, expected: 'any', events: [event(), event()] })).revision, 4);
      const known = await store.append({ stream, expected: 'any', events: [e1] });
      assert.deepEqual(known, { revision: 1, positions: second.positions.slice(0, 1), repeated: true });
      await assertConflict(store, { stream, expected: 'any', events: [e1, event()] }, 4);
    },
  },
  {
    name: 'lets one of 64 racers for one revision win, and tells the 63 others where the stream is',
    async run(store) {
      const stream = newStream();
      await store.append({ stream, expected: 'none', events: events(2) });
      const racers = events(64);
      const outcomes = await Promise.allSettled(racers.map((racer) => store.append({ stream, expected: 1, events: [racer] })));
      const winner = outcomes.findIndex(({ status }) => status === 'fulfilled');
      const losers = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
      assert.equal(losers.length, 63);
      for (const error of losers) {
        assert.ok(error instanceof WrongExpectedRevision, `a loser was rejected with ${error}`);
        assert.deepEqual([error.stream, error.expected, error.actual], [stream, 1, 2]);
      }
      assert.deepEqual(ids(await all(store.readStream(stream, { from: 2 }))), [racers[winner]?.id]);
    },
  },
  {
    name: 'answers 64 repeats of one append at once with one outcome, and writes it once',
    async run(store) {
      const request: AppendRequest = { stream: newStream(), expected: 'none', events: events(2) };
      const outcomes = await Promise.all(Array.from({ length: 64 }, () => store.append(request)));
      assert.equal(outcomes.filter(({ repeated }) => !repeated).length, 1);
      for (const { revision, positions } of outcomes) assert.deepEqual({ revision, positions }, { revision: 1, positions: outcomes[0]?.positions });
      assert.equal(await count(store, request.stream), 2);
    },
  },
  {
    name: 'writes appends to one stream that are sent without waiting in the order in which they were sent',
    async run(store) {
      const stream = newStream();
      const sent = events(20);
      await Promise.all(sent.map((one, i) => store.append({ stream, expected: i === 0 ? 'none' : i - 1, events: [one] })));
      const written = await all(store.readStream(stream));
      assert.deepEqual([ids(written), revisions(written)], [ids(sent), sent.map((_, i) => i)]);
    },
  },
  {
    name: 'gives an append that was repeated in between its own outcome, and each event of it its own position',
    async run(store) {
      const request: AppendRequest = { stream: newStream(), expected: 'none', events: events(3) };
      const [first, second] = await Promise.all([store.append(request), store.append(request), store.append({ ...request, stream: newStream() })]);
      const third = await store.append(request);
      assert.deepEqual([third.positions, third.repeated], [first.positions, true]);
      assert.deepEqual([second.positions, [first.repeated, second.repeated].toSorted()], [first.positions, [false, true]]);
      assert.deepEqual((await all(store.readStream(request.stream))).map(({ position }) => position), first.positions);
    },
  },
  {
    name: 'refuses what is malformed before anything is sent',
    async run(store) {
      const stream = newStream();
      const malformed: readonly AppendRequest[] = [
        { stream, expected: 'none', events: [] },
        { stream, expected: 'any', events: [] },
        { stream: '', expected: 'none', events: [event()] },
        { stream: '$system', expected: 'any', events: [event()] },
        { stream, expected: 'none', events: [event(), event('{}', '')] },
        { stream, expected: 'none', events: [{ ...event(), id: 'not-a-uuid' }] },
        { stream, expected: -1, events: [event()] },
        { stream, expected: 0.5, events: [event()] },
        { stream, expected: 'none', events: [event('"\ud800"')] },
      ];
      for (const request of malformed) assert.ok((await failure(store.append(request))) instanceof AppendRefused);
      assert.equal(await store.revisionOf(stream), 'none');
    },
  },
  {
    name: 'takes 900 KiB in one event or in 900, and refuses more than 1 MiB in one append',
    async run(store) {
      const ofSize = (kibibytes: number) => event(JSON.stringify('x'.repeat(kibibytes * 1024)));
      const take = async (list: ReturnType<typeof events>) => (await store.append({ stream: newStream(), expected: 'none', events: list })).revision;
      assert.equal(await take([ofSize(900)]), 0);
      assert.equal(await take(Array.from({ length: 900 }, () => ofSize(1))), 899);
      const counted = event(JSON.stringify('å'.repeat(450 * 1024)));
      assert.equal(await take([counted]), 0, 'two bytes a character are not three');
      const stream = newStream();
      const longTypes = Array.from({ length: 10 }, () => event('{}', 't'.repeat(60_000)));
      for (const list of [[ofSize(1100)], longTypes, Array.from({ length: 5_000 }, () => ofSize(1)), [event(JSON.stringify('å'.repeat(550 * 1024)))]]) {
        assert.ok((await failure(store.append({ stream, expected: 'none', events: list }))) instanceof AppendRefused);
      }
      assert.equal(await store.revisionOf(stream), 'none');
    },
  },
];

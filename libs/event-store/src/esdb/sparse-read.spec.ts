/** Reads that want little of a long log: what the server sends, and that nothing is lost on the way. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startEsdb, type Esdb } from '../../../../test/esdb/esdb-server.fixture.js';
import { all, event, events, failure, newStream, revisions } from '../conformance/check.js';
import { StoreStopped, StoreUnavailable, type EventFilter } from '../event-store.js';
import { impatientStore, LossyWay } from './esdb.examples.js';

const OTHERS = 30_000;
const AT_ONCE = 1_000;

let server: Esdb;
let rare: string;
let filter: EventFilter;
beforeAll(async () => {
  server = await startEsdb();
  rare = newStream('rare');
  filter = { streamPrefixes: [rare] };
  const store = await impatientStore(server.url);
  for (let i = 0; i < OTHERS / AT_ONCE; i++) {
    // One at the beginning of every tenth, and one at the end.
    if (i % 3 === 0) await store.append({ stream: rare, expected: i === 0 ? 'none' : i / 3 - 1, events: [event('{}', 'Rare')] });
    await store.append({ stream: newStream('other'), expected: 'none', events: events(AT_ONCE) });
  }
  await store.append({ stream: rare, expected: 9, events: [event('{}', 'Rare')] });
  await store.close();
}, 60_000);
afterAll(() => server.stop());

const rareOnes = Array.from({ length: 11 }, (_, revision) => revision);

describe('a read that wants 11 of 30 000 events', () => {
  it.each([['by stream', (): EventFilter => filter], ['by type', (): EventFilter => ({ types: ['Rare'] })]])('is sent little more than them, %s', async (_, wanted) => {
    const way = await LossyWay.to(server.port);
    const over = await impatientStore(way.url);
    const before = way.answeredBytes;
    const found = await all(over.readAll({ filter: wanted() }));
    const sent = way.answeredBytes - before;
    expect(revisions(found)).toEqual(rareOnes);
    // All of them are more than 200 bytes each. What is on its way when the reader goes over to the filter comes, too.
    expect(sent).toBeLessThan(OTHERS * 50);
    await over.close();
    way.close();
  });

  it('stops where its limit is, and begins where it is told to', async () => {
    const store = await impatientStore(server.url);
    const [first, second] = await all(store.readAll({ filter, limit: 2 }));
    expect([first?.revision, second?.revision]).toEqual([0, 1]);
    expect(revisions(await all(store.readAll({ filter, from: second?.position ?? '', limit: 3 })))).toEqual([1, 2, 3]);
    expect(revisions(await all(store.readAll({ filter, from: second?.position ?? '' })))).toEqual(rareOnes.slice(1));
    await store.close();
  });

  it('goes on where it was when the server drops it', async () => {
    const store = await impatientStore(server.url);
    const found: number[] = [];
    for await (const batch of store.readAll({ filter })) {
      found.push(...revisions(batch));
      await server.dropSubscriptions();
    }
    expect(found).toEqual(rareOnes);
    await store.close();
  });

  it('ends while others go on writing what it wants', async () => {
    const store = await impatientStore(server.url);
    const stream = newStream('busy');
    let isRead = false;
    const writing = (async () => {
      for (let i = 0; !isRead; i++) await store.append({ stream, expected: i === 0 ? 'none' : i - 1, events: [event()] });
    })();
    const found = await all(store.readAll({ filter: { streamPrefixes: [rare, stream] } }));
    isRead = true;
    await writing;
    expect(revisions(found.filter((one) => one.stream === rare))).toEqual(rareOnes);
    await store.close();
  });

  it('gives up when the server does not come back, and says so when the log is closed meanwhile', async () => {
    const store = await impatientStore(server.url, { patienceMs: 1_000 });
    const read = store.readAll({ filter })[Symbol.asyncIterator]();
    // Nothing after this one is near: what follows is the server's to look through.
    await read.next();
    server.pause();
    const outcome = await failure((async () => { while (!(await read.next()).done); })());
    server.resume();
    expect(outcome).toBeInstanceOf(StoreUnavailable);
    const other = store.readAll({ filter })[Symbol.asyncIterator]();
    await other.next();
    await other.next();
    await store.close();
    const closed = await failure((async () => { while (!(await other.next()).done); })());
    expect(closed instanceof StoreStopped || closed instanceof StoreUnavailable).toBe(true);
  });
});

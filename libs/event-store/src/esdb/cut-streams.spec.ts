/** A stream that somebody with access to EventStoreDB has cut off is never read as if it were whole. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { clientOf, disposeClients } from '../../../../test/esdb/client.fixture.js';
import { startEsdb, type Esdb } from '../../../../test/esdb/esdb-server.fixture.js';
import { events, failure, newStream } from '../conformance/check.js';
import { StoreUnusable, type EventStore, type ReadStream } from '../event-store.js';
import { impatientStore } from './esdb.examples.js';

const WAYS: readonly ReadStream[] = [{}, { from: 1 }, { direction: 'backwards' }, { direction: 'backwards', from: 3 }, { limit: 1 }];

describe('a stream that was cut off', () => {
  let server: Esdb;
  let store: EventStore;
  beforeAll(async () => {
    server = await startEsdb();
    store = await impatientStore(server.url);
  });
  afterAll(async () => {
    await store.close();
    await disposeClients();
    await server.stop();
  });

  it.each([
    ['before an event', { truncateBefore: 3 }],
    ['to a count', { maxCount: 2 }],
  ])('%s is refused in a sentence, whichever way it is read, and is whole again without', async (_, metadata) => {
    const stream = newStream();
    await store.append({ stream, expected: 'none', events: events(5) });
    const client = clientOf(server.url);
    await client.setStreamMetadata(stream, metadata);
    for (const way of WAYS) expect([way, await failure(read(stream, way))]).toEqual([way, expect.objectContaining({ constructor: StoreUnusable, message: expect.stringMatching(/ has no event \d: it was cut off or deleted in EventStoreDB \(hint: [^\n]+\)$/) })]);
    expect(await store.revisionOf(stream)).toBe(4);
    await client.setStreamMetadata(stream, {});
    expect(await read(stream, {})).toEqual([0, 1, 2, 3, 4]);
    expect(await read(stream, { direction: 'backwards', from: 9 })).toEqual([4, 3, 2, 1, 0]);
  });

  it('by a deletion is refused as soon as something is appended to it', async () => {
    const stream = newStream();
    await store.append({ stream, expected: 'none', events: events(2) });
    await clientOf(server.url).deleteStream(stream);
    await store.append({ stream, expected: 1, events: events(1) });
    for (const way of [{}, { direction: 'backwards' }] as const) expect(await failure(read(stream, way))).toBeInstanceOf(StoreUnusable);
  });

  async function read(stream: string, way: ReadStream): Promise<readonly number[]> {
    const found: number[] = [];
    for await (const batch of store.readStream(stream, way)) found.push(...batch.map(({ revision }) => revision));
    return found;
  }
});

/** What the 69 questions do not ask. */
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { credentials } from '@grpc/grpc-js';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { END, START, binaryEvent, streamNameFilter, type Position } from '@eventstore/db-client';
import grpcStreams from '@eventstore/db-client/generated/streams_grpc_pb.js';
import { appended, clientOf, disposeClients, event, listen, revisions, until } from './client.fixture.js';
import { startEsdb, type Esdb } from './esdb-server.fixture.js';
import { identifierOf, streams, uuidOf } from './wire.js';

let server: Esdb;
beforeAll(async () => void (server = await startEsdb()));
afterEach(disposeClients);
afterAll(() => server.stop());

const fresh = (): string => `stream-${randomUUID()}`;

describe('a server', () => {
  it('is ready within half a second of the start', async () => {
    const since = performance.now();
    const other = await startEsdb();
    const elapsedMs = performance.now() - since;
    await other.stop();
    // Machines that run much else at once are given twice that.
    expect(elapsedMs).toBeLessThan(1000);
  });

  it('says that it lives', async () => {
    expect((await fetch(`http://127.0.0.1:${server.port}/health/live`)).status).toBe(204);
  });
});

describe('an append', () => {
  it('counts data, metadata and two bytes for each character of the type', async () => {
    const limit = 1024 * 1024;
    const type = 'happened';
    const sized = (bytes: number) => binaryEvent({ type, data: Buffer.alloc(bytes - 100 - 2 * type.length), metadata: Buffer.alloc(100) });
    expect(await appended(clientOf(server.url), fresh(), sized(limit))).toBe(0n);
    expect(await appended(clientOf(server.url), fresh(), sized(limit + 1))).toBe('maximum-append-size-exceeded');
  });

  it('gives binary data back byte for byte', async () => {
    const [client, stream] = [clientOf(server.url), fresh()];
    const data = Buffer.from(Array.from({ length: 256 }, (_, i) => i));
    await client.appendToStream(stream, binaryEvent({ type: 'bytes', data }));
    for await (const { event: read } of client.readStream(stream)) {
      expect(read?.isJson).toBe(false);
      expect(Buffer.from(read?.data as Uint8Array)).toEqual(data);
    }
  });

  it('at `any` is a repeat only in the stream that has the id, and only whole', async () => {
    const [client, stream, one] = [clientOf(server.url), fresh(), event()];
    expect(await appended(client, stream, one)).toBe(0n);
    expect(await appended(client, stream, one)).toBe(0n);
    expect(await appended(client, fresh(), one)).toBe(0n);
    // The memory holds the latest place of an id: the first stream is no longer it.
    expect(await appended(client, stream, one)).toBe(1n);
    for (const part of [[one, event()], [one, event(), one]]) expect(await appended(client, stream, part)).toBe('wrong-expected-version');
  });

  it('whose deadline has passed is not written', async () => {
    const [client, stream] = [clientOf(server.url), fresh()];
    await appended(client, fresh());
    server.pause();
    const late = client.appendToStream(stream, event(), { deadline: 100 }).catch((error: { readonly type: string }) => error.type);
    await pause(250);
    server.resume();
    expect(await late).toBe('deadline-exceeded');
    expect(await revisions(client, stream)).toBe('stream-not-found');
  });

  it('with an empty type is answered twice, which no client of it survives', async () => {
    const client = new grpcStreams.StreamsClient(`127.0.0.1:${server.port}`, credentials.createInsecure());
    const call = client.batchAppend();
    const answers: string[] = [];
    call.on('data', (answer: streams.BatchAppendResp) => answers.push(answer.getError()?.getMessage() ?? 'success'));
    call.on('error', () => undefined);
    const options = new streams.BatchAppendReq.Options().setStreamIdentifier(identifierOf(fresh()));
    const message = new streams.BatchAppendReq.ProposedMessage().setId(uuidOf(randomUUID()));
    call.write(new streams.BatchAppendReq().setCorrelationId(uuidOf(randomUUID())).setOptions(options).setProposedMessagesList([message]).setIsFinal(true));
    await until(() => answers.length === 2);
    expect(answers).toEqual(['Unknown', 'Unknown']);
    call.cancel();
    client.close();
  });
});

describe('a stream’s metadata', () => {
  it('hides what is older than $maxCount and before $tb, which $all still shows', async () => {
    const [client, stream] = [clientOf(server.url), fresh()];
    await appended(client, stream, [event(), event(), event(), event()]);
    await client.setStreamMetadata(stream, { maxCount: 2 });
    expect(await revisions(client, stream)).toEqual([2n, 3n]);
    await client.setStreamMetadata(stream, { truncateBefore: 1 });
    expect(await revisions(client, stream)).toEqual([1n, 2n, 3n]);
    let shown = 0;
    for await (const { event: one } of client.readAll()) if (one?.streamId === stream) shown += 1;
    expect(shown).toBe(4);
  });
});

describe('a filtered subscription', () => {
  /** Its checkpoints so far. */
  const checkpoints = (prefix: string, fromPosition: Position | 'start' | 'end', maxSearchWindow: number, checkpointInterval: number): { readonly positions: Position[]; readonly ids: string[] } => {
    const positions: Position[] = [];
    const filter = streamNameFilter({ prefixes: [prefix], maxSearchWindow, checkpointInterval, checkpointReached: async (_subscription, position) => void positions.push(position) });
    const { ids } = listen(clientOf(server.url).subscribeToAll({ filter, fromPosition }));
    return { positions, ids };
  };

  it('tells how far it has come while it catches up', async () => {
    const other = fresh();
    await appended(clientOf(server.url), other, Array.from({ length: 100 }, () => event()));
    const { positions, ids } = checkpoints('no-stream-at-all', START, 10, 2);
    await until(() => positions.length >= 5);
    expect(ids).toEqual([]);
    expect(positions.every(({ commit }, i) => i === 0 || commit > positions[i - 1]!.commit)).toBe(true);
  });

  it('tells it while live too, and one that begins there misses nothing', async () => {
    const client = clientOf(server.url);
    const { positions } = checkpoints('no-stream-at-all', END, 4, 2);
    await pause(100);
    for (let i = 0; i < 20; i++) await appended(client, fresh());
    await until(() => positions.length >= 2);
    const [wanted, one] = [`wanted-${randomUUID()}`, event()];
    const { ids } = checkpoints('wanted-', positions.at(-1)!, 32, 1);
    await appended(client, wanted, one);
    await until(() => ids.length === 1);
    expect(ids).toEqual([one.id]);
  });
});

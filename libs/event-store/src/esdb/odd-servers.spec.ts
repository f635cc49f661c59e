/** What no order makes the protocol server do, and a server may. */
import { afterEach, describe, expect, it } from '@jest/globals';
import { setTimeout as wait } from 'node:timers/promises';
import { startEsdb } from '../../../../test/esdb/esdb-server.fixture.js';
import { batchError, batchWrongExpectedVersion, caughtUpMessage, confirmationMessage, shared, streams } from '../../../../test/esdb/wire.js';
import { event, events, newStream, revisions, Subscription } from '../conformance/check.js';
import { Connection } from './connection.js';
import { NotConnected } from './faults.js';
import { IMPATIENT, impatientStore, oneAppend } from './esdb.examples.js';
import { isSubscription, OddServer, stored, written, type ReadCall } from './odd-server.examples.js';
import { eventsOf } from './reader.js';
import { readRequest } from './wire.js';

let server: OddServer | undefined;
afterEach(() => server?.stop());

describe('an append at a server', () => {
  it('that ends the call in good order is made again; of two answers to it the second finds nobody', async () => {
    const request = oneAppend();
    let calls = 0;
    let there = false;
    const read = (call: ReadCall): void => {
      if (there) call.write(stored(request.stream, request.events[0] ?? event(), 0, 100));
      call.end();
    };
    server = await OddServer.start((call) => {
      const isFirst = calls++ === 0;
      call.on('data', (asked: streams.BatchAppendReq) => {
        there = true;
        if (isFirst) call.end();
        else for (let twice = 0; twice < 2; twice++) call.write(written(asked, 0, 100));
      });
    }, read);
    const store = await impatientStore(server.url, { attemptMs: 5_000 });
    const before = performance.now();
    expect(await store.append(request)).toEqual({ revision: 0, positions: ['00000000000000000100'], repeated: false });
    expect(performance.now() - before).toBeLessThan(2_000);
    await store.close();
  });

  it('that takes its own earlier attempt for a conflict is told by what the stream holds', async () => {
    const request = oneAppend();
    let asked = 0;
    const read = (call: ReadCall): void => {
      if (asked > 0) call.write(stored(request.stream, request.events[0] ?? event(), 0, 100));
      call.end();
    };
    server = await OddServer.start((call) => {
      call.on('data', (one: streams.BatchAppendReq) => {
        const error = asked++ === 0 ? batchError(4, 'Timeout', new shared.Timeout()) : batchError(9, 'WrongExpectedVersion', batchWrongExpectedVersion('no_stream', 0n));
        call.write(new streams.BatchAppendResp().setCorrelationId(one.getCorrelationId()).setError(error));
      });
    }, read);
    const store = await impatientStore(server.url);
    expect(await store.append(request)).toEqual({ revision: 0, positions: ['00000000000000000100'], repeated: false });
    await store.close();
  });

  it('is one of at most 64, the rest in order behind them', async () => {
    const sent = new Map<string, { stream: string; position: number }>();
    let waiting: (() => void)[] = [];
    let most = 0;
    const told: string[] = [];
    const requests = Array.from({ length: 200 }, () => oneAppend());
    const read = (call: ReadCall): void => {
      const stream = Buffer.from(call.request.getOptions()?.getStream()?.getStreamIdentifier()?.getStreamName_asU8() ?? []).toString();
      const found = requests.find((one) => one.stream === stream);
      if (found) call.write(stored(stream, found.events[0] ?? event(), 0, sent.get(stream)?.position ?? 0));
      call.end();
    };
    server = await OddServer.start((call) => {
      call.on('data', (one: streams.BatchAppendReq) => {
        const stream = Buffer.from(one.getOptions()?.getStreamIdentifier()?.getStreamName_asU8() ?? []).toString();
        told.push(stream);
        const position = told.length * 1_000_000;
        sent.set(stream, { stream, position });
        waiting.push(() => call.write(written(one, 0, position)));
        most = Math.max(most, waiting.length);
      });
    }, read);
    const store = await impatientStore(server.url, { attemptMs: 10_000 });
    const appending = Promise.all(requests.map((request) => store.append(request)));
    while (told.length < 200) {
      await wait(50);
      const now = waiting;
      waiting = [];
      for (const answer of now) answer();
    }
    for (const answer of waiting) answer();
    await appending;
    expect(most).toBe(64);
    expect(told).toEqual(requests.map(({ stream }) => stream));
    await store.close();
  });
});

describe('a subscription at a server', () => {
  it('that is silent about events it has is begun anew', async () => {
    const stream = newStream();
    const one = stored(stream, event(), 0, 100);
    let begun = 0;
    server = await OddServer.start(
      () => undefined,
      (call) => {
        if (!isSubscription(call)) {
          if (begun > 0) call.write(one);
          call.end();
        } else {
          call.write(confirmationMessage('one'));
          if (begun++ > 0) call.write(one);
          call.write(caughtUpMessage());
        }
      },
    );
    const store = await impatientStore(server.url);
    const subscription = new Subscription(store, 5_000, { filter: { streamPrefixes: [stream] } });
    expect(revisions(await subscription.untilEvents(1))).toEqual([0]);
    expect(begun).toBe(2);
    await subscription.end();
    await store.close();
  });

  it('that ends it in good order is begun anew', async () => {
    const stream = newStream();
    let begun = 0;
    server = await OddServer.start(
      () => undefined,
      (call) => {
        if (!isSubscription(call) || begun++ === 0) call.end();
        else call.write(stored(stream, event(), 0, 100));
      },
    );
    const store = await impatientStore(server.url);
    const subscription = new Subscription(store, 5_000, { filter: { streamPrefixes: [stream] } });
    await subscription.untilEvents(1);
    await subscription.end();
    await store.close();
  });
});

describe('what nobody has taken', () => {
  it('is read ahead so far and no further, and comes when it is asked for', async () => {
    const full = await startEsdb();
    const store = await impatientStore(full.url);
    const stream = newStream();
    for (let i = 0; i < 6; i++) await store.append({ stream, expected: i === 0 ? 'none' : i * 1_000 - 1, events: events(1_000) });
    const connection = new Connection(full.url, IMPATIENT);
    const incoming = connection.read(await connection.ready(), readRequest({ stream, direction: 'forwards', from: 'edge', count: 6_000 }), true);
    await wait(500);
    expect(incoming.waiting).toBeLessThan(1_100);
    let taken = 0;
    for (let some = await incoming.take(500, 1_000); typeof some !== 'string'; some = await incoming.take(500, 1_000)) taken += eventsOf(some).length;
    expect(taken).toBe(6_000);
    connection.close();
    await store.close();
    await full.stop();
  });
});

describe('a connection that another call has given up', () => {
  it('is none, to whoever still holds it', async () => {
    server = await OddServer.start(() => undefined, () => undefined);
    const connection = new Connection(server.url, IMPATIENT);
    const held = await connection.ready();
    held.close();
    expect(() => connection.read(held, readRequest({ direction: 'forwards', from: 'edge', count: 1 }), true)).toThrow(NotConnected);
    expect(await connection.ready()).not.toBe(held);
    connection.close();
  });
});

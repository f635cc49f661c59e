import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { all, event, failure, newStream } from '../conformance/check.js';
import { AppendRefused, RiderRefused, StoreStopped, WrongExpectedRevision, type AppendRequest } from '../event-store.js';
import type { RecordingRider } from './recording.participant.js';
import { openSqliteEventStore, type SqliteEventStore } from './sqlite-event-store.js';

describe('a participant on the writer', () => {
  let directory: string;
  let store: SqliteEventStore;
  const recorded = async () => (await readFile(join(directory, 'record'), 'utf8')).trim().split('\n');
  const open = () => {
    const options = { record: join(directory, 'record'), log: join(directory, 'log.db') };
    return openSqliteEventStore({ file: options.log, participant: { module: new URL('./recording.participant.js', import.meta.url).href, options } });
  };
  const request = (rider: RecordingRider, stream = newStream()): AppendRequest => ({ stream, expected: 'none', events: [event()], rider });

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'liggare-log-'));
    store = await open();
  });
  afterEach(async () => {
    await store.close();
    await rm(directory, { recursive: true });
  });

  it('commits before the log does, once for all that one turn brings', async () => {
    await Promise.all([store.append(request({ name: 'a' })), store.ride({ name: 'b' }), store.append(request({ name: 'c' }))]);
    expect(await recorded()).toEqual(['begin', 'check a', 'apply a', 'check b', 'apply b', 'check c', 'apply c', 'commit while the log has 0']);
    expect(await all(store.readAll())).toHaveLength(2);
  });

  it('is left alone by groups without a rider', async () => {
    await store.append({ stream: newStream(), expected: 'none', events: [event()] });
    await store.append(request({ name: 'a' }));
    expect(await recorded()).toEqual(['begin', 'check a', 'apply a', 'commit while the log has 1']);
  });

  it('refuses one append, and the others of its group go through', async () => {
    const refused = request({ name: 'b', fault: 'refuse' });
    const [a, b, c, d] = await Promise.allSettled([
      store.append(request({ name: 'a' })),
      store.append(refused),
      store.append(request({ name: 'c' })),
      store.ride({ name: 'd', fault: 'refuse' }),
    ]);
    expect([a.status, c.status]).toEqual(['fulfilled', 'fulfilled']);
    for (const [outcome, name] of [[b, 'b'], [d, 'd']] as const) {
      expect(outcome.status === 'rejected' && outcome.reason).toBeInstanceOf(RiderRefused);
      expect(outcome).toMatchObject({ reason: { reason: { kind: 'refused', name } } });
    }
    expect(await store.revisionOf(refused.stream)).toBe('none');
    expect((await recorded()).filter((line) => line.startsWith('apply'))).toEqual(['apply a', 'apply c']);
  });

  it('is not asked about an append that conflicts or repeats', async () => {
    const first = request({ name: 'first' });
    await store.append(first);
    expect(await store.append(first)).toMatchObject({ repeated: true });
    expect(await failure(store.append(request({ name: 'late' }, first.stream)))).toBeInstanceOf(WrongExpectedRevision);
    expect((await recorded()).filter((line) => line.startsWith('check'))).toEqual(['check first']);
  });

  for (const fault of ['commit', 'apply'] as const) {
    it(`stops the store when its ${fault} fails: nothing of the group is acknowledged or written, reads go on`, async () => {
      const before = await store.append(request({ name: 'before' }));
      const group = [store.append(request({ name: 'a' })), store.ride({ name: 'b', fault }), store.append(request({ name: 'c' }))];
      for (const error of await Promise.all(group.map(failure))) {
        expect(error).toBeInstanceOf(StoreStopped);
        expect(error).toMatchObject({ message: expect.stringContaining(`the disk of the participant failed at ${fault}`) });
      }
      expect((await recorded()).at(-1)).toBe('rollback');
      expect(await failure(store.append(request({ name: 'after' })))).toBeInstanceOf(StoreStopped);
      expect(await store.head()).toBe(before.positions[0]);
      expect(await all(store.readAll())).toHaveLength(1);

      await store.close();
      store = await open();
      expect((await store.append(request({ name: 'again' }))).positions).toEqual(['0000000000000001']);
    });
  }

  it('writes nothing any more after the group that failed, not even what was on its way', async () => {
    const onTheWay = [store.ride({ name: 'a', fault: 'commit' }), store.run('purge'), store.append(request({ name: 'b' }))];
    for (const error of await Promise.all(onTheWay.map(failure))) expect(error).toBeInstanceOf(StoreStopped);
    await store.close();
    expect((await recorded()).filter((line) => !line.includes(' a'))).toEqual(['begin', 'rollback', 'close']);
    store = await open();
    expect(await store.head()).toBeUndefined();
  });

  it('rejects what waits when the writer thread ends, and what comes then', async () => {
    const waiting = [store.append(request({ name: 'a' })), store.ride({ name: 'b', fault: 'end-thread' })];
    for (const error of await Promise.all(waiting.map(failure))) expect(error).toBeInstanceOf(StoreStopped);
    expect(await failure(store.append(request({ name: 'c' })))).toBeInstanceOf(StoreStopped);
    expect(await all(store.readAll())).toEqual([]);
  });

  it('runs a job between two groups, outside any transaction', async () => {
    const outcomes = await Promise.all([store.append(request({ name: 'a' })), store.run('purge'), store.append(request({ name: 'b' }))]);
    expect(outcomes[1]).toEqual({ did: 'purge' });
    expect(await recorded()).toEqual([
      ...['begin', 'check a', 'apply a', 'commit while the log has 0'],
      'run while the log has 1',
      ...['begin', 'check b', 'apply b', 'commit while the log has 1'],
    ]);
  });

  it('may fail at a job, and the store goes on', async () => {
    await expect(store.run('fail')).rejects.toThrow('another process reads on');
    expect((await store.append(request({ name: 'a' }))).revision).toBe(0);
  });

  it('refuses a rider that cannot be sent, and only that one', async () => {
    const [bad, good] = await Promise.allSettled([store.ride({ name: () => 'a function' }), store.append(request({ name: 'a' }))]);
    expect(bad).toMatchObject({ status: 'rejected', reason: { name: 'AppendRefused' } });
    expect(good).toMatchObject({ status: 'fulfilled' });
  });

  it('is closed with the store, before the log', async () => {
    await store.append(request({ name: 'a' }));
    await store.close();
    expect((await recorded()).at(-1)).toBe('close');
  });
});

describe('a store without a participant', () => {
  it('refuses riders and jobs', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'liggare-log-'));
    const store = await openSqliteEventStore({ file: join(directory, 'log.db') });
    const append = store.append({ stream: newStream(), expected: 'none', events: [event()], rider: {} });
    for (const refused of [append, store.ride({}), store.run({})]) expect(await failure(refused)).toBeInstanceOf(AppendRefused);
    expect(await store.head()).toBeUndefined();
    await store.close();
    await rm(directory, { recursive: true });
  });
});

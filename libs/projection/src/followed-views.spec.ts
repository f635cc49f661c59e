import { afterEach, describe, expect, it } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';
import { FollowedViews } from './followed-views.js';
import { ExampleLeases } from './leased-views.examples.js';
import { ExampleLog, positionOf, stored } from './log.examples.js';
import { journal, parcelFact } from './views.examples.js';

const history = stored(Array.from({ length: 20 }, (_, i) => parcelFact('ParcelStored', `p${i}`)));

describe('views that another process feeds', () => {
  const opened: FollowedViews[] = [];
  const follow = (reader: ExampleLeases, faults: unknown[] = []): FollowedViews => {
    const followed = new FollowedViews({ store: new ExampleLog(history), reader, onFault: (error) => faults.push(error) });
    opened.push(followed);
    return followed;
  };
  const fed = async (reader: ExampleLeases, from: number | undefined, to: number): Promise<void> =>
    reader.commit([{ view: 'journal', changes: [], after: from === undefined ? undefined : positionOf(from), checkpoint: positionOf(to) }]);
  const prepared = async (): Promise<ExampleLeases> => {
    const reader = new ExampleLeases();
    await reader.prepare([journal], positionOf(9));
    return reader;
  };
  afterEach(async () => {
    for (const followed of opened.splice(0)) await followed.close();
  });

  it('serve when they are where the log was when they were begun, and not before', async () => {
    const reader = await prepared();
    const followed = follow(reader);
    expect(await followed.waitFor(positionOf(0), 1)).toBe(false);
    expect(followed.isServing()).toBe(false);
    await fed(reader, undefined, 5);
    expect(await followed.waitFor(positionOf(5), 5000)).toBe(true);
    expect(followed.isServing()).toBe(false);
    await fed(reader, 5, 9);
    expect(await followed.waitFor(positionOf(9), 5000)).toBe(true);
    expect(followed.isServing()).toBe(true);
    expect([followed.position('journal'), followed.standings()]).toEqual([positionOf(9), [{ view: 'journal', position: positionOf(9), stopped: false }]]);
  });

  it('are waited for: true soon after they got there, false at the time limit and when it is closed', async () => {
    const reader = await prepared();
    const followed = follow(reader);
    const waiting = followed.waitFor(positionOf(3), 5000, 'journal');
    await delay(60);
    await fed(reader, undefined, 3);
    const begin = performance.now();
    expect(await waiting).toBe(true);
    expect(performance.now() - begin).toBeLessThan(500);
    expect(await followed.waitFor(positionOf(4), 30)).toBe(false);
    expect(await followed.waitFor(positionOf(1), 30, 'none')).toBe(false);
    const never = followed.waitFor(positionOf(4), 60_000);
    await followed.close();
    expect(await never).toBe(false);
  });

  it.each([
    ['seldom while nobody waits', true, 1],
    ['more often while they do not serve', false, 2],
  ])('are asked %s', async (_how, serves, times) => {
    const reader = await prepared();
    if (serves) await fed(reader, undefined, 9);
    let asked = 0;
    const ask = reader.progress.bind(reader);
    reader.progress = () => ((asked += 1), ask());
    const followed = follow(reader);
    await delay(400);
    expect(asked).toBe(times);
    await followed.waitFor(positionOf(10), 300);
    expect(asked).toBeGreaterThan(5);
  });

  it('are behind by as long as they have not had what the log has', async () => {
    const reader = await prepared();
    const followed = follow(reader);
    await fed(reader, undefined, 18);
    await delay(20);
    const lag = await followed.lag();
    expect([lag.head, lag.reached]).toEqual([positionOf(19), positionOf(18)]);
    expect(lag.behindMs).toBeGreaterThanOrEqual(15);
    await fed(reader, 18, 19);
    expect(await followed.lag()).toEqual({ head: positionOf(19), reached: positionOf(19), behindMs: 0 });
  });

  it('are not taken to have got anywhere while their store has never been asked', async () => {
    const reader = await prepared();
    reader.isAway = true;
    const followed = follow(reader);
    expect(await followed.waitFor(positionOf(0), 100)).toBe(false);
    const waiting = followed.waitFor(positionOf(0), 5000);
    reader.isAway = false;
    await fed(reader, undefined, 1);
    expect(await waiting).toBe(true);
  });

  it('are known to be begun anew by whoever has just asked for that, though an older question is under way', async () => {
    const reader = await prepared();
    await fed(reader, undefined, 19);
    const followed = follow(reader);
    await followed.lag();
    const ask = reader.progress.bind(reader);
    const older = ask();
    reader.progress = async () => {
      reader.progress = ask;
      await delay(50);
      return older;
    };
    const waiting = followed.waitFor(positionOf(99), 30);
    await delay(10);
    await reader.reset(journal, positionOf(19));
    await followed.lag();
    expect(followed.isServing()).toBe(false);
    await waiting;
  });

  it('are behind only since the log had something new, though nobody asked for long', async () => {
    const reader = await prepared();
    await fed(reader, undefined, 19);
    const log = new ExampleLog(history);
    const followed = new FollowedViews({ store: log, reader });
    opened.push(followed);
    await delay(1300);
    log.add(...stored([parcelFact('ParcelStored', 'x')], 20));
    expect((await followed.lag()).behindMs).toBeLessThan(1100);
  });

  it('do not serve while their store is away, and serve when it is back', async () => {
    const [reader, faults] = [await prepared(), [] as unknown[]];
    await fed(reader, undefined, 19);
    const followed = follow(reader, faults);
    expect(await followed.waitFor(positionOf(19), 5000)).toBe(true);
    reader.isAway = true;
    await expect(followed.lag()).rejects.toThrow('the store is away');
    await expect(followed.lag()).rejects.toThrow('the store is away');
    expect([followed.isServing(), faults.length]).toEqual([false, 1]);
    reader.isAway = false;
    await followed.lag();
    expect(followed.isServing()).toBe(true);
  });

  it('do not serve where the log has not been, say so once, and serve again when they are put right', async () => {
    const reader = await prepared();
    await fed(reader, undefined, 9);
    const faults: unknown[] = [];
    const followed = follow(reader, faults);
    await followed.lag();
    expect(followed.isServing()).toBe(true);
    await fed(reader, 9, 900);
    await followed.lag();
    await followed.lag();
    expect([followed.isServing(), faults.map((fault) => (fault as Error).name)]).toEqual([false, ['ViewsAheadOfLog']]);
    await fed(reader, 900, 10);
    await followed.lag();
    expect(followed.isServing()).toBe(true);
  });
});

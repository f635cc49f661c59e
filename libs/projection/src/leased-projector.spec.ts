import { afterEach, describe, expect, it } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';
import { ExampleLeases } from './leased-views.examples.js';
import { askForRebuild, startLeasedProjector } from './leased-projector.js';
import type { LeasedProjector, LeasedProjectorOptions } from './leased-projector.js';
import { ExampleLog, positionOf, stored } from './log.examples.js';
import { MemoryViewStore } from './memory-view-store.js';
import { ViewsAheadOfLog } from './projector.js';
import type { ProjectorFault } from './projector.js';
import { rebuild } from './rebuild.js';
import { LeaseLost } from './view.js';
import type { ViewStore } from './view.js';
import { journal, parcelFact, parcels } from './views.examples.js';

const TTL_MS = 240;
const SOON_MS = 5000;
const history = stored(Array.from({ length: 60 }, (_, i) => parcelFact(i % 5 === 4 ? 'ParcelSent' : 'ParcelStored', 'abcd'[i % 4] ?? 'a', 'north', i)));

describe('projectors on one view store', () => {
  const running: LeasedProjector[] = [];
  const start = async (options: Partial<LeasedProjectorOptions> & Pick<LeasedProjectorOptions, 'viewStore' | 'store' | 'holder'>): Promise<LeasedProjector> => {
    const projector = await startLeasedProjector({ views: [journal, parcels], ttlMs: TTL_MS, ...options });
    running.push(projector);
    return projector;
  };
  afterEach(async () => {
    for (const projector of running.splice(0)) await projector.close();
  });

  it('let one feed, and the other stand by without a subscription', async () => {
    const [viewStore, busy, idle] = [new ExampleLeases(), new ExampleLog(history), new ExampleLog(history)];
    const first = await start({ viewStore, store: busy, holder: 'first' });
    await reached(viewStore, 59);
    const second = await start({ viewStore, store: idle, holder: 'second' });
    await delay(TTL_MS);
    expect([[...first.held().keys()], [...second.held().keys()]]).toEqual([['journal', 'parcels'], []]);
    expect(viewStore.unfenced).toEqual([]);
    expect([busy.subscriptions.length, idle.subscriptions.length]).toEqual([1, 0]);
    expect([first.standings().map(({ position }) => position), second.standings()]).toEqual([[positionOf(59), positionOf(59)], []]);
    await expectAsRebuilt(viewStore, busy);
  });

  it('hand over at once when one is closed', async () => {
    const [viewStore, store] = [new ExampleLeases(), new ExampleLog(history.slice(0, 30))];
    const first = await start({ viewStore, store, holder: 'first', ttlMs: 60_000 });
    await reached(viewStore, 29);
    await first.close();
    expect(first.held().size).toBe(0);
    const second = await start({ viewStore, store, holder: 'second', ttlMs: 60_000 });
    store.add(...history.slice(30));
    await reached(viewStore, 59);
    expect(second.held().size).toBe(2);
    await expectAsRebuilt(viewStore, store);
  });

  it('stop feeding by their own clock when the lease could not be renewed in time, and go on when it can', async () => {
    const [viewStore, store, faults] = [new ExampleLeases(), new ExampleLog(history.slice(0, 10)), [] as ProjectorFault[]];
    const only = await start({ viewStore, store, holder: 'only', onFault: (fault) => faults.push(fault) });
    await reached(viewStore, 9);
    viewStore.cutOff.add('only');
    await delay(1.5 * TTL_MS);
    expect([only.held().size, only.standings()]).toEqual([0, []]);
    const { commits } = viewStore;
    store.add(...history.slice(10));
    await delay(100);
    expect(viewStore.commits).toBe(commits);
    expect(store.subscriptions.every(({ signal }) => signal?.aborted)).toBe(true);
    expect(faults.some((fault) => fault.kind === 'feeding' && fault.reason.includes('could not be renewed in time'))).toBe(true);
    viewStore.cutOff.clear();
    await reached(viewStore, 59);
    await expectAsRebuilt(viewStore, store);
  });

  it('do not even send what was under way when the lease ended', async () => {
    const [viewStore, store] = [new ExampleLeases(), new ExampleLog(history.slice(0, 10))];
    await start({ viewStore, store, holder: 'only' });
    await reached(viewStore, 9);
    const fetched = Promise.withResolvers<void>();
    viewStore.beforeFetch = () => fetched.promise;
    store.add(...history.slice(10));
    await delay(20);
    viewStore.cutOff.add('only');
    await delay(1.2 * TTL_MS);
    let sent = 0;
    viewStore.beforeCommit = async () => void (sent += 1);
    viewStore.beforeFetch = async () => {};
    fetched.resolve();
    await delay(50);
    expect(sent).toBe(0);
    viewStore.cutOff.clear();
    await reached(viewStore, 59);
    await expectAsRebuilt(viewStore, store);
  });

  it('write nothing any more after another took over, however late a batch arrives', async () => {
    const [viewStore, store, faults] = [new ExampleLeases(), new ExampleLog(history.slice(0, 10)), [] as ProjectorFault[]];
    const cut = await start({ viewStore, store, holder: 'cut', onFault: (fault) => faults.push(fault) });
    await reached(viewStore, 9);
    // The batch is on its way when its sender is cut off, and arrives after the other has the lease.
    const arriving = Promise.withResolvers<void>();
    viewStore.beforeCommit = () => arriving.promise;
    store.add(...history.slice(10, 20));
    await delay(20);
    viewStore.cutOff.add('cut');
    viewStore.beforeCommit = async () => {};
    const other = await start({ viewStore, store, holder: 'other' });
    await until(() => other.held().size === 2);
    expect(cut.held().size).toBe(0);
    await reached(viewStore, 19);
    arriving.resolve();
    store.add(...history.slice(20));
    await reached(viewStore, 59);
    await expectAsRebuilt(viewStore, store);
  });

  it('have what the other wrote in its place refused by the epoch, even from the very same checkpoint', async () => {
    const [viewStore, store] = [new ExampleLeases(), new ExampleLog(history.slice(0, 10))];
    const first = await start({ viewStore, store, holder: 'first' });
    await reached(viewStore, 9);
    const epoch = first.held().get('journal') ?? 0;
    await first.close();
    const second = await start({ viewStore, store, holder: 'second' });
    await until(() => second.held().size === 2);
    const late = viewStore.commit([{ view: 'journal', changes: [], after: positionOf(9), checkpoint: positionOf(10), epoch }]);
    await expect(late).rejects.toThrow(LeaseLost);
  });

  it('give each view to one of two that ask at the same moment', async () => {
    const [viewStore, store] = [new ExampleLeases(), new ExampleLog(history)];
    const both = await Promise.all(['a', 'b'].map((holder) => start({ viewStore, store, holder })));
    await reached(viewStore, 59);
    expect(both.map((one) => one.held().size).sort()).toEqual([0, 2]);
    await expectAsRebuilt(viewStore, store);
  });

  it('feed views that are split over two of them, and all of them when one is gone', async () => {
    const [viewStore, store] = [new ExampleLeases(), new ExampleLog(history.slice(0, 20))];
    const first = await start({ viewStore, store, holder: 'first', views: [journal] });
    await until(() => first.held().size === 1);
    const second = await start({ viewStore, store, holder: 'second' });
    await reached(viewStore, 19);
    expect([[...first.held().keys()], [...second.held().keys()]]).toEqual([['journal'], ['parcels']]);
    await first.close();
    store.add(...history.slice(20));
    await reached(viewStore, 59);
    expect([...second.held().keys()]).toEqual(['journal', 'parcels']);
    await expectAsRebuilt(viewStore, store);
  });

  it('feed anew what was emptied, though no event comes', async () => {
    const [viewStore, store] = [new ExampleLeases(), new ExampleLog(history)];
    await start({ viewStore, store, holder: 'first' });
    await reached(viewStore, 59);
    await askForRebuild({ store, views: [journal, parcels], viewStore });
    expect((await viewStore.progress()).map(({ isServing }) => isServing)).toEqual([false, false]);
    await reached(viewStore, 59);
    expect((await viewStore.progress()).map(({ isServing }) => isServing)).toEqual([true, true]);
    await expectAsRebuilt(viewStore, store);
  });

  it('try again when the store is away, and start only when it is there', async () => {
    const [viewStore, store, faults] = [new ExampleLeases(), new ExampleLog(history.slice(0, 10)), [] as ProjectorFault[]];
    viewStore.isAway = true;
    await expect(start({ viewStore, store, holder: 'only' })).rejects.toThrow('the store is away');
    viewStore.isAway = false;
    await start({ viewStore, store, holder: 'only', onFault: (fault) => faults.push(fault) });
    await reached(viewStore, 9);
    viewStore.isAway = true;
    store.add(...history.slice(10));
    await delay(2 * TTL_MS);
    viewStore.isAway = false;
    await reached(viewStore, 59);
    expect(faults.every((fault) => fault.kind === 'feeding' && fault.retryInMs !== undefined)).toBe(true);
    await expectAsRebuilt(viewStore, store);
  });

  it('refuse views that are ahead of the log, and end when that shows later', async () => {
    const viewStore = new ExampleLeases();
    await (await start({ viewStore, store: new ExampleLog(history), holder: 'first' })).close();
    const writer = await start({ viewStore, store: new ExampleLog(history), holder: 'first' });
    await reached(viewStore, 59);
    await writer.close();
    const shorter = new ExampleLog(history.slice(0, 20));
    await expect(start({ viewStore, store: shorter, holder: 'second' })).rejects.toThrow(ViewsAheadOfLog);
    shorter.head = async () => positionOf(59);
    const faults: ProjectorFault[] = [];
    const second = await start({ viewStore, store: shorter, holder: 'second', onFault: (fault) => faults.push(fault) });
    await second.ended;
    expect(faults).toMatchObject([{ kind: 'feeding', retryInMs: undefined }]);
  });
});

async function reached(viewStore: ViewStore, index: number): Promise<void> {
  await until(async () => (await Promise.all(['journal', 'parcels'].map((view) => viewStore.checkpoint(view)))).every((position) => (position ?? '') >= positionOf(index)));
}

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (const end = performance.now() + SOON_MS; performance.now() < end; await delay(5)) if (await holds()) return;
  throw new Error('it did not come about in time');
}

async function expectAsRebuilt(viewStore: ViewStore, store: ExampleLog): Promise<void> {
  const other = new MemoryViewStore();
  await rebuild({ store, views: [journal, parcels], viewStore: other });
  for (const table of ['journal', 'parcel', 'depot_parcel']) expect(await viewStore.rows(table, [])).toEqual(await other.rows(table, []));
}

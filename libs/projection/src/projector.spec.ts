import { afterEach, describe, expect, it } from '@jest/globals';
import { ExampleLog, positionOf, stored } from './log.examples.js';
import { MemoryViewStore } from './memory-view-store.js';
import { startProjector, ViewsAheadOfLog } from './projector.js';
import type { Projector, ProjectorFault, ProjectorOptions } from './projector.js';
import { rebuild } from './rebuild.js';
import { ViewRuleBroken } from './table-shape.js';
import type { View, ViewCommit } from './view.js';
import { journal, parcelFact, parcels } from './views.examples.js';

const SOON_MS = 5000;
const history = stored(Array.from({ length: 40 }, (_, i) => parcelFact(i % 5 === 4 ? 'ParcelSent' : 'ParcelStored', 'abcd'[i % 4] ?? 'a', 'north', i)));

describe('the projector', () => {
  const running: Projector[] = [];
  const start = async (options: ProjectorOptions): Promise<Projector> => {
    const projector = await startProjector(options);
    running.push(projector);
    return projector;
  };
  afterEach(async () => {
    for (const projector of running.splice(0)) await projector.close();
  });

  it('gives views what the log has and what comes, and says how far they are', async () => {
    const [store, viewStore] = [new ExampleLog(history.slice(0, 10)), new MemoryViewStore()];
    const projector = await start({ store, views: [journal, parcels], viewStore });
    expect(await projector.waitFor(positionOf(9), SOON_MS)).toBe(true);
    store.add(...history.slice(10));
    expect(await projector.waitFor(positionOf(39), SOON_MS)).toBe(true);
    expect([projector.position('journal'), projector.position('none')]).toEqual([positionOf(39), undefined]);
    expect(await viewStore.rows('journal', [])).toHaveLength(40);
    expect(await projector.lag()).toEqual({ head: positionOf(39), reached: positionOf(39), behindMs: 0 });
  });

  it('answers false at the time limit, for a view it does not feed, and when it is closed', async () => {
    const projector = await start({ store: new ExampleLog(history), views: [journal], viewStore: new MemoryViewStore() });
    expect(await projector.waitFor(positionOf(99), 1)).toBe(false);
    expect(await projector.waitFor(positionOf(1), 1, 'none')).toBe(false);
    const waiting = projector.waitFor(positionOf(99), 60_000);
    await projector.close();
    expect(await waiting).toBe(false);
    expect(await projector.waitFor(positionOf(99), 60_000)).toBe(false);
    expect(await projector.waitFor(positionOf(1), 60_000)).toBe(true);
  });

  it('feeds views at different checkpoints through one subscription, each event once', async () => {
    const [store, viewStore] = [new ExampleLog(history.slice(0, 20)), new MemoryViewStore()];
    const first = await start({ store, views: [journal], viewStore });
    await first.waitFor(positionOf(19), SOON_MS);
    await first.close();
    const seen: string[] = [];
    const watched: View = { ...journal, apply: (event, read) => (seen.push(event.position), journal.apply(event, read)) };
    store.add(...history.slice(20));
    const second = await start({ store, views: [watched, parcels], viewStore });
    expect(await second.waitFor(positionOf(39), SOON_MS)).toBe(true);
    expect(seen).toEqual(history.slice(20).map(({ position }) => position));
    expect(store.subscriptions.map(({ after }) => after)).toEqual([undefined, undefined]);
    expect(await viewStore.rows('journal', [])).toHaveLength(40);
  });

  it('asks only for the streams its views are made from, and still gets to the end of the log', async () => {
    const store = new ExampleLog([...history, ...stored([{ stream: 'depot-x', type: 'DepotOpened', data: {} }], 40)]);
    const projector = await start({ store, views: [parcels], viewStore: new MemoryViewStore() });
    expect(await projector.waitFor(positionOf(40), SOON_MS)).toBe(true);
    expect(store.subscriptions[0]?.filter).toEqual({ streamPrefixes: ['parcel-'] });
  });

  it('begins a view of another version anew', async () => {
    const [store, viewStore] = [new ExampleLog(history), new MemoryViewStore()];
    await (await started(store, viewStore, journal)).close();
    const raised: View = { ...journal, version: 2, apply: (event, read) => journal.apply({ ...event, type: 'Other' }, read) };
    await (await started(store, viewStore, raised)).close();
    expect((await viewStore.rows('journal', [])).map(({ type }) => type)).toEqual(history.map(() => 'Other'));
  });

  it('refuses views that are ahead of the log, and malformed views', async () => {
    const viewStore = new MemoryViewStore();
    await (await started(new ExampleLog(history), viewStore, journal)).close();
    for (const restored of [new ExampleLog(history.slice(0, 20)), new ExampleLog()]) {
      const start = startProjector({ store: restored, views: [parcels, journal], viewStore });
      await expect(start).rejects.toThrow(ViewsAheadOfLog);
      await expect(start).rejects.toThrow(/journal are ahead of the log/);
    }
    await expect(startProjector({ store: new ExampleLog(), views: [journal, journal], viewStore })).rejects.toThrow(ViewRuleBroken);
  });

  it('stops a view just before the event it cannot take, names it without its data, and feeds the others', async () => {
    const secret = 'Sven Svensson';
    const facts = history.map((event, i) => (i === 25 ? { ...event, data: `"${secret}` } : event));
    const [store, viewStore, faults] = [new ExampleLog(facts), new MemoryViewStore(), [] as ProjectorFault[]];
    const projector = await start({ store, views: [parcels, journal], viewStore, onFault: (fault) => faults.push(fault) });
    expect(await projector.waitFor(positionOf(39), SOON_MS, 'journal')).toBe(true);
    expect(await projector.waitFor(positionOf(39), 60_000)).toBe(false);
    expect(await projector.waitFor(positionOf(24), SOON_MS)).toBe(true);
    expect(await viewStore.checkpoint('parcels')).toBe(positionOf(24));
    const expected = { kind: 'view', view: 'parcels', eventId: facts[25]?.id, eventType: facts[25]?.type, position: positionOf(25) };
    expect(faults).toEqual([{ ...expected, reason: expect.stringMatching(/^SyntaxError/) }]);
    expect(JSON.stringify(faults)).not.toContain('Sven');
    await projector.close();
    const alone = await start({ store: new ExampleLog(facts.slice(0, 25)), views: [{ ...parcels, name: 'alone' }], viewStore: new MemoryViewStore() });
    expect(await alone.waitFor(positionOf(24), SOON_MS)).toBe(true);
  });

  it('stops a view that breaks its declaration while it is fed', async () => {
    const faults: ProjectorFault[] = [];
    const wrong: View = { ...journal, apply: () => [{ op: 'put', table: 'journal', row: { stream: 5, revision: 1, type: 'T' } }] };
    const projector = await start({ store: new ExampleLog(history), views: [wrong], viewStore: new MemoryViewStore(), onFault: (fault) => faults.push(fault) });
    expect(await projector.waitFor(positionOf(0), 60_000)).toBe(false);
    expect(faults).toMatchObject([{ view: 'journal', reason: 'journal.stream: not a cell of type text' }]);
  });

  it('gets on where the log has only events of other streams for it, before it has caught up', async () => {
    const store = new ExampleLog(history);
    store.subscribe = async function* (options) {
      yield { kind: 'passed', position: positionOf(39) };
      await new Promise((resolve) => options?.signal?.addEventListener('abort', resolve));
    };
    const projector = await start({ store, views: [parcels], viewStore: new MemoryViewStore() });
    expect(await projector.waitFor(positionOf(39), SOON_MS)).toBe(true);
  });

  it('gives up when the log turns out to end before the views', async () => {
    const faults: ProjectorFault[] = [];
    const viewStore = new MemoryViewStore();
    await (await started(new ExampleLog(history), viewStore, journal)).close();
    const shorter = new ExampleLog(history.slice(0, 20));
    shorter.head = async () => positionOf(39);
    const projector = await start({ store: shorter, views: [journal], viewStore, onFault: (fault) => faults.push(fault) });
    expect(await projector.waitFor(positionOf(40), 60_000)).toBe(false);
    expect(faults).toMatchObject([{ kind: 'feeding', retryInMs: undefined }]);
    expect(shorter.subscriptions).toHaveLength(1);
  });

  it('tries again when the log fails, and misses nothing', async () => {
    const [store, faults] = [new ExampleLog(history), [] as ProjectorFault[]];
    store.failures = 2;
    const viewStore = new MemoryViewStore();
    const projector = await start({ store, views: [journal], viewStore, onFault: (fault) => faults.push(fault) });
    expect(await projector.waitFor(positionOf(39), SOON_MS)).toBe(true);
    expect(faults).toMatchObject([{ kind: 'feeding', retryInMs: 50 }, { kind: 'feeding', retryInMs: 100 }]);
    expect(await viewStore.rows('journal', [])).toHaveLength(40);
  });

  it('goes on exactly where it was when a commit fails, before or after it took effect', async () => {
    for (const written of [true, false]) {
      const viewStore = new FailingViewStore(written);
      const counted: string[] = [];
      const counts: View = { ...parcels, streamPrefixes: ['parcel-'] };
      const store = new ExampleLog(history.slice(0, 10));
      const projector = await start({ store, views: [counts], viewStore, onFault: ({ reason }) => counted.push(reason) });
      expect(await projector.waitFor(positionOf(9), SOON_MS)).toBe(true);
      viewStore.failing = true;
      store.add(...history.slice(10));
      expect(await projector.waitFor(positionOf(39), SOON_MS)).toBe(true);
      expect(counted).toEqual(['Error: the disk is full']);
      const other = new MemoryViewStore();
      await rebuild({ store, views: [parcels], viewStore: other });
      expect(await viewStore.rows('parcel', [])).toEqual(await other.rows('parcel', []));
    }
  });

  it('does not write twice when two projectors feed the same views', async () => {
    const [store, viewStore] = [new ExampleLog(history.slice(0, 5)), new MemoryViewStore()];
    const both = [await start({ store, views: [parcels], viewStore }), await start({ store, views: [parcels], viewStore })];
    for (let i = 5; i < 40; i += 5) {
      store.add(...history.slice(i, i + 5));
      for (const one of both) expect(await one.waitFor(positionOf(i + 4), SOON_MS)).toBe(true);
    }
    const other = new MemoryViewStore();
    await rebuild({ store, views: [parcels], viewStore: other });
    expect(await viewStore.rows('parcel', [])).toEqual(await other.rows('parcel', []));
  });
});

describe('a rebuild', () => {
  it('empties the views, applies the log, tells how far it is and leaves the views at the end of the log', async () => {
    const viewStore = new MemoryViewStore();
    const store = new ExampleLog([...history, ...stored([{ stream: 'depot-x', type: 'DepotOpened', data: {} }], 40)]);
    await (await started(new ExampleLog(history.slice(0, 12)), viewStore, parcels)).close();
    const stale: ViewCommit = { view: 'parcels', changes: [{ op: 'put', table: 'depot_parcel', row: { depot: 'z', parcel: 'z', note: null } }], after: positionOf(11), checkpoint: positionOf(12) };
    await viewStore.commit([stale]);
    expect(await rebuild({ store, views: [parcels], viewStore })).toEqual({ events: 40, position: positionOf(40), faults: [] });
    expect(await viewStore.checkpoint('parcels')).toBe(positionOf(40));
    expect(await viewStore.rows('depot_parcel', ['z'])).toEqual([]);
  });

  it('is of an empty log, too', async () => {
    expect(await rebuild({ store: new ExampleLog(), views: [journal], viewStore: new MemoryViewStore() })).toEqual({ events: 0, position: undefined, faults: [] });
  });

  it('names the views that stopped, and tells its progress', async () => {
    const many = stored(Array.from({ length: 12_000 }, (_, i) => parcelFact('ParcelStored', `p${i}`)));
    const progress: number[] = [];
    const wrong: View = { ...parcels, touches: () => [] };
    const { faults, events } = await rebuild({ store: new ExampleLog(many), views: [wrong, journal], viewStore: new MemoryViewStore(), onProgress: (told) => progress.push(told.events) });
    expect(faults).toMatchObject([{ view: 'parcels', position: positionOf(0) }]);
    expect([events, progress]).toEqual([12_000, [5000, 10_000]]);
  });
});

class FailingViewStore extends MemoryViewStore {
  failing = false;

  constructor(readonly written: boolean) {
    super();
  }

  override async commit(commits: readonly ViewCommit[]): Promise<void> {
    if (!this.failing) return super.commit(commits);
    this.failing = false;
    if (this.written) await super.commit(commits);
    throw new Error('the disk is full');
  }
}

async function started(store: ExampleLog, viewStore: MemoryViewStore, view: View): Promise<Projector> {
  const projector = await startProjector({ store, views: [view], viewStore });
  await projector.waitFor((await store.head()) ?? '', SOON_MS);
  return projector;
}

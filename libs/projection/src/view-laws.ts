/**
 * The laws every view obeys, as tests: call `viewLaws(view, histories)` in the view's spec.
 *
 * Together they say that rows are a function of the events and of nothing else: not of the clock, of chance, of how the events came
 * in batches, of a crash between two of them, of what the view saw for someone else, or of the store the rows lie in.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { StoredEvent } from '#event-store/event-store.js';
import { Feed, isFor } from './feed.js';
import { MemoryViewStore } from './memory-view-store.js';
import { Overlay } from './overlay.js';
import { differences, foldView } from './rows.js';
import type { RowsByTable } from './rows.js';
import { openSqliteViews } from './sqlite-view-store.js';
import { shapesOf } from './table-shape.js';
import type { Change, View, ViewCommit, ViewStore } from './view.js';

/** Events in log order, by ascending position, as one log could hold them. */
export type History = readonly StoredEvent[];
export type Histories = fc.Arbitrary<History> | readonly History[];

export interface ViewLaw {
  readonly name: string;
  /** Rejects when the view breaks the law on some history; the message names the smallest one found. */
  check(view: View, histories: Histories): Promise<void>;
}

export const laws: readonly ViewLaw[] = [
  {
    name: 'makes rows of the examples',
    check: async (view, histories) => {
      const samples = Array.isArray(histories) ? histories : fc.sample(asArbitrary(histories), { numRuns: 50, seed: SEED });
      if (!samples.some((history) => rowCount(foldView(view, history)) > 0)) throw new Error('no example history leaves a row: the other laws would hold of nothing');
    },
  },
  {
    name: 'keeps its declaration: touches names what apply reads, rows have the declared cells',
    check: (view, histories) =>
      always(asArbitrary(histories), (history) => {
        foldView(frozen(view), history);
        for (const event of history) expectSame(JSON.stringify(view.touches(event)), JSON.stringify(view.touches(event)), 'touches names other rows the second time');
      }),
  },
  {
    name: 'does not change the event or the rows it is given',
    check: (view, histories) => always(asArbitrary(histories), (history) => void foldView(frozen(view), history.map((event) => Object.freeze({ ...event })))),
  },
  {
    name: 'knows neither the clock nor chance',
    check: (view, histories) => always(asArbitrary(histories), (history) => void withoutClock(() => foldView(view, history))),
  },
  {
    name: 'gives the same rows again, whatever it saw in between',
    check: (view, histories) =>
      always(fc.tuple(asArbitrary(histories), asArbitrary(histories)), ([history, other]) => {
        const once = foldView(view, history);
        expectAlike(once, foldView(view, history), 'a second time');
        expectAlike(once, foldBeside(view, history, other), 'beside another history');
      }),
  },
  {
    name: 'gives the same rows in any batches, in memory and in SQLite',
    check: (view, histories) =>
      always(fc.tuple(asArbitrary(histories), CUTS), async ([history, cuts]) => {
        const expected = foldView(view, history);
        for (const store of [new MemoryViewStore(), openSqliteViews(':memory:')]) {
          await store.prepare([view]);
          await feed(view, store, split(history, cuts));
          expectAlike(expected, await rowsIn(store, view), `${store.constructor.name}, ${cuts.length} cuts`);
          await store.close();
        }
      }),
  },
  {
    name: 'is rebuilt to the rows it had live',
    check: (view, histories) =>
      always(asArbitrary(histories), async (history) => {
        const store = new MemoryViewStore();
        await store.prepare([view]);
        await feed(view, store, history.map((event) => [event]));
        const live = await rowsIn(store, view);
        await store.reset(view);
        await feed(view, store, [history]);
        expectAlike(live, await rowsIn(store, view), 'rebuilt');
      }),
  },
  {
    name: 'goes on after a crash before or after any commit as if there had been none',
    check: (view, histories) =>
      always(fc.tuple(asArbitrary(histories), CUTS), async ([history, cuts]) => {
        const batches = split(history, cuts);
        for (const crash of ['before', 'after'] as const) await withFile(async (path) => {
          await crashEverywhere(view, path, batches, crash);
          const store = openSqliteViews(path);
          await store.prepare([view]);
          expectAlike(foldView(view, history), await rowsIn(store, view), `crashed ${crash} each commit`);
          await store.close();
        });
      }, 5),
  },
];

/** Describes the laws as tests of this view. Histories: an arbitrary, or a list of examples (those of the slice). */
export function viewLaws(view: View, histories: Histories): void {
  describe(`the view ${view.name}`, () => {
    for (const law of laws) it(law.name, () => expect(law.check(view, histories)).resolves.toBeUndefined());
  });
}

/** Fixed, so that a build is red or green for what it builds; change it to look elsewhere. */
const SEED = 20261122;
/** Where a history is cut, as shares of its length. */
const CUTS = fc.array(fc.integer({ min: 0, max: 100 }), { maxLength: 6 });

async function always<T>(arbitrary: fc.Arbitrary<T>, holds: (value: T) => void | Promise<void>, numRuns = 40): Promise<void> {
  await fc.assert(fc.asyncProperty(arbitrary, async (value) => holds(value)), { numRuns, seed: SEED, endOnFailure: false });
}

function asArbitrary(histories: Histories): fc.Arbitrary<History> {
  return isList(histories) ? fc.constantFrom(...histories) : histories;
}

function isList(histories: Histories): histories is readonly History[] {
  return Array.isArray(histories);
}

function split(history: History, cuts: readonly number[]): readonly History[] {
  const at = [...new Set([0, ...cuts.map((cut) => Math.floor((history.length * cut) / 100)), history.length])].sort((a, b) => a - b);
  return at.slice(1).map((end, i) => history.slice(at[i], end));
}

/** Feeds as the projector does. A view that stops fails its law: histories hold nothing it may refuse. */
async function feed(view: View, store: ViewStore, batches: readonly History[]): Promise<void> {
  const fed = await Feed.open([view], store, (fault) => {
    throw new Error(`the view stopped at ${fault.eventType}: ${fault.reason}`);
  });
  for (const batch of batches) await fed.take(batch);
}

/**
 * Each commit but the last fails once, with its write in or not; the file is then opened again and all is sent from the first event.
 * At last as one batch, so that the checkpoint lies within it: batches after a crash are seldom those before it.
 */
async function crashEverywhere(view: View, path: string, batches: readonly History[], crash: 'before' | 'after'): Promise<void> {
  for (let crashes = 0; crashes < Math.max(1, batches.length - 1); crashes += 1) {
    const store = openSqliteViews(path);
    await store.prepare([view]);
    // Crashing before the write, the view would never get beyond its first batch: each time it is let one batch further.
    const failing = failingAt(store, crash, crash === 'before' && crashes > 0 ? 2 : 1);
    await feed(view, failing, batches).catch((error: unknown) => {
      if (!(error instanceof Crash)) throw error;
    });
    await store.close();
  }
  const store = openSqliteViews(path);
  await store.prepare([view]);
  await feed(view, store, [batches.flat()]);
  await store.close();
}

class Crash extends Error {}

function failingAt(store: ViewStore, crash: 'before' | 'after', nth: number): ViewStore {
  let commits = 0;
  return {
    checkpoint: (view) => store.checkpoint(view),
    fetch: (refs) => store.fetch(refs),
    rows: (table, prefix, page) => store.rows(table, prefix, page),
    prepare: (views) => store.prepare(views),
    reset: (view) => store.reset(view),
    close: () => store.close(),
    commit: async (batch: readonly ViewCommit[]) => {
      commits += 1;
      if (commits < nth || crash === 'after') await store.commit(batch);
      if (commits >= nth) throw new Crash();
    },
  };
}

/** Folds `history` while the same view also folds `other`, event by event. */
function foldBeside(view: View, history: History, other: History): RowsByTable {
  const [mine, theirs] = [new Overlay(view), new Overlay(view)];
  for (let i = 0; i < Math.max(history.length, other.length); i += 1) {
    for (const [overlay, event] of [[theirs, other[i]], [mine, history[i]]] as const) {
      if (event && isFor(view, event)) overlay.apply(overlay.touch(event));
    }
  }
  return mine.rows();
}

/** The view, with every row frozen that it puts, and so every row that a fold gives back to it: changing one throws. */
function frozen(view: View): View {
  return {
    ...view,
    touches: (event) => view.touches(event),
    apply: (event, read) => view.apply(event, read).map((change): Change => (change.op === 'put' ? { ...change, row: Object.freeze(change.row) } : change)),
  };
}

/** Runs `work` in a world where asking for the time or for chance throws. */
function withoutClock<T>(work: () => T): T {
  const refuse = (what: string) => (): never => {
    throw new Error(`the view asked for ${what}`);
  };
  const real = globalThis.Date;
  const restore = [forbid(Math, 'random', refuse('Math.random')), forbid(performance, 'now', refuse('performance.now'))];
  restore.push(forbid(globalThis.crypto, 'randomUUID', refuse('randomUUID')), forbid(globalThis.crypto, 'getRandomValues', refuse('getRandomValues')));
  globalThis.Date = new Proxy(real, {
    get: (target, name, receiver) => (name === 'now' ? refuse('Date.now') : Reflect.get(target, name, receiver)),
    construct: (target, given: unknown[]) => (given.length === 0 ? refuse('new Date()')() : Reflect.construct(target, given)),
    apply: refuse('Date()'),
  });
  try {
    return work();
  } finally {
    globalThis.Date = real;
    for (const undo of restore) undo();
  }
}

function forbid(owner: object, name: string, refuse: () => never): () => void {
  const own = Object.getOwnPropertyDescriptor(owner, name);
  Object.defineProperty(owner, name, { value: refuse, configurable: true, writable: true });
  return () => {
    if (own) Object.defineProperty(owner, name, own);
    else Reflect.deleteProperty(owner, name);
  };
}

async function rowsIn(store: ViewStore, view: View): Promise<RowsByTable> {
  const tables = new Map();
  for (const [name, shape] of shapesOf(view)) tables.set(name, new Map((await store.rows(name, [])).map((row) => [shape.keyText(shape.keyOf(row)), row])));
  return tables;
}

async function withFile(work: (path: string) => Promise<void>): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'liggare-laws-'));
  try {
    await work(join(directory, 'views.db'));
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function rowCount(rows: RowsByTable): number {
  return [...rows.values()].reduce((sum, table) => sum + table.size, 0);
}

function expectAlike(expected: RowsByTable, actual: RowsByTable, when: string): void {
  const found = differences(expected, actual);
  if (found.length > 0) throw new Error(`other rows (${when}): ${found.join('; ')}`);
}

function expectSame(expected: string, actual: string, sentence: string): void {
  if (expected !== actual) throw new Error(sentence);
}

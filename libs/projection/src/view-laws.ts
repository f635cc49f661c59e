/**
 * The laws every view obeys, as tests: call `viewLaws(view, histories)` in the view's spec.
 *
 * Together they say that rows are a function of the events and of nothing else: not of the clock, of chance, of how the events came
 * in batches, of a crash between two of them, of what the view saw for someone else, or of the store the rows lie in.
 */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isFor } from './feed.js';
import { always, asArbitrary, expectAlike, SEED } from './law.laws.js';
import type { Histories, History, ViewLaw } from './law.laws.js';
import { Overlay } from './overlay.js';
import { foldView } from './rows.js';
import type { RowsByTable } from './rows.js';
import { inAnyBatches, isRebuilt, memoryEngine, quickSqliteEngine, sqliteEngine, survivesCrashes } from './stored-view.laws.js';
import type { Change, View } from './view.js';

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
  inAnyBatches(memoryEngine),
  inAnyBatches(quickSqliteEngine),
  isRebuilt(memoryEngine),
  survivesCrashes(sqliteEngine),
];

/** Describes the laws as tests of this view. Histories: an arbitrary, or a list of examples (those of the slice). */
export function viewLaws(view: View, histories: Histories): void {
  describe(`the view ${view.name}`, () => {
    for (const law of laws) it(law.name, () => expect(law.check(view, histories)).resolves.toBeUndefined());
  });
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

function rowCount(rows: RowsByTable): number {
  return [...rows.values()].reduce((sum, table) => sum + table.size, 0);
}

function expectSame(expected: string, actual: string, sentence: string): void {
  if (expected !== actual) throw new Error(sentence);
}

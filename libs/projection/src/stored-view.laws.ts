/** Laws of views that are about the stores: how rows come into them must not show in them. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { Feed } from './feed.js';
import { always, asArbitrary, CUTS, expectAlike } from './law.laws.js';
import type { History, ViewLaw } from './law.laws.js';
import { MemoryViewStore } from './memory-view-store.js';
import { foldView } from './rows.js';
import type { RowsByTable } from './rows.js';
import { openSqliteViews } from './sqlite-view-store.js';
import { shapesOf } from './table-shape.js';
import type { View, ViewCommit, ViewStore } from './view.js';

/** Where rows are kept while a law is tried. */
export interface LawEngine {
  readonly name: string;
  /** An empty place for this view, its tables there. `open` opens it, and again after each crash. */
  begin(view: View): Promise<Place>;
  /** As many times fewer histories are tried where each costs a server's round trips. */
  readonly fewer: number;
}

export interface Place {
  readonly open: () => Promise<ViewStore>;
  readonly end: () => Promise<void>;
}

/** Memory forgets at a crash, which is no crash to go on after. */
export const memoryEngine: LawEngine = {
  name: 'memory',
  fewer: 1,
  begin: async (view) => {
    const store = new MemoryViewStore();
    await store.prepare([view]);
    return { open: async () => store, end: () => store.close() };
  },
};

export const sqliteEngine: LawEngine = {
  name: 'SQLite',
  fewer: 1,
  begin: async (view) => {
    const directory = mkdtempSync(join(tmpdir(), 'liggare-laws-'));
    const open = async (): Promise<ViewStore> => {
      const store = openSqliteViews(join(directory, 'views.db'));
      await store.prepare([view]);
      return store;
    };
    return { open, end: async () => rmSync(directory, { recursive: true }) };
  },
};

/** For rows that need outlive nothing. */
export const quickSqliteEngine: LawEngine = {
  name: 'SQLite',
  fewer: 1,
  begin: async (view) => {
    const store = openSqliteViews(':memory:');
    await store.prepare([view]);
    return { open: async () => store, end: async () => {} };
  },
};

export function inAnyBatches({ name, begin, fewer }: LawEngine): ViewLaw {
  return {
    name: `gives the same rows in any batches, in ${name}`,
    check: (view, histories) =>
      always(fc.tuple(asArbitrary(histories), CUTS), async ([history, cuts]) => {
        const expected = foldView(view, history);
        await within(await begin(view), async (open) => {
          const store = await open();
          await feed(view, store, split(history, cuts));
          expectAlike(expected, await rowsIn(store, view), `${cuts.length} cuts`);
          await store.close();
        });
      }, 40 / fewer),
  };
}

export function isRebuilt({ name, begin, fewer }: LawEngine): ViewLaw {
  return {
    name: `is rebuilt to the rows it had live, in ${name}`,
    check: (view, histories) =>
      always(asArbitrary(histories), async (history) => {
        await within(await begin(view), async (open) => {
          const store = await open();
          await feed(view, store, history.map((event) => [event]));
          const live = await rowsIn(store, view);
          await store.reset(view);
          await feed(view, store, [history]);
          expectAlike(live, await rowsIn(store, view), 'rebuilt');
          await store.close();
        });
      }, 40 / fewer),
  };
}

export function survivesCrashes({ name, begin, fewer }: LawEngine): ViewLaw {
  return {
    name: `goes on after a crash before or after any commit as if there had been none, in ${name}`,
    check: (view, histories) =>
      always(fc.tuple(asArbitrary(histories), CUTS), async ([history, cuts]) => {
        const batches = split(history, cuts);
        for (const crash of ['before', 'after'] as const) await within(await begin(view), async (open) => {
          await crashEverywhere(view, open, batches, crash);
          const store = await open();
          expectAlike(foldView(view, history), await rowsIn(store, view), `crashed ${crash} each commit`);
          await store.close();
        });
      }, Math.max(2, 5 / fewer)),
  };
}

async function within({ open, end }: Place, work: (open: Place['open']) => Promise<void>): Promise<void> {
  try {
    await work(open);
  } finally {
    await end();
  }
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
async function crashEverywhere(view: View, open: Place['open'], batches: readonly History[], crash: 'before' | 'after'): Promise<void> {
  for (let crashes = 0; crashes < Math.max(1, batches.length - 1); crashes += 1) {
    const store = await open();
    // Crashing before the write, the view would never get beyond its first batch: each time it is let one batch further.
    const failing = failingAt(store, crash, crash === 'before' && crashes > 0 ? 2 : 1);
    await feed(view, failing, batches).catch((error: unknown) => {
      if (!(error instanceof Crash)) throw error;
    });
    await store.close();
  }
  const store = await open();
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

async function rowsIn(store: ViewStore, view: View): Promise<RowsByTable> {
  const tables = new Map();
  for (const [name, shape] of shapesOf(view)) tables.set(name, new Map((await store.rows(name, [])).map((row) => [shape.keyText(shape.keyOf(row)), row])));
  return tables;
}

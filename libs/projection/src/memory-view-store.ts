/** Views in memory: for tests, for `memory:` and for short-lived tools. Gone when the process ends, as views may be. */
import type { Position } from '#event-store/event-store.js';
import { checkViews, compareKeys, TableShape } from './table-shape.js';
import { ViewFedElsewhere } from './view.js';
import type { Cell, FetchedRow, Page, Row, RowRef, View, ViewCommit, ViewStore } from './view.js';

interface MemoryTable {
  readonly shape: TableShape;
  readonly rows: Map<string, Row>;
  /** In key order; made when first asked for after a change. */
  sorted: readonly { readonly key: readonly Cell[]; readonly row: Row }[] | undefined;
}

interface MemoryView {
  readonly version: number;
  readonly declared: string;
  readonly tables: readonly string[];
  checkpoint: Position | undefined;
}

export class MemoryViewStore implements ViewStore {
  readonly #views = new Map<string, MemoryView>();
  readonly #tables = new Map<string, MemoryTable>();

  async prepare(views: readonly View[]): Promise<void> {
    checkViews(views);
    for (const view of views) {
      const known = this.#views.get(view.name);
      if (known?.version === view.version && known.declared === JSON.stringify(view.tables)) continue;
      for (const table of known?.tables ?? []) this.#tables.delete(table);
      this.#empty(view);
    }
  }

  async checkpoint(view: string): Promise<Position | undefined> {
    return this.#views.get(view)?.checkpoint;
  }

  async fetch(refs: readonly RowRef[]): Promise<readonly FetchedRow[]> {
    return refs.flatMap((ref) => {
      const { shape, rows } = this.#table(ref.table);
      const row = rows.get(shape.keyText(ref.key));
      return row ? [{ ref, row }] : [];
    });
  }

  async commit(commits: readonly ViewCommit[]): Promise<void> {
    for (const { view, after } of commits) {
      const known = this.#views.get(view);
      if (!known || known.checkpoint !== after) throw new ViewFedElsewhere(view);
    }
    // All that can be wrong is found before the first row moves: all or nothing, as in a transaction.
    const moves = commits.flatMap(({ changes }) =>
      changes.map((change) => {
        const table = this.#table(change.table);
        if (change.op === 'put') table.shape.checkRow(change.row);
        return { table, text: table.shape.keyText(change.op === 'put' ? table.shape.keyOf(change.row) : change.key), row: change.op === 'put' ? change.row : undefined };
      }),
    );
    for (const { table, text, row } of moves) {
      if (row) table.rows.set(text, row);
      else table.rows.delete(text);
      table.sorted = undefined;
    }
    for (const { view, checkpoint } of commits) {
      const known = this.#views.get(view);
      if (known) known.checkpoint = checkpoint;
    }
  }

  async rows(name: string, prefix: readonly Cell[], { limit, after, backwards }: Page = {}): Promise<readonly Row[]> {
    const table = this.#table(name);
    table.shape.checkPage(prefix, after);
    table.sorted ??= [...table.rows.values()].map((row) => ({ key: table.shape.keyOf(row), row })).sort((a, b) => compareKeys(a.key, b.key));
    const from = firstIndex(table.sorted.length, (i) => {
      const key = table.sorted?.[i]?.key ?? [];
      if (after) return compareKeys(key, after) >= (backwards ? 0 : 1);
      return compareKeys(key.slice(0, prefix.length), prefix) >= (backwards ? 1 : 0);
    });
    const found: Row[] = [];
    const step = backwards ? -1 : 1;
    for (let i = backwards ? from - 1 : from; i >= 0 && i < table.sorted.length && found.length < (limit ?? Infinity); i += step) {
      const { key, row } = table.sorted[i] ?? { key: [], row: {} };
      if (compareKeys(key.slice(0, prefix.length), prefix) !== 0) break;
      found.push(row);
    }
    return found;
  }

  async reset(view: View): Promise<void> {
    for (const table of this.#views.get(view.name)?.tables ?? []) this.#tables.delete(table);
    this.#empty(view);
  }

  async close(): Promise<void> {}

  #empty(view: View): void {
    for (const table of view.tables) this.#tables.set(table.name, { shape: new TableShape(table), rows: new Map(), sorted: undefined });
    const tables = view.tables.map((table) => table.name);
    this.#views.set(view.name, { version: view.version, declared: JSON.stringify(view.tables), tables, checkpoint: undefined });
  }

  #table(name: string): MemoryTable {
    const table = this.#tables.get(name);
    if (!table) throw new Error(`no view has the table ${name}`);
    return table;
  }
}

/** The first index for which `holds`, where it holds from some index on; `length` when for none. */
function firstIndex(length: number, holds: (index: number) => boolean): number {
  let [low, high] = [0, length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

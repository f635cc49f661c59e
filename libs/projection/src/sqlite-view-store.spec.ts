import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openSqliteViews, openSqliteViewsReadOnly } from './sqlite-view-store.js';
import { ViewsUnusable } from './views-unusable.js';
import { ViewFedElsewhere } from './view.js';
import { viewStoreSuite } from './view-store.suite.js';
import { journal, parcels } from './views.examples.js';

viewStoreSuite('SQLite', async () => openSqliteViews(':memory:'));

describe('views in a SQLite file', () => {
  let directory = '';
  let files = 0;
  const fresh = (): string => join(directory, `${(files += 1)}.db`);
  const lines = [{ op: 'put', table: 'journal', row: { stream: 's', revision: 0, type: 'T' } }] as const;

  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'liggare-views-'));
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  it('are there again when the file is opened again', async () => {
    const path = fresh();
    const first = openSqliteViews(path);
    await first.prepare([journal]);
    await first.commit([{ view: 'journal', changes: lines, after: undefined, checkpoint: '1' }]);
    await first.close();
    await first.close();
    const second = openSqliteViews(path);
    await second.prepare([journal]);
    expect(await second.checkpoint('journal')).toBe('1');
    expect(await second.rows('journal', ['s'])).toEqual([lines[0].row]);
    await second.close();
  });

  it('are read beside the writer, never written', async () => {
    const path = fresh();
    expect(() => openSqliteViewsReadOnly(path, [journal])).toThrow(ViewsUnusable);
    const writer = openSqliteViews(path);
    const reader = openSqliteViewsReadOnly(path, [journal, parcels]);
    await writer.prepare([journal]);
    expect(await reader.checkpoint('journal')).toBeUndefined();
    await writer.commit([{ view: 'journal', changes: lines, after: undefined, checkpoint: '1' }]);
    expect([await reader.checkpoint('journal'), await reader.rows('journal', [])]).toEqual(['1', [lines[0].row]]);
    expect(await reader.checkpoint('parcels')).toBeUndefined();
    const other = openSqliteViewsReadOnly(path, [{ ...journal, version: 2 }]);
    expect(await other.checkpoint('journal')).toBeUndefined();
    for (const store of [reader, other, writer]) await store.close();
  });

  it('take no commit of a second writer that stands elsewhere', async () => {
    const path = fresh();
    const [one, two] = [openSqliteViews(path), openSqliteViews(path)];
    await one.prepare([journal]);
    await two.prepare([journal]);
    await one.commit([{ view: 'journal', changes: [], after: undefined, checkpoint: '1' }]);
    await expect(two.commit([{ view: 'journal', changes: lines, after: undefined, checkpoint: '1' }])).rejects.toThrow(ViewFedElsewhere);
    expect(await two.rows('journal', [])).toEqual([]);
    await one.close();
    await two.close();
  });

  it('give a table that another view had to the view that has it now', async () => {
    const store = openSqliteViews(fresh());
    await store.prepare([journal]);
    await store.commit([{ view: 'journal', changes: lines, after: undefined, checkpoint: '1' }]);
    await store.prepare([{ ...journal, name: 'diary' }]);
    expect([await store.checkpoint('diary'), await store.rows('journal', [])]).toEqual([undefined, []]);
    expect(await store.checkpoint('journal')).toBeUndefined();
    await store.close();
  });

  it('are refused with a hint when the file is foreign, newer, damaged or no database', async () => {
    const foreign = fresh();
    const database = new DatabaseSync(foreign);
    database.exec('CREATE TABLE customers (id INTEGER)');
    database.close();
    const newer = fresh();
    await openSqliteViews(newer).close();
    const raised = new DatabaseSync(newer);
    raised.exec('PRAGMA user_version = 99');
    raised.close();
    const text = fresh();
    writeFileSync(text, 'Not a database at all, however long this sentence may be. '.repeat(50));
    for (const [path, hint] of [[foreign, /\(hint: point LIGGARE_VIEWS elsewhere\)$/], [newer, /\(hint: use that version, or point/], [text, /\(hint: point .*; if it was the views', delete it .* rebuilt/]] as const) {
      for (const open of [() => openSqliteViews(path), () => openSqliteViewsReadOnly(path, [journal])]) {
        expect(open).toThrow(ViewsUnusable);
        expect(open).toThrow(hint);
      }
    }
    expect(readFileSync(text, 'utf8')).toContain('Not a database');
  });

  it('are named as damaged when that shows only later', async () => {
    const path = fresh();
    const first = openSqliteViews(path);
    await first.prepare([journal]);
    const many = Array.from({ length: 2000 }, (_, revision) => ({ op: 'put', table: 'journal', row: { stream: 's', revision, type: 'T' } }) as const);
    await first.commit([{ view: 'journal', changes: many, after: undefined, checkpoint: '1' }]);
    await first.close();
    const bytes = readFileSync(path);
    bytes.fill(0xff, 3 * 4096);
    writeFileSync(path, bytes);
    const damaged = openSqliteViews(path);
    await damaged.prepare([journal]);
    await expect(damaged.rows('journal', ['s'])).rejects.toThrow(ViewsUnusable);
    await damaged.close();
  });
});

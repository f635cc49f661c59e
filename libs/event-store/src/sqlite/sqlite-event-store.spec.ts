import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { existsSync } from 'node:fs';
import { mkdtemp, open, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { all, event, events, failure, ids, newStream, revisions, Subscription } from '../conformance/check.js';
import { AppendRefused, StoreStopped, StoreUnusable, type EventStore } from '../event-store.js';
import { openSqliteEventStore, openSqliteEventStoreReadOnly } from './sqlite-event-store.js';

describe('the SQLite log', () => {
  let directory: string;
  let file: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'liggare-log-'));
    file = join(directory, 'log.db');
  });
  afterEach(async () => {
    for (const store of opened.splice(0)) await store.close();
    await rm(directory, { recursive: true });
  });

  const opened: EventStore[] = [];
  const openWriter = async (maxPages?: number) => kept(await openSqliteEventStore({ file, ...(maxPages !== undefined && { maxPages }) }));
  const openReader = async () => kept(await openSqliteEventStoreReadOnly({ file }));
  /** Closed after the test, however it ends. */
  function kept<T extends EventStore>(store: T): T {
    opened.push(store);
    return store;
  }

  /** Makes a log of so many events and closes it. */
  async function written(count: number): Promise<string> {
    const store = await openWriter();
    const stream = newStream();
    await store.append({ stream, expected: 'none', events: events(count) });
    await store.close();
    return stream;
  }

  async function unusable(opening: Promise<unknown>): Promise<string> {
    const error = await failure(opening);
    expect(error).toBeInstanceOf(StoreUnusable);
    return error instanceof Error ? error.message : '';
  }

  it('counts positions from 0 without gaps, also across conflicts and reopening', async () => {
    const stream = await written(2);
    const store = await openWriter();
    await failure(store.append({ stream, expected: 'none', events: [event()] }));
    await store.append({ stream, expected: 1, events: events(2) });
    expect((await all(store.readAll())).map(({ position }) => Number(position))).toEqual([0, 1, 2, 3]);
    await store.close();
  });

  it('leaves one file and an empty lock behind when it closes', async () => {
    await written(10);
    expect(existsSync(`${file}-wal`)).toBe(false);
    expect((await stat(`${file}.lock`)).size).toBe(0);
  });

  it('refuses a second writer while the first is open, and takes one afterwards', async () => {
    const first = await openWriter();
    expect(await unusable(openWriter())).toContain('already open for writing');
    expect((await first.append({ stream: newStream(), expected: 'none', events: [event()] })).revision).toBe(0);
    await first.close();
    await (await openWriter()).close();
  });

  it('refuses what is no database, what is damaged, another program’s and a newer one’s', async () => {
    await writeFile(file, 'a letter, and not a database at all; '.repeat(300));
    for (const opening of [openWriter(), openReader()]) {
      expect(await unusable(opening)).toContain('not a database');
    }
    await rm(file);

    await written(200);
    await damage(file, 4096);
    for (const opening of [openWriter(), openReader()]) {
      expect(await unusable(opening)).toContain('malformed');
    }
    await rm(file);

    const other = new DatabaseSync(file);
    other.exec('CREATE TABLE recipes (id)');
    other.close();
    expect(await unusable(openWriter())).toContain('another program');
    expect(await unusable(openReader())).toContain('another program');
    await rm(file);

    await written(1);
    const newer = new DatabaseSync(file);
    newer.exec('PRAGMA user_version = 2');
    newer.close();
    expect(await unusable(openWriter())).toContain('newer version');
    expect(await unusable(openSqliteEventStore({ file: join(directory, 'no', 'such', 'directory') }))).toContain('could not use the log');
  });

  it('says what is wrong when damage shows later, in reading', async () => {
    const stream = await written(2_000);
    const pages = (await stat(file)).size / 4096;
    const store = await openReader();
    await damage(file, 4096 * Math.floor(pages / 3), 4096 * Math.floor(pages / 2));
    expect(await failure(all(store.readAll()))).toBeInstanceOf(StoreUnusable);
    expect(stream).toBeDefined();
    await store.close();
  });

  it('stops when the disk is full: what was not acknowledged is not there, appends are refused, reads go on', async () => {
    const store = await openWriter(60);
    const stream = newStream();
    const fill = event(JSON.stringify('x'.repeat(4_000)));
    const reason = await failure(store.append({ stream, expected: 'none', events: Array.from({ length: 100 }, () => ({ ...fill, id: event().id })) }));
    expect(reason).toBeInstanceOf(StoreStopped);
    expect(String(reason)).toContain('full');
    expect(await failure(store.append({ stream, expected: 'none', events: [fill] }))).toBeInstanceOf(StoreStopped);
    expect([await all(store.readStream(stream)), await store.head()]).toEqual([[], undefined]);
    await store.close();

    const roomier = await openWriter();
    expect((await roomier.append({ stream, expected: 'none', events: [fill] })).positions).toEqual(['0000000000000000']);
    await roomier.close();
  });

  it('keeps what it acknowledged before the disk was full', async () => {
    const store = await openWriter(60);
    const stream = newStream();
    const acknowledged: string[] = [];
    for (;;) {
      const next = event(JSON.stringify('x'.repeat(4_000)));
      try {
        await store.append({ stream, expected: acknowledged.length === 0 ? 'none' : acknowledged.length - 1, events: [next] });
        acknowledged.push(next.id);
      } catch (error) {
        expect(error).toBeInstanceOf(StoreStopped);
        break;
      }
    }
    expect(acknowledged.length).toBeGreaterThan(10);
    expect(ids(await all(store.readStream(stream)))).toEqual(acknowledged);
    await store.close();
    const reopened = await openReader();
    expect(ids(await all(reopened.readStream(stream)))).toEqual(acknowledged);
    await reopened.close();
  });

  it('reads a thousand large events in batches that are bounded in size', async () => {
    const store = await openWriter();
    const stream = newStream();
    for (let i = 0; i < 12; i++) {
      await store.append({ stream, expected: i === 0 ? 'none' : i - 1, events: [event(JSON.stringify('x'.repeat(1_000_000)))] });
    }
    const sizes: number[] = [];
    for await (const batch of store.readAll()) sizes.push(batch.length);
    expect(Math.max(...sizes)).toBeLessThan(6);
    expect(revisions(await all(store.readStream(stream, { direction: 'backwards' })))).toEqual([11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0]);
    await store.close();
  });

  it('opens for reading beside its writer, follows it, and takes no appends', async () => {
    expect(await unusable(openReader())).toContain('there is no log');
    const store = await openWriter();
    const reader = await openReader();
    const stream = newStream();
    const subscription = new Subscription(reader, 10_000);
    await subscription.until(({ kind }) => kind === 'caughtUp');
    await store.append({ stream, expected: 'none', events: events(3) });
    expect(revisions(await subscription.untilEvents(3))).toEqual([0, 1, 2]);
    expect(revisions(await all(reader.readStream(stream)))).toEqual([0, 1, 2]);
    const refused = await failure(reader.append({ stream, expected: 2, events: [event()] }));
    expect(refused).toBeInstanceOf(AppendRefused);
    expect(String(refused)).toContain('for reading only');
    // With a reader beside it, SQLite's own closing leaves the WAL as it is: the writer has emptied it.
    await store.close();
    expect((await stat(`${file}-wal`)).size).toBe(0);
    expect(revisions(await all(reader.readStream(stream)))).toEqual([0, 1, 2]);
    await reader.close();
    await expect(all(reader.readAll())).rejects.toThrow(StoreStopped);
  });
});

/** Overwrites the file with nonsense, from a byte on, to another or to the end. */
async function damage(file: string, from: number, to?: number): Promise<void> {
  const handle = await open(file, 'r+');
  const end = to ?? (await handle.stat()).size;
  await handle.write(Buffer.alloc(end - from, 0x5a), 0, end - from, from);
  await handle.close();
}

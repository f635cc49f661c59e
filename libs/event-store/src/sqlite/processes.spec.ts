import { StoreUnusable } from '../event-store.js';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { all, events, newStream } from '../conformance/check.js';
import { openSqliteEventStore, openSqliteEventStoreReadOnly } from './sqlite-event-store.js';

const CHILD = fileURLToPath(new URL('./store.child.js', import.meta.url));

describe('the SQLite log and several processes', () => {
  let directory: string;
  let file: string;
  const children: ChildProcessByStdio<null, Readable, null>[] = [];
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'liggare-log-'));
    file = join(directory, 'log.db');
  });
  afterEach(async () => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
    await rm(directory, { recursive: true });
  });

  /** Starts a process; `lines` grows with what it says. */
  function start(...args: readonly string[]) {
    const child = spawn(process.execPath, [CHILD, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
    children.push(child);
    const lines: string[] = [];
    const reader = createInterface(child.stdout).on('line', (line) => lines.push(line));
    const ended = Promise.all([once(child, 'exit'), once(reader, 'close')]);
    const said = async (count: number) => {
      while (lines.length < count && child.exitCode === null) await Promise.race([once(reader, 'line'), ended]);
    };
    return { child, lines, ended, said };
  }

  it('loses nothing that was acknowledged to a writer that is killed, and keeps the rest in order', async () => {
    const acknowledged: string[] = [];
    for (const enough of [1, 200, 700]) {
      const { child, lines, ended, said } = start('write', file);
      await said(enough);
      child.kill('SIGKILL');
      await ended;
      expect(lines.length).toBeGreaterThanOrEqual(enough);
      acknowledged.push(...lines);

      const store = await openSqliteEventStore({ file });
      const found = await all(store.readAll());
      const there = new Set(found.map(({ stream, revision, id, position }) => `${stream} ${revision} ${id} ${position}`));
      expect(acknowledged.filter((line) => !there.has(line))).toEqual([]);
      expect(new Set(found.map(({ id }) => id)).size).toBe(found.length);
      expect(found.map(({ position }) => Number(position))).toEqual(found.map((_, i) => i));
      for (const stream of new Set(found.map((one) => one.stream))) {
        const revisions = found.filter((one) => one.stream === stream).map(({ revision }) => revision);
        expect(revisions).toEqual(revisions.map((_, i) => i));
      }
      await store.close();
    }
  });

  it('has one writer, whatever the process, and as many readers as come', async () => {
    const { child, ended, said } = start('write', file);
    await said(1);
    const second = openSqliteEventStore({ file });
    await second.then((store) => store.close(), () => undefined);
    await expect(second).rejects.toThrow(StoreUnusable);
    const reader = await openSqliteEventStoreReadOnly({ file });
    expect((await all(reader.readAll({ limit: 1 }))).length).toBe(1);
    await reader.close();
    child.kill('SIGKILL');
    await ended;
    await (await openSqliteEventStore({ file })).close();
  });

  it('is followed by two other processes while it is written', async () => {
    const store = await openSqliteEventStore({ file });
    const stream = newStream();
    await store.append({ stream, expected: 'none', events: events(1) });
    const readers = [start('read', file, stream, '2001'), start('read', file, stream, '2001')];
    await Promise.all(readers.map(({ said }) => said(1)));
    for (let i = 0; i < 200; i++) await store.append({ stream, expected: i * 10, events: events(10) });
    await Promise.all(readers.map(({ ended }) => ended));
    expect(readers.map(({ lines }) => lines)).toEqual([['ready', 'saw 2001'], ['ready', 'saw 2001']]);
    await store.close();
  });
});

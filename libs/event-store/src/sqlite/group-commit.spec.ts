import { describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { openLogFile } from './log-file.js';
import { GroupCommit } from './group-commit.js';
import { Heads } from './heads.js';
import { ANY, NONE, type AppendTask } from './protocol.js';

const append = (stream: string, expected: number, ...ids: readonly string[]): AppendTask => [
  'append',
  stream,
  expected,
  (ids.length === 0 ? [randomUUID()] : ids).flatMap((id) => [id, 'ConsentGiven', '{}']),
  undefined,
];

describe('a group of appends', () => {
  it('judges each by what those before it wrote; a conflict costs the others nothing', () => {
    const db = openLogFile(':memory:');
    const id = randomUUID();
    const answers = new GroupCommit(db, undefined).commit([
      append('a', NONE, id),
      append('a', NONE),
      append('a', 0, randomUUID(), randomUUID()),
      append('b', 4),
      append('a', NONE, id),
      append('b', ANY),
      append('a', 2),
    ]);
    expect(answers).toEqual([
      ['written', 0, 0],
      ['conflict', 0],
      ['written', 2, 1],
      ['conflict', NONE],
      ['repeated', 0, [0]],
      ['written', 0, 3],
      ['written', 3, 4],
    ]);
    db.close();
  });

  it('is one transaction: none of it is there when a part of it fails', () => {
    const db = openLogFile(':memory:');
    const groups = new GroupCommit(db, undefined);
    groups.commit([append('a', NONE)]);
    const unbindable: AppendTask = ['append', 'b', NONE, ['id without its type'], undefined];
    expect(() => groups.commit([append('c', NONE), unbindable])).toThrow('NOT NULL');
    expect(db.isTransaction).toBe(false);
    expect(count(db)).toBe(1);
    db.close();
  });

  it('is synced to the disk when it is committed', () => {
    const db = openLogFile(':memory:');
    // 2 is FULL: https://sqlite.org/pragma.html#pragma_synchronous
    expect(db.prepare('PRAGMA synchronous').get()).toMatchObject({ synchronous: 2 });
    db.close();
  });

  it('knows where streams are that it has forgotten', () => {
    const loaded: string[] = [];
    const heads = new Heads((stream) => (loaded.push(stream), { key: 1, revision: NONE }), 2);
    for (const stream of ['a', 'b', 'a', 'c', 'a', 'b']) heads.of(stream);
    expect(loaded).toEqual(['a', 'b', 'c', 'b']);
  });
});

function count(db: DatabaseSync): number {
  return Number(db.prepare('SELECT count(*) AS n FROM events').get()?.['n']);
}

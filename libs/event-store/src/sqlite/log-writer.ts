import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { Heads, type Head } from './heads.js';
import { ANY, NONE, type Answer, type AppendTask } from './protocol.js';

/** Fields of one event in a task's list. */
const FIELDS = 3;

/** Judges appends and inserts their rows. The caller opens and commits the transaction. */
export class LogWriter {
  readonly #heads: Heads;
  readonly #insertStream: StatementSync;
  readonly #insertEvent: StatementSync;
  readonly #idsFrom: StatementSync;
  readonly #lastOfId: StatementSync;
  #size: number;

  constructor(db: DatabaseSync) {
    this.#insertStream = db.prepare('INSERT INTO streams (name) VALUES (?)');
    this.#insertEvent = db.prepare('INSERT INTO events (position, stream, revision, id, type, data) VALUES (?, ?, ?, ?, ?, ?)');
    this.#idsFrom = db.prepare('SELECT id, position FROM events WHERE stream = ? AND revision >= ? ORDER BY revision LIMIT ?');
    this.#lastOfId = db.prepare('SELECT revision FROM events WHERE stream = ? AND id = ? ORDER BY revision DESC LIMIT 1');
    const headOf = db.prepare(
      'SELECT s.id AS key, (SELECT max(revision) FROM events WHERE stream = s.id) AS revision FROM streams AS s WHERE s.name = ?',
    );
    this.#heads = new Heads((stream) => {
      const row = headOf.get(stream);
      return row ? { key: Number(row['key']), revision: Number(row['revision'] ?? NONE) } : { key: 0, revision: NONE };
    });
    this.#size = Number(db.prepare('SELECT coalesce(max(position) + 1, 0) AS size FROM events').get()?.['size']);
  }

  /** Why the append is not to be written: it has been already, or the stream is elsewhere. Undefined: write it. Writes nothing. */
  objection([, stream, expected, events]: AppendTask): Answer | undefined {
    const head = this.#heads.of(stream);
    if (expected === head.revision) return undefined;
    if (expected > head.revision) return ['conflict', head.revision];
    const first = expected === ANY ? this.#lastRevisionOf(head, events[0] ?? '') : expected + 1;
    if (first === NONE) return undefined;

    const count = events.length / FIELDS;
    const rows = this.#idsFrom.all(head.key, first, count);
    if (rows.length < count || rows.some((row, i) => row['id'] !== events[i * FIELDS])) return ['conflict', head.revision];
    return ['repeated', first + count - 1, rows.map((row) => Number(row['position']))];
  }

  write([, stream, , events]: AppendTask): Answer {
    const head = this.#heads.of(stream);
    if (head.key === 0) head.key = Number(this.#insertStream.run(stream).lastInsertRowid);
    const position = this.#size;
    for (let i = 0; i < events.length; i += FIELDS) {
      this.#insertEvent.run(this.#size++, head.key, ++head.revision, events[i] ?? null, events[i + 1] ?? null, events[i + 2] ?? null);
    }
    return ['written', head.revision, position];
  }

  /** With `any`: where the stream has this id last (decision 0003). Looks through the whole stream. */
  #lastRevisionOf(head: Head, id: string): number {
    return Number(this.#lastOfId.get(head.key, id)?.['revision'] ?? NONE);
  }
}

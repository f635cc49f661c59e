import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { StoreStopped, type EventFilter, type StoredEvent } from '../event-store.js';
import { positionOf } from '../rank.js';
import type { Direction, Found, RankedLog } from '../ranked-log.js';
import { openLogFileReadOnly, unusable } from './log-file.js';

/** Characters of data after which a look ends, so that a thousand events of a megabyte are not held at once. */
const LOOK_UNITS = 4 * 1024 * 1024;

type Parameter = string | number;

/** The log as one connection sees it: all that is committed, without holding the writer back. Reads are synchronous and short. */
export class LogReader implements RankedLog {
  readonly #db: DatabaseSync;
  readonly #size: StatementSync;
  readonly #sizeOf: StatementSync;
  readonly #looks = new Map<string, StatementSync>();

  constructor(private readonly file: string) {
    this.#db = openLogFileReadOnly(file);
    this.#size = this.#db.prepare('SELECT coalesce(max(position) + 1, 0) AS size FROM events');
    this.#sizeOf = this.#db.prepare(
      'SELECT coalesce(max(revision) + 1, 0) AS size FROM events WHERE stream = (SELECT id FROM streams WHERE name = ?)',
    );
  }

  size(): number {
    return this.#read(() => Number(this.#size.get()?.['size']));
  }

  sizeOf(stream: string): number {
    return this.#read(() => Number(this.#sizeOf.get(stream)?.['size']));
  }

  scan(from: number, to: number, direction: Direction, limit: number, filter: EventFilter = {}): Found {
    const { types, streamPrefixes } = filter;
    const where = ['e.position >= ? AND e.position < ?'];
    if (types) where.push(`e.type IN (${types.map(() => '?').join(', ')})`);
    if (streamPrefixes) where.push(`(${streamPrefixes.map(() => 'substr(s.name, 1, length(?)) = ?').join(' OR ') || 'false'})`);
    const parameters = [from, to, ...(types ?? []), ...(streamPrefixes ?? []).flatMap((prefix) => [prefix, prefix])];
    return this.#look(`${where.join(' AND ')} ORDER BY e.position ${ORDER[direction]}`, parameters, limit);
  }

  scanStream(stream: string, from: number, to: number, direction: Direction, limit: number): Found {
    const where = 'e.stream = (SELECT id FROM streams WHERE name = ?) AND e.revision >= ? AND e.revision < ?';
    return this.#look(`${where} ORDER BY e.revision ${ORDER[direction]}`, [stream, from, to], limit);
  }

  close(): void {
    if (this.#db.isOpen) this.#db.close();
  }

  /** Asks for one event more than the limit, to know whether the window holds it. */
  #look(where: string, parameters: readonly Parameter[], limit: number): Found {
    return this.#read(() => {
      const events: StoredEvent[] = [];
      let units = 0;
      for (const row of this.#statement(where).iterate(...parameters, limit + 1)) {
        if (events.length === limit || units > LOOK_UNITS) return { events, cut: true };
        const event = eventOf(row);
        units += event.data.length;
        events.push(event);
      }
      return { events, cut: false };
    });
  }

  #statement(where: string): StatementSync {
    const known = this.#looks.get(where);
    if (known) return known;
    const statement = this.#db.prepare(
      `SELECT e.position, s.name, e.revision, e.id, e.type, e.data FROM events AS e JOIN streams AS s ON s.id = e.stream WHERE ${where} LIMIT ?`,
    );
    statement.setReturnArrays(true);
    this.#looks.set(where, statement);
    return statement;
  }

  #read<T>(read: () => T): T {
    if (!this.#db.isOpen) throw new StoreStopped(`the log "${this.file}" is closed`);
    try {
      return read();
    } catch (error) {
      throw unusable(this.file, error);
    }
  }
}

const ORDER: Readonly<Record<Direction, string>> = { forwards: 'ASC', backwards: 'DESC' };

/** Rows come as arrays, a third faster than objects: 1.5 µs against 1.9 to 2.4 for an event of 900 bytes. */
function eventOf(row: Readonly<Record<number, unknown>>): StoredEvent {
  return {
    position: positionOf(Number(row[0])),
    stream: String(row[1]),
    revision: Number(row[2]),
    id: String(row[3]),
    type: String(row[4]),
    data: String(row[5]),
  };
}

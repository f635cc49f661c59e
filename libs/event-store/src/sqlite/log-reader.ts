import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { StoreStopped, type EventFilter, type StoredEvent } from '../event-store.js';
import { positionOf } from '../rank.js';
import type { Direction, Found, RankedLog } from '../ranked-log.js';
import { openLogFileReadOnly, unusable } from './log-file.js';

/** Characters of data after which a look ends, so that a thousand events of a megabyte are not held at once. */
const LOOK_UNITS = 4 * 1024 * 1024;

/** Up to here a filter's streams are read by themselves: the policies of a log of millions are found in a millisecond. */
const FEW_STREAMS = 64;
const FEW_EVENTS = 1_000;
/** Beyond every name that begins with what stands before it. */
const LAST_CHARACTER = '\u{10FFFF}';

type Parameter = string | number;

/** The log as one connection sees it: all that is committed, without holding the writer back. Reads are synchronous and short. */
export class LogReader implements RankedLog {
  readonly #db: DatabaseSync;
  readonly #size: StatementSync;
  readonly #sizeOf: StatementSync;
  readonly #streamsOf: StatementSync;
  readonly #looks = new Map<string, StatementSync>();

  constructor(private readonly file: string) {
    this.#db = openLogFileReadOnly(file);
    this.#size = this.#db.prepare('SELECT coalesce(max(position) + 1, 0) AS size FROM events');
    this.#sizeOf = this.#db.prepare(
      'SELECT coalesce(max(revision) + 1, 0) AS size FROM events WHERE stream = (SELECT id FROM streams WHERE name = ?)',
    );
    this.#streamsOf = this.#db.prepare(
      `SELECT s.id, (SELECT max(revision) + 1 FROM events WHERE stream = s.id) AS size FROM streams AS s WHERE s.name >= ? AND s.name < ? LIMIT ${FEW_STREAMS + 1}`,
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
    const few = streamPrefixes && this.#fewEvents(streamPrefixes);
    if (few) return this.#scanStreams(few, from, to, direction, limit, types);
    const where = ['e.position >= ? AND e.position < ?'];
    if (types) where.push(`e.type IN (${types.map(() => '?').join(', ')})`);
    if (streamPrefixes) where.push(`(${streamPrefixes.map(() => 'substr(s.name, 1, length(?)) = ?').join(' OR ') || 'false'})`);
    const parameters = [from, to, ...(types ?? []), ...(streamPrefixes ?? []).flatMap((prefix) => [prefix, prefix])];
    return this.#look(`${where.join(' AND ')} ORDER BY e.position ${ORDER[direction]}`, parameters, limit);
  }

  /** The streams of these prefixes, if they hold few events together: then they are read by their own index, not the whole log. */
  #fewEvents(prefixes: readonly string[]): readonly number[] | undefined {
    return this.#read(() => {
      const streams = new Map<number, number>();
      for (const prefix of prefixes) for (const row of this.#streamsOf.all(prefix, prefix + LAST_CHARACTER)) streams.set(Number(row['id']), Number(row['size']));
      const events = [...streams.values()].reduce((sum, size) => sum + size, 0);
      return streams.size <= FEW_STREAMS && events <= FEW_EVENTS ? [...streams.keys()] : undefined;
    });
  }

  #scanStreams(streams: readonly number[], from: number, to: number, direction: Direction, limit: number, types: readonly string[] | undefined): Found {
    const where = [`e.stream IN (SELECT value FROM json_each(?)) AND e.position >= ? AND e.position < ?`];
    if (types) where.push(`e.type IN (${types.map(() => '?').join(', ')})`);
    return this.#look(`${where.join(' AND ')} ORDER BY e.position ${ORDER[direction]}`, [JSON.stringify(streams), from, to, ...(types ?? [])], limit, 'INDEXED BY events_by_stream');
  }

  scanStream(stream: string, from: number, to: number, direction: Direction, limit: number): Found {
    const where = 'e.stream = (SELECT id FROM streams WHERE name = ?) AND e.revision >= ? AND e.revision < ?';
    return this.#look(`${where} ORDER BY e.revision ${ORDER[direction]}`, [stream, from, to], limit);
  }

  close(): void {
    if (this.#db.isOpen) this.#db.close();
  }

  /** Asks for one event more than the limit, to know whether the window holds it. */
  #look(where: string, parameters: readonly Parameter[], limit: number, by = ''): Found {
    return this.#read(() => {
      const events: StoredEvent[] = [];
      let units = 0;
      for (const row of this.#statement(where, by).iterate(...parameters, limit + 1)) {
        if (events.length === limit || units > LOOK_UNITS) return { events, cut: true };
        const event = eventOf(row);
        units += event.data.length;
        events.push(event);
      }
      return { events, cut: false };
    });
  }

  #statement(where: string, by: string): StatementSync {
    const known = this.#looks.get(by + where);
    if (known) return known;
    const statement = this.#db.prepare(
      `SELECT e.position, s.name, e.revision, e.id, e.type, e.data FROM events AS e ${by} JOIN streams AS s ON s.id = e.stream WHERE ${where} LIMIT ?`,
    );
    statement.setReturnArrays(true);
    this.#looks.set(by + where, statement);
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

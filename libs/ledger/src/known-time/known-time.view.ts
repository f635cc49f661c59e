/**
 * What was known when: a time resolves to the last position whose running maximum of recordedAt is not after it (`architecture.md` §3).
 * One row a second of that maximum, so that a look-up reads one row and at most a second of the log.
 */
import type { EventStore, Position, StoredEvent } from '#event-store/event-store.js';
import type { Change, Row, RowRef, View, ViewReader } from '#projection/view.js';

const TABLE = 'known_time';
const CURRENT: RowRef = { table: TABLE, key: ['current'] };

export const knownTimeView: View = {
  name: 'known-time',
  version: 1,
  tables: [{ name: TABLE, columns: { second: 'text', position: 'text', latest: 'text' }, key: ['second'] }],
  streamPrefixes: [''],
  touches: () => [CURRENT],
  apply(event: StoredEvent, read: (ref: RowRef) => Row | undefined): readonly Change[] {
    const before = read(CURRENT)?.['latest'];
    const recordedAt = recordedAtOf(event);
    const latest = typeof before === 'string' && before > recordedAt ? before : recordedAt;
    return [
      { op: 'put', table: TABLE, row: { second: latest.slice(0, 19), position: event.position, latest } },
      { op: 'put', table: TABLE, row: { second: 'current', position: event.position, latest } },
    ];
  },
};

/** The last position known at an instant (UTC, milliseconds); undefined when nothing was. */
export async function positionKnownAt(views: ViewReader, log: EventStore, instant: string): Promise<Position | undefined> {
  // The last second wholly before the instant's own: from there the log itself is read.
  const [before] = await views.rows(TABLE, [], { after: [instant.slice(0, 19)], backwards: true, limit: 1 });
  let position = before === undefined ? undefined : String(before['position']);
  let latest = before === undefined ? '' : String(before['latest']);
  for await (const batch of log.readAll(position === undefined ? {} : { from: position }))
    for (const event of batch) {
      if (position !== undefined && event.position <= position) continue;
      const recordedAt = recordedAtOf(event);
      if (recordedAt > latest) latest = recordedAt;
      if (latest > instant) return position;
      position = event.position;
    }
  return position;
}

/** The member of the stored bytes, without reading the rest of them. */
function recordedAtOf(event: StoredEvent): string {
  const at = event.data.indexOf('"recordedAt":"');
  return event.data.slice(at + 14, at + 38);
}

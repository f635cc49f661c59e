import type { Value } from '#postgres/database.js';
import { preparedOf } from '../rider.js';
import type { Rider, RowWrite } from '../rows.js';

/** One write as `take` reads it: ids and texts in `a` to `e`, numbers in `n` and `m`, bytes in `x`. */
interface WriteRow {
  readonly op: RowWrite['op'];
  readonly a?: string;
  readonly b?: string;
  /** Whose it is, where it says so. */
  readonly c?: string;
  readonly d?: string | undefined;
  readonly e?: string | undefined;
  readonly n?: number;
  readonly m?: number | null;
  readonly x?: Uint8Array;
}

/** The arguments of `take`. */
export function argumentsOf({ at, writes }: Rider): readonly Value[] {
  const rows = writes.map(rowOf);
  const column = <T>(part: (row: WriteRow) => T | undefined): (T | null)[] => rows.map((row) => part(row) ?? null);
  const owners = new Set(rows.flatMap(({ op, c }) => (c === undefined || op === 'actor' ? [] : [c])));
  return [
    at,
    [...owners].sort(),
    writes.some(({ op }) => op === 'destroy'),
    rows.map(({ op }) => op),
    column(({ a }) => a),
    column(({ b }) => b),
    column(({ c }) => c),
    column(({ d }) => d),
    column(({ e }) => e),
    column(({ n }) => n),
    column(({ m }) => m),
    column(({ x }) => x),
  ];
}

function rowOf(write: RowWrite): WriteRow {
  const { op } = write;
  switch (op) {
    case 'inbox':
      return { op, a: write.key, b: write.fingerprint, c: write.owner, d: write.prepared, e: eventsOf(write.prepared), n: write.attempt };
    case 'key':
      return { op, a: write.holding, c: write.owner, n: write.epoch, x: write.wrapped };
    case 'value':
      return { op, a: write.holding, b: write.event, c: write.owner, d: write.slot, x: write.bytes };
    case 'link':
      return { op, a: write.identifier, b: write.index, c: write.owner, d: write.kind, ...(write.shared && { e: 'shared' }), n: write.from, m: write.to };
    case 'unlink':
      return { op, a: write.identifier, n: write.to };
    case 'claim':
      return { op, b: write.index, c: write.owner, d: write.kind };
    case 'settle':
    case 'void':
      return { op, a: write.key };
    case 'destroy': {
      const { intent, owner, recordedAt, holdings, made } = write.destruction;
      return { op, a: intent, b: recordedAt, c: owner, e: JSON.stringify({ holdings, made }) };
    }
    case 'collect':
      return { op, a: write.holding, b: write.event, d: write.slot, n: write.before };
    case 'text':
      return { op, a: write.sha256, x: Buffer.from(write.text, 'utf8') };
    case 'actor': {
      const { id, hash, name, role, system, expiresAt } = write.actor;
      return { op, a: id, b: Buffer.from(hash).toString('hex'), c: role, d: system, e: expiresAt, x: name };
    }
    case 'revoke':
      return { op, a: write.id, b: write.at };
    case 'epoch':
      return { op, n: write.epoch };
    case 'rewrap':
      return { op, a: write.holding, n: write.from, m: write.epoch, x: write.wrapped };
    default: {
      const never: never = write;
      return never;
    }
  }
}

/** The ids of the events that an attempt would write, a line each: what it sealed goes with them. */
export function eventsOf(prepared: string): string {
  return preparedOf(prepared).events.map(({ id }) => id).join('\n');
}

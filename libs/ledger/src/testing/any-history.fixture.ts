/**
 * Histories of events as their schemas allow them, of every type and on every kind of stream: what a view must take, whoever decided it.
 * Ids are few, so that events meet: a recall finds its disclosure, an end its beginning, and now and then neither is there.
 */
import fc from 'fast-check';
import type { StoredEvent } from '#event-store/event-store.js';
import { formatInstant, millisecondsOf } from '#law/instant.js';
import { MILLISECONDS_PER_DAY } from '#law/local-date.js';
import { encode } from '../encoding.js';
import type { Envelope } from '../envelope.js';
import { eventTypes } from '../event-types.js';
import { rules } from '../rules.js';
import type { Field, Members } from '../schema.js';
import { idOf } from './decider.fixture.js';

const BEGIN = millisecondsOf('2021-01-01T12:00:00.000Z');
const PEOPLE = ['any 0', 'any 1'].map(idOf);
const STREAMS: Readonly<Record<string, readonly string[]>> = {
  'subject-': PEOPLE,
  'organisation-': [idOf('any organisation')],
  'policy-': ['north'],
  'access-': [`2021-01-01-${idOf('any writer')}`],
};
/** Streams of registers and authorities. */
const NAMED = ['acme', 'globex'];

/** What is generated before its ids are counted. */
interface Drawn {
  readonly type: string;
  readonly streamPrefix: string;
  readonly version: number;
  readonly n: number;
  readonly data: Readonly<Record<string, unknown>>;
  readonly daysAgo: number;
  readonly isDate: boolean;
  readonly failed: readonly string[];
  readonly isJudged: boolean;
  readonly registers: readonly { readonly stream: string; readonly revision: number }[];
}

const types = [...eventTypes].map(([type, { streamPrefix, version, members }]) => ({ type, streamPrefix, version, members }));
const registers = fc.uniqueArray(fc.record({ stream: fc.constantFrom('policy-north', 'recipient-acme', 'recipient-globex', 'conference-acme'), revision: fc.nat({ max: 3 }) }), { maxLength: 3, selector: ({ stream }) => stream });

function drawn({ type, streamPrefix, version, members }: (typeof types)[number]): fc.Arbitrary<Drawn> {
  return fc.record({
    type: fc.constant(type),
    streamPrefix: fc.constant(streamPrefix),
    version: fc.constant(version),
    n: fc.nat({ max: 1 }),
    data: dataOf(members),
    daysAgo: fc.nat({ max: 40 }),
    isDate: fc.boolean(),
    failed: fc.subarray(Object.keys(rules).slice(0, 4)),
    isJudged: fc.boolean(),
    registers,
  });
}

/** Each type once or more, in any order. */
export const anyHistories: fc.Arbitrary<readonly StoredEvent[]> = fc
  .tuple(fc.tuple(...types.map(drawn)), fc.array(fc.oneof(...types.map(drawn)), { maxLength: 120 }))
  .chain(([once, more]) => fc.shuffledSubarray([...once, ...more], { minLength: once.length + more.length }))
  .map(storedAs);

/** Events of one type after another as a log would hold them. */
export function storedAs(all: readonly Drawn[]): readonly StoredEvent[] {
  const revisions = new Map<string, number>();
  const ids: string[] = [];
  return all.map((one, i) => {
    const names = STREAMS[one.streamPrefix] ?? NAMED;
    const stream = `${one.streamPrefix}${names[one.n % names.length]}`;
    const revision = revisions.get(stream) ?? 0;
    revisions.set(stream, revision + 1);
    const id = idOf(`any event ${i}`);
    // Ids of events that went before, in the place of some: what they say is about something.
    const data = pointed(one.data, ids, i);
    ids.push(id);
    return { ...encode(envelope(one, { id, stream, revision, data, at: BEGIN + i * 60_000 })), stream, revision, position: String(i).padStart(12, '0') };
  });
}

function envelope(one: Drawn, { id, stream, revision, data, at }: { readonly id: string; readonly stream: string; readonly revision: number; readonly data: Drawn['data']; readonly at: number }): Envelope {
  const happened = formatInstant(at - one.daysAgo * MILLISECONDS_PER_DAY);
  return {
    id,
    type: one.type,
    version: one.version,
    stream,
    revision,
    controller: 'north',
    service: 'letters',
    occurredAt: one.isDate ? `${happened.slice(0, 10)}[Europe/Stockholm]` : happened,
    recordedAt: formatInstant(at),
    actor: idOf('any actor'),
    system: 'crm',
    correlationId: id,
    rules: 'spec',
    ...(one.isJudged && { verdict: one.failed.length === 0 ? 'justified' : 'unjustified', ...(one.failed.length > 0 && { failed: one.failed }) }),
    ...(one.registers.length > 0 && { registers: one.registers }),
    data,
  };
}

/** Members that name an event, and sourcings, point to earlier ones. */
function pointed(data: Readonly<Record<string, unknown>>, ids: readonly string[], i: number): Readonly<Record<string, unknown>> {
  const earlier = ids[(i * 7) % Math.max(ids.length, 1)];
  const to = (name: string): object => (earlier !== undefined && typeof data[name] === 'string' ? { [name]: earlier } : {});
  return { ...data, ...to('event'), ...to('sourcing') };
}

function dataOf(members: Members): fc.Arbitrary<Readonly<Record<string, unknown>>> {
  const names = Object.keys(members);
  const required = names.filter((name) => members[name]?.kind !== 'optional');
  return fc.record(Object.fromEntries(names.map((name) => [name, valueOf(members[name] as Field)])), { requiredKeys: required });
}

function valueOf(field: Field): fc.Arbitrary<unknown> {
  switch (field.kind) {
    case 'id':
      return fc.constantFrom('acme', 'globex', 'letter');
    case 'uuid':
      return fc.constantFrom(...['any 0', 'any 1', 'any 2'].map(idOf));
    case 'integer':
      return fc.nat({ max: 3 });
    case 'flag':
      return fc.boolean();
    case 'instant':
    case 'when':
      return fc.nat({ max: 40 }).map((days) => formatInstant(BEGIN - days * MILLISECONDS_PER_DAY));
    case 'date':
      return fc.nat({ max: 40 }).map((days) => formatInstant(BEGIN - days * MILLISECONDS_PER_DAY).slice(0, 10));
    case 'sha256':
      return fc.constant('ab'.repeat(32));
    case 'country':
      return fc.constantFrom('SE', 'US', 'JP');
    case 'slot':
      return fc.constantFrom('value', 'value/0');
    case 'oneOf':
      return fc.constantFrom(...field.values);
    case 'list':
      return fc.array(valueOf(field.of), { maxLength: 2 });
    case 'object':
      return dataOf(field.members);
    case 'optional':
      return valueOf(field.of);
    default: {
      const never: never = field;
      return never;
    }
  }
}

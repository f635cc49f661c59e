import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { canonical } from '#audit/canonical.js';
import type { StoredEvent } from '#event-store/event-store.js';
import { decode, encode, UnreadableEvent } from './encoding.js';
import type { Envelope } from './envelope.js';
import { eventTypes } from './event-types.js';
import { misfit, type Field } from './schema.js';
import { evolveSubject, initialSubject } from './subject/subject.js';
import { event, idOf, type Happened } from './testing/decider.fixture.js';
import { consented, EMAIL, held, linked, registered, related } from './testing/subject.fixture.js';

const envelope = event(linked('email', EMAIL), 3);

function stored(from: Envelope, changes: Partial<StoredEvent> = {}): StoredEvent {
  return { id: from.id, type: from.type, stream: from.stream, revision: from.revision, position: '0', data: canonical(from), ...changes };
}

function misfitting(happened: Happened): Envelope {
  return event(happened, 3);
}

describe('an event', () => {
  it('is read back as it was written, from canonical bytes', () => {
    const { data } = encode(envelope);
    expect(data).toBe(canonical(JSON.parse(data)));
    expect(decode(stored(envelope))).toEqual(envelope);
  });

  it.each([
    ['a member too many', { ...envelope, data: { ...envelope.data, name: 'Anna' } }, '/name'],
    ['a member too few', { ...envelope, data: { kind: 'email' } }, '/identifier'],
    ['a kind that is none', { ...envelope, data: { ...envelope.data, kind: 'shoe' } }, '/kind'],
    ['an item that does not fit', misfitting(held({ category: 'Anna Exempel' })), '/items/0/category'],
    ['free text for an id', misfitting(consented('2021-01-01T00:00:00.000Z', { purposes: ['Letters, please'] })), '/purposes/0'],
    ['a date that is none', misfitting({ type: 'DeathRecorded', data: { diedOn: 'yesterday' } }), '/diedOn'],
  ])('is not written with %s, and the fault names the place, not the value', (_what, wrong, place) => {
    const fault = faultOf(() => encode(wrong));
    expect(fault.message).toContain(`${place} does not fit`);
    expect(fault.message).not.toMatch(/Anna|please|yesterday|shoe/);
    expect(faultOf(() => decode(stored(wrong))).message).toContain(place);
  });

  it('of an unknown type is neither written nor read', () => {
    const unknown = { ...envelope, type: 'SubjectPainted' };
    expect(() => encode(unknown)).toThrow(UnreadableEvent);
    expect(() => decode(stored(unknown))).toThrow('no event type of this name');
  });

  it.each([
    ['newer than this ledger', stored({ ...envelope, version: 3 }), 'is newer than this ledger'],
    ['of a version that never was', stored({ ...envelope, version: 0 }), 'is newer than this ledger'],
    ['of a kind that belongs in other streams', stored({ ...envelope, type: 'OrganisationRenamed', data: {} }), 'no event type of this name is known here'],
    ['that speaks of another stream', stored(envelope, { stream: `subject-${idOf('other')}` }), 'speaks of another event'],
    ['that speaks of another revision', stored(envelope, { revision: 4 }), 'speaks of another event'],
    ['that speaks of another id', stored(envelope, { id: idOf('other') }), 'speaks of another event'],
    ['that speaks of another type', stored(envelope, { type: 'SubjectRegistered' }), 'speaks of another event'],
    ['that is no JSON', stored(envelope, { data: '{' }), 'not JSON'],
    ['that is null', stored(envelope, { data: 'null' }), 'not an envelope'],
    ['that is a text', stored(envelope, { data: '"ConsentGiven"' }), 'not an envelope'],
    ['without an instant of recording', stored({ ...envelope, recordedAt: 'now' }), '/recordedAt'],
  ])('%s is not read', (_what, wrong, sentence) => {
    expect(faultOf(() => decode(wrong)).message).toContain(sentence);
  });

  it('of version 1, from before the use of an identifier was told, is read as a private one', () => {
    const data = readFileSync(new URL('../../../../libs/ledger/golden/subject-identifier-linked.v1.json', import.meta.url), 'utf8').trim();
    const old = JSON.parse(data) as Envelope;
    expect(canonical(old)).toBe(data);
    const read = decode(stored(old, { data }));
    expect(read).toEqual({ ...old, version: 2, data: { ...old.data, use: 'private' } });
    expect([...evolveSubject(initialSubject, read).identity.identifiers.values()]).toMatchObject([{ kind: 'email', use: 'private' }]);
  });
});

describe('what events may hold', () => {
  const ALLOWED = new Set<Field['kind']>(['id', 'uuid', 'integer', 'flag', 'instant', 'date', 'when', 'sha256', 'country', 'slot', 'oneOf', 'list', 'object', 'optional']);
  const CODE = /^[a-z][A-Za-z0-9-]{0,62}$/;
  const TEXT = ['Anna Exempel', EMAIL, '070-174 06 05', 'Exempelgatan 1', '191212121212', ''];

  /** Each field with the place where it stands. */
  function* fieldsOf(field: Field, at: string): Generator<readonly [place: string, field: Field]> {
    yield [at, field];
    if (field.kind === 'list' || field.kind === 'optional') yield* fieldsOf(field.of, at);
    if (field.kind === 'object') for (const [name, member] of Object.entries(field.members)) yield* fieldsOf(member, `${at}/${name}`);
  }

  const all = [...eventTypes].flatMap(([type, { members }]) => [...fieldsOf({ kind: 'object', members }, type)]);

  it('is of the kinds that are no free text, in every schema', () => {
    expect(all.length).toBeGreaterThan(150);
    expect(all.filter(([, { kind }]) => !ALLOWED.has(kind)).map(([place]) => place)).toEqual([]);
  });

  it('is of codes where one of several is named', () => {
    expect(all.flatMap(([place, field]) => (field.kind === 'oneOf' ? field.values.filter((value) => !CODE.test(value)).map((value) => `${place}: ${value}`) : []))).toEqual([]);
  });

  it('is never a name, an address or a number of somebody, wherever a string may stand', () => {
    const taking = all.filter(([, { kind }]) => kind !== 'object' && kind !== 'list').flatMap(([place, field]) => TEXT.filter((text) => misfit({ it: field }, { it: text }) === undefined).map((text) => `${place}: ${text}`));
    expect(taking).toEqual([]);
  });

  it('is folded, every type of a person', () => {
    const history = [registered, linked('email', EMAIL), related(), consented('2021-01-01T00:00:00.000Z'), held()];
    expect(() => history.map((happened, i) => event(happened, i)).reduce(evolveSubject, initialSubject)).not.toThrow();
    expect(() => evolveSubject(initialSubject, event({ type: 'OrganisationRenamed' }, 0))).toThrow(TypeError);
  });
});

function faultOf(work: () => unknown): UnreadableEvent {
  try {
    work();
  } catch (fault) {
    if (fault instanceof UnreadableEvent) return fault;
    throw fault;
  }
  throw new Error('it was taken');
}

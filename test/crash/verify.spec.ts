import { describe, expect, it } from '@jest/globals';
import type { StoredEvent } from '#event-store/event-store.js';
import { Journal } from './journal.js';
import { acknowledged, inOrder, onePerAddress } from './verify.js';

const event = (id: string, stream: string, revision: number, position: string): StoredEvent => ({ id, type: 'ConsentGiven', data: '{}', stream, revision, position });
const log = [event('a', 'subject-1', 0, '01'), event('b', 'subject-2', 0, '02'), event('c', 'subject-1', 1, '03')];

describe('the order of the log', () => {
  it('is right as it stands', () => {
    expect(inOrder(log)).toEqual([]);
  });

  it.each([
    ['a revision that was left out', log.slice(1)],
    ['an event that is there twice', [...log, event('a', 'subject-3', 0, '04')]],
    ['a position that does not grow', [...log, event('d', 'subject-3', 0, '03')]],
  ])('tells of %s', (_what, events) => {
    expect(inOrder(events)).toHaveLength(1);
  });
});

describe('what was acknowledged', () => {
  const journalOf = (...events: { id: string; stream: string; revision: number; position: string }[]): Journal => {
    const journal = new Journal();
    journal.send({ id: 'k', name: 'GiveConsent', system: 'crm', body: {} });
    journal.answer('k', { status: 'recorded', about: ['1'], events: events.map((each) => ({ type: 'ConsentGiven', ...each })) });
    return journal;
  };
  const a = { id: 'a', stream: 'subject-1', revision: 0, position: '01' };
  const c = { id: 'c', stream: 'subject-1', revision: 1, position: '03' };

  it('is found', () => {
    expect(acknowledged(log, journalOf(a, c))).toEqual([]);
  });

  it.each([
    ['is lost', [{ ...a, id: 'z' }]],
    ['stands elsewhere', [{ ...a, revision: 5 }]],
    ['has another position', [{ ...a, position: '02' }]],
    ['is on another person', [{ ...a, stream: 'subject-2' }]],
    ['has no events', []],
    ['came in another order', [c, a]],
  ])('and %s is told', (_what, events) => {
    expect(acknowledged(log, journalOf(...events)).length).toBeGreaterThan(0);
  });
});

describe('one new address', () => {
  const registered = (...people: readonly string[]): Journal => {
    const journal = new Journal();
    for (const [i, person] of people.entries()) {
      journal.send({ id: `k${i}`, name: 'RegisterSubject', system: 'crm', body: { identifiers: [{ kind: 'email', value: 'a@example.org' }] } });
      journal.answer(`k${i}`, { status: i === 0 ? 'recorded' : 'unchanged', about: [person], events: [] });
    }
    return journal;
  };

  it('is one person, however many registered it', () => {
    expect(onePerAddress(registered('1', '1', '1'))).toEqual([]);
    expect(onePerAddress(registered('1', '2', '1'))).toEqual(['one new address made 2 people']);
  });
});

import { describe, expect, it } from '@jest/globals';
import { idOf, PERSON, type Happened } from '../testing/decider.fixture.js';
import { eventId, storedEvents } from '../testing/stored.fixture.js';
import { held, HOLDING, RELATIONSHIP } from '../testing/subject.fixture.js';
import { lineageOf, lineagePage, type Lineage, type LineageAsked } from './lineage.js';
import { blocked, confirmed, DISCLOSURE, disclosed, recalled, transferred } from './registers.examples.js';

const collected = held({}, {}, { occurredAt: '2021-01-01T10:00:00.000Z' });
const rectified: Happened = { type: 'PersonalDataRectified', occurredAt: '2021-02-01T10:00:00.000Z', data: { holding: HOLDING, category: 'name', supersedes: [{ event: eventId(0), slot: 'value/0' }] } };

function edges(asked: LineageAsked, ...told: readonly Happened[]): readonly string[] {
  return edgesIn(lineageOf(storedEvents(...told), asked));
}

/** Each edge as `from kind to`, with numbers for events. */
function edgesIn({ edges: all }: Pick<Lineage, 'edges'>): readonly string[] {
  const name = (id: string): string => ([...Array(20).keys()].find((n) => eventId(n) === id) ?? id).toString();
  return all.map(({ from, to, kind }) => `${name(from)} ${kind} ${name(to)}`);
}

describe('the lineage of a value', () => {
  it('goes from its origin over its correction to whoever got it, and to what they were asked and said', () => {
    const disclosure = disclosed('printer', { occurredAt: '2021-03-01T10:00:00.000Z' });
    expect(edges({ holdings: new Set([HOLDING]) }, collected, rectified, disclosure, recalled(), confirmed())).toEqual([
      'context:form gave 0',
      '0 superseded 1',
      '1 carried 2',
      '2 reached recipient:printer',
      '2 recalled 3',
      '2 confirmed 4',
    ]);
  });

  it('carries into an act that was told late the value of its day', () => {
    const before = disclosed('printer', { occurredAt: '2021-01-15T10:00:00.000Z' });
    expect(edges({}, collected, rectified, before)).toContain('0 carried 2');
    expect(edges({}, collected, rectified, { ...before, occurredAt: '2021-02-15T10:00:00.000Z' })).toContain('1 carried 2');
  });

  it('joins what was told again, and shows where each came from', () => {
    const sourced: Happened = { type: 'PersonalDataSourced', occurredAt: '2021-01-02T10:00:00.000Z', data: { source: 'register', sourceKind: 'public-register', publiclyAccessible: true, relationship: RELATIONSHIP, items: [{ holding: HOLDING, category: 'name', purposes: [] }] } };
    expect(edges({}, collected, sourced)).toEqual(['context:form gave 0', 'source:register gave 1', '0 joined 1']);
  });

  it('says nothing of what was only asked, of other holdings, or of what came to nobody', () => {
    const other = held({ holding: idOf('other holding') });
    const lineage = lineageOf(storedEvents(other, blocked('printer')), { holdings: new Set([HOLDING]) });
    expect(lineage).toEqual({ nodes: [], edges: [] });
  });

  it('shows what was recorded in error as such, and carries it nowhere', () => {
    const wrong: Happened = { type: 'RecordedInError', data: { event: eventId(1), on: PERSON, revision: 1, code: 'wrong-content' } };
    const lineage = lineageOf(storedEvents(collected, rectified, disclosed('printer', { occurredAt: '2021-03-01T10:00:00.000Z' }), wrong), {});
    expect(edgesIn(lineage)).toContain('0 carried 2');
    expect(lineage.nodes.filter(({ annulled }) => annulled).map(({ id }) => id)).toEqual([eventId(1)]);
  });

  it('names an act on what is not held, without an edge into it', () => {
    const lineage = lineageOf(storedEvents(disclosed('printer', { more: { items: [{ category: 'email' }] } })), {});
    expect(edgesIn(lineage)).toEqual(['0 reached recipient:printer']);
    expect(lineage.nodes).toMatchObject([{ kind: 'disclosure', categories: ['email'], holdings: [], disclosure: DISCLOSURE }, { kind: 'recipient' }]);
  });
});

describe('lineage backwards from a recipient', () => {
  const after = { occurredAt: '2021-03-01T10:00:00.000Z' };

  it('has what they got with all that it came from, and nothing that others got', () => {
    const found = lineageOf(storedEvents(collected, rectified, disclosed('printer', after), transferred('mailer', 'adequacy', after), recalled()), { recipient: 'printer' });
    expect(edgesIn(found)).toEqual(['context:form gave 0', '0 superseded 1', '1 carried 2', '2 reached recipient:printer', '2 recalled 4']);
    expect(found.nodes.map(({ id }) => id)).not.toContain('recipient:mailer');
  });

  it('has nothing of values that they never got', () => {
    const other = held({ holding: idOf('other holding') });
    const found = lineageOf(storedEvents(collected, other, disclosed('printer', after)), { recipient: 'printer' });
    expect(found.nodes.map(({ id }) => id)).not.toContain(eventId(1));
  });

  it('has the acts that were asked for and no others', () => {
    const told = storedEvents(collected, disclosed('printer', after), transferred('printer', 'adequacy', after));
    expect(edgesIn(lineageOf(told, { recipient: 'printer', acts: new Set([eventId(2)]) }))).toEqual(['context:form gave 0', '0 carried 2', '2 reached recipient:printer']);
  });
});

describe('a graph by pages', () => {
  const whole = lineageOf(storedEvents(collected, rectified, disclosed('printer', { occurredAt: '2021-03-01T10:00:00.000Z' }), recalled(), confirmed()), {});

  it.each([1, 2, 3, 100])('of %i events has each event and each edge once', (limit) => {
    const found: string[] = [];
    const events: string[] = [];
    let pages = 0;
    for (let after: string | undefined; ; pages += 1) {
      const page = lineagePage(whole, limit, after);
      found.push(...edgesIn(page));
      events.push(...page.nodes.flatMap(({ event }) => event ?? []));
      const ids = new Set([...page.nodes.map(({ id }) => id)]);
      // What is no event comes with the edge that names it.
      for (const { from, to } of page.edges) for (const end of [from, to]) if (end.includes(':')) expect(ids).toContain(end);
      after = page.next;
      if (after === undefined) break;
    }
    expect(found.sort()).toEqual([...edgesIn(whole)].sort());
    expect(events).toEqual([0, 1, 2, 3, 4].map(eventId));
    expect(pages).toBe(Math.ceil(5 / limit) - 1);
  });
});

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { StoredEvent } from '#event-store/event-store.js';
import { formatInstant, millisecondsOf } from '#law/instant.js';
import { parseWhen } from '#law/when.js';
import { modelOf } from '#policy/without-row.fixture.js';
import { Feed } from '#projection/feed.js';
import { MemoryViewStore } from '#projection/memory-view-store.js';
import { AccessLog } from '../access/access-log.js';
import { decode } from '../encoding.js';
import { readRecord, readTrail, type Asker, type QueryParts } from '../queries.js';
import { asurgentYaml } from '../testing/asurgent.fixture.js';
import { idOf } from '../testing/decider.fixture.js';
import type { Told } from '../testing/gate-oracle.fixture.js';
import { liveGate, type GateLife } from '../testing/gate-life.fixture.js';
import { PEOPLE, turns } from '../testing/gate-turns.fixture.js';
import { views } from '../views.js';
import type { RecordAnswer } from './record.answer.js';

const models = [modelOf(asurgentYaml)];
const asker: Asker = { actor: idOf('officer'), system: 'console', purpose: 'rights-request', now: '2031-01-01T00:00:00.000Z' };
const ACTS = [
  'DisclosureAuthorised', 'DisclosureBlocked', 'PersonalDataDisclosed', 'DisclosureRecalled', 'DisclosureRecallConfirmed', 'MatterReferredToPolice', 'TransferAuthorised', 'TransferBlocked', 'TransferPerformed', 'UseAuthorised', 'UseBlocked', 'PersonalDataUsed',
  'NoticeServed', 'DataSubjectObjected', 'DeviationDealtWith',
];

/** What of a person was known at a time, by reading every event again: theirs, and those of whoever is part of them. */
class Reader {
  readonly #known: readonly Told[];

  constructor(all: readonly Told[], known: string | undefined) {
    const first = known === undefined ? -1 : all.findIndex(({ recordedAt }) => recordedAt > known);
    this.#known = all.slice(0, first === -1 ? all.length : first);
  }

  isClosed(subject: string): boolean {
    return this.#last(subject, 'SubjectMergedInto', 'SubjectMergeReversed') === 'SubjectMergedInto';
  }

  /** In log order, those that do not count among them. */
  streamOf(subject: string): readonly Told[] {
    const parts = PEOPLE.filter((other) => other === subject || this.#last(subject, 'SubjectAbsorbed', 'SubjectReleased') === 'SubjectAbsorbed').map((id) => `subject-${id}`);
    return this.#known.filter(({ stream }) => parts.includes(stream));
  }

  eventsOf(subject: string): readonly Told[] {
    const all = this.streamOf(subject);
    const wrong = new Set(all.filter(({ type }) => type === 'RecordedInError').map(({ data }) => data['event']));
    return all.filter(({ id }) => !wrong.has(id));
  }

  #last(subject: string, ...types: readonly string[]): string | undefined {
    return this.#known.findLast(({ stream, type }) => stream === `subject-${subject}` && types.includes(type))?.type;
  }
}

const hadBegun = (valid: string) => ({ occurredAt }: Told): boolean => (parseWhen(occurredAt)?.earliest ?? occurredAt) <= valid;

async function partsOf({ engines, nodes }: GateLife): Promise<QueryParts> {
  const store = new MemoryViewStore();
  await store.prepare(views);
  const feed = await Feed.open(views, store, (fault) => {
    throw new Error(`a view stopped: ${fault.reason}`);
  });
  await feed.take(await nodes[0].teller.stored());
  await nodes[0].teller.registers.refresh();
  return { ...engines, views: store, registers: nodes[0].teller.registers, access: new AccessLog({ ...engines, writer: idOf('writer') }) };
}

/** Holds at six pairs of a time known and a time valid of each of some random lives. */
async function always(holds: (parts: QueryParts, reader: Reader, known: string | undefined, valid: string) => Promise<void>): Promise<void> {
  await fc.assert(
    fc.asyncProperty(turns, fc.array(fc.tuple(fc.nat(), fc.nat({ max: 250 * 24 })), { minLength: 6, maxLength: 6 }), async (script, times) => {
      const life = await liveGate(script, models);
      const parts = await partsOf(life);
      const all = (await life.nodes[0].teller.stored()).map((stored: StoredEvent): Told => ({ ...decode(stored), position: stored.position }));
      for (const [i, [place, hours]] of times.entries()) {
        const known = i === 0 ? undefined : all[place % all.length]?.recordedAt;
        await holds(parts, new Reader(all, known), known, i === 0 ? asker.now : formatInstant(millisecondsOf('2021-02-01T00:00:00.000Z') + hours * 3_600_000));
      }
      await life.engines.close();
    }),
    { numRuns: 25, seed: 20261122, endOnFailure: true },
  );
}

describe('as of every time that was known and every time that was so', () => {
  it('the record has the acts that a reader of all events would tell', async () => {
    const seen = new Set<string>();
    await always(async (parts, reader, known, valid) => {
      for (const subject of PEOPLE) {
        const reply = await readRecord(parts, subject, { ...(known !== undefined && { known }), valid }, asker);
        const events = reader.isClosed(subject) ? [] : reader.eventsOf(subject);
        const isRegistered = reader.streamOf(subject).some((event) => event.type === 'SubjectRegistered' && hadBegun(valid)(event));
        expect(reply !== undefined).toBe(isRegistered);
        const { acts, noticeObligations } = (reply === undefined ? { acts: [], noticeObligations: [] } : JSON.parse(JSON.stringify(reply.record))) as Pick<RecordAnswer, 'acts' | 'noticeObligations'>;
        const told = isRegistered ? events.filter((event) => ACTS.includes(event.type) && hadBegun(valid)(event)) : [];
        const outline = ({ id, type, occurredAt, recordedAt, verdict, failed, data }: Told): unknown => ({ event: id, type, occurredAt, recordedAt, verdict, failed, data });
        expect(acts.map(({ event, type, occurredAt, recordedAt, verdict, failed, data }) => ({ event, type, occurredAt, recordedAt, verdict, failed, data })).sort(byEvent)).toEqual(told.map(outline).sort(byEvent));
        expect(noticeObligations.map(({ obligation, status }) => `${obligation} ${status}`).sort()).toEqual(isRegistered ? dutiesIn(events, valid) : []);
        told.forEach(({ type }) => seen.add(type));
      }
    });
    // Every kind of act was among them.
    expect([...seen].sort()).toEqual([...ACTS].sort());
  }, 300_000);

  it('the trail has each event once, in the order of the log, with its verdict as it was recorded', async () => {
    await always(async (parts, reader, known, valid) => {
      for (const subject of PEOPLE) {
        const trail = await readTrail(parts, subject, { language: 'en', limit: 1_000, ...(known !== undefined && { known }), valid }, asker);
        const lines = trail?.lines.filter(({ stream }) => !stream.startsWith('access-')) ?? [];
        const told = reader.streamOf(subject).filter(hadBegun(valid));
        expect(lines.map(({ id, type, verdict, failed }) => ({ id, type, verdict, failed }))).toEqual(told.map(({ id, type, verdict, failed }) => ({ id, type, verdict, failed })));
        expect(lines.filter(({ sentence }) => sentence.trim() === '')).toEqual([]);
      }
    });
  }, 300_000);
});

const byEvent = (one: unknown, other: unknown): number => ((one as { event: string }).event < (other as { event: string }).event ? -1 : 1);

/** What Art. 14(3) asked by then, and whether it had been done. */
function dutiesIn(events: readonly Told[], valid: string): readonly string[] {
  return events
    .filter(({ type, data }) => type === 'IndirectNoticeObligationOpened' && String(data['obtainedAt']) <= valid)
    .map(({ data: { obligation, dueAt } }) => {
      const served = events
        .filter(({ type, data }) => (type === 'IndirectNoticeServed' && data['obligation'] === obligation) || (type === 'NoticeServed' && (data['obligations'] as readonly unknown[]).includes(obligation)))
        .map(({ data }) => String(data['servedAt']))
        .sort()[0];
      const isServed = served !== undefined && served <= valid;
      return `${String(obligation)} ${isServed ? (served > String(dueAt) ? 'served-late' : 'served') : String(dueAt) < valid ? 'overdue' : 'open'}`;
    })
    .sort();
}

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { StoredEvent } from '#event-store/event-store.js';
import { parseWhen } from '#law/when.js';
import { Feed } from '#projection/feed.js';
import { MemoryViewStore } from '#projection/memory-view-store.js';
import { AccessLog } from '../access/access-log.js';
import { subjects } from '../catalogue-entry.js';
import { decode } from '../encoding.js';
import type { Envelope } from '../envelope.js';
import { readRecord, readTrail, type Asker, type QueryParts } from '../queries.js';
import type { RecordAnswer } from '../record/record.answer.js';
import { StreamCache } from '../stream-cache.js';
import { consentFor } from '../subject/consent/consent.state.js';
import type { HeldItem } from '../subject/holding/holding.events.js';
import type { SubjectState } from '../subject/subject.js';
import { idOf } from '../testing/decider.fixture.js';
import { PEOPLE, type Lived } from '../testing/history.fixture.js';
import { liveTurning, turningSteps, type Turning } from '../testing/merging.fixture.js';
import { twoVersions } from '../testing/registers.fixture.js';
import { views } from '../views.js';

const END = '2031-01-01T00:00:00.000Z';
const asker: Asker = { actor: idOf('officer'), system: 'console', purpose: 'rights-request', now: END };

/** An event with where it stands in the log; what the oracle reads. */
type Told = Envelope & { readonly position: string };

async function toldIn({ teller }: Lived): Promise<readonly Told[]> {
  return (await teller.stored()).map((stored: StoredEvent) => ({ ...decode(stored), position: stored.position }));
}

/** Who a person is, told by somebody who reads the whole log up to a place in it. */
class Oracle {
  constructor(readonly known: readonly Told[]) {}

  /** The last step that a person's stream tells of being closed: while it is closed, the survivor. */
  survivorOf(subject: string): string | undefined {
    const last = this.on(subject).findLast(({ type }) => type === 'SubjectMergedInto' || type === 'SubjectMergeReversed');
    return last?.type === 'SubjectMergedInto' ? String(last.data['into']) : undefined;
  }

  on(subject: string): readonly Told[] {
    return this.known.filter(({ stream }) => stream === `subject-${subject}`);
  }

  /** Whoever is closed into the person, once that one has taken them in and not said since that they let go. */
  parts(subject: string): readonly string[] {
    return PEOPLE.filter((other) => {
      const last = this.on(subject).findLast(({ type, data }) => (type === 'SubjectAbsorbed' || type === 'SubjectReleased') && data['from'] === other);
      return last?.type === 'SubjectAbsorbed';
    });
  }

  /** Where two became one: nothing of the other is told after it. */
  joinedAt(subject: string): string {
    return this.on(subject).findLast(({ type }) => type === 'SubjectAbsorbed')?.position ?? '';
  }

  /** What counts of a person, in log order. */
  eventsOf(subject: string): readonly Told[] {
    const streams = [subject, ...this.parts(subject)].map((id) => `subject-${id}`);
    const all = this.known.filter(({ stream }) => streams.includes(stream));
    const wrong = new Set(all.filter(({ type }) => type === 'RecordedInError').map(({ data }) => data['event']));
    return all.filter(({ id }) => !wrong.has(id));
  }
}

function begins(occurredAt: string): string {
  return parseWhen(occurredAt)?.earliest ?? occurredAt;
}

function of(events: readonly Told[], ...types: readonly string[]): readonly Told[] {
  return events.filter(({ type }) => types.includes(type));
}

/** A no that is one for a yes: of the same purpose, and not surely before it, or told of the other of two before they became one. */
function isAgainst(no: Told, yes: Told, joinedAt: string): boolean {
  if (no.controller !== undefined && no.controller !== yes.controller) return false;
  if (no.data['consent'] !== undefined && no.data['consent'] !== yes.data['consent']) return false;
  const purposes = no.data['purposes'] as readonly string[] | undefined;
  if (purposes !== undefined && !purposes.includes('letter')) return false;
  const isOther = no.stream !== yes.stream && no.position < joinedAt && yes.position < joinedAt;
  const told = parseWhen(no.occurredAt)?.latest ?? '';
  const latest = [String(no.data['at']), told < no.recordedAt ? told : no.recordedAt].sort().at(-1) ?? '';
  return isOther || latest >= begins(yes.occurredAt);
}

function valuesIn(event: Told): readonly { readonly holding: string; readonly ref: string | undefined }[] {
  const isSealed = event.sealed?.some(({ slot }) => slot === 'value') ?? false;
  if (event.type === 'PersonalDataRectified' || event.type === 'PersonalDataCompleted') return [{ holding: String(event.data['holding']), ref: isSealed ? `${event.id} value` : undefined }];
  return ((event.data['items'] ?? []) as readonly HeldItem[]).map(({ holding, slot, identifier }) => ({ holding, ref: identifier !== undefined ? `${identifier.event} value` : slot === undefined ? undefined : `${event.id} ${slot}` }));
}

/** A holding is there when something was collected under it; a correction makes none. */
function holdingsIn(events: readonly Told[]): ReadonlySet<string> {
  return new Set(of(events, 'PersonalDataCollected', 'PersonalDataObserved', 'PersonalDataSourced').flatMap((event) => valuesIn(event).map(({ holding }) => holding)));
}

function isSuperseded(ref: string | undefined, events: readonly Told[]): boolean {
  return of(events, 'PersonalDataRectified').some(({ data }) => (data['supersedes'] as readonly { event: string; slot: string }[]).some(({ event, slot }) => `${event} ${slot}` === ref));
}

/** The last told of one, unless a lift told after they were one lifts it. */
function protectionIn(oracle: Oracle, subject: string, valid: string): string | undefined {
  const events = oracle.eventsOf(subject).filter(({ occurredAt }) => begins(occurredAt) <= valid);
  const told = of(events, 'ProtectedIdentityFlagged', 'ProtectedIdentityLifted');
  const lastOf = (id: string): Told | undefined =>
    told.filter(({ stream }) => stream === `subject-${id}`).reduce<Told | undefined>((last, event) => (last === undefined || begins(event.occurredAt) >= begins(last.occurredAt) ? event : last), undefined);
  const isLifted = told.some(({ type, stream, position }) => type === 'ProtectedIdentityLifted' && stream === `subject-${subject}` && position > oracle.joinedAt(subject));
  const flags = [lastOf(subject), ...(isLifted ? [] : oracle.parts(subject).map(lastOf))];
  return flags.find((flag) => flag?.type === 'ProtectedIdentityFlagged')?.data['protection'] as string | undefined;
}

async function partsOf(lived: Lived): Promise<QueryParts> {
  const store = new MemoryViewStore();
  await store.prepare(views);
  const feed = await Feed.open(views, store, (fault) => {
    throw new Error(`a view stopped: ${fault.reason}`);
  });
  await feed.take(await lived.teller.stored());
  return { log: lived.engines.log, vault: lived.engines.vault, views: store, registers: twoVersions, access: new AccessLog({ ...lived.engines, writer: idOf('writer') }) };
}

/** Holds in `runs` random histories. */
async function always(holds: (lived: Lived, times: readonly number[]) => Promise<void>, numRuns: number, isFaulty = false): Promise<void> {
  await fc.assert(
    fc.asyncProperty(turningSteps, fc.array(fc.nat(), { minLength: 6, maxLength: 6 }), async (script, times) => {
      const lived = await liveTurning(script, isFaulty);
      await holds(lived, times);
      await lived.engines.close();
    }),
    { numRuns, seed: 20261122, endOnFailure: true },
  );
}

const open = (oracle: Oracle): readonly string[] => PEOPLE.filter((subject) => oracle.survivorOf(subject) === undefined);

describe('a person, however often merged, parted and mistaken', () => {
  it('has the state that a reader of the whole log would tell', async () => {
    await always(async (lived) => {
      const oracle = new Oracle(await toldIn(lived));
      const cache = new StreamCache(lived.engines.log);
      for (const subject of open(oracle)) {
        const { state } = (await cache.load(`subject-${subject}`, subjects)) as { state: SubjectState };
        const events = oracle.eventsOf(subject);
        const ids = (...types: readonly string[]): readonly string[] => of(events, ...types).map(({ id }) => id).sort();
        expect([...state.identity.identifiers.values()].map(({ event }) => event).sort()).toEqual(ids('SubjectIdentifierLinked'));
        expect([...state.identity.relationships.keys()].sort()).toEqual([...new Set(of(events, 'RelationshipStarted').map(({ data }) => String(data['relationship'])))].sort());
        expect(state.consent.given.map(({ event }) => event).sort()).toEqual(ids('ConsentGiven', 'RenewedConsentGiven'));
        expect(state.consent.endings.map(({ event }) => event).sort()).toEqual(ids('ConsentWithdrawn', 'ConsentRefused', 'ConsentExpired'));
        expect([state.identity.died, state.identity.registered]).toEqual([of(events, 'DeathRecorded').length > 0, true]);
        expect([...state.holding.holdings.keys()].sort()).toEqual([...holdingsIn(events)].sort());
        const current = [...state.holding.holdings.values()].flatMap((holding) => holding.current.map(({ event, slot }) => `${holding.holding} ${event} ${slot}`)).sort();
        const told = events.flatMap(valuesIn).filter(({ holding, ref }) => ref !== undefined && holdingsIn(events).has(holding) && !isSuperseded(ref, events));
        expect(current).toEqual([...new Set(told.map(({ holding, ref }) => `${holding} ${String(ref)}`))].sort());
      }
    }, 40);
  });

  it('is not carried by a consent that either of them has ended', async () => {
    let ended = 0;
    await always(async (lived) => {
      const oracle = new Oracle(await toldIn(lived));
      const cache = new StreamCache(lived.engines.log);
      for (const subject of open(oracle)) {
        const { consent } = ((await cache.load(`subject-${subject}`, subjects)) as { state: SubjectState }).state;
        const events = oracle.eventsOf(subject);
        for (const yes of of(events, 'ConsentGiven', 'RenewedConsentGiven').filter(({ data }) => (data['purposes'] as readonly string[]).includes('letter'))) {
          const isEnded = of(events, 'ConsentWithdrawn', 'ConsentRefused').some((no) => isAgainst(no, yes, oracle.joinedAt(subject)));
          const given = consent.given.filter(({ event }) => event === yes.id);
          const { relationship, conference } = given[0] ?? {};
          const answer = consentFor({ given, endings: consent.endings }, { controller: 'north', purpose: 'letter', category: 'email', explicit: false, ...(relationship && { relationship }), ...(conference && { conference }), at: END, terms: undefined });
          const failed = 'failed' in answer ? answer.failed : [];
          expect(failed.some((code) => code === 'consent-withdrawn' || code === 'consent-refused') || failed.includes('consent-expired')).toBe(isEnded || failed.includes('consent-expired'));
          if (isEnded) ended += 1;
        }
      }
    }, 25);
    expect(ended).toBeGreaterThan(50);
  });

  it('has the record that such a reader would tell, as of every time that was known and every time that was so', async () => {
    await always(async (lived, times) => {
      const parts = await partsOf(lived);
      const all = await toldIn(lived);
      for (const [i, time] of times.entries()) {
        const known = i === 0 ? undefined : all[time % all.length]?.recordedAt;
        const first = known === undefined ? -1 : all.findIndex(({ recordedAt }) => recordedAt > known);
        const oracle = new Oracle(all.slice(0, first === -1 ? all.length : first));
        const valid = new Date(Date.UTC(2019, 6, 1) + (time % (1800 * 24)) * 3_600_000).toISOString();
        for (const subject of PEOPLE) await sameRecord(parts, oracle, subject, known, i === 0 ? END : valid);
      }
    }, 15);
  });

  it('has the trail of all who they are, each event once, and what does not count is marked', async () => {
    await always(async (lived, [nth = 0]) => {
      const parts = await partsOf(lived);
      const all = await toldIn(lived);
      for (const known of [undefined, all[nth % all.length]?.recordedAt]) {
        const first = known === undefined ? -1 : all.findIndex(({ recordedAt }) => recordedAt > known);
        const oracle = new Oracle(all.slice(0, first === -1 ? all.length : first));
        for (const subject of PEOPLE) {
          const trail = await readTrail(parts, subject, { language: 'sv', limit: 1000, ...(known !== undefined && { known }) }, asker);
          const streams = [subject, ...oracle.parts(subject)].map((id) => `subject-${id}`);
          const events = oracle.known.filter(({ stream }) => streams.includes(stream));
          expect(trail?.lines.filter(({ stream }) => !stream.startsWith('access-')).map(({ id }) => id)).toEqual(events.map(({ id }) => id));
          expect(trail?.mergedInto).toBe(oracle.survivorOf(subject));
          const wrong = new Set(oracle.known.filter(({ type }) => type === 'RecordedInError').map(({ data }) => data['event']));
          expect(trail?.lines.filter(({ annulled }) => annulled !== undefined).map(({ id }) => id)).toEqual(events.filter(({ id }) => wrong.has(id)).map(({ id }) => id));
        }
      }
    }, 12);
  });

  it('ends as it would have without a crash, whenever the connection is lost', async () => {
    const outline = async (script: Turning, isFaulty: boolean): Promise<unknown> => {
      const lived = await liveTurning(script, isFaulty);
      const types = await Promise.all(PEOPLE.map(async (subject) => (await lived.teller.events(subject)).map(({ type, occurredAt }) => [type, occurredAt])));
      const opened = await Promise.all(PEOPLE.map((subject) => lived.teller.values(subject)));
      await lived.engines.close();
      return { types, opened };
    };
    await fc.assert(
      fc.asyncProperty(turningSteps, async (script) => expect(await outline(script, true)).toEqual(await outline(script, false))),
      { numRuns: 20, seed: 20261122, endOnFailure: true },
    );
  });

  it('keeps no value that was recorded in error, and every other', async () => {
    let erased = 0;
    await always(async (lived) => {
      const all = await toldIn(lived);
      const wrong = new Set(all.filter(({ type }) => type === 'RecordedInError').map(({ data }) => data['event']));
      for (const { id, sealed = [] } of all) {
        const opened = await lived.engines.vault.open(sealed.map(({ slot, holding }) => ({ event: id, slot, holding })));
        expect(opened.map(({ kind }) => kind)).toEqual(sealed.map(() => (wrong.has(id) ? 'erased' : 'opened')));
        if (wrong.has(id)) erased += sealed.length;
      }
    }, 12);
    expect(erased).toBeGreaterThan(20);
  });
});

async function sameRecord(parts: QueryParts, oracle: Oracle, subject: string, known: string | undefined, valid: string): Promise<void> {
  const reply = await readRecord(parts, subject, { ...(known !== undefined && { known }), valid }, asker);
  if (reply === undefined) return expect(oracle.eventsOf(subject).some(({ type, occurredAt }) => type === 'SubjectRegistered' && begins(occurredAt) <= valid)).toBe(false);
  const record = JSON.parse(JSON.stringify(reply.record)) as RecordAnswer;
  expect(reply.mergedInto).toBe(oracle.survivorOf(subject));
  if (reply.mergedInto !== undefined) return expect([record.identifiers, record.holdings, record.consents, record.relationships]).toEqual([[], [], [], []]);
  const events = oracle.eventsOf(subject);
  const begun = events.filter(({ occurredAt }) => begins(occurredAt) <= valid);
  expect(record.identifiers.map(({ identifier }) => identifier).sort()).toEqual(
    of(events, 'SubjectIdentifierLinked')
      .filter(({ data }) => String(data['from']) <= valid && !of(events, 'SubjectIdentifierUnlinked').some((end) => end.data['identifier'] === data['identifier'] && String(end.data['to']) <= valid))
      .map(({ data }) => String(data['identifier']))
      .sort(),
  );
  expect([...record.consents, ...record.withdrawals].map(({ event }) => event).sort()).toEqual(of(begun, 'ConsentRequested', 'ConsentGiven', 'RenewedConsentGiven', 'ConsentRefused', 'ConsentWithdrawn').map(({ id }) => id).sort());
  expect(record.death !== undefined).toBe(of(begun, 'DeathRecorded').length > 0);
  expect(record.protection).toBe(protectionIn(oracle, subject, valid));
  const held = holdingsIn(events);
  const values = begun.flatMap((event) => valuesIn(event).filter(({ holding }) => held.has(holding)).map((value) => `${value.holding} ${event.id} ${value.ref === undefined ? 'without-value' : isSuperseded(value.ref, begun) ? 'superseded' : 'current'}`));
  expect(record.holdings.flatMap(({ holding, values: shown }) => shown.map(({ event, status }) => `${holding} ${event} ${status}`)).sort()).toEqual(values.sort());
  for (const { event, endings } of record.consents) {
    const yes = events.find(({ id }) => id === event);
    if (yes === undefined || !['ConsentGiven', 'RenewedConsentGiven'].includes(yes.type) || !(yes.data['purposes'] as readonly string[]).includes('letter')) continue;
    const isEnded = of(begun, 'ConsentWithdrawn', 'ConsentRefused').some((no) => String(no.data['at']) <= valid && isAgainst(no, yes, oracle.joinedAt(subject)));
    expect(endings.some(({ status }) => status === 'withdrawn' || status === 'refused') || endings.some(({ status }) => status === 'expired')).toBe(isEnded || endings.some(({ status }) => status === 'expired'));
  }
}

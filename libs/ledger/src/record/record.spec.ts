import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseWhen } from '#law/when.js';
import { Feed } from '#projection/feed.js';
import { MemoryViewStore } from '#projection/memory-view-store.js';
import { AccessLog } from '../access/access-log.js';
import { decode } from '../encoding.js';
import type { Envelope } from '../envelope.js';
import { readRecord, readTrail, searchSubjects, type Asker, type QueryParts } from '../queries.js';
import { GiveConsent } from '../subject/consent/give-consent.command.js';
import { WithdrawConsent } from '../subject/consent/withdraw-consent.command.js';
import { CollectPersonalData } from '../subject/holding/collect-personal-data.command.js';
import type { HeldItem } from '../subject/holding/holding.events.js';
import { StartRelationship } from '../subject/identity/relationship.commands.js';
import { idOf } from '../testing/decider.fixture.js';
import { FaultyLog } from '../testing/ledger.fixture.js';
import { live, PEOPLE, steps, type Lived } from '../testing/history.fixture.js';
import { twoVersions } from '../testing/registers.fixture.js';
import { evidence } from '../testing/subject.fixture.js';
import { views } from '../views.js';
import type { RecordAnswer } from './record.answer.js';

const END = '2031-01-01T00:00:00.000Z';
const asker: Asker = { actor: idOf('officer'), system: 'console', purpose: 'rights-request', now: END };

async function partsOf({ engines, teller }: Lived): Promise<QueryParts> {
  const store = new MemoryViewStore();
  await store.prepare(views);
  const feed = await Feed.open(views, store, (fault) => {
    throw new Error(`a view stopped: ${fault.reason}`);
  });
  await feed.take(await teller.stored());
  return { log: engines.log, vault: engines.vault, views: store, registers: twoVersions, access: new AccessLog({ ...engines, writer: idOf('writer') }) };
}

/** What of a record the oracle tells too. */
interface Told {
  readonly identifiers: readonly string[];
  readonly relationships: readonly string[];
  readonly represents: readonly string[];
  readonly protection: string | undefined;
  readonly died: boolean;
  readonly consents: number;
  readonly values: readonly string[];
  readonly disputed: readonly string[];
  readonly obligations: readonly string[];
}

/** The record at `valid`, told by somebody who reads the events that were known one by one. */
function oracle(known: readonly Envelope[], valid: string): Told {
  const happened = known.filter(({ occurredAt }) => begins(occurredAt) <= valid);
  const of = (type: string, among: readonly Envelope[] = happened): readonly Envelope[] => among.filter((event) => event.type === type);
  const holds = (type: string, member: string, id: unknown): boolean => of(type).some(({ data }) => data[member] === id);
  const [protection] = [...of('ProtectedIdentityFlagged'), ...of('ProtectedIdentityLifted')].sort((a, b) => order(begins(b.occurredAt), begins(a.occurredAt)) || b.revision - a.revision);
  const values = happened.flatMap((event) => valuesIn(event).map((value) => ({ ...value, event: event.id })));
  const superseded = (value: { readonly ref: string | undefined }): boolean =>
    of('PersonalDataRectified').some(({ data }) => (data['supersedes'] as readonly { event: string; slot: string }[]).some(({ event, slot }) => `${event} ${slot}` === value.ref));
  const disputes = of('PersonalDataDisputed').filter(({ data }) => !holds('DisputeResolved', 'dispute', data['dispute']));
  return {
    identifiers: of('SubjectIdentifierLinked', known)
      .filter(({ data }) => String(data['from']) <= valid && !of('SubjectIdentifierUnlinked', known).some((end) => end.data['identifier'] === data['identifier'] && String(end.data['to']) <= valid))
      .map(({ data }) => String(data['identifier']))
      .sort(),
    relationships: of('RelationshipStarted').map(({ data }) => `${String(data['relationship'])} ${holds('RelationshipEnded', 'relationship', data['relationship']) ? 'ended' : 'open'}`).sort(),
    represents: spans(known, valid),
    protection: protection?.type === 'ProtectedIdentityFlagged' ? String(protection.data['protection']) : undefined,
    died: of('DeathRecorded').length > 0,
    consents: ['ConsentRequested', 'ConsentGiven', 'RenewedConsentGiven', 'ConsentRefused'].reduce((sum, type) => sum + of(type).length, 0),
    values: values.map((value) => `${value.holding} ${value.event} ${value.ref === undefined ? 'without-value' : superseded(value) ? 'superseded' : 'current'}`).sort(),
    disputed: [...new Set(disputes.map(({ data }) => String(data['holding'])))].filter((holding) => values.some((value) => value.holding === holding)).sort(),
    obligations: of('IndirectNoticeObligationOpened')
      .map(({ data }) => {
        const served = of('IndirectNoticeServed', known).find((one) => one.data['obligation'] === data['obligation'] && String(one.data['servedAt']) <= valid);
        return `${String(data['obligation'])} ${served !== undefined ? (String(served.data['servedAt']) > String(data['dueAt']) ? 'served-late' : 'served') : String(data['dueAt']) < valid ? 'overdue' : 'open'}`;
      })
      .sort(),
  };
}

/** Each time of representing the company: when it began, and whether it had ended. */
function spans(known: readonly Envelope[], valid: string): readonly string[] {
  const starts = known.filter(({ type }) => type === 'OrganisationRepresentationStarted');
  return starts
    .filter(({ occurredAt }) => begins(occurredAt) <= valid)
    .map((start) => {
      const end = known.find(({ type, revision }) => type === 'OrganisationRepresentationEnded' && revision > start.revision);
      return `${start.occurredAt} ${end !== undefined && begins(end.occurredAt) <= valid ? 'ended' : 'open'}`;
    })
    .sort();
}

function valuesIn(event: Envelope): readonly { readonly holding: string; readonly ref: string | undefined }[] {
  const items = (event.data['items'] ?? []) as readonly HeldItem[];
  const corrected = event.type === 'PersonalDataRectified' || event.type === 'PersonalDataCompleted';
  const isSealed = event.sealed?.some(({ slot }) => slot === 'value') ?? false;
  if (corrected) return [{ holding: String(event.data['holding']), ref: isSealed ? `${event.id} value` : undefined }];
  return items.map(({ holding, slot, identifier }) => ({ holding, ref: identifier !== undefined ? `${identifier.event} value` : slot === undefined ? undefined : `${event.id} ${slot}` }));
}

function toldIn(record: object | undefined): Told {
  const answer = record as RecordAnswer;
  return {
    identifiers: answer.identifiers.map(({ identifier }) => identifier).sort(),
    relationships: answer.relationships.map(({ relationship, ended }) => `${relationship} ${ended ? 'ended' : 'open'}`).sort(),
    represents: answer.representations.map(({ startedAt, endedAt }) => `${startedAt} ${endedAt === undefined ? 'open' : 'ended'}`).sort(),
    protection: answer.protection,
    died: answer.death !== undefined,
    consents: answer.consents.length,
    values: answer.holdings.flatMap(({ holding, values }) => values.map(({ event, status }) => `${holding} ${event} ${status}`)).sort(),
    disputed: answer.holdings.filter(({ disputed }) => disputed).map(({ holding }) => holding).sort(),
    obligations: answer.noticeObligations.map(({ obligation, status }) => `${obligation} ${status}`).sort(),
  };
}

/** Since when an event tells something of the person; one that ends or changes what another told begins nothing. */
function startOf({ type, occurredAt, data }: Envelope): string {
  if (['SubjectIdentifierUnlinked', 'RelationshipEnded', 'OrganisationRepresentationEnded', 'PersonalDataDisputed', 'DisputeResolved', 'IndirectNoticeServed'].includes(type)) return '9999';
  const told = type === 'SubjectIdentifierLinked' ? data['from'] : data['obtainedAt'];
  return typeof told === 'string' ? told : begins(occurredAt);
}

function begins(occurredAt: string): string {
  return parseWhen(occurredAt)?.earliest ?? occurredAt;
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

describe('the record', () => {
  // From before they were registered: what is told late may be older than that.
  const instants = fc.integer({ min: 0, max: 1900 * 24 }).map((hours) => new Date(Date.UTC(2019, 3, 1) + hours * 3_600_000).toISOString());

  it('is what a reader of the events would tell, as of every time that was known and every time that was so', async () => {
    await fc.assert(
      fc.asyncProperty(steps, fc.array(fc.record({ nth: fc.option(fc.nat(), { nil: undefined }), valid: instants }), { minLength: 8, maxLength: 8 }), async (script, times) => {
        const lived = await live(script);
        const parts = await partsOf(lived);
        const all = (await lived.teller.stored()).map(decode);
        for (const { nth, valid } of times) {
          // A time at which something was recorded: clocks run backwards there now and then.
          const known = nth === undefined ? undefined : all[nth % all.length]?.recordedAt;
          // Known at a time is all up to the last event before which nothing had been recorded later than that (architecture §3).
          const first = known === undefined ? -1 : all.findIndex(({ recordedAt }) => recordedAt > known);
          const then = all.slice(0, first === -1 ? all.length : first);
          for (const subject of PEOPLE) {
            const events = then.filter(({ stream }) => stream === `subject-${subject}`);
            const reply = await readRecord(parts, subject, { ...(known !== undefined && { known }), valid }, asker);
            if (!events.some(({ type }) => type === 'SubjectRegistered') || !events.some((event) => startOf(event) <= valid)) expect(reply).toBeUndefined();
            else expect(toldIn(reply?.record)).toEqual(oracle(events, valid));
          }
        }
        await lived.engines.close();
      }),
      { numRuns: 20, seed: 20261122 },
    );
  });
});

describe('a fact told late, of a time before the person was registered', () => {
  it('is in the record as it was then, and there is none before it', async () => {
    const { engines, teller } = await live([]);
    await teller.tell(StartRelationship, { subject: PEOPLE[0], kind: 'guest', service: 'letters', occurredAt: '2019-05-01' }, { now: '2020-07-01T12:00:00.000Z' });
    const parts = await partsOf({ engines, teller, now: END });
    const reply = await readRecord(parts, PEOPLE[0], { valid: '2019-06-01T00:00:00.000Z' }, asker);
    expect(reply?.record['relationships']).toEqual([expect.objectContaining({ kind: 'guest', ended: false })]);
    expect(await readRecord(parts, PEOPLE[0], { valid: '2019-04-01T00:00:00.000Z' }, asker)).toBeUndefined();
    await engines.close();
  });
});

describe('consents in the record', () => {
  const letters = { subject: PEOPLE[0], service: 'letters' } as const;
  const yes = { ...letters, purposes: ['letter'], type: 'expressed', ...evidence } as const;
  let own: Lived;
  let record: RecordAnswer;

  beforeAll(async () => {
    own = await live([]);
    const tell = own.teller.tell.bind(own.teller);
    const first = { consent: idOf('first'), occurredAt: '2020-06-01T10:00:00Z' };
    await tell(GiveConsent, { ...yes, ...first }, { now: '2020-06-01T12:00:00.000Z' });
    await tell(CollectPersonalData, { ...letters, context: 'form', relationshipKind: 'guest', purposes: ['letter'], notice: evidence.notice, values: [{ category: 'name', value: 'Anna Exempel' }], occurredAt: '2020-06-02T10:00:00Z' }, { now: '2020-06-02T12:00:00.000Z' });
    await tell(WithdrawConsent, { ...letters, purposes: ['letter', 'allt annat'], occurredAt: '2020-06-10T10:00:00Z' }, { now: '2020-06-10T12:00:00.000Z' });
    await tell(GiveConsent, { ...yes, consent: idOf('second'), occurredAt: '2020-06-20T10:00:00Z', validUntil: '2021-06-20' }, { now: '2020-06-20T12:00:00.000Z' });
    record = await recordAt('2020-07-01T00:00:00.000Z');
  });
  afterAll(() => own.engines.close());

  const recordAt = async (valid: string): Promise<RecordAnswer> =>
    JSON.parse(JSON.stringify((await readRecord(await partsOf(own), PEOPLE[0], { valid }, asker))?.record)) as RecordAnswer;

  it('say when they ended, by what, and for which purposes', async () => {
    const [withdrawal] = record.withdrawals;
    expect(record.consents.map(({ status, endings }) => ({ status, endings }))).toEqual([
      { status: 'withdrawn', endings: [{ status: 'withdrawn', at: '2020-06-10T10:00:00.000Z', event: withdrawal?.event, purposes: ['letter'] }] },
      { status: 'given', endings: [] },
    ]);
    expect((await recordAt('2021-07-01T00:00:00.000Z')).consents[1]?.endings).toEqual([{ status: 'expired', at: '2021-06-19T22:00:00.000Z', purposes: ['letter'] }]);
  });

  it('show what could not be read of a withdrawal: an officer is to look at it', () => {
    expect(record.withdrawals).toEqual([expect.objectContaining({ purposes: ['letter'], unusable: true, references: [expect.objectContaining({ slot: 'purposes', value: ['letter', 'allt annat'] })] })]);
  });

  it('name the one that carries a purpose now, beside the one that it was judged by', () => {
    expect(record.holdings[0]?.values[0]?.purposes).toEqual([expect.objectContaining({ stands: true, consent: idOf('first'), carriedBy: idOf('second') })]);
  });
});

describe('what is asked of a ledger', () => {
  let lived: Lived;
  let parts: QueryParts;
  beforeAll(async () => {
    const [script] = fc.sample(steps, { numRuns: 1, seed: 7 });
    lived = await live(script ?? []);
    parts = await partsOf(lived);
  });

  it('is answered only after a line of access was written', async () => {
    const before = (await lived.teller.stored()).length;
    await readRecord(parts, PEOPLE[0], {}, { ...asker, case: 'ärende 4711' });
    await readTrail(parts, PEOPLE[0], { language: 'sv', limit: 10 }, asker);
    await searchSubjects(parts, { kind: 'customer-number', value: 'K-0-0000' }, asker);
    await searchSubjects(parts, { kind: 'email', value: 'nobody@example.com' }, asker);
    const lines = (await lived.teller.stored()).slice(before).map(decode);
    expect(lines.map(({ type, data }) => [type, data['query'] ?? data['kind']])).toEqual([
      ['PersonalDataAccessed', 'record'],
      ['PersonalDataAccessed', 'audit-trail'],
      ['PersonalDataAccessed', 'search'],
      ['SearchFoundNobody', 'email'],
    ]);
    expect(JSON.stringify(lines)).not.toMatch(/4711|nobody@|K-0/);
  });

  it('shows in the trail who opened it, for what and in which case', async () => {
    const own = await live([]);
    const its = await partsOf(own);
    await readRecord(its, PEOPLE[0], {}, { ...asker, case: 'ärende 4711' });
    const { views: rows } = await partsOf(own);
    const line = (await readTrail({ ...its, views: rows }, PEOPLE[0], { language: 'en', limit: 100 }, asker))?.lines.at(-1);
    expect(line).toMatchObject({ type: 'PersonalDataAccessed', actor: asker.actor, case: { value: 'ärende 4711' } });
    const last = (await own.teller.stored()).map(decode).at(-1);
    expect(last?.data).toMatchObject({ query: 'audit-trail', categories: ['case-reference'] });
    await own.engines.close();
  });

  it('names no category as opened that is held without its value', async () => {
    const own = await live([]);
    const food = { service: 'dinners', context: 'form', relationshipKind: 'guest', purposes: ['dinner'], notice: evidence.notice, values: [{ category: 'allergy', value: 'nötter' }] };
    await own.teller.tell(CollectPersonalData, { subject: PEOPLE[0], ...food, occurredAt: '2020-06-02' }, { now: '2020-07-01T12:00:00.000Z' });
    const reply = await readRecord(await partsOf(own), PEOPLE[0], {}, asker);
    expect(reply?.record['holdings']).toEqual([expect.objectContaining({ category: 'allergy', values: [expect.objectContaining({ status: 'without-value' })] })]);
    expect((await own.teller.stored()).map(decode).at(-1)?.data['categories']).toEqual(['customer-number']);
    await own.engines.close();
  });

  it('is not answered when the line cannot be written', async () => {
    const log = new FaultyLog(lived.engines.log);
    log.fail('before');
    const access = new AccessLog({ log, vault: lived.engines.vault, writer: idOf('another writer') });
    await expect(readRecord({ ...parts, access }, PEOPLE[0], {}, asker)).rejects.toThrow('the connection was lost');
  });

  it('is answered with the values opened', async () => {
    const reply = await readRecord(parts, PEOPLE[0], {}, asker);
    expect(reply?.record['identifiers']).toContainEqual(expect.objectContaining({ kind: 'customer-number', value: expect.objectContaining({ value: 'K-0-0000' }) }));
  });

  it('is answered in pages that together are the whole trail', async () => {
    const whole = await readTrail(parts, PEOPLE[0], { language: 'en', limit: 1000 }, asker);
    const paged: unknown[] = [];
    for (let after: string | undefined, more = true; more; ) {
      const page = await readTrail(parts, PEOPLE[0], { language: 'en', limit: 7, ...(after !== undefined && { after }) }, asker);
      paged.push(...(page?.lines ?? []));
      after = page?.next;
      more = after !== undefined;
    }
    expect(paged).toEqual(whole?.lines);
    expect(paged.length).toBeGreaterThan(14);
  });

  it('is answered with the trail as it was known', async () => {
    const events = (await lived.teller.stored()).map(decode);
    const known = events[Math.floor(events.length / 2)]?.recordedAt ?? '';
    const first = events.findIndex(({ recordedAt }) => recordedAt > known);
    const then = events.slice(0, first === -1 ? events.length : first).filter(({ stream }) => stream === `subject-${PEOPLE[0]}`);
    const trail = await readTrail(parts, PEOPLE[0], { language: 'sv', limit: 1000, known }, asker);
    expect(trail?.lines.map(({ id }) => id)).toEqual(then.map(({ id }) => id));
    expect(then.length).toBeGreaterThan(5);
  });

  it('is nothing for nobody', async () => {
    expect(await readRecord(parts, idOf('nobody'), {}, asker)).toBeUndefined();
    expect(await readTrail(parts, idOf('nobody'), { language: 'sv', limit: 10 }, asker)).toBeUndefined();
  });
});

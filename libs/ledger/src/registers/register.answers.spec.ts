import { describe, expect, it } from '@jest/globals';
import type { StoredEvent } from '#event-store/event-store.js';
import { MemoryEventStore } from '#event-store/memory/memory-event-store.js';
import { Feed } from '#projection/feed.js';
import { MemoryViewStore } from '#projection/memory-view-store.js';
import type { ViewStore } from '#projection/view.js';
import { ACTOR, idOf, PERSON, type Happened } from '../testing/decider.fixture.js';
import { eventId, storedEvents } from '../testing/stored.fixture.js';
import { consented, ended, held, HOLDING, registered, RELATIONSHIP } from '../testing/subject.fixture.js';
import { views } from '../views.js';
import { DEVIATION_RANKS } from './deviation-register.view.js';
import { aboutWhole, derogationCounts, exportRegister, readRegister, readSourceDays, type RegisterName } from './register.answers.js';
import type { Asked } from './register.query.js';
import { blocked, confirmed, DISCLOSURE, disclosed, ofOther, OTHER, recalled, SECRET, transferred } from './registers.examples.js';

async function fed(...told: readonly Happened[]): Promise<ViewStore> {
  return fedWith(storedEvents(...told));
}

async function fedWith(events: readonly StoredEvent[]): Promise<ViewStore> {
  const store = new MemoryViewStore();
  await store.prepare(views);
  await (await Feed.open(views, store)).take(events);
  return store;
}

async function lines(store: ViewStore, name: RegisterName, asked: Partial<Asked> = {}): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const { lines: found } = await readRegister(store, name, { filters: {}, limit: 100, ...asked });
  return found as readonly Readonly<Record<string, unknown>>[];
}

const eventsOf = async (...given: Parameters<typeof lines>): Promise<readonly unknown[]> => (await lines(...given)).map(({ event }) => event);

describe('the consent register', () => {
  const told = [consented('2021-01-01T10:00:00.000Z'), ended('ConsentWithdrawn', '2021-02-01T10:00:00.000Z'), ofOther(ended('ConsentRefused', '2021-02-01T10:00:00.000Z', { purposes: ['account'] }))];

  it('has each consent and each ending, without a status', async () => {
    const found = await lines(await fed(...told), 'consents');
    expect(found).toMatchObject([
      { type: 'ConsentGiven', subject: PERSON, consentType: 'expressed', purposes: ['letter'], categories: ['email', 'name'], method: 'email', from: '2021-01-01T10:00:00.000Z' },
      { type: 'ConsentWithdrawn', subject: PERSON, at: '2021-02-01T10:00:00.000Z' },
      { type: 'ConsentRefused', subject: OTHER, purposes: ['account'] },
    ]);
    expect(found.every((line) => !('status' in line))).toBe(true);
  });

  it('finds a withdrawal of everything under each purpose', async () => {
    const store = await fed(...told);
    expect(await eventsOf(store, 'consents', { filters: { purpose: 'letter' } })).toEqual([eventId(0), eventId(1)]);
    expect(await eventsOf(store, 'consents', { filters: { purpose: 'account' } })).toEqual([eventId(1), eventId(2)]);
  });

  it('is found in by the day that it was in Sweden', async () => {
    const store = await fed(consented('2020-12-31T23:30:00.000Z'));
    expect(await eventsOf(store, 'consents', { from: '2021-01-01', to: '2021-01-01' })).toEqual([eventId(0)]);
    expect(await eventsOf(store, 'consents', { to: '2020-12-31' })).toEqual([]);
  });
});

describe('the disclosure register', () => {
  it('has what was asked, blocked and told, with its recall and what the recipient said of it', async () => {
    const store = await fed(blocked('printer'), disclosed('printer'), recalled(), confirmed());
    expect(await lines(store, 'disclosures')).toMatchObject([
      { stage: 'blocked', failed: ['processor-contract'], categories: ['name'], holdings: [HOLDING] },
      { stage: 'told', disclosure: DISCLOSURE, categories: ['name', 'email'], recalls: [{ event: eventId(2) }], confirmations: [{ event: eventId(3), outcome: 'erased', on: '2021-03-01' }] },
    ]);
    expect(await eventsOf(store, 'disclosures', { filters: { rule: 'processor-contract' } })).toEqual([eventId(0)]);
    expect(await eventsOf(store, 'disclosures', { filters: { stage: 'told', recipient: 'printer' } })).toEqual([eventId(1)]);
  });

  it('keeps apart the people of one mailing that has one id', async () => {
    const found = await lines(await fed(disclosed('printer'), ofOther(disclosed('printer')), ofOther(recalled())), 'disclosures');
    expect(found.map(({ subject, recalls }) => [subject, recalls !== undefined])).toEqual([[PERSON, false], [OTHER, true]]);
  });

  it('finds a recall that was told of whoever had taken the person in', async () => {
    const merge = idOf('merge');
    const store = await fed(ofOther(registered), ofOther(disclosed('printer')), registered, { type: 'MergeStarted', data: { merge, from: OTHER } }, ofOther({ type: 'SubjectMergedInto', data: { merge, into: PERSON } }), { type: 'SubjectAbsorbed', data: { merge, from: OTHER, revision: 2 } }, recalled());
    expect(await lines(store, 'disclosures')).toMatchObject([{ subject: OTHER, recalls: [{ event: eventId(6) }] }]);
  });

  it('has a matter that was handed to the police, and nothing that the person may not be told of', async () => {
    const store = await fed({ type: 'MatterReferredToPolice', data: { authority: 'polisen', ground: 'fraud' } }, SECRET);
    expect(await lines(store, 'disclosures')).toMatchObject([{ stage: 'referred', recipient: 'polisen', ground: 'fraud' }]);
    for (const name of ['transfers', 'receipts', 'deviations', 'decisions', 'consents', 'sourcings', 'recipients'] as const) expect([name, await eventsOf(store, name)]).toEqual([name, []]);
  });

  it('says what was recorded in error, by the event that said so first', async () => {
    const wrong = { event: eventId(0), on: PERSON, revision: 0, code: 'never-happened' };
    const store = await fed(disclosed('printer'), { type: 'RecordedInError', data: wrong }, { type: 'RecordedInError', data: { ...wrong, code: 'duplicate' } });
    for (const name of ['disclosures', 'receipts', 'decisions'] as const) expect(await lines(store, name)).toMatchObject([{ event: eventId(0), annulled: { by: eventId(1), code: 'never-happened' } }]);
  });
});

describe('the transfer register', () => {
  it('counts how often data went to a recipient on a derogation', async () => {
    const store = await fed(transferred('mailer'), ofOther(transferred('mailer')), transferred('printer'), transferred('mailer', 'adequacy'));
    const found = await lines(store, 'transfers', { filters: { recipient: 'mailer' } });
    expect(found.map(({ mechanism, derogationCount }) => [mechanism, derogationCount])).toEqual([['derogation', 1], ['derogation', 2], ['adequacy', undefined]]);
    expect(await derogationCounts(store, 'mailer')).toEqual([{ recipient: 'mailer', derogation: 'a49-1-a', controller: 'north', times: 2 }]);
    expect(await derogationCounts(store)).toHaveLength(2);
  });

  it('has a disclosure that is received outside the EEA, and no other', async () => {
    const store = await fed(disclosed('printer'), ofOther(disclosed('mailer', { more: { country: 'US', arrangement: 'scc-1' } })));
    expect(await lines(store, 'transfers')).toMatchObject([{ act: 'disclosure', country: 'US', arrangement: 'scc-1', recipient: 'mailer' }]);
    expect(await eventsOf(store, 'transfers', { filters: { country: 'US' } })).toEqual([eventId(1)]);
  });
});

describe('the source register', () => {
  const obligation = idOf('obligation');
  const AT = '2021-01-01T10:00:00.000Z';
  const sourced: Happened = { ...held(), type: 'PersonalDataSourced', occurredAt: AT, data: { source: 'register', sourceKind: 'public-register', batch: idOf('batch'), publiclyAccessible: true, relationship: RELATIONSHIP, items: [{ holding: HOLDING, category: 'name', purposes: [{ purpose: 'letter', basis: 'f', verdict: 'justified' }] }] } };
  const opened: Happened = { type: 'IndirectNoticeObligationOpened', data: { obligation, sourcing: eventId(0), obtainedAt: AT, dueAt: '2021-02-01T22:59:59.999Z', dueOn: '2021-02-01', rule: 'gdpr-14-3-a', calendar: 'c' } };

  it('has each sourcing with its batch, and until when the person had to be told', async () => {
    const store = await fed(sourced, opened);
    expect(await lines(store, 'sourcings', { filters: { batch: idOf('batch') } })).toMatchObject([{ source: 'register', categories: ['name'], purposes: ['letter'], obligation, dueOn: '2021-02-01' }]);
  });

  it('says when the person was told, by the notice that was first', async () => {
    const served = (servedAt: string, type: string): Happened => ({ type, data: { notice: { id: 'notice', version: 1 }, servedAt, ...(type === 'NoticeServed' ? { obligations: [obligation, obligation] } : { obligation }) } });
    const store = await fed(sourced, opened, served('2021-01-20T10:00:00.000Z', 'NoticeServed'), served('2021-03-20T10:00:00.000Z', 'IndirectNoticeServed'));
    expect(await lines(store, 'sourcings')).toMatchObject([{ servedAt: '2021-01-20T10:00:00.000Z', servedNotice: { id: 'notice', version: 1 } }]);
  });

  it('says on which days data was taken, and when the source was in use', async () => {
    const later = { ...sourced, occurredAt: '2021-01-02[Europe/Stockholm]' };
    const on = (type: string, data: object): Happened => ({ type, stream: 'source-register', data: data as Happened['data'] & object });
    const store = await fed(sourced, ofOther(sourced), later, on('SourceRegistered', { kind: 'public-register', publiclyAccessible: true, purposes: [], from: '2020-01-01' }), on('SourceEnded', { to: '2020-06-30' }), on('SourceResumed', { from: '2021-01-01' }));
    const first = await readSourceDays(store, { limit: 1 });
    expect(first).toMatchObject({ days: [{ source: 'register', day: '2021-01-01', sourcings: 2 }], sources: [{ source: 'register', used: [{ from: '2020-01-01', to: '2020-06-30' }, { from: '2021-01-01' }] }], next: 'register.2021-01-01' });
    expect(await readSourceDays(store, { source: 'register', limit: 1, after: ['register', '2021-01-01'] })).toMatchObject({ days: [{ day: '2021-01-02', sourcings: 1 }] });
    expect(await readSourceDays(store, { source: 'nobody', limit: 1 })).toMatchObject({ days: [], sources: [] });
  });
});

describe('the recipient register', () => {
  const of = (type: string, data: object): Happened => ({ type, stream: 'recipient-printer', data: data as Readonly<Record<string, unknown>> });

  it('has a line a thing, with its days and what became of it', async () => {
    const store = await fed(
      of('RecipientRegistered', { kind: 'printer', country: 'SE', from: '2020-01-01' }),
      of('RecipientRoleAssigned', { assignment: 'print', role: 'processor', purposes: ['letter'], from: '2020-01-01' }),
      of('RecipientRoleEnded', { assignment: 'print', to: '2020-12-31' }),
      of('RecipientRoleEnded', { assignment: 'print', to: '2021-12-31' }),
      of('TransferArrangementSigned', { arrangement: 'scc-1', mechanism: 'standard-clauses', decision: 'scc-2021', module: 2, exporterRole: 'controller', importerRole: 'processor', country: 'US', annexes: ['i-a'], signedOn: '2020-01-01', from: '2020-01-01' }),
      of('TransferImpactAssessed', { arrangement: 'scc-1', outcome: 'insufficient', from: '2020-05-01' }),
      of('TransferArrangementSuspended', { arrangement: 'scc-1', from: '2020-06-01' }),
      of('RecipientAudited', { on: '2020-03-01', outcome: 'passed', nextOn: '2021-03-01' }),
      of('RecipientAgreementEnded', { agreement: 'never-signed', to: '2020-03-01' }),
    );
    expect(await lines(store, 'recipients', { filters: { recipient: 'printer' } })).toMatchObject([
      { part: 'registration', kind: 'printer', country: 'SE' },
      { part: 'role', id: 'print', role: 'processor', purposes: ['letter'], from: '2020-01-01', to: '2020-12-31' },
      { part: 'arrangement', id: 'scc-1', module: 2, assessments: [{ outcome: 'insufficient', from: '2020-05-01' }], suspensions: [{ from: '2020-06-01', suspended: true }] },
      { part: 'audit', auditedOn: '2020-03-01', outcome: 'passed', nextOn: '2021-03-01' },
    ]);
    expect(await eventsOf(store, 'recipients', { filters: { part: 'audit' } })).toEqual([eventId(7)]);
  });
});

describe('the deviation register', () => {
  const groundless = held({}, {}, { verdict: 'unjustified', failed: ['consent-withdrawn'] });

  it('has every fact without justification, open ones first, and who dealt with it and how', async () => {
    const store = await fed(groundless, disclosed('unregistered', { verdict: 'unjustified', failed: ['recipient-registered'] }), { type: 'DeviationDealtWith', data: { event: eventId(0), measure: 'erased' } });
    expect(await lines(store, 'deviations')).toMatchObject([
      { event: eventId(1), recipient: 'unregistered', failed: ['recipient-registered'], dealtWith: [] },
      { event: eventId(0), purposes: ['letter'], categories: ['name'], dealtWith: [{ event: eventId(2), measure: 'erased', actor: ACTOR }] },
    ]);
    expect(await eventsOf(store, 'deviations', { rank: DEVIATION_RANKS.open })).toEqual([eventId(1)]);
    expect(await eventsOf(store, 'deviations', { rank: DEVIATION_RANKS['dealt-with'], filters: { rule: 'consent-withdrawn' } })).toEqual([eventId(0)]);
    expect(await eventsOf(store, 'deviations', { filters: { dealtWithBy: ACTOR } })).toEqual([eventId(0)]);
  });

  it('does not have a blocked ask: nothing happened', async () => {
    expect(await eventsOf(await fed(blocked('printer')), 'deviations')).toEqual([]);
  });

  it('has those of other streams, and counts one that was recorded in error as dealt with', async () => {
    const store = await fed({ type: 'ConferencePartyAdded', stream: 'conference-autumn', verdict: 'unjustified', failed: ['recipient-registered'], data: { recipient: 'acme', role: 'sponsor', from: '2021-01-01' } }, groundless, { type: 'RecordedInError', data: { event: eventId(1), on: PERSON, revision: 0, code: 'wrong-content' } });
    expect(await lines(store, 'deviations')).toMatchObject([{ stream: 'conference-autumn', recipient: 'acme' }, { event: eventId(1), dealtWith: [{ measure: 'recorded-in-error' }], annulled: { code: 'wrong-content' } }]);
    expect(await eventsOf(store, 'deviations', { rank: DEVIATION_RANKS.open })).toEqual([eventId(0)]);
  });
});

describe('the decision register', () => {
  const registers = [{ stream: 'recipient-printer', revision: 0 }];
  const registration: Happened = { type: 'RecipientRegistered', stream: 'recipient-printer', data: { kind: 'printer', country: 'SE', from: '2020-01-01' } };
  const moved: Happened = { type: 'RecipientMoved', stream: 'recipient-printer', data: { country: 'US', from: '2021-01-01' } };

  it('lists a decision whose register had been superseded at its position, and none whose register came later', async () => {
    const store = await fed(registration, disclosed('printer', { registers }), moved, blocked('printer', { registers }), blocked('printer', { registers: [{ stream: 'recipient-printer', revision: 1 }] }));
    expect((await lines(store, 'decisions')).map(({ event, superseded }) => [event, superseded])).toEqual([[eventId(1), false], [eventId(3), true], [eventId(4), false]]);
    expect(await lines(store, 'decisions', { filters: { superseded: 'true' } })).toMatchObject([{ event: eventId(3), outcome: 'blocked', registers: [{ stream: 'recipient-printer', revision: 0, newest: 1 }] }]);
    expect(await eventsOf(store, 'decisions', { filters: { register: 'recipient-printer', outcome: 'blocked' } })).toEqual([eventId(3), eventId(4)]);
  });
});

describe('what a recipient has received', () => {
  it('has disclosures, transfers and uses, of everybody', async () => {
    const used: Happened = { type: 'PersonalDataUsed', verdict: 'justified', data: { use: idOf('use'), kind: 'purpose', purpose: 'letter', recipient: 'printer', items: [{ category: 'name' }], rules: [] } };
    const own: Happened = { ...used, data: { use: idOf('own use'), kind: 'purpose', purpose: 'letter', items: [{ category: 'name' }], rules: [] } };
    const store = await fed(disclosed('printer'), ofOther(transferred('printer')), used, own, disclosed('mailer'), blocked('printer'), recalled());
    expect(await lines(store, 'receipts', { filters: { recipient: 'printer' } })).toMatchObject([
      { act: 'disclosure', subject: PERSON, categories: ['name', 'email'], recalls: [{}] },
      { act: 'transfer', subject: OTHER, holdings: [HOLDING] },
      { act: 'use', subject: PERSON },
    ]);
  });
});

describe('a question about a person', () => {
  it('is about everybody whom they took in', async () => {
    const merge = idOf('merge');
    const events = storedEvents(ofOther(registered), ofOther(consented('2021-01-01T10:00:00.000Z')), registered, { type: 'MergeStarted', data: { merge, from: OTHER } }, ofOther({ type: 'SubjectMergedInto', data: { merge, into: PERSON } }), { type: 'SubjectAbsorbed', data: { merge, from: OTHER, revision: 2 } });
    const log = new MemoryEventStore();
    for (const { stream, revision, id, type, data } of events) await log.append({ stream, expected: revision === 0 ? 'none' : revision - 1, events: [{ id, type, data }] });
    const store = await fedWith(events);
    const asked = await aboutWhole({ log, views: store }, { filters: { subject: PERSON }, limit: 10 });
    expect(await eventsOf(store, 'consents', { filters: { subject: PERSON } })).toEqual([]);
    expect(await eventsOf(store, 'consents', asked)).toEqual([eventId(1)]);
    expect(await aboutWhole({ log, views: store }, { filters: { subject: OTHER }, limit: 10 })).toEqual({ filters: { subject: OTHER }, limit: 10 });
  });
});

describe('a register as CSV', () => {
  it('has a header, and every line beyond any page', async () => {
    const told = Array.from({ length: 520 }, (_, i) => consented('2021-01-01T10:00:00.000Z', { consent: idOf(`consent ${i}`) }));
    const { rows, position } = await exportRegister(await fed(...told), 'consents', { filters: {} });
    let text = '';
    for await (const some of rows) text += some;
    const [header, ...rest] = text.split('\r\n');
    expect(header).toMatch(/^position,event,type,subject,consent,consentType,purposes,/);
    expect([rest.length, rest.at(-1), position]).toEqual([521, '', '000000000519']);
    expect(rest[0]).toContain(`,${PERSON},${idOf('consent 0')},expressed,letter,email name,`);
  });
});

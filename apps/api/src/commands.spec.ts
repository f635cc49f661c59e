import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { catalogue } from '#ledger/catalogue.js';
import { commandExamples as consent } from '#ledger/subject/consent/consent.examples.js';
import { commandExamples as deviation } from '#ledger/subject/deviation/deviation.examples.js';
import { commandExamples as holding } from '#ledger/subject/holding/holding.examples.js';
import { commandExamples as identity } from '#ledger/subject/identity/identity.examples.js';
import { commandExamples as activity } from '#ledger/activity/activity.examples.js';
import { commandExamples as conference } from '#ledger/conference/conference.examples.js';
import { commandExamples as recipient } from '#ledger/recipient/recipient.examples.js';
import { commandExamples as source } from '#ledger/source/source.examples.js';
import { commandExamples as notice } from '#ledger/subject/notice/notice.examples.js';
import { commandExamples as objection } from '#ledger/subject/objection/objection.examples.js';
import { commandExamples as authority } from '#ledger/authority/authority.examples.js';
import { commandExamples as arrangement } from '#ledger/recipient/arrangement.examples.js';
import { commandExamples as disclosure } from '#ledger/subject/disclosure/disclosure.examples.js';
import { commandExamples as merge } from '#ledger/subject/merge/merge.examples.js';
import { commandExamples as mistake } from '#ledger/subject/mistake/mistake.examples.js';
import { commandExamples as transfer } from '#ledger/subject/transfer/transfer.examples.js';
import { commandExamples as organisation } from '#ledger/organisation/organisation.examples.js';
import { commandExamples as use } from '#ledger/subject/use/use.examples.js';
import { BODY_LIMIT } from './line-answers.js';
import { command, email, event, send, startTestServer, type Json, type JsonObject, type TestServer } from './server.fixture.js';

let to: TestServer;
beforeAll(async () => {
  to = await startTestServer();
});
afterAll(() => to.close());

const PERSONNUMMER = '195006262546';
const newsletter = { service: 'newsletter', purposes: ['newsletter'], type: 'expressed' };
const examples: Readonly<Record<string, object>> = {
  ...organisation, ...recipient, ...arrangement, ...conference, ...source, ...activity, ...identity, ...consent, ...holding, ...disclosure, ...transfer,
  ...use, ...authority, ...notice, ...objection, ...deviation, ...mistake, ...merge,
};

const FOR_OFFICERS = new Set(['DealWithDeviation', 'MergeSubjects', 'UnmergeSubjects', 'RecordInError', ...Object.keys(authority)]);

/** Nothing of what was sent may come back or be logged. */
function expectNoEcho(text: string, ...values: readonly string[]): void {
  for (const value of values) {
    expect(text).not.toContain(value);
    expect(to.logged.join('\n')).not.toContain(value);
  }
}

async function head(): Promise<string | undefined> {
  return to.server.parts.log.head();
}

describe('recorded', () => {
  it('answers with exactly the promised members', async () => {
    const reply = await command(to, 'GiveConsent', { ...email('exact@example.se'), ...newsletter }, { id: 'exact-1' });
    expect(reply.status).toBe(200);
    expect(Object.keys(reply.body).sort()).toEqual(['about', 'commandId', 'events', 'status', 'verdict']);
    expect(reply.body).toMatchObject({ commandId: 'exact-1', status: 'recorded', verdict: 'unjustified' });
    for (const one of reply.body['events'] as readonly JsonObject[]) expect(Object.keys(one).sort()).toEqual(['id', 'position', 'revision', 'stream', 'type']);
  });

  it('takes the example of every command in the catalogue', async () => {
    expect(Object.keys(examples).sort()).toEqual([...catalogue.keys()].sort());
    let held = '';
    // What is cancelled is another than what was held.
    await command(to, 'RegisterConference', { ...conference.RegisterConference, conference: conference.CancelConference.conference, startsOn: '2026-01-20', endsOn: '2026-01-21' });
    await command(to, 'RegisterSubject', { subject: merge.MergeSubjects.from, identifiers: [{ kind: 'customer-number', value: 'K-ALSO' }] });
    /** The events that later examples are about, where theirs are invented. */
    const about: Record<string, Json> = {};
    for (const [name, example] of Object.entries(examples)) {
      // What is dealt with is one that was told without a ground.
      const { ground: _none, disclosure: _another, ...groundless } = authority.ReportSecretDisclosure;
      if (name === 'DealWithSecretDeviation') about[name] = ((await command(to, 'ReportSecretDisclosure', groundless, { token: to.tokens.officer })).body['events'] as readonly JsonObject[])[0]?.['id'] ?? '';
      const event = about[name] ?? about['ReportUse'];
      const body = { ...example, ...('holding' in example && { holding: held }), ...('event' in example && { event: event ?? '' }) };
      const reply = await command(to, name, body, { token: FOR_OFFICERS.has(name) ? to.tokens.officer : to.tokens.upstream });
      // Some follow from others in time only, and Anna's consents have ended; what is asked here is that none is malformed or unknown to the policy.
      const isBlocked = reply.status === 403 && reply.body['code'] === 'Blocked';
      if (!isBlocked) expect([name, reply.status, reply.body['code'] ?? reply.body['status']]).toEqual([name, 200, reply.body['status']]);
      if (name === 'CollectPersonalData') held = await holdingOf(reply.body);
      const first = (reply.body['events'] as readonly JsonObject[])[0]?.['id'];
      if (first !== undefined) about[name === 'ReportTransfer' ? 'RecordInError' : name] = first;
    }
  });

  it('answers a repeat with the first answer, and other content under the same id with 409', async () => {
    const body = { ...email('repeat@example.se'), ...newsletter };
    const first = await command(to, 'GiveConsent', body, { id: 'repeat-1' });
    const again = await command(to, 'GiveConsent', body, { id: 'repeat-1' });
    expect(again.body).toEqual({ ...first.body, status: 'duplicate' });
    const other = await command(to, 'GiveConsent', { ...body, type: 'explicit' }, { id: 'repeat-1' });
    expect([other.status, other.body['code']]).toEqual([409, 'CommandIdReused']);
  });

  it('makes one person of two registrations of one new address at once', async () => {
    const body = { identifiers: [{ kind: 'email', value: 'at-once@example.se' }] };
    const replies = await Promise.all(Array.from({ length: 16 }, () => command(to, 'RegisterSubject', body)));
    expect(replies.map(({ status }) => status)).toEqual(replies.map(() => 200));
    expect(new Set(replies.map(({ body: answer }) => JSON.stringify(answer['about']))).size).toBe(1);
    expect(replies.filter(({ body: answer }) => answer['status'] === 'recorded')).toHaveLength(1);
  });

  it('records a withdrawal whatever codes it has, and registers whom nobody knows', async () => {
    const reply = await command(to, 'WithdrawConsent', { ...email('unknown-to-all@example.se'), purposes: ['no such purpose!'], service: 'Ingen tjänst', occurredAt: 'i tisdags' });
    expect([reply.status, reply.body['status']]).toEqual([200, 'recorded']);
    expect((reply.body['events'] as readonly JsonObject[]).map(({ type }) => type)).toContain('ConsentWithdrawn');
  });

  async function holdingOf({ about }: JsonObject): Promise<string> {
    const [subject] = about as readonly string[];
    const holdings: string[] = [];
    for await (const batch of to.server.parts.log.readStream(`subject-${subject}`))
      for (const { type, data } of batch) if (type === 'PersonalDataCollected') holdings.push(...(JSON.parse(data) as { data: { items: { holding: string }[] } }).data.items.map((item) => item.holding));
    return holdings[2] ?? '';
  }
});

describe('refused as malformed', () => {
  const give = { ...email('malformed@example.se'), ...newsletter };
  const cases: readonly [string, object | string | Buffer, number, string, readonly string[]][] = [
    ['text that is not JSON', '{"identifier": ', 400, 'MalformedJson', ['']],
    ['an empty body', '', 400, 'MalformedJson', ['']],
    ['a member that would poison a prototype', '{"__proto__":{"admin":true}}', 400, 'MalformedJson', ['']],
    ['bytes that are not UTF-8', Buffer.from(JSON.stringify({ ...give, order: 'Åsa' }), 'latin1'), 400, 'MalformedJson', ['']],
    ['a body that is a list', [], 400, 'Invalid', ['']],
    ['a missing member', { ...email('a@example.se'), service: 'newsletter', type: 'expressed' }, 400, 'Invalid', ['/purposes']],
    ['an unknown member', { ...give, colour: 'blue' }, 400, 'Invalid', ['/colour']],
    ['the caller in the body', { ...give, caller: { actor: 'me' } }, 400, 'Invalid', ['/caller']],
    ['a wrong type', { ...give, steps: '2' }, 400, 'Invalid', ['/steps']],
    ['a nested unknown kind', { ...give, identifier: { kind: 'fax', value: 'x' } }, 400, 'Invalid', ['/identifier/kind']],
    ['a nested unknown member', { ...give, notice: { id: 'privacy-notice', version: 1, colour: 1 } }, 400, 'Invalid', ['/notice/colour']],
    ['a nested value that is no object', { ...give, notice: 'privacy-notice' }, 400, 'Invalid', ['/notice']],
    ['an element of a list', { ...give, purposes: ['newsletter', 7] }, 400, 'Invalid', ['/purposes/1']],
    ['subject and identifier together', { ...give, subject: '3f0e8a52-6c1d-4b7a-9e35-0d2c4f6a8b10' }, 400, 'Invalid', ['/subject']],
    ['several faults at once', { ...give, steps: 0, language: 'fi' }, 400, 'Invalid', ['/language', '/steps']],
    ['half a surrogate pair', `{"identifier":{"kind":"email","value":"a@example.se"},"purposes":["newsletter"],"type":"expressed","service":"newsletter","order":"\\ud800"}`, 400, 'Invalid', ['/order']],
    ['a date that does not exist', { ...give, occurredAt: '2024-02-30' }, 400, 'UnusableTime', ['/occurredAt']],
    ['a time to come', { ...give, occurredAt: '2999-01-01' }, 400, 'OccurredInFuture', ['/occurredAt']],
    ['an id of another character set', { ...give, service: 'News Letter' }, 422, 'UnusableId', ['/service']],
    ['an id with a personnummer', { ...give, conference: `konf-${PERSONNUMMER}` }, 422, 'UnusableId', ['/conference']],
    ['a UUID that is none', { ...give, consent: 'abc' }, 422, 'UnusableId', ['/consent']],
  ];

  it.each(cases)('%s', async (_name, body, status, code, pointers) => {
    const before = await head();
    const reply = await command(to, 'GiveConsent', body);
    expect([reply.status, reply.body['code']]).toEqual([status, code]);
    expect(reply.headers['content-type']).toBe('application/problem+json; charset=utf-8');
    const found = (reply.body['errors'] as readonly JsonObject[] | undefined)?.map(({ pointer }) => String(pointer)) ?? [String(reply.body['pointer'])];
    expect(found.sort()).toEqual(pointers);
    expect(await head()).toBe(before);
    expect(await to.server.parts.vault.unsettled()).toEqual([]);
  });

  it('points into lists of nested members', async () => {
    const value = { category: 'email', value: 'a@example.se' };
    const reply = await command(to, 'CollectPersonalData', { ...email('a@example.se'), context: 'purchase', purposes: ['purchase'], values: [value, value, { category: 'Email!', value: {} }] });
    expect((reply.body['errors'] as readonly JsonObject[]).map(({ pointer }) => pointer).sort()).toEqual(['/values/2/category', '/values/2/value']);
  });

  it('repeats no value, and no member name that holds one', async () => {
    const reply = await command(to, 'GiveConsent', { ...give, 'anna.exempel@example.org': 1, conference: `x-${PERSONNUMMER}`, service: 'Hemlig Tjänst' });
    expect((reply.body['errors'] as readonly JsonObject[]).map(({ pointer }) => pointer)).toContain('');
    expectNoEcho(reply.text, 'anna.exempel', PERSONNUMMER, 'Hemlig');
  });

  it('refuses a body over 256 KiB with 413', async () => {
    const reply = await command(to, 'GiveConsent', { ...give, order: 'x'.repeat(BODY_LIMIT) });
    expect([reply.status, reply.body['code']]).toEqual([413, 'BodyTooLarge']);
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'application/x-ndjson', 'application/cloudevents+json', 'application/xml'])('refuses %s with 415', async (type) => {
    const reply = await send(to, '/v1/commands/GiveConsent', { token: to.tokens.upstream, headers: { 'idempotency-key': 'type-1', 'content-type': type }, body: '{}' });
    expect([reply.status, reply.body['code']]).toEqual([415, 'UnsupportedMediaType']);
  });
});

describe('refused for its id', () => {
  const body = { ...email('ids@example.se'), ...newsletter };

  it('asks for the header', async () => {
    const reply = await send(to, '/v1/commands/GiveConsent', { token: to.tokens.upstream, body });
    expect([reply.status, reply.body['code']]).toEqual([400, 'IdempotencyKeyMissing']);
  });

  it.each(['anna.exempel', 'order~1:2_3.4-5', '3F0E8A52-6C1D-4B7A-9E35-0D2C4F6A8B10', '19500626-2546-4b7a-9e35-0d2c4f6a8b10'])('takes %s', async (id) => {
    expect((await command(to, 'GiveConsent', body, { id })).status).toBe(200);
  });

  it.each(['anna@example.se', `order-${PERSONNUMMER}`, '19500626-2546', '0701740605', 'å', 'a b', 'x'.repeat(129)])('refuses %s, and does not repeat it', async (id) => {
    const reply = await command(to, 'GiveConsent', body, { id });
    expect([reply.status, reply.body['code']]).toEqual([422, 'UnusableId']);
    if (id.length > 1 && id !== 'a b') expectNoEcho(reply.text, id);
  });
});

describe('refused by the ledger', () => {
  const give = { ...email('codes@example.se'), ...newsletter };

  it('names the alternatives of an unknown purpose, category and source', async () => {
    const purpose = await command(to, 'GiveConsent', { ...give, purposes: ['newsletter', 'no-such'] });
    expect([purpose.status, purpose.body['code'], purpose.body['pointer']]).toEqual([422, 'UnknownPurpose', '/purposes/1']);
    expect(purpose.body['alternatives']).toContain('newsletter');
    const base = { ...email('codes@example.se'), service: 'shop', relationshipKind: 'customer', purposes: ['purchase'] };
    const category = await command(to, 'CollectPersonalData', { ...base, context: 'purchase', values: [{ category: 'no-such', value: 'x' }] });
    expect([category.status, category.body['code'], category.body['pointer']]).toEqual([422, 'UnknownCategory', '/values/0/category']);
    const source = await command(to, 'SourcePersonalData', { ...base, source: 'no-such', values: [{ category: 'name', value: 'x' }] });
    expect([source.status, source.body['code']]).toEqual([422, 'UnknownSource']);
    expect(source.body['alternatives']).toContain('unregistered');
  });

  it('answers 404 for somebody unknown and 409 for an identifier that fits several', async () => {
    const nobody = await command(to, 'GiveConsent', { ...give, identifier: { kind: 'email', value: 'nobody@example.se' }, createIfMissing: false });
    expect([nobody.status, nobody.body['code']]).toEqual([404, 'NoSuchPerson']);
    const shared = { kind: 'email', value: 'shared@example.se', use: 'shared' };
    for (const n of [1, 2]) await command(to, 'RegisterSubject', { identifiers: [{ kind: 'customer-number', value: `S-${n}` }, shared] });
    const ambiguous = await command(to, 'GiveConsent', { ...give, identifier: { kind: 'email', value: 'shared@example.se' } });
    expect([ambiguous.status, ambiguous.body['code']]).toEqual([409, 'AmbiguousIdentifier']);
    const withdrawal = await command(to, 'WithdrawConsent', { identifier: { kind: 'email', value: 'shared@example.se' } });
    expect([withdrawal.status, withdrawal.body['about']]).toEqual([200, expect.arrayContaining([expect.any(String), expect.any(String)])]);
  });
});

describe('refused to an upstream', () => {
  it('for what an officer answers for, by every route', async () => {
    const body = { subject: '3f0e8a52-6c1d-4b7a-9e35-0d2c4f6a8b10', event: '6b8d0f2a-4c5e-8a71-9d3b-5e7f9a1c3d5e', measure: 'erased' };
    const typed = await command(to, 'DealWithDeviation', body);
    expect([typed.status, typed.body['code']]).toEqual([403, 'NotPermitted']);
    const asEvent = await send(to, '/v1/commands', { token: to.tokens.upstream, headers: { 'content-type': 'application/cloudevents+json' }, body: event('DealWithDeviation', body) });
    expect([asEvent.status, asEvent.body['code']]).toEqual([403, 'NotPermitted']);
    const line = await send(to, '/v1/commands', { token: to.tokens.upstream, headers: { 'content-type': 'application/x-ndjson' }, body: `${JSON.stringify(event('DealWithDeviation', body))}\n` });
    expect(JSON.parse(line.text)).toMatchObject({ status: 'refused', httpStatus: 403, code: 'NotPermitted' });
  });
});

describe('POST /v1/commands', () => {
  const data = { ...email('events@example.se'), ...newsletter };
  const cloud = (body: object, type = 'application/cloudevents+json', headers: Readonly<Record<string, string>> = {}) =>
    send(to, '/v1/commands', { token: to.tokens.upstream, headers: { 'content-type': type, ...headers }, body });

  it('takes a structured event, and its time and subject as the command\'s', async () => {
    const subject = '9d1f3b57-2a4c-4e6f-8b0d-1c3e5f7a9b02';
    await command(to, 'RegisterSubject', { subject, identifiers: [{ kind: 'email', value: 'by-subject@example.se' }] });
    const reply = await cloud(event('GiveConsent', newsletter, { id: 'ce-1', time: '2024-05-01T10:00:00+02:00', subject, correlationid: subject, causationid: subject, datacontenttype: 'application/json; charset=utf-8' }));
    expect([reply.status, reply.body['commandId'], reply.body['about']]).toEqual([200, 'ce-1', [subject]]);
    const last: string[] = [];
    for await (const batch of to.server.parts.log.readStream(`subject-${subject}`)) last.push(...batch.map((one) => one.data));
    expect(JSON.parse(last.at(-1) ?? '{}')).toMatchObject({ occurredAt: '2024-05-01T08:00:00.000Z', correlationId: subject, causationId: subject });
  });

  it('takes a binary event', async () => {
    const reply = await cloud(data, 'application/json', { 'ce-specversion': '1.0', 'ce-id': 'ce-2', 'ce-source': 'crm', 'ce-type': 'se.liggare.GiveConsent.v1' });
    expect([reply.status, reply.body['commandId']]).toEqual([200, 'ce-2']);
  });

  it('takes attributes that are null as unset', async () => {
    const reply = await cloud(event('GiveConsent', data, { id: 'ce-null', subject: null, time: null, correlationid: null, dataclassification: null, data_base64: null }));
    expect([reply.status, reply.body['commandId']]).toEqual([200, 'ce-null']);
  });

  it.each(['application/json', 'text/json', 'application/vnd.example+json; charset=utf-8'])('takes data of the type %s, which is JSON', async (datacontenttype) => {
    expect((await cloud(event('GiveConsent', data, { datacontenttype }))).status).toBe(200);
  });

  it('takes extension attributes that it does not know', async () => {
    expect((await cloud(event('GiveConsent', data, { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01', sequence: 7, sampled: true, dataschema: 'https://example.se/schema' }))).status).toBe(200);
  });

  it('takes quoted and percent-encoded headers of a binary event', async () => {
    const reply = await cloud(data, 'application/json', { 'ce-specversion': '"1.0"', 'ce-id': '"ce\\-quoted"', 'ce-source': '%63rm', 'ce-type': '"se.liggare.GiveConsent.v1"' });
    expect([reply.status, reply.body['commandId']]).toEqual([200, 'ce-quoted']);
    const overlong = await cloud(data, 'application/json', { 'ce-specversion': '1.0', 'ce-id': 'ce-%C0%A0', 'ce-source': 'crm', 'ce-type': 'se.liggare.GiveConsent.v1' });
    expect([overlong.status, overlong.body['code'], overlong.body['pointer']]).toEqual([400, 'InvalidCloudEvent', '/ce-id']);
  });

  it('answers an empty batch with an empty one', async () => {
    expect((await cloud([], 'application/cloudevents-batch+json')).text).toBe('[]');
  });

  it('takes a batch and answers in its order, refused ones among them', async () => {
    const reply = await cloud([event('GiveConsent', data, { id: 'b-1' }), event('GiveConsent', { ...data, purposes: ['x'] }, { id: 'b-2' }), 7, event('GiveConsent', data, { id: 'b-4' })], 'application/cloudevents-batch+json');
    const answers = reply.body['items'] as readonly JsonObject[];
    expect(answers.map(({ line, id, status, code }) => [line, id, status, code])).toEqual([
      [1, 'b-1', 'recorded', undefined],
      [2, 'b-2', 'refused', 'UnknownPurpose'],
      [3, undefined, 'refused', 'InvalidCloudEvent'],
      [4, 'b-4', 'recorded', undefined],
    ]);
    expect(answers[1]).toMatchObject({ httpStatus: 422, pointer: '/data/purposes/0' });
  });

  it.each([
    ['another version', { specversion: '0.3' }, 400, 'InvalidCloudEvent', '/specversion'],
    ['no id', { id: undefined }, 400, 'InvalidCloudEvent', '/id'],
    ['an id with an address', { id: 'anna@example.se' }, 422, 'UnusableId', '/id'],
    ['another system as source', { source: 'event-system' }, 403, 'SourceMismatch', '/source'],
    ['an unknown type', { type: 'se.liggare.Forget.v1' }, 422, 'UnknownCommand', '/type'],
    ['a foreign type', { type: 'com.example.x' }, 422, 'UnknownCommand', '/type'],
    ['an address as subject', { subject: 'anna@example.se' }, 422, 'UnusableId', '/subject'],
    ['a correlation id that is no UUID', { correlationid: 'batch 7' }, 422, 'UnusableId', '/correlationid'],
    ['data by reference', { dataref: 'https://example.se/x' }, 400, 'InvalidCloudEvent', '/data'],
    ['data of another type', { datacontenttype: 'text/csv' }, 400, 'InvalidCloudEvent', '/datacontenttype'],
    ['no data', { data: undefined }, 400, 'InvalidCloudEvent', '/data'],
    ['an unknown classification', { dataclassification: 'secret' }, 422, 'UnknownDataClassification', '/dataclassification'],
    ['an unknown category', { dataclassification: 'confidential', dataregulation: 'GDPR', datacategory: 'spicy' }, 422, 'UnknownDataClassification', '/datacategory'],
    ['an unknown regulation', { dataclassification: 'confidential', dataregulation: 'GDPR,HIPAA' }, 422, 'UnknownDataClassification', '/dataregulation'],
    ['a fault in the data', { data: { ...newsletter, colour: 1 } }, 400, 'Invalid', '/data/colour'],
  ])('refuses %s', async (_name, attributes, status, code, pointer) => {
    const before = await head();
    const reply = await cloud(event('GiveConsent', data, attributes));
    expect([reply.status, reply.body['code'], reply.body['pointer']]).toEqual([status, code, pointer]);
    expectNoEcho(reply.text, 'anna@example.se');
    expect(await head()).toBe(before);
  });

  it('takes known classifications', async () => {
    const reply = await cloud(event('GiveConsent', data, { dataclassification: 'restricted', dataregulation: 'GDPR', datacategory: 'special-category' }));
    expect(reply.status).toBe(200);
  });

  it('takes an officer as the console', async () => {
    const reply = await send(to, '/v1/commands', { token: to.tokens.officer, headers: { 'content-type': 'application/cloudevents+json' }, body: event('GiveConsent', data, { source: 'console' }) });
    expect(reply.status).toBe(200);
  });

  it('refuses another content type with 415', async () => {
    const reply = await cloud({}, 'application/xml');
    expect([reply.status, reply.body['code']]).toEqual([415, 'UnsupportedMediaType']);
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { command, email, event, send, startTestServer, type JsonObject, type Reply, type TestServer } from './server.fixture.js';

const SUBJECT = '3f0e8a52-6c1d-4b7a-9e35-0d2c4f6a8b10';
const NOBODY = '3f0e8a52-6c1d-4b7a-9e35-0d2c4f6a8b11';
const DISCLOSURE = '9c8b7a6d-5e4f-4a3b-8c2d-1e0f9a8b7c6d';
const asking = { authority: 'polismyndigheten', subject: SUBJECT, service: 'subscription', purpose: 'security', categories: ['email'], ground: 'police-request' };
/** What none but officers may come across. */
const TRACES = /secret|polismyndigheten|HEMLIGT-7|police-request/i;

let to: TestServer;
let last = '';
const officer = (name: string, body: object, id?: string): Promise<Reply> => command(to, name, body, { token: to.tokens.officer, ...(id !== undefined && { id }) });
const read = (path: string, token = to.tokens.officer): Promise<Reply> => send(to, path, { token, headers: { 'liggare-purpose': 'supervision' } });
const lines = ({ body }: Reply): readonly JsonObject[] => body['lines'] as readonly JsonObject[];

beforeAll(async () => {
  to = await startTestServer('sqlite');
  await command(to, 'RegisterSubject', { subject: SUBJECT, identifiers: [{ kind: 'email', value: 'anna.exempel@example.se' }] });
  await officer('AuthoriseSecretDisclosure', asking);
  await officer('ReportSecretDisclosure', { ...asking, disclosure: DISCLOSURE, case: 'HEMLIGT-7', gagUntil: '2027-01-01' }, 'secret-1');
  const reply = await officer('ReportSecretDisclosure', { ...asking, authority: 'skatteverket' });
  last = String((reply.body['events'] as readonly JsonObject[]).at(-1)?.['position']);
});
afterAll(() => to.close());

describe('a secret disclosure', () => {
  it('is told by officers alone, whichever way', async () => {
    for (const token of [to.tokens.upstream, to.tokens.auditor]) expect((await command(to, 'ReportSecretDisclosure', asking, { token })).status).toBe(403);
    const cloud = await send(to, '/v1/commands', { token: to.tokens.upstream, headers: { 'content-type': 'application/cloudevents+json' }, body: event('ReportSecretDisclosure', asking) });
    expect([cloud.status, cloud.body['code']]).toEqual([403, 'NotPermitted']);
    const line = await send(to, '/v1/commands', { token: to.tokens.upstream, headers: { 'content-type': 'application/x-ndjson' }, body: `${JSON.stringify(event('ReportSecretDisclosure', asking))}\n` });
    expect(JSON.parse(line.text)).toMatchObject({ status: 'refused', code: 'NotPermitted' });
    expect((await read('/v1/secret-disclosures', to.tokens.upstream)).status).toBe(403);
    expect((await read('/v1/secret-disclosures', to.tokens.auditor)).status).toBe(403);
  });

  it('is not in the person’s stream', async () => {
    const stored: string[] = [];
    for await (const batch of to.server.parts.log.readStream(`subject-${SUBJECT}`)) stored.push(...batch.map(({ type, data }) => `${type} ${data}`));
    expect(stored).not.toEqual([]);
    expect(stored.join('\n')).not.toMatch(TRACES);
  });

  it('is in no answer about the person', async () => {
    for (const path of [`/v1/subjects/${SUBJECT}/record?atLeast=${last}`, `/v1/subjects/${SUBJECT}/audit-trail?limit=200&lang=en`, `/v1/subjects/${SUBJECT}/audit-trail?limit=200&lang=sv`]) {
      const reply = await read(path);
      expect([path, reply.status]).toEqual([path, 200]);
      expect(reply.text).not.toMatch(TRACES);
      expect(reply.text).not.toContain(DISCLOSURE);
    }
  });

  it('leaves no gap in the person’s numbering, and no trace in what an upstream is told', async () => {
    const told = await command(to, 'GiveConsent', { ...email('anna.exempel@example.se'), service: 'newsletter', purposes: ['newsletter'], type: 'expressed' });
    expect(told.status).toBe(200);
    const body = [event('GiveConsent', { ...email('anna.exempel@example.se'), service: 'newsletter', purposes: ['newsletter'], type: 'expressed' }), event('GiveConsent', { subject: SUBJECT, service: 'newsletter', purposes: ['gossip'], type: 'expressed' }), event('WithdrawConsent', { subject: SUBJECT })];
    const imported = await send(to, '/v1/commands', { token: to.tokens.upstream, headers: { 'content-type': 'application/x-ndjson' }, body: `${body.map((one) => JSON.stringify(one)).join('\n')}\n` });
    expect(imported.text.trim().split('\n')).toHaveLength(3);
    for (const { text } of [told, imported]) expect(text).not.toMatch(TRACES);
    const revisions: number[] = [];
    for await (const batch of to.server.parts.log.readStream(`subject-${SUBJECT}`)) revisions.push(...batch.map(({ revision }) => revision));
    expect(revisions).toEqual(revisions.map((_, i) => i));
  });

  it('is in no log line, and its case in no byte of the log', async () => {
    expect(to.logged.join('\n')).not.toMatch(/HEMLIGT-7/);
    const stored: string[] = [];
    for await (const batch of to.server.parts.log.readAll()) stored.push(...batch.map(({ data }) => data));
    expect(stored.join('\n')).not.toContain('HEMLIGT-7');
  });

  it('needs a person who is registered', async () => {
    const reply = await officer('ReportSecretDisclosure', { ...asking, subject: NOBODY });
    expect([reply.status, reply.body['code'], reply.body['pointer']]).toEqual([404, 'SubjectNotRegistered', '/subject']);
  });

  it('is repeated safely', async () => {
    const again = await officer('ReportSecretDisclosure', { ...asking, disclosure: DISCLOSURE, case: 'HEMLIGT-7', gagUntil: '2027-01-01' }, 'secret-1');
    expect([again.status, again.body['status']]).toEqual([200, 'duplicate']);
  });
});

describe('a secret disclosure that the person may be told of', () => {
  const actsIn = ({ body }: Reply): readonly JsonObject[] => ((body['record'] as JsonObject)['acts'] as readonly JsonObject[]).filter(({ type }) => type === 'PersonalDataDisclosed');

  it('stands in the record like any other, the ones that are still secret not', async () => {
    expect(actsIn(await read(`/v1/subjects/${SUBJECT}/record?atLeast=${last}`))).toEqual([]);
    const ended = await officer('EndSecrecy', { authority: 'polismyndigheten', disclosure: DISCLOSURE });
    const before = last;
    last = String((ended.body['events'] as readonly JsonObject[]).at(-1)?.['position']);
    const now = await read(`/v1/subjects/${SUBJECT}/record?atLeast=${last}`);
    expect(actsIn(now)).toMatchObject([{ data: { recipient: 'polismyndigheten', disclosure: DISCLOSURE } }]);
    expect(now.text).toContain('HEMLIGT-7');
    expect(now.text).not.toContain('skatteverket');
    expect(before < last).toBe(true);
  });

  it('stands there too when the day is over until which it was secret', async () => {
    const subject = '3f0e8a52-6c1d-4b7a-9e35-0d2c4f6a8b12';
    await command(to, 'RegisterSubject', { subject, identifiers: [{ kind: 'email', value: 'bo.exempel@example.se' }], occurredAt: '2025-01-15' });
    for (const gagUntil of ['2025-06-30', '2099-06-30']) await officer('ReportSecretDisclosure', { ...asking, subject, gagUntil, occurredAt: '2025-06-01' });
    const told = await officer('ReportSecretDisclosure', { ...asking, authority: 'kronofogdemyndigheten', subject, occurredAt: '2025-06-01' });
    const at = String((told.body['events'] as readonly JsonObject[]).at(-1)?.['position']);
    const count = async (valid: string): Promise<number> => actsIn(await read(`/v1/subjects/${subject}/record?atLeast=${at}&valid=${valid}`)).length;
    expect([await count('2025-06-29'), await count('2025-06-30'), await count('2025-07-01')]).toEqual([0, 0, 1]);
  });
});

describe('the page of secret disclosures', () => {
  it('has the newest first, and goes on', async () => {
    const all = await read(`/v1/secret-disclosures?atLeast=${last}`);
    const types = lines(all).map(({ type }) => type);
    expect(types).toEqual([...Array.from({ length: 3 }, () => 'SecretDisclosurePerformed'), 'SecrecyEnded', 'SecretDisclosurePerformed', 'SecretDisclosurePerformed', 'SecretDisclosureBlocked']);
    const first = await read('/v1/secret-disclosures?limit=4');
    const second = await read(`/v1/secret-disclosures?limit=4&after=${String(first.body['next'])}`);
    expect([...lines(first), ...lines(second)]).toEqual(lines(all));
    expect(second.body['next']).toBeUndefined();
    expect(all.text).not.toContain('HEMLIGT-7');
  });

  it('is of one authority or one person', async () => {
    expect(lines(await read('/v1/secret-disclosures?authority=skatteverket')).map(({ authority }) => authority)).toEqual(['skatteverket']);
    expect(lines(await read(`/v1/secret-disclosures?subject=${SUBJECT}`))).toHaveLength(4);
    expect(lines(await read(`/v1/secret-disclosures?subject=${NOBODY}`))).toEqual([]);
  });

  it.each([['?limit=0', 400], ['?limit=201', 400], ['?after=..', 400], ['?authority=Polisen', 422], ['?subject=anna', 422], ['?colour=blue', 400], [`?authority=imy&subject=${SUBJECT}`, 400]])('refuses %s with %i', async (query, status) => {
    expect((await read(`/v1/secret-disclosures${query}`)).status).toBe(status);
  });
});

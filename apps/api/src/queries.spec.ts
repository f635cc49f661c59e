import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { command, email, send, startTestServer, type JsonObject, type Reply, type TestServer } from './server.fixture.js';

const SUBJECT = '3f0e8a52-6c1d-4b7a-9e35-0d2c4f6a8b10';
const NOBODY = '3f0e8a52-6c1d-4b7a-9e35-0d2c4f6a8b11';

describe.each(['memory', 'sqlite'] as const)('queries with views in %s', (engine) => {
  let to: TestServer;
  let last = '';

  beforeAll(async () => {
    to = await startTestServer(engine);
    await command(to, 'RegisterSubject', { subject: SUBJECT, identifiers: [{ kind: 'email', value: 'anna.exempel@example.se' }] });
    const reply = await command(to, 'GiveConsent', { ...email('anna.exempel@example.se'), service: 'newsletter', purposes: ['newsletter'], type: 'expressed', order: 'HEMLIG-7' });
    last = String((reply.body['events'] as readonly JsonObject[]).at(-1)?.['position']);
  });
  afterAll(() => to.close());

  const get = (path: string, headers: Readonly<Record<string, string>> = {}, token = to.tokens.auditor): Promise<Reply> =>
    send(to, path, { token, headers: { 'liggare-purpose': 'customer-case', ...headers } });

  it('gives a record with what was just written, and records the opening first', async () => {
    const reply = await get(`/v1/subjects/${SUBJECT}/record?atLeast=${last}`, { 'liggare-case': 'C-1' });
    expect(reply.status).toBe(200);
    expect(reply.text).toContain('anna.exempel@example.se');
    expect(reply.text).toContain('HEMLIG-7');
    expect(String(reply.body['position']) >= last).toBe(true);
    const accesses: string[] = [];
    for await (const batch of to.server.parts.log.readAll({ filter: { types: ['PersonalDataAccessed'] } })) accesses.push(...batch.map(({ data }) => data));
    expect(JSON.parse(accesses.at(-1) ?? '{}')).toMatchObject({ data: { subject: SUBJECT, query: 'record', purpose: 'customer-case' }, sealed: [{ slot: 'case' }] });
    expect(accesses.join()).not.toContain('C-1"');
  });

  it('gives the trail in the language asked for, by page', async () => {
    const english = await get(`/v1/subjects/${SUBJECT}/audit-trail?atLeast=${last}&lang=en`);
    const swedish = await get(`/v1/subjects/${SUBJECT}/audit-trail?limit=1`);
    const spoken = await get(`/v1/subjects/${SUBJECT}/audit-trail?limit=1`, { 'accept-language': 'en-GB,sv;q=0.5' });
    expect(english.text).toContain('Consent was given');
    expect((swedish.body['lines'] as readonly JsonObject[])[0]?.['sentence']).not.toBe((spoken.body['lines'] as readonly JsonObject[])[0]?.['sentence']);
    const next = await get(`/v1/subjects/${SUBJECT}/audit-trail?limit=1&after=${String(swedish.body['next'])}`);
    expect((next.body['lines'] as readonly JsonObject[])[0]?.['revision']).toBe(1);
  });

  it('answers as of what was known', async () => {
    expect((await get(`/v1/subjects/${SUBJECT}/record?known=2020-01-01`)).status).toBe(404);
    expect((await get(`/v1/subjects/${SUBJECT}/record?known=2999-01-01T00:00:00Z&valid=2999-01-01`)).status).toBe(200);
  });

  it('takes a date with its zone, as the ledger writes dates itself', async () => {
    const reply = await get(`/v1/subjects/${SUBJECT}/record?valid=${encodeURIComponent('2999-01-01[Europe/Stockholm]')}`);
    expect([reply.status, reply.body['valid']]).toEqual([200, '2999-01-01T22:59:59.999Z']);
  });

  it('finds people, and records a search that finds nobody without its term', async () => {
    const search = (value: string) => send(to, '/v1/subjects/search', { token: to.tokens.officer, headers: { 'liggare-purpose': 'customer-case' }, body: { kind: 'email', value } });
    expect((await search('Anna.Exempel@example.se')).body['subjects']).toEqual([{ subject: SUBJECT, matchedBy: 'email', shared: false }]);
    expect((await search('nobody@example.se')).body['subjects']).toEqual([]);
    const found: string[] = [];
    for await (const batch of to.server.parts.log.readAll({ filter: { types: ['SearchFoundNobody'] } })) found.push(...batch.map(({ data }) => data));
    expect(found).toHaveLength(1);
    expect(found.join()).not.toContain('nobody');
  });

  it.each([
    [`/v1/subjects/${NOBODY}/record`, 404, 'SubjectNotRegistered'],
    [`/v1/subjects/${NOBODY}/audit-trail`, 404, 'SubjectNotRegistered'],
    [`/v1/organisations/${NOBODY}`, 404, 'OrganisationNotFound'],
    ['/v1/subjects/anna@example.se/record', 422, 'UnusableId'],
    [`/v1/subjects/${SUBJECT}/record?rules=se-1999-01-01`, 422, 'UnknownRules'],
    [`/v1/subjects/${SUBJECT}/record?known=yesterday`, 400, 'UnusableTime'],
    [`/v1/subjects/${SUBJECT}/record?known=2024-01-01&known=2024-01-02`, 400, 'UnusableTime'],
    [`/v1/subjects/${SUBJECT}/record?valid=2024-01-01/2024-01-02`, 400, 'UnusableTime'],
    [`/v1/subjects/${SUBJECT}/record?valid=2024-01-01[Europe/Stockholm]/2024-01-02[Europe/Stockholm]`, 400, 'UnusableTime'],
    [`/v1/subjects/${SUBJECT}/record?atLeast=..`, 400, 'BadRequest'],
    [`/v1/subjects/${SUBJECT}/record?vaild=2024-01-01`, 400, 'BadRequest'],
    [`/v1/subjects/${SUBJECT}/record?valid[]=2024-01-01`, 400, 'BadRequest'],
    [`/v1/subjects/${SUBJECT}/record?limit=5`, 400, 'BadRequest'],
    [`/v1/subjects/${SUBJECT}/audit-trail?Known=2024-01-01`, 400, 'BadRequest'],
    [`/v1/subjects/${SUBJECT}/audit-trail?limit=201`, 400, 'BadRequest'],
    [`/v1/subjects/${SUBJECT}/audit-trail?limit=0`, 400, 'BadRequest'],
    [`/v1/subjects/${SUBJECT}/audit-trail?lang=fi`, 400, 'BadRequest'],
  ])('%s is answered %i %s', async (path, status, code) => {
    const reply = await get(path);
    expect([reply.status, reply.body['code']]).toEqual([status, code]);
    expect(reply.text).not.toMatch(/anna@|yesterday/);
  });

  it('asks for a purpose', async () => {
    for (const purpose of ['', 'curiosity']) {
      const reply = await get(`/v1/subjects/${SUBJECT}/record`, { 'liggare-purpose': purpose });
      expect([reply.status, reply.body['code']]).toEqual([400, 'PurposeMissing']);
      expect(reply.body['alternatives']).toContain('rights-request');
    }
  });

  it('rebuilds while serving, and then shows the same', async () => {
    const path = `/v1/subjects/${SUBJECT}/audit-trail?limit=2`;
    const before = await get(path);
    const [rebuilt, second] = await Promise.all([0, 1].map(() => send(to, '/v1/operations/rebuild', { method: 'POST', token: to.tokens.officer })));
    expect([rebuilt?.status, second?.status].sort()).toEqual([200, 409]);
    expect((await get(path)).body['lines']).toEqual(before.body['lines']);
    const status = await send(to, '/v1/status', { token: to.tokens.officer });
    expect(status.body).toMatchObject({ ready: true, storeStopped: false, projector: { serving: true } });
  });
});

describe('views that are not there', () => {
  it('are waited for, and then answered with 503 and when to try again', async () => {
    const to = await startTestServer();
    const { projection } = to.server.parts;
    Object.assign(projection, { isServing: () => false });
    const reply = await send(to, `/v1/subjects/${SUBJECT}/record`, { token: to.tokens.officer, headers: { 'liggare-purpose': 'operations' } });
    expect([reply.status, reply.body['code'], reply.headers['retry-after']]).toEqual([503, 'Unavailable', '5']);
    expect((await send(to, '/readyz')).status).toBe(503);
    expect((await send(to, '/healthz')).status).toBe(200);
    await to.close();
  });
});

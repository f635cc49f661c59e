import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readConfiguration } from '#nest/configuration.js';
import { command, event, send, startTestServer, temporaryData, type JsonObject, type Reply, type TestServer } from './server.fixture.js';
import { startServer } from './server.js';

const ANNA = '3f0e8a52-6c1d-4b7a-9e35-0d2c4f6a8b10';
const OTHER = '6e2d9c41-8b7a-4f30-a512-3c4d5e6f7a81';
const STUDIO = '7a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d';
const email = { kind: 'email', value: 'anna.exempel@example.se' };
const phone = { kind: 'phone', value: '070-174 06 05' };

describe.each(['memory', 'sqlite'] as const)('people who are one, over HTTP with views in %s', (engine) => {
  let to: TestServer;
  let last = '';
  beforeAll(async () => {
    to = await startTestServer(engine);
    await tell('RegisterSubject', { subject: ANNA, identifiers: [email] });
    await tell('RegisterSubject', { subject: OTHER, identifiers: [phone] });
    await tell('RegisterOrganisation', { organisation: STUDIO, number: '559062-5538', name: 'Exempelstudion AB' });
    for (const subject of [ANNA, OTHER]) await tell('StartRepresentation', { subject, organisation: STUDIO });
  });
  afterAll(() => to.close());

  async function tell(name: string, body: object, token = to.tokens.officer): Promise<Reply> {
    const reply = await command(to, name, body, { token });
    const events = (reply.body['events'] ?? []) as readonly JsonObject[];
    last = String(events.at(-1)?.['position'] ?? last);
    return reply;
  }
  const get = (path: string): Promise<Reply> => send(to, `${path}${path.includes('?') ? '&' : '?'}atLeast=${last}`, { token: to.tokens.officer, headers: { 'liggare-purpose': 'customer-case' } });
  const organisation = async (): Promise<unknown> => {
    await get(`/v1/subjects/${ANNA}/record`);
    const reply = await send(to, `/v1/organisations/${STUDIO}`, { token: to.tokens.officer, headers: { 'liggare-purpose': 'customer-case' } });
    return ((reply.body['organisation'] as JsonObject)['representatives'] as readonly JsonObject[]).map(({ subject }) => subject).toSorted();
  };
  const search = async (term: object): Promise<unknown> => (await send(to, '/v1/subjects/search', { token: to.tokens.officer, headers: { 'liggare-purpose': 'customer-case' }, body: term })).body['subjects'];

  it('are merged by officers only, in an import neither by others', async () => {
    expect((await tell('MergeSubjects', { subject: ANNA, from: OTHER }, to.tokens.upstream)).status).toBe(403);
    const line = `${JSON.stringify(event('RecordInError', { subject: ANNA, event: ANNA, code: 'duplicate' }))}\n`;
    const reply = await send(to, '/v1/commands', { token: to.tokens.upstream, headers: { 'content-type': 'application/x-ndjson' }, body: line });
    expect(JSON.parse(reply.text)).toMatchObject({ status: 'refused', code: 'NotPermitted', httpStatus: 403 });
  });

  it('are apart before, one afterwards, and apart again', async () => {
    expect(await organisation()).toEqual([ANNA, OTHER]);
    const merged = await tell('MergeSubjects', { subject: ANNA, from: OTHER, evidence: 'HEMLIG' });
    expect([merged.status, merged.body['about']]).toEqual([200, [ANNA]]);
    const record = await get(`/v1/subjects/${ANNA}/record`);
    expect(((record.body['record'] as JsonObject)['identifiers'] as readonly JsonObject[]).map(({ kind }) => kind).toSorted()).toEqual(['email', 'phone']);
    const old = await get(`/v1/subjects/${OTHER}/record`);
    expect([old.body['mergedInto'], (old.body['record'] as JsonObject)['identifiers']]).toEqual([ANNA, []]);
    const trail = await get(`/v1/subjects/${OTHER}/audit-trail`);
    expect(trail.body['mergedInto']).toBe(ANNA);
    expect((trail.body['lines'] as readonly JsonObject[]).map(({ type }) => type)).toEqual(expect.arrayContaining(['SubjectRegistered', 'SubjectMergedInto']));
    expect(await search(phone)).toEqual([{ subject: ANNA, matchedBy: 'phone', shared: false }]);
    expect(await organisation()).toEqual([ANNA]);
    expect(trail.text).not.toContain('HEMLIG');

    expect((await tell('UnmergeSubjects', { subject: ANNA, from: OTHER })).status).toBe(200);
    expect((await get(`/v1/subjects/${OTHER}/record`)).body).not.toHaveProperty('mergedInto');
    expect(await organisation()).toEqual([ANNA, OTHER]);
    expect(await search(phone)).toEqual([{ subject: OTHER, matchedBy: 'phone', shared: false }]);
  });

  it('have no event that was recorded in error in the record, and it marked in the trail', async () => {
    const told = await tell('EndRepresentation', { subject: OTHER, organisation: STUDIO });
    const [wrong] = told.body['events'] as readonly JsonObject[];
    expect((await tell('RecordInError', { subject: OTHER, event: wrong?.['id'] ?? '', code: 'wrong-person' })).status).toBe(200);
    const record = await get(`/v1/subjects/${OTHER}/record`);
    expect((record.body['record'] as JsonObject)['representations']).toEqual([expect.not.objectContaining({ endedAt: expect.anything() })]);
    const trail = await get(`/v1/subjects/${OTHER}/audit-trail`);
    expect((trail.body['lines'] as readonly JsonObject[]).find(({ id }) => id === wrong?.['id'])).toMatchObject({ annulled: { code: 'wrong-person' } });
    expect((await tell('RecordInError', { subject: OTHER, event: STUDIO, code: 'wrong-person' })).body).toMatchObject({ status: 422, code: 'EventNotFound' });
  });

  it('are told of in file order, a merge being waited for', async () => {
    const address = { kind: 'email', value: 'import@example.se' };
    const number = { kind: 'customer-number', value: 'K-77' };
    const [one, two] = ['3f0e8a52-6c1d-4b7a-9e35-0d2c4f6a8b21', '3f0e8a52-6c1d-4b7a-9e35-0d2c4f6a8b22'];
    const source = 'console';
    const lines = [
      event('RegisterSubject', { subject: one, identifiers: [address] }, { source }),
      event('RegisterSubject', { subject: two, identifiers: [number] }, { source }),
      event('MergeSubjects', { subject: one, from: two }, { source }),
      event('GiveConsent', { identifier: number, service: 'newsletter', purposes: ['newsletter'], type: 'expressed' }, { source }),
      event('WithdrawConsent', { subject: two }, { source }),
      event('RecordDeath', { identifier: address }, { source }),
      event('UnmergeSubjects', { subject: one, from: two }, { source }),
      event('RecordDeath', { subject: two }, { source }),
    ];
    const reply = await send(to, '/v1/commands', { token: to.tokens.officer, headers: { 'content-type': 'application/x-ndjson' }, body: lines.map((line) => `${JSON.stringify(line)}\n`).join('') });
    const answers = reply.text.trim().split('\n').map((line) => JSON.parse(line) as JsonObject);
    expect(answers.map(({ status, about, code }) => [status, about ?? code])).toEqual([['recorded', [one]], ['recorded', [two]], ['recorded', [one]], ['recorded', [one]], ['recorded', [one]], ['recorded', [one]], ['recorded', [one]], ['recorded', [two]]]);
    const types: string[] = [];
    for await (const batch of to.server.parts.log.readStream(`subject-${one}`)) types.push(...batch.map(({ type }) => type));
    expect(types.slice(2)).toEqual(['MergeStarted', 'SubjectAbsorbed', 'ConsentGiven', 'ConsentWithdrawn', 'DeathRecorded', 'SubjectReleased']);
  });
});

describe('a merge that a crash left half done', () => {
  it('is finished when the server is ready again', async () => {
    const { data, remove } = temporaryData();
    const configuration = readConfiguration({ LIGGARE_DATA: data, LIGGARE_PORT: '0' });
    const start = () => startServer(configuration, { writeLog: () => undefined });
    const first = await start();
    const { token } = await first.parts.vault.createActor({ name: 'an officer', role: 'officer' });
    const to: TestServer = { server: first, data, tokens: { officer: token, upstream: token, auditor: token }, logged: [], close: () => first.close() };
    for (const [subject, identifier] of [[ANNA, email], [OTHER, phone]] as const) await command(to, 'RegisterSubject', { subject, identifiers: [identifier] });
    const merged = await command(to, 'MergeSubjects', { subject: ANNA, from: OTHER });
    const [started] = merged.body['events'] as readonly JsonObject[];
    // A second one, of which only the first append was made: that is what a crash leaves.
    const again = (await command(to, 'UnmergeSubjects', { subject: ANNA, from: OTHER })).body['events'] as readonly JsonObject[];
    const { log } = first.parts;
    const text = await dataOf(log, ANNA, Number(started?.['revision']));
    const revision = Number(again[0]?.['revision']) + 1;
    const id = 'aaaaaaaa-0000-8000-8000-000000000001';
    const envelope = { ...(JSON.parse(text) as JsonObject), id, revision, recordedAt: new Date().toISOString(), data: { merge: 'aaaaaaaa-0000-8000-8000-000000000002', from: OTHER } };
    await log.append({ stream: `subject-${ANNA}`, expected: revision - 1, events: [{ id, type: 'MergeStarted', data: JSON.stringify(envelope) }] });
    await first.close();
    const second = await start();
    try {
      const types: string[] = [];
      for await (const batch of second.parts.log.readStream(`subject-${ANNA}`, { from: revision })) types.push(...batch.map(({ type }) => type));
      expect(types).toEqual(['MergeStarted', 'SubjectAbsorbed']);
    } finally {
      await second.close();
      remove();
    }
  });
});

async function dataOf(log: TestServer['server']['parts']['log'], subject: string, revision: number): Promise<string> {
  for await (const [found] of log.readStream(`subject-${subject}`, { from: revision, limit: 1 })) if (found !== undefined) return found.data;
  throw new Error('it is not there');
}

import { request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Answer } from '#ledger/answer.js';
import { ReportDisclosure } from '#ledger/subject/disclosure/disclosure.commands.js';
import { commandFrom } from '#nest/recording.js';
import { command, email, send, startTestServer, type JsonObject, type Reply, type TestServer } from './server.fixture.js';

const SUBJECT = '3f0e8a52-6c1d-4b7a-9e35-0d2c4f6a8b10';
const NOBODY = '3f0e8a52-6c1d-4b7a-9e35-0d2c4f6a8b11';
const DISCLOSURE = '5d1c9a0e-2b44-4c1f-8a56-7f0e1d2c3b4a';
const PATHS = ['consents', 'disclosures', 'transfers', 'sourcings', 'sourcings/days', 'recipient-register', 'deviations', 'decisions/recorded'] as const;

type Lines = readonly JsonObject[];

describe.each(['memory', 'sqlite'] as const)('registers with views in %s', (engine) => {
  let to: TestServer;
  let last = '';
  let consent = '';
  let holding = '';
  let disclosed = '';
  let rule = '';

  beforeAll(async () => {
    to = await startTestServer(engine);
    await command(to, 'RegisterSubject', { subject: SUBJECT, identifiers: [{ kind: 'email', value: 'anna.exempel@example.se' }] });
    const given = await command(to, 'GiveConsent', { ...email('anna.exempel@example.se'), service: 'newsletter', purposes: ['newsletter'], type: 'expressed', order: 'HEMLIG-7' });
    consent = eventsIn(given).find(({ type }) => type === 'ConsentGiven')?.['id'] as string;
    await command(to, 'CollectPersonalData', { subject: SUBJECT, service: 'newsletter', relationshipKind: 'subscriber', context: 'newsletter-signup', purposes: ['newsletter'], values: [{ category: 'email', value: 'anna.exempel@example.se' }] });
    const report = { subject: SUBJECT, service: 'newsletter', purpose: 'newsletter', categories: ['email'], recipient: 'unregistered', recipientName: 'Hemliga Utskick AB', disclosure: DISCLOSURE };
    const told = (await to.server.parts.record(commandFrom(ReportDisclosure, report, { commandId: 'disclosure-1', system: 'crm', actor: NOBODY, role: 'upstream', now: new Date().toISOString() }))) as Answer;
    expect(told.verdict).toBe('unjustified');
    disclosed = String(told.events.at(-1)?.id);
    last = String(told.events.at(-1)?.position);
    const reply = await get(`/v1/disclosures?atLeast=${last}`);
    holding = String((linesIn(reply)[0]?.['holdings'] as readonly string[])[0]);
    rule = String((linesIn(reply)[0]?.['failed'] as readonly string[])[0]);
  });
  afterAll(() => to.close());

  const eventsIn = (reply: Reply): Lines => reply.body['events'] as Lines;
  const linesIn = (reply: Reply): Lines => reply.body['lines'] as Lines;
  const get = (path: string, headers: Readonly<Record<string, string>> = {}, token = to.tokens.auditor): Promise<Reply> => send(to, path, { token, headers: { 'liggare-purpose': 'internal-audit', ...headers } });

  it('gives what was just told, with the position that it reflects, and opens nothing', async () => {
    const reply = await get(`/v1/disclosures?atLeast=${last}&subject=${SUBJECT}`);
    expect(reply.status).toBe(200);
    expect(linesIn(reply)).toMatchObject([{ event: disclosed, stage: 'told', recipient: 'unregistered', disclosure: DISCLOSURE, verdict: 'unjustified', categories: ['email'] }]);
    expect(String(reply.body['position']) >= last).toBe(true);
    for (const path of PATHS) {
      const { status, text } = await get(`/v1/${path}`);
      expect([path, status]).toEqual([path, 200]);
      expect(text).not.toMatch(/anna|HEMLIG|Hemlig/);
    }
    for await (const batch of to.server.parts.log.readAll({ filter: { streamPrefixes: ['access-'] } })) expect(batch).toEqual([]);
  });

  it('gives pages that go on where the last one ended', async () => {
    const first = await get('/v1/decisions/recorded?limit=1');
    const second = await get(`/v1/decisions/recorded?limit=1&after=${String(first.body['next'])}`);
    // Of another register, or of the same with another filter, it would stand for a place that is not there.
    for (const other of ['/v1/disclosures?', '/v1/decisions/recorded?from=2020-01-01&', '/v1/recipients/nobody/received?'])
      expect((await get(`${other}after=${String(first.body['next'])}`)).status).toBe(400);
    const both = await get('/v1/decisions/recorded?limit=2');
    expect([...linesIn(first), ...linesIn(second)]).toEqual(linesIn(both));
    expect(linesIn(both)).toHaveLength(2);
  });

  it('lists the deviation as open, and what the recipient has', async () => {
    expect(linesIn(await get(`/v1/deviations?state=open&rule=${rule}`))).toMatchObject([{ event: disclosed, dealtWith: [] }]);
    expect(linesIn(await get('/v1/deviations?state=dealt-with'))).toEqual([]);
    expect(linesIn(await get('/v1/recipients/unregistered/received'))).toMatchObject([{ subject: SUBJECT, holdings: [holding] }]);
  });

  it('gives a decision with all its reasons, and the events that they rest on', async () => {
    const { status, body } = await get(`/v1/decisions/${disclosed}`);
    expect([status, body['recipient']]).toEqual([200, 'unregistered']);
    expect(body['rules']).toContainEqual(expect.objectContaining({ rule, result: 'failed', article: expect.stringContaining('GDPR') }));
    expect((body['rules'] as Lines).some(({ result }) => result === 'passed')).toBe(true);
    expect(body['sentence']).toMatchObject({ sv: expect.stringContaining('Uppgifter lämnades ut') });
    expect((await get(`/v1/decisions/${consent}`)).body['decision']).toMatchObject({ event: consent, type: 'ConsentGiven' });
  });

  it('gives the lineage of a value, of a person, and backwards from a recipient', async () => {
    for (const path of [`holdings/${holding}`, `subjects/${SUBJECT}`, 'recipients/unregistered']) {
      const { status, body } = await get(`/v1/${path}/lineage`);
      expect([path, status]).toEqual([path, 200]);
      const nodes = body['nodes'] as Lines;
      expect(nodes.map(({ kind }) => kind).sort()).toEqual(['collection', 'disclosure', 'origin', 'recipient']);
      expect((body['edges'] as Lines).map(({ kind }) => kind).sort()).toEqual(['carried', 'gave', 'reached']);
    }
    const paged = await get(`/v1/holdings/${holding}/lineage?limit=1`);
    expect(paged.body['next']).toBeDefined();
    expect((await get(`/v1/holdings/${holding}/lineage?known=2020-01-01`)).body['nodes']).toEqual([]);
  });

  it.each([{ accept: 'text/csv' }, { accept: 'text/csv;q=0.9, */*;q=0.1' }])('gives the whole as CSV to %j', async (headers) => {
    const reply = await get('/v1/disclosures', headers);
    expect(reply.headers['content-type']).toBe('text/csv; charset=utf-8; header=present');
    expect(String(reply.headers['liggare-position']) >= last).toBe(true);
    const [header, line, end] = reply.text.split('\r\n');
    expect(header).toMatch(/^position,event,type,subject,/);
    expect(line).toContain(`,${disclosed},PersonalDataDisclosed,${SUBJECT},disclosure,told,unregistered,`);
    expect(end).toBe('');
  });

  it('gives CSV by the address too, of what a recipient received, and JSON to whoever takes both', async () => {
    expect((await get('/v1/recipients/unregistered/received?format=csv')).text).toContain(disclosed);
    expect((await get('/v1/consents?format=json', { accept: 'text/csv' })).body['lines']).toHaveLength(1);
    expect((await get('/v1/consents', { accept: 'application/json, text/csv' })).body['lines']).toHaveLength(1);
  });

  it.each([
    ['/v1/consents?colour=blue', 400, 'BadRequest'],
    ['/v1/consents?state=open', 400, 'BadRequest'],
    ['/v1/consents?subject=anna@example.se', 400, 'BadRequest'],
    ['/v1/consents?purpose=*', 400, 'BadRequest'],
    ['/v1/consents?purpose=a&purpose=b', 400, 'BadRequest'],
    ['/v1/consents?limit=0', 400, 'BadRequest'],
    ['/v1/consents?limit=201', 400, 'BadRequest'],
    ['/v1/consents?after=nonsense', 400, 'BadRequest'],
    ['/v1/consents?from=yesterday', 400, 'BadRequest'],
    ['/v1/consents?from=2020-13-45', 400, 'BadRequest'],
    ['/v1/transfers?to=2021-02-29', 400, 'BadRequest'],
    ['/v1/consents?format=xml', 400, 'BadRequest'],
    ['/v1/consents?format=csv&limit=5', 400, 'BadRequest'],
    ['/v1/deviations?state=forgotten', 400, 'BadRequest'],
    ['/v1/decisions/recorded?superseded=false', 400, 'BadRequest'],
    ['/v1/sourcings/days?after=nonsense', 400, 'BadRequest'],
    ['/v1/sourcings/days?source=a&after=b.2021-01-01', 400, 'BadRequest'],
    ['/v1/recipients/Not%20an%20id/received', 422, 'UnusableId'],
    ['/v1/recipients/nobody/received', 404, 'NotRegistered'],
    ['/v1/recipients/nobody/lineage', 404, 'NotRegistered'],
    ['/v1/recipients/unregistered/lineage?limit=51', 400, 'BadRequest'],
    ['/v1/decisions/not-a-uuid', 422, 'UnusableId'],
    [`/v1/decisions/${NOBODY}`, 404, 'NotFound'],
    [`/v1/holdings/${NOBODY}/lineage`, 404, 'NotFound'],
    [`/v1/subjects/${NOBODY}/lineage`, 404, 'SubjectNotRegistered'],
    [`/v1/subjects/${SUBJECT}/lineage?known=yesterday`, 400, 'UnusableTime'],
  ])('%s is answered %i %s', async (path, status, code) => {
    const reply = await get(path);
    expect([reply.status, reply.body['code']]).toEqual([status, code]);
    expect(reply.text).not.toMatch(/anna@|yesterday|nonsense/);
  });

  it('are for officers and auditors who say what for', async () => {
    for (const path of [...PATHS, `subjects/${SUBJECT}/lineage`, `decisions/${disclosed}`, 'recipients/unregistered/received', 'recipients/unregistered/lineage']) {
      expect([path, (await get(`/v1/${path}`, {}, to.tokens.upstream)).status]).toEqual([path, 403]);
      const without = await send(to, `/v1/${path}`, { token: to.tokens.officer });
      expect([path, without.status, without.body['code']]).toEqual([path, 400, 'PurposeMissing']);
    }
  });
});

describe('CSV over a real connection', () => {
  it('comes in parts, and ends when the client hangs up', async () => {
    const to = await startTestServer();
    await command(to, 'RegisterSubject', { subject: SUBJECT, identifiers: [{ kind: 'email', value: 'anna.exempel@example.se' }] });
    const { port } = to.server.app.getHttpServer().address() as AddressInfo;
    const headers = await new Promise<Readonly<Record<string, unknown>>>((resolve, reject) => {
      const asked = request({ port, path: '/v1/consents', headers: { authorization: `Bearer ${to.tokens.officer}`, 'liggare-purpose': 'operations', accept: 'text/csv' } }, (response) => {
        resolve(response.headers);
        response.destroy();
      });
      asked.on('error', reject).end();
    });
    expect(headers['transfer-encoding']).toBe('chunked');
    expect((await send(to, '/healthz')).status).toBe(200);
    await to.close();
  });
});

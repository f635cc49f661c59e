import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { commandExamples as activity } from '#ledger/activity/activity.examples.js';
import { commandExamples as conference } from '#ledger/conference/conference.examples.js';
import { commandExamples as organisation } from '#ledger/organisation/organisation.examples.js';
import { commandExamples as recipient } from '#ledger/recipient/recipient.examples.js';
import { commandExamples as source } from '#ledger/source/source.examples.js';
import { command, send, startTestServer, type JsonObject, type Reply, type TestServer } from './server.fixture.js';

let to: TestServer;
beforeAll(async () => {
  to = await startTestServer('sqlite');
  const { CancelConference: _cancelled, ...held } = conference;
  for (const [name, example] of Object.entries({ ...recipient, ...held, ...source, ...activity, ...organisation })) expect([name, (await command(to, name, example)).status]).toEqual([name, 200]);
});
afterAll(() => to.close());

const get = (path: string, headers: Readonly<Record<string, string>> = { 'liggare-purpose': 'supervision' }, token = to.tokens.auditor): Promise<Reply> => send(to, path, { token, headers });
const on = async (path: string, day: string): Promise<JsonObject> => (await get(`${path}?valid=${day}`)).body['register'] as JsonObject;
const lines = async (): Promise<readonly string[]> => {
  const found: string[] = [];
  for await (const batch of to.server.parts.log.readAll({ filter: { types: ['RegisterAccessed'] } })) found.push(...batch.map(({ data }) => data));
  return found;
};

describe('a recipient', () => {
  const path = '/v1/recipients/brevduvan';

  it('is shown with its names opened, what held on the day, and its history', async () => {
    const { status, body } = await get(`${path}?valid=2025-02-10`);
    expect([status, body['valid'], body['revision']]).toEqual([200, '2025-02-10', 10]);
    expect(body['register']).toMatchObject({
      id: 'brevduvan',
      name: { value: 'Brevduvan Exempel AB' },
      number: { value: '999900-0038' },
      kind: 'newsletter-sending',
      isRegistered: true,
      country: 'DE',
      roles: [{ assignment: 'newsletter-processor', role: 'processor', purposes: ['newsletter'], from: '2023-01-01', to: '2030-12-31' }],
      agreements: [{ agreement: 'contract-2023', kind: 'processor-contract', reference: { value: 'Avtal 2023/17' } }],
      subProcessors: [{ subProcessor: 'molnlagret', name: { value: 'Molnlagret Exempel AB' }, country: 'FI', isObjectedTo: true }],
      audits: [
        { nextOn: '2024-01-01', isOverdue: true },
        { subProcessor: 'molnlagret', on: '2025-01-20', outcome: 'failed', nextOn: '2025-04-20', isOverdue: false },
      ],
      plans: [],
    });
    const history = body['history'] as readonly JsonObject[];
    expect(history.map(({ type }) => type)).toEqual(['RecipientRegistered', 'RecipientMoved', 'RecipientRoleAssigned', 'RecipientRoleEnded', 'RecipientAgreementSigned', 'RecipientAgreementEnded', 'SubProcessorAdded', 'SubProcessorObjectedTo', 'RecipientAudited', 'SubProcessorRemoved', 'BusinessTransferPlanned']);
    expect(history[8]).toMatchObject({ revision: 8, data: { on: '2025-01-20' }, sealed: { note: { value: 'Loggar saknas för två av servrarna.' } } });
  });

  it.each([
    ['2022-12-31', { isRegistered: false, country: null, roles: [], agreements: [] }],
    ['2023-01-01', { isRegistered: true, country: 'SE' }],
    ['2024-05-31', { country: 'SE' }],
    ['2024-06-01', { country: 'DE' }],
    ['2025-01-31', { subProcessors: [{ isObjectedTo: false }] }],
    ['2025-02-28', { subProcessors: [{ isObjectedTo: true }] }],
    ['2025-03-01', { subProcessors: [], audits: [{ isOverdue: true }] }],
    ['2026-06-01', { plans: [{ plan: 'letters-sold' }] }],
    ['2026-09-01', { plans: [] }],
    ['2031-01-01', { roles: [], agreements: [] }],
  ])('on %s was so', async (day, expected) => {
    expect(await on(path, day)).toMatchObject(expected);
  });

  it('is overdue for audit from the day after', async () => {
    const overdue = async (day: string) => ((await on(path, day))['audits'] as readonly JsonObject[]).map(({ isOverdue }) => isOverdue);
    expect([await overdue('2024-01-01'), await overdue('2024-01-02')]).toEqual([[false, false], [true, false]]);
  });

  it('is opened for a purpose, and the opening is recorded first', async () => {
    const before = (await lines()).length;
    expect((await get(path, {})).body['code']).toBe('PurposeMissing');
    expect(await lines()).toHaveLength(before);
    await get(path, { 'liggare-purpose': 'internal-audit', 'liggare-case': 'C-9' });
    expect(JSON.parse((await lines()).at(-1) ?? '{}')).toMatchObject({ data: { register: 'recipient', id: 'brevduvan', purpose: 'internal-audit' }, sealed: [{ slot: 'case' }] });
  });
});

describe('the other registers', () => {
  it('show a conference on a day', async () => {
    const path = '/v1/conferences/autumn-meeting-2025';
    expect(await on(path, '2025-03-31')).toMatchObject({ name: { value: 'Höstmötet 2025' }, controller: 'asurgent-ab', service: 'conferences', startsOn: '2025-10-14', status: 'to-come', parties: [], notices: [], terms: [] });
    expect(await on(path, '2025-06-01')).toMatchObject({ parties: [{ recipient: 'brevduvan', role: 'sponsor' }], notices: [{ recipients: ['brevduvan'] }], terms: [{ terms: { id: 'meeting-terms', version: 1 } }] });
    expect((await on(path, '2025-10-15'))['status']).toBe('going-on');
    expect(await on(path, '2026-01-16')).toMatchObject({ status: 'ended', parties: [] });
  });

  it('show a source on a day', async () => {
    const path = '/v1/sources/branschlistan';
    const used = async (day: string) => (await on(path, day))['isUsed'];
    expect([await used('2023-08-31'), await used('2023-09-01'), await used('2024-12-31'), await used('2025-01-01'), await used('2025-06-01')]).toEqual([false, true, true, false, true]);
    expect(await on(path, '2026-02-28')).toMatchObject({ name: { value: 'Branschlistan Exempel AB' }, agreements: [{ agreement: 'list-2025', permit: { value: 'L-2025-44' } }] });
    expect((await on(path, '2026-03-01'))['agreements']).toEqual([]);
  });

  it('show a processing activity on a day', async () => {
    const path = '/v1/activities/newsletter';
    expect(await on(path, '2022-12-31')).toMatchObject({ name: { value: 'Utskick av nyhetsbrev' }, isGoingOn: false });
    expect(await on(path, '2024-05-31')).toMatchObject({ isGoingOn: true, description: { countries: [] } });
    expect(await on(path, '2024-06-01')).toMatchObject({ description: { countries: ['US'] } });
    expect((await on(path, '2031-01-01'))['isGoingOn']).toBe(false);
  });

  it('list what they hold, without opening anything', async () => {
    const before = (await lines()).length;
    const list = async (path: string) => (await get(`/v1/${path}?valid=2025-03-15`, {})).body;
    expect(await list('recipients')).toEqual({ valid: '2025-03-15', entries: [{ id: 'brevduvan', revision: 10, kind: 'newsletter-sending', from: '2023-01-01', isRegistered: true, country: 'DE', roles: ['processor'], isAuditOverdue: true }] });
    expect(await list('conferences')).toMatchObject({ entries: [{ id: 'autumn-meeting-2025', service: 'conferences', status: 'to-come', parties: 0 }] });
    expect(await list('sources')).toMatchObject({ entries: [{ id: 'branschlistan', kind: 'broker', isUsed: false }] });
    expect(await list('activities')).toMatchObject({ entries: [{ id: 'newsletter', isGoingOn: true, role: 'controller', purposes: ['newsletter'] }] });
    expect(await lines()).toHaveLength(before);
  });
});

describe('a company', () => {
  it('is shown with its agreements and services, and whether they were in force on the day', async () => {
    const path = `/v1/organisations/${organisation.RegisterOrganisation.organisation}`;
    const last = String((await to.server.parts.log.head()) ?? '');
    expect(await to.server.parts.projection.waitFor(last, 5_000)).toBe(true);
    const shown = async (day: string) => (await get(`${path}?valid=${day}`)).body['organisation'] as JsonObject;
    expect(await shown('2024-06-01')).toMatchObject({
      valid: '2024-06-01',
      agreements: [{ agreement: 'frame-2024', services: ['conferences', 'subscription'], from: '2024-05-01', to: '2026-04-30', inForce: true, reference: { value: 'Ramavtal 2024-88' } }],
      services: [{ service: 'subscription', agreement: 'frame-2024', from: '2024-05-15', to: '2025-12-31', inForce: true }],
    });
    const inForce = async (day: string) => {
      const { agreements, services } = await shown(day);
      return [...(agreements as readonly JsonObject[]), ...(services as readonly JsonObject[])].map((one) => one['inForce']);
    };
    expect([await inForce('2024-05-14'), await inForce('2025-12-31'), await inForce('2026-01-01'), await inForce('2026-05-01')]).toEqual([[true, false], [true, true], [true, false], [false, false]]);
  });
});

describe('refused', () => {
  it.each([
    ['/v1/recipients/nobody', 404, 'NotRegistered'],
    ['/v1/conferences/nothing', 404, 'NotRegistered'],
    ['/v1/recipients/Anna@example.se', 422, 'UnusableId'],
    ['/v1/sources/x-195006262546', 422, 'UnusableId'],
    ['/v1/recipients/brevduvan?valid=yesterday', 400, 'UnusableTime'],
    ['/v1/recipients/brevduvan?valid=2025-02-29', 400, 'UnusableTime'],
    ['/v1/recipients?valid=2025-01-01T00:00:00Z', 400, 'UnusableTime'],
    ['/v1/recipients?valid=2025-01-01&valid=2025-01-02', 400, 'UnusableTime'],
    ['/v1/recipients?vaild=2025-01-01', 400, 'BadRequest'],
  ])('%s is answered %i %s', async (path, status, code) => {
    const reply = await get(path);
    expect([reply.status, reply.body['code']]).toEqual([status, code]);
    expect(reply.text).not.toMatch(/Anna|yesterday|195006/);
  });

  it('to upstreams', async () => {
    for (const path of ['/v1/recipients', '/v1/recipients/brevduvan']) expect((await get(path, { 'liggare-purpose': 'supervision' }, to.tokens.upstream)).status).toBe(403);
  });
});

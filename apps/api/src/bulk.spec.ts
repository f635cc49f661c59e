import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { gateRules } from '#ledger/gate/gate.js';
import { applied, type GateRule } from '#ledger/gate/rule.js';
import { enterRegister } from './register.fixture.js';
import { command, send, startTestServer, type JsonObject, type Reply, type TestServer } from './server.fixture.js';

const COUNT = 300;
/** The gate's own rules are specified where they are; this one blocks whom the test says. */
const known: readonly GateRule[] = [({ state }) => [applied('category-allowed', !state.identity.died)]];

let to: TestServer;
let subjects: readonly string[];
beforeAll(async () => {
  const all = gateRules as GateRule[];
  all.splice(0, all.length, ...known);
  to = await startTestServer();
  await enterRegister(to.server.parts, 'recipient-acme', [{ type: 'RecipientRegistered', data: { kind: 'newsletter-sending', country: 'SE', from: '2018-01-01' } }]);
  const replies = await Promise.all(Array.from({ length: COUNT }, (_, i) => command(to, 'RegisterSubject', { identifiers: [{ kind: 'customer-number', value: `BULK-${i}` }] })));
  subjects = replies.map(({ body }) => (body['about'] as readonly string[])[0] ?? '');
  await command(to, 'RecordDeath', { subject: subjects[3] ?? '' });
});
afterAll(() => to.close());

const act = { service: 'newsletter', recipient: 'acme', purpose: 'newsletter', categories: ['email'] };
const NOBODY = '3f0e8a52-6c1d-4b7a-9e35-0d2c4f6a8b10';

function bulk(name: string, body: object | string, key: string, token = to.tokens.upstream): Promise<Reply> {
  return send(to, `/v1/commands/${name}/bulk`, { token, headers: { 'idempotency-key': key }, body });
}
const lines = ({ text }: Reply): readonly JsonObject[] => text.trimEnd().split('\n').map((line) => JSON.parse(line) as JsonObject);
const eventOf = (answer: JsonObject | undefined): JsonObject | undefined => (answer?.['events'] as readonly JsonObject[] | undefined)?.[0];

describe('one act and many people', () => {
  it('answers a line for each, in order; bad ones and blocked ones stop nothing', async () => {
    const asked: readonly unknown[] = [...subjects, 'anna.exempel@example.se', NOBODY, 7];
    const reply = await bulk('AuthoriseDisclosure', { ...act, subjects: asked }, 'list-1');
    const answers = lines(reply);
    expect([reply.status, reply.headers['content-type'], answers.length]).toEqual([200, 'application/x-ndjson; charset=utf-8', COUNT + 3]);
    expect(answers.map(({ line }) => line)).toEqual(asked.map((_, i) => i + 1));
    expect(Object.keys(answers[0] ?? {}).sort()).toEqual(['about', 'decision', 'events', 'line', 'status', 'subject', 'verdict']);
    expect(answers[0]).toMatchObject({ line: 1, subject: subjects[0], status: 'recorded', about: [subjects[0]], decision: { outcome: 'allowed' } });
    expect(answers[3]).toMatchObject({ line: 4, subject: subjects[3], status: 'blocked', code: 'Blocked', httpStatus: 403, about: [subjects[3]], decision: { failed: ['category-allowed'] } });
    expect(answers.slice(COUNT)).toMatchObject([
      { status: 'refused', code: 'UnusableId', httpStatus: 422, pointer: `/subjects/${COUNT}` },
      { subject: NOBODY, status: 'refused', code: 'SubjectNotRegistered', httpStatus: 404 },
      { status: 'refused', code: 'UnusableId', httpStatus: 422, pointer: `/subjects/${COUNT + 2}` },
    ]);
    expect(reply.text).not.toContain('anna');
    expect(answers.filter(({ status }) => status === 'recorded')).toHaveLength(COUNT - 1);
    expect(new Set(answers.slice(0, COUNT).map((answer) => eventOf(answer)?.['id'])).size).toBe(COUNT);
  });

  it('answers a repeat as such for each, and further people anew', async () => {
    const first = lines(await bulk('AuthoriseDisclosure', { ...act, subjects: subjects.slice(0, 5) }, 'repeat-1'));
    const again = lines(await bulk('AuthoriseDisclosure', { ...act, subjects: subjects.slice(0, 6) }, 'repeat-1'));
    expect(again.slice(0, 5)).toEqual(first.map((answer) => (answer['status'] === 'blocked' ? answer : { ...answer, status: 'duplicate' })));
    expect(again[5]).toMatchObject({ status: 'recorded' });
  });

  it('refuses other content under the same key for each', async () => {
    await bulk('AuthoriseDisclosure', { ...act, subjects: subjects.slice(0, 2) }, 'other-1');
    const other = lines(await bulk('AuthoriseDisclosure', { ...act, purpose: 'purchase', subjects: subjects.slice(0, 2) }, 'other-1'));
    expect(other).toMatchObject([{ status: 'refused', code: 'CommandIdReused' }, { status: 'refused', code: 'CommandIdReused' }]);
  });

  it('takes a person who stands in it twice once', async () => {
    const [one = ''] = subjects;
    expect(lines(await bulk('AuthoriseDisclosure', { ...act, subjects: [one, one] }, 'twice-1')).map(({ status }) => status)).toEqual(['recorded', 'duplicate']);
  });

  it('does not meet a single command under the same key', async () => {
    const [one = ''] = subjects;
    await bulk('AuthoriseDisclosure', { ...act, subjects: [one] }, 'single-1');
    expect((await command(to, 'AuthoriseDisclosure', { ...act, subject: one }, { id: 'single-1' })).body['status']).toBe('recorded');
  });

  it('takes told acts as well', async () => {
    const answers = lines(await bulk('ReportDisclosure', { ...act, subjects: subjects.slice(0, 4), occurredAt: '2025-03-01' }, 'told-1'));
    expect(answers.map(({ status, verdict }) => [status, verdict])).toEqual([['recorded', 'justified'], ['recorded', 'justified'], ['recorded', 'justified'], ['recorded', 'unjustified']]);
  });

  it('takes ten thousand, which is more than other bodies may hold, and no more', async () => {
    const many = Array.from({ length: 10_000 }, () => NOBODY);
    expect(lines(await bulk('AuthoriseDisclosure', { ...act, subjects: many }, 'many-1'))).toHaveLength(10_000);
    const more = await bulk('AuthoriseDisclosure', { ...act, subjects: [...many, NOBODY] }, 'many-2');
    expect([more.status, more.body['code'], more.body['pointer']]).toEqual([400, 'Invalid', '/subjects']);
  });
});

describe('refused as a whole', () => {
  it.each<[string, string, object | string, number, string, string | undefined]>([
    ['no list', 'AuthoriseDisclosure', act, 400, 'Invalid', '/subjects'],
    ['an empty list', 'AuthoriseDisclosure', { ...act, subjects: [] }, 400, 'Invalid', '/subjects'],
    ['a fault in the act', 'AuthoriseDisclosure', { ...act, colour: 'blue', subjects: [NOBODY] }, 400, 'Invalid', '/colour'],
    ['a member of one person', 'ReportDisclosure', { ...act, authorisation: NOBODY, subjects: [NOBODY] }, 400, 'Invalid', '/authorisation'],
    ['a command that is no act', 'GiveConsent', { subjects: [NOBODY] }, 404, 'NotFound', undefined],
    ['a name of Object', 'constructor', { subjects: [NOBODY] }, 404, 'NotFound', undefined],
  ])('%s', async (_name, name, body, status, code, pointer) => {
    const before = await to.server.parts.log.head();
    const reply = await bulk(name, body, 'whole-1');
    expect([reply.status, reply.body['code'], reply.body['pointer']]).toEqual([status, code, pointer]);
    expect(await to.server.parts.log.head()).toBe(before);
  });

  it('without a key, of another type, or for an auditor', async () => {
    const url = '/v1/commands/AuthoriseDisclosure/bulk';
    const body = { ...act, subjects: [NOBODY] };
    expect((await send(to, url, { token: to.tokens.upstream, body })).body['code']).toBe('IdempotencyKeyMissing');
    expect((await send(to, url, { token: to.tokens.upstream, headers: { 'idempotency-key': 'x', 'content-type': 'application/x-ndjson' }, body: '{}' })).status).toBe(415);
    expect((await bulk('AuthoriseDisclosure', body, 'x', to.tokens.auditor)).status).toBe(403);
  });
});

import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { gateRules } from '#ledger/gate/gate.js';
import { applied, passed, type GateRule } from '#ledger/gate/rule.js';
import { rules } from '#ledger/rules.js';
import { asks } from './decisions.controller.js';
import type { Adviser } from './recorder.js';
import { enterRegister } from './register.fixture.js';
import { command, send, startTestServer, type JsonObject, type Reply, type TestServer } from './server.fixture.js';

const revealing = Object.entries(rules).flatMap(([rule, about]) => ('reveals' in about ? [rule] : []));

/** The gate's own rules are specified where they are; these have answers that the tests know. */
const known: readonly GateRule[] = [
  ({ held }) => held.map(({ category }) => passed('category-allowed', { categories: [category] })),
  ({ act }) => [applied('recipient-role', act.purpose === 'newsletter')],
  ({ state }) => [applied('protected-identity', state.identity.protection === undefined)],
  ({ state }) => [applied('person-alive', !state.identity.died)],
];

let to: TestServer;
let subject: string;
beforeAll(async () => {
  const all = gateRules as GateRule[];
  all.splice(0, all.length, ...known);
  to = await startTestServer();
  await enterRegister(to.server.parts, 'recipient-acme', [{ type: 'RecipientRegistered', data: { kind: 'newsletter-sending', country: 'SE', from: '2018-01-01' } }]);
  subject = await registered('MAY-I-1');
});
afterAll(() => to.close());

async function registered(value: string): Promise<string> {
  const reply = await command(to, 'RegisterSubject', { identifiers: [{ kind: 'customer-number', value }] });
  return (reply.body['about'] as readonly string[])[0] ?? '';
}

const act = { ask: 'AuthoriseDisclosure', service: 'newsletter', recipient: 'acme', purpose: 'newsletter', categories: ['email'] };
const mayI = (body: object | string, { token = to.tokens.upstream, type = 'application/json' } = {}): Promise<Reply> => send(to, '/v1/decisions', { token, headers: { 'content-type': type }, body });
const lines = (text: string): readonly JsonObject[] => text.trimEnd().split('\n').map((line) => JSON.parse(line) as JsonObject);

describe('"may I?"', () => {
  it('answers with exactly the promised members, and records nothing', async () => {
    const before = await to.server.parts.log.head();
    const reply = await mayI({ ...act, subject });
    expect([reply.status, Object.keys(reply.body).sort()]).toEqual([200, ['about', 'outcome', 'registers', 'revision', 'rules']]);
    expect(reply.body).toMatchObject({ outcome: 'allowed', about: [subject], revision: 1, registers: [{ stream: 'policy-asurgent-ab', revision: 0 }, { stream: 'recipient-acme', revision: 0 }] });
    expect(await to.server.parts.log.head()).toBe(before);
    expect(await to.server.parts.vault.unsettled()).toEqual([]);
  });

  it('finds the person by identifier', async () => {
    const reply = await mayI({ ...act, identifier: { kind: 'customer-number', value: 'MAY-I-1' } });
    expect([reply.status, reply.body['about']]).toEqual([200, [subject]]);
  });

  it('answers 200 to an ask that would be blocked, with what failed and what to do', async () => {
    const reply = await mayI({ ...act, purpose: 'purchase', subject });
    expect([reply.status, reply.body['outcome'], reply.body['failed']]).toEqual([200, 'blocked', ['recipient-role']]);
    expect(reply.body['advice']).toMatchObject([{ en: expect.stringContaining('Not permitted') }, { rule: 'recipient-role' }]);
  });

  it.each([
    ['FlagProtectedIdentity', { protection: 'secrecy-marking' }, 'blocked', 'blocked', 'protected-identity'],
    ['RecordDeath', {}, 'allowed', 'allowed-with-remarks', 'person-alive'],
  ])('tells an upstream no rule that reveals after %s, and an officer every one', async (name, members, toUpstream, toOfficer, rule) => {
    const who = await registered(`MAY-I-${name}`);
    await command(to, name, { ...members, subject: who });
    const upstream = await mayI({ ...act, subject: who });
    const officer = await mayI({ ...act, subject: who }, { token: to.tokens.officer });
    expect([upstream.status, upstream.body['outcome'], officer.body['outcome']]).toEqual([200, toUpstream, toOfficer]);
    for (const code of revealing) expect([code, upstream.text.includes(code)]).toEqual([code, false]);
    expect(upstream.body).not.toHaveProperty('failed');
    expect(officer.text).toContain(rule);
  });

  it('is answered anew by what has been recorded since', async () => {
    const who = await registered('MAY-I-SINCE');
    expect((await mayI({ ...act, subject: who })).body['outcome']).toBe('allowed');
    await command(to, 'FlagProtectedIdentity', { subject: who, protection: 'secrecy-marking' });
    expect((await mayI({ ...act, subject: who })).body['outcome']).toBe('blocked');
  });

  it('is counted by ask and outcome', async () => {
    const { text } = await send(to, '/metrics', { token: to.tokens.officer });
    expect(text).toMatch(/liggare_decisions_total\{ask="AuthoriseDisclosure",outcome="blocked"\} \d+/);
    expect(text).toMatch(/liggare_decision_seconds_count\{ask="AuthoriseDisclosure"\} \d+/);
  });

  it('is for upstreams and officers', async () => {
    const reply = await mayI({ ...act, subject }, { token: to.tokens.auditor });
    expect([reply.status, reply.body['code']]).toEqual([403, 'NotPermitted']);
  });

  it.each<[string, object | string, number, string, string]>([
    ['a body that is no object', [], 400, 'Invalid', ''],
    ['no ask', { purpose: 'newsletter' }, 400, 'Invalid', '/ask'],
    ['a command that asks nothing', { ...act, ask: 'ReportDisclosure' }, 422, 'UnknownAsk', '/ask'],
    ['a name of Object', { ...act, ask: 'constructor' }, 422, 'UnknownAsk', '/ask'],
    ['a member that the ask has not', { ...act, subject: '3f0e8a52-6c1d-4b7a-9e35-0d2c4f6a8b10', colour: 'blue' }, 400, 'Invalid', '/colour'],
    ['nobody of this id', { ...act, subject: '3f0e8a52-6c1d-4b7a-9e35-0d2c4f6a8b10' }, 404, 'SubjectNotRegistered', '/subject'],
    ['nobody of this identifier', { ...act, identifier: { kind: 'customer-number', value: 'NOBODY' } }, 404, 'NoSuchPerson', '/identifier'],
    ['text that is not JSON', '{', 400, 'MalformedJson', ''],
  ])('refuses %s', async (_name, body, status, code, pointer) => {
    const reply = await mayI(body);
    expect([reply.status, reply.body['code'], reply.body['pointer']]).toEqual([status, code, pointer]);
  });

  it('refuses what the ask itself refuses, with the alternatives', async () => {
    const recipient = await mayI({ ...act, subject, recipient: 'nobody' });
    expect([recipient.status, recipient.body['code'], recipient.body['alternatives']]).toEqual([422, 'UnknownRecipient', ['acme', 'unregistered']]);
    const then = await mayI({ ...act, subject, occurredAt: '2020-01-01' });
    expect([then.status, then.body['code']]).toEqual([422, 'AskIsForNow']);
    const ask = await mayI({ ...act, ask: 'AuthoriseNothing' });
    expect(ask.body['alternatives']).toEqual([...asks.keys()].filter((name) => !name.includes('Secret')));
    expect((await mayI({}, { type: 'application/cloudevents+json' })).status).toBe(415);
  });
});

describe('many at once', () => {
  it('are answered a line each, in order, bad ones among them, and nothing is recorded', async () => {
    const before = await to.server.parts.log.head();
    const asked = Array.from({ length: 2_000 }, (_, i) => {
      if (i % 100 === 7) return '{"not": json';
      if (i % 100 === 8) return JSON.stringify({ ...act, subject, recipient: 'nobody' });
      return JSON.stringify({ ...act, subject, purpose: i % 2 === 0 ? 'newsletter' : 'purchase' });
    });
    const { text, headers, status } = await mayI(asked.join('\n'), { type: 'application/x-ndjson' });
    const answers = lines(text);
    expect([status, headers['content-type'], answers.length]).toEqual([200, 'application/x-ndjson; charset=utf-8', 2_000]);
    expect(answers.map(({ line }) => line)).toEqual(asked.map((_, i) => i + 1));
    expect(answers[7]).toMatchObject({ line: 8, status: 'refused', code: 'MalformedJson', httpStatus: 400 });
    expect(answers[8]).toMatchObject({ line: 9, status: 'refused', code: 'UnknownRecipient', httpStatus: 422, pointer: '/recipient' });
    expect(answers[9]).toMatchObject({ line: 10, outcome: 'blocked', failed: ['recipient-role'] });
    expect(Object.keys(answers[10] ?? {})).toEqual(['line', 'outcome', 'rules', 'about', 'revision', 'registers']);
    for (const code of revealing) expect([code, text.includes(code)]).toEqual([code, false]);
    expect(await to.server.parts.log.head()).toBe(before);
  });

  it('are under way 64 at a time and more', async () => {
    const { parts } = to.server;
    const { advise } = parts;
    let begun = 0;
    let go: () => void = () => undefined;
    const together = new Promise<void>((resolve) => (go = resolve));
    // Answered only when 64 have begun: with fewer at once this would wait for ever.
    const waiting: Adviser = async (entry, asked) => {
      begun += 1;
      if (begun === 64) go();
      await together;
      return advise(entry, asked);
    };
    Object.assign(parts, { advise: waiting });
    try {
      const { text } = await mayI(Array.from({ length: 100 }, () => JSON.stringify({ ...act, subject })).join('\n'), { type: 'application/x-ndjson' });
      expect(lines(text).map(({ outcome }) => outcome)).toEqual(Array.from({ length: 100 }, () => 'allowed'));
    } finally {
      Object.assign(parts, { advise });
    }
  });

  it('are answered while more are to come', async () => {
    const sending = request(`${to.server.url}/v1/decisions`, { method: 'POST', headers: { authorization: `Bearer ${to.tokens.officer}`, 'content-type': 'application/x-ndjson' } });
    sending.write(`${JSON.stringify({ ...act, subject })}\n`);
    const first = await new Promise<string>((resolve, reject) => {
      sending.on('error', reject);
      sending.on('response', (response) => {
        response.once('data', (chunk: Buffer) => resolve(chunk.toString('utf8')));
        response.on('error', reject);
      });
    });
    expect(lines(first)[0]).toMatchObject({ line: 1, outcome: 'allowed' });
    sending.end();
  });
});

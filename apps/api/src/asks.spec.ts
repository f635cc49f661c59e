/**
 * The edge of the gate: what each role is told, by each way. The gate's own rules are specified where they are; here they are exchanged
 * for a few whose answers the tests know.
 */
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { gateRules } from '#ledger/gate/gate.js';
import { applied, failed, passed, type GateRule } from '#ledger/gate/rule.js';
import { rules } from '#ledger/rules.js';
import { RouteRoles } from '#nest/roles.js';
import { enterRegister } from './register.fixture.js';
import { command, event, send, startTestServer, type JsonObject, type Reply, type TestServer } from './server.fixture.js';

const revealing = Object.entries(rules).flatMap(([rule, about]) => ('reveals' in about ? [rule] : []));

const known: readonly GateRule[] = [
  ({ held }) => held.map(({ category }) => passed('category-allowed', { categories: [category] })),
  ({ act }) => [applied('recipient-role', act.purpose === 'newsletter')],
  ({ act }) => [applied('audit-current', act.recipient !== 'overdue')],
  ({ state }) => [applied('protected-identity', state.identity.protection === undefined)],
  ({ state }) => (state.identity.died ? [failed('person-alive')] : [passed('person-alive')]),
  () => [passed('no-objection'), passed('not-restricted')],
];

let to: TestServer;
beforeAll(async () => {
  const all = gateRules as GateRule[];
  all.splice(0, all.length, ...known);
  to = await startTestServer();
  for (const id of ['acme', 'overdue']) await enterRegister(to.server.parts, `recipient-${id}`, [{ type: 'RecipientRegistered', data: { kind: 'newsletter-sending', country: 'SE', from: '2018-01-01' } }]);
});
afterAll(() => to.close());

type Case = 'allowed' | 'remarked' | 'blocked' | 'protected' | 'dead';
const CASES: readonly Case[] = ['allowed', 'remarked', 'blocked', 'protected', 'dead'];
const isBlocked = (one: Case): boolean => one === 'blocked' || one === 'protected';
type Sender = 'upstream' | 'officer';
const SENDERS: readonly Sender[] = ['upstream', 'officer'];
const SOURCE = { upstream: 'crm', officer: 'console' } as const;

let people = 0;

async function person(like: Case): Promise<string> {
  const reply = await command(to, 'RegisterSubject', { identifiers: [{ kind: 'customer-number', value: `ASK-${++people}` }] });
  const subject = (reply.body['about'] as readonly string[])[0] ?? '';
  if (like === 'protected') await command(to, 'FlagProtectedIdentity', { subject, protection: 'secrecy-marking' });
  if (like === 'dead') await command(to, 'RecordDeath', { subject });
  return subject;
}

function members(like: Case, subject: string): JsonObject {
  return { subject, service: 'newsletter', recipient: like === 'remarked' ? 'overdue' : 'acme', purpose: like === 'blocked' ? 'purchase' : 'newsletter', categories: ['email'] };
}

const cloud = (sender: Sender, type: string, body: object | string): Promise<Reply> => send(to, '/v1/commands', { token: to.tokens[sender], headers: { 'content-type': type }, body });
const lines = (text: string): readonly JsonObject[] => text.trimEnd().split('\n').map((line) => JSON.parse(line) as JsonObject);

interface Answered {
  readonly status: unknown;
  readonly httpStatus: unknown;
  readonly decision: JsonObject;
  readonly text: string;
}

const ofReply = ({ status, body, text }: Reply): Answered => ({ status: status === 403 ? 'blocked' : body['status'], httpStatus: status === 200 ? undefined : status, decision: body['decision'] as JsonObject, text });
const ofLine = (line: JsonObject | undefined, text: string): Answered => ({ status: line?.['status'], httpStatus: line?.['httpStatus'], decision: line?.['decision'] as JsonObject, text });

/** Every way in which an ask is sent. */
const WAYS: Readonly<Record<string, (sender: Sender, like: Case) => Promise<Answered>>> = {
  'its own route': async (sender, like) => ofReply(await command(to, 'AuthoriseDisclosure', members(like, await person(like)), { token: to.tokens[sender] })),
  'a CloudEvent': async (sender, like) => ofReply(await cloud(sender, 'application/cloudevents+json', event('AuthoriseDisclosure', members(like, await person(like)), { source: SOURCE[sender] }))),
  'a batch': async (sender, like) => {
    const { text, body } = await cloud(sender, 'application/cloudevents-batch+json', [event('AuthoriseDisclosure', members(like, await person(like)), { source: SOURCE[sender] })]);
    return ofLine((body['items'] as readonly JsonObject[])[0], text);
  },
  'a line': async (sender, like) => {
    const { text } = await cloud(sender, 'application/x-ndjson', JSON.stringify(event('AuthoriseDisclosure', members(like, await person(like)), { source: SOURCE[sender] })));
    return ofLine(lines(text)[0], text);
  },
  'a list of people': async (sender, like) => {
    const { subject, ...act } = members(like, await person(like));
    const { text } = await send(to, '/v1/commands/AuthoriseDisclosure/bulk', { token: to.tokens[sender], headers: { 'idempotency-key': `list-${people}` }, body: { ...act, subjects: [subject ?? null] } });
    return ofLine(lines(text)[0], text);
  },
};

describe.each(Object.entries(WAYS))('an ask by %s', (_way, ask) => {
  it.each(SENDERS.flatMap((sender) => CASES.map((like) => [sender, like] as const)))('answers an %s whether it is allowed: %s', async (sender, like) => {
    const { status, httpStatus, decision, text } = await ask(sender, like);
    const isHeard = sender === 'officer' || like === 'remarked' || isBlocked(like);
    const outcome = isBlocked(like) ? 'blocked' : like !== 'allowed' && isHeard ? 'allowed-with-remarks' : 'allowed';
    expect([status, httpStatus, decision['outcome']]).toEqual([isBlocked(like) ? 'blocked' : 'recorded', isBlocked(like) ? 403 : undefined, outcome]);
    expect(decision['authorisation']).toEqual(isBlocked(like) ? undefined : expect.stringMatching(/^[0-9a-f-]{36}$/));
    expect(text).toContain(isBlocked(like) ? '"type":"DisclosureBlocked"' : '"type":"DisclosureAuthorised"');
    const told = (decision['rules'] as readonly JsonObject[]).map(({ rule }) => rule);
    expect(told).toEqual(sender === 'officer' ? ['category-allowed', 'recipient-role', 'audit-current', 'protected-identity', 'person-alive', 'no-objection', 'not-restricted'] : ['category-allowed', 'recipient-role', 'audit-current']);
    if (sender === 'upstream') for (const rule of revealing) expect([rule, text.includes(rule)]).toEqual([rule, false]);
  });
});

describe('a blocked ask', () => {
  it('is a problem with what was recorded, and the same again on repeat', async () => {
    const body = members('blocked', await person('blocked'));
    const first = await command(to, 'AuthoriseDisclosure', body, { id: 'blocked-1' });
    const again = await command(to, 'AuthoriseDisclosure', body, { id: 'blocked-1' });
    expect(first.headers['content-type']).toBe('application/problem+json; charset=utf-8');
    expect(Object.keys(first.body).sort()).toEqual(['about', 'code', 'commandId', 'decision', 'events', 'status', 'title', 'type', 'verdict']);
    expect(first.body).toMatchObject({ type: 'urn:liggare:problem:Blocked', status: 403, code: 'Blocked', commandId: 'blocked-1', about: [body['subject']], verdict: 'unjustified', decision: { outcome: 'blocked', failed: ['recipient-role'] } });
    expect(first.body['events']).toEqual([{ id: expect.any(String), type: 'DisclosureBlocked', stream: `subject-${String(body['subject'])}`, revision: expect.any(Number), position: expect.any(String) }]);
    expect([again.status, again.body]).toEqual([403, first.body]);
    const other = await command(to, 'AuthoriseDisclosure', { ...body, purpose: 'newsletter' }, { id: 'blocked-1' });
    expect([other.status, other.body['code']]).toEqual([409, 'CommandIdReused']);
  });

  it.each(SENDERS)('and an allowed one have the form that the description promises an %s', async (sender) => {
    const description = JSON.parse((await send(to, '/openapi.json', { token: to.tokens.officer })).text) as { readonly paths: Readonly<Record<string, { readonly post: { readonly responses: Readonly<Record<string, { readonly content: Readonly<Record<string, { readonly schema: object }>> }>> } }>> };
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    const fits = (path: string, status: number, type: string, body: object): readonly unknown[] => [path, ajv.validate(description.paths[path]?.post.responses[status]?.content[type]?.schema ?? false, body), ajv.errors];
    const token = to.tokens[sender];
    for (const like of CASES) {
      const subject = await person(like);
      const path = '/v1/commands/AuthoriseDisclosure';
      const asked = await command(to, 'AuthoriseDisclosure', members(like, subject), { token });
      expect(fits(path, asked.status, isBlocked(like) ? 'application/problem+json' : 'application/json', asked.body)).toEqual([path, true, null]);
      const advised = await send(to, '/v1/decisions', { token, body: { ask: 'AuthoriseDisclosure', ...members(like, subject) } });
      expect(fits('/v1/decisions', advised.status, 'application/json', advised.body)).toEqual(['/v1/decisions', true, null]);
    }
  });

  it('tells an upstream what to do, in both languages, whatever the reason is', async () => {
    const shown = await command(to, 'AuthoriseDisclosure', members('blocked', await person('blocked')));
    const hidden = await command(to, 'AuthoriseDisclosure', members('protected', await person('protected')));
    const advice = ({ body }: Reply): readonly JsonObject[] => (body['decision'] as JsonObject)['advice'] as readonly JsonObject[];
    expect(advice(shown)).toEqual([{ sv: expect.stringContaining('Inte tillåtet'), en: expect.stringContaining('Not permitted') }, { rule: 'recipient-role', sv: expect.any(String), en: expect.any(String) }]);
    expect(advice(hidden)).toEqual([advice(shown)[0]]);
    const officers = await command(to, 'AuthoriseDisclosure', members('protected', await person('protected')), { token: to.tokens.officer });
    expect(advice(officers)).toMatchObject([{ rule: 'protected-identity' }]);
  });

  it('looks the same to an upstream when a hidden reason comes on top of one that it may know', async () => {
    const plain = await command(to, 'AuthoriseDisclosure', members('blocked', await person('blocked')));
    const both = await command(to, 'AuthoriseDisclosure', { ...members('blocked', await person('protected')) });
    expect(both.body['decision']).toEqual(plain.body['decision']);
  });

  it('keeps all of its reasons in the event', async () => {
    const { body } = await command(to, 'AuthoriseDisclosure', members('protected', await person('protected')));
    const [{ stream, revision } = { stream: '', revision: 0 }] = body['events'] as readonly { stream: string; revision: number }[];
    for await (const batch of to.server.parts.log.readStream(stream, { from: revision })) expect(JSON.parse(batch[0]?.data ?? '{}')).toMatchObject({ type: 'DisclosureBlocked', verdict: 'unjustified', failed: ['protected-identity'] });
  });

  it('is counted as blocked, and logged nowhere', async () => {
    const said = to.logged.length;
    await command(to, 'AuthoriseDisclosure', members('blocked', await person('blocked')));
    expect(to.logged.slice(said)).toEqual([]);
    const { text } = await send(to, '/metrics', { token: to.tokens.officer });
    expect(text).toMatch(/liggare_commands_total\{command="AuthoriseDisclosure",outcome="blocked"\} \d+/);
  });

  it('asked by an auditor is not taken at all', async () => {
    const reply = await command(to, 'AuthoriseDisclosure', members('blocked', await person('blocked')), { token: to.tokens.auditor });
    expect([reply.status, reply.body['code'], reply.body['decision']]).toEqual([403, 'NotPermitted', undefined]);
  });

  it('stops no other line', async () => {
    const asked = (like: Case, subject: string, id: string): string => JSON.stringify(event('AuthoriseDisclosure', members(like, subject), { id }));
    const [one, two] = [await person('blocked'), await person('protected')];
    const text = [asked('blocked', one, 'mix-1'), asked('allowed', one, 'mix-2'), asked('allowed', two, 'mix-3'), '{'].join('\n');
    const reply = await send(to, '/v1/commands', { token: to.tokens.upstream, headers: { 'content-type': 'application/x-ndjson' }, body: text });
    expect(lines(reply.text).map(({ line, id, status, code, httpStatus }) => [line, id, status, code, httpStatus])).toEqual([
      [1, 'mix-1', 'blocked', 'Blocked', 403],
      [2, 'mix-2', 'recorded', undefined, undefined],
      [3, 'mix-3', 'blocked', 'Blocked', 403],
      [4, undefined, 'refused', 'MalformedJson', 400],
    ]);
  });

  it('is refused with the article as by itself', async () => {
    const unknown = { ...members('allowed', await person('allowed')), recipient: 'nobody' };
    const reply = await send(to, '/v1/commands', { token: to.tokens.upstream, headers: { 'content-type': 'application/x-ndjson' }, body: JSON.stringify(event('AuthoriseDisclosure', unknown, { id: 'mix-4' })) });
    expect(lines(reply.text)).toMatchObject([{ status: 'refused', code: 'UnknownRecipient', article: 'GDPR Art. 13(1)(e)' }]);
  });
});

describe('a told act', () => {
  it.each(SENDERS)('is recorded for an %s with its verdict, and no reason', async (sender) => {
    const reply = await command(to, 'ReportDisclosure', members('protected', await person('protected')), { token: to.tokens[sender] });
    expect([reply.status, Object.keys(reply.body).sort(), reply.body['verdict']]).toEqual([200, ['about', 'commandId', 'events', 'status', 'verdict'], 'unjustified']);
    for (const rule of revealing) expect(reply.text).not.toContain(rule);
  });
});

describe('a command that is for officers', () => {
  const ways = Object.entries({ ...WAYS, 'the question whether one may': async (sender: Sender, like: Case) => ofReply(await send(to, '/v1/decisions', { token: to.tokens[sender], body: { ask: 'AuthoriseDisclosure', ...members(like, await person(like)) } })) });

  /** As if its typed route were an officer's alone. */
  async function keptForOfficers<T>(work: () => Promise<T>): Promise<T> {
    const roles = to.server.app.get(RouteRoles);
    const { may } = RouteRoles.prototype;
    roles.may = (role, type) => role === 'officer' && may.call(roles, role, type);
    try {
      return await work();
    } finally {
      roles.may = may;
    }
  }

  it.each(ways.filter(([way]) => way !== 'its own route'))('is not taken from an upstream by %s', async (_way, ask) => {
    const { text } = await keptForOfficers(() => ask('upstream', 'allowed'));
    expect([text.includes('"code":"NotPermitted"'), text.includes('category-allowed')]).toEqual([true, false]);
    expect((await keptForOfficers(() => ask('officer', 'allowed'))).text).toContain('category-allowed');
  });
});

describe('a command whose route is for officers alone', () => {
  const dealt = (source: string): JsonObject => event('DealWithDeviation', { subject: '3f0e8a52-6c1d-4b7a-9e35-0d2c4f6a8b10', event: '3f0e8a52-6c1d-4b7a-9e35-0d2c4f6a8b11', measure: 'justified-afterwards' }, { source });

  it('is no upstream\'s as a CloudEvent or a line either', async () => {
    const single = await cloud('upstream', 'application/cloudevents+json', dealt('crm'));
    expect([single.status, single.body['code']]).toEqual([403, 'NotPermitted']);
    expect(lines((await cloud('upstream', 'application/x-ndjson', JSON.stringify(dealt('crm')))).text)).toMatchObject([{ status: 'refused', code: 'NotPermitted', httpStatus: 403 }]);
    expect((await cloud('officer', 'application/cloudevents+json', dealt('console'))).body['code']).not.toBe('NotPermitted');
  });
});

describe('an ask as a CloudEvent', () => {
  it('is about now, whenever the event was made', async () => {
    const asked = event('AuthoriseDisclosure', members('allowed', await person('allowed')), { time: '2020-01-01T00:00:00Z' });
    const reply = await cloud('upstream', 'application/cloudevents+json', asked);
    expect(reply.body['status']).toBe('recorded');
    const told = await cloud('upstream', 'application/cloudevents+json', event('AuthoriseDisclosure', { ...members('allowed', await person('allowed')), occurredAt: '2020-01-01' }));
    expect([told.status, told.body['code'], told.body['pointer']]).toEqual([422, 'AskIsForNow', '/data/occurredAt']);
  });
});

import { Controller, Get, Module, type Type } from '@nestjs/common';
import { DiscoveryModule, NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { LiftProtectedIdentity, RecordDeath } from '#ledger/subject/identity/protection.commands.js';
import { RegisterSubject } from '#ledger/subject/identity/register-subject.command.js';
import { Authentication } from '#nest/authentication.js';
import { CommandRoute } from '#nest/command-route.js';
import { For, ForEverybody, RouteRoles } from '#nest/roles.js';
import type { Actor } from '#vault/vault.js';
import { describeApi } from './http-application.js';
import { send, startTestServer, type JsonObject, type TestServer } from './server.fixture.js';

let to: TestServer;
beforeAll(async () => {
  to = await startTestServer();
});
afterAll(() => to.close());

const OPEN = ['/healthz', '/readyz'];
const ID = '3f0e8a52-6c1d-4b7a-9e35-0d2c4f6a8b10';

/** Who may, by the beginning of the path; the first that fits. */
const MAY: readonly [string, readonly Actor['role'][]][] = [
  ['/v1/commands/DealWithDeviation', ['officer']],
  ['/v1/commands/AuthoriseSecretDisclosure', ['officer']],
  ['/v1/commands/ReportSecretDisclosure', ['officer']],
  ['/v1/commands/EndSecrecy', ['officer']],
  ['/v1/commands/DealWithSecretDeviation', ['officer']],
  ['/v1/secret-disclosures', ['officer']],
  ['/v1/commands/MergeSubjects', ['officer']],
  ['/v1/commands/UnmergeSubjects', ['officer']],
  ['/v1/commands/RecordInError', ['officer']],
  ['/v1/commands', ['upstream', 'officer']],
  ['/v1/decisions/', ['officer', 'auditor']],
  ['/v1/decisions', ['upstream', 'officer']],
  ['/v1/consents', ['officer', 'auditor']],
  ['/v1/disclosures', ['officer', 'auditor']],
  ['/v1/transfers', ['officer', 'auditor']],
  ['/v1/sourcings', ['officer', 'auditor']],
  ['/v1/recipient', ['officer', 'auditor']],
  ['/v1/deviations', ['officer', 'auditor']],
  ['/v1/holdings', ['officer', 'auditor']],
  ['/v1/tokens', ['officer']],
  ['/v1/status', ['officer']],
  ['/v1/operations', ['officer']],
  ['/v1/subjects', ['officer', 'auditor']],
  ['/v1/organisations', ['officer', 'auditor']],
  ['/v1/recipients', ['officer', 'auditor']],
  ['/v1/conferences', ['officer', 'auditor']],
  ['/v1/sources', ['officer', 'auditor']],
  ['/v1/activities', ['officer', 'auditor']],
  ['/metrics', ['upstream', 'officer', 'auditor']],
  ['/openapi.json', ['upstream', 'officer', 'auditor']],
  ['/docs', ['upstream', 'officer', 'auditor']],
];

interface Route {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly url: string;
}

/** Every route that the application describes, and those of the description itself. */
function routes(): readonly Route[] {
  const { paths } = describeApi(to.server.app) as { readonly paths: Readonly<Record<string, object>> };
  const described = Object.entries(paths).flatMap(([path, methods]) => Object.keys(methods).map((method) => ({ method: method.toUpperCase() as Route['method'], url: path.replaceAll('{id}', ID) })));
  return [...described, { method: 'GET', url: '/openapi.json' }, { method: 'GET', url: '/docs' }, { method: 'GET', url: '/docs/start.js' }, { method: 'GET', url: '/docs/swagger-ui.css' }];
}

const guarded = (): readonly Route[] => routes().filter(({ url }) => !OPEN.includes(url));
const ask = ({ method, url }: Route, token?: string) => send(to, url, { method, ...(token !== undefined && { token }), ...(method === 'POST' && { body: {} }) });

describe('without a valid token', () => {
  it('only health is answered', async () => {
    expect(guarded().length).toBeGreaterThan(35);
    for (const route of guarded()) {
      const reply = await ask(route);
      expect([route, reply.status, reply.body['code']]).toEqual([route, 401, 'Unauthenticated']);
      expect(reply.headers['www-authenticate']).toMatch(/^(Bearer|Basic) /);
    }
    for (const url of OPEN) expect((await send(to, url)).status).toBe(200);
  });

  it.each(['/', '/v1', '/v1/nothing', '/docs/../v1/status', '/healthz/x', '/HEALTHZ', '//healthz', '/healthz%00'])('%s is not told to be unknown', async (url) => {
    expect((await send(to, url)).status).toBe(401);
  });

  it.each(['/v1/subjects/anna.exempel@example.se%ff/record', '/%zz/anna.exempel@example.se', `/v1/subjects/anna.exempel@example.se${'x'.repeat(200)}/record`])('%s, which nobody can route, is not repeated', async (url) => {
    const reply = await send(to, url);
    expect([reply.status, reply.body['code'], reply.headers['content-type'], reply.headers['cache-control']]).toEqual([404, 'NotFound', 'application/problem+json; charset=utf-8', 'no-store']);
    expect(reply.text).not.toContain('anna');
  });

  it.each(['Bearer', 'Bearer ', 'Bearer wrong', 'bearer lgr_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA', 'Token x', `Basic ${Buffer.from('x:y').toString('base64')}`])('"%s" is refused', async (authorization) => {
    expect((await send(to, '/v1/status', { headers: { authorization } })).status).toBe(401);
  });

  it('an expired one is refused', async () => {
    const { token } = await to.server.parts.vault.createActor({ name: 'late', role: 'officer', expiresAt: '2020-01-01T00:00:00.000Z' });
    expect((await send(to, '/v1/status', { token })).status).toBe(401);
  });

  it('a password is taken for the pages only', async () => {
    const authorization = `Basic ${Buffer.from(`any:${to.tokens.officer}`).toString('base64')}`;
    expect((await send(to, '/docs', { headers: { authorization } })).status).toBe(200);
    expect((await send(to, '/v1/status', { headers: { authorization } })).status).toBe(401);
  });
});

describe('with a token of another role', () => {
  it.each(['upstream', 'officer', 'auditor'] as const)('%s gets what its role may, and 403 otherwise', async (role) => {
    for (const route of guarded().filter(({ url }) => !url.startsWith('/v1/operations'))) {
      const may = MAY.find(([path]) => route.url.startsWith(path))?.[1] ?? [];
      const { status, body } = await ask(route, to.tokens[role]);
      if (may.includes(role)) expect([route, [401, 403].includes(status)]).toEqual([route, false]);
      else expect([route, status, body['code']]).toEqual([route, 403, 'NotPermitted']);
    }
  });

  it('an unknown address is 404', async () => {
    const reply = await send(to, '/v1/nothing', { token: to.tokens.officer });
    expect([reply.status, reply.body['code'], reply.headers['content-type']]).toEqual([404, 'NotFound', 'application/problem+json; charset=utf-8']);
  });
});

describe('tokens', () => {
  const create = (body: object) => send(to, '/v1/tokens', { token: to.tokens.officer, body });

  it('are made, listed without the token, and revoked at once', async () => {
    const made = await create({ name: 'newsletter import', role: 'upstream', system: 'newsletter-system', expires: 'P90D' });
    expect([made.status, Object.keys(made.body).sort()]).toEqual([201, ['expiresAt', 'id', 'name', 'role', 'system', 'token']]);
    const token = String(made.body['token']);
    expect((await send(to, '/metrics', { token })).status).toBe(200);
    const listed = await send(to, '/v1/tokens', { token: to.tokens.officer });
    expect(listed.text).toContain(String(made.body['id']));
    expect(listed.text).not.toContain(token);
    expect((await send(to, `/v1/tokens/${String(made.body['id'])}`, { method: 'DELETE', token: to.tokens.officer })).status).toBe(204);
    expect((await send(to, '/metrics', { token })).status).toBe(401);
  });

  it.each<[string, object, number, string]>([
    ['an upstream without a system', { name: 'x', role: 'upstream' }, 400, 'Invalid'],
    ['an unknown system', { name: 'x', role: 'upstream', system: 'no-such' }, 422, 'UnknownSystem'],
    ['an officer with a system', { name: 'x', role: 'officer', system: 'crm' }, 400, 'Invalid'],
    ['an unknown role', { name: 'x', role: 'root' }, 400, 'Invalid'],
    ['a time that has been', { name: 'x', role: 'officer', expiresAt: '2020-01-01T00:00:00Z' }, 400, 'UnusableTime'],
    ['two times', { name: 'x', role: 'officer', expires: 'P1D', expiresAt: '2999-01-01T00:00:00Z' }, 400, 'Invalid'],
  ])('are refused for %s', async (_name, body, status, code) => {
    const reply = await create(body);
    expect([reply.status, reply.body['code']]).toEqual([status, code]);
  });

  it('that nobody has are 404', async () => {
    expect((await send(to, `/v1/tokens/${ID}`, { method: 'DELETE', token: to.tokens.officer })).body['code']).toBe('NoSuchToken');
  });

  it('are remembered for a second, and no longer than they are valid', async () => {
    const actor: Actor = { id: ID, name: 'x', role: 'officer', expiresAt: '2026-01-01T00:00:10.000Z' };
    let now = Date.parse('2026-01-01T00:00:00.000Z');
    let asked = 0;
    const authentication = new Authentication({ actorOf: async () => { asked += 1; return actor; } }, () => now);
    await authentication.of('t');
    expect(authentication.of('t')).toBe(actor);
    now += 999;
    expect(authentication.of('t')).toBe(actor);
    expect(asked).toBe(1);
    now += 1;
    expect(await authentication.of('t')).toBe(actor);
    expect(asked).toBe(2);
    now = Date.parse('2026-01-01T00:00:09.500Z');
    await authentication.of('t');
    now = Date.parse('2026-01-01T00:00:10.000Z');
    expect(authentication.of('t')).toBeUndefined();
  });
});

describe('a route that does not say whom it is for', () => {
  @Controller('x')
  class Forgetful {
    @Get('open')
    @ForEverybody()
    open(): string {
      return '';
    }

    @Get('forgotten')
    forgotten(): string {
      return '';
    }
  }

  @Module({ imports: [DiscoveryModule], controllers: [Forgetful], providers: [RouteRoles] })
  class ForgetfulModule {}

  it('stops the start', async () => {
    const app = await NestFactory.create(ForgetfulModule, new FastifyAdapter(), { logger: false, abortOnError: false });
    await expect(app.init()).rejects.toThrow('the route Forgetful.forgotten does not say which roles it is for');
    await app.close();
  });
});

describe('a command', () => {
  @Controller('v1/commands')
  @For('upstream', 'officer')
  class Routes {
    @CommandRoute(RegisterSubject, {})
    ordinary(): string {
      return '';
    }

    @CommandRoute(RecordDeath, {})
    @For('officer')
    kept(): string {
      return '';
    }
  }

  @Module({ imports: [DiscoveryModule], controllers: [Routes], providers: [RouteRoles] })
  class RoutesModule {}

  it('is for the roles of its typed route by every other way too, and one without a route for nobody', async () => {
    const app = await NestFactory.create(RoutesModule, new FastifyAdapter(), { logger: false, abortOnError: false });
    await app.init();
    const roles = app.get(RouteRoles);
    const may = (command: Type<object>): readonly boolean[] => (['upstream', 'officer', 'auditor'] as const).map((role) => roles.may(role, command));
    expect([may(RegisterSubject), may(RecordDeath), may(LiftProtectedIdentity)]).toEqual([[true, true, false], [false, true, false], [false, false, false]]);
    expect(() => roles.require('upstream', RecordDeath)).toThrow('The token does not give the right to this.');
    await app.close();
  });
});

describe('every answer', () => {
  it.each(['/healthz', '/nothing', '/v1/status'])('of %s has the security headers', async (url) => {
    const { headers } = await send(to, url, { token: to.tokens.officer });
    expect(headers).toMatchObject({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer', 'content-security-policy': expect.stringContaining("default-src 'none'") });
  });

  it('is logged in one line at most, without address, body or token', async () => {
    const before = to.logged.length;
    await send(to, `/v1/subjects/${ID}/record?known=2024-01-01&secret=hemlig`, { token: to.tokens.officer, headers: { 'liggare-purpose': 'operations', 'liggare-case': 'hemlig' } });
    await send(to, '/v1/subjects/search', { token: to.tokens.officer, headers: { 'liggare-purpose': 'operations' }, body: { kind: 'email', value: 'hemlig@example.se' } });
    await send(to, '/healthz');
    const lines = to.logged.slice(before);
    expect(lines.map((line) => (JSON.parse(line) as JsonObject)['route'])).toEqual(['/v1/subjects/:id/record', '/v1/subjects/search']);
    expect(lines.join('\n')).not.toMatch(/hemlig|2024-01-01|lgr_/);
  });
});

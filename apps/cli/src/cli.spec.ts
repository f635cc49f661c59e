import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { liggare, lineOf, linesOf, remove, serveLedger, start, tokenFileFor, until, type ServedLedger } from './cli.examples.js';

const PERSON = 'astrid.exempel@example.se';
const READ = ['--purpose', 'internal-audit', '--lang', 'en'];

let ledger: ServedLedger;
let token: string;

beforeAll(async () => {
  ledger = await serveLedger();
  token = await tokenFileFor(ledger, 'crm');
}, 60_000);

afterAll(async () => {
  await ledger.stop();
  remove(ledger);
});

const send = (input: string | Buffer, ...options: string[]) => liggare(['import', '-', '--token-file', token, ...options], ledger.env, input);

describe('the command line', () => {
  it.each([['serve'], ['import'], ['record'], ['trail'], ['decision'], ['token'], ['token create'], ['token list'], ['token revoke'], ['rebuild'], ['fsck'], ['rotate']])('helps with %s', async (verb) => {
    const { code, out } = await liggare([...verb.split(' '), '--help']);
    expect(code).toBe(0);
    expect(out).toContain(`Usage: liggare ${verb}`);
  });

  it('says all exit codes', async () => {
    const { code, out } = await liggare(['--help']);
    expect(code).toBe(0);
    for (const known of ['0', '1', '2', '3', '4', '5', '130']) expect(out).toMatch(new RegExp(`^ {2}${known} +\\S`, 'm'));
  });

  it.each([[['frobnicate']], [['import']], [['record', '--purpose', 'curiosity']], [['record', 'not-a-uuid', '--purpose', 'operations']], [['record', '--purpose', 'operations']], [['decision', 'not-a-uuid', '--purpose', 'operations']], [['decision']], [['token', 'create', '--name', 'x']]])('ends with 2 when used as %j', async (args) => {
    const { code, err } = await liggare(args, ledger.env);
    expect(code).toBe(2);
    expect(err).not.toContain('    at ');
  });

  it('ends with 2 when the environment is wrong', async () => {
    expect(await liggare(['fsck'], { ...ledger.env, LIGGARE_LOG: 'carrier-pigeon:' })).toMatchObject({ code: 2, out: '', err: expect.stringMatching(/^liggare: LIGGARE_LOG is .*\n$/) });
  });
});

describe('import', () => {
  it('records a file, and answers it as duplicates the second time', async () => {
    const first = await send(linesOf(40));
    expect([first.code, first.err]).toEqual([0, '']);
    expect(first.out).toMatch(/40 lines in .*\n +recorded +40\n +unchanged +0\n +duplicate +0\n +blocked +0\n +refused +0\n/);
    const again = await send(linesOf(40), '--json');
    expect(again.code).toBe(0);
    expect(JSON.parse(again.out)).toMatchObject({ answered: 40, recorded: 0, duplicate: 40, refused: 0, stopped: false, lastLine: 40 });
  });

  it('ends with 3 when lines were refused, and names them by code and number', async () => {
    const answers = join(ledger.directory, 'answers.ndjson');
    const input = [lineOf(1), '{"specver', '', lineOf(2), lineOf(3, 'line-2'), 'null'].join('\r\n');
    const { code, out } = await send(`\uFEFF${input}`, '--answers', answers);
    expect(code).toBe(3);
    expect(out).toMatch(/1 {2}MalformedJson +line 2\n/);
    expect(out).toMatch(/1 {2}CommandIdReused +line 5\n/);
    const lines = readFileSync(answers, 'utf8').trimEnd().split('\n').map((line) => JSON.parse(line) as { line: number; status: string });
    expect(lines.map(({ line, status }) => [line, status])).toEqual([[1, 'duplicate'], [2, 'refused'], [4, 'duplicate'], [5, 'refused'], [6, 'refused']]);
  });

  it('takes a file, an empty one, and a last line without an end', async () => {
    const file = join(ledger.directory, 'few.ndjson');
    writeFileSync(file, lineOf(4));
    expect(await liggare(['import', file, '--token-file', token, '--json'], ledger.env)).toMatchObject({ code: 0, out: expect.stringContaining('"answered":1') });
    writeFileSync(file, '');
    expect(await liggare(['import', file, '--token-file', token, '--json'], ledger.env)).toMatchObject({ code: 0, out: expect.stringContaining('"answered":0') });
  });

  it('refuses a line that is not UTF-8 and goes on', async () => {
    const { code, out } = await send(Buffer.concat([Buffer.from([0x7b, 0xff, 0x7d, 0x0a]), Buffer.from(lineOf(5))]), '--json');
    expect(code).toBe(3);
    expect(JSON.parse(out)).toMatchObject({ answered: 2, duplicate: 1, refused: 1 });
  });

  it.each([
    ['UTF-16', Buffer.from(`\uFEFF${lineOf(1)}`, 'utf16le'), /^liggare: the input is not UTF-8 .*\n$/],
    ['compressed', Buffer.from([0x1f, 0x8b, 8, 0, 0, 0]), /^liggare: the input is compressed .*\n$/],
  ])('says so when the input is %s', async (_what, input, sentence) => {
    expect(await send(input)).toMatchObject({ code: 1, out: '', err: expect.stringMatching(sentence) });
  });

  it.each([['/nowhere/file.ndjson', 'there is no such file'], ['.', 'it is a directory']])('says so when %s is no file', async (file, why) => {
    const { code, err } = await liggare(['import', file, '--token-file', token], ledger.env);
    expect(code).toBe(1);
    expect(err).toBe(`liggare: could not ${file === '.' ? 'read' : 'use'} "${file}": ${why}\n`);
  });

  it.each([
    ['5 when asks were blocked', ['recorded', 'blocked'], 5],
    ['3 when lines were refused as well', ['blocked', 'refused'], 3],
  ])('ends with %s, and counts them apart', async (_what, statuses, exit) => {
    const server = createServer((request, response) => {
      request.resume();
      response.end(statuses.map((status, i) => `${JSON.stringify({ line: i + 1, id: `line-${i + 1}`, status, ...(status === 'refused' && { code: 'UnknownRecipient', httpStatus: 422, title: 'No recipient of this id is registered.' }) })}\n`).join(''));
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const { code, out } = await send(linesOf(2), '--url', url, '--json');
    server.close();
    expect([code, JSON.parse(out)]).toEqual([exit, expect.objectContaining({ answered: 2, recorded: statuses.includes('recorded') ? 1 : 0, blocked: 1, refused: statuses.includes('refused') ? 1 : 0 })]);
  });

  it('says how far it came when the server is stopped in the middle', async () => {
    const server = createServer((request, response) => {
      request.resume();
      response.end(`${JSON.stringify({ line: 1, id: 'line-1', status: 'recorded' })}\n${JSON.stringify({ status: 'stopped' })}\n`);
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const { code, err } = await send(linesOf(3), '--url', url);
    server.close();
    expect([code, err]).toEqual([1, `liggare: the server at ${url} was stopped; every line up to 1 was answered (hint: run the same import again, what was recorded is answered as a duplicate)\n`]);
  });

  it('stops at Ctrl-C with what was sent answered, and goes on when it is run again', async () => {
    const answers = join(ledger.directory, 'stopped.ndjson');
    const stopped = start(['import', '-', '--token-file', token, '--json', '--answers', answers], ledger.env);
    stopped.child.stdin.write(linesOf(300));
    // Half a line is on its way, and no end of the input.
    stopped.child.stdin.write(lineOf(300).slice(0, 60));
    await until(stopped, () => (readFileSync(answers, { encoding: 'utf8', flag: 'a+' }).split('\n').length > 100 ? true : undefined));
    stopped.child.kill('SIGINT');
    const { code, out, err } = await stopped.ended;
    expect(code).toBe(130);
    const report = JSON.parse(out) as { answered: number; stopped: boolean; refused: number };
    expect(report).toMatchObject({ stopped: true, refused: 0 });
    expect(report.answered).toBeGreaterThan(100);
    expect(err).toContain('stopping: what is on its way is still answered (Ctrl-C again ends at once)');
    expect(err).toContain(`every line up to ${report.answered} was answered`);
    const again = JSON.parse((await send(linesOf(320), '--json')).out) as { duplicate: number; answered: number };
    expect(again.answered).toBe(320);
    expect(again.duplicate).toBeGreaterThanOrEqual(report.answered);
  });

  it('says how far it came when the server dies, and what to do', async () => {
    const other = await serveLedger();
    try {
      const file = await tokenFileFor(other, 'crm');
      const answers = join(other.directory, 'answers.ndjson');
      const sending = start(['import', '-', '--token-file', file, '--answers', answers], other.env);
      sending.child.stdin.write(linesOf(200));
      await until(sending, () => (readFileSync(answers, { encoding: 'utf8', flag: 'a+' }).split('\n').length > 50 ? true : undefined));
      other.server.child.kill('SIGKILL');
      const { code, out, err } = await sending.ended;
      expect([code, out]).toEqual([1, '']);
      expect(err).toMatch(/^liggare: the connection to http:\S+ broke.*; every line up to \d+ was answered \(hint: run the same import again.*\)\n$/);
    } finally {
      await other.server.ended;
      remove(other);
    }
  }, 60_000);
});

describe('a server that does not answer as it should', () => {
  const servers: Server[] = [];
  afterAll(() => servers.forEach((server) => server.close()));

  async function answering(status: number, body: string): Promise<string> {
    const server = createServer((request, response) => {
      request.resume();
      response.writeHead(status, { 'content-type': 'text/html' }).end(body);
    });
    servers.push(server);
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  it.each([[['import', '-']], [['record', '--by', 'email', ...READ]], [['token', 'list']], [['rebuild']]])('is told in a sentence by %j', async (args) => {
    const away = await liggare([...args, '--url', 'http://127.0.0.1:9'], ledger.env, PERSON);
    expect(away).toMatchObject({ code: 1, out: '', err: expect.stringMatching(/^liggare: no server answers at http:\/\/127\.0\.0\.1:9 \(hint: .*\)\n$/) });
    const foreign = await liggare([...args, '--url', await answering(200, '<html>')], ledger.env, PERSON);
    expect(foreign).toMatchObject({ code: 1, out: '' });
    expect(foreign.err).toMatch(/^liggare: .*(no Liggare server|does not know).*\n$/);
    const older = await liggare([...args, '--url', await answering(404, '{}')], ledger.env, PERSON);
    expect(older).toMatchObject({ code: 1, out: '', err: expect.stringMatching(/^liggare: what answers at .* is no Liggare server, or an older one.*\n$/) });
    const unknown = await liggare(args, { ...ledger.env, LIGGARE_TOKEN: 'lgr_nobody-has-this-token' }, PERSON);
    expect(unknown).toMatchObject({ code: 1, out: '', err: expect.stringMatching(/^liggare: the server at .* does not accept the token.*\n$/) });
    for (const { err } of [away, foreign, older, unknown]) expect(err).not.toContain(PERSON);
  });

  it('is told apart from a missing or useless token and address', async () => {
    expect((await liggare(['token', 'list'], { LIGGARE_DATA: '/nowhere' })).err).toMatch(/^liggare: there is no token in "\/nowhere\/token" \(hint: .*\n$/);
    expect((await liggare(['token', 'list', '--token-file', '/dev/null'], ledger.env)).err).toBe('liggare: "/dev/null" holds no token\n');
    expect((await liggare(['token', 'list', '--url', 'ftp://example.se'], ledger.env)).err).toMatch(/^liggare: the address of the server is an http or https URL.*\n$/);
    expect((await liggare(['record', '--by', 'email', ...READ, '--token-file', token], ledger.env, PERSON)).err).toMatch(/^liggare: the token does not give the right to this.*\n$/);
  });
});

describe('record and trail', () => {
  beforeAll(async () => {
    const data = {
      identifier: { kind: 'email', value: PERSON },
      createIfMissing: true,
      service: 'shop',
      context: 'purchase',
      relationshipKind: 'customer',
      purposes: ['purchase'],
      order: 'B-1',
      notice: { id: 'privacy-notice', version: 1 },
      values: [{ category: 'name', value: 'Astrid \u001b[31mExempel\nmed mycket långt namn '.repeat(8).trim() }],
    };
    const event = { specversion: '1.0', id: 'astrid-1', source: 'crm', type: 'se.liggare.CollectPersonalData.v1', time: '2020-02-02T12:00:00Z', data };
    expect((await send(JSON.stringify(event))).code).toBe(0);
    // The views follow the log a moment later.
    while ((await liggare(['record', '--by', 'email', ...READ], ledger.env, PERSON)).code !== 0) expect(ledger.server.child.exitCode).toBeNull();
  });

  it('finds a person by an identifier from stdin, and shows what is held', async () => {
    const { code, out, err } = await liggare(['record', '--by', 'email', ...READ], ledger.env, `${PERSON}\n`);
    expect([code, err]).toEqual([0, '']);
    expect(out).toContain('customer, shop');
    expect(out).toContain('✓ purchase  basis 6(1)(b)');
    expect(out).toContain('order B-1');
    expect(out).not.toContain('[31m');
    expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
    expect(out).not.toContain('\u001b');
  });

  it('prints one decision with its reasons, by the event that the trail names', async () => {
    const trail = await liggare(['trail', '--by', 'email', '--json', ...READ], ledger.env, PERSON);
    const lines = trail.out.trim().split('\n').map((line) => JSON.parse(line) as { readonly id: string; readonly type: string });
    const event = lines.find(({ type }) => type === 'PersonalDataCollected')?.id ?? '';
    const { code, out } = await liggare(['decision', event, ...READ], ledger.env);
    expect(code).toBe(0);
    expect(out).toMatch(new RegExp(`^Decision ${event}\n  Data was collected .*purchase`));
    expect(out).toContain('policy-asurgent-ab@0');
    expect(JSON.parse((await liggare(['decision', event, '--json', ...READ], ledger.env)).out)).toMatchObject({ decision: { event, verdict: 'justified' } });
    expect(await liggare(['decision', '00000000-0000-4000-8000-000000000000', ...READ], ledger.env)).toMatchObject({ code: 1, err: 'liggare: no decision was recorded in an event of this id\n' });
  });

  it('shows record and trail by id, in Swedish, as JSON, and of another time', async () => {
    const { record } = JSON.parse((await liggare(['record', '--by', 'email', ...READ, '--json'], ledger.env, PERSON)).out) as { record: { subject: string } };
    const trail = await liggare(['trail', record.subject, '--purpose', 'customer-case', '--case', 'C-7', '--lang', 'sv'], ledger.env);
    expect(trail.code).toBe(0);
    expect(trail.out).toContain('Uppgifter samlades in (köp): för- och efternamn.');
    expect(Math.max(...trail.out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
    const lines = (await liggare(['trail', record.subject, ...READ, '--json'], ledger.env)).out.trimEnd().split('\n').map((line) => JSON.parse(line) as { type: string });
    expect(lines.map(({ type }) => type)).toEqual(expect.arrayContaining(['SubjectRegistered', 'PersonalDataCollected', 'PersonalDataAccessed']));
    expect((await liggare(['record', record.subject, ...READ, '--valid', '2020-02-03'], ledger.env)).out).toContain('valid 2020-02-03');
    expect(await liggare(['record', record.subject, ...READ, '--known', '2020-01-01'], ledger.env)).toMatchObject({ code: 1, err: 'liggare: nobody is registered under this id, or nothing had happened to them by then\n' });
    expect((await liggare(['record', record.subject, ...READ, '--known', 'i tisdags'], ledger.env)).err).toMatch(/^liggare: .*\/known is no instant and no date\n$/);
  });

  it('says so when nobody is found', async () => {
    expect(await liggare(['record', '--by', 'email', ...READ], ledger.env, 'nobody@example.se')).toEqual({ code: 1, out: '', err: 'liggare: nobody is found by this identifier\n' });
    expect(await liggare(['record', '00000000-0000-4000-8000-000000000000', ...READ], ledger.env)).toEqual({ code: 1, out: '', err: 'liggare: nobody is registered under this id\n' });
  });
});

describe('token', () => {
  it('makes, lists and revokes', async () => {
    const made = JSON.parse((await liggare(['token', 'create', '--name', 'an auditor', '--role', 'auditor', '--expires', 'P30D', '--json'], ledger.env)).out) as { id: string; token: string };
    const own = { ...ledger.env, LIGGARE_TOKEN: made.token };
    expect((await liggare(['record', '--by', 'email', ...READ], own, PERSON)).code).toBe(0);
    expect((await liggare(['token', 'list'], ledger.env)).out).toMatch(new RegExp(`^${made.id} +auditor +an auditor +until \\d{4}-`, 'm'));
    expect((await liggare(['token', 'revoke', made.id], ledger.env)).code).toBe(0);
    expect((await liggare(['record', '--by', 'email', ...READ], own, PERSON)).code).toBe(1);
    expect((await liggare(['token', 'list'], ledger.env)).out).toMatch(new RegExp(`^${made.id} .*revoked `, 'm'));
    expect(await liggare(['token', 'create', '--name', 'x', '--role', 'upstream', '--system', 'fax'], ledger.env)).toMatchObject({ code: 1, out: '', err: expect.stringContaining('known: broker-import, crm') });
  });
});

/** Loaded first, it makes Node refuse any module of the framework. */
const WITHOUT_NEST = `data:text/javascript,${encodeURIComponent(
  "import { registerHooks } from 'node:module'; registerHooks({ resolve(name, context, next) { if (/^(@nestjs|rxjs)\\b/.test(name)) { process.stderr.write('FRAMEWORK'); process.exit(99); } return next(name, context); } });",
)}`;

describe('the framework', () => {
  it.each([[['fsck', '--views']], [['rebuild']], [['token', 'list']], [['trail', '--by', 'email', ...READ]], [['import', '-']], [['--help']]])('is not loaded by %j', async (args) => {
    const { code, err } = await liggare(args, ledger.env, args[0] === 'import' ? '' : PERSON, WITHOUT_NEST);
    expect([code, err]).toEqual([0, '']);
  });

  it('is loaded by serve, which shows that the look is true', async () => {
    expect((await liggare(['serve'], { ...ledger.env, LIGGARE_PORT: '0' }, '', WITHOUT_NEST)).code).toBe(99);
  });
});

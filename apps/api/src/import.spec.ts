import { request, type ClientRequest, type IncomingMessage } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BODY_LIMIT } from './line-answers.js';
import { command, email, event, send, startTestServer, type JsonObject, type TestServer } from './server.fixture.js';

let to: TestServer;
beforeAll(async () => {
  to = await startTestServer('sqlite');
});
afterAll(() => to.close());

const newsletter = { service: 'newsletter', purposes: ['newsletter'], type: 'expressed' };
const give = (address: string, id?: string): string => JSON.stringify(event('GiveConsent', { ...email(address), ...newsletter }, id === undefined ? {} : { id }));

function open(server: TestServer, headers: Readonly<Record<string, string>> = {}): { readonly sending: ClientRequest; readonly answered: Promise<IncomingMessage> } {
  const sending = request(`${server.server.url}/v1/commands`, { method: 'POST', headers: { authorization: `Bearer ${server.tokens.upstream}`, 'content-type': 'application/x-ndjson', ...headers } });
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    sending.on('response', resolve);
    sending.on('error', reject);
  });
  return { sending, answered };
}

async function lines(response: IncomingMessage): Promise<readonly JsonObject[]> {
  let text = '';
  response.setEncoding('utf8');
  for await (const part of response) text += String(part);
  return text.split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as JsonObject);
}

async function importText(text: string | Buffer): Promise<readonly JsonObject[]> {
  const { sending, answered } = open(to);
  sending.end(text);
  const response = await answered;
  expect([response.statusCode, response.headers['content-type']]).toEqual([200, 'application/x-ndjson; charset=utf-8']);
  return lines(response);
}

/** Types of a person's events, in order. */
async function typesOf(subject: string): Promise<readonly string[]> {
  const types: string[] = [];
  for await (const batch of to.server.parts.log.readStream(`subject-${subject}`)) types.push(...batch.map(({ type }) => type));
  return types;
}

describe('an import', () => {
  it('answers ten thousand lines in order, refused ones among them', async () => {
    const sent = Array.from({ length: 10_000 }, (_, i) => {
      if (i % 100 === 7) return '{"not": json';
      if (i % 100 === 8) return give(`person-${i % 500}@example.se`, `anna-${i}@example.se`);
      return give(`person-${i % 500}@example.se`, `import-${i}`);
    });
    const answers = await importText(`${sent.join('\n')}\n`);
    expect(answers.map(({ line }) => line)).toEqual(sent.map((_, i) => i + 1));
    expect(answers[0]).toMatchObject({ line: 1, id: 'import-0', status: 'recorded' });
    expect(Object.keys(answers[0] ?? {}).sort()).toEqual(['about', 'events', 'id', 'line', 'status', 'verdict']);
    expect(answers[7]).toEqual({ line: 8, status: 'refused', code: 'MalformedJson', httpStatus: 400, title: expect.any(String), pointer: '', errors: [{ pointer: '', detail: 'is not JSON' }] });
    expect(answers[8]).toMatchObject({ line: 9, status: 'refused', code: 'UnusableId', httpStatus: 422, pointer: '/id' });
    expect(answers[8]).not.toHaveProperty('id');
    expect(answers.filter(({ status }) => status === 'recorded')).toHaveLength(9_800);
    expect(new Set(answers.flatMap(({ about }) => (about as readonly string[] | undefined) ?? [])).size).toBe(490);
  });

  it('gives the same answers again, as duplicates', async () => {
    const text = [0, 1, 2].map((i) => give(`again-${i}@example.se`, `again-${i}`)).join('\n');
    const first = await importText(text);
    const second = await importText(text);
    expect(second).toEqual(first.map((answer) => ({ ...answer, status: 'duplicate' })));
  });

  it('takes odd ends of lines, blank lines, a byte order mark and a missing last end', async () => {
    const answers = await importText(`\uFEFF${give('odd-1@example.se')}\r\n\r\n   \n${give('odd-2@example.se')}\n\n${give('odd-3@example.se')}`);
    expect(answers.map(({ line, status }) => [line, status])).toEqual([[1, 'recorded'], [4, 'recorded'], [6, 'recorded']]);
  });

  it('refuses and skips one huge line', async () => {
    const answers = await importText(`${give('before@example.se')}\n${'x'.repeat(BODY_LIMIT * 8)}\n${give('after@example.se')}\n`);
    expect(answers.map(({ line, status, httpStatus }) => [line, status, httpStatus])).toEqual([[1, 'recorded', undefined], [2, 'refused', 413], [3, 'recorded', undefined]]);
  });

  it('answers an empty body with nothing', async () => {
    expect(await importText('')).toEqual([]);
  });

  it('answers lines while more are to come', async () => {
    const { sending, answered } = open(to);
    sending.write(`${give('early@example.se')}\n`);
    const response = await answered;
    const [first] = (await new Promise<Buffer>((resolve) => response.once('data', resolve))).toString().split('\n');
    expect(JSON.parse(first ?? '')).toMatchObject({ line: 1, status: 'recorded' });
    sending.end();
    response.resume();
  });

  it('records what came whole when the client goes away, and not the line it was in', async () => {
    const { sending, answered } = open(to);
    answered.catch(() => undefined);
    sending.write(`${give('whole@example.se', 'whole-1')}\n`);
    const response = await answered;
    await new Promise((resolve) => response.once('data', resolve));
    response.on('error', () => undefined);
    // Whole JSON, but its end of line never came: it may be the beginning of something else.
    sending.write(give('half@example.se', 'half-1'));
    await delay(20);
    sending.destroy();
    await delay(50);
    const again = await importText([give('whole@example.se', 'whole-1'), give('half@example.se', 'half-1')].join('\n'));
    expect(again.map(({ status }) => status)).toEqual(['duplicate', 'recorded']);
  });

  it('waits for a client that reads slowly', async () => {
    const { sending, answered } = open(to);
    const line = `{"not json": "${'x'.repeat(200)}\n`;
    // How much the buffers on the way hold is the machine's affair: written until nothing moves, and far more than any machine holds is a fault.
    const MOST = 3_000_000;
    let written = 0;
    let enough = false;
    const writing = (async () => {
      for (; !enough && written < MOST; written += 100) if (!sending.write(line.repeat(100))) await new Promise((resolve) => sending.once('drain', resolve));
      sending.end();
    })();
    const response = await answered;
    response.pause();
    // Client and server share this process: only when nothing has moved for a while does the one wait for the other.
    for (let before = -1, still = 0; still < 8; await delay(100)) {
      still = before === written ? still + 1 : 0;
      before = written;
    }
    enough = true;
    expect(written).toBeLessThan(MOST);
    let answers = 0;
    for await (const part of response) for (const byte of part as Buffer) if (byte === 0x0a) answers += 1;
    await writing;
    expect(answers).toBe(written);
  });
});

describe('lines about one person', () => {
  const subject = (n: number): string => `5e0f8a52-6c1d-4b7a-9e35-${String(n).padStart(12, '0')}`;

  it('apply in file order, whether named by id or by any identifier', async () => {
    const people = Array.from({ length: 40 }, (_, n) => n);
    const mail = (n: number): object => ({ kind: 'email', value: `order-${n}@example.se` });
    const number = (n: number): object => ({ kind: 'customer-number', value: `ORDER-${n}` });
    const phone = (n: number): object => ({ kind: 'device-id', value: `order-device-${n}` });
    const steps: readonly ((n: number) => JsonObject)[] = [
      (n) => event('RegisterSubject', { subject: subject(n), identifiers: [mail(n), number(n)] }),
      (n) => event('GiveConsent', { identifier: number(n), ...newsletter }),
      (n) => event('LinkIdentifier', { subject: subject(n), added: phone(n) }),
      (n) => event('WithdrawConsent', { identifier: phone(n) }),
      (n) => event('RenewConsent', { identifier: mail(n), ...newsletter }),
      (n) => event('FlagProtectedIdentity', { subject: subject(n), protection: 'secrecy-marking' }),
      (n) => event('UnlinkIdentifier', { identifier: mail(n), ended: number(n) }),
      (n) => event('LiftProtectedIdentity', { identifier: phone(n) }),
    ];
    // First all of one person's lines together, then every person's first line, second line, …: both must come out the same.
    const together = people.slice(0, 20).flatMap((n) => steps.map((step) => step(n)));
    const woven = steps.flatMap((step) => people.slice(20).map((n) => step(n)));
    const answers = await importText([...together, ...woven].map((one) => JSON.stringify(one)).join('\n'));
    expect(answers.filter(({ status }) => status !== 'recorded')).toEqual([]);
    const expected = ['SubjectRegistered', 'SubjectIdentifierLinked', 'SubjectIdentifierLinked', 'ConsentGiven', 'SubjectIdentifierLinked', 'ConsentWithdrawn', 'RenewedConsentGiven', 'ProtectedIdentityFlagged', 'SubjectIdentifierUnlinked', 'ProtectedIdentityLifted'];
    for (const n of people) expect([n, await typesOf(subject(n))]).toEqual([n, expected]);
  });

  it('are known for one person by what earlier imports linked', async () => {
    await command(to, 'RegisterSubject', { subject: subject(100), identifiers: [{ kind: 'email', value: 'known@example.se' }] });
    // A command that names an identifier has further to go than one with the id, and would be overtaken.
    const alternating = Array.from({ length: 60 }, (_, i) =>
      i % 2 === 0
        ? event('FlagProtectedIdentity', { identifier: { kind: 'email', value: 'known@example.se' }, protection: 'secrecy-marking' })
        : event('LiftProtectedIdentity', { subject: subject(100) }),
    );
    const answers = await importText(alternating.map((one) => JSON.stringify(one)).join('\n'));
    // Out of order, one of two in a row would find nothing to change.
    expect(answers.map(({ status }) => status)).toEqual(alternating.map(() => 'recorded'));
  });

  it('follow the line that registers the company they are about', async () => {
    const organisation = '6a0f8a52-6c1d-4b7a-9e35-0d2c4f6a8b77';
    await command(to, 'RegisterSubject', { subject: subject(200), identifiers: [{ kind: 'email', value: 'rep@example.se' }] });
    const answers = await importText(
      [event('RegisterOrganisation', { organisation, number: '559062-5538', name: 'Exempelstudion AB' }), event('StartRepresentation', { subject: subject(200), organisation })].map((one) => JSON.stringify(one)).join('\n'),
    );
    expect(answers.map(({ status }) => status)).toEqual(['recorded', 'recorded']);
  });
});

describe('lines about registers', () => {
  const told = (...told: readonly JsonObject[]): Promise<readonly JsonObject[]> => importText(told.map((one) => JSON.stringify(one)).join('\n'));

  it('wait for all before them, and are waited for: each finds what the line before registered', async () => {
    const recipients = Array.from({ length: 30 }, (_, n) => `supplier-${n}`);
    const answers = await told(
      ...recipients.flatMap((recipient, n) => [
        event('RegisterRecipient', { recipient, kind: 'event-sponsor', name: 'Exempel AB', country: 'SE', from: '2023-01-01' }),
        event('RegisterConference', { conference: `meeting-${n}`, service: 'conferences', name: 'Mötet', startsOn: '2025-09-01', endsOn: '2025-09-02' }),
        event('AddConferenceParty', { conference: `meeting-${n}`, recipient, role: 'sponsor', from: '2025-01-01' }),
        event('AssignRecipientRole', { recipient, assignment: 'sponsor', role: 'sponsor', purposes: ['sponsor-sharing'], conference: `meeting-${n}`, from: '2025-01-01' }),
        event('RegisterSource', { source: `lists-${n}`, kind: 'broker', name: 'Listorna', from: '2023-01-01' }),
        event('SourcePersonalData', { ...email(`sourced-${n}@example.se`), controller: 'asurgent-ab', source: `lists-${n}`, relationshipKind: 'prospect', purposes: ['prospecting'], values: [{ category: 'name', value: 'Bo Exempel' }] }),
      ]),
    );
    expect(answers.filter(({ status }) => status !== 'recorded')).toEqual([]);
    expect(answers).toHaveLength(180);
  });

  it('find the person of the line before them done: nothing of a register is decided beside a person', async () => {
    const answers = await told(
      event('SourcePersonalData', { ...email('early@example.se'), controller: 'asurgent-ab', source: 'late-lists', relationshipKind: 'prospect', purposes: ['prospecting'], values: [{ category: 'name', value: 'Bo Exempel' }] }),
      event('RegisterSource', { source: 'late-lists', kind: 'broker', name: 'Listorna', from: '2023-01-01' }),
    );
    expect(answers.map(({ status, code }) => [status, code])).toEqual([['refused', 'UnknownSource'], ['recorded', undefined]]);
  });
});

describe('a server that stops', () => {
  it('lets running commands finish, and tells an import that it stopped', async () => {
    const own = await startTestServer('sqlite');
    const { sending, answered } = open(own);
    sending.write(`${give('stop-1@example.se', 'stop-1')}\n${give('stop-2@example.se', 'stop-2').slice(0, 30)}`);
    const response = await answered;
    const answers = lines(response);
    const load = Array.from({ length: 200 }, (_, i) => fetch(`${own.server.url}/v1/commands/GiveConsent`, { method: 'POST', headers: { authorization: `Bearer ${own.tokens.upstream}`, 'content-type': 'application/json', 'idempotency-key': `load-${i}` }, body: JSON.stringify({ ...email(`load-${i}@example.se`), ...newsletter }) }).then((reply) => reply.status, () => 0));
    await delay(10);
    const head = own.server.parts.log;
    await own.server.close();
    expect((await answers).map(({ line, status }) => [line, status])).toEqual([[1, 'recorded'], [undefined, 'stopped']]);
    const statuses = await Promise.all(load);
    expect(statuses.filter((status) => status !== 200 && status !== 503 && status !== 0)).toEqual([]);
    await expect(head.append({ stream: 'x', expected: 'none', events: [{ id: '00000000-0000-4000-8000-000000000000', type: 'X', data: '{}' }] })).rejects.toThrow(/closed/);
    sending.destroy();
    await own.close();
  });
});

describe('the answers', () => {
  it('need a token, before anything is read', async () => {
    const reply = await send(to, '/v1/commands', { headers: { 'content-type': 'application/x-ndjson' }, body: give('nobody@example.se') });
    expect(reply.status).toBe(401);
  });
});

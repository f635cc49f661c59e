/** No value of any person stands readable in any byte that the ledger leaves on disk or says (`architecture.md` §1). */
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { Agent } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { lineOf } from '../crash/commands.js';
import { freePort, ServerProcess } from '../crash/server.js';
import { linesOf, MARKERS, PERSONNUMMER, STEM } from './people.js';
import { Scanner } from './scan.js';

const PEOPLE = Number(process.env['LIGGARE_SCAN_PEOPLE'] ?? 10_000);
const LIMIT_MS = 240_000;

let directory: string;
let data: string;
let server: ServerProcess;
const counts = new Map<string, number>();

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'liggare-marked-'));
  data = join(directory, 'data');
  server = await ServerProcess.ready({ data, port: await freePort() });
  await importPeople(await server.upstream('crm'));
  await lookAround();
}, LIMIT_MS);

afterAll(async () => {
  await server.kill();
  rmSync(directory, { recursive: true, force: true });
});

describe(`what ${PEOPLE} imported people leave on disk`, () => {
  const scanner = new Scanner(MARKERS);

  it('is all of them, told in every way', () => {
    expect(counts.get('recorded')).toBeGreaterThan(PEOPLE * 2.5);
    // Lines that are no JSON, unknown codes, an id that is an e-mail address: refused, with a marker in what is wrong.
    expect(counts.get('refused')).toBeGreaterThan(PEOPLE / 20);
    expect(counts.get('UnusableId')).toBeGreaterThan(0);
    expect(counts.get('UnknownService')).toBeGreaterThan(0);
  });

  it('holds no marker while the server runs: log, vault, views and their WAL files', () => {
    const { found, files, bytes } = scanner.directory(data);
    expect(found.slice(0, 10)).toEqual([]);
    expect(bytes).toBeGreaterThan(PEOPLE * 1000);
    for (const name of ['log.db', 'vault.db', 'views.db', 'log.db-wal', 'vault.db-wal']) expect(files).toContain(join(data, name));
  }, LIMIT_MS);

  it('holds no marker after it stopped, nor did it say one', async () => {
    expect(await server.stop()).toBe(0);
    expect(scanner.directory(data).found.slice(0, 10)).toEqual([]);
    expect(server.output.length).toBeGreaterThan(0);
    expect(scanner.text(server.output, 'what it said')).toEqual([]);
  }, LIMIT_MS);

  it('would be found: one marker planted beside the stores', () => {
    for (const file of ['log.db', 'vault.db', 'views.db']) rmSync(join(data, file));
    const planted = join(data, 'planted.log');
    writeFileSync(planted, `could not find ${STEM}`);
    expect(scanner.directory(data).found).toEqual([`${STEM} as plain at byte 15 of ${planted}`]);
  });
});

/** Streams everybody in, with lines in between that are no JSON at all. */
async function importPeople(token: string): Promise<void> {
  const request = server.request('POST', '/v1/commands', { 'content-type': 'application/x-ndjson' }, token);
  const answered = new Promise<void>((resolve, reject) => {
    request.once('error', reject);
    request.once('response', (response) => {
      if (response.statusCode !== 200) reject(new Error(`the import was answered ${response.statusCode}`));
      const lines = createInterface({ input: response });
      lines.on('line', count);
      lines.once('close', resolve);
    });
  });
  let sent = 0;
  for (const command of linesOf(PEOPLE)) {
    const isFull = !request.write(sent++ % 1000 === 999 ? `{"not json": "${STEM}@example.org"\n${lineOf(command)}` : lineOf(command));
    if (isFull) await once(request, 'drain');
  }
  request.end();
  await answered;
}

function count(line: string): void {
  const { status, code } = JSON.parse(line) as { status: string; code?: string };
  for (const name of code === undefined ? [status] : [status, code]) counts.set(name, (counts.get(name) ?? 0) + 1);
}

/** Searches that find and that do not, records and trails that open values, refusals, and a route that names somebody. */
async function lookAround(): Promise<void> {
  const agent = new Agent({ keepAlive: true });
  const headers = { 'liggare-purpose': 'internal-audit', 'liggare-case': `case ${STEM}` };
  const ask = (method: string, path: string, body?: unknown, more = {}) => server.call(method, path, body, { agent, token: server.officer, headers: { ...headers, ...more } });
  for (let i = 0; i < 50; i++) {
    const found = await ask('POST', '/v1/subjects/search', { kind: 'email', value: `anna.${STEM}${i}@example.org` });
    expect(found.status).toBe(200);
    for (const id of JSON.stringify(found.body).match(/[0-9a-f]{8}-[0-9a-f-]{27}/g) ?? []) {
      const record = await ask('GET', `/v1/subjects/${id}/record`);
      expect(record.status).toBe(200);
      // The values are held, and open for whoever may see them: it is not that there was nothing to find.
      const shown = JSON.stringify(record.body);
      for (const value of [`gatan ${i},`, `ORDER-${STEM}-${i}`, PERSONNUMMER[i % PERSONNUMMER.length] ?? '']) expect([value, shown.includes(value)]).toEqual([value, true]);
      expect((await ask('GET', `/v1/subjects/${id}/audit-trail`)).status).toBe(200);
    }
    await ask('POST', '/v1/subjects/search', { kind: 'email', value: `nobody.${STEM}${i}@example.org` });
    await ask('GET', `/v1/subjects/${STEM}${i}/record`);
    await ask('GET', `/v1/${STEM}?email=${STEM}@example.org`);
    await ask('POST', '/v1/commands/GiveConsent', { identifier: { kind: 'email', value: `x.${STEM}` }, [STEM]: STEM }, { 'idempotency-key': `${STEM}@example.org` });
    await ask('POST', `/v1/commands/${STEM}`, { a: STEM }, { 'idempotency-key': `k-${i}` });
  }
  agent.destroy();
}

import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { personOf } from './person.js';
import { generateUpstream } from './upstream.js';
import { codes } from './upstream.examples.js';

/** So many that a Ctrl-C after the first words of the import reaches it before its end, on a busy machine too. */
const PEOPLE = 300;
const MAIN = fileURLToPath(new URL('./main.js', import.meta.url));
const lines = generateUpstream({ people: PEOPLE, seed: 1, from: '2019-01-15', until: '2022-01-15', codes }).count;
let directory = '';

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'liggare-demo-'));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** `interruptAt`: sends Ctrl-C when it has said this. */
function demo(args: readonly string[], interruptAt?: RegExp): Promise<Ran> {
  const env = { ...process.env, LIGGARE_DATA: join(directory, 'data'), LIGGARE_PORT: '0' };
  const child = spawn(process.execPath, [MAIN, '--people', String(PEOPLE), ...args], { env });
  let [out, err, isSent] = ['', '', false];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
    if (interruptAt?.test(out) === true && !isSent) {
      isSent = true;
      child.kill('SIGINT');
    }
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, out, err })));
}

describe('the demo', () => {
  it('stops at Ctrl-C in the middle of the import, goes on when it is run again, and then has nothing new', async () => {
    const stopped = await demo([], /invented people/);
    expect(stopped).toMatchObject({ code: 130, err: expect.stringMatching(/^\nstopping: what is on its way is still answered .*\n$/) });
    expect(stopped.out).toContain('stopped; npm run demo goes on from here');
    expect(stopped.out).not.toContain('answered:');

    const whole = await demo(['--once']);
    expect(whole).toMatchObject({ code: 0, err: '' });
    expect(whole.out).toContain(`${String(lines).replace(/(\d)(\d{3})$/, '$1 $2')} answered:`);
    expect(whole.out).not.toContain('nothing new');

    const again = await demo([], /Ctrl-C stops the server/);
    expect(again).toMatchObject({ code: 0, err: '' });
    expect(again.out).toMatch(/answered: 0 recorded \(0 of them not justified\), 0 unchanged,\s/);
    expect(again.out).toContain('nothing new: the ledger ends where it ended before');
    expect(again.out.trimEnd()).toMatch(/stopped$/);

    for (const { out } of [whole, again]) shows(out);
  }, 300_000);

  it('leaves no readable value of a person beside the stores, and its tokens to their owner', () => {
    const data = join(directory, 'data');
    const { name, email, postal } = personOf(1, 0);
    for (const file of readdirSync(data)) for (const value of [name, email, postal]) expect(readFileSync(join(data, file)).includes(value)).toBe(false);
    expect(statSync(join(data, 'demo-tokens.json')).mode & 0o077).toBe(0);
  });
});

/** What an onlooker is to see. */
function shows(out: string): void {
  const { email, name } = personOf(1, 0);
  for (const text of [email, name, 'not kept: there is no ground', '[superseded]', '[disputed]', 'withdrawn', 'overdue', 'Data was obtained from Bisnode', 'Explicit consent was given', 'consent-given', 'MalformedJson', '/docs', 'curl -s',
    'deviations dealt with, 1 recorded in error', '[does not count] Data was collected (purchase)', 'an adequacy decision', 'no ground for a transfer', 'The recipient has erased'])
    expect(out).toContain(text);
  // One that was allowed with all its reasons, one that was blocked with all of its.
  expect(out).toMatch(/^allowed {2}event-system$/m);
  expect(out).toMatch(/^blocked {2}newsletter-system$/m);
  expect(out).toMatch(/→ Not permitted: do not do it/);
  for (const rule of ['✓ sponsor-named', '✓ consent-covers-recipient (name)', '✗ consent-withdrawn (email)', '! audit-current', '✓ clauses-in-force']) expect(out).toContain(`  ${rule}`);
  expect(out).not.toContain('\u001b');
}

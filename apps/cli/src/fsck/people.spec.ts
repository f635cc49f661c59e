import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { liggare, remove, serveLedger, type ServedLedger } from '../cli.examples.js';

const ANNA = '3f0e8a52-6c1d-4b7a-9e35-0d2c4f6a8b10';
const OTHER = '6e2d9c41-8b7a-4f30-a512-3c4d5e6f7a81';
let ledger: ServedLedger;
let lines = 0;

beforeAll(async () => {
  ledger = await serveLedger();
}, 60_000);
afterAll(async () => {
  await ledger.stop();
  remove(ledger);
});

function line(name: string, data: object): string {
  return `${JSON.stringify({ specversion: '1.0', id: `line-${(lines += 1)}`, source: 'console', type: `se.liggare.${name}.v1`, data })}\n`;
}

async function imported(text: string): Promise<readonly { readonly events: readonly { readonly id: string }[] }[]> {
  const url = `${ledger.url}/v1/commands`;
  const token = readFileSync(join(ledger.data, 'token'), 'utf8').trim();
  const reply = await fetch(url, { method: 'POST', headers: { authorization: `Bearer ${token}`, 'content-type': 'application/x-ndjson' }, body: text });
  return (await reply.text()).trim().split('\n').map((answer) => JSON.parse(answer) as { readonly events: readonly { readonly id: string }[] });
}

it('finds nothing wrong where people were merged and parted, and what was wrong was destroyed', async () => {
  const [, linked] = await imported(line('RegisterSubject', { subject: ANNA, identifiers: [{ kind: 'email', value: 'anna@example.se' }] }) + line('LinkIdentifier', { subject: ANNA, added: { kind: 'phone', value: '070-174 06 05' } }));
  const wrong = linked?.events[0]?.id;
  await imported(
    line('RegisterSubject', { subject: OTHER, identifiers: [{ kind: 'customer-number', value: 'K-1' }] }) +
      line('MergeSubjects', { subject: ANNA, from: OTHER, evidence: 'the same number' }) +
      line('WithdrawConsent', { subject: OTHER }) +
      line('RecordInError', { subject: ANNA, event: wrong, code: 'wrong-person', note: 'not hers' }) +
      line('UnmergeSubjects', { subject: ANNA, from: OTHER }) +
      line('MergeSubjects', { subject: OTHER, from: ANNA }),
  );
  const { code, out } = await liggare(['fsck', '--views', '--json'], ledger.env);
  expect([code, JSON.parse(out)]).toEqual([0, expect.objectContaining({ clean: true, values: 5, erased: 1 })]);
}, 60_000);

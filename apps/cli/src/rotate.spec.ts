import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { liggare, linesOf, remove, serveLedger, tokenFileFor, type ServedLedger } from './cli.examples.js';

let ledger: ServedLedger;
/** Of the key directory before the rotation. */
let oldKeys = '';
let oldData = '';

beforeAll(async () => {
  ledger = await serveLedger();
  const imported = await liggare(['import', '-', '--token-file', await tokenFileFor(ledger, 'crm')], ledger.env, linesOf(20));
  expect(imported.code).toBe(0);
  oldData = join(ledger.directory, 'old-data');
  oldKeys = join(ledger.directory, 'old-keys');
  cpSync(`${ledger.data}.keys`, oldKeys, { recursive: true });
}, 60_000);
afterAll(() => remove(ledger));

const offline = (): { LIGGARE_DATA: string } => ({ LIGGARE_DATA: ledger.data });

describe('rotate', () => {
  it('is refused while a server runs, and changes no key', async () => {
    expect(await liggare(['rotate'], ledger.env)).toMatchObject({ code: 1, out: '', err: expect.stringMatching(/^liggare: .*\n$/) });
    const { code, out } = await liggare(['fsck'], ledger.env);
    expect([code, out.includes('clean')]).toEqual([0, true]);
  });

  it('wraps every data key anew, so that all opens as before', async () => {
    await ledger.stop();
    cpSync(ledger.data, oldData, { recursive: true });
    const { code, out } = await liggare(['rotate', '--json'], offline());
    expect(code).toBe(0);
    const { epoch, rewrapped } = JSON.parse(out) as { epoch: number; rewrapped: number };
    expect(epoch).toBe(2);
    expect(rewrapped).toBeGreaterThan(0);
    expect(await liggare(['fsck', '--json'], offline())).toMatchObject({ code: 0 });
  });

  it('leaves nothing that the old key opens', async () => {
    const { code, out } = await liggare(['fsck'], { ...offline(), LIGGARE_MASTER_KEY: oldKeys });
    expect([code, out]).toEqual([4, expect.stringContaining('20 faults:')]);
    // Nor does a server start with it.
    expect(await liggare(['serve'], { ...offline(), LIGGARE_PORT: '0', LIGGARE_MASTER_KEY: oldKeys })).toMatchObject({ code: 1, err: expect.stringMatching(/^liggare: the keys are older than the vault .*\n$/) });
  });

  it('leaves nothing of an older copy that the new key opens, and says so at the start', async () => {
    const { code, err } = await liggare(['serve'], { LIGGARE_DATA: oldData, LIGGARE_PORT: '0', LIGGARE_MASTER_KEY: `${ledger.data}.keys` });
    expect([code, err]).toEqual([1, expect.stringMatching(/^liggare: the vault .* is at epoch 1, whose master key .*\n$/)]);
  });

  it('makes no ledger where there is none', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'liggare-rotate-'));
    try {
      mkdirSync(join(directory, 'data'));
      const { code, err } = await liggare(['rotate'], { LIGGARE_DATA: join(directory, 'data') });
      expect([code, err]).toEqual([1, expect.stringMatching(/^liggare: there is no ledger in .*\n$/)]);
      expect(readdirSync(join(directory, 'data'))).toEqual([]);
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  });
});

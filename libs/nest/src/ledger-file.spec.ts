import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createWhole, makeLedgerId, readLedgerId } from './ledger-file.js';
import { StoresFault } from './stores-fault.js';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'liggare-ledger-file-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

describe('ledger.json', () => {
  it('names a ledger, for its owner alone, and leaves nothing beside', () => {
    expect(readLedgerId(directory)).toBeUndefined();
    const made = makeLedgerId(directory);
    expect(readLedgerId(directory)).toBe(made);
    expect(readdirSync(directory)).toEqual(['ledger.json']);
    expect(statSync(join(directory, 'ledger.json')).mode & 0o777).toBe(0o600);
  });

  it('keeps the name that another start gave at the same moment', () => {
    const first = makeLedgerId(directory);
    expect(makeLedgerId(directory)).toBe(first);
    expect(readLedgerId(directory)).toBe(first);
  });

  it('is refused when it is damaged, by either', () => {
    writeFileSync(join(directory, 'ledger.json'), '{"format":1');
    expect(() => readLedgerId(directory)).toThrow(StoresFault);
    expect(() => makeLedgerId(directory)).toThrow(StoresFault);
  });
});

it('a file that is made whole is made once', () => {
  const file = join(directory, 'token');
  expect([createWhole(file, 'one'), createWhole(file, 'two')]).toEqual([true, false]);
  expect([readFileSync(file, 'utf8'), readdirSync(directory)]).toEqual(['one', ['token']]);
});

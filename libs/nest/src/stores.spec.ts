import { copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readConfiguration, type Configuration } from './configuration.js';
import { openStores, openStoresReadOnly } from './stores.js';

let root: string;
let configuration: Configuration;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'liggare-stores-'));
  configuration = readConfiguration({ LIGGARE_DATA: join(root, 'data') });
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const at = (name: string): string => join(root, 'data', name);

async function make(): Promise<string> {
  const stores = await openStores(configuration);
  await stores.close();
  return stores.ledgerId;
}

async function bytes(): Promise<Readonly<Record<string, string>>> {
  const files = ['data', 'data.keys'].filter((directory) => existsSync(join(root, directory))).flatMap((directory) => readdirSync(join(root, directory)).map((name) => join(root, directory, name)));
  return Object.fromEntries(files.filter((file) => !file.endsWith('-shm') && !file.endsWith('-wal') && !file.endsWith('.lock')).map((file) => [file, readFileSync(file, 'base64')]));
}

describe('openStores', () => {
  it('makes a ledger where there is none, and finds it again', async () => {
    const made = await make();
    expect(await make()).toBe(made);
    expect(JSON.parse(readFileSync(at('ledger.json'), 'utf8'))).toEqual({ format: 1, ledgerId: made });
  });

  it('closes twice without harm', async () => {
    const stores = await openStores(configuration);
    await stores.close();
    await stores.close();
  });

  it('refuses a second writer', async () => {
    const first = await openStores(configuration);
    await expect(openStores(configuration)).rejects.toThrow(/already open for writing/);
    await first.close();
  });

  const damage: readonly [string, () => void, RegExp][] = [
    ['a log that is no database', () => writeFileSync(at('log.db'), 'x'.repeat(5_000)), /log\.db/],
    ['a log that is another program\'s', () => copyFileSync(at('vault.db'), at('log.db')), /another program/],
    ['a vault that is no database', () => writeFileSync(at('vault.db'), 'x'.repeat(5_000)), /could not open the vault/],
    ['missing keys', () => rmSync(join(root, 'data.keys'), { recursive: true }), /there are no keys/],
    ['half of the keys', () => rmSync(join(root, 'data.keys', readdirSync(join(root, 'data.keys'))[0] ?? '')), /has no /],
    ['a missing ledger.json', () => rmSync(at('ledger.json')), /has stores but no ledger\.json/],
    ['a damaged ledger.json', () => writeFileSync(at('ledger.json'), '{"format":1'), /is damaged/],
    ['a ledger.json of a newer program', () => writeFileSync(at('ledger.json'), '{"format":2}'), /newer program/],
    ['another ledger\'s name', () => writeFileSync(at('ledger.json'), '{"format":1,"ledgerId":"3f0e8a52-6c1d-4b7a-9e35-0d2c4f6a8b10"}'), /another ledger's/],
  ];

  it.each(damage)('refuses %s in one sentence, and touches nothing', async (_name, harm, sentence) => {
    await make();
    harm();
    const before = await bytes();
    await expect(openStores(configuration)).rejects.toThrow(sentence);
    await expect(openStores(configuration)).rejects.toThrow(/^[^\n]*$/);
    expect(await bytes()).toEqual(before);
  });

  it('refuses the keys of another ledger', async () => {
    await make();
    const other = readConfiguration({ LIGGARE_DATA: join(root, 'other') });
    await (await openStores(other)).close();
    await expect(openStores({ ...configuration, keys: other.keys })).rejects.toThrow(/keys are not those/);
  });

  it('refuses a data directory that is a file', async () => {
    writeFileSync(join(root, 'data'), '');
    await expect(openStores(configuration)).rejects.toThrow(/could not use .*: there is a file of that name \(EEXIST\)/);
  });
});

describe('openStoresReadOnly', () => {
  it('reads beside the writer, and writes nothing', async () => {
    const writer = await openStores(configuration);
    await writer.log.append({ stream: 's', expected: 'none', events: [{ id: '3f0e8a52-6c1d-4b7a-9e35-0d2c4f6a8b10', type: 'X', data: '{}' }] });
    const reader = await openStoresReadOnly(configuration);
    expect(await reader.log.revisionOf('s')).toBe(0);
    await expect(reader.log.append({ stream: 's', expected: 'any', events: [{ id: '3f0e8a52-6c1d-4b7a-9e35-0d2c4f6a8b11', type: 'X', data: '{}' }] })).rejects.toThrow(/reading only/);
    await expect(reader.vault.putText('x')).rejects.toThrow(/reading only/);
    await reader.close();
    await writer.close();
  });

  it('makes nothing where there is nothing', async () => {
    await expect(openStoresReadOnly(configuration)).rejects.toThrow(/there is no ledger/);
    expect(readdirSync(root)).toEqual([]);
  });

  it('refuses a missing, damaged or foreign vault', async () => {
    await make();
    const foreign = readConfiguration({ LIGGARE_DATA: join(root, 'other') });
    await (await openStores(foreign)).close();
    const vaults: readonly [() => void, RegExp][] = [
      [() => rmSync(at('vault.db')), /there is no vault/],
      [() => writeFileSync(at('vault.db'), 'x'.repeat(5_000)), /could not open the vault/],
      [() => copyFileSync(join(root, 'other', 'vault.db'), at('vault.db')), /another ledger's/],
    ];
    for (const [harm, sentence] of vaults) {
      rmSync(`${at('vault.db')}-wal`, { force: true });
      rmSync(`${at('vault.db')}-shm`, { force: true });
      harm();
      await expect(openStoresReadOnly(configuration)).rejects.toThrow(sentence);
    }
  });
});

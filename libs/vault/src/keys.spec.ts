import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SpecLog, SpecWriter } from './conformance.log.js';
import { createKeyFile, HMAC_FILE, MASTER_FILE } from './key-file.js';
import { keyCheck, type Keys, memoryKeys, openKeys } from './keys.js';
import type { RotationStep } from './rotate.js';
import type { SealedVault } from './sealed-vault.js';
import { openSqliteVault, sqliteParticipant } from './sqlite/sqlite-vault.js';
import { openParticipant } from './sqlite/vault.participant.js';
import { KeysUnusable } from './unusable.js';
import { commitmentOf, LEDGER, refOf, subject, valueOf } from './vault.examples.js';

describe('the key directory', () => {
  let root: string;
  let directory: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'liggare-keys-'));
    directory = join(root, 'data.keys');
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  const change = (name: string, edit: (text: string) => string): void => {
    const file = join(directory, name);
    writeFileSync(file, edit(readFileSync(file, 'utf8')));
  };
  const reopen = (): Keys => openKeys({ directory, create: false });

  it('reads again what another process made of it, keeps what it has where nothing can be read, and takes no other ledger’s', () => {
    const one = openKeys({ directory, create: true });
    const two = reopen();
    expect(two.reload()).toBe(false);
    expect([one.beginRotation(), two.reload(), two.epoch]).toEqual([2, true, 2]);
    writeFileSync(join(directory, MASTER_FILE), '{');
    expect([two.reload(), two.epoch]).toEqual([false, 2]);
    rmSync(directory, { recursive: true });
    openKeys({ directory, create: true });
    expect(() => two.reload()).toThrow(KeysUnusable);
    expect(() => two.beginRotation()).toThrow('other keys than those of this ledger');
  });

  it('is made once, for its owner alone, and gives the same keys again', () => {
    const made = openKeys({ directory, create: true });
    const again = openKeys({ directory, create: true });
    expect(statSync(directory).mode & 0o777).toBe(0o700);
    for (const name of readdirSync(directory)) expect([name, statSync(join(directory, name)).mode & 0o777]).toEqual([name, 0o600]);
    expect(keyCheck(again, LEDGER)).toBe(keyCheck(made, LEDGER));
    for (const name of ['command', 'blind', 'suppression'] as const) expect(again[name].equals(made[name])).toBe(true);
    expect(again.master(1)?.equals(made.master(1) ?? made.command)).toBe(true);
  });

  it.each([MASTER_FILE, HMAC_FILE])('is made by one of two starts at once: %s never takes the place of another’s', (name) => {
    const made = openKeys({ directory, create: true });
    const before = readFileSync(join(directory, name), 'utf8');
    expect(() => createKeyFile(directory, name, { format: 1, epochs: [] })).toThrow(KeysUnusable);
    expect(readFileSync(join(directory, name), 'utf8')).toBe(before);
    expect(readdirSync(directory).sort()).toEqual([HMAC_FILE, MASTER_FILE]);
    expect(keyCheck(reopen(), LEDGER)).toBe(keyCheck(made, LEDGER));
  });

  it('holds no HMAC key in the clear', () => {
    const keys = openKeys({ directory, create: true });
    const hmac = readFileSync(join(directory, 'hmac.json'), 'utf8');
    for (const key of [keys.command, keys.blind, keys.suppression]) expect(hmac).not.toContain(key.export().toString('base64url'));
  });

  it('tells one ledger’s keys from another’s', () => {
    expect(keyCheck(memoryKeys(), LEDGER)).not.toBe(keyCheck(memoryKeys(), LEDGER));
  });

  it('is refused when it is missing', () => {
    expect(reopen).toThrow(KeysUnusable);
    expect(reopen).toThrow(/^there are no keys in /);
  });

  it.each(['master.json', 'hmac.json'])('is refused without %s, and never completed', (name) => {
    openKeys({ directory, create: true });
    rmSync(join(directory, name));
    expect(() => openKeys({ directory, create: true })).toThrow(`has no ${name}`);
  });

  it.each(['master.json', 'hmac.json'])('is refused when %s is not what it was', (name) => {
    openKeys({ directory, create: true });
    const whole = readFileSync(join(directory, name), 'utf8');
    for (const edit of [
      (text: string) => text.slice(0, -20),
      (text: string) => text.replace('"format": 1', '"format": 2'),
      (text: string) => text.replace(/"(key|blind)": "(.)/, (_, field, first) => `"${field}": "${first === 'A' ? 'B' : 'A'}`),
      (text: string) => text.replace(/"epoch": 1/, '"epoch": 3'),
      () => 'null',
      () => '{"format": 1, "epochs": []}',
      () => '{"format": 1, "epochs": [null]}',
    ]) {
      change(name, () => edit(whole));
      expect(reopen).toThrow(KeysUnusable);
    }
    change(name, () => whole);
    expect(reopen).not.toThrow();
  });

  it('is refused when the old master key of an interrupted rotation is damaged', () => {
    const keys = openKeys({ directory, create: true });
    keys.beginRotation();
    keys.rewrapHmacKeys();
    expect(reopen).not.toThrow();
    change('master.json', (text) => text.replace(/"key": "(.)/, (_, first) => `"key": "${first === 'A' ? 'B' : 'A'}`));
    expect(reopen).toThrow('the master key of epoch 1 is damaged');
  });

  it('is refused when its two files are not of one ledger', () => {
    openKeys({ directory, create: true });
    const other = join(root, 'other.keys');
    openKeys({ directory: other, create: true });
    change('hmac.json', () => readFileSync(join(other, 'hmac.json'), 'utf8'));
    expect(reopen).toThrow('does not open under the master key');
  });

  it('is refused when others may read it', () => {
    openKeys({ directory, create: true });
    chmodSync(join(directory, 'master.json'), 0o640);
    expect(reopen).toThrow('others may read the key file');
  });

  describe('rotation of the master key', () => {
    const file = (): string => join(root, 'vault.sqlite');

    /** As a process does it: keys from the directory, vault from the file. */
    async function withVault<T>(use: (vault: SealedVault, keys: Keys) => Promise<T>): Promise<T> {
      const settings = { file: file(), keys: openKeys({ directory, create: true }), ledgerId: LEDGER };
      const writer = new SpecWriter(new SpecLog(), openParticipant(sqliteParticipant(settings).options));
      const vault = openSqliteVault({ ...settings, commit: commitmentOf, writer });
      try {
        return await use(vault, settings.keys);
      } finally {
        await vault.close();
        writer.close();
      }
    }

    const STEPS: readonly (readonly [RotationStep, number])[] = [
      ['epoch-made', 1],
      ['hmac-rewrapped', 1],
      ['old-epoch-closed', 1],
      ['batch-rewrapped', 1],
      ['batch-rewrapped', 2],
      ['batch-rewrapped', 3],
      ['old-epoch-forgotten', 1],
    ];

    it.each(STEPS)('survives a crash after %s (%i) and goes on where it was', async (crash, time) => {
      const values = Array.from({ length: 10 }, (_, i) => valueOf(subject(), String(i)));
      const check = await withVault(async (vault, keys) => {
        await vault.write((await vault.seal(values)).flatMap(({ writes }) => writes));
        return keyCheck(keys, LEDGER);
      });
      await withVault(async (vault) => {
        let times = 0;
        const onStep = (step: RotationStep): void => {
          if (step === crash && ++times === time) throw new Error('crash');
        };
        await expect(vault.rotateMasterKey({ batchSize: 4, onStep })).rejects.toThrow('crash');
      });
      const late = valueOf(subject(), '"sealed between crash and resumption"');
      const all = [...values, late];
      await withVault(async (vault, keys) => {
        expect((await vault.open(values.map(refOf))).map(({ kind }) => kind)).toEqual(values.map(() => 'opened'));
        await vault.write((await vault.seal([late])).flatMap(({ writes }) => writes));
        const isOver = crash === 'old-epoch-forgotten';
        expect(await vault.rotateMasterKey()).toMatchObject({ epoch: isOver ? 3 : 2 });
        expect(keys.master(1)).toBeUndefined();
      });
      await withVault(async (vault, keys) => {
        expect((await vault.open(all.map(refOf))).map(({ kind }) => kind)).toEqual(all.map(() => 'opened'));
        expect(keyCheck(keys, LEDGER)).toBe(check);
        expect(JSON.parse(readFileSync(join(directory, 'master.json'), 'utf8')).epochs).toHaveLength(1);
      });
    });

    it('keeps the old master key when a data key does not open', async () => {
      await withVault(async (vault, keys) => {
        const value = valueOf(subject(), '1');
        const [sealed] = await vault.seal([value]);
        await vault.write((sealed?.writes ?? []).map((write) => (write.op === 'key' ? { ...write, wrapped: write.wrapped.map((byte, i) => (i > 30 ? byte ^ 1 : byte)) } : write)));
        await expect(vault.rotateMasterKey()).rejects.toThrow('the old master key is kept');
        expect(keys.master(1)).toBeDefined();
      });
    });
  });
});

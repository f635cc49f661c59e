import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SpecLog, SpecWriter } from '../conformance.log.js';
import { memoryKeys } from '../keys.js';
import type { SealedVault } from '../sealed-vault.js';
import { KeysUnusable, VaultUnusable } from '../unusable.js';
import { appendOf, commitmentOf, inboxOf, LEDGER, refOf, subject, valueOf } from '../vault.examples.js';
import type { ToSeal } from '../vault.js';
import { openSqliteVault, sqliteParticipant } from './sqlite-vault.js';
import { openForWriting } from './vault-file.js';
import { openParticipant } from './vault.participant.js';

const keys = memoryKeys();
const NOW = '2026-03-01T12:00:00.000Z';

interface Opened {
  readonly vault: SealedVault;
  readonly writer: SpecWriter;
  readonly close: () => Promise<void>;
}

describe('the vault’s SQLite file', () => {
  let directory: string;
  let file: string;
  const open: Opened[] = [];

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'liggare-vault-'));
    file = join(directory, 'vault.sqlite');
  });
  afterEach(async () => {
    for (const { close } of open.splice(0)) await close();
    rmSync(directory, { recursive: true, force: true });
  });

  function openVault(): Opened {
    const settings = { file, keys, ledgerId: LEDGER };
    const writer = new SpecWriter(new SpecLog(), openParticipant(sqliteParticipant(settings).options));
    const vault = openSqliteVault({ ...settings, commit: commitmentOf, writer });
    let closed = false;
    const close = async (): Promise<void> => {
      if (closed) return;
      closed = true;
      await vault.close();
      writer.close();
    };
    const opened = { vault, writer, close };
    open.push(opened);
    return opened;
  }

  /** Changes the file behind the vault's back. */
  function tamper(sql: string, ...values: readonly (string | number | Uint8Array)[]): number {
    const db = new DatabaseSync(file);
    try {
      return Number(db.prepare(sql).run(...values).changes);
    } finally {
      db.close();
    }
  }

  async function store(vault: SealedVault, ...values: readonly ToSeal[]): Promise<void> {
    await vault.write((await vault.seal(values)).flatMap(({ writes }) => writes));
  }

  it('opens after a restart what was committed before it', async () => {
    const value = valueOf(subject(), '"x"');
    const first = openVault();
    await store(first.vault, value);
    const { token } = await first.vault.createActor({ name: 'Eva Exempel', role: 'officer' });
    await first.close();
    const { vault } = openVault();
    expect(await vault.open([refOf(value)])).toMatchObject([{ kind: 'opened', text: '"x"' }]);
    expect(await vault.actorOf(token)).toMatchObject({ name: 'Eva Exempel' });
  });

  it('lets the vault of another process win the first seal of a holding, and then seals under its key', async () => {
    const { vault, writer } = openVault();
    const other = openSqliteVault({ file, keys, ledgerId: LEDGER, commit: commitmentOf, writer });
    const [owner, holding] = [subject(), randomUUID()];
    const [mine, theirs] = [valueOf(owner, '"mine"', { holding }), valueOf(owner, '"theirs"', { holding })];
    const late = (await vault.seal([mine])).flatMap(({ writes }) => writes);
    await store(other, theirs);
    await expect(vault.write(late)).rejects.toMatchObject({ name: 'RiderRefused', reason: { kind: 'key', holding } });
    await store(vault, mine);
    expect((await other.open([mine, theirs].map(refOf))).map(({ kind }) => kind)).toEqual(['opened', 'opened']);
    await other.close();
  });

  it('is readable by its owner alone', async () => {
    const { vault } = openVault();
    await store(vault, valueOf(subject(), '"x"'));
    for (const name of readdirSync(directory)) expect([name, statSync(join(directory, name)).mode & 0o077]).toEqual([name, 0]);
  });

  it('holds nothing readable of a value, a name or an address', async () => {
    const { vault } = openVault();
    const index = vault.blindIndex('email', 'anna.exempel@example.com') ?? '';
    const value = valueOf(subject(), '"anna.exempel@example.com"');
    const append = appendOf(value.owner, value.event);
    const [sealed] = await vault.seal([value]);
    await vault.commit([inboxOf(append), ...(sealed?.writes ?? []), { op: 'claim', kind: 'email', index, owner: value.owner }], append);
    await vault.createActor({ name: 'Eva Exempel', role: 'officer' });
    const bytes = readdirSync(directory).map((name) => readFileSync(join(directory, name)));
    expect(bytes.some((content) => content.includes(index))).toBe(true);
    for (const readable of ['anna', 'example.com', 'Eva', 'Exempel']) expect(bytes.some((content) => content.includes(readable))).toBe(false);
  });

  it('settles by itself when no commit comes to ride with', async () => {
    const { vault, writer } = openVault();
    const append = appendOf(subject(), randomUUID());
    await vault.commit([inboxOf(append)], append);
    const before = writer.groups;
    vault.writeSoon([{ op: 'settle', key: append.events[0]?.id ?? '' }]);
    while ((await vault.unsettled()).length > 0) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(writer.groups).toBe(before + 1);
  });

  it('settles what waits when it is closed', async () => {
    const first = openVault();
    const append = appendOf(subject(), randomUUID());
    await first.vault.commit([inboxOf(append)], append);
    first.vault.writeSoon([{ op: 'settle', key: append.events[0]?.id ?? '' }]);
    await first.close();
    expect(await openVault().vault.unsettled()).toEqual([]);
  });

  describe('what was altered behind its back is broken, never erased', () => {
    const OTHER = randomUUID();
    it.each([
      ['a flipped bit of the wrapped key', "UPDATE key SET wrapped = unhex(substr(hex(wrapped), 1, 60) || printf('%02X', 255 - unhex(substr(hex(wrapped), 61, 2))) || substr(hex(wrapped), 63))"],
      ['another owner of the key', `UPDATE key SET owner = '${OTHER}'`],
      ['another epoch of the key', 'UPDATE key SET epoch = 2'],
      ['another holding of the key', `UPDATE key SET holding = '${OTHER}'`],
      ['a missing key', 'DELETE FROM key'],
      ['a missing value', 'DELETE FROM value'],
      ['an empty value', "UPDATE value SET bytes = x''"],
      ['a short value', 'UPDATE value SET bytes = substr(bytes, 1, 40)'],
      ['an empty key', "UPDATE key SET wrapped = x''"],
      ['another holding of the value', `UPDATE value SET holding = '${OTHER}'`],
      ['another slot of the value', "UPDATE value SET slot = 'phone'"],
    ])('%s', async (_, sql) => {
      const { vault } = openVault();
      const value = valueOf(subject(), '"x"');
      await store(vault, value);
      expect(await vault.open([refOf(value)])).toMatchObject([{ kind: 'opened' }]);
      expect(tamper(sql)).toBe(1);
      expect(await vault.open([refOf(value)])).toMatchObject([{ kind: 'broken' }]);
    });

    // What the CHECK refuses to write, a flipped bit in a record's header can still leave to be read: a BLOB becomes a TEXT, or nothing.
    it.each([
      ['a key that is not there', 'UPDATE key SET wrapped = NULL'],
      ['a value that is not there', 'UPDATE value SET bytes = NULL'],
      ['a key of a destruction that is not recorded', `UPDATE key SET wrapped = NULL, intent = '${OTHER}'`],
      ['a value of a destruction that is not recorded', `UPDATE value SET bytes = NULL, intent = '${OTHER}'`],
    ])('%s', async (_, sql) => {
      const { vault } = openVault();
      const value = valueOf(subject(), '"x"');
      await store(vault, value);
      const db = new DatabaseSync(file);
      db.exec(`PRAGMA ignore_check_constraints = 1; ${sql}`);
      db.close();
      expect(await vault.open([refOf(value)])).toMatchObject([{ kind: 'broken' }]);
    });

    it('a key whose bytes SQLite tells as a text, by one bit', async () => {
      const { vault, close } = openVault();
      const value = valueOf(subject(), '"x"');
      await store(vault, value);
      await close();
      // A record is its columns' types and then their bytes: the last before the first column are those of wrapped, epoch (1) and intent (NULL).
      const bytes = readFileSync(file);
      for (let at = bytes.indexOf(value.holding); at !== -1; at = bytes.indexOf(value.holding, at + 1)) if (bytes[at - 1] === 0 && bytes[at - 2] === 9) bytes[at - 3] = (bytes[at - 3] ?? 0) ^ 1;
      writeFileSync(file, bytes);
      const db = new DatabaseSync(file, { readOnly: true });
      expect(db.prepare('SELECT typeof(wrapped) AS type FROM key WHERE holding = ?').get(value.holding)).toEqual({ type: 'text' });
      db.close();
      expect(await openVault().vault.open([refOf(value)])).toMatchObject([{ kind: 'broken' }]);
    });

    it('swapped keys and swapped values', async () => {
      const { vault } = openVault();
      const [one, two] = [valueOf(subject(), '"one"'), valueOf(subject(), '"two"')];
      await store(vault, one, two);
      const db = new DatabaseSync(file);
      for (const [table, column] of [['value', 'bytes'], ['key', 'wrapped']] as const) {
        const swap = db.prepare(`UPDATE ${table} SET ${column} = CASE holding WHEN ?1 THEN ?3 ELSE ?4 END WHERE holding IN (?1, ?2)`);
        const get = (holding: string): Uint8Array => {
          const bytes = db.prepare(`SELECT ${column} AS bytes FROM ${table} WHERE holding = ?`).get(holding)?.['bytes'];
          if (!(bytes instanceof Uint8Array)) throw new Error('there is such a row');
          return bytes;
        };
        const [ofOne, ofTwo] = [get(one.holding), get(two.holding)];
        swap.run(one.holding, two.holding, ofTwo, ofOne);
        expect((await vault.open([one, two].map(refOf))).map(({ kind }) => kind)).toEqual(['broken', 'broken']);
        swap.run(one.holding, two.holding, ofOne, ofTwo);
        expect((await vault.open([one, two].map(refOf))).map(({ kind }) => kind)).toEqual(['opened', 'opened']);
      }
      db.close();
    });

    it('a published text says so when it is asked for', async () => {
      const { vault } = openVault();
      const sha256 = await vault.putText('Vi sparar din adress.');
      tamper("UPDATE text SET text = text || '!'");
      await expect(vault.text(sha256)).rejects.toThrow('is damaged');
    });

    it('a destruction that names no intent cannot even be written', () => {
      openVault();
      expect(() => tamper("INSERT INTO key (holding, owner, epoch) VALUES ('h', 'o', 0)")).toThrow(/CHECK/);
    });
  });

  it('reads as erased from the recorded destruction on, though an older copy of the bytes came back', async () => {
    const { vault } = openVault();
    const value = valueOf(subject(), '"x"');
    const [sealed] = await vault.seal([value]);
    await vault.write(sealed?.writes ?? []);
    await vault.destroy({ intent: randomUUID(), recordedAt: NOW, owner: value.owner });
    const bytes = sealed?.writes.find((write) => write.op === 'value')?.bytes ?? new Uint8Array();
    tamper('INSERT INTO value (event, slot, holding, at, bytes) VALUES (?, ?, ?, 0, ?)', value.event, value.slot, value.holding, bytes);
    expect(await vault.open([refOf(value)])).toEqual([{ kind: 'erased' }]);
  });

  describe('purge', () => {
    const HOLDINGS = 2_000;

    /** Half of them to be destroyed; of each its wrapped key, its ciphertext and its blind index. */
    async function filled(vault: SealedVault): Promise<{ gone: readonly ToSeal[]; kept: readonly ToSeal[]; marks: ReadonlyMap<string, readonly Uint8Array[]> }> {
      const values = Array.from({ length: HOLDINGS }, (_, i) => valueOf(subject(), `"value ${i}"`));
      const marks = new Map<string, readonly Uint8Array[]>();
      for (let i = 0; i < HOLDINGS; i += 100) {
        const batch = values.slice(i, i + 100);
        const sealed = await vault.seal(batch);
        const writes = sealed.flatMap((one, j) => {
          const owner = batch[j]?.owner ?? '';
          const index = vault.blindIndex('email', `${owner}@example.com`) ?? '';
          marks.set(owner, [Buffer.from(index), ...one.writes.flatMap((write) => (write.op === 'key' ? [write.wrapped] : write.op === 'value' ? [write.bytes] : []))]);
          const link = { op: 'link', kind: 'email', index, owner, identifier: randomUUID(), from: NOW, shared: false } as const;
          return [...one.writes, link, { op: 'claim', kind: 'email', index, owner } as const];
        });
        await vault.write(writes);
      }
      return { gone: values.filter((_, i) => i % 2 === 0), kept: values.filter((_, i) => i % 2 === 1), marks };
    }

    /** How often any sixteen bytes of these stand anywhere in the vault's files. */
    function remnants(of: readonly ToSeal[], marks: ReadonlyMap<string, readonly Uint8Array[]>): number {
      const byStart = Map.groupBy(of.flatMap(({ owner }) => fragmentsOf(marks.get(owner) ?? [])), (fragment) => fragment.readUInt32LE(0));
      let count = 0;
      for (const name of readdirSync(directory)) {
        const bytes = readFileSync(join(directory, name));
        for (let i = 0; i + 16 <= bytes.length; i++) {
          for (const fragment of byStart.get(bytes.readUInt32LE(i)) ?? []) if (bytes.compare(fragment, 0, 16, i, i + 16) === 0) count++;
        }
      }
      return count;
    }

    it('leaves no byte of 1 000 destroyed holdings in any file, and opens the other 1 000', async () => {
      const { vault } = openVault();
      const { gone, kept, marks } = await filled(vault);
      for (const { owner } of gone) await vault.destroy({ intent: randomUUID(), recordedAt: NOW, owner });

      const report = await vault.purge();
      expect(report.files).toEqual(['vault.sqlite: rewritten', 'vault.sqlite-wal: truncated']);
      expect(report.bytesAfter).toBeLessThan(report.bytesBefore);

      expect(remnants(gone, marks)).toBe(0);
      // The scan finds what is there.
      const parts = kept.map(({ owner }) => fragmentsOf(marks.get(owner) ?? []).length);
      expect(remnants(kept, marks)).toBeGreaterThanOrEqual(parts.reduce((sum, count) => sum + count, 0));
      expect((await vault.open(gone.map(refOf))).every(({ kind }) => kind === 'erased')).toBe(true);
      expect((await vault.open(kept.map(refOf))).every(({ kind }) => kind === 'opened')).toBe(true);
    });

    it('removes even what was deleted and not overwritten', async () => {
      const { vault } = openVault();
      const { gone, marks } = await filled(vault);
      const db = new DatabaseSync(file);
      db.exec('PRAGMA secure_delete = OFF');
      for (const { owner } of gone) {
        db.prepare('DELETE FROM value WHERE holding IN (SELECT holding FROM key WHERE owner = ?)').run(owner);
        for (const table of ['key', 'link', 'claim']) db.prepare(`DELETE FROM ${table} WHERE owner = ?`).run(owner);
      }
      db.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get();
      db.close();
      expect(remnants(gone, marks)).toBeGreaterThan(0);
      await vault.purge();
      expect(remnants(gone, marks)).toBe(0);
    });

    it('rejects with a clear sentence while another process reads, and works when it has ended', async () => {
      const { vault } = openVault();
      await store(vault, valueOf(subject(), '"x"'));
      const script = `
        const db = new (require('node:sqlite').DatabaseSync)(process.argv[1], { readOnly: true });
        db.exec('BEGIN'); db.prepare('SELECT count(*) FROM key').get(); console.log('reading'); setInterval(() => {}, 1000);`;
      const reader = spawn(process.execPath, ['-e', script, file], { stdio: ['ignore', 'pipe', 'inherit'] });
      try {
        await once(reader.stdout, 'data');
        await store(vault, valueOf(subject(), '"y"'));
        await expect(vault.purge()).rejects.toThrow('another process is still reading it');
        await store(vault, valueOf(subject(), '"z"'));
      } finally {
        reader.kill();
        await once(reader, 'exit');
      }
      await expect(vault.purge()).resolves.toMatchObject({ files: [expect.any(String), expect.any(String)] });
    });
  });

  it('syncs every commit and overwrites what it deletes, whatever SQLite was compiled with', () => {
    sqliteParticipant({ file, keys, ledgerId: LEDGER });
    const db = openForWriting(file);
    const pragma = (name: string): unknown => Object.values(db.prepare(`PRAGMA ${name}`).get() ?? {})[0];
    expect(['journal_mode', 'synchronous', 'secure_delete'].map(pragma)).toEqual(['wal', 2, 1]);
    db.close();
  });

  describe('is refused with one sentence', () => {
    async function made(): Promise<void> {
      const { vault, close } = openVault();
      await store(vault, valueOf(subject(), '"x"'));
      await close();
    }

    it('when it is not SQLite', () => {
      writeFileSync(file, 'something else altogether, and longer than a header of a hundred bytes would be'.repeat(3));
      expect(openVault).toThrow(VaultUnusable);
      expect(openVault).toThrow(/^could not open the vault/);
    });

    it('when it is another program’s database', () => {
      const db = new DatabaseSync(file);
      db.exec('CREATE TABLE t (x)');
      db.close();
      expect(openVault).toThrow('is not a vault');
    });

    it('when it is of a newer program', async () => {
      await made();
      tamper('PRAGMA user_version = 2');
      expect(openVault).toThrow('has format 2, and this program knows 1');
    });

    it('when it is another ledger’s', async () => {
      await made();
      expect(() => sqliteParticipant({ file, keys, ledgerId: randomUUID() })).toThrow('is another ledger\'s');
    });

    it('when the keys are not its own', async () => {
      await made();
      expect(() => sqliteParticipant({ file, keys: memoryKeys(), ledgerId: LEDGER })).toThrow(KeysUnusable);
    });

    it('when the keys are older than it is', async () => {
      await made();
      tamper("UPDATE meta SET value = '7' WHERE name = 'epoch'");
      expect(openVault).toThrow('are older than the vault');
    });

    it('and a copy of it opens with its keys', async () => {
      await made();
      copyFileSync(file, join(directory, 'copy.sqlite'));
      file = join(directory, 'copy.sqlite');
      expect(openVault).not.toThrow();
    });
  });

  it('leaves nothing of a group that was rolled back', async () => {
    openVault();
    const participant = openParticipant({ file });
    const { vault } = openVault();
    const value = valueOf(subject(), '"x"');
    const rider = { at: 1, writes: (await vault.seal([value])).flatMap(({ writes }) => writes) };
    participant.begin();
    expect(participant.check(rider)).toBeUndefined();
    participant.apply(rider);
    participant.rollback();
    participant.rollback();
    expect(await vault.open([refOf(value)])).toMatchObject([{ kind: 'broken' }]);
    participant.close();
  });

  it('takes nothing that is not a rider or a job of the vault', () => {
    sqliteParticipant({ file, keys, ledgerId: LEDGER });
    const participant = openParticipant({ file });
    expect(() => participant.check('rider')).toThrow(TypeError);
    expect(() => participant.run({ job: 'dance' })).toThrow(TypeError);
    expect(() => openParticipant(undefined)).toThrow(TypeError);
    participant.close();
  });
});

/** Without the first bytes, which say only which format and key it is. */
function fragmentsOf(marks: readonly Uint8Array[]): readonly Buffer[] {
  return marks.flatMap((mark) => {
    const bytes = Buffer.from(mark);
    return Array.from({ length: Math.floor((bytes.length - 9) / 16) }, (_, i) => bytes.subarray(9 + i * 16, 25 + i * 16));
  });
}

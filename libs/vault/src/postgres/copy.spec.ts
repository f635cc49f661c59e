import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import type { Database } from '#postgres/database.js';
import { describeWithPostgres } from '#postgres/postgres.suite.js';
import { SpecLog, SpecWriter } from '../conformance.log.js';
import { memoryKeys } from '../keys.js';
import type { SealedVault } from '../sealed-vault.js';
import { openSqliteVault, sqliteParticipant } from '../sqlite/sqlite-vault.js';
import { openParticipant } from '../sqlite/vault.participant.js';
import { appendOf, commitmentOf, inboxOf, LEDGER, refOf, subject, valueOf } from '../vault.examples.js';
import type { VaultWrite } from '../vault.js';
import { compareVaults, copyVault } from './copy.js';
import { sealed, store } from './nodes.fixture.js';
import { openPostgresVault, openVaultDatabase } from './postgres-vault.js';

const NOW = '2026-03-01T12:00:00.000Z';

describeWithPostgres('a vault that moves from SQLite to PostgreSQL', (server) => {
  const keys = memoryKeys();
  let directory: string;
  let file: string;
  let database: Database;
  let source: SealedVault;
  let closeSource: () => Promise<void>;
  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'liggare-copy-'));
    file = join(directory, 'vault.sqlite');
    const settings = { file, keys, ledgerId: LEDGER };
    const writer = new SpecWriter(new SpecLog(), openParticipant(sqliteParticipant(settings).options));
    source = openSqliteVault({ ...settings, commit: commitmentOf, writer });
    closeSource = async () => {
      await source.close();
      writer.close();
    };
    database = await openVaultDatabase(await server().newDatabase(), { poolSize: 3 });
  });
  afterEach(async () => {
    await closeSource();
    await database.close();
    rmSync(directory, { recursive: true, force: true });
  });

  const opened = (): Promise<SealedVault> => openPostgresVault({ database, keys, ledgerId: LEDGER, commit: commitmentOf, log: new SpecLog() });
  const copy = (more: Partial<Parameters<typeof copyVault>[0]> = {}): ReturnType<typeof copyVault> => copyVault({ file, keys, ledgerId: LEDGER, database, batchSize: 7, ...more });

  /** Something of everything that a vault keeps. */
  async function fill() {
    const values = Array.from({ length: 40 }, (_, i) => valueOf(subject(), String(i)));
    await store(source, ...values);
    const [erased, holding, index] = [valueOf(subject(), '"gone"'), randomUUID(), randomUUID()];
    const [theirs, own] = [valueOf(subject(), '"theirs"', { holding }), valueOf(subject(), '"own"', { holding })];
    await store(source, erased, theirs, own);
    const owner = values[0]?.owner ?? '';
    const link: VaultWrite = { op: 'link', kind: 'email', index, owner, identifier: randomUUID(), from: '2026-01-01T00:00:00Z', to: '2027-01-01T00:00:00Z', shared: true };
    await source.write([link, { op: 'claim', kind: 'email', index, owner }]);
    const open = appendOf(owner, randomUUID());
    const settled = appendOf(owner, randomUUID());
    await source.write([inboxOf(open), ...(await sealed(source, valueOf(owner, '"attempt"', { event: open.events[0]?.id ?? '' })))]);
    await source.write([inboxOf(settled)]);
    await source.write([{ op: 'settle', key: settled.events[0]?.id ?? '' }]);
    await source.destroy({ intent: randomUUID(), recordedAt: NOW, owner: erased.owner });
    const sha256 = await source.putText('Vi sparar\u0000din adress. 🌲');
    const { token } = await source.createActor({ name: 'Eva Exempel', role: 'upstream', system: 'crm' });
    return { values: [...values, theirs, own], erased, owner, index, open, settled, sha256, token };
  }

  it('keeps what it holds: values, owners, order, links, claims, inbox, destructions, texts and actors', async () => {
    const { values, erased, owner, index, open, settled, sha256, token } = await fill();
    const newest = await source.newest(100);
    const unsettled = await source.unsettled();
    const { rows } = await copy();
    expect(rows).toBe(95);

    const vault = await opened();
    expect((await vault.open(values.map(refOf))).map(({ kind }) => kind)).toEqual(values.map(() => 'opened'));
    expect(await vault.open([refOf(erased)])).toEqual([{ kind: 'erased' }]);
    expect(await vault.newest(100)).toEqual(newest);
    expect(await vault.unsettled()).toEqual(unsettled);
    expect(await vault.inbox(settled.events[0]?.id ?? '')).toMatchObject({ settled: true });
    expect(await vault.matches('email', index, NOW)).toEqual(await source.matches('email', index, NOW));
    expect(await vault.claimant('email', index)).toBe(owner);
    expect(await vault.text(sha256)).toBe('Vi sparar\u0000din adress. 🌲');
    expect(await vault.actorOf(token)).toMatchObject({ name: 'Eva Exempel', system: 'crm' });
    // And it goes on: what an attempt sealed goes with it, and what comes next is newest.
    await vault.write([{ op: 'void', key: open.events[0]?.id ?? '' }]);
    const next = valueOf(subject(), '"next"');
    await store(vault, next);
    expect(await vault.newest(1)).toMatchObject([{ event: next.event }]);
    await expect(compareVaults({ file, database })).rejects.toThrow(/differ: row \d+ of table/);
  });

  it('goes on after the last batch when it was stopped, and is nobody’s until it is whole', async () => {
    await fill();
    let batches = 0;
    for (;;) {
      const stopped: unknown = await copy({
        onProgress: () => {
          if (++batches % 3 === 0) throw new Error('the power went');
        },
      }).then(() => undefined, (error: unknown) => error);
      if (stopped === undefined) break;
      expect(stopped).toMatchObject({ message: 'the power went' });
      await expect(opened()).rejects.toThrow('the copy is not complete');
    }
    expect(batches).toBeLessThan(40);
    const { rows } = await compareVaults({ file, database, batchSize: 5 });
    expect(rows).toBe(95);
    await expect(opened()).resolves.toBeDefined();
  });

  it.each([
    ['a value', "UPDATE value SET bytes = set_byte(bytes, 30, 255 - get_byte(bytes, 30)) WHERE seq = 9"],
    ['a row too many', "INSERT INTO claim VALUES ('zz', 'email', 'somebody')"],
    ['a missing row', 'DELETE FROM key WHERE holding = (SELECT max(holding) FROM key)'],
    ['a null', 'UPDATE link SET valid_to = NULL'],
    ['the epoch', "UPDATE meta SET value = '2' WHERE name = 'epoch'"],
  ])('is told to differ by %s', async (_, sql) => {
    await fill();
    await copy();
    await expect(compareVaults({ file, database, batchSize: 7 })).resolves.toBeDefined();
    await database.query(sql);
    await expect(compareVaults({ file, database, batchSize: 7 })).rejects.toThrow(/^the two vaults (differ|are not)/);
  });

  it('is refused where a vault is already, and with a damaged row', async () => {
    await fill();
    await opened();
    await expect(copy()).rejects.toThrow('nothing is copied over it');
    const empty = await openVaultDatabase(await server().newDatabase());
    const db = new DatabaseSync(file);
    db.exec("CREATE TABLE loose AS SELECT * FROM value; DROP TABLE value; ALTER TABLE loose RENAME TO value; UPDATE value SET bytes = 'text' WHERE rowid = 3");
    db.close();
    await expect(copy({ database: empty })).rejects.toThrow('a row of table value of the SQLite vault is damaged');
    await empty.close();
  });
});

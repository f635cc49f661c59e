import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { describeWithPostgres, itOnOwnServer } from '#postgres/postgres.suite.js';
import { memoryKeys } from '../keys.js';
import type { SealedVault } from '../sealed-vault.js';
import { KeysUnusable, VaultUnavailable, VaultUnusable } from '../unusable.js';
import { appendOf, commitmentOf, inboxOf, LEDGER, refOf, subject, valueOf } from '../vault.examples.js';
import type { ToSeal } from '../vault.js';
import { type Node, Nodes, sealed, store } from './nodes.fixture.js';
import { openPostgresVault, openVaultDatabase } from './postgres-vault.js';

const NOW = '2026-03-01T12:00:00.000Z';

describeWithPostgres('the vault’s tables in PostgreSQL', (server) => {
  let url: string;
  let nodes: Nodes;
  beforeEach(async () => {
    url = await server().newDatabase();
    nodes = new Nodes(url);
  });
  afterEach(() => nodes.stop());

  /** Changes the tables behind the vault's back; gives how many rows. */
  async function tamper({ database }: Node, sql: string, ...values: readonly (string | Uint8Array)[]): Promise<number> {
    return (await database.query(sql, values)).count;
  }
  const destroyed = (owner: string) => ({ intent: randomUUID(), recordedAt: NOW, owner });

  it('open after a restart what was committed before it', async () => {
    const value = valueOf(subject(), '"x"');
    const { vault } = await nodes.start();
    await store(vault, value);
    const { token } = await vault.createActor({ name: 'Eva Exempel', role: 'officer' });
    await nodes.stop();
    const again = await nodes.start();
    expect(await again.vault.open([refOf(value)])).toMatchObject([{ kind: 'opened', text: '"x"' }]);
    expect(await again.vault.actorOf(token)).toMatchObject({ name: 'Eva Exempel' });
  });

  it('settle by themselves when no commit comes to ride with, and when they are closed', async () => {
    const { vault, log } = await nodes.start();
    const [first, second] = [appendOf(subject(), randomUUID()), appendOf(subject(), randomUUID())];
    for (const append of [first, second]) await vault.commit([inboxOf(append)], append);
    vault.writeSoon([{ op: 'settle', key: first.events[0]?.id ?? '' }]);
    while ((await vault.unsettled()).length > 1) await delay(5);
    vault.writeSoon([{ op: 'settle', key: second.events[0]?.id ?? '' }]);
    await nodes.stop();
    expect(await (await nodes.start()).vault.unsettled()).toEqual([]);
    expect(log.has(first.events[0]?.id ?? '')).toBe(true);
  });

  it('keep a published text with every character that JavaScript has', async () => {
    const { vault } = await nodes.start();
    const text = 'före\u0000efter \u{1F332} \\ \' "';
    expect(await vault.text(await vault.putText(text))).toBe(text);
  });

  describe('what was altered behind their back is broken, never erased', () => {
    const OTHER = randomUUID();
    it.each([
      ['a flipped bit of the wrapped key', 'UPDATE key SET wrapped = set_bit(wrapped, 250, 1 - get_bit(wrapped, 250))'],
      ['another owner of the key', `UPDATE key SET owner = '${OTHER}'`],
      ['another epoch of the key', 'UPDATE key SET epoch = 2'],
      ['another holding of the key', `UPDATE key SET holding = '${OTHER}'`],
      ['a missing key', 'DELETE FROM key'],
      ['a missing value', 'DELETE FROM value'],
      ['an empty value', "UPDATE value SET bytes = ''"],
      ['a short value', 'UPDATE value SET bytes = substring(bytes FROM 1 FOR 40)'],
      ['an empty key', "UPDATE key SET wrapped = ''"],
      ['another holding of the value', `UPDATE value SET holding = '${OTHER}'`],
      ['another slot of the value', "UPDATE value SET slot = 'phone'"],
      ['a key that is not there', 'UPDATE key SET wrapped = NULL'],
      ['a value that is not there', 'UPDATE value SET bytes = NULL'],
      ['a key of a destruction that is not recorded', `UPDATE key SET wrapped = NULL, intent = '${OTHER}'`],
      ['a value of a destruction that is not recorded', `UPDATE value SET bytes = NULL, intent = '${OTHER}'`],
    ])('%s', async (_, sql) => {
      const node = await nodes.start();
      const value = valueOf(subject(), '"x"');
      await store(node.vault, value);
      expect(await node.vault.open([refOf(value)])).toMatchObject([{ kind: 'opened' }]);
      await tamper(node, 'ALTER TABLE key DROP CONSTRAINT key_check');
      await tamper(node, 'ALTER TABLE value DROP CONSTRAINT value_check');
      expect(await tamper(node, sql)).toBe(1);
      expect(await node.vault.open([refOf(value)])).toMatchObject([{ kind: 'broken' }]);
    });

    it('swapped keys and swapped values', async () => {
      const node = await nodes.start();
      const [one, two] = [valueOf(subject(), '"one"'), valueOf(subject(), '"two"')];
      await store(node.vault, one, two);
      for (const [table, column] of [['value', 'bytes'], ['key', 'wrapped']] as const) {
        const swap = `UPDATE ${table} SET ${column} = other.${column} FROM ${table} AS other WHERE other.holding <> ${table}.holding`;
        expect(await tamper(node, swap)).toBe(2);
        expect((await node.vault.open([one, two].map(refOf))).map(({ kind }) => kind)).toEqual(['broken', 'broken']);
        await tamper(node, swap);
        expect((await node.vault.open([one, two].map(refOf))).map(({ kind }) => kind)).toEqual(['opened', 'opened']);
      }
    });

    it('a published text says so when it is asked for', async () => {
      const node = await nodes.start();
      const sha256 = await node.vault.putText('Vi sparar din adress.');
      await tamper(node, "UPDATE text SET text = text || '!'");
      await expect(node.vault.text(sha256)).rejects.toThrow('is damaged');
    });

    it('a destruction that names no intent cannot even be written', async () => {
      const node = await nodes.start();
      await expect(tamper(node, "INSERT INTO key (holding, owner, epoch) VALUES ('h', 'o', 0)")).rejects.toMatchObject({ code: '23514' });
    });
  });

  it('read as erased from the recorded destruction on, though an older copy of the bytes came back', async () => {
    const node = await nodes.start();
    const value = valueOf(subject(), '"x"');
    const writes = await sealed(node.vault, value);
    await node.vault.write(writes);
    await node.vault.destroy(destroyed(value.owner));
    const bytes = writes.find((write) => write.op === 'value')?.bytes ?? new Uint8Array();
    await tamper(node, 'INSERT INTO value (event, slot, holding, at, bytes) VALUES ($1, $2, $3, 0, $4)', value.event, value.slot, value.holding, bytes);
    expect(await node.vault.open([refOf(value)])).toEqual([{ kind: 'erased' }]);
  });

  describe('purge', () => {
    it('takes deleted rows out of the tables, and says what it does not reach', async () => {
      const node = await nodes.start();
      const [gone, kept] = [valueOf(subject(), '"x"'), valueOf(subject(), '"y"')];
      await store(node.vault, gone, kept);
      await node.vault.destroy(destroyed(gone.owner));
      const report = await node.vault.purge();
      expect(report.files).toEqual([expect.stringMatching(/^tables .*VACUUM/), expect.stringMatching(/^write-ahead log, replicas and backups: .*rotate the master key/)]);
      expect((await node.vault.open([gone, kept].map(refOf))).map(({ kind }) => kind)).toEqual(['erased', 'opened']);
    });

    it('rejects with a clear sentence while somebody still sees what was deleted, and works when that has ended', async () => {
      const node = await nodes.start();
      const value = valueOf(subject(), '"x"');
      await store(node.vault, value);
      await node.database.transaction(async (reader) => {
        await reader.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ');
        await reader.query('SELECT count(*) FROM key');
        await node.vault.destroy(destroyed(value.owner));
        await expect(node.vault.purge()).rejects.toThrow('still sees what was deleted');
      });
      await expect(node.vault.purge()).resolves.toMatchObject({ files: [expect.any(String), expect.any(String)] });
    });
  });

  describe('are refused with one sentence', () => {
    it('when they are another ledger’s', async () => {
      await nodes.start();
      await expect(nodes.start(nodes.keys, randomUUID())).rejects.toThrow('is another ledger’s');
    });

    it('when the keys are not their own', async () => {
      await nodes.start();
      await expect(nodes.start(memoryKeys())).rejects.toThrow(KeysUnusable);
    });

    it('when the keys are older than they are', async () => {
      const node = await nodes.start();
      await tamper(node, "UPDATE meta SET value = '7' WHERE name = 'epoch'");
      await expect(nodes.start()).rejects.toThrow('are older than the vault');
    });

    it('when they are of a newer program', async () => {
      const node = await nodes.start();
      await tamper(node, "INSERT INTO migration (name, timestamp) VALUES ('9999-newer', '')");
      await expect(nodes.start()).rejects.toThrow(VaultUnusable);
      await expect(nodes.start()).rejects.toThrow(/the vault in PostgreSQL is of a newer program/);
    });

    it('when a ledger is being copied into them', async () => {
      const node = await nodes.start();
      await tamper(node, "INSERT INTO meta (name, value) VALUES ('copying', 'key')");
      await expect(nodes.start()).rejects.toThrow('the copy is not complete');
    });

    it('when there is no such database, without its URL', async () => {
      const fault: unknown = await openPostgresVault({ url: `${url}x`, keys: nodes.keys, ledgerId: LEDGER, commit: commitmentOf, log: { append: unreachable } }).catch((error: unknown) => error);
      expect(fault).toBeInstanceOf(VaultUnusable);
      expect(inspect(fault, { depth: 9 })).not.toContain(new URL(url).pathname.slice(1));
    });
  });

  describe('when the server fails', () => {
    const three = (owner: string): readonly ToSeal[] => {
      const [event, holding] = [randomUUID(), randomUUID()];
      return ['email', 'name', 'phone'].map((slot) => valueOf(owner, '"x"', { event, holding, slot }));
    };
    async function commit(vault: SealedVault, values: readonly ToSeal[]): Promise<unknown> {
      const append = appendOf(values[0]?.owner ?? '', values[0]?.event ?? '');
      return vault.commit([inboxOf(append), ...(await sealed(vault, ...values))], append);
    }

    it('a rider is whole or absent whenever its connection is cut, what was acknowledged is whole, and the pool recovers', async () => {
      const { vault, log, database } = await nodes.start();
      const [acknowledged, lost]: [ToSeal[][], ToSeal[][]] = [[], []];
      const faults: unknown[] = [];
      let cutting = true;
      const cuts = (async () => {
        for (; cutting; await delay(15)) await server().cut();
      })();
      for (let i = 0; i < 20; i++) {
        const round = Array.from({ length: 4 }, () => [...three(subject())]);
        await Promise.all(round.map((values) => commit(vault, values).then(() => acknowledged.push(values), (fault: unknown) => (faults.push(fault), lost.push(values)))));
      }
      cutting = false;
      await cuts;
      expect(faults.filter((fault) => !(fault instanceof VaultUnavailable))).toEqual([]);
      expect(faults.length).toBeGreaterThan(0);
      const kinds = async (values: readonly ToSeal[]): Promise<string> => (await vault.open(values.map(refOf))).map(({ kind }) => kind).join(' ');
      for (const values of acknowledged) expect(await kinds(values)).toBe('opened opened opened');
      for (const values of lost) {
        expect(['opened opened opened', 'broken broken broken']).toContain(await kinds(values));
        expect(log.has(values[0]?.event ?? '')).toBe(false);
      }
      expect((await database.query("SELECT count(*) AS n FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in transaction%'")).rows).toEqual([{ n: 0 }]);
    });

    itOnOwnServer('it is unavailable meanwhile, and serves again when the server is back', async () => {
      const { vault } = await nodes.start();
      const values = three(subject());
      await commit(vault, values);
      await server().restart?.('immediate', async () => {
        await expect(vault.open(values.map(refOf))).rejects.toThrow(VaultUnavailable);
        await expect(commit(vault, values)).rejects.toThrow(/^the vault cannot be reached now: PostgreSQL cannot be reached now \(/);
        await expect(openVaultDatabase(url)).rejects.toThrow(VaultUnavailable);
      });
      expect((await vault.open(values.map(refOf))).map(({ kind }) => kind)).toEqual(['opened', 'opened', 'opened']);
      await commit(vault, three(subject()));
    });
  });
});

async function unreachable(): Promise<never> {
  throw new Error('nothing is appended here');
}

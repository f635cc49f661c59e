import { randomUUID, type KeyObject } from 'node:crypto';
import { afterEach, beforeEach, expect } from '@jest/globals';
import { describeWithPostgres, itOnOwnServer } from '#postgres/postgres.suite.js';
import { unwrapKey } from '../seal.js';
import { LEDGER, subject, valueOf } from '../vault.examples.js';
import type { VaultWrite } from '../vault.js';
import { Nodes, sealed } from './nodes.fixture.js';

describeWithPostgres('the PostgreSQL vault', (server) => {
  let url: string;
  let nodes: Nodes;
  beforeEach(async () => {
    url = await server().newDatabase();
    nodes = new Nodes(url);
  });
  afterEach(() => nodes.stop());

  itOnOwnServer('leaves no plaintext and no unwrapped key in any file of the server, write-ahead log included, before and after a destruction', async () => {
    const node = await nodes.start();
    const text = '"anna.exempel@example.com"';
    const values = Array.from({ length: 8 }, () => valueOf(subject(), text));
    const writes = await sealed(node.vault, ...values);
    await node.vault.write(writes);
    await node.vault.createActor({ name: 'Eva Exempel', role: 'officer' });
    const index = node.vault.blindIndex('email', 'anna.exempel@example.com') ?? '';
    await node.vault.write([{ op: 'claim', kind: 'email', index, owner: values[0]?.owner ?? '' }]);

    const files = async (): Promise<readonly Buffer[]> => {
      await server().ask(url, 'SELECT pg_switch_wal()');
      await server().ask(url, 'CHECKPOINT');
      return (await server().files?.()) ?? [];
    };
    const secrets = ['anna.exempel', 'Eva Exempel', ...formsOf(nodes.keys.master(1)), ...writes.flatMap((write) => formsOf(dataKeyOf(nodes, write)))];
    const found = (bytes: readonly Buffer[], secret: string | Uint8Array): boolean => bytes.some((one) => one.includes(Buffer.from(secret)));
    const before = await files();
    const wrapped = writes.flatMap((write) => (write.op === 'key' ? [write.wrapped] : []));
    expect(secrets.length).toBe(29);
    expect(wrapped.every((bytes) => found(before, bytes)) && found(before, index)).toBe(true);
    expect(secrets.filter((secret) => found(before, secret))).toEqual([]);

    for (const { owner } of values) await node.vault.destroy({ intent: randomUUID(), recordedAt: '2026-03-01T12:00:00.000Z', owner });
    await node.vault.purge();
    const after = await files();
    expect(after.length).toBeGreaterThan(0);
    expect(secrets.filter((secret) => found(after, secret))).toEqual([]);
  }, 60_000);
});

/** The data key of a `key` write, unwrapped. */
function dataKeyOf({ keys }: Nodes, write: VaultWrite): KeyObject | undefined {
  const master = keys.master(1);
  if (write.op !== 'key' || !master) return undefined;
  const dataKey = unwrapKey(write.wrapped, master, { ledgerId: LEDGER, holding: write.holding, owner: write.owner, epoch: 1 });
  if (!dataKey) throw new Error('a key that was made opens');
  return dataKey.key;
}

/** As it might be written down: in bytes, in hex and in base64url. */
function formsOf(key: KeyObject | undefined): readonly (string | Uint8Array)[] {
  const bytes = key?.export();
  return bytes ? [bytes, bytes.toString('hex'), bytes.toString('base64url')] : [];
}

/** What two nodes do to one vault at the same moment. Each of these was seen to fail with its guard taken out of `take` (decisions/0006). */
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { describeWithPostgres } from '#postgres/postgres.suite.js';
import { openKeys } from '../keys.js';
import { appendOf, inboxOf, refOf, subject, valueOf } from '../vault.examples.js';
import type { SealedRef, VaultWrite } from '../vault.js';
import { type Node, Nodes, sealed, store, whileUncommitted } from './nodes.fixture.js';

const CHILD = fileURLToPath(new URL('vault.child.js', import.meta.url));
const NOW = '2026-03-01T12:00:00.000Z';

describeWithPostgres('two nodes on one PostgreSQL vault', (server) => {
  let nodes: Nodes;
  let one: Node;
  let two: Node;
  beforeEach(async () => {
    nodes = new Nodes(await server().newDatabase());
    [one, two] = [await nodes.start(), await nodes.start()];
  });
  afterEach(() => nodes.stop());

  const kinds = async (...refs: readonly SealedRef[]): Promise<readonly string[]> => (await one.vault.open(refs)).map(({ kind }) => kind);
  const destruction = (owner: string, holdings?: readonly string[]) => ({ intent: randomUUID(), recordedAt: NOW, owner, ...(holdings && { holdings }) });
  const link = (owner: string, index: string, identifier: string): VaultWrite => ({ op: 'link', kind: 'email', index, owner, identifier, from: '2026-01-01T00:00:00Z', shared: false });
  const claim = (owner: string, index: string): VaultWrite => ({ op: 'claim', kind: 'email', index, owner });

  it('seal first for one new holding: the second is told, and seals under the key of the first', async () => {
    const holding = randomUUID();
    const [mine, theirs] = [valueOf(subject(), '"mine"', { holding }), valueOf(subject(), '"theirs"', { holding })];
    const late = await sealed(two.vault, theirs);
    expect(await whileUncommitted(one.database, await sealed(one.vault, mine), () => two.vault.write(late))).toMatchObject({ reason: { kind: 'key', holding } });
    await store(two.vault, theirs);
    expect(await kinds(refOf(mine), refOf(theirs))).toEqual(['opened', 'opened']);
  });

  it('claim one identifier: the second is told who has it', async () => {
    const [index, winner] = [randomUUID(), subject()];
    expect(await whileUncommitted(one.database, [claim(winner, index)], () => two.vault.write([claim(subject(), index)]))).toMatchObject({ reason: { kind: 'claimed', owner: winner } });
    expect(await one.vault.claimant('email', index)).toBe(winner);
  });

  it('release and claim one identifier: who comes after the release has it', async () => {
    const [index, identifier, before, after] = [randomUUID(), randomUUID(), subject(), subject()];
    await one.vault.write([link(before, index, identifier), claim(before, index)]);
    expect(await whileUncommitted(one.database, [{ op: 'unlink', identifier, to: NOW }], () => two.vault.write([claim(after, index)]))).toBeUndefined();
    expect(await one.vault.claimant('email', index)).toBe(after);
  });

  it.each([1, 2])('take attempt %i of one command: the second is refused, and nothing of it is stored', async (attempt) => {
    const [mine, theirs] = [valueOf(subject(), '"mine"'), valueOf(subject(), '"theirs"')];
    const append = appendOf(mine.owner, mine.event);
    if (attempt === 2) await one.vault.write([inboxOf(append)]);
    const refused = await whileUncommitted(one.database, [inboxOf(append, attempt), ...(await sealed(one.vault, mine))], async () =>
      two.vault.commit([inboxOf(append, attempt), ...(await sealed(two.vault, theirs))], append),
    );
    expect(refused).toMatchObject({ reason: { kind: 'inbox' } });
    expect(await one.vault.inbox(mine.event)).toMatchObject({ attempt, settled: false });
    expect(await kinds(refOf(mine), refOf(theirs))).toEqual(['opened', 'broken']);
    expect(two.log.has(mine.event)).toBe(false);
  });

  it('settle a command while the next attempt is taken: what is settled is settled', async () => {
    const append = appendOf(subject(), randomUUID());
    const key = append.events[0]?.id ?? '';
    await one.vault.write([inboxOf(append)]);
    await whileUncommitted(one.database, [inboxOf(append, 2)], () => two.vault.write([{ op: 'settle', key }]));
    expect(await one.vault.inbox(key)).toMatchObject({ attempt: 2, settled: true });
  });

  it('seal for a holding while its destruction commits: refused', async () => {
    const [owner, holding] = [subject(), randomUUID()];
    await store(two.vault, valueOf(owner, '"before"', { holding }));
    const late = await sealed(two.vault, valueOf(owner, '"late"', { holding, event: randomUUID() }));
    const rows = [{ op: 'destroy', destruction: destruction(owner, [holding]) } as const];
    expect(await whileUncommitted(one.database, { rows }, () => two.vault.write(late.map((write) => (write.op === 'value' ? { ...write, owner: subject() } : write))))).toMatchObject({ reason: { kind: 'destroyed', holding } });
  });

  it.each(['new', 'stored'])('destroy a %s holding while somebody seals for it: nothing of it stays', async (which) => {
    const [owner, holding] = [subject(), randomUUID()];
    const [first, value] = [valueOf(owner, '"first"', { holding }), valueOf(subject(), '"x"', { holding })];
    if (which === 'stored') await store(one.vault, first);
    await whileUncommitted(one.database, await sealed(one.vault, value), () => two.vault.destroy(destruction(owner, [holding])));
    expect(await kinds(refOf(value))).toEqual(['erased']);
    expect((await one.database.query('SELECT event FROM value')).rows).toEqual([]);
  });

  it('destroy everything of an owner for whom somebody stores something: all of it is gone', async () => {
    const [owner, index, value] = [subject(), randomUUID(), subject()];
    const kept = valueOf(owner, `"${value}"`);
    const append = appendOf(owner, kept.event);
    const writes = [inboxOf(append), ...(await sealed(one.vault, kept)), link(owner, index, randomUUID()), claim(owner, index)];
    await whileUncommitted(one.database, writes, () => two.vault.destroy(destruction(owner)));
    expect(await kinds(refOf(kept))).toEqual(['erased']);
    expect(await one.vault.claimant('email', index)).toBeUndefined();
    expect(await one.vault.matches('email', index, NOW)).toEqual([]);
    expect(await one.vault.inbox(kept.event)).not.toHaveProperty('fingerprint');
  });

  it('collect an orphan while somebody seals for its holding: the key stays for the other', async () => {
    const holding = randomUUID();
    const [orphan, value] = [valueOf(subject(), '"orphan"', { holding }), valueOf(subject(), '"x"', { holding })];
    await store(one.vault, orphan);
    const orphans = await two.vault.orphans('2100-01-01T00:00:00Z', async () => false);
    await whileUncommitted(one.database, await sealed(one.vault, value), () => two.vault.collect(orphans));
    expect(await kinds(refOf(orphan), refOf(value))).toEqual(['broken', 'opened']);
  });

  it('rotate the master key while somebody stores a new one under the old epoch: it is rewrapped with the others', async () => {
    const value = valueOf(subject(), '"x"');
    expect(await whileUncommitted(one.database, await sealed(one.vault, value), () => two.vault.rotateMasterKey())).toEqual({ epoch: 2, rewrapped: 1 });
    expect(await kinds(refOf(value))).toEqual(['opened']);
  });

  it('store a new key under an epoch that is being ended: refused', async () => {
    const value = valueOf(subject(), '"x"');
    const late = await sealed(two.vault, value);
    expect(await whileUncommitted(one.database, { rows: [{ op: 'epoch', epoch: 2 }] }, () => two.vault.write(late))).toMatchObject({ reason: { kind: 'key', holding: value.holding } });
  });

  it('take the next attempt of a command while it is settled: refused', async () => {
    const append = appendOf(subject(), randomUUID());
    const key = append.events[0]?.id ?? '';
    await one.vault.write([inboxOf(append)]);
    expect(await whileUncommitted(one.database, [{ op: 'settle', key }], () => two.vault.write([inboxOf(append, 2)]))).toMatchObject({ reason: { kind: 'inbox' } });
    expect(await one.vault.inbox(key)).toMatchObject({ attempt: 1, settled: true });
  });

  it('claim many identifiers in opposite orders: all of them get an answer', async () => {
    const [owner, indexes] = [subject(), Array.from({ length: 12 }, () => randomUUID())];
    const rounds = Array.from({ length: 24 }, (_, n) => n);
    const claims = indexes.map((index) => claim(owner, index));
    expect(await Promise.all(rounds.map(async (n) => (n % 2 === 0 ? one : two).vault.write(n % 2 === 0 ? claims : claims.toReversed())))).toHaveLength(24);
  });

  it('deadlock on each other’s links: one is tried again, and both are stored', async () => {
    const [owner, index, first, second] = [subject(), randomUUID(), randomUUID(), randomUUID()];
    const links = Array.from({ length: 400 }, (_, i) => link(owner, index, `${i}`));
    await Promise.all([
      one.vault.write([link(owner, index, first), ...links]),
      two.vault.write([link(owner, index, second), ...links.toReversed()]),
    ]);
    expect((await one.vault.matches('email', index, NOW)).map(({ identifier }) => identifier)).toEqual(expect.arrayContaining([first, second]));
  });
});

describeWithPostgres('nodes in processes of their own', (server) => {
  let keyDirectory: string;
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'liggare-nodes-'));
    keyDirectory = join(directory, 'keys');
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  interface Said {
    readonly ledgerId: string;
    readonly isNew: boolean;
    readonly refused: number;
    readonly refs: readonly SealedRef[];
  }
  async function child(url: string, ...more: readonly string[]): Promise<Said> {
    const { stdout } = await promisify(execFile)(process.execPath, [CHILD, url, keyDirectory, ...more]);
    const said: Said = JSON.parse(stdout);
    return said;
  }

  it('start at once on an empty database: one makes the ledger and its keys, the others find them', async () => {
    const url = await server().newDatabase();
    const said = await Promise.all([child(url, subject()), child(url, subject()), child(url, subject())]);
    expect(new Set(said.map(({ ledgerId }) => ledgerId)).size).toBe(1);
    expect(said.filter(({ isNew }) => isNew)).toHaveLength(1);
  });

  it('seal first for the same new holdings at once: every value opens', async () => {
    const url = await server().newDatabase();
    const { ledgerId } = await child(url, subject());
    const holdings = Array.from({ length: 150 }, () => randomUUID());
    const said = await Promise.all([child(url, subject(), ...holdings), child(url, subject(), ...holdings)]);
    const nodes = new Nodes(url);
    const { vault } = await nodes.start(openKeys({ directory: keyDirectory, create: false }), ledgerId);
    const opened = await vault.open(said.flatMap(({ refs }) => refs));
    await nodes.stop();
    expect(opened.filter(({ kind }) => kind === 'opened')).toHaveLength(300);
  });

  it('go on after another one rotated the master key, for keys that are newer than their own', async () => {
    const url = await server().newDatabase();
    const { ledgerId } = await child(url, subject());
    const nodes = new Nodes(url);
    const keys = (): ReturnType<typeof openKeys> => openKeys({ directory: keyDirectory, create: false });
    const [one, two, three] = [await nodes.start(keys(), ledgerId), await nodes.start(keys(), ledgerId), await nodes.start(keys(), ledgerId)];
    const [before, after, first, second] = [valueOf(subject(), '1'), valueOf(subject(), '2'), valueOf(subject(), '3'), valueOf(subject(), '4')];
    await store(one.vault, before);
    const { token } = await one.vault.createActor({ name: 'Eva Exempel', role: 'officer' });
    const late = await sealed(two.vault, first);
    expect(await one.vault.rotateMasterKey()).toMatchObject({ epoch: 2 });
    await store(one.vault, after);
    // It seals under the old epoch, is refused, and has read the new key when it seals again.
    await expect(two.vault.write(late)).rejects.toMatchObject({ reason: { kind: 'key' } });
    await store(two.vault, first, second);
    const opened = await two.vault.open([before, after, first, second].map(refOf));
    expect(opened.map(({ kind }) => kind)).toEqual(['opened', 'opened', 'opened', 'opened']);
    expect(await two.vault.actorOf(token)).toMatchObject({ name: 'Eva Exempel' });

    // One that only reads meets a newer key; one that rotates next does not undo what was done.
    expect(await two.vault.rotateMasterKey()).toMatchObject({ epoch: 3 });
    expect((await one.vault.open([refOf(second)])).map(({ kind }) => kind)).toEqual(['opened']);
    expect(await one.vault.actorOf(token)).toMatchObject({ name: 'Eva Exempel' });
    await store(one.vault, valueOf(subject(), '5', { holding: before.holding }));
    expect(await three.vault.rotateMasterKey()).toMatchObject({ epoch: 4 });
    expect(await one.vault.check(noRefs())).toEqual({ broken: [], lost: [] });
    await nodes.stop();
  });
});

async function* noRefs(): AsyncIterable<SealedRef> {}

import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { RiderRefused, WrongExpectedRevision } from '#event-store/event-store.js';
import type { SealedVault } from './sealed-vault.js';
import { appendOf, commitmentOf, inboxOf, refOf, subject, valueOf } from './vault.examples.js';
import type { SealedRef, ToSeal, VaultWrite } from './vault.js';

/** A vault over a log, as an engine's spec opens it. */
export interface OpenedVault {
  readonly vault: SealedVault;
  readonly isInLog: (event: string) => Promise<boolean>;
  /** Sets the vault's clock, in Unix ms. */
  readonly setClock: (now: number) => void;
  readonly close: () => Promise<void>;
}

const NOON = Date.parse('2026-03-01T12:00:00Z');
const DAY = 86_400_000;
const iso = (ms: number): string => new Date(ms).toISOString();

/** What every engine of the vault does. */
export function describeVault(name: string, open: () => Promise<OpenedVault>): void {
  describe(name, () => {
    let opened: OpenedVault;
    let vault: SealedVault;
    beforeEach(async () => {
      opened = await open();
      ({ vault } = opened);
      opened.setClock(NOON);
    });
    afterEach(() => opened.close());

    async function store(...values: readonly ToSeal[]): Promise<void> {
      await vault.write((await vault.seal(values)).flatMap(({ writes }) => writes));
    }
    async function kinds(...refs: readonly SealedRef[]): Promise<readonly string[]> {
      return (await vault.open(refs)).map(({ kind }) => kind);
    }
    async function refused(attempt: Promise<unknown>): Promise<unknown> {
      const error: unknown = await attempt.catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(RiderRefused);
      return error instanceof RiderRefused ? error.reason : undefined;
    }

    describe('sealing and opening', () => {
      it('opens what was sealed, with the salt that its commitment was made of', async () => {
        const values = [valueOf(subject(), '"anna@example.com"'), valueOf(subject(), '"Åsa 🌲"'), valueOf(subject(), '""')];
        const sealed = await vault.seal(values);
        await vault.write(sealed.flatMap(({ writes }) => writes));
        const answers = await vault.open(values.map(refOf));
        values.forEach((value, i) => {
          const answer = answers[i];
          expect(answer).toMatchObject({ kind: 'opened', text: value.text });
          if (answer?.kind === 'opened') expect(commitmentOf(answer.salt, answer.text)).toBe(sealed[i]?.commitment);
        });
      });

      it('makes one key for several values of one new holding', async () => {
        const [owner, holding] = [subject(), randomUUID()];
        const sealed = await vault.seal(['a', 'b', 'c'].map((slot) => valueOf(owner, `"${slot}"`, { holding, slot })));
        const keys = sealed.flatMap(({ writes }) => writes).flatMap((write) => (write.op === 'key' ? [Buffer.from(write.wrapped).toString('hex')] : []));
        expect(new Set(keys).size).toBe(1);
      });

      it('ends two concurrent first seals of one holding with one key that opens both', async () => {
        const [owner, holding] = [subject(), randomUUID()];
        const values = [valueOf(owner, '"one"', { holding }), valueOf(owner, '"two"', { holding })];
        await Promise.all(values.map((value) => store(value)));
        expect(await kinds(...values.map(refOf))).toEqual(['opened', 'opened']);
      });

      it('refuses a value whose key lost to another one, and takes it when it is sealed anew', async () => {
        const [owner, holding] = [subject(), randomUUID()];
        const [loser, winner] = [valueOf(owner, '"loser"', { holding }), valueOf(owner, '"winner"', { holding })];
        const late = (await vault.seal([loser])).flatMap(({ writes }) => writes);
        opened.setClock(NOON + 61_000);
        await store(winner);
        expect(await refused(vault.write(late))).toEqual({ kind: 'key', holding });
        await store(loser);
        expect(await kinds(refOf(loser), refOf(winner))).toEqual(['opened', 'opened']);
      });

      it('refuses a value that comes without any key', async () => {
        const value = valueOf(subject(), '"x"');
        const writes = (await vault.seal([value])).flatMap((sealed) => sealed.writes).filter(({ op }) => op === 'value');
        expect(await refused(vault.write(writes))).toEqual({ kind: 'key', holding: value.holding });
      });

      it('answers broken for what was never stored, and never erased', async () => {
        const value = valueOf(subject(), '"x"');
        await store(value);
        expect(await kinds({ ...refOf(value), event: randomUUID() }, { ...refOf(value), slot: 'phone' }, { ...refOf(value), holding: randomUUID() })).toEqual(['broken', 'broken', 'broken']);
      });

      it('answers broken for the bytes of another event, slot or holding', async () => {
        const owner = subject();
        const [one, two] = [valueOf(owner, '"one"'), valueOf(owner, '"two"')];
        await store(one, two);
        const moved = valueOf(owner, '"moved"', { holding: one.holding });
        const [sealed] = await vault.seal([moved]);
        const bytes = sealed?.writes.find((write) => write.op === 'value')?.bytes ?? new Uint8Array();
        const elsewhere = [
          { ...refOf(moved), event: randomUUID() },
          { ...refOf(moved), slot: 'phone' },
        ];
        await vault.write(elsewhere.map((ref) => ({ op: 'value', ...ref, owner, bytes })));
        expect(await kinds(...elsewhere)).toEqual(['broken', 'broken']);
      });

      it('answers broken for every flipped bit of a sealed value', async () => {
        const value = valueOf(subject(), '1');
        const [sealed] = await vault.seal([value]);
        await vault.write(sealed?.writes ?? []);
        const write = sealed?.writes.find((one) => one.op === 'value');
        if (!write) throw new Error('a value was sealed');
        for (let bit = 0; bit < write.bytes.length * 8; bit++) {
          const bytes = Uint8Array.from(write.bytes);
          bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
          // A flipped key id never gets past the writer.
          if (bit >= 8 && bit < 72) expect(await refused(vault.write([{ ...write, bytes }]))).toEqual({ kind: 'key', holding: value.holding });
          else {
            await vault.write([{ ...write, bytes }]);
            expect(await kinds(refOf(value))).toEqual(['broken']);
          }
        }
      });

      it('replaces a value of the same event and slot, whatever its holding was', async () => {
        const owner = subject();
        const first = valueOf(owner, '"first"');
        const second = valueOf(owner, '"second"', { event: first.event });
        await store(first);
        await store(second);
        expect(await kinds(refOf(first), refOf(second))).toEqual(['broken', 'opened']);
      });
    });

    it('takes the writes of a commit in any order', async () => {
      const value = valueOf(subject(), '"x"');
      for (const [n, expected] of [[1, 4], [2, 'none']] as const) {
        const append = appendOf(value.owner, value.event, expected);
        const [sealed] = await vault.seal([value]);
        const committed = vault.commit([...(sealed?.writes ?? []), inboxOf(append, n)].sort((one, two) => (one.op < two.op ? 1 : -1)), append);
        if (n === 1) await expect(committed).rejects.toThrow(WrongExpectedRevision);
        else expect(await committed).toMatchObject({ revision: 0 });
      }
      expect(await kinds(refOf(value))).toEqual(['opened']);
    });

    describe('identifiers', () => {
      const link = (owner: string, index: string, more: Partial<Extract<VaultWrite, { op: 'link' }>> = {}): VaultWrite => ({
        op: 'link', kind: 'email', index, owner, identifier: randomUUID(), from: '2026-01-01T00:00:00Z', shared: false, ...more,
      });

      it('finds the same index for one address written in two ways, and another one for another kind', () => {
        expect(vault.blindIndex('email', ' Anna@EXAMPLE.com')).toBe(vault.blindIndex('email', 'anna@example.com'));
        expect(vault.blindIndex('customer-number', '12')).not.toBe(vault.blindIndex('device-id', '12'));
        expect(vault.blindIndex('email', 'nobody')).toBeUndefined();
      });

      it('matches by links that are valid at the instant: from inclusive, to exclusive', async () => {
        const [owner, index] = [subject(), randomUUID()];
        await vault.write([link(owner, index, { from: '2026-01-01T00:00:00Z', to: '2026-02-01T00:00:00.500Z' })]);
        const at = async (instant: string): Promise<number> => (await vault.matches('email', index, instant)).length;
        expect(await at('2025-12-31T23:59:59.999Z')).toBe(0);
        expect(await at('2026-01-01T00:00:00.000Z')).toBe(1);
        expect(await at('2026-02-01T00:00:00Z')).toBe(1);
        expect(await at('2026-02-01T00:00:00.500Z')).toBe(0);
        expect(await vault.matches('phone', index, '2026-01-02T00:00:00Z')).toEqual([]);
      });

      it('gives everybody whom a shared identifier fits', async () => {
        const [one, two, index] = [subject(), subject(), randomUUID()];
        await vault.write([link(one, index, { shared: true }), link(two, index, { shared: true })]);
        const matches = await vault.matches('email', index, iso(NOON));
        expect(matches.map(({ owner, shared }) => [owner, shared]).sort()).toEqual([[one, true], [two, true]].sort());
      });

      it('gives a contested claim to one, and tells the losers to whom', async () => {
        const [index, owners] = [randomUUID(), [subject(), subject(), subject()]];
        const outcomes = await Promise.allSettled(owners.map((owner) => vault.write([{ op: 'claim', kind: 'email', index, owner }])));
        const winner = owners[outcomes.findIndex(({ status }) => status === 'fulfilled')];
        expect(outcomes.filter(({ status }) => status === 'rejected')).toHaveLength(2);
        expect(await vault.claimant('email', index)).toBe(winner);
        expect(await refused(vault.write([{ op: 'claim', kind: 'email', index, owner: subject() }]))).toEqual({ kind: 'claimed', owner: winner });
        await vault.write([{ op: 'claim', kind: 'email', index, owner: winner ?? '' }]);
      });

      it('releases the claim with the end of the owner’s link, and not with the end of another’s', async () => {
        const [owner, other, index] = [subject(), subject(), randomUUID()];
        const [own, foreign] = [randomUUID(), randomUUID()];
        await vault.write([{ op: 'claim', kind: 'email', index, owner }, link(owner, index, { identifier: own }), link(other, index, { identifier: foreign })]);
        await vault.write([{ op: 'unlink', identifier: foreign, to: iso(NOON) }]);
        expect(await vault.claimant('email', index)).toBe(owner);
        await vault.write([{ op: 'unlink', identifier: own, to: iso(NOON) }]);
        expect(await vault.claimant('email', index)).toBeUndefined();
        expect(await vault.matches('email', index, iso(NOON))).toEqual([]);
        expect(await vault.matches('email', index, iso(NOON - 1))).toHaveLength(2);
      });

      it('refuses instants that are none', async () => {
        await expect(vault.matches('email', 'x', 'yesterday')).rejects.toThrow(RangeError);
        await expect(vault.write([link(subject(), 'x', { from: '2026-01-01T00:00:00+01:00' })])).rejects.toThrow(RangeError);
      });
    });

    describe('the inbox', () => {
      async function attempt(value: ToSeal, expected: number | 'none', n = 1): Promise<unknown> {
        const append = appendOf(value.owner, value.event, expected);
        const [sealed] = await vault.seal([value]);
        return vault.commit([inboxOf(append, n), ...(sealed?.writes ?? [])], append);
      }

      it('keeps an attempt with its prepared append until it is settled', async () => {
        const value = valueOf(subject(), '"x"');
        expect(await attempt(value, 'none')).toMatchObject({ revision: 0, repeated: false });
        const append = appendOf(value.owner, value.event);
        const row = { key: value.event, fingerprint: inboxOf(append).fingerprint, owner: value.owner, attempt: 1 };
        expect(await vault.inbox(value.event)).toEqual({ ...row, prepared: append, settled: false });
        expect(await vault.unsettled()).toHaveLength(1);
        await vault.write([{ op: 'settle', key: value.event }]);
        expect(await vault.inbox(value.event)).toEqual({ ...row, settled: true });
        expect(await vault.unsettled()).toEqual([]);
      });

      it('settles soon when there is no hurry', async () => {
        const value = valueOf(subject(), '"x"');
        await attempt(value, 'none');
        vault.writeSoon([{ op: 'settle', key: value.event }]);
        await attempt(valueOf(subject(), '"y"'), 'none');
        expect(await vault.inbox(value.event)).toMatchObject({ settled: true });
      });

      it('lets nothing wait that could be refused', () => {
        expect(() => vault.writeSoon([{ op: 'claim', kind: 'email', index: 'x', owner: subject() }])).toThrow(TypeError);
      });

      it('keeps what was to be settled when the commit it rode with was refused', async () => {
        const [value, other] = [valueOf(subject(), '"x"'), valueOf(subject(), '"y"')];
        await attempt(value, 'none');
        await attempt(other, 'none');
        vault.writeSoon([{ op: 'settle', key: value.event }]);
        expect(await refused(attempt(other, 0))).toEqual({ kind: 'inbox' });
        await attempt(valueOf(subject(), '"z"'), 'none');
        expect(await vault.inbox(value.event)).toMatchObject({ settled: true });
      });

      it('refuses a first attempt on a known key, settled or not', async () => {
        const value = valueOf(subject(), '"x"');
        await attempt(value, 'none');
        expect(await refused(attempt(value, 0))).toEqual({ kind: 'inbox' });
        await vault.write([{ op: 'settle', key: value.event }]);
        expect(await refused(attempt(value, 0))).toEqual({ kind: 'inbox' });
        expect(await refused(attempt(value, 0, 2))).toEqual({ kind: 'inbox' });
      });

      it('keeps the attempt unsettled after a wrong expected revision, until the next attempt takes its place', async () => {
        const value = valueOf(subject(), '"x"');
        await expect(attempt(value, 4)).rejects.toThrow(WrongExpectedRevision);
        expect(await vault.inbox(value.event)).toMatchObject({ attempt: 1, settled: false, prepared: { expected: 4 } });
        expect(await refused(attempt(value, 'none', 3))).toEqual({ kind: 'inbox' });
        expect(await attempt(value, 'none', 2)).toMatchObject({ revision: 0 });
        expect(await vault.inbox(value.event)).toMatchObject({ attempt: 2, settled: false });
        expect(await kinds(refOf(value))).toEqual(['opened']);
      });

      it('gives a contested next attempt to one', async () => {
        const value = valueOf(subject(), '"x"');
        await expect(attempt(value, 4)).rejects.toThrow(WrongExpectedRevision);
        const outcomes = await Promise.allSettled([attempt(value, 5, 2), attempt(value, 5, 2), attempt(value, 5, 2)]);
        const reasons = outcomes.map((outcome) => (outcome.status === 'rejected' ? String(outcome.reason.name) : 'written'));
        expect(reasons.sort()).toEqual(['RiderRefused', 'RiderRefused', 'WrongExpectedRevision']);
        expect(await vault.inbox(value.event)).toMatchObject({ attempt: 2, settled: false });
      });

      it('drops what an attempt sealed when the next one seals other slots', async () => {
        const value = valueOf(subject(), '"x"');
        const second = { ...value, slot: 'phone', holding: randomUUID() };
        await expect(attempt(value, 4)).rejects.toThrow(WrongExpectedRevision);
        await attempt(second, 'none', 2);
        expect(await kinds(refOf(value), refOf(second))).toEqual(['broken', 'opened']);
      });

      it('forgets a voided attempt and what it sealed, and never one that is settled', async () => {
        const [never, written] = [valueOf(subject(), '"x"'), valueOf(subject(), '"y"')];
        await expect(attempt(never, 4)).rejects.toThrow(WrongExpectedRevision);
        await attempt(written, 'none');
        await vault.write([{ op: 'settle', key: written.event }, { op: 'void', key: written.event }, { op: 'void', key: never.event }, { op: 'void', key: randomUUID() }]);
        expect(await vault.inbox(never.event)).toBeUndefined();
        expect(await vault.inbox(written.event)).toMatchObject({ settled: true });
        expect(await kinds(refOf(never), refOf(written))).toEqual(['broken', 'opened']);
        expect(await attempt(never, 'none')).toMatchObject({ revision: 0 });
      });

      it('sends prepared bytes again and is told that they were there', async () => {
        const value = valueOf(subject(), '"x"');
        await attempt(value, 'none');
        const prepared = (await vault.inbox(value.event))?.prepared ?? appendOf('', '');
        expect(await vault.commit([{ op: 'settle', key: value.event }], prepared)).toMatchObject({ revision: 0, repeated: true });
        expect(await vault.inbox(value.event)).toMatchObject({ settled: true });
      });

      it('writes nothing at all when one of many writes is refused', async () => {
        const [value, index] = [valueOf(subject(), '"x"'), randomUUID()];
        await vault.write([{ op: 'claim', kind: 'email', index, owner: subject() }]);
        const append = appendOf(value.owner, value.event);
        const [sealed] = await vault.seal([value]);
        await refused(vault.commit([inboxOf(append), ...(sealed?.writes ?? []), { op: 'claim', kind: 'email', index, owner: value.owner }], append));
        expect(await vault.inbox(value.event)).toBeUndefined();
        expect(await kinds(refOf(value))).toEqual(['broken']);
        expect(await opened.isInLog(value.event)).toBe(false);
      });
    });

    describe('destruction', () => {
      it('reads as erased what one holding held, and leaves the rest of the owner', async () => {
        const owner = subject();
        const [gone, kept] = [valueOf(owner, '"allergy"'), valueOf(owner, '"name"')];
        await store(gone, kept);
        const destruction = { intent: randomUUID(), recordedAt: iso(NOON), owner, holdings: [gone.holding] };
        await vault.destroy(destruction);
        await vault.destroy(destruction);
        expect(await kinds(refOf(gone), refOf(kept))).toEqual(['erased', 'opened']);
      });

      it('takes an identifier’s link and claim with its holding', async () => {
        const [owner, index, identifier] = [subject(), randomUUID(), randomUUID()];
        await vault.write([
          { op: 'link', kind: 'email', index, owner, identifier, from: '2026-01-01T00:00:00Z', shared: false },
          { op: 'claim', kind: 'email', index, owner },
        ]);
        await vault.destroy({ intent: randomUUID(), recordedAt: iso(NOON), owner, holdings: [identifier] });
        expect(await vault.claimant('email', index)).toBeUndefined();
        expect(await vault.matches('email', index, iso(NOON))).toEqual([]);
      });

      it('reads as erased the values that were named, and leaves others of their holding, which takes more', async () => {
        const [owner, holding] = [subject(), randomUUID()];
        const [gone, kept, later, lost] = [valueOf(owner, '"wrong"', { holding }), valueOf(owner, '"right"', { holding }), valueOf(owner, '"new"', { holding }), valueOf(owner, '"lost"', { holding })];
        await store(gone, kept);
        const destruction = { intent: randomUUID(), recordedAt: iso(NOON), owner, made: { values: [refOf(gone), refOf(lost)], identifiers: [] } };
        await vault.destroy(destruction);
        await vault.destroy(destruction);
        await store(later);
        expect(await kinds(refOf(gone), refOf(kept), refOf(later), refOf(lost))).toEqual(['erased', 'opened', 'opened', 'erased']);
      });

      it('takes the links and claims of the identifiers that were named, and sets those that stand afterwards', async () => {
        const [owner, index, identifier, other] = [subject(), randomUUID(), randomUUID(), randomUUID()];
        const link = { op: 'link', kind: 'email', index, owner, identifier, from: '2026-01-01T00:00:00Z', shared: false } as const;
        const claim = { op: 'claim', kind: 'email', index, owner } as const;
        await vault.write([link, claim]);
        const destruction = { intent: randomUUID(), recordedAt: iso(NOON), owner, made: { values: [], identifiers: [identifier] } };
        await vault.destroy(destruction, [{ ...link, identifier: other }, claim]);
        expect(await vault.matches('email', index, iso(NOON))).toEqual([expect.objectContaining({ identifier: other })]);
        expect(await vault.claimant('email', index)).toBe(owner);
        await vault.destroy(destruction);
        expect(await vault.matches('email', index, iso(NOON))).toEqual([expect.objectContaining({ identifier: other })]);
      });

      it('destroys nothing when a claim that goes with it is another’s', async () => {
        const [value, index] = [valueOf(subject(), '"x"'), randomUUID()];
        await store(value);
        await vault.write([{ op: 'claim', kind: 'email', index, owner: subject() }]);
        const destruction = { intent: randomUUID(), recordedAt: iso(NOON), owner: value.owner, made: { values: [refOf(value)], identifiers: [] } };
        expect(await refused(vault.destroy(destruction, [{ op: 'claim', kind: 'email', index, owner: value.owner }]))).toMatchObject({ kind: 'claimed' });
        expect(await kinds(refOf(value))).toEqual(['opened']);
      });

      it('takes everything of an owner: values, orphans, links, claims and fingerprints', async () => {
        const [owner, index] = [subject(), randomUUID()];
        const [value, bystander] = [valueOf(owner, '"x"'), valueOf(subject(), '"y"')];
        const append = appendOf(owner, value.event);
        const sealed = await vault.seal([value, bystander]);
        const link: VaultWrite = { op: 'link', kind: 'email', index, owner, identifier: randomUUID(), from: '2026-01-01T00:00:00Z', shared: false };
        await vault.commit([inboxOf(append), ...sealed.flatMap(({ writes }) => writes), link, { op: 'claim', kind: 'email', index, owner }], append);
        await vault.destroy({ intent: randomUUID(), recordedAt: iso(NOON), owner });
        expect(await kinds(refOf(value), refOf(bystander))).toEqual(['erased', 'opened']);
        expect(await vault.matches('email', index, iso(NOON))).toEqual([]);
        expect(await vault.claimant('email', index)).toBeUndefined();
        expect(await vault.inbox(value.event)).not.toHaveProperty('fingerprint');
      });

      it('takes the values that an owner has in another’s holding, and no other value there', async () => {
        const [absorbed, survivor, holding] = [subject(), subject(), randomUUID()];
        const [theirs, own] = [valueOf(absorbed, '"theirs"', { holding }), valueOf(survivor, '"own"', { holding })];
        await store(theirs);
        await store(own);
        await vault.destroy({ intent: randomUUID(), recordedAt: iso(NOON), owner: survivor });
        expect(await kinds(refOf(theirs), refOf(own))).toEqual(['opened', 'erased']);
        await vault.destroy({ intent: randomUUID(), recordedAt: iso(NOON), owner: absorbed });
        expect(await kinds(refOf(theirs), refOf(own))).toEqual(['erased', 'erased']);
      });

      it('is not repeated on what the owner was given afterwards', async () => {
        const owner = subject();
        const [before, after] = [valueOf(owner, '"before"'), valueOf(owner, '"after"')];
        const destruction = { intent: randomUUID(), recordedAt: iso(NOON), owner };
        await store(before);
        await vault.destroy(destruction);
        await store(after);
        await vault.destroy(destruction);
        expect(await kinds(refOf(before), refOf(after))).toEqual(['erased', 'opened']);
      });

      it('refuses what is sealed for a destroyed holding, before and after the destruction', async () => {
        const [owner, holding] = [subject(), randomUUID()];
        const late = (await vault.seal([valueOf(owner, '"late"', { holding })])).flatMap(({ writes }) => writes);
        await vault.destroy({ intent: randomUUID(), recordedAt: iso(NOON), owner, holdings: [holding] });
        expect(await refused(vault.seal([valueOf(owner, '"later"', { holding })]))).toEqual({ kind: 'destroyed', holding });
        expect(await refused(vault.write(late))).toEqual({ kind: 'destroyed', holding });
      });

      it('reads as erased a value that was lost before its destruction was recorded', async () => {
        const lost = valueOf(subject(), '"x"');
        expect(await kinds(refOf(lost))).toEqual(['broken']);
        await vault.destroy({ intent: randomUUID(), recordedAt: iso(NOON), owner: lost.owner, holdings: [lost.holding] });
        expect(await kinds(refOf(lost))).toEqual(['erased']);
      });

      it('can be followed by a purge, after which the rest opens', async () => {
        const [gone, kept] = [valueOf(subject(), '"x"'), valueOf(subject(), '"y"')];
        await store(gone, kept);
        await vault.destroy({ intent: randomUUID(), recordedAt: iso(NOON), owner: gone.owner });
        await vault.purge();
        expect(await kinds(refOf(gone), refOf(kept))).toEqual(['erased', 'opened']);
      });
    });

    describe('orphans and faults', () => {
      it('finds values that no event speaks of: old, and with nothing under way', async () => {
        const [written, orphan, underway, young] = [valueOf(subject(), '1'), valueOf(subject(), '2'), valueOf(subject(), '3'), valueOf(subject(), '4')];
        const append = appendOf(written.owner, written.event);
        await vault.commit((await vault.seal([written])).flatMap(({ writes }) => writes), append);
        await store(orphan);
        await vault.write([inboxOf(appendOf(underway.owner, underway.event)), ...(await vault.seal([underway])).flatMap(({ writes }) => writes)]);
        opened.setClock(NOON + DAY);
        await store(young);
        const found = await vault.orphans(iso(NOON + DAY), opened.isInLog);
        expect(found).toEqual([refOf(orphan)]);
        await vault.collect(found);
        expect(await kinds(...[orphan, written, underway, young].map(refOf))).toEqual(['broken', 'opened', 'opened', 'opened']);
        expect(await vault.orphans(iso(NOON + DAY), opened.isInLog)).toEqual([]);
      });

      it('does not collect a value that was sealed again in the meantime', async () => {
        const orphan = valueOf(subject(), '1');
        await store(orphan);
        const found = await vault.orphans(iso(NOON + DAY), opened.isInLog);
        opened.setClock(NOON + DAY);
        await store(orphan);
        await vault.collect(found);
        expect(await kinds(refOf(orphan))).toEqual(['opened']);
      });

      it('makes a new key for a holding whose key went with its last orphan', async () => {
        const orphan = valueOf(subject(), '1');
        await store(orphan);
        await vault.collect(await vault.orphans(iso(NOON + DAY), opened.isInLog));
        await store(orphan);
        expect(await kinds(refOf(orphan))).toEqual(['opened']);
      });

      it('tells broken values from lost ones, and neither from erased ones', async () => {
        const owner = subject();
        const [whole, moved, lost, erased] = [valueOf(owner, '1'), valueOf(owner, '2'), valueOf(owner, '3'), valueOf(subject(), '4')];
        await store(whole, erased);
        const [sealed] = await vault.seal([{ ...moved, event: randomUUID() }]);
        await vault.write((sealed?.writes ?? []).map((write) => (write.op === 'value' ? { ...write, event: moved.event } : write)));
        await vault.destroy({ intent: randomUUID(), recordedAt: iso(NOON), owner: erased.owner });
        const spokenOf = async function* (): AsyncIterable<SealedRef> {
          yield* [whole, moved, lost, erased].map(refOf);
        };
        expect(await vault.check(spokenOf())).toEqual({ broken: [refOf(moved)], lost: [refOf(lost)] });
      });

      it('looks at every value of a vault of many pages', async () => {
        const owner = subject();
        const values = Array.from({ length: 1_201 }, (_, i) => valueOf(owner, String(i), { holding: owner }));
        await store(...values);
        expect(await vault.orphans(iso(NOON + 1), opened.isInLog)).toHaveLength(1_201);
      });
    });

    it('gives the values that were committed last, newest first, with whose they are', async () => {
      const values = [valueOf(subject(), '"one"'), valueOf(subject(), '"two"'), valueOf(subject(), '"three"')];
      for (const value of values) await store(value);
      expect((await vault.newest(2)).map(({ event, owner }) => [event, owner])).toEqual(values.toReversed().slice(0, 2).map(({ event, owner }) => [event, owner]));
    });

    describe('master key rotation', () => {
      it('keeps every value, index and token, and wraps what is new under the new key', async () => {
        const values = Array.from({ length: 25 }, (_, i) => valueOf(subject(), String(i)));
        await store(...values);
        const { token } = await vault.createActor({ name: 'Eva Exempel', role: 'auditor' });
        const [index, hmac] = [vault.blindIndex('name', 'Eva'), vault.commandHmac('x', 'hex')];
        expect(await vault.rotateMasterKey({ batchSize: 4 })).toEqual({ epoch: 2, rewrapped: 26 });
        expect(await kinds(...values.map(refOf))).toEqual(values.map(() => 'opened'));
        expect(await vault.actorOf(token)).toMatchObject({ name: 'Eva Exempel' });
        expect([vault.blindIndex('name', 'Eva'), vault.commandHmac('x', 'hex')]).toEqual([index, hmac]);
        expect(await vault.rotateMasterKey()).toEqual({ epoch: 3, rewrapped: 26 });
      });

      it('refuses a key that was wrapped under the old epoch and comes too late', async () => {
        const value = valueOf(subject(), '1');
        await store(valueOf(subject(), '"sealed before"'));
        const late = (await vault.seal([value])).flatMap(({ writes }) => writes);
        await vault.rotateMasterKey();
        // What was made and never stored is forgotten, so nobody is refused for it who seals only now.
        await store(value);
        expect(await refused(vault.write(late))).toEqual({ kind: 'key', holding: value.holding });
        expect(await kinds(refOf(value))).toEqual(['opened']);
      });
    });

    describe('texts and actors', () => {
      it('keeps a published text by its hash', async () => {
        const sha256 = await vault.putText('Vi sparar din adress.');
        expect(await vault.putText('Vi sparar din adress.')).toBe(sha256);
        expect(sha256).toMatch(/^[0-9a-f]{64}$/);
        expect(await vault.text(sha256)).toBe('Vi sparar din adress.');
        expect(await vault.text('0'.repeat(64))).toBeUndefined();
      });

      it('knows an actor by the token alone, and no other token', async () => {
        const { actor, token } = await vault.createActor({ name: 'crm', role: 'upstream', system: 'crm', expiresAt: '2027-01-01T00:00:00Z' });
        expect(token).toMatch(/^lgr_[\w-]{43}$/);
        expect(actor).toEqual({ id: actor.id, name: 'crm', role: 'upstream', system: 'crm', expiresAt: '2027-01-01T00:00:00Z' });
        expect(await vault.actorOf(token)).toEqual(actor);
        expect(await vault.actorOf(`${token}x`)).toBeUndefined();
        expect(await vault.actorOf(actor.id)).toBeUndefined();
        expect(await vault.actors()).toEqual([actor]);
      });

      it('gives a revoked actor as revoked, at its first revocation', async () => {
        const { actor, token } = await vault.createActor({ name: 'Eva Exempel', role: 'officer' });
        expect(await vault.revokeActor(actor.id, iso(NOON))).toBe(true);
        expect(await vault.revokeActor(actor.id, iso(NOON + 1))).toBe(true);
        expect(await vault.revokeActor(randomUUID(), iso(NOON))).toBe(false);
        expect(await vault.actorOf(token)).toEqual({ ...actor, revokedAt: iso(NOON) });
      });

      it('never counts an actor’s name as an orphan', async () => {
        await vault.createActor({ name: 'Eva Exempel', role: 'officer' });
        expect(await vault.orphans(iso(NOON + DAY), opened.isInLog)).toEqual([]);
      });
    });
  });
}

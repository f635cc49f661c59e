import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Answer } from '../../answer.js';
import { subjects } from '../../catalogue-entry.js';
import { idOf, NOW, nowIs } from '../../testing/decider.fixture.js';
import { memoryEngines, sqliteEngines, Teller, type Engines } from '../../testing/ledger.fixture.js';
import { EMAIL, evidence, PHONE, WORK_EMAIL } from '../../testing/subject.fixture.js';
import { consentFor } from '../consent/consent.state.js';
import { GiveConsent } from '../consent/give-consent.command.js';
import { WithdrawConsent } from '../consent/withdraw-consent.command.js';
import { CollectPersonalData } from '../holding/collect-personal-data.command.js';
import { RectifyPersonalData } from '../holding/correct.commands.js';
import { RecordAgeBand } from '../identity/age.command.js';
import { ageAt, protectionDuring } from '../identity/identity.state.js';
import { LinkIdentifier } from '../identity/link-identifier.command.js';
import { FlagProtectedIdentity, LiftProtectedIdentity, RecordDeath } from '../identity/protection.commands.js';
import { RegisterSubject } from '../identity/register-subject.command.js';
import { UnlinkIdentifier } from '../identity/unlink-identifier.command.js';
import type { SubjectState } from '../subject.js';
import { MergeSubjects, UnmergeSubjects } from './merge.commands.js';
import { foldPerson, readPerson } from './person.js';

const email = { kind: 'email', value: EMAIL } as const;
const phone = { kind: 'phone', value: PHONE } as const;
const shared = { kind: 'email', value: WORK_EMAIL, use: 'shared' } as const;
const letters = { service: 'letters', purposes: ['letter'] } as const;
const yes = { ...letters, type: 'expressed', ...evidence } as const;
const later = nowIs('2021-07-01T10:00:00.000Z');

describe.each([
  ['in memory', memoryEngines],
  ['in SQLite', sqliteEngines],
] as const)('two people who are one, %s', (_where, open) => {
  let engines: Engines;
  let desk: Teller;
  let anna: string;
  let other: string;
  beforeEach(async () => {
    engines = await open();
    desk = new Teller(engines);
    anna = (await desk.tell(RegisterSubject, { subject: idOf('anna'), identifiers: [email] })).about[0] ?? '';
    other = (await desk.tell(RegisterSubject, { subject: idOf('also anna'), identifiers: [phone] })).about[0] ?? '';
  });
  afterEach(() => engines.close());

  const merge = (teller = desk, caller = {}): Promise<Answer> => teller.tell(MergeSubjects, { subject: anna, from: other }, caller);
  const unmerge = (): Promise<Answer> => desk.tell(UnmergeSubjects, { subject: anna, from: other }, later);
  const stateOf = async (subject: string): Promise<SubjectState> => foldPerson(await readPerson(engines.log, subjects.prefix + subject));
  const typesOf = async (subject: string): Promise<readonly string[]> => (await desk.events(subject)).map(({ type }) => type);
  const carries = async (subject: string, at = '2021-12-01T00:00:00.000Z'): Promise<boolean> =>
    'consent' in consentFor((await stateOf(subject)).consent, { controller: 'north', purpose: 'letter', category: 'email', explicit: false, at, terms: { purpose: 'letter', categories: ['email', 'name'], recipientKinds: ['printer'] } });

  it('are merged by three appends, all of them in the answer, and in the same answer to the same again', async () => {
    const answer = await merge(desk, { commandId: 'once' });
    expect(answer).toMatchObject({ status: 'recorded', about: [anna] });
    expect(answer.events.map(({ type, stream }) => [type, stream])).toEqual([
      ['MergeStarted', `subject-${anna}`],
      ['SubjectMergedInto', `subject-${other}`],
      ['SubjectAbsorbed', `subject-${anna}`],
    ]);
    expect(await merge(desk, { commandId: 'once' })).toEqual({ ...answer, status: 'duplicate' });
    expect(await merge()).toMatchObject({ status: 'unchanged', about: [anna] });
    const [closed] = (await desk.events(other)).slice(-1);
    expect((await desk.events(anna)).at(-1)?.data).toMatchObject({ from: other, revision: closed?.revision });
  });

  it('say of events that the ledger made what caused them, and no actor', async () => {
    const [started, mergedInto] = (await merge()).events;
    const event = (await desk.events(other)).find(({ id }) => id === mergedInto?.id);
    expect(event).toMatchObject({ system: 'liggare', causationId: started?.id });
    expect(event).not.toHaveProperty('actor');
  });

  it('are found by the identifiers of both, and told of on the survivor', async () => {
    await merge();
    for (const naming of [{ subject: other }, { identifier: phone }, { identifier: email }, { subject: anna }]) {
      const { about, events } = await desk.tell(GiveConsent, { ...naming, ...yes });
      expect([about, events[0]?.stream]).toEqual([[anna], `subject-${anna}`]);
    }
    expect((await desk.tell(RegisterSubject, { identifiers: [email, phone] })).status).toBe('unchanged');
    expect((await typesOf(other)).at(-1)).toBe('SubjectMergedInto');
  });

  it('are one for an address that both have, which fitted two before', async () => {
    for (const subject of [anna, other]) await desk.tell(LinkIdentifier, { subject, added: shared });
    await expect(desk.tell(RecordDeath, { identifier: shared })).rejects.toMatchObject({ code: 'AmbiguousIdentifier' });
    await merge();
    expect((await desk.tell(RecordDeath, { identifier: shared })).about).toEqual([anna]);
  });

  it('have the identifiers of both as their own: not linked again, and ended on the survivor', async () => {
    await merge();
    expect(await desk.tell(LinkIdentifier, { subject: anna, added: phone })).toMatchObject({ status: 'unchanged' });
    expect((await desk.tell(UnlinkIdentifier, { subject: anna, ended: phone }, later)).events[0]?.stream).toBe(`subject-${anna}`);
    expect((await desk.tell(RegisterSubject, { identifiers: [phone] }, nowIs('2021-07-02T10:00:00.000Z'))).about).not.toEqual([anna]);
  });

  it('keep holdings with ids and keys: what was collected of the one is corrected on the other', async () => {
    await desk.tell(CollectPersonalData, { subject: other, service: 'dinners', purposes: ['dinner'], context: 'form', relationshipKind: 'guest', notice: evidence.notice, values: [{ category: 'name', value: 'Ana' }] });
    const [holding = ''] = (await stateOf(other)).holding.holdings.keys();
    await merge();
    await desk.tell(RectifyPersonalData, { subject: anna, holding, value: 'Anna' });
    const current = (await stateOf(anna)).holding.holdings.get(holding)?.current ?? [];
    expect((await engines.vault.open(current.map((ref) => ({ ...ref, holding })))).map((opened) => opened.kind === 'opened' && JSON.parse(opened.text))).toEqual(['Anna']);
  });

  describe('of whom one said no', () => {
    const no = { ...letters, occurredAt: '2021-05-02T10:00:00Z' } as const;

    it.each([
      ['the survivor, before the other said yes', '2021-05-03T10:00:00Z', true],
      ['the survivor, after the other said yes', '2021-05-01T10:00:00Z', true],
      ['the other, before the survivor said yes', '2021-05-03T10:00:00Z', false],
      ['the other, after the survivor said yes', '2021-05-01T10:00:00Z', false],
    ] as const)('%s: nothing carries, until they say yes as one', async (_who, given, isSurvivor) => {
      const [refused, said] = isSurvivor ? [anna, other] : [other, anna];
      await desk.tell(GiveConsent, { subject: said, ...yes, occurredAt: given });
      await desk.tell(WithdrawConsent, { subject: refused, ...no });
      expect(await carries(said)).toBe(true);
      await merge();
      expect(await carries(anna)).toBe(false);
      await desk.tell(GiveConsent, { subject: anna, ...yes, occurredAt: '2021-06-30T10:00:00Z' }, later);
      expect(await carries(anna)).toBe(true);
    });

    it('while they were one: both have said it when they are parted, once, however often that is repeated', async () => {
      await desk.tell(GiveConsent, { subject: other, ...yes, occurredAt: '2021-05-01T10:00:00Z' });
      await merge();
      await desk.tell(WithdrawConsent, { identifier: email, ...letters });
      const parted = await desk.tell(UnmergeSubjects, { subject: anna, from: other }, { ...later, commandId: 'apart' });
      expect(parted.events.map(({ type }) => type)).toEqual(['SubjectReleased', 'ConsentWithdrawn', 'SubjectMergeReversed']);
      expect(await desk.tell(UnmergeSubjects, { subject: anna, from: other }, { ...later, commandId: 'apart' })).toEqual({ ...parted, status: 'duplicate' });
      const [original, copy] = [(await desk.events(anna)).find(({ type }) => type === 'ConsentWithdrawn'), (await desk.events(other)).find(({ type }) => type === 'ConsentWithdrawn')];
      expect(copy).toMatchObject({ causationId: original?.id, data: original?.data, system: 'liggare' });
      for (const subject of [anna, other]) expect(await carries(subject)).toBe(false);
    });
  });

  it('are protected when one of them was, whatever was lifted of the other before; a lift afterwards lifts it', async () => {
    await desk.tell(FlagProtectedIdentity, { subject: anna, protection: 'secrecy-marking' });
    await desk.tell(FlagProtectedIdentity, { subject: other, protection: 'assumed-identity' });
    await desk.tell(LiftProtectedIdentity, { subject: other });
    await merge();
    expect((await stateOf(anna)).identity.protection).toBe('secrecy-marking');
    await unmerge();
    await desk.tell(MergeSubjects, { subject: other, from: anna }, later);
    expect((await stateOf(other)).identity.protection).toBe('secrecy-marking');
    await desk.tell(LiftProtectedIdentity, { subject: anna });
    expect((await stateOf(other)).identity.protection).toBeUndefined();
  });

  it('are as young, and as long dead, as either was', async () => {
    for (const [subject, band] of [[anna, 'adult'], [other, 'below-13']] as const) await desk.tell(RecordAgeBand, { subject, band, occurredAt: '2021-05-01T10:00:00.000Z' });
    for (const [subject, diedOn] of [[anna, '2021-05-20'], [other, '2021-05-10']] as const) await desk.tell(RecordDeath, { subject, diedOn });
    await merge();
    const { identity } = await stateOf(anna);
    expect([ageAt(identity.ages, NOW)?.band, identity.ageBand, identity.diedAt]).toEqual(['below-13', 'below-13', '2021-05-09T22:00:00.000Z']);
    await desk.tell(RecordAgeBand, { subject: other, band: 'adult' }, later);
    expect(ageAt((await stateOf(anna)).identity.ages, '2021-12-01T00:00:00.000Z')?.band).toBe('adult');
  });

  it('were protected on any day on which either was, whatever was lifted of the other', async () => {
    await desk.tell(FlagProtectedIdentity, { subject: anna, protection: 'secrecy-marking', occurredAt: '2021-04-01T10:00:00.000Z' });
    await desk.tell(FlagProtectedIdentity, { subject: other, protection: 'secrecy-marking', occurredAt: '2021-05-01T10:00:00.000Z' });
    await desk.tell(LiftProtectedIdentity, { subject: other, occurredAt: '2021-05-10T10:00:00.000Z' });
    await merge();
    const on = async (day: string): Promise<boolean> => protectionDuring((await stateOf(anna)).identity, day, day) !== undefined;
    expect(await Promise.all(['2021-03-01', '2021-04-15', '2021-05-05', '2021-05-20'].map((day) => on(`${day}T00:00:00.000Z`)))).toEqual([false, true, true, true]);
  });

  it('are parted again: each has their own, and is told of on their own stream', async () => {
    await merge();
    await unmerge();
    expect(await typesOf(other)).toEqual(['SubjectRegistered', 'SubjectIdentifierLinked', 'SubjectMergedInto', 'SubjectMergeReversed']);
    expect([...(await stateOf(anna)).identity.identifiers.values()].map(({ kind }) => kind)).toEqual(['email']);
    expect((await desk.tell(RecordDeath, { identifier: phone }, later)).about).toEqual([other]);
    expect((await stateOf(anna)).identity.died).toBe(false);
    expect(await unmerge()).toMatchObject({ status: 'unchanged' });
    expect((await merge()).events.map(({ type }) => type)).toEqual(['MergeStarted', 'SubjectMergedInto', 'SubjectAbsorbed']);
    expect((await stateOf(anna)).identity.died).toBe(true);
  });

  it('are one with a third through a chain, and every id leads to the last', async () => {
    const third = (await desk.tell(RegisterSubject, { identifiers: [shared] })).about[0] ?? '';
    await merge();
    await desk.tell(MergeSubjects, { subject: third, from: anna });
    expect((await desk.tell(GiveConsent, { subject: other, ...yes })).about).toEqual([third]);
    expect((await stateOf(third)).merge.family).toEqual([anna, other]);
    expect((await stateOf(third)).identity.identifiers.size).toBe(3);
    await expect(unmerge()).rejects.toMatchObject({ code: 'NotMerged', detail: { alternatives: [anna] } });
    expect(await desk.tell(MergeSubjects, { subject: other, from: anna })).toMatchObject({ status: 'unchanged', about: [third] });
    await desk.tell(UnmergeSubjects, { subject: third, from: anna }, later);
    expect((await unmerge()).events.at(-1)?.stream).toBe(`subject-${other}`);
  });

  it('answer what was told of the one before as it was answered then', async () => {
    const told = async (caller = {}): Promise<Answer> => desk.tell(GiveConsent, { subject: other, ...yes }, { commandId: 'plain', ...caller });
    const sealed = async (): Promise<Answer> => desk.tell(WithdrawConsent, { identifier: phone, ...letters }, { commandId: 'sealed' });
    const [plain, row] = [await told(), await sealed()];
    await merge();
    expect([await told(), await sealed()]).toEqual([{ ...plain, status: 'duplicate' }, { ...row, status: 'duplicate' }]);
  });

  it('have withdrawn once, by an address that both had, however often that is repeated', async () => {
    for (const subject of [anna, other]) await desk.tell(LinkIdentifier, { subject, added: shared });
    const withdraw = async (): Promise<Answer> => desk.tell(WithdrawConsent, { identifier: shared, ...letters }, { commandId: 'no' });
    expect((await withdraw()).about).toHaveLength(2);
    await merge();
    expect((await withdraw()).status).toBe('duplicate');
    for (const subject of [anna, other]) expect((await typesOf(subject)).filter((type) => type === 'ConsentWithdrawn')).toHaveLength(1);
  });

  it('have withdrawn once, when a third has the address too by then', async () => {
    const [first = '', second = ''] = [anna, other].sort();
    const third = (await desk.tell(RegisterSubject, { identifiers: [{ kind: 'customer-number', value: 'K-3' }] })).about[0] ?? '';
    for (const subject of [anna, other]) await desk.tell(LinkIdentifier, { subject, added: shared });
    const withdraw = async (): Promise<Answer> => desk.tell(WithdrawConsent, { identifier: shared, ...letters }, { commandId: 'no' });
    const told = await withdraw();
    await desk.tell(LinkIdentifier, { subject: third, added: shared });
    await desk.tell(MergeSubjects, { subject: third, from: second });
    expect(await withdraw()).toEqual({ ...told, status: 'duplicate' });
    expect(await typesOf(third)).not.toContain('ConsentWithdrawn');
    expect((await typesOf(first)).filter((type) => type === 'ConsentWithdrawn')).toHaveLength(1);
  });

  it('answer what was told of the one in the meantime as it was answered then, once they are parted', async () => {
    await merge();
    const told = async (): Promise<Answer> => desk.tell(GiveConsent, { subject: other, ...yes }, { commandId: 'plain' });
    const plain = await told();
    await unmerge();
    expect(await told()).toEqual({ ...plain, status: 'duplicate' });
  });

  it('have withdrawn once, told to a process that learns while it answers that they are one', async () => {
    let learn = async (): Promise<unknown> => undefined;
    const vault = new Proxy(engines.vault, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name);
        if (typeof member !== 'function') return member;
        if (name !== 'inbox') return member.bind(target);
        return async (key: string): Promise<unknown> => {
          const row = await target.inbox(key);
          if (row === undefined) await learn();
          return row;
        };
      },
    });
    const elsewhere = new Teller({ ...engines, vault });
    await elsewhere.tell(GiveConsent, { subject: other, ...yes });
    await merge();
    const withdraw = async (teller: Teller): Promise<Answer> => teller.tell(WithdrawConsent, { subject: other, ...letters }, { commandId: 'no' });
    const told = await withdraw(desk);
    learn = async () => {
      learn = async () => undefined;
      await elsewhere.tell(GiveConsent, { subject: other, ...yes });
    };
    expect(await withdraw(elsewhere)).toEqual({ ...told, status: 'duplicate' });
    expect((await typesOf(anna)).filter((type) => type === 'ConsentWithdrawn')).toHaveLength(1);
  });

  it('answer what was told of the one in the meantime as it was answered then, at a process that knows of neither', async () => {
    const elsewhere = new Teller(engines);
    await merge();
    await elsewhere.tell(WithdrawConsent, { subject: anna, ...letters });
    const told = async (teller: Teller): Promise<Answer> => teller.tell(GiveConsent, { subject: other, ...yes }, { commandId: 'plain' });
    const plain = await told(desk);
    await unmerge();
    expect(await told(elsewhere)).toEqual({ ...plain, status: 'duplicate' });
  });

  it('answer what was told of the one in the meantime as it was answered then, once both are part of a third', async () => {
    const third = (await desk.tell(RegisterSubject, { identifiers: [shared] })).about[0] ?? '';
    await merge();
    const told = async (): Promise<Answer> => desk.tell(GiveConsent, { subject: other, ...yes }, { commandId: 'plain' });
    const plain = await told();
    await desk.tell(MergeSubjects, { subject: third, from: anna });
    await desk.tell(WithdrawConsent, { subject: third, ...letters });
    expect(await told()).toEqual({ ...plain, status: 'duplicate' });
    expect(await typesOf(third)).not.toContain('ConsentGiven');
  });

  it('are one however many processes merge them at once, into whichever of them', async () => {
    const desks = [desk, new Teller(engines), new Teller(engines)];
    const answers = await Promise.allSettled(desks.flatMap((each) => [each.tell(MergeSubjects, { subject: anna, from: other }), each.tell(MergeSubjects, { subject: other, from: anna })]));
    expect(answers.filter(({ status }) => status === 'rejected')).toEqual([]);
    const closed = (await Promise.all([anna, other].map(async (subject) => (await stateOf(subject)).merge))).flatMap(({ closings }) => [...closings.values()]);
    expect(closed.filter(({ reversed }) => reversed === undefined)).toHaveLength(1);
    const fresh = new Teller(engines);
    expect((await fresh.tell(RecordDeath, { identifier: phone })).about).toEqual((await fresh.tell(FlagProtectedIdentity, { identifier: email, protection: 'secrecy-marking' })).about);
  });
});

import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Answer } from './answer.js';
import { GiveConsent } from './subject/consent/give-consent.command.js';
import { WithdrawConsent } from './subject/consent/withdraw-consent.command.js';
import { LinkIdentifier } from './subject/identity/link-identifier.command.js';
import { FlagProtectedIdentity } from './subject/identity/protection.commands.js';
import { RegisterSubject } from './subject/identity/register-subject.command.js';
import { UnlinkIdentifier } from './subject/identity/unlink-identifier.command.js';
import { FaultyLog, memoryEngines, Teller, type Engines } from './testing/ledger.fixture.js';
import { EMAIL, evidence, PHONE, WORK_EMAIL } from './testing/subject.fixture.js';

const email = { kind: 'email', value: EMAIL } as const;
const work = { kind: 'email', value: WORK_EMAIL, use: 'shared' } as const;
const again = { commandId: 'once' };

describe('an append of which nothing is heard', () => {
  let log: FaultyLog;
  let engines: Engines;
  let desk: Teller;
  let subject: string;

  beforeEach(async () => {
    log = new FaultyLog();
    engines = await memoryEngines(log);
    desk = new Teller(engines);
    subject = (await desk.tell(RegisterSubject, { identifiers: [{ kind: 'phone', value: PHONE }] })).about[0] ?? '';
  });

  const sealed = async (teller = desk): Promise<Answer> => teller.tell(LinkIdentifier, { subject, added: email }, again);
  const plain = async (teller = desk): Promise<Answer> => teller.tell(GiveConsent, { subject, service: 'letters', purposes: ['letter'], type: 'expressed', ...evidence }, again);

  it.each([
    ['sealed, before it was written', sealed, 'before'],
    ['sealed, after it was written', sealed, 'after'],
    ['not sealed, before it was written', plain, 'before'],
    ['not sealed, after it was written', plain, 'after'],
  ] as const)('%s: the same command again settles it, once', async (_what, tell, fault) => {
    log.fail(fault);
    await expect(tell()).rejects.toThrow('the connection was lost');
    const answer = await tell();
    expect(answer.events).toHaveLength(1);
    expect(await tell()).toEqual({ ...answer, status: 'duplicate' });
    expect(await desk.events(subject)).toHaveLength(3);
    expect(await desk.values(subject)).toEqual([['value', PHONE], ...(tell === sealed ? [['value', EMAIL]] : [])]);
  });

  it.each(['before', 'after'] as const)('is settled with the very bytes that were prepared (%s it was written)', async (fault) => {
    log.fail(fault);
    await expect(sealed()).rejects.toThrow();
    const [prepared] = log.seen.at(-1)?.events ?? [];
    await sealed(new Teller(engines));
    expect((await desk.stored(`subject-${subject}`)).at(-1)?.data).toBe(prepared?.data);
  });

  it('fails again and again, and is settled all the same', async () => {
    log.fail('before', 'before', 'after');
    for (let i = 0; i < 3; i++) await expect(sealed()).rejects.toThrow();
    expect((await sealed()).events).toHaveLength(1);
    expect(await desk.events(subject)).toHaveLength(3);
  });

  it('refuses other content under its id while the outcome is unknown', async () => {
    log.fail('before');
    await expect(sealed()).rejects.toThrow();
    await expect(desk.tell(LinkIdentifier, { subject, added: work }, again)).rejects.toMatchObject({ code: 'CommandIdReused' });
  });

  it('is decided and sealed anew when somebody else wrote in between', async () => {
    log.fail('before');
    await expect(sealed()).rejects.toThrow();
    await desk.tell(FlagProtectedIdentity, { subject, protection: 'secrecy-marking' });
    expect((await sealed()).status).toBe('recorded');
    expect((await desk.events(subject)).map(({ type }) => type)).toEqual(['SubjectRegistered', 'SubjectIdentifierLinked', 'ProtectedIdentityFlagged', 'SubjectIdentifierLinked']);
    expect(await desk.values(subject)).toEqual([['value', PHONE], ['value', EMAIL]]);
    expect((await sealed()).status).toBe('duplicate');
  });

  it('is decided anew when it had ended an identifier in the vault', async () => {
    await sealed();
    log.fail('before');
    const unlink = async (): Promise<Answer> => desk.tell(UnlinkIdentifier, { subject, ended: email }, { commandId: 'unlink', now: '2021-06-02T10:00:00.000Z' });
    await expect(unlink()).rejects.toThrow();
    await desk.tell(FlagProtectedIdentity, { subject, protection: 'secrecy-marking' });
    expect((await unlink()).status).toBe('recorded');
  });

  it('is settled at start: written now if it was not', async () => {
    log.fail('before');
    await expect(sealed()).rejects.toThrow();
    const next = new Teller(engines);
    expect(await next.ledger.settleUnknown()).toBe(1);
    expect(await desk.events(subject)).toHaveLength(3);
    expect(await next.ledger.settleUnknown()).toBe(0);
    expect((await sealed(next)).status).toBe('duplicate');
  });

  it('is voided at start when somebody else wrote in between: what it sealed is gone', async () => {
    log.fail('before');
    await expect(sealed()).rejects.toThrow();
    await desk.tell(FlagProtectedIdentity, { subject, protection: 'secrecy-marking' });
    const [prepared] = log.seen.at(-2)?.events ?? [];
    expect(await new Teller(engines).ledger.settleUnknown()).toBe(1);
    const { holding } = (JSON.parse(prepared?.data ?? '') as { sealed: { holding: string }[] }).sealed[0] ?? { holding: '' };
    expect(await engines.vault.open([{ event: prepared?.id ?? '', slot: 'value', holding }])).toMatchObject([{ kind: 'broken' }]);
    expect((await sealed()).status).toBe('recorded');
  });

  it('of a new person is settled under the same id, and the claim harms nothing', async () => {
    log.fail('before');
    await expect(desk.tell(RegisterSubject, { identifiers: [email] }, again)).rejects.toThrow();
    const { about } = await new Teller(engines).tell(RegisterSubject, { identifiers: [email] });
    expect((await desk.tell(RegisterSubject, { identifiers: [email] }, again)).about).toEqual(about);
    expect((await desk.stored()).filter(({ type }) => type === 'SubjectRegistered')).toHaveLength(2);
  });

  describe('of a withdrawal that fits two people', () => {
    let people: readonly string[];
    const withdraw = async (): Promise<Answer> => desk.tell(WithdrawConsent, { identifier: work, purposes: ['gossip'] }, again);

    beforeEach(async () => {
      const other = (await desk.tell(RegisterSubject, { identifiers: [email] })).about[0] ?? '';
      people = [subject, other].sort();
      for (const each of people) await desk.tell(LinkIdentifier, { subject: each, added: work });
    });

    it.each([
      ['the first, before it was written', ['before']],
      ['the first, after it was written', ['after']],
      ['the second, before it was written', ['none', 'before']],
      ['the second, after it was written', ['none', 'after']],
    ] as const)('%s: the same again completes it', async (_what, faults) => {
      log.fail(...faults);
      await expect(withdraw()).rejects.toThrow();
      const answer = await withdraw();
      expect(answer.about).toEqual(people);
      expect(answer.events).toHaveLength(2);
      for (const each of people) {
        expect((await desk.events(each)).filter(({ type }) => type === 'ConsentWithdrawn')).toHaveLength(1);
        expect(await desk.values(each)).toContainEqual(['purposes', ['gossip']]);
      }
      expect((await withdraw()).status).toBe('duplicate');
    });

    it.each([0, 1])('while somebody else writes on person %d: it is decided anew there', async (n) => {
      const intruding = new Teller(engines);
      const strike = async (): Promise<void> => void (await intruding.tell(FlagProtectedIdentity, { subject: people[n], protection: 'secrecy-marking' }));
      log.intruder = n === 0 ? strike : async () => void (log.intruder = strike);
      expect((await withdraw()).status).toBe('recorded');
      for (const each of people) expect((await desk.events(each)).filter(({ type }) => type === 'ConsentWithdrawn')).toHaveLength(1);
    });
  });
});

describe('a store that has stopped', () => {
  it('makes the ledger unavailable, on reading and on writing: the caller may try again', async () => {
    const engines = await memoryEngines();
    const desk = new Teller(engines);
    const { about } = await desk.tell(RegisterSubject, { identifiers: [email] });
    const log = new FaultyLog(engines.log);
    log.intruder = async () => engines.log.close();
    const flag = { subject: about[0], protection: 'secrecy-marking' } as const;
    await expect(new Teller({ ...engines, log }).tell(FlagProtectedIdentity, flag)).rejects.toMatchObject({ name: 'Unavailable', message: 'the log is closed' });
    await expect(new Teller(engines).tell(FlagProtectedIdentity, flag)).rejects.toMatchObject({ name: 'Unavailable' });
  });
});

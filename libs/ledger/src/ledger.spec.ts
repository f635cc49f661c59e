import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { WithdrawConsent } from './subject/consent/withdraw-consent.command.js';
import { GiveConsent } from './subject/consent/give-consent.command.js';
import { CollectPersonalData } from './subject/holding/collect-personal-data.command.js';
import { RectifyPersonalData } from './subject/holding/correct.commands.js';
import { LinkIdentifier } from './subject/identity/link-identifier.command.js';
import { FlagProtectedIdentity, LiftProtectedIdentity, RecordDeath } from './subject/identity/protection.commands.js';
import { RegisterSubject } from './subject/identity/register-subject.command.js';
import { StartRelationship } from './subject/identity/relationship.commands.js';
import { StartRepresentation } from './subject/identity/representation.commands.js';
import { UnlinkIdentifier } from './subject/identity/unlink-identifier.command.js';
import { RegisterOrganisation, RenameOrganisation } from './organisation/organisation.commands.js';
import { idOf, nowIs } from './testing/decider.fixture.js';
import { memoryEngines, sqliteEngines, Teller, type Engines } from './testing/ledger.fixture.js';
import { EMAIL, evidence, PHONE, WORK_EMAIL } from './testing/subject.fixture.js';

const email = { kind: 'email', value: EMAIL } as const;
const phone = { kind: 'phone', value: PHONE } as const;
const work = { kind: 'email', value: WORK_EMAIL, use: 'work' } as const;
const ref = ({ kind, value }: { readonly kind: 'email' | 'phone'; readonly value: string }) => ({ kind, value });
const letters = { service: 'letters', purposes: ['letter'], type: 'expressed', ...evidence } as const;
const again = { commandId: 'once' };

describe.each([
  ['in memory', memoryEngines],
  ['in SQLite', sqliteEngines],
] as const)('the way of a command, %s', (_where, open) => {
  let engines: Engines;
  let desk: Teller;
  beforeEach(async () => {
    engines = await open();
    desk = new Teller(engines);
  });
  afterEach(() => engines.close());

  async function person(...identifiers: readonly { readonly kind: 'email' | 'phone'; readonly value: string; readonly use?: 'work' | 'shared' }[]): Promise<string> {
    const { about } = await desk.tell(RegisterSubject, { identifiers });
    return about[0] ?? '';
  }

  it('knows a command id that has an inbox row, whatever the second command is about', async () => {
    await desk.tell(RegisterSubject, { identifiers: [email] }, again);
    const subject = await person(phone);
    await expect(desk.tell(RecordDeath, { subject }, again)).rejects.toMatchObject({ code: 'CommandIdReused' });
  });

  it('makes one person of many facts told at once about an address that is shared', async () => {
    const shared = { ...email, use: 'shared' } as const;
    const answers = await Promise.all(Array.from({ length: 12 }, () => desk.tell(GiveConsent, { ...letters, identifier: shared, createIfMissing: true })));
    expect(new Set(answers.flatMap(({ about }) => about)).size).toBe(1);
  });

  it('refuses a company of a known id under a number that nobody has', async () => {
    const { about: [organisation = ''] } = await desk.tell(RegisterOrganisation, { number: '556016-0680', name: 'Ett AB' });
    await expect(desk.tell(RegisterOrganisation, { organisation, number: '559062-5538', name: 'Ett AB' })).rejects.toMatchObject({ code: 'OtherNumber' });
    expect(await desk.tell(RegisterOrganisation, { organisation, number: '5560160680', name: 'Ett AB' })).toMatchObject({ status: 'unchanged' });
  });

  async function lengthOf(subject: string): Promise<number> {
    return (await desk.events(subject)).length;
  }

  describe('whoever is registered', () => {
    it('is found by each of their identifiers, with its value sealed', async () => {
      const subject = await person(email, phone);
      expect((await desk.tell(RegisterSubject, { identifiers: [{ kind: 'phone', value: '+46701740605' }] })).about).toEqual([subject]);
      expect(await desk.values(subject)).toEqual([['value', EMAIL], ['value', PHONE]]);
    });

    it('is one person when two registrations of one new address come at once', async () => {
      const [one, two] = await Promise.all([desk.tell(RegisterSubject, { identifiers: [email] }), desk.tell(RegisterSubject, { identifiers: [email, phone] })]);
      expect(two.about).toEqual(one.about);
      expect((await desk.events(one.about[0] ?? '')).map(({ type }) => type)).toEqual(['SubjectRegistered', 'SubjectIdentifierLinked', 'SubjectIdentifierLinked']);
    });

    it('is one person when both bring an id of their own', async () => {
      const other = new Teller(engines);
      const [one, two] = await Promise.all([desk.tell(RegisterSubject, { subject: idOf('one'), identifiers: [email] }), other.tell(RegisterSubject, { subject: idOf('two'), identifiers: [email] })]);
      expect(two.about).toEqual(one.about);
      expect([one.status, two.status].sort()).toEqual(['recorded', 'unchanged']);
    });

    it('is registered by the command that names them, when it says so', async () => {
      await expect(desk.tell(GiveConsent, { identifier: email, ...letters })).rejects.toMatchObject({ code: 'NoSuchPerson' });
      const { about, events } = await desk.tell(GiveConsent, { identifier: email, createIfMissing: true, ...letters });
      expect(events.map(({ type }) => type)).toEqual(['SubjectRegistered', 'SubjectIdentifierLinked', 'ConsentGiven']);
      expect((await desk.tell(GiveConsent, { identifier: email, createIfMissing: true, ...letters })).about).toEqual(about);
    });

    it('is not somebody whom nobody registered', async () => {
      await expect(desk.tell(RecordDeath, { subject: idOf('nobody') })).rejects.toMatchObject({ code: 'SubjectNotRegistered', detail: { pointer: '/subject' } });
      expect(await desk.stored()).toEqual([]);
    });
  });

  describe('an identifier', () => {
    it('of several people is ambiguous, and nothing is changed', async () => {
      const [one, two] = [await person(email), await person(phone)];
      await desk.tell(LinkIdentifier, { subject: one, added: { ...work, use: 'shared' } });
      await desk.tell(LinkIdentifier, { subject: two, added: { ...work, use: 'shared' } });
      const before = (await desk.stored()).length;
      await expect(desk.tell(RecordDeath, { identifier: work })).rejects.toMatchObject({ code: 'AmbiguousIdentifier', status: 409 });
      await expect(desk.tell(RegisterSubject, { identifiers: [email, phone] })).rejects.toMatchObject({ code: 'AmbiguousIdentifier' });
      expect((await desk.stored()).length).toBe(before);
    });

    it('of somebody else cannot be had', async () => {
      await person(email);
      const other = await person(phone);
      await expect(desk.tell(LinkIdentifier, { subject: other, added: email })).rejects.toMatchObject({ code: 'IdentifierTaken', status: 409 });
      expect(await lengthOf(other)).toBe(2);
    });

    it('passes on when its link has ended', async () => {
      const first = (await desk.tell(RegisterSubject, { identifiers: [email, work], occurredAt: '2021-01-01' })).about[0];
      await desk.tell(UnlinkIdentifier, { subject: first, ended: ref(work), occurredAt: '2021-03-01T00:00:00Z' }, nowIs('2021-06-02T10:00:00.000Z'));
      const { about } = await desk.tell(RegisterSubject, { identifiers: [work], occurredAt: '2021-04-01T00:00:00Z' }, nowIs('2021-06-02T10:00:00.000Z'));
      const second = about[0] ?? '';
      expect(second).not.toBe(first);
      const later = nowIs('2021-06-03T10:00:00.000Z');
      expect((await desk.tell(FlagProtectedIdentity, { identifier: work, protection: 'secrecy-marking', occurredAt: '2021-05-01' }, later)).about).toEqual([second]);
    });

    it('told in two writings at once is one link, whose end frees it', async () => {
      const first = await person(work, { ...work, value: WORK_EMAIL.toUpperCase() });
      await desk.tell(UnlinkIdentifier, { subject: first, ended: ref(work) });
      expect(await person(work)).not.toBe(first);
    });

    it('that was passed on is still its first owner\'s for what happened before', async () => {
      const first = (await desk.tell(RegisterSubject, { identifiers: [work], occurredAt: '2021-01-01' })).about[0];
      await desk.tell(UnlinkIdentifier, { subject: first, ended: ref(work), occurredAt: '2021-03-01' });
      await desk.tell(RegisterSubject, { identifiers: [work], occurredAt: '2021-04-01' });
      expect((await desk.tell(GiveConsent, { identifier: work, ...letters, occurredAt: '2021-02-01' })).about).toEqual([first]);
    });

    it('without the form of its kind is refused where it stands', async () => {
      const subject = await person(email);
      const malformed = { kind: 'email', value: 'anna at example' } as const;
      const refused = (pointer: string): object => ({ code: 'IdentifierUnusable', detail: { pointer } });
      await expect(desk.tell(RecordDeath, { identifier: malformed })).rejects.toMatchObject(refused('/identifier'));
      await expect(desk.tell(RegisterSubject, { identifiers: [email, malformed] })).rejects.toMatchObject(refused('/identifiers/1'));
      await expect(desk.tell(RegisterSubject, { identifiers: [email, { ...malformed, use: 'shared' }] })).rejects.toMatchObject(refused('/identifiers/1'));
      await expect(desk.tell(LinkIdentifier, { subject, added: malformed })).rejects.toMatchObject(refused('/added'));
      await expect(desk.tell(RegisterOrganisation, { number: '999900-0005', name: 'Exempel AB' })).rejects.toMatchObject(refused('/number'));
    });
  });

  describe('the same command id', () => {
    it('with the same content gives the first answer and no event, sealed or not', async () => {
      const first = await desk.tell(RegisterSubject, { identifiers: [email] }, again);
      expect(await desk.tell(RegisterSubject, { identifiers: [email] }, again)).toEqual({ ...first, status: 'duplicate' });
      const subject = first.about[0];
      const given = await desk.tell(GiveConsent, { subject, ...letters }, { commandId: 'consent' });
      expect(await desk.tell(GiveConsent, { subject, ...letters }, { commandId: 'consent' })).toEqual({ ...given, status: 'duplicate', verdict: 'justified' });
      expect(await desk.stored()).toHaveLength(3);
    });

    it('gives the first answer in another process, and after the identifier was passed on', async () => {
      const first = await desk.tell(RegisterSubject, { identifiers: [work] }, again);
      await desk.tell(UnlinkIdentifier, { subject: first.about[0], ended: ref(work) });
      await desk.tell(RegisterSubject, { identifiers: [work] });
      expect(await new Teller(engines).tell(RegisterSubject, { identifiers: [work] }, again)).toEqual({ ...first, status: 'duplicate' });
    });

    it('with other content is refused, whether the first or the second names an identifier', async () => {
      const subject = await person(email);
      const reused = { code: 'CommandIdReused', status: 409 };
      await desk.tell(GiveConsent, { subject, ...letters }, again);
      await expect(desk.tell(GiveConsent, { subject, ...letters, steps: 2 }, again)).rejects.toMatchObject(reused);
      await expect(desk.tell(GiveConsent, { identifier: email, ...letters }, again)).rejects.toMatchObject(reused);
      await desk.tell(RecordDeath, { identifier: email }, { commandId: 'twice' });
      await expect(desk.tell(RecordDeath, { identifier: email, diedOn: '2021-05-01' }, { commandId: 'twice' })).rejects.toMatchObject(reused);
      await expect(desk.tell(RecordDeath, { subject }, { commandId: 'twice' })).rejects.toMatchObject(reused);
      expect(await lengthOf(subject)).toBe(4);
    });

    it('of another system is another command', async () => {
      const subject = await person(email);
      await desk.tell(GiveConsent, { subject, ...letters }, again);
      expect((await desk.tell(GiveConsent, { subject, ...letters, steps: 2 }, { ...again, system: 'desk' })).status).toBe('recorded');
    });
  });

  describe('commands at once', () => {
    it('on one person are each recorded once, in one order', async () => {
      const subject = await person(email);
      const answers = await Promise.all(Array.from({ length: 32 }, async (_, i) => desk.tell(StartRelationship, { subject, service: 'letters', kind: 'guest', relationship: idOf(`relationship ${i}`) })));
      expect(answers.map(({ status }) => status)).toEqual(Array(32).fill('recorded'));
      expect(answers.map(({ events }) => events[0]?.revision).sort((a, b) => (a ?? 0) - (b ?? 0))).toEqual(Array.from({ length: 32 }, (_, i) => i + 2));
      expect((await desk.events(subject)).slice(2).map(({ data }) => data['relationship'])).toEqual(Array.from({ length: 32 }, (_, i) => idOf(`relationship ${i}`)));
    });

    it('from two processes on one person: whoever loses is decided anew', async () => {
      const other = new Teller(engines);
      const subject = await person(email);
      await other.tell(FlagProtectedIdentity, { subject, protection: 'secrecy-marking' });
      await desk.tell(LiftProtectedIdentity, { subject });
      const both = await Promise.all(
        Array.from({ length: 16 }, (_, i) => [desk, other][i % 2] as Teller).map(async (teller, i) =>
          i % 4 < 2 ? teller.tell(StartRelationship, { subject, service: 'letters', kind: 'guest', relationship: idOf(`r ${i}`) }) : teller.tell(LinkIdentifier, { subject, added: { kind: 'customer-number', value: `K${i}` } }),
        ),
      );
      expect(both.every(({ status }) => status === 'recorded')).toBe(true);
      const events = await desk.events(subject);
      expect(events.map(({ revision }) => revision)).toEqual(events.map((_, i) => i));
      expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
      expect(events).toHaveLength(2 + 2 + 16);
    });
  });

  describe('an answer that appends nothing', () => {
    it('is given only on the head of the stream: unchanged', async () => {
      const other = new Teller(engines);
      const subject = await person(email);
      expect((await other.tell(LiftProtectedIdentity, { subject })).status).toBe('unchanged');
      await desk.tell(FlagProtectedIdentity, { subject, protection: 'secrecy-marking' });
      expect((await other.tell(LiftProtectedIdentity, { subject })).status).toBe('recorded');
    });

    it('is given only on the head of the stream: refused', async () => {
      const other = new Teller(engines);
      const subject = await person(email);
      await other.tell(LiftProtectedIdentity, { subject });
      const collected = await desk.tell(CollectPersonalData, { subject, service: 'dinners', context: 'form', purposes: ['dinner'], relationshipKind: 'guest', values: [{ category: 'name', value: 'Anna Exempel' }] });
      const items = (await desk.events(subject)).at(-1)?.data['items'] as readonly { holding: string }[];
      expect(collected.status).toBe('recorded');
      expect((await other.tell(RectifyPersonalData, { subject, holding: items[0]?.holding, value: 'Anna Exempelsson' })).status).toBe('recorded');
    });
  });

  describe('a withdrawal', () => {
    it('of somebody unknown registers them', async () => {
      const { about, events } = await desk.tell(WithdrawConsent, { identifier: email, purposes: ['letter'] });
      expect(events.map(({ type }) => type)).toEqual(['SubjectRegistered', 'SubjectIdentifierLinked', 'ConsentWithdrawn']);
      expect((await desk.tell(RegisterSubject, { identifiers: [email] })).about).toEqual(about);
      expect((await desk.tell(WithdrawConsent, { subject: idOf('nobody') })).events.map(({ type }) => type)).toEqual(['SubjectRegistered', 'ConsentWithdrawn']);
    });

    it('under a malformed identifier is recorded with it sealed, and repeated adds nothing', async () => {
      const told = { identifier: { kind: 'email', value: 'anna at example' }, occurredAt: 'last week' } as const;
      const { about, events } = await desk.tell(WithdrawConsent, told, again);
      expect(events.map(({ type }) => type)).toEqual(['SubjectRegistered', 'ConsentWithdrawn']);
      expect(await desk.values(about[0] ?? '')).toEqual([['told-identifier/0', 'anna at example'], ['occurred-at', 'last week']]);
      expect((await desk.tell(WithdrawConsent, told, again)).status).toBe('duplicate');
      expect(await desk.stored()).toHaveLength(2);
    });

    it('is recorded on each of several people, and repeated adds nothing', async () => {
      const people = [await person(email), await person(phone)].sort();
      for (const subject of people) await desk.tell(LinkIdentifier, { subject, added: { ...work, use: 'shared' } });
      const before = (await desk.stored()).length;
      const first = await desk.tell(WithdrawConsent, { identifier: work, purposes: ['gossip'] }, again);
      expect(first.about).toEqual(people);
      expect(first.events.map(({ type, stream }) => [type, stream])).toEqual(people.map((subject) => ['ConsentWithdrawn', `subject-${subject}`]));
      expect(await desk.tell(WithdrawConsent, { identifier: work, purposes: ['gossip'] }, again)).toEqual({ ...first, status: 'duplicate' });
      expect(await new Teller(engines).tell(WithdrawConsent, { identifier: work, purposes: ['gossip'] }, again)).toEqual({ ...first, status: 'duplicate' });
      expect(await desk.stored()).toHaveLength(before + 2);
      for (const subject of people) expect(await desk.values(subject)).toContainEqual(['purposes', ['gossip']]);
    });

    it('is recorded again under another command id', async () => {
      const subject = await person(email);
      await desk.tell(WithdrawConsent, { subject });
      expect((await desk.tell(WithdrawConsent, { subject })).status).toBe('recorded');
    });
  });

  describe('times', () => {
    it('of recording never run backwards within a stream, whatever the clock does', async () => {
      const subject = await person(email);
      await desk.tell(FlagProtectedIdentity, { subject, protection: 'secrecy-marking' }, nowIs('2021-06-01T09:00:00.000Z'));
      await desk.tell(LiftProtectedIdentity, { subject }, nowIs('2021-06-01T11:00:00.000Z'));
      expect((await desk.events(subject)).map(({ recordedAt }) => recordedAt)).toEqual(['2021-06-01T10:00:00.000Z', '2021-06-01T10:00:00.000Z', '2021-06-01T10:00:00.000Z', '2021-06-01T11:00:00.000Z']);
    });

    it('that cannot be or are no times are refused, but for a small skew of clocks', async () => {
      const subject = await person(email);
      await expect(desk.tell(RecordDeath, { subject, occurredAt: 'yesterday' })).rejects.toMatchObject({ code: 'UnusableTime', status: 400, detail: { pointer: '/occurredAt' } });
      await expect(desk.tell(RecordDeath, { subject, occurredAt: '2021-06-01T10:05:00.001Z' })).rejects.toMatchObject({ code: 'OccurredInFuture', status: 400 });
      await expect(desk.tell(RecordDeath, { subject, occurredAt: '2021-05-01/2021-06-02' })).rejects.toMatchObject({ code: 'OccurredInFuture', status: 400 });
      expect((await desk.tell(RecordDeath, { subject, occurredAt: '2021-06-01T10:05:00.000Z' })).status).toBe('recorded');
    });
  });

  describe('the envelope', () => {
    it('has a fingerprint only where nothing was sealed and no identifier named', async () => {
      const subject = await person(email);
      await desk.tell(GiveConsent, { subject, ...letters });
      await desk.tell(GiveConsent, { subject, ...letters, order: 'o-4711' });
      await desk.tell(RecordDeath, { identifier: email });
      expect((await desk.events(subject)).map(({ type, fingerprint }) => [type, fingerprint !== undefined])).toEqual([
        ['SubjectRegistered', false],
        ['SubjectIdentifierLinked', false],
        ['ConsentGiven', true],
        ['ConsentGiven', false],
        ['DeathRecorded', false],
      ]);
    });

    it('commits to what the vault gives back', async () => {
      const subject = await person(email);
      const [event] = (await desk.events(subject)).slice(1);
      const sealed = event?.sealed?.[0];
      const [opened] = await engines.vault.open([{ event: event?.id ?? '', slot: 'value', holding: sealed?.holding ?? '' }]);
      expect(opened).toMatchObject({ kind: 'opened', text: JSON.stringify(EMAIL) });
    });
  });

  it('takes text that no encoding can write as malformed', async () => {
    const subject = await person(email);
    const half = '\ud83d';
    await expect(desk.tell(WithdrawConsent, { subject, purposes: [half] })).rejects.toMatchObject({ code: 'UnusableText', status: 400, detail: { pointer: '/purposes/0' } });
    await expect(desk.tell(RegisterSubject, { identifiers: [{ kind: 'customer-number', value: half }] })).rejects.toMatchObject({ code: 'UnusableText' });
  });

  it('registers a company once, whoever represents it must be of one that is', async () => {
    const company = { number: '999900-0004', name: 'Norra Exempel AB' };
    const [one, two] = await Promise.all([desk.tell(RegisterOrganisation, company), desk.tell(RegisterOrganisation, company)]);
    expect(two.about).toEqual(one.about);
    const organisation = one.about[0] ?? '';
    expect((await desk.tell(RenameOrganisation, { organisation, name: 'Exempel i Norr AB' })).status).toBe('recorded');
    await expect(desk.tell(RenameOrganisation, { organisation: idOf('none'), name: 'x' })).rejects.toMatchObject({ code: 'OrganisationNotFound' });
    const subject = await person(email);
    expect((await desk.tell(StartRepresentation, { subject, organisation })).status).toBe('recorded');
    await expect(desk.tell(StartRepresentation, { subject, organisation: idOf('none') })).rejects.toMatchObject({ code: 'OrganisationNotFound' });
  });
});

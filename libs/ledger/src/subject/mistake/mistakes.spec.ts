import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { MemoryViewStore } from '#projection/memory-view-store.js';
import { openWork } from '../../people/open-work.js';
import { nowIs, NOW } from '../../testing/decider.fixture.js';
import { FaultyLog, memoryEngines, sqliteEngines, Teller, type Engines } from '../../testing/ledger.fixture.js';
import { EMAIL, evidence, PHONE } from '../../testing/subject.fixture.js';
import { views } from '../../views.js';
import { CollectPersonalData } from '../holding/collect-personal-data.command.js';
import { RectifyPersonalData } from '../holding/correct.commands.js';
import { LinkIdentifier } from '../identity/link-identifier.command.js';
import { RecordDeath } from '../identity/protection.commands.js';
import { RegisterSubject } from '../identity/register-subject.command.js';
import { UnlinkIdentifier } from '../identity/unlink-identifier.command.js';
import { MergeSubjects, UnmergeSubjects } from '../merge/merge.commands.js';
import { RecordInError } from './record-in-error.command.js';

const email = { kind: 'email', value: EMAIL } as const;
const phone = { kind: 'phone', value: PHONE } as const;
const later = nowIs('2021-07-01T10:00:00.000Z');
const dinner = { service: 'dinners', relationshipKind: 'guest', context: 'form', purposes: ['dinner'], notice: evidence.notice } as const;

describe.each([
  ['in memory', memoryEngines],
  ['in SQLite', sqliteEngines],
] as const)('what was recorded in error, %s', (_where, open) => {
  let engines: Engines;
  let desk: Teller;
  let anna: string;
  beforeEach(async () => {
    engines = await open();
    desk = new Teller(engines);
    anna = (await desk.tell(RegisterSubject, { identifiers: [email] })).about[0] ?? '';
  });
  afterEach(() => engines.close());

  const annul = (event: string | undefined, subject = anna, caller = {}) => desk.tell(RecordInError, { subject, event: event ?? '', code: 'wrong-person', note: 'not her' }, { ...later, ...caller });
  const found = async (value: string): Promise<readonly string[]> => (await engines.vault.matches('name', engines.vault.blindIndex('name', value) ?? '', '2021-08-01T00:00:00.000Z')).map(({ owner }) => owner);
  const lastId = async (): Promise<string> => (await desk.events(anna)).at(-1)?.id ?? '';

  it('reads as erased, and nothing else of the holding does', async () => {
    await desk.tell(CollectPersonalData, { subject: anna, ...dinner, order: 'order-1', values: [{ category: 'name', value: 'Anna' }] });
    const second = await desk.tell(CollectPersonalData, { subject: anna, ...dinner, order: 'order-2', values: [{ category: 'name', value: 'Beata' }] });
    expect((await annul(second.events[0]?.id)).events.map(({ type }) => type)).toEqual(['RecordedInError']);
    expect(await desk.values(anna)).toEqual([['value', EMAIL], ['order', 'order-1'], ['value/0', 'Anna'], ['order', 'erased'], ['value/0', 'erased'], ['note', 'not her']]);
    await desk.tell(CollectPersonalData, { subject: anna, ...dinner, values: [{ category: 'name', value: 'Anna Exempel' }] }, later);
    expect((await desk.values(anna)).at(-1)).toEqual(['value/0', 'Anna Exempel']);
  });

  it('finds nobody by a name any more, and by the one that it had put in its place again', async () => {
    await desk.tell(CollectPersonalData, { subject: anna, ...dinner, values: [{ category: 'name', value: 'Anna' }] });
    const [holding = ''] = ((await desk.events(anna)).at(-1)?.data['items'] as readonly { holding: string }[]).map((item) => item.holding);
    await desk.tell(RectifyPersonalData, { subject: anna, holding, value: 'Beata' });
    expect([await found('Anna'), await found('Beata')]).toEqual([[], [`subject-${anna}`]]);
    await annul(await lastId());
    expect([await found('Anna'), await found('Beata')]).toEqual([[`subject-${anna}`], []]);
  });

  it('is no identifier of the person: whoever has it may be registered by it', async () => {
    await desk.tell(LinkIdentifier, { subject: anna, added: phone });
    await annul(await lastId());
    const { about } = await desk.tell(RegisterSubject, { identifiers: [phone] }, later);
    expect(about).not.toEqual([anna]);
    expect((await desk.tell(RecordDeath, { identifier: email }, later)).about).toEqual([anna]);
  });

  it('has ended no identifier: the person is found by it again', async () => {
    await desk.tell(UnlinkIdentifier, { subject: anna, ended: email, occurredAt: '2021-06-01T10:00:00.000Z' });
    await annul(await lastId());
    expect((await desk.tell(RegisterSubject, { identifiers: [email] }, later)).about).toEqual([anna]);
    const other = (await desk.tell(RegisterSubject, { identifiers: [phone] }, later)).about[0];
    await expect(desk.tell(LinkIdentifier, { subject: other, added: email }, later)).rejects.toMatchObject({ code: 'IdentifierTaken' });
  });

  it('has ended no identifier that somebody else has claimed since: both are found, and no one is guessed', async () => {
    const ended = await desk.tell(UnlinkIdentifier, { subject: anna, ended: email });
    const other = (await desk.tell(RegisterSubject, { identifiers: [email] }, nowIs('2021-06-15T10:00:00.000Z'))).about[0];
    expect(other).not.toBe(anna);
    await annul(ended.events[0]?.id);
    await expect(desk.tell(RecordDeath, { identifier: email }, later)).rejects.toMatchObject({ code: 'AmbiguousIdentifier' });
  });

  it('is answered as it was when it is told again, and recorded once however often that is said', async () => {
    const told = async () => desk.tell(CollectPersonalData, { subject: anna, ...dinner, values: [{ category: 'name', value: 'Anna' }] }, { commandId: 'told' });
    const first = await told();
    const said = await annul(first.events[1]?.id, anna, { commandId: 'said' });
    expect(await told()).toEqual({ ...first, status: 'duplicate' });
    expect(await annul(first.events[1]?.id, anna, { commandId: 'said' })).toEqual({ ...said, status: 'duplicate' });
    expect(await annul(first.events[1]?.id)).toMatchObject({ status: 'unchanged' });
  });

  it('was somebody else before a merge: it stays annulled when they are parted', async () => {
    const other = (await desk.tell(RegisterSubject, { identifiers: [phone] })).about[0] ?? '';
    const death = await desk.tell(RecordDeath, { subject: other });
    await desk.tell(MergeSubjects, { subject: anna, from: other });
    const said = await annul(death.events[0]?.id, other);
    expect([said.about, (await desk.events(anna)).at(-1)?.data]).toEqual([[anna], { event: death.events[0]?.id, on: other, revision: 2, code: 'wrong-person' }]);
    await desk.tell(UnmergeSubjects, { subject: anna, from: other }, later);
    expect((await desk.events(other)).map(({ type }) => type).slice(2)).toEqual(['DeathRecorded', 'SubjectMergedInto', 'RecordedInError', 'SubjectMergeReversed']);
    expect(await desk.tell(RecordDeath, { subject: other }, later)).toMatchObject({ status: 'recorded' });
  });

  it('counts no longer for what is decided next', async () => {
    const death = await desk.tell(RecordDeath, { subject: anna });
    await annul(death.events[0]?.id);
    expect(await desk.tell(RecordDeath, { subject: anna }, later)).toMatchObject({ status: 'recorded' });
  });

  it('of another person is none of theirs', async () => {
    const other = (await desk.tell(RegisterSubject, { identifiers: [phone] })).about[0] ?? '';
    const death = await desk.tell(RecordDeath, { subject: other });
    await expect(annul(death.events[0]?.id)).rejects.toMatchObject({ code: 'EventNotFound', status: 422 });
  });
});

describe('a mistake whose destruction was cut off', () => {
  const views0 = async (): Promise<MemoryViewStore> => {
    const store = new MemoryViewStore();
    await store.prepare(views);
    return store;
  };

  it.each(['before', 'after'] as const)('%s the log had it: is destroyed by the same again, and at the next start', async (fault) => {
    for (const isStart of [true, false]) {
      const log = new FaultyLog();
      const engines = await memoryEngines(log);
      const desk = new Teller(engines);
      const anna = (await desk.tell(RegisterSubject, { identifiers: [email] })).about[0] ?? '';
      const { events: [linked] } = await desk.tell(LinkIdentifier, { subject: anna, added: phone });
      log.fail(fault);
      const say = async () => desk.tell(RecordInError, { subject: anna, event: linked?.id ?? '', code: 'wrong-person', note: 'x' }, { commandId: 'said' });
      await expect(say()).rejects.toThrow('the connection was lost');
      expect((await desk.values(anna))[1]).toEqual(['value', PHONE]);
      if (isStart) {
        const next = new Teller(engines);
        await next.ledger.settleUnknown();
        await next.ledger.resume(await openWork(log, await views0()), NOW);
      } else await say();
      expect((await desk.values(anna))[1]).toEqual(['value', 'erased']);
      await engines.close();
    }
  });

  it('is destroyed again at a start with an older vault', async () => {
    const log = new FaultyLog();
    const [engines, older] = [await memoryEngines(log), await memoryEngines(log)];
    const desk = new Teller(engines);
    const anna = (await desk.tell(RegisterSubject, { identifiers: [email] })).about[0] ?? '';
    const { events: [linked] } = await desk.tell(LinkIdentifier, { subject: anna, added: phone });
    await desk.tell(RecordInError, { subject: anna, event: linked?.id ?? '', code: 'wrong-person' });
    await new Teller(older).ledger.resume(await openWork(log, await views0()), NOW);
    const wrong = (await desk.events(anna))[2];
    expect(await older.vault.open((wrong?.sealed ?? []).map(({ slot, holding }) => ({ event: wrong?.id ?? '', slot, holding })))).toEqual([{ kind: 'erased' }]);
    await engines.close();
  });
});

import { beforeEach, describe, expect, it } from '@jest/globals';
import { Feed } from '#projection/feed.js';
import { MemoryViewStore } from '#projection/memory-view-store.js';
import type { Answer } from '../../answer.js';
import { openWork } from '../../people/open-work.js';
import { idOf, NOW } from '../../testing/decider.fixture.js';
import { FaultyLog, memoryEngines, Teller, type Engines } from '../../testing/ledger.fixture.js';
import { EMAIL, evidence, PHONE } from '../../testing/subject.fixture.js';
import { views } from '../../views.js';
import { GiveConsent } from '../consent/give-consent.command.js';
import { WithdrawConsent } from '../consent/withdraw-consent.command.js';
import { RecordDeath } from '../identity/protection.commands.js';
import { RegisterSubject } from '../identity/register-subject.command.js';
import { isMerging } from '../subject.js';
import { MergeSubjects, UnmergeSubjects } from './merge.commands.js';
import { foldPerson, readPerson } from './person.js';

const [ANNA, OTHER, THIRD] = [idOf('anna'), idOf('also anna'), idOf('anna again')];
const letters = { service: 'letters', purposes: ['letter'] } as const;
type Fault = 'none' | 'before' | 'after';

let log: FaultyLog;
let engines: Engines;
let desk: Teller;
beforeEach(async () => {
  log = new FaultyLog();
  engines = await memoryEngines(log);
  desk = new Teller(engines);
  for (const [subject, kind, value] of [[ANNA, 'email', EMAIL], [OTHER, 'phone', PHONE], [THIRD, 'customer-number', 'K-3']] as const) await desk.tell(RegisterSubject, { subject, identifiers: [{ kind, value }] });
});

/** What stands on each stream, whatever it took to get there. */
async function typesOn(...subjects: readonly string[]): Promise<readonly (readonly string[])[]> {
  return Promise.all(subjects.map(async (subject) => (await desk.events(subject)).slice(2).map(({ type }) => type)));
}

/** A start: nothing is remembered, the views have seen the first events of the log or none. */
async function restart(seen = 0): Promise<Teller> {
  const store = new MemoryViewStore();
  await store.prepare(views);
  const feed = await Feed.open(views, store, (fault) => {
    throw new Error(`a view stopped: ${fault.reason}`);
  });
  if (seen > 0) await feed.take((await desk.stored()).slice(0, seen));
  const next = new Teller(engines);
  await next.ledger.settleUnknown();
  await next.ledger.resume(await openWork(log, store), NOW);
  return next;
}

const isLeft = async (subject: string): Promise<boolean> => isMerging(foldPerson(await readPerson(log, `subject-${subject}`)));
const merge = async (told = desk, subject = ANNA, from = OTHER): Promise<Answer> => told.tell(MergeSubjects, { subject, from, evidence: 'same number' }, { commandId: `merge ${subject} ${from}` });
const steps: readonly (readonly Fault[])[] = [['before'], ['after'], ['none', 'before'], ['none', 'after'], ['none', 'none', 'before'], ['none', 'none', 'after']];

describe('a merge that stops between two of its appends', () => {
  const merged = [['MergeStarted', 'SubjectAbsorbed'], ['SubjectMergedInto']];

  it.each(steps)('%s %s %s: is finished by the same command again', async (...faults) => {
    log.fail(...faults);
    await expect(merge()).rejects.toThrow('the connection was lost');
    const answer = await merge();
    expect(answer.events.map(({ type }) => type)).toEqual(['MergeStarted', 'SubjectMergedInto', 'SubjectAbsorbed']);
    expect(await typesOn(ANNA, OTHER)).toEqual(merged);
    expect(await merge()).toEqual({ ...answer, status: 'duplicate' });
  });

  it.each(steps.flatMap((faults) => [0, 7, 8, 9].map((seen) => ({ faults, seen }))))('$faults: is finished at the next start, when the views have seen $seen events', async ({ faults, seen }) => {
    log.fail(...faults);
    await expect(merge()).rejects.toThrow();
    await restart(seen);
    expect(await typesOn(ANNA, OTHER)).toEqual(merged);
    const before = (await desk.stored()).length;
    await restart(seen);
    expect((await desk.stored()).length).toBe(before);
  });

  it('authorises nothing meanwhile, and takes what is told of either', async () => {
    log.fail('none', 'none', 'before');
    await expect(merge()).rejects.toThrow();
    expect(await isLeft(ANNA)).toBe(true);
    expect((await desk.tell(WithdrawConsent, { subject: OTHER, ...letters })).about).toEqual([ANNA]);
    await restart();
    expect(await isLeft(ANNA)).toBe(false);
    expect(await typesOn(ANNA, OTHER)).toEqual([['MergeStarted', 'ConsentWithdrawn', 'SubjectAbsorbed'], ['SubjectMergedInto']]);
  });

  it('closes the other at the revision it then has, whatever was told of it meanwhile', async () => {
    log.fail('none', 'before');
    await expect(merge()).rejects.toThrow();
    await desk.tell(GiveConsent, { subject: OTHER, ...letters, type: 'expressed', ...evidence });
    log.intruder = async () => void (await new Teller(engines).tell(WithdrawConsent, { subject: OTHER, ...letters }));
    await restart();
    const [, types = []] = await typesOn(ANNA, OTHER);
    expect(types).toEqual(['ConsentGiven', 'ConsentWithdrawn', 'SubjectMergedInto']);
    expect((await desk.events(ANNA)).at(-1)?.data['revision']).toBe(4);
  });

  it('is finished before another of the same survivor is decided on', async () => {
    log.fail('none', 'before');
    await expect(merge()).rejects.toThrow();
    await merge(new Teller(engines), ANNA, THIRD);
    expect(await typesOn(ANNA, OTHER, THIRD)).toEqual([['MergeStarted', 'SubjectAbsorbed', 'MergeStarted', 'SubjectAbsorbed'], ['SubjectMergedInto'], ['SubjectMergedInto']]);
  });

  it('is finished before the survivor is itself merged away', async () => {
    log.fail('none', 'before');
    await expect(merge()).rejects.toThrow();
    await merge(new Teller(engines), THIRD, ANNA);
    expect(await typesOn(ANNA, OTHER, THIRD)).toEqual([['MergeStarted', 'SubjectAbsorbed', 'SubjectMergedInto'], ['SubjectMergedInto'], ['MergeStarted', 'SubjectAbsorbed']]);
  });

  it('is abandoned when the other went elsewhere meanwhile', async () => {
    log.fail('none', 'before');
    await expect(merge()).rejects.toThrow();
    await merge(new Teller(engines), THIRD, OTHER);
    expect((await merge()).events.map(({ type }) => type)).toEqual(['MergeStarted', 'MergeAbandoned']);
    expect(await typesOn(ANNA, OTHER, THIRD)).toEqual([['MergeStarted', 'MergeAbandoned'], ['SubjectMergedInto'], ['MergeStarted', 'SubjectAbsorbed']]);
  });
});

describe('merges that wait for each other', () => {
  async function begun(...pairs: readonly (readonly [string, string])[]): Promise<readonly { readonly subject: string; readonly merge: unknown }[]> {
    for (const [subject, from] of pairs) {
      log.fail('none', 'before');
      await expect(merge(new Teller(engines), subject, from)).rejects.toThrow();
    }
    return Promise.all(pairs.map(async ([subject]) => ({ subject, merge: (await desk.events(subject)).find(({ type }) => type === 'MergeStarted')?.data['merge'] })));
  }

  it.each([
    ['two that cross', [[ANNA, OTHER], [OTHER, ANNA]]],
    ['three in a circle', [[ANNA, OTHER], [OTHER, THIRD], [THIRD, ANNA]]],
  ] as const)('%s: the greatest is abandoned, and all are one', async (_what, pairs) => {
    const both = await begun(...pairs);
    const [greatest] = [...both].sort((a, b) => (String(a.merge) < String(b.merge) ? 1 : -1));
    const next = await restart();
    for (const { subject } of both) expect((await typesOn(subject))[0]).toContain(subject === greatest?.subject ? 'MergeAbandoned' : 'SubjectAbsorbed');
    const told = await Promise.all(both.map(async ({ subject }) => (await next.tell(RecordDeath, { subject })).about));
    expect(new Set(told.flat()).size).toBe(1);
  });
});

describe('an un-merge that stops between its two appends', () => {
  const unmerge = async (told = desk): Promise<Answer> => told.tell(UnmergeSubjects, { subject: ANNA, from: OTHER, reason: 'father and daughter' }, { commandId: 'apart' });
  const parted = [['MergeStarted', 'SubjectAbsorbed', 'ConsentWithdrawn', 'SubjectReleased'], ['SubjectMergedInto', 'ConsentWithdrawn', 'SubjectMergeReversed']];

  beforeEach(async () => {
    await merge();
    await desk.tell(WithdrawConsent, { subject: ANNA, ...letters });
  });

  it.each(steps.slice(0, 4))('%s %s: is finished by the same command again', async (...faults) => {
    log.fail(...faults);
    await expect(unmerge()).rejects.toThrow('the connection was lost');
    const answer = await unmerge();
    expect(answer.events.map(({ type }) => type)).toEqual(['SubjectReleased', 'ConsentWithdrawn', 'SubjectMergeReversed']);
    expect(await typesOn(ANNA, OTHER)).toEqual(parted);
  });

  it.each(steps.slice(0, 4))('%s %s: is finished at the next start', async (...faults) => {
    log.fail(...faults);
    await expect(unmerge()).rejects.toThrow();
    await restart(11);
    await restart();
    expect(await typesOn(ANNA, OTHER)).toEqual(parted);
  });

  it('is finished before anything is told of the one who is handed back', async () => {
    log.fail('none', 'before');
    await expect(unmerge()).rejects.toThrow();
    expect((await new Teller(engines).tell(RecordDeath, { subject: OTHER })).about).toEqual([OTHER]);
    expect((await typesOn(OTHER))[0]).toEqual([...(parted[1] ?? []), 'DeathRecorded']);
  });

  it('takes a withdrawal that comes at the same time for the one who is handed back', async () => {
    await desk.tell(GiveConsent, { subject: OTHER, ...letters, type: 'expressed', ...evidence });
    const [, told] = await Promise.all([unmerge(), desk.tell(WithdrawConsent, { subject: OTHER, ...letters, method: 'web' })]);
    const types = (await desk.events(OTHER)).map(({ type }) => type);
    expect([told.about, types.lastIndexOf('ConsentWithdrawn') > types.lastIndexOf('ConsentGiven'), types.filter((type) => type === 'ConsentWithdrawn').length]).toEqual([[OTHER], true, 2]);
  });
});

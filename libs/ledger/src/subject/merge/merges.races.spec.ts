import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MemoryViewStore } from '#projection/memory-view-store.js';
import { openWork } from '../../people/open-work.js';
import { Refusal } from '../../refusals.js';
import { idOf, NOW } from '../../testing/decider.fixture.js';
import { FaultyLog, memoryEngines, sqliteEngines, Teller, type Engines } from '../../testing/ledger.fixture.js';
import { views } from '../../views.js';
import { WithdrawConsent } from '../consent/withdraw-consent.command.js';
import { RegisterSubject } from '../identity/register-subject.command.js';
import { MergeSubjects, UnmergeSubjects } from './merge.commands.js';
import { closedBy, openTaking, type MergeState } from './merge.state.js';
import { readPerson } from './person.js';

const PEOPLE = [0, 1, 2, 3].map((i) => idOf(`racer ${i}`));

interface Told {
  readonly what: 'merge' | 'unmerge' | 'withdraw';
  readonly subject: string;
  readonly from: string;
  /** Which of three processes is told. */
  readonly desk: number;
}

const told: fc.Arbitrary<Told> = fc.record({
  what: fc.constantFrom('merge' as const, 'merge' as const, 'merge' as const, 'unmerge' as const, 'withdraw' as const),
  subject: fc.constantFrom(...PEOPLE),
  from: fc.constantFrom(...PEOPLE),
  desk: fc.nat({ max: 2 }),
});
/** All of a burst are told at once. */
const bursts = fc.array(fc.array(told, { minLength: 2, maxLength: 7 }), { minLength: 1, maxLength: 4 });
const faults = fc.array(fc.constantFrom('none' as const, 'none' as const, 'before' as const, 'after' as const), { maxLength: 30 });

async function tell(desk: Teller, { what, subject, from }: Told): Promise<unknown> {
  if (what === 'merge') return desk.tell(MergeSubjects, { subject, from });
  return what === 'unmerge' ? desk.tell(UnmergeSubjects, { subject, from }) : desk.tell(WithdrawConsent, { subject });
}

/** Tells all of it; what fails for another reason than a refusal, or a connection that was lost, is a fault. */
async function race(engines: Engines, script: readonly (readonly Told[])[]): Promise<void> {
  const desks = [0, 1, 2].map(() => new Teller(engines));
  for (const [i, subject] of PEOPLE.entries()) await desks[0]?.tell(RegisterSubject, { subject, identifiers: [{ kind: 'customer-number', value: `K-${i}-00` }] });
  for (const burst of script) {
    const outcomes = await Promise.allSettled(burst.map((one) => tell(desks[one.desk] as Teller, one)));
    for (const outcome of outcomes) if (outcome.status === 'rejected' && !(outcome.reason instanceof Refusal) && (outcome.reason as Error).message !== 'the connection was lost') throw outcome.reason;
  }
}

async function whole(engines: Engines): Promise<void> {
  const merges = new Map<string, MergeState>();
  for (const subject of PEOPLE) merges.set(subject, (await readPerson(engines.log, `subject-${subject}`)).merge);
  for (const [subject, merge] of merges) {
    expect(openTaking(merge)).toBeUndefined();
    for (const { absorbed, abandoned } of merge.takings.values()) expect([absorbed, abandoned].filter((end) => end !== undefined)).toHaveLength(1);
    const closing = closedBy(merge);
    if (closing === undefined) continue;
    expect(merges.get(closing.into)?.takings.get(closing.merge)).toMatchObject({ from: subject, absorbed: expect.anything() });
    expect(merges.get(closing.into)?.takings.get(closing.merge)?.released).toBeUndefined();
    let at: string | undefined = subject;
    for (let steps = 0; at !== undefined; steps++) {
      expect(steps).toBeLessThan(PEOPLE.length);
      at = closedBy(merges.get(at) as MergeState)?.into;
    }
  }
}

describe('merges and un-merges of four people, told to three processes at once', () => {
  it('leave everybody with one survivor, and no merge half done', async () => {
    await fc.assert(
      fc.asyncProperty(bursts, async (script) => {
        const engines = await memoryEngines();
        await race(engines, script);
        await whole(engines);
        await engines.close();
      }),
      { numRuns: 100, seed: 20261122, endOnFailure: true },
    );
  });

  it('do so when connections are lost in between, once somebody has started again', async () => {
    await fc.assert(
      fc.asyncProperty(bursts, faults, async (script, lost) => {
        const log = new FaultyLog();
        const engines = await memoryEngines(log);
        for (const one of ['none', 'none', 'none', 'none', ...lost] as const) log.fail(one);
        await race(engines, script);
        log.heal();
        const store = new MemoryViewStore();
        await store.prepare(views);
        const next = new Teller(engines);
        await next.ledger.settleUnknown();
        await next.ledger.resume(await openWork(log, store), NOW);
        await whole(engines);
        await engines.close();
      }),
      { numRuns: 100, seed: 20261122, endOnFailure: true },
    );
  });

  it('do so in files', async () => {
    for (const script of fc.sample(bursts, { numRuns: 5, seed: 20261122 })) {
      const engines = await sqliteEngines();
      await race(engines, script);
      await whole(engines);
      await engines.close();
    }
  });
});

/** Random histories in which two people turn out to be one, or two after all, and what was told turns out to be wrong. */
import fc from 'fast-check';
import { formatInstant } from '#law/instant.js';
import { MergeSubjects, UnmergeSubjects } from '../subject/merge/merge.commands.js';
import { RecordInError } from '../subject/mistake/record-in-error.command.js';
import { Refusal } from '../refusals.js';
import { liveWith, PEOPLE, step, take, type Lived, type Step } from './history.fixture.js';
import { FaultyLog, type Teller } from './ledger.fixture.js';

interface Turn {
  readonly what: 'merge' | 'unmerge' | 'mistake';
  /** The survivor; whose event was wrong. */
  readonly person: 0 | 1;
  readonly later: number;
  /** Which event; counted from the last. */
  readonly n: number;
  /** Before and after which of its appends the connection is lost; told again until it is done. */
  readonly faults: readonly ('none' | 'before' | 'after')[];
}

const turn: fc.Arbitrary<Turn> = fc.record({
  what: fc.constantFrom('merge' as const, 'merge' as const, 'unmerge' as const, 'mistake' as const, 'mistake' as const),
  person: fc.constantFrom(0 as const, 1 as const),
  later: fc.integer({ min: -3, max: 300 }),
  n: fc.nat({ max: 12 }),
  faults: fc.array(fc.constantFrom('none' as const, 'before' as const, 'after' as const), { maxLength: 5 }),
});

export type Turning = readonly (Step | Turn)[];

export const turningSteps: fc.Arbitrary<Turning> = fc.array(fc.oneof({ weight: 4, arbitrary: step }, { weight: 1, arbitrary: turn }), { minLength: 40, maxLength: 80 });

/** Tells the steps to a new ledger in memory; `isFaulty`: with the faults of each turn. */
export async function liveTurning(script: Turning, isFaulty = false): Promise<Lived> {
  const log = new FaultyLog();
  let told = 0;
  return liveWith(
    script,
    async (teller, one, organisation, clock) => {
      if (!('faults' in one)) return take(teller, one, organisation, clock);
      told += 1;
      if (isFaulty) log.fail(...one.faults);
      try {
        return await untilDone(() => turnOn(teller, one, `turn ${told}`, formatInstant(clock)));
      } finally {
        log.heal();
      }
    },
    log,
  );
}

/** Two merges that cross: one of them comes to nothing. */
export async function liveCrossing(): Promise<Lived> {
  const log = new FaultyLog();
  const both = [0, 1] as const;
  const merge = { what: 'merge', later: 1, n: 0, faults: [] } as const;
  // The first two are begun only; told again, they are finished.
  const script = [...both, ...both].map((person, i) => ({ ...merge, person, isBegun: i < 2 }));
  return liveWith(
    script,
    async (teller, { isBegun, ...one }, _organisation, clock) => {
      if (!isBegun) return turnOn(teller, one, `merge ${one.person}`, formatInstant(clock));
      log.fail('none', 'before');
      return turnOn(teller, one, `merge ${one.person}`, formatInstant(clock)).catch(() => undefined);
    },
    log,
  );
}

async function turnOn(teller: Teller, { what, person, n }: Turn, commandId: string, now: string): Promise<unknown> {
  const [subject, from] = [PEOPLE[person], PEOPLE[person === 0 ? 1 : 0]];
  const caller = { commandId, now };
  if (what === 'merge') return teller.tell(MergeSubjects, { subject, from, evidence: 'marker-evidence' }, caller);
  if (what === 'unmerge') return teller.tell(UnmergeSubjects, { subject, from }, caller);
  const events = await teller.events(subject);
  const wrong = events.filter(({ type }) => type !== 'RecordedInError').at(-1 - n)?.id ?? '';
  return teller.tell(RecordInError, { subject, event: wrong || subject, code: 'wrong-person', note: 'marker-note' }, caller);
}

/** As an upstream does that has no answer: the same again. */
async function untilDone(tell: () => Promise<unknown>): Promise<unknown> {
  for (;;) {
    try {
      return await tell();
    } catch (fault) {
      if (fault instanceof Refusal || !(fault instanceof Error) || fault.message !== 'the connection was lost') throw fault;
    }
  }
}

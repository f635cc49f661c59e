import { describe, expect, it } from '@jest/globals';
import { isLeftOut } from '#postgres/postgres.suite.js';
import { chaosRounds } from './chaos-rounds.js';
import { Copies } from './copies.js';

/** Every run has another seed; a failure names it, so that it can be run again (`npm run chaos -- --rounds 5 --seed N`). */
const seed = Number(process.env['LIGGARE_CHAOS_SEED'] ?? Date.now() % 1_000_000);

describe('two API nodes and two projectors under load, of which something is killed, paused or cut off five times', () => {
  if (isLeftOut()) return;
  it(`record every acknowledged command once, and show what a rebuild shows (seed ${seed})`, async () => {
    const said: string[] = [];
    const outcome = await chaosRounds({ rounds: 5, seed, connections: 12, wholeEvery: 5, say: (line) => said.push(line) });
    if ('notRun' in outcome) throw new Error(`not run: PostgreSQL (${outcome.notRun})`);
    expect({ faults: outcome.faults, said: outcome.faults.length === 0 ? [] : said }).toEqual({ faults: [], said: [] });
    expect(outcome.recorded).toBeGreaterThan(200);
    expect(outcome.repeated).toBeGreaterThan(20);
  }, 400_000);
});

describe('the witness of copies', () => {
  const event = { id: 'e', type: 'SubjectRegistered', stream: 'subject-x', revision: 0, position: '1' };
  const stored = (correlationId: string, verdict?: string): Parameters<Copies['inLog']>[0] => {
    const envelope = { ...BARE, correlationId, ...(verdict !== undefined && { verdict }) };
    return new Map([['e', { ...event, data: JSON.stringify(envelope) }]]);
  };
  const BARE = { id: 'e', type: 'SubjectRegistered', version: 1, stream: 'subject-x', revision: 0, recordedAt: '2026-01-01T00:00:00.000Z', data: {} };

  it('sees two that were both told to have been written', () => {
    const copies = new Copies();
    copies.answer('k', 'a', { status: 'recorded', events: [event] });
    copies.answer('k', 'b', { status: 'duplicate', events: [event] });
    expect(copies.faults).toEqual([]);
    copies.answer('k', 'b', { status: 'recorded', events: [event] });
    expect(copies.faults).toHaveLength(1);
  });

  it('sees that the log holds another than the one that was told so, or another verdict', () => {
    const copies = new Copies();
    copies.answer('k', 'a', { status: 'recorded', events: [event] });
    expect(copies.inLog(stored('a'))).toEqual([]);
    expect(copies.inLog(stored('b'))).toHaveLength(1);
    expect(copies.inLog(stored('a', 'unjustified'))).toHaveLength(1);
  });
});

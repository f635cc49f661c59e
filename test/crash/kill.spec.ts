import { describe, expect, it } from '@jest/globals';
import { Journal, type CommandAnswer } from './journal.js';
import { crashRounds } from './rounds.js';

/** Every run has another seed; a failure names it, so that it can be run again (`npm run crash -- --rounds 20 --seed N`). */
const seed = Number(process.env['LIGGARE_CRASH_SEED'] ?? Date.now() % 1_000_000);

describe('a server that is killed under load, twenty times', () => {
  it(`keeps all that it acknowledged, once and in order (seed ${seed})`, async () => {
    const said: string[] = [];
    const outcome = await crashRounds({ rounds: 20, seed, connections: 32, wholeEvery: 5, say: (line) => said.push(line) });
    expect({ faults: outcome.faults, said: outcome.faults.length === 0 ? [] : said }).toEqual({ faults: [], said: [] });
    expect(outcome.recorded).toBeGreaterThan(200);
    expect(outcome.unanswered).toBeGreaterThan(20);
  }, 240_000);
});

describe('the witness', () => {
  const command = { id: 'a-1', name: 'GiveConsent', system: 'crm', body: {} };
  const answer = (id: string): CommandAnswer => ({ status: 'recorded', about: ['x'], events: [{ id, type: 'ConsentGiven', stream: 'subject-x', revision: 0, position: '1' }] });

  it('sees a repeat that was answered with other events', () => {
    const journal = new Journal();
    journal.send(command);
    journal.answer('a-1', answer('e-1'));
    journal.answer('a-1', { ...answer('e-1'), status: 'duplicate' });
    expect(journal.faults).toEqual([]);
    journal.answer('a-1', answer('e-2'));
    expect(journal.faults).toHaveLength(1);
  });

  it('knows what is still without an answer', () => {
    const journal = new Journal();
    journal.send(command);
    expect(journal.unanswered).toEqual([command]);
    journal.answer('a-1', answer('e-1'));
    expect(journal.unanswered).toEqual([]);
  });
});

/** From a checked command to the ledger, counted and timed. */
import { catalogue } from '#ledger/catalogue.js';
import type { Command } from '#ledger/command.js';
import type { Ledger } from '#ledger/ledger.js';
import type { Metrics } from '#nest/metrics.js';
import { problemOf } from '#nest/problem.js';
import type { Recorder } from '#nest/recording.js';
import type { Condition } from './server-parts.js';

const entries = new Map([...catalogue.values()].map((entry) => [entry.type as unknown, entry]));

export function recorderOf(ledger: Ledger, metrics: Metrics, condition: Condition): Recorder {
  return async (command) => {
    const entry = entries.get(command.constructor);
    if (entry === undefined) throw new TypeError(`${command.constructor.name} is no command of the catalogue`);
    const began = performance.now();
    const told = (outcome: string): void => metrics.command(entry.name, outcome, (performance.now() - began) / 1_000);
    condition.commands += 1;
    try {
      const answer = await ledger.record(entry, command as Command);
      told(answer.status);
      return answer;
    } catch (error) {
      if (error instanceof Error && error.cause instanceof Error && error.cause.name === 'StoreStopped') condition.storeStopped = true;
      told(problemOf(error).code);
      throw error;
    }
  };
}

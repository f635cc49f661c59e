/** From a checked command to the ledger, counted and timed. */
import { catalogue } from '#ledger/catalogue.js';
import type { Command } from '#ledger/command.js';
import type { Ledger } from '#ledger/ledger.js';
import type { EventLog } from '#nest/event-log.js';
import type { Metrics } from '#nest/metrics.js';
import { problemOf } from '#nest/problem.js';
import type { Recorder } from '#nest/recording.js';
import type { Condition } from './server-parts.js';

const entries = new Map([...catalogue.values()].map((entry) => [entry.type as unknown, entry]));

export function recorderOf(ledger: Pick<Ledger, 'record'>, metrics: Metrics, condition: Condition, events: EventLog): Recorder {
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
      const why = stoppedBy(error);
      // Its own words name a file and what the disk said, nothing that somebody sent; once, not for every command that comes after.
      if (why !== undefined && !condition.storeStopped) events.say('error', 'store-stopped', { why });
      condition.storeStopped ||= why !== undefined;
      told(problemOf(error).code);
      throw error;
    }
  };
}

function stoppedBy(error: unknown): string | undefined {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error && cause.name === 'StoreStopped' ? cause.message : undefined;
}

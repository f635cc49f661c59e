/** From a checked command to the ledger, counted and timed, and back with as much of the gate's reasons as the caller's role may see. */
import type { Answer } from '#ledger/answer.js';
import { catalogue } from '#ledger/catalogue.js';
import type { CatalogueEntry } from '#ledger/catalogue-entry.js';
import type { Command } from '#ledger/command.js';
import { shownTo, type Role } from '#ledger/gate/shown.js';
import type { Ledger } from '#ledger/ledger.js';
import type { EventLog } from '#nest/event-log.js';
import type { Metrics } from '#nest/metrics.js';
import { BlockedAsk, problemOf } from '#nest/problem.js';
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
      told(answer.status === 'recorded' && answer.decision?.outcome === 'blocked' ? 'blocked' : answer.status);
      return answerFor((command as Command).caller.role, answer);
    } catch (error) {
      if (error instanceof BlockedAsk) throw error;
      const why = stoppedBy(error);
      // Its own words name a file and what the disk said, nothing that somebody sent; once, not for every command that comes after.
      if (why !== undefined && !condition.storeStopped) events.say('error', 'store-stopped', { why });
      condition.storeStopped ||= why !== undefined;
      told(problemOf(error).code);
      throw error;
    }
  };
}

/** Throws `BlockedAsk` with what was recorded: a blocked ask is answered by the same way as what was refused, at every edge. */
function answerFor(role: Role, answer: Answer): Answer {
  const { decision } = answer;
  if (decision === undefined) return answer;
  const shown = shownTo(role, decision);
  if (decision.outcome !== 'blocked') return { ...answer, decision: shown };
  const { commandId, about, events } = answer;
  throw new BlockedAsk({ commandId, about, verdict: 'unjustified', decision: shown, events });
}

/** How the gate would answer an ask now, for this caller; nothing is recorded. */
export type Adviser = (entry: CatalogueEntry, command: Command) => Promise<object>;

export function adviserOf(ledger: Pick<Ledger, 'advise'>, metrics: Metrics): Adviser {
  return async (entry, command) => {
    const began = performance.now();
    const told = (outcome: string): void => metrics.decision(entry.name, outcome, (performance.now() - began) / 1_000);
    try {
      const { about, revision, reasoning } = await ledger.advise(entry, command);
      told(reasoning.outcome);
      const { outcome, rules, registers } = reasoning;
      return { ...shownTo(command.caller.role, { outcome, rules }), about: [about], revision, registers };
    } catch (error) {
      told(problemOf(error).code);
      throw error;
    }
  };
}

function stoppedBy(error: unknown): string | undefined {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error && cause.name === 'StoreStopped' ? cause.message : undefined;
}

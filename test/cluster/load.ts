/** Load on all nodes at once: what one does not answer is sent to the next, under the same id, and some are sent to all at the same moment. */
import { randomUUID } from 'node:crypto';
import { Agent } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { SYSTEM, type Random } from '../crash/commands.js';
import type { CommandAnswer, Journal, SentCommand } from '../crash/journal.js';
import { answerOf, importUntilGone } from '../crash/load.js';
import { NoAnswer } from '../crash/server.js';
import type { Cluster } from './cluster.js';
import type { ClusterCommands } from './commands.js';
import type { Copies } from './copies.js';

export interface ClusterLoad {
  readonly cluster: Cluster;
  readonly journal: Journal;
  readonly copies: Copies;
  readonly commands: ClusterCommands;
  /** By system. */
  readonly tokens: ReadonlyMap<string, string>;
  readonly random: Random;
  readonly connections: number;
  /** Commands of which an answer went missing: what a node still does with one is known when it has been sent once more. */
  readonly doubtful: Set<SentCommand>;
  /** What a node may still be at, though nobody waits for it. */
  readonly underWay: Set<Promise<unknown>>;
  readonly faults: string[];
}

/** Longer than a busy machine takes, much shorter than a node is paused. */
const ANSWER_WITHIN_MS = 4_000;
/** Between two commands of a connection: a second's load is to be looked at within a second. */
const BETWEEN_MS = 15;
const IMPORTED = 80;

/** Resolves when the last answer is there or is waited for no more. */
export async function loadAll(load: ClusterLoad, isOver: () => boolean): Promise<void> {
  const { cluster } = load;
  const connections = Array.from({ length: load.connections }, (_, n) => connection(load, n % cluster.apis.length, isOver));
  await Promise.all([...connections, ...cluster.apis.map((_, node) => importing(load, node, isOver))]);
}

async function connection(load: ClusterLoad, home: number, isOver: () => boolean): Promise<void> {
  const { cluster, commands, random } = load;
  const agents = cluster.apis.map(() => new Agent({ keepAlive: true }));
  try {
    while (!isOver()) {
      const command = commands.next(home);
      const nodes = random() < 0.3 ? cluster.apis.map((_, node) => node) : [home];
      const answers = await Promise.all(nodes.map((node) => tell(load, command, node, agents[node])));
      const isAnswered = answers.some((answer) => answer !== undefined) || (await tell(load, command, other(load, home), agents[other(load, home)])) !== undefined;
      await pause(isAnswered ? BETWEEN_MS : 10 * BETWEEN_MS);
    }
  } finally {
    // Late answers come on its connections.
    void Promise.all(load.underWay).finally(() => agents.forEach((agent) => agent.destroy()));
  }
}

export function other({ cluster }: Pick<ClusterLoad, 'cluster'>, node: number): number {
  return (node + 1) % cluster.apis.length;
}

/** Undefined: no answer within the time, or that it cannot be told now. An answer that comes later still counts as one. */
async function tell(load: ClusterLoad, command: SentCommand, node: number, agent = new Agent()): Promise<CommandAnswer | undefined> {
  const answer = ask(load, command, node, agent);
  return (await within(load, answer)) ?? (load.doubtful.add(command), undefined);
}

/** The same, however long it takes; undefined when the connection ends, or that it cannot be told now. */
export async function ask({ cluster, journal, copies, commands, tokens, faults }: ClusterLoad, command: SentCommand, node: number, agent: Agent): Promise<CommandAnswer | undefined> {
  const [server, token] = [cluster.apis[node], tokens.get(command.system)];
  if (server === undefined || token === undefined) throw new Error('every node and every system is known');
  const { id, name, system, body } = command;
  const correlation = randomUUID();
  const event = { specversion: '1.0', id, source: system, type: `se.liggare.${name}.v1`, correlationid: correlation, data: body };
  journal.send(command);
  copies.send(id, correlation);
  const sentAtMs = performance.now();
  try {
    const reply = await server.call('POST', '/v1/commands', event, { agent, token, headers: { 'content-type': 'application/cloudevents+json' } });
    const answer = answerOf(command, reply);
    faults.push(...commands.learn(command, answer, node, sentAtMs));
    copies.answer(id, correlation, answer);
    journal.answer(id, answer);
    return answer;
  } catch (fault) {
    if (!(fault instanceof NoAnswer)) faults.push(fault instanceof Error ? fault.message : 'a call failed');
    return undefined;
  }
}

/** What is not done by then goes on. */
async function within<T>({ underWay }: Pick<ClusterLoad, 'underWay'>, work: Promise<T>): Promise<T | undefined> {
  const late = new AbortController();
  const counted = work.finally(() => {
    underWay.delete(counted);
    late.abort();
  });
  underWay.add(counted);
  return Promise.race([counted, pause(ANSWER_WITHIN_MS, undefined, { signal: late.signal }).catch(() => counted)]);
}

/** Some lines, streamed both ways; those that get no answer are in doubt. */
async function importing(load: ClusterLoad, node: number, isOver: () => boolean): Promise<void> {
  const { cluster, journal, commands, tokens, doubtful } = load;
  const [server, token] = [cluster.apis[node], tokens.get(SYSTEM)];
  if (server === undefined || token === undefined) throw new Error('every node and every system is known');
  const sent: SentCommand[] = [];
  const next = (): SentCommand => {
    const command = commands.single.next();
    sent.push(command);
    return command;
  };
  const done = importUntilGone({ server, token, journal, maker: { next } }, () => isOver() || sent.length >= IMPORTED);
  while (!isOver() && sent.length < IMPORTED) await Promise.race([done, pause(100)]);
  await within(load, done);
  const unanswered = new Set(journal.unanswered);
  for (const command of sent) if (unanswered.has(command)) doubtful.add(command);
}

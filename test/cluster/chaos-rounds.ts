/** Rounds of load on a cluster while parts of it are killed, paused and cut off; after each all is brought back and looked at. */
import { Agent } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { readConfiguration } from '#nest/configuration.js';
import { randomFrom, SYSTEM } from '../crash/commands.js';
import { Journal, type SentCommand } from '../crash/journal.js';
import type { ServerProcess } from '../crash/server.js';
import { Cluster } from './cluster.js';
import { ClusterCommands, OFFICE, PLANTED } from './commands.js';
import { Copies } from './copies.js';
import { always, programme, type Disturbance } from './disturbances.js';
import { ask, loadAll, other, type ClusterLoad } from './load.js';
import { Witness } from './witness.js';

export interface ChaosSettings {
  readonly rounds: number;
  readonly seed: number;
  readonly connections: number;
  /** After so many rounds, and the last, all is read and compared. */
  readonly wholeEvery: number;
  /** What happens in every round, by name; otherwise one thing after the other. */
  readonly only?: readonly string[];
  readonly say: (line: string) => void;
}

export interface ChaosOutcome {
  readonly faults: readonly string[];
  readonly recorded: number;
  readonly refused: number;
  readonly events: number;
  readonly merges: number;
  /** Commands of which more than one copy was sent. */
  readonly repeated: number;
  /** Commands of which an answer went missing. */
  readonly doubtful: number;
}

/** How long a part may take until it works again; a lease of a projector that was killed runs for 10 s more. */
const BACK_WITHIN_MS = 60_000;
const REPEATED_AT_ONCE = 16;

/** Stops at the first round that finds something wrong. */
export async function chaosRounds(settings: ChaosSettings): Promise<ChaosOutcome | { readonly notRun: string }> {
  const cluster = await Cluster.start({ apis: 2, projectors: 2 });
  if ('notRun' in cluster) return cluster;
  const chaos = new Chaos(cluster, settings);
  try {
    return await chaos.run();
  } finally {
    await cluster.stop();
  }
}

class Chaos {
  readonly #cluster: Cluster;
  readonly #settings: ChaosSettings;
  readonly #load: ClusterLoad;
  readonly #witness: Witness;
  /** Everybody that ever ran: their output is looked through. */
  readonly #processes = new Set<ServerProcess>();
  readonly #killed = new Set<ServerProcess>();
  readonly #random: () => number;
  #doubtful = 0;

  constructor(cluster: Cluster, settings: ChaosSettings) {
    const random = randomFrom(settings.seed);
    const [journal, copies] = [new Journal(), new Copies()];
    this.#cluster = cluster;
    this.#settings = settings;
    this.#random = random;
    this.#load = { cluster, journal, copies, commands: new ClusterCommands(random, `s${settings.seed}`), tokens: new Map(), random, connections: settings.connections, doubtful: new Set(), underWay: new Set(), faults: [] };
    this.#witness = new Witness({ cluster, ledger: readConfiguration(cluster.env), journal, copies, random });
  }

  async run(): Promise<ChaosOutcome> {
    const { rounds, wholeEvery, only, say } = this.#settings;
    const { journal, copies } = this.#load;
    const tokens = await this.#tokens();
    const load = { ...this.#load, tokens };
    const faults = this.#load.faults;
    const acts = only === undefined ? programme(this.#random) : always(only);
    for (let round = 1; round <= rounds && faults.length === 0; round++) {
      const begunAt = performance.now();
      const act = acts.next().value;
      await this.#disturbedLoad(load, act);
      await this.#bringBack();
      faults.push(...(await this.#repeat(load)), ...(await this.#witness.quick()), ...this.#spoken());
      if (faults.length === 0 && (round % wholeEvery === 0 || round === rounds)) faults.push(...(await this.#witness.whole()));
      const what = act.map(({ name }) => name).join(', ');
      say(`round ${round} of ${rounds} (${what}): ${journal.count('recorded')} recorded, ${this.#doubtful} in doubt so far, ${this.#witness.events} events, ${((performance.now() - begunAt) / 1000).toFixed(1)} s`);
    }
    if (faults.length === 0) faults.push(...(await this.#stopInOrder()));
    const merges = journal.answered.filter(({ command, answer }) => command.name === 'MergeSubjects' && answer.status !== 'refused' && answer.status !== 'unchanged').length;
    return { faults, recorded: journal.count('recorded') + journal.count('duplicate'), refused: journal.count('refused'), events: this.#witness.events, merges, repeated: copies.repeated, doubtful: this.#doubtful };
  }

  async #tokens(): Promise<ReadonlyMap<string, string>> {
    const [first] = this.#cluster.apis;
    if (first === undefined) throw new Error('there is a node');
    return new Map([[SYSTEM, await first.upstream(SYSTEM)], [OFFICE, first.officer]]);
  }

  async #disturbedLoad(load: ClusterLoad, act: readonly Disturbance[]): Promise<void> {
    for (const one of [...this.#cluster.apis, ...this.#cluster.projectors]) this.#processes.add(one);
    let isOver = false;
    const loading = loadAll(load, () => isOver);
    try {
      await pause(200 + this.#random() * 400);
      const disturbed = { cluster: this.#cluster, random: this.#random, killed: this.#killed };
      await Promise.all(act.map(async (one) => {
        await pause(this.#random() * 500);
        await one.happen(disturbed);
      }));
      await pause(300);
    } finally {
      isOver = true;
      await loading;
    }
  }

  /** What ended of itself stays a fault, and is started again all the same. */
  async #bringBack(): Promise<void> {
    const { apis, projectors } = this.#cluster;
    const all = [...apis, ...projectors];
    for (const one of all) if (hasEnded(one) && !this.#killed.has(one)) this.#load.faults.push(`a process ended by itself (${one.child.exitCode ?? one.child.signalCode}): ${one.output.slice(-400)}`);
    await Promise.all(all.map((one) => (hasEnded(one) ? this.#cluster.restart(one) : untilReady(one))));
    for (const one of [...apis, ...projectors]) this.#processes.add(one);
  }

  /** What senders do: whatever they have no answer for is sent again, to another node than the last. Some at a time: all works, and nobody hurries. */
  async #repeat(load: ClusterLoad): Promise<readonly string[]> {
    // Who still decides on a copy may yet record what another copy was told is unchanged.
    await Promise.all(load.underWay);
    const again = [...new Set([...load.doubtful, ...load.journal.unanswered])];
    this.#doubtful += again.length;
    load.doubtful.clear();
    const agent = new Agent({ keepAlive: true });
    const until = performance.now() + BACK_WITHIN_MS;
    const faults: string[] = [];
    const repeating = again.values();
    await Promise.all(Array.from({ length: REPEATED_AT_ONCE }, async (_, node) => {
      for (const command of repeating) faults.push(...(await this.#repeatOne(load, command, node % this.#cluster.apis.length, agent, until)));
    }));
    agent.destroy();
    return faults;
  }

  async #repeatOne(load: ClusterLoad, command: SentCommand, node: number, agent: Agent, until: number): Promise<readonly string[]> {
    for (let at = node; ; at = other(load, at)) {
      if ((await ask(load, command, at, agent)) !== undefined) return [];
      if (performance.now() > until) return [`${command.name} ${command.id} has no answer a minute after all was back`];
      await pause(100);
    }
  }

  #spoken(): readonly string[] {
    return [...this.#processes].filter(({ output }) => PLANTED.test(output)).map(({ start }) => `${start.app ?? 'api'} wrote what was planted`);
  }

  async #stopInOrder(): Promise<readonly string[]> {
    const all = [...this.#cluster.apis, ...this.#cluster.projectors];
    const codes = await Promise.all(all.map((one) => one.stop()));
    return [...codes.flatMap((code, n) => (code === 0 ? [] : [`${all[n]?.start.app} ended with ${code} when it was asked to stop: ${all[n]?.output.slice(-300)}`])), ...this.#spoken()];
  }
}

function hasEnded({ child }: ServerProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

async function untilReady(one: ServerProcess): Promise<void> {
  if (!(await one.untilReady())) throw new Error(`a ${one.start.app} that was not killed does not get ready again: ${one.output.slice(-600)}`);
}

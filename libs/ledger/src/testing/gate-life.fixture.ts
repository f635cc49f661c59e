/**
 * Random lives around the gate: two people, everybody who may receive, two nodes over one log. Registers change, choices are made and taken
 * back, and acts are asked for, several at once; and each node may be as far behind with its registers as it is allowed to be.
 */
import { formatInstant, millisecondsOf } from '#law/instant.js';
import type { PolicyModel } from '#policy/model.js';
import type { Answer } from '../answer.js';
import type { Command } from '../command.js';
import { encode } from '../encoding.js';
import { LiveRegisters, type Timekeeper } from '../live-registers.js';
import { publishPolicy } from '../policy/publish-policy.js';
import { Refusal } from '../refusals.js';
import { asurgentRegister, CONFERENCE, liveAs } from './asurgent.fixture.js';
import { idOf, type Fields } from './decider.fixture.js';
import { FaultyLog, memoryEngines, Teller, type Engines } from './ledger.fixture.js';
import { askFor, changePerson, changeRegister } from './gate-changes.fixture.js';
import { PEOPLE, type Turn } from './gate-turns.fixture.js';

/** A node's own time: it stands still while the node may lag, and has gone on by more than it may where it may not. */
class OwnTime implements Timekeeper {
  #ms = 0;
  elapsedMs(): number {
    return this.#ms;
  }
  goOn(): void {
    this.#ms += 10_000;
  }
  async after(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, 60_000).unref());
  }
}

interface Node {
  readonly teller: Teller;
  readonly time: OwnTime;
}

export interface GateLife {
  readonly engines: Engines;
  readonly models: readonly PolicyModel[];
  readonly nodes: readonly [Node, Node];
  /** Loses the connection when it is told to. */
  readonly log: FaultyLog;
  /** Of events that a node decided by fresh registers: revisions that these had at least. */
  readonly atLeast: Map<string, readonly { readonly stream: string; readonly revision: number }[]>;
}

/** Two policies, the second in force from July; two nodes; and two people who said yes to all. */
async function begun(models: readonly PolicyModel[]): Promise<GateLife> {
  const log = new FaultyLog();
  const engines = await memoryEngines(log);
  const load = async (document: string): Promise<PolicyModel> => models.find(({ documentHash }) => documentHash === document) as PolicyModel;
  for (const model of models) await publishPolicy(log, engines.vault, { model, texts: [], document: model.documentHash }, '2021-01-01T00:00:00.000Z');
  for (const [stream, events] of Object.entries(asurgentRegister))
    await log.append({ stream, expected: 'none', events: events.map((event) => encode({ ...event, id: idOf(`${stream} ${event.revision}`) })) });
  const node = (): Node => {
    const time = new OwnTime();
    return { time, teller: new Teller(engines, new LiveRegisters(log, load, time)) };
  };
  const life: GateLife = { engines, models, nodes: [node(), node()], log, atLeast: new Map() };
  for (const subject of PEOPLE) await liveAs(subject, life.nodes[0].teller, models[0] as PolicyModel);
  return life;
}

/** Tells the turns. Refused ones are left out, as an upstream's mistakes are. */
export async function liveGate(script: readonly Turn[], models: readonly PolicyModel[]): Promise<GateLife> {
  const life = await begun(models);
  let clock = millisecondsOf('2021-05-01T08:00:00.000Z');
  for (const group of groupsOf(script)) {
    clock += (group[0]?.later ?? 0) * 3_600_000;
    for (const { node, lags } of group) if (!lags) life.nodes[node].time.goOn();
    await Promise.all(group.map(async (one) => told(life, one, formatInstant(clock))));
  }
  return life;
}

/** An ask of a node that may not lag is decided by what every register had been told before it came. */
async function told(life: GateLife, one: Turn, now: string): Promise<void> {
  const { log } = life;
  const streams = typeof one.what === 'string' ? [] : [`recipient-${one.what.recipient ?? ''}`, `conference-${CONFERENCE}`];
  const heads = await Promise.all(streams.map(async (stream) => ({ stream, revision: await log.revisionOf(stream) })));
  try {
    const answer = await take(life, one, now);
    const event = (answer as Answer | undefined)?.events?.[0]?.id;
    if (event !== undefined && !one.lags) life.atLeast.set(event, heads.flatMap(({ stream, revision }) => (revision === 'none' ? [] : [{ stream, revision }])));
  } catch (fault) {
    if (!(fault instanceof Refusal)) throw fault;
  }
}

function groupsOf(script: readonly Turn[]): readonly (readonly Turn[])[] {
  const groups: Turn[][] = [];
  for (const one of script) {
    const last = groups.at(-1);
    if (one.together && last !== undefined && last.length < 6) last.push(one);
    else groups.push([one]);
  }
  return groups;
}

async function take(life: GateLife, { what: told, person, n, node }: Turn, now: string): Promise<unknown> {
  const { teller } = life.nodes[node];
  const tell = async <C extends Command>(type: new () => C, fields: Fields<C>): Promise<unknown> => teller.tell<C>(type, fields, { now });
  const subject = PEOPLE[person];
  if (typeof told !== 'string') return askFor(told, subject, teller, tell);
  const answer = await changePerson(told, subject, n, life, tell, now);
  return answer === 'not of a person' ? changeRegister(told, n, tell) : answer;
}

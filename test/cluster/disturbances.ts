/** What happens to a cluster under load. Each ends by itself; processes that were killed are started again by who asked for it. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Random } from '../crash/commands.js';
import type { ServerProcess } from '../crash/server.js';
import type { Faults } from '../esdb/faults.js';
import type { Cluster } from './cluster.js';

export interface Disturbed {
  readonly cluster: Cluster;
  readonly random: Random;
  /** Killed on purpose. */
  readonly killed: Set<ServerProcess>;
}

export interface Disturbance {
  readonly name: string;
  /** Two of one round are not of one part. */
  readonly part: 'log' | 'postgres' | 'api' | 'projector';
  readonly happen: (to: Disturbed) => Promise<void>;
}

/** Longer than a projector's lease (10 s), and than an API node waits for an answer (10 s). */
const LONG_MS = 12_000;
const PAUSED_LOG_MS = 3_000;

/** The faults last so long, whether they have struck or not. */
const misbehaving = (name: string, faults: Faults, lastingMs = 1_500): Disturbance => ({
  name,
  part: 'log',
  happen: async ({ cluster: { esdb } }) => {
    await esdb.fault(faults);
    await pause(lastingMs);
    await esdb.fault({});
  },
});

const killing = (part: 'api' | 'projector'): Disturbance => ({
  name: `kill ${part}`,
  part,
  happen: async ({ cluster, random, killed }) => {
    const one = oneOf(part === 'api' ? cluster.apis : cluster.projectors, random);
    killed.add(one);
    await one.kill();
  },
});

const pausing = (part: 'api' | 'projector'): Disturbance => ({
  name: `pause ${part}`,
  part,
  happen: async ({ cluster, random }) => {
    const one = oneOf(part === 'api' ? cluster.apis : cluster.projectors, random);
    one.pause();
    await pause(LONG_MS);
    one.wake();
  },
});

export const disturbances = {
  killApi: killing('api'),
  killProjector: killing('projector'),
  pauseApi: pausing('api'),
  pauseProjector: pausing('projector'),
  killLog: {
    name: 'kill log',
    part: 'log',
    happen: async ({ cluster: { esdb }, random }) => {
      await esdb.kill();
      await pause(random() * 1_500);
      await esdb.restart();
    },
  },
  pauseLog: {
    name: 'pause log',
    part: 'log',
    happen: async ({ cluster: { esdb } }) => {
      esdb.pause();
      await pause(PAUSED_LOG_MS);
      esdb.resume();
    },
  },
  lateAnswers: misbehaving('late answers', { answerAppendsAfterMs: 700 }),
  noAnswers: misbehaving('no answers', { answerAppendsAfterMs: 'never', times: 3 }),
  droppedAnswers: misbehaving('dropped after the write', { dropAfterAppend: true, times: 5 }),
  failedAppends: misbehaving('failed appends', { failAppends: true, times: 20 }),
  twice: misbehaving('delivered twice', { duplicate: true }, 2_500),
  refused: misbehaving('connections refused', { refuse: true }, 1_000),
  notLeader: {
    name: 'not leader',
    part: 'log',
    happen: async (to) => misbehaving('', { notLeader: { host: '127.0.0.1', port: to.cluster.esdb.port } }, 1_000).happen(to),
  },
  dropSubscriptions: { name: 'drop subscriptions', part: 'log', happen: async ({ cluster: { esdb } }) => esdb.dropSubscriptions() },
  restartPostgres: {
    name: 'restart postgres',
    part: 'postgres',
    happen: async ({ cluster: { postgres }, random }) => {
      // A server that is not ours to stop has its connections cut.
      if (postgres.restart) await postgres.restart('immediate', () => pause(random() * 1_000));
      else await postgres.cut();
    },
  },
  cutPostgres: {
    name: 'cut postgres',
    part: 'postgres',
    // Again and again: now and then between a commit and its answer.
    happen: async ({ cluster: { postgres }, random }) => {
      for (let times = 0; times < 8; times++) {
        await postgres.cut();
        await pause(random() * 250);
      }
    },
  },
  unansweredCommits: {
    name: 'unanswered commits',
    part: 'postgres',
    // Whoever waits for a standby that is not there has committed; cut off then, nobody is told.
    happen: async ({ cluster: { postgres } }) => {
      if (!postgres.restart) return postgres.cut();
      await waitForStandby(postgres, 'nobody');
      for (let times = 0; times < 3; times++) {
        await pause(300);
        await postgres.cut();
      }
      await waitForStandby(postgres, '');
      await postgres.cut();
    },
  },
} as const satisfies Readonly<Record<string, Disturbance>>;

async function waitForStandby(postgres: Cluster['postgres'], name: string): Promise<void> {
  const admin = postgres.url('postgres');
  await postgres.ask(admin, `ALTER SYSTEM SET synchronous_standby_names = '${name}'`);
  await postgres.ask(admin, 'SELECT pg_reload_conf()');
}

/** The first rounds have each of the main ones; every later one has one or two of all. */
const FIRST: readonly (readonly Disturbance[])[] = [
  [disturbances.killApi, disturbances.droppedAnswers],
  [disturbances.killLog, disturbances.killProjector],
  [disturbances.pauseApi, disturbances.pauseProjector],
  [disturbances.restartPostgres, disturbances.twice],
  [disturbances.unansweredCommits, disturbances.lateAnswers],
];

/** Every round has these. Throws on a name that is none. */
export function* always(names: readonly string[]): Generator<readonly Disturbance[], never> {
  const known = Object.values<Disturbance>(disturbances);
  const chosen = names.map((name) => known.find((one) => one.name === name) ?? unknown(name, known));
  for (;;) yield chosen;
}

function unknown(name: string, known: readonly Disturbance[]): never {
  throw new Error(`"${name}" is none of: ${known.map((one) => one.name).join(', ')}`);
}

export function* programme(random: Random): Generator<readonly Disturbance[], never> {
  yield* shuffled(FIRST, random);
  for (;;) {
    for (const one of shuffled(Object.values<Disturbance>(disturbances), random)) {
      const second = oneOf(Object.values<Disturbance>(disturbances), random);
      yield random() < 0.5 && second.part !== one.part ? [one, second] : [one];
    }
  }
}

function shuffled<T>(items: readonly T[], random: Random): readonly T[] {
  return items.map((item) => ({ item, at: random() })).sort((a, b) => a.at - b.at).map(({ item }) => item);
}

function oneOf<T>(items: readonly T[], random: Random): T {
  const one = items[Math.floor(random() * items.length)];
  if (one === undefined) throw new Error('there is one at least');
  return one;
}

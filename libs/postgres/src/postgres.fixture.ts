/**
 * A real PostgreSQL for tests: the one that LIGGARE_TEST_POSTGRES names, else a container where Docker answers, else one started from the
 * programs of this machine in a temporary directory. Listens on loopback alone, and ends with the tests that started it.
 */
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import pg from 'pg';
import { DOCKER_SOCKET, startContainer } from './postgres-container.fixture.js';
import { programsOf, startPrograms } from './postgres-programs.fixture.js';

/** `fast`: all is undone that was under way. `immediate`: as if the process had been killed. */
export type RestartMode = 'fast' | 'immediate';

/** A server as each way to have one gives it. `url` is the superuser's, without a database. */
export interface Machine {
  readonly url: string;
  readonly restart?: (mode: RestartMode, whileDown?: () => Promise<void>) => Promise<void>;
  /** The bytes of all its files. */
  readonly files?: () => Promise<readonly Buffer[]>;
  readonly stop: () => Promise<void>;
}

export interface TestPostgres {
  url(database: string): string;
  /** A new, empty database's URL. */
  newDatabase(): Promise<string>;
  /** Undefined where the server is not ours to stop. `whileDown` runs in between. */
  readonly restart?: (mode: RestartMode, whileDown?: () => Promise<void>) => Promise<void>;
  readonly files?: () => Promise<readonly Buffer[]>;
  /** Ends every connection to the databases made here but its own. */
  cut(): Promise<void>;
  /** Asks as the superuser. */
  ask(url: string, text: string, values?: readonly unknown[]): Promise<readonly Record<string, unknown>[]>;
  stop(): Promise<void>;
}

/** `durable`: with fsync, for those who measure. */
export async function startPostgres({ durable = false }: { readonly durable?: boolean } = {}): Promise<TestPostgres | { readonly notRun: string }> {
  const machine = await startMachine(durable);
  if ('notRun' in machine) return machine;
  const made: string[] = [];
  const url = (database: string): string => Object.assign(new URL(machine.url), { pathname: `/${database}` }).href;
  const admin = async (text: string, values?: readonly unknown[]): Promise<readonly Record<string, unknown>[]> => ask(url('postgres'), text, values);
  return {
    url,
    ...(machine.restart && { restart: machine.restart }),
    ...(machine.files && { files: machine.files }),
    ask,
    newDatabase: async () => {
      const name = `liggare_test_${randomBytes(6).toString('hex')}`;
      await admin(`CREATE DATABASE ${name} ENCODING 'UTF8' TEMPLATE template0`);
      made.push(name);
      return url(name);
    },
    cut: async () => void (await admin('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = ANY($1)', [made])),
    stop: async () => {
      if (!machine.restart) for (const name of made) await admin(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
      await machine.stop();
    },
  };
}

/** Known before the tests are, for a test that is not there cannot be left out later. */
export function canBeHad(): boolean {
  return Boolean(process.env['LIGGARE_TEST_POSTGRES']) || existsSync(DOCKER_SOCKET) || programsOf() !== undefined;
}

async function startMachine(durable: boolean): Promise<Machine | { readonly notRun: string }> {
  const named = process.env['LIGGARE_TEST_POSTGRES'];
  if (named) return { url: named, stop: async () => undefined };
  const machine = (await startContainer(durable)) ?? (await startPrograms(durable));
  return machine ?? { notRun: 'neither Docker nor programs of it are here, and LIGGARE_TEST_POSTGRES names no server' };
}

async function ask(url: string, text: string, values: readonly unknown[] = []): Promise<readonly Record<string, unknown>[]> {
  const client = new pg.Client(url);
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text, [...values])).rows;
  } finally {
    await client.end();
  }
}

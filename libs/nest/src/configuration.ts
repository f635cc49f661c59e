/** What the environment says of where and how the ledger runs (`architecture.md` §6). No framework here: the command line reads it too. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join, resolve } from 'node:path';

export type SqliteEngine = { readonly engine: 'sqlite'; readonly file: string };
export type MemoryEngine = { readonly engine: 'memory' };
/** Reached by a URL, which may hold a password: never told, never logged. */
export type EsdbEngine = { readonly engine: 'esdb'; readonly url: string };
export type PostgresEngine = { readonly engine: 'postgres'; readonly url: string };

/** Where the three stores are: in files that this process alone writes, in memory, or on servers that several nodes share. */
export type Place =
  | { readonly kept: 'files'; readonly log: SqliteEngine; readonly vault: SqliteEngine; readonly views: SqliteEngine | MemoryEngine }
  | { readonly kept: 'memory'; readonly log: MemoryEngine; readonly vault: MemoryEngine; readonly views: MemoryEngine }
  | { readonly kept: 'servers'; readonly log: EsdbEngine; readonly vault: PostgresEngine; readonly views: PostgresEngine };

export type Configuration = Settings & Place;

export interface Settings {
  /** Directory of the stores, absolute. */
  readonly data: string;
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  /** Directory of the master and HMAC keys: beside the data, so that a copy of one is not a copy of both. */
  readonly keys: string;
  /** Policy file that is published at start when its version is not. */
  readonly policy: string;
}

/** One sentence that says which variable is wrong and what it may be. */
export class ConfigurationFault extends Error {
  override readonly name = 'ConfigurationFault';
}

export const DEFAULT_PORT = 8420;
const DEFAULT_POLICY = fileURLToPath(new URL('../../../../deploy/policy/asurgent.yaml', import.meta.url));

type Environment = Readonly<Record<string, string | undefined>>;

/** Throws `ConfigurationFault`. An empty variable counts as absent. */
export function readConfiguration(env: Environment, defaultPort = DEFAULT_PORT): Configuration {
  const data = resolve(env['LIGGARE_DATA'] || './data');
  const settings: Settings = { data, host: env['LIGGARE_HOST'] || '127.0.0.1', port: portOf(env['LIGGARE_PORT'], defaultPort), keys: resolve(env['LIGGARE_MASTER_KEY'] || `${data}.keys`), policy: resolve(env['LIGGARE_POLICY'] || DEFAULT_POLICY) };
  return { ...settings, ...placeOf(env, data) };
}

/** What a projector needs: it opens no value, so it is told of neither vault nor keys. */
export interface ProjectorConfiguration {
  readonly host: string;
  readonly port: number;
  readonly log: EsdbEngine;
  readonly views: PostgresEngine;
}

/** Throws `ConfigurationFault`. */
export function readProjectorConfiguration(env: Environment, defaultPort: number): ProjectorConfiguration {
  const log = logOf(env, '');
  const views = databaseOf(env, 'LIGGARE_VIEWS', '', log);
  if (log.engine !== 'esdb' || views.engine !== 'postgres')
    return fault('a projector of its own needs a log and views that processes share: LIGGARE_LOG=esdb://… and LIGGARE_VIEWS=postgres://…; on the embedded engines the server feeds the views itself');
  return { host: env['LIGGARE_HOST'] || '127.0.0.1', port: portOf(env['LIGGARE_PORT'], defaultPort), log, views };
}

function placeOf(env: Environment, data: string): Place {
  const log = logOf(env, join(data, 'log.db'));
  const vault = databaseOf(env, 'LIGGARE_VAULT', join(data, 'vault.db'), log);
  const views = databaseOf(env, 'LIGGARE_VIEWS', join(data, 'views.db'), log);
  if (log.engine === 'esdb' && vault.engine === 'postgres' && views.engine === 'postgres') return { kept: 'servers', log, vault, views };
  if (log.engine === 'esdb' || vault.engine === 'postgres' || views.engine === 'postgres')
    return fault('LIGGARE_LOG=esdb://… goes with LIGGARE_VAULT=postgres://… and LIGGARE_VIEWS=postgres://…, and a log in a file or in memory with neither: nodes that share a log share the rest');
  if (log.engine === 'sqlite' && vault.engine === 'sqlite') return { kept: 'files', log, vault, views };
  if (log.engine === 'memory' && vault.engine === 'memory' && views.engine === 'memory') return { kept: 'memory', log, vault, views };
  if (log.engine === vault.engine) return fault('LIGGARE_VIEWS is memory: when LIGGARE_LOG is: views that outlive their log cannot be trusted');
  return fault(`LIGGARE_LOG and LIGGARE_VAULT are of one engine: a log in ${log.engine} beside a vault in ${vault.engine} would leave values without events`);
}

function logOf(env: Environment, file: string): Place['log'] {
  const told = readTold(env, 'LIGGARE_LOG') ?? 'sqlite:';
  if (/^esdb(\+discover)?:\/\/./.test(told)) return { engine: 'esdb', url: told };
  return embeddedOf(told, file) ?? fault('LIGGARE_LOG is "sqlite:", "sqlite:FILE", "memory:", "esdb://…" or "esdb+discover://…"');
}

function databaseOf(env: Environment, name: 'LIGGARE_VAULT' | 'LIGGARE_VIEWS', file: string, log: Place['log']): Place['vault'] {
  const told = readTold(env, name) ?? (log.engine === 'esdb' ? '' : `${log.engine}:`);
  if (/^postgres(ql)?:\/\/./.test(told)) return { engine: 'postgres', url: told };
  if (told === '') return fault(`${name} is "postgres://…" when LIGGARE_LOG is esdb://…`);
  return embeddedOf(told, file) ?? fault(`${name} is "sqlite:", "sqlite:FILE", "memory:" or "postgres://…"`);
}

function embeddedOf(told: string, file: string): SqliteEngine | MemoryEngine | undefined {
  if (told === 'memory:') return { engine: 'memory' };
  if (told === 'sqlite:') return { engine: 'sqlite', file };
  return told.startsWith('sqlite:') ? { engine: 'sqlite', file: resolve(told.slice('sqlite:'.length)) } : undefined;
}

/** By itself, or in a file (`…_FILE`): a password in the environment is seen by whoever may list processes. */
function readTold(env: Environment, name: string): string | undefined {
  const file = env[`${name}_FILE`];
  if (!file) return env[name] || undefined;
  if (env[name]) throw new ConfigurationFault(`${name} and ${name}_FILE are both set: one of them is meant`);
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    throw new ConfigurationFault(`${name}_FILE names "${file}", which cannot be read`);
  }
}

function fault(sentence: string): never {
  throw new ConfigurationFault(sentence);
}

function portOf(told: string | undefined, defaultPort: number): number {
  if (told === undefined || told === '') return defaultPort;
  const port = /^\d{1,5}$/.test(told) ? Number(told) : Number.NaN;
  if (!(port <= 65_535)) throw new ConfigurationFault('LIGGARE_PORT is a number from 0 to 65535 (0: any free port)');
  return port;
}

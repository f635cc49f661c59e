/** What the environment says of where and how the ledger runs (`architecture.md` §6). No framework here: the command line reads it too. */
import { fileURLToPath } from 'node:url';
import { join, resolve } from 'node:path';

export type Engine = { readonly engine: 'sqlite'; readonly file: string } | { readonly engine: 'memory' };

export interface Configuration {
  /** Directory of the stores, absolute. */
  readonly data: string;
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  readonly log: Engine;
  readonly vault: Engine;
  readonly views: Engine;
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
export function readConfiguration(env: Environment): Configuration {
  const data = resolve(env['LIGGARE_DATA'] || './data');
  const log = engineOf(env, 'LIGGARE_LOG', join(data, 'log.db'));
  const vault = engineOf(env, 'LIGGARE_VAULT', join(data, 'vault.db'), log.engine);
  const views = engineOf(env, 'LIGGARE_VIEWS', join(data, 'views.db'), log.engine);
  if (log.engine !== vault.engine) throw new ConfigurationFault(`LIGGARE_LOG and LIGGARE_VAULT are of one engine: a log in ${log.engine} beside a vault in ${vault.engine} would leave values without events`);
  if (log.engine === 'memory' && views.engine !== 'memory') throw new ConfigurationFault('LIGGARE_VIEWS is memory: when LIGGARE_LOG is: views that outlive their log cannot be trusted');
  return { data, host: env['LIGGARE_HOST'] || '127.0.0.1', port: portOf(env['LIGGARE_PORT']), log, vault, views, keys: resolve(env['LIGGARE_MASTER_KEY'] || `${data}.keys`), policy: resolve(env['LIGGARE_POLICY'] || DEFAULT_POLICY) };
}

function engineOf(env: Environment, name: string, file: string, engine: Engine['engine'] = 'sqlite'): Engine {
  const told = env[name] || `${engine}:`;
  if (told === 'memory:') return { engine: 'memory' };
  if (told === 'sqlite:') return { engine: 'sqlite', file };
  if (told.startsWith('sqlite:')) return { engine: 'sqlite', file: resolve(told.slice('sqlite:'.length)) };
  throw new ConfigurationFault(`${name} is "sqlite:", "sqlite:FILE" or "memory:" in this version`);
}

function portOf(told: string | undefined): number {
  if (told === undefined || told === '') return DEFAULT_PORT;
  const port = /^\d{1,5}$/.test(told) ? Number(told) : Number.NaN;
  if (!(port <= 65_535)) throw new ConfigurationFault('LIGGARE_PORT is a number from 0 to 65535 (0: any free port)');
  return port;
}

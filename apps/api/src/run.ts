/** Starts the server as a process does: says where it is, stops on signals, and tells what stands against it in one sentence. */
import { join } from 'node:path';
import { ConfigurationFault, readConfiguration, type Configuration } from '#nest/configuration.js';
import { sentenceOf, stopOnSignals } from '#nest/process.js';
import { startServer, type RunningServer } from './server.js';

/** 2: the configuration is wrong; 1: anything else that stands against the start. */
export function exitCodeOf(error: unknown): number {
  return error instanceof ConfigurationFault ? 2 : 1;
}

/** Resolves when the server listens, or when it could not start (then `process.exitCode` says so). */
export async function run(env: Readonly<Record<string, string | undefined>>): Promise<RunningServer | undefined> {
  try {
    const configuration = readConfiguration(env);
    const server = await startServer(configuration);
    stopOnSignals(() => server.close());
    greet(server, configuration);
    return server;
  } catch (error) {
    process.stderr.write(`liggare: ${sentenceOf(error, 'could not start')}\n`);
    process.exitCode = exitCodeOf(error);
    return undefined;
  }
}

function greet({ url, firstToken }: RunningServer, { data, kept }: Configuration): void {
  const where = { memory: 'in memory: all of it ends with this process', files: `in ${data}`, servers: 'on its servers' }[kept];
  const token =
    firstToken === undefined ? (kept === 'servers' ? 'where the first node left it, or any other' : join(data, 'token'))
    : firstToken.file === undefined ? firstToken.token
    : `written to ${firstToken.file}: an officer's, readable by this user alone`;
  process.stdout.write(`liggare: ledger ${where}\n  API      ${url}/v1/commands\n  docs     ${url}/docs  (any name; the token as password)\n  token    ${token}\n`);
}

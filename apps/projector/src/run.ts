/** Starts the projector as a process does: says where it is, stops on signals, and tells what stands against it in one sentence. */
import { ConfigurationFault, readProjectorConfiguration } from '#nest/configuration.js';
import { sentenceOf, stopOnSignals } from '#nest/process.js';
import { startProjectorServer } from './server.js';
import { stores } from './stores.js';

/** Beside the API's own on the same machine. */
const PORT = 8421;

/** Resolves when it listens and feeds, or waits to; or when it could not start (then `process.exitCode` says so: 2 for the configuration, else 1). */
export async function run(env: Readonly<Record<string, string | undefined>>): Promise<void> {
  try {
    const server = await startProjectorServer(readProjectorConfiguration(env, PORT), { stores });
    stopOnSignals(() => server.close());
    process.stdout.write(`liggare: projector\n  health   ${server.url}/readyz\n  metrics  ${server.url}/metrics\n`);
    const error = await server.failed;
    if (error !== undefined) throw error;
  } catch (error) {
    process.stderr.write(`liggare: ${sentenceOf(error, 'could not start')}\n`);
    process.exitCode = error instanceof ConfigurationFault ? 2 : 1;
  }
}

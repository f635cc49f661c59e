/** `liggare serve`: the server, in this process. The only verb that loads Nest, and only when it is run. */
import { EXIT, type ExitCode } from './fault.js';

/** Resolves when the server listens; it stops on signals by itself. */
export async function serve(env: Readonly<Record<string, string | undefined>>): Promise<ExitCode> {
  const { run } = await import('../../api/src/run.js');
  const server = await run(env);
  if (server !== undefined) return EXIT.done;
  // It has said why; a wrong configuration is a wrong command line.
  return process.exitCode === EXIT.usage ? EXIT.usage : EXIT.failed;
}

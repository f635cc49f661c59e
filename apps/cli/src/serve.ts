/** `liggare serve`: the server, in this process. The only verb that loads Nest, and only when it is run. */
import { EXIT, type ExitCode } from './fault.js';

export async function serve(): Promise<ExitCode> {
  const { main } = await import('../../api/src/main.js');
  await main();
  return EXIT.done;
}

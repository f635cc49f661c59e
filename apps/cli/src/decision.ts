/** `liggare decision`: one decision, by the event that holds it. */
import type { PlacedReasons } from '#ledger/registers/reasoning.js';
import { decisionText } from './decision-text.js';
import { CliFault, EXIT, type ExitCode } from './fault.js';
import { styleFor } from './layout.js';
import { headersOf, languageOf, type ReadOptions } from './read-person.js';
import { ask, expectOk, serverFrom, type Environment } from './server.js';

export async function printDecision(event: string, options: Pick<ReadOptions, 'url' | 'tokenFile' | 'purpose' | 'lang' | 'json'>, env: Environment): Promise<ExitCode> {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(event)) throw new CliFault('a decision is named by the id of its event, a UUID (hint: the record shows it)', EXIT.usage);
  const server = serverFrom(options, env);
  const reply = await ask(server, `/v1/decisions/${event.toLowerCase()}`, { headers: headersOf(options) });
  if (reply.status === 404) throw new CliFault('no decision was recorded in an event of this id');
  const reasons = expectOk(reply, server) as PlacedReasons;
  process.stdout.write(options.json === true ? `${JSON.stringify(reasons)}\n` : `${decisionText(reasons, languageOf(options, env), styleFor(process.stdout, env))}\n`);
  return EXIT.done;
}

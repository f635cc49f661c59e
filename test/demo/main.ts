/**
 * `npm run demo`: an empty ledger, three years of what seven systems tell, and what the ledger then says about one person.
 * `-- --once` ends after printing, `-- --lang sv` prints in Swedish, `-- --people N` tells of more or fewer.
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Readable } from 'node:stream';
import { readConfiguration, type Configuration } from '#nest/configuration.js';
import { startServer, type RunningServer } from '../../apps/api/src/server.js';
import { EXIT } from '../../apps/cli/src/fault.js';
import { announceStop, onInterrupt } from '../../apps/cli/src/interrupt.js';
import { styleFor, type Style } from '../../apps/cli/src/layout.js';
import { grouped, perSecond, showProgress } from '../../apps/cli/src/progress.js';
import { recordOf, search, trailPages } from '../../apps/cli/src/read-person.js';
import { recordText } from '../../apps/cli/src/record-text.js';
import { sendLines, type Sending } from '../../apps/cli/src/send-lines.js';
import { ask, expectOk, serverFrom, type Server } from '../../apps/cli/src/server.js';
import { trailHead, trailLineText } from '../../apps/cli/src/trail-text.js';
import type { Language } from '../../apps/cli/src/words.js';
import { readCodes } from './codes.js';
import { MAIN_CHARACTER } from './main-character.js';
import { personOf } from './person.js';
import { heading, refusedTable, totals, unjustifiedTable, whereToGo, type Told } from './report.js';
import { SYSTEMS } from './step.js';
import { tokensOf } from './tokens.js';
import { generateUpstream, type Upstream } from './upstream.js';

const SEED = 1;
const PEOPLE = 2_000;
const PURPOSE = 'internal-audit';

interface DemoOptions {
  /** Ends after printing. */
  readonly once: boolean;
  readonly language: Language;
  readonly people: number;
}

interface Demo extends DemoOptions {
  readonly configuration: Configuration;
  readonly server: RunningServer;
  readonly officer: Server;
  readonly style: Style;
  readonly signal: AbortSignal;
}

const say = (text: string): void => void process.stdout.write(`${text}\n`);

try {
  process.exitCode = await demo(optionsFrom(process.argv.slice(2)));
} catch (error) {
  process.stderr.write(`demo: ${error instanceof Error ? error.message.split('\n')[0] : 'failed'}\n`);
  process.exitCode = EXIT.failed;
}

function optionsFrom(args: readonly string[]): DemoOptions {
  const { values } = parseArgs({ args: [...args], options: { once: { type: 'boolean', default: false }, lang: { type: 'string', default: 'en' }, people: { type: 'string', default: String(PEOPLE) } } });
  return { once: values.once, language: values.lang === 'sv' ? 'sv' : 'en', people: Number(values.people) };
}

async function demo(options: DemoOptions): Promise<number> {
  const configuration = readConfiguration({ ...process.env, LIGGARE_DATA: process.env['LIGGARE_DATA'] || './data/demo' });
  const interrupt = onInterrupt();
  const server = await startServer(configuration, { writeLog: () => undefined });
  try {
    say(`ledger in ${configuration.data}, server at ${server.url}`);
    const officer = serverFrom({ url: server.url, tokenFile: join(configuration.data, 'token') }, {});
    const style = styleFor(process.stdout, process.env);
    return await tell({ ...options, configuration, server, officer, style, signal: interrupt.signal });
  } finally {
    await server.close();
    interrupt.release();
  }
}

async function tell(demo: Demo): Promise<number> {
  const { officer, signal, once } = demo;
  const before = await headOf(officer);
  const endAnnouncing = announceStop(signal);
  const told = await importAll(demo);
  endAnnouncing();
  if (signal.aborted) {
    say('\nstopped; npm run demo goes on from here: what was recorded is answered as a duplicate');
    return EXIT.interrupted;
  }
  const after = await headOf(officer);
  summarise(told, before === after);
  await show(demo, told, after);
  if (once) return EXIT.done;
  say('\nCtrl-C stops the server.');
  await new Promise<void>((stopped) => (signal.aborted ? stopped() : signal.addEventListener('abort', () => stopped(), { once: true })));
  say('stopped');
  return EXIT.done;
}

/** One system after the other, as they would deliver their files: what a person is called in one is known before the next tells of them. */
async function importAll({ configuration, officer, signal, people }: Demo): Promise<readonly Told[]> {
  const upstream = generateUpstream({ people, seed: SEED, from: '2019-01-15', until: '2022-01-15', codes: readCodes(configuration.policy) });
  const tokens = await tokensOf(officer, configuration.data);
  say(`${grouped(upstream.count)} lines about ${grouped(people)} invented people, from ${SYSTEMS.length} systems over three years:`);
  const told: Told[] = [];
  for (const system of SYSTEMS) {
    if (signal.aborted) break;
    const count = upstream.countOf(system);
    const startedMs = performance.now();
    const sending: { now?: Sending } = {};
    const line = (): string => `  ${system.padEnd(18)} ${grouped(sending.now?.tally.answered ?? 0).padStart(7)} of ${grouped(count)}  ${perSecond(sending.now?.tally.answered ?? 0, startedMs, performance.now())}`;
    const progress = showProgress(process.stderr, line);
    try {
      const tally = await sendLines({ url: officer.url, token: tokens[system] }, bytesOf(upstream, system), { signal, onStart: (started) => (sending.now = started) });
      told.push({ system, tally });
    } finally {
      progress.end();
    }
    say(line());
  }
  return told;
}

/** Made while it is sent: no file of it lies anywhere, invented or not. */
function bytesOf(upstream: Upstream, system: Told['system']): Readable {
  const chunks = function* (): Generator<Buffer> {
    const lines: string[] = [];
    for (const { text } of upstream.lines(system)) if (lines.push(text) === 100) yield Buffer.from(`${lines.splice(0).join('\n')}\n`);
    if (lines.length > 0) yield Buffer.from(`${lines.join('\n')}\n`);
  };
  return Readable.from(chunks(), { objectMode: false });
}

function summarise(told: readonly Told[], isNothingNew: boolean): void {
  const { answered, recorded, unjustified, unchanged, duplicate, refused } = totals(told);
  say(`${grouped(answered)} answered: ${grouped(recorded)} recorded (${grouped(unjustified)} of them not justified), ${grouped(unchanged)} unchanged, ${grouped(duplicate)} duplicate, ${grouped(refused)} refused`);
  if (isNothingNew) say('nothing new: the ledger ends where it ended before');
}

async function show(demo: Demo, told: readonly Told[], position: string | null): Promise<void> {
  const { configuration, server, officer, language, style } = demo;
  const reading = { purpose: PURPOSE, ...(position !== null && { atLeast: position }) };
  const subject = await mainCharacter(officer);
  say(`${heading("One person's record", style)}\n`);
  say(recordText(await recordOf(officer, subject, reading), language, style));
  say(heading("The same person's audit trail", style));
  say('');
  let isFirst = true;
  for await (const page of trailPages(officer, subject, { ...reading, lang: language })) {
    if (isFirst) say(trailHead(page, language, style));
    isFirst = false;
    for (const line of page.lines) say(trailLineText(line, language, style));
  }
  say(`${heading('Refused: nothing of these lines was recorded', style)}\n`);
  say(refusedTable(told, style));
  say(`${heading('Recorded, and not justified: an officer should look', style)}\n`);
  say(await unjustifiedTable(server.parts.log, language, style));
  say(`${heading('Go on from here', style)}\n`);
  say(whereToGo(server.url, join(configuration.data, 'token'), subject, style));
}

async function mainCharacter(officer: Server): Promise<string> {
  const [hit] = await search(officer, 'email', personOf(SEED, MAIN_CHARACTER).email, { purpose: PURPOSE });
  if (hit === undefined) throw new Error('the person whose record is shown is not in this ledger (hint: was another upstream imported here? remove the data directory)');
  return hit.subject;
}

async function headOf(officer: Server): Promise<string | null> {
  return (expectOk(await ask(officer, '/v1/status'), officer) as { readonly position: string | null }).position;
}

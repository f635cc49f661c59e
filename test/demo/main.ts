/**
 * `npm run demo`: an empty ledger, three years of what seven systems and an officer tell, some asks, and what the ledger then says about
 * one person.
 * `-- --once` ends after printing, `-- --lang sv` prints in Swedish, `-- --people N` tells of more or fewer.
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Readable } from 'node:stream';
import { readConfiguration, type Configuration } from '#nest/configuration.js';
import { startServer, type RunningServer } from '../../apps/api/src/server.js';
import { decisionText } from '../../apps/cli/src/decision-text.js';
import { EXIT } from '../../apps/cli/src/fault.js';
import { announceStop, onInterrupt } from '../../apps/cli/src/interrupt.js';
import { styleFor, wrap, type Style } from '../../apps/cli/src/layout.js';
import { grouped, perSecond, showProgress } from '../../apps/cli/src/progress.js';
import { recordOf, trailPages } from '../../apps/cli/src/read-person.js';
import { recordText } from '../../apps/cli/src/record-text.js';
import { sendLines, type Sending } from '../../apps/cli/src/send-lines.js';
import { ask, expectOk, serverFrom, type Server } from '../../apps/cli/src/server.js';
import { trailHead, trailLineText } from '../../apps/cli/src/trail-text.js';
import type { Language } from '../../apps/cli/src/words.js';
import { askFinally, reasonsOf, type Asked } from './asking.js';
import { askText } from './asks-text.js';
import { readCodes } from './codes.js';
import { workAtTheDesk } from './desk.js';
import { MAIN_SUBJECT } from './main-character.js';
import { heading, refusedTable, totals, unjustifiedTable, whereToGo, type Told } from './report.js';
import { SENDERS, SYSTEMS } from './step.js';
import { tokensOf, type Tokens } from './tokens.js';
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
  const tokens = await tokensOf(officer, demo.configuration.data);
  const told = await importAll(demo, tokens);
  endAnnouncing();
  if (signal.aborted) {
    say('\nstopped; npm run demo goes on from here: what was recorded is answered as a duplicate');
    return EXIT.interrupted;
  }
  const desk = await workAtTheDesk(officer, await headOf(officer));
  const asked = await askFinally(officer, tokens);
  const after = await headOf(officer);
  summarise(demo, told, before === after);
  say(`an officer: ${desk.DealWithDeviation + desk.DealWithSecretDeviation} deviations dealt with, ${desk.RecordInError} recorded in error`);
  await showPerson(demo, after);
  await showAsks(demo, asked, after);
  await showRest(demo, told);
  if (once) return EXIT.done;
  say('\nCtrl-C stops the server.');
  await new Promise<void>((stopped) => (signal.aborted ? stopped() : signal.addEventListener('abort', () => stopped(), { once: true })));
  say('stopped');
  return EXIT.done;
}

/** One system after the other, as they would deliver their files: what a person is called in one is known before the next tells of them. */
async function importAll({ configuration, officer, signal, people }: Demo, tokens: Tokens): Promise<readonly Told[]> {
  const upstream = generateUpstream({ people, seed: SEED, from: '2019-01-15', until: '2022-01-15', codes: readCodes(configuration.policy) });
  say(`${grouped(upstream.count)} lines about ${grouped(people)} invented people, from ${SYSTEMS.length} systems and a console:`);
  const told: Told[] = [];
  for (const system of SENDERS) {
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

function summarise({ style }: Demo, told: readonly Told[], isNothingNew: boolean): void {
  const { answered, recorded, unjustified, unchanged, duplicate, blocked, refused } = totals(told);
  const sentence = `${grouped(answered)} answered: ${grouped(recorded)} recorded (${grouped(unjustified)} of them not justified), ${grouped(unchanged)} unchanged, ${grouped(duplicate)} duplicate, ${grouped(blocked)} asks blocked, ${grouped(refused)} refused`;
  say(wrap(sentence, style.width, 2).join('\n'));
  if (isNothingNew) say('nothing new: the ledger ends where it ended before');
}

async function showPerson({ officer, language, style }: Demo, position: string | null): Promise<void> {
  const reading = { purpose: PURPOSE, ...(position !== null && { atLeast: position }) };
  say(`${heading("One person's record", style)}\n`);
  say(recordText(await recordOf(officer, MAIN_SUBJECT, reading), language, style));
  say(heading("The same person's audit trail", style));
  say('');
  let isFirst = true;
  for await (const page of trailPages(officer, MAIN_SUBJECT, { ...reading, lang: language })) {
    if (isFirst) say(trailHead(page, language, style));
    isFirst = false;
    for (const line of page.lines) say(trailLineText(line, language, style));
  }
}

/** Each as the system that asked was told; two of them with all that was looked at, as an officer may read it. */
async function showAsks({ officer, language, style }: Demo, asked: readonly Asked[], position: string | null): Promise<void> {
  say(`${heading('Asked of the gate, about the same person', style)}\n`);
  const answered = await Promise.all(asked.map(async (one) => ({ one, reasons: await reasonsOf(officer, one, position) })));
  for (const { one, reasons } of answered) say(askText(one, reasons, language, style));
  for (const { one, reasons } of answered)
    if (one.inFull) {
      say(`${heading(one.told.outcome === 'blocked' ? 'All the reasons of one that was blocked' : 'All the reasons of one that was allowed', style)}\n`);
      say(decisionText(reasons, language, style));
    }
}

async function showRest({ configuration, server, language, style }: Demo, told: readonly Told[]): Promise<void> {
  say(`${heading('Refused: nothing of these lines was recorded', style)}\n`);
  say(refusedTable(told, style));
  say(`${heading('Recorded, and not justified: an officer should look', style)}\n`);
  say(await unjustifiedTable(server.parts.log, language, style));
  say(`${heading('Go on from here', style)}\n`);
  say(whereToGo(server.url, join(configuration.data, 'token'), MAIN_SUBJECT, style));
}

async function headOf(officer: Server): Promise<string | null> {
  return (expectOk(await ask(officer, '/v1/status'), officer) as { readonly position: string | null }).position;
}

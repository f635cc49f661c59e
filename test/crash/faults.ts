/**
 * `npm run faults`: every write, fsync, open for writing, rename and truncation of a store's file fails once, while the server starts and
 * takes commands (strace(1), fault injection). Afterwards it starts without faults, and nothing that it acknowledged may be lost.
 *
 * strace counts the calls of each thread by itself. `--from N`, `--limit N`: which are struck; `--only CALL`: one call alone.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { Agent } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { CommandMaker, randomFrom, SYSTEM } from './commands.js';
import { Journal } from './journal.js';
import { answerOf, send } from './load.js';
import { fsck } from './rounds.js';
import { freePort, NoAnswer, ServerProcess, type Start } from './server.js';
import { accounted, filesIn, kept, settled, viewsEqualRebuild } from './verify.js';

/** Calls of SQLite and of Node that change a file; `openat` and `rename` in the writings that this machine has. */
const CALLS = ['pwrite64', 'write', 'fsync', 'fdatasync', 'ftruncate', 'openat', 'rename', 'mkdir', 'fchmod', 'unlink'] as const;
const ERRORS: Readonly<Record<string, readonly string[]>> = { pwrite64: ['EIO', 'ENOSPC'], write: ['EIO', 'ENOSPC'] };
const COMMANDS = 60;
/** How long a server that was asked to stop may take before it is taken for stuck. */
const STOP_LIMIT_MS = 20_000;

/** A directory without a ledger, or one that has been used and stopped in order. */
type Phase = 'first' | 'later';

interface Case {
  readonly phase: Phase;
  readonly call: string;
  readonly error: string;
  readonly nth: number;
}

interface Result {
  /** Whether the call was made so often that it failed. */
  readonly struck: boolean;
  readonly when: 'start' | 'run' | 'never';
  readonly acknowledged: number;
  readonly said: string;
  readonly faults: readonly string[];
}

const { values } = parseArgs({ options: { from: { type: 'string', default: '1' }, limit: { type: 'string', default: '60' }, only: { type: 'string' } } });
if (canTrace()) await sweep();
else console.log('not run: fault injection (strace is not here, or may not trace: apt-get install strace, and allow ptrace)');

function canTrace(): boolean {
  return spawnSync('strace', ['-qq', '-e', 'trace=none', 'true']).status === 0;
}

async function sweep(): Promise<void> {
  let failed = 0;
  let struck = 0;
  console.log('start  call       error   nth  struck at  acknowledged  found wrong  what the server said');
  for (const { phase, call, error } of kinds())
    for (let nth = Number(values.from); nth <= Number(values.limit); nth += nth < 12 ? 1 : Math.ceil(nth / 4)) {
      const result = await strike({ phase, call, error, nth });
      if (!result.struck) break;
      struck++;
      failed += result.faults.length > 0 ? 1 : 0;
      const counts = `${String(result.acknowledged).padStart(12)}  ${String(result.faults.length).padStart(11)}`;
      console.log(`${phase.padEnd(5)}  ${call.padEnd(10)} ${error.padEnd(7)} ${String(nth).padStart(3)}  ${result.when.padEnd(9)}  ${counts}  ${result.said}`);
      for (const fault of result.faults.slice(0, 5)) console.log(`           FAULT ${fault}`);
    }
  console.log(`${struck} faults struck; ${failed === 0 ? 'nothing acknowledged was lost' : `${failed} of them found something wrong`}`);
  process.exitCode = failed === 0 ? 0 : 1;
}

function kinds(): readonly Omit<Case, 'nth'>[] {
  const calls = CALLS.filter((each) => values.only === undefined || each === values.only);
  return (['first', 'later'] as const).flatMap((phase) => calls.flatMap((call) => (ERRORS[call] ?? ['EIO']).map((error) => ({ phase, call, error }))));
}

async function strike({ phase, call, error, nth }: Case): Promise<Result> {
  const directory = mkdtempSync(join(tmpdir(), 'liggare-faults-'));
  const trace = join(directory, 'trace');
  const start: Start = { data: join(directory, 'data'), port: await freePort() };
  const paths = storeFiles(start.data).flatMap((path) => ['-P', path]);
  const under = ['strace', '-f', '-qq', '-o', trace, '-e', `trace=${call}`, ...paths, '-e', `inject=${call}:error=${error}:when=${nth}`];
  const journal = new Journal();
  const faults: string[] = [];
  try {
    if (phase === 'later') await undisturbed(start, journal);
    const server = ServerProcess.launch({ ...start, under });
    const started = await server.untilReady();
    const told = started ? await tell(server, journal, 'struck') : '';
    await stopped(server, faults);
    faults.push(...clearness(server.output, started));
    const struck = readFileSync(trace, 'utf8').includes('(INJECTED)');
    if (struck) faults.push(...(await afterwards(start, journal).catch((fault: unknown) => [String(fault)])));
    return { struck, when: !struck ? 'never' : started ? 'run' : 'start', acknowledged: journal.count('recorded'), said: lastSentence(server.output, started) || told, faults };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Every file that the ledger keeps, so that sockets and pipes stay whole. */
function storeFiles(data: string): readonly string[] {
  const stores = ['log', 'vault', 'views'].flatMap((name) => ['', '-wal', '-shm', '-journal'].map((suffix) => join(data, `${name}.db${suffix}`)));
  const files = ['ledger.json', 'ledger.json.new', 'token', 'token.new'].map((name) => join(data, name));
  const keys = ['', 'master.json', 'hmac.json', 'master.json.new', 'hmac.json.new'].map((name) => join(`${data}.keys`, name));
  return [data, ...stores, ...files, ...keys];
}

/** One after another, so that the count of calls is much the same every time. Gives what the caller was told when it went wrong. */
async function tell(server: ServerProcess, journal: Journal, run: string): Promise<string> {
  const agent = new Agent({ keepAlive: true });
  try {
    const token = await server.upstream(SYSTEM);
    const maker = new CommandMaker(randomFrom(7), run);
    for (let i = 0; i < COMMANDS; i++) {
      const command = maker.next();
      journal.send(command);
      const reply = await send(server, token, command, agent);
      // The store has stopped: from here on nothing is acknowledged.
      if (reply.status === 503) return sentenceIn(reply.body);
      journal.answer(command.id, answerOf(command, reply));
    }
    return '';
  } catch (fault) {
    if (fault instanceof NoAnswer || (fault instanceof Error && fault.message.startsWith('no token'))) return fault.message;
    throw fault;
  } finally {
    agent.destroy();
  }
}

function sentenceIn(body: unknown): string {
  const { title, detail } = body as { title?: string; detail?: string };
  return `503: ${detail ?? title ?? 'no reason told'}`;
}

async function undisturbed(start: Start, journal: Journal): Promise<void> {
  const server = await ServerProcess.ready(start);
  await tell(server, journal, 'before');
  await server.stop();
}

async function stopped(server: ServerProcess, faults: string[]): Promise<void> {
  // strace passes the signal to nobody, so the server itself is told.
  for (const id of childrenOf(server.child.pid ?? 0)) process.kill(id, 'SIGTERM');
  const isStuck = await Promise.race([server.ended.then(() => false), pause(STOP_LIMIT_MS, true, { ref: false })]);
  if (!isStuck) return;
  faults.push('the server did not stop when it was asked to');
  for (const id of childrenOf(server.child.pid ?? 0)) process.kill(id, 'SIGKILL');
  await server.kill();
}

function childrenOf(id: number): readonly number[] {
  try {
    return readFileSync(`/proc/${id}/task/${id}/children`, 'utf8').split(' ').filter((text) => text !== '').map(Number);
  } catch {
    return [];
  }
}

/** A sentence, and no stack; when it could not start, that is what it said last. */
function clearness(output: string, started: boolean): readonly string[] {
  if (/^\s+at .+:\d+:\d+\)?$/m.test(output)) return [`it printed a stack trace: ${output.slice(0, 400)}`];
  return started || output.trim() !== '' ? [] : ['it ended at start without a word'];
}

/** What it says of the fault, or else the last that it said. */
function lastSentence(output: string, started: boolean): string {
  const lines = output.trim().split('\n');
  const about = lines.findLast((line) => /could not|stopp|full|I\/O|cannot|EIO|ENOSPC/i.test(line));
  return (about ?? (started ? '' : (lines.at(-1) ?? ''))).slice(0, 160);
}

async function afterwards(start: Start, journal: Journal): Promise<readonly string[]> {
  const server = await startAgain(start, journal);
  const ledger = filesIn(start.data);
  const faults = [...(await settled(ledger))];
  const agent = new Agent({ keepAlive: true });
  const token = await server.upstream(SYSTEM);
  for (const command of journal.unanswered) journal.answer(command.id, answerOf(command, await send(server, token, command, agent)));
  agent.destroy();
  faults.push(...(await kept(ledger, journal)), ...(await accounted(ledger, journal)), ...(await viewsEqualRebuild(ledger)));
  const code = await server.stop();
  if (code !== 0) faults.push(`the server ended with ${code}`);
  return [...faults, ...fsck({ LIGGARE_DATA: start.data })];
}

/** A very first start that broke off may ask to be begun anew, in so many words: nothing had been acknowledged. */
async function startAgain(start: Start, journal: Journal): Promise<ServerProcess> {
  const server = ServerProcess.launch(start);
  if (await server.untilReady()) return server;
  if (journal.answered.length > 0 || !/hint: .*first start/.test(server.output)) throw new Error(`it does not start again: ${server.output.trim()}`);
  for (const directory of [start.data, `${start.data}.keys`]) rmSync(directory, { recursive: true, force: true });
  return ServerProcess.ready(start);
}

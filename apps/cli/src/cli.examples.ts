/** A server and a command line as processes of their own, for tests: that is how they meet. */
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('./main.js', import.meta.url));

export interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export interface Running {
  readonly child: ChildProcessWithoutNullStreams;
  /** What it has said so far on standard output. */
  readonly out: () => string;
  readonly err: () => string;
  readonly ended: Promise<Ran>;
}

type Environment = Readonly<Record<string, string>>;

/** Starts `liggare`. `preload`: a module (a URL) that Node loads first. */
export function start(args: readonly string[], env: Environment = {}, preload?: string): Running {
  const child = spawn(process.execPath, [...(preload === undefined ? [] : ['--import', preload]), MAIN, ...args], { env: { ...plainEnvironment(), ...env } });
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  // A child that has ended takes no more input, which is no fault of the test.
  child.stdin.on('error', () => undefined);
  const ended = new Promise<Ran>((resolve) => child.on('close', (code) => resolve({ code, out, err })));
  return { child, out: () => out, err: () => err, ended };
}

export async function liggare(args: readonly string[], env: Environment = {}, input: string | Buffer = '', preload?: string): Promise<Ran> {
  const { child, ended } = start(args, env, preload);
  child.stdin.end(input);
  return ended;
}

/** Nothing of the tester's own ledger. */
function plainEnvironment(): Record<string, string> {
  return Object.fromEntries(Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined && !entry[0].startsWith('LIGGARE_') && entry[0] !== 'NODE_OPTIONS'));
}

export interface ServedLedger {
  readonly directory: string;
  readonly data: string;
  readonly url: string;
  /** For the command line: where the ledger is and who asks. */
  readonly env: Environment;
  readonly server: Running;
  /** Ends it in order. */
  stop(): Promise<Ran>;
}

/** A ledger in a directory of its own, or again in that of an earlier one. */
export async function serveLedger(directory = mkdtempSync(join(tmpdir(), 'liggare-cli-'))): Promise<ServedLedger> {
  const data = join(directory, 'data');
  const server = start(['serve'], { LIGGARE_DATA: data, LIGGARE_PORT: '0' });
  const url = await said(server, /API\s+(http:\S+?)\/v1/);
  return {
    directory,
    data,
    url,
    env: { LIGGARE_DATA: data, LIGGARE_URL: url },
    server,
    stop: () => {
      server.child.kill('SIGTERM');
      return server.ended;
    },
  };
}

export function remove({ directory }: ServedLedger): void {
  rmSync(directory, { recursive: true, force: true });
}

/** Waits until the process says it; rejects when it ends before. */
export async function said(running: Running, pattern: RegExp): Promise<string> {
  return until(running, () => pattern.exec(running.out())?.[1]);
}

/** Waits until there is something to give; rejects when the process ends before. */
export async function until<T>(running: Running, look: () => T | undefined): Promise<T> {
  let ended: Ran | undefined;
  void running.ended.then((ran) => (ended = ran));
  for (;;) {
    const found = look();
    if (found !== undefined) return found;
    if (ended !== undefined) throw new Error(`it ended (${ended.code}) before: ${ended.err}${ended.out}`);
    await new Promise((later) => setTimeout(later, 10));
  }
}

/** A token for a system, in a file. */
export async function tokenFileFor(ledger: ServedLedger, system: string): Promise<string> {
  const made = await liggare(['token', 'create', '--name', 'a test', '--role', 'upstream', '--system', system], ledger.env);
  if (made.code !== 0) throw new Error(made.err);
  const file = join(ledger.directory, `${system}.token`);
  writeFileSync(file, made.out, { mode: 0o600 });
  return file;
}

/** A refusal of consent, so that few lines make few events; `person`: whose, as a number. */
export function lineOf(person: number, id = `line-${person}`): string {
  const data = { identifier: { kind: 'customer-number', value: `K9${person}` }, createIfMissing: true, service: 'newsletter', purposes: ['newsletter'] };
  return JSON.stringify({ specversion: '1.0', id, source: 'crm', type: 'se.liggare.RefuseConsent.v1', time: '2021-05-01T08:00:00Z', data });
}

export function linesOf(count: number): string {
  return Array.from({ length: count }, (_, i) => `${lineOf(i)}\n`).join('');
}

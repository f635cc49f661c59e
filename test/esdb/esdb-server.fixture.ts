/**
 * A server that speaks EventStoreDB's protocol, as a process of its own that a test can pause, kill, restart and make misbehave.
 *
 * `startEsdb()` gives a fresh log on a loopback port of the system's choice; `stop()` ends the process and removes its directory. Nothing outlives the test's process:
 * the child ends with its IPC channel.
 *
 *     const server = await startEsdb();              // also { tls: writeCertificates(directory, 'own'), users: { ledger: 'password' }, fsync: true, directory }
 *     server.url                                     // esdb://127.0.0.1:PORT?tls=false
 *     await server.fault({ answerAppendsAfterMs: 'never', times: 1 });
 *     server.pause(); server.resume(); await server.kill(); await server.restart();
 *     await server.stop();
 */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, rmSync, statSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Certificates } from './certificates.js';
import type { Faults } from './faults.js';
import { LOG_NAME } from './log-file.js';
import type { Order, Said } from './orders.js';

const main = new URL('./main.js', import.meta.url).pathname;

export interface EsdbOptions {
  /** Of an earlier server; it is kept. Otherwise a new one, removed by `stop`. */
  readonly directory?: string;
  readonly port?: number;
  /** Answers only what is on the disk. Otherwise what the operating system has taken, which outlives a kill -9. */
  readonly fsync?: boolean;
  /** Shows what another server writes to the directory's log; for clusters. */
  readonly follow?: boolean;
  readonly tls?: Certificates;
  /** Passwords by name; whoever has none is denied. */
  readonly users?: Readonly<Record<string, string>>;
}

export class Esdb {
  #child: ChildProcess;
  readonly #port: number;
  #id: string;
  #orders = 0;

  private constructor(
    readonly directory: string,
    readonly options: EsdbOptions,
    started: Started,
  ) {
    this.#child = started.child;
    this.#port = started.port;
    this.#id = started.id;
  }

  static async start(options: EsdbOptions): Promise<Esdb> {
    const directory = options.directory ?? mkdtempSync(join(tmpdir(), 'esdb-'));
    return new Esdb(directory, options, await launch(directory, options));
  }

  /** For a client, without credentials. */
  get url(): string {
    return `esdb://127.0.0.1:${this.#port}?tls=${this.options.tls !== undefined}`;
  }

  /** For a client that knows the server's authority, as a user. */
  urlAs(user: string, password: string): string {
    const { caFile } = this.options.tls ?? {};
    const authority = caFile === undefined ? '' : `&tlsCAFile=${encodeURIComponent(caFile)}`;
    return this.url.replace('esdb://', `esdb://${encodeURIComponent(user)}:${encodeURIComponent(password)}@`) + authority;
  }

  get port(): number {
    return this.#port;
  }

  /** What gossip calls this server; another one after each start. */
  get id(): string {
    return this.#id;
  }

  get child(): ChildProcess {
    return this.#child;
  }

  /** The process stands still, its connections open. */
  pause(): void {
    this.#child.kill('SIGSTOP');
  }

  resume(): void {
    this.#child.kill('SIGCONT');
  }

  /** Ends the process and waits for that; its directory stays. */
  async kill(signal: 'SIGKILL' | 'SIGTERM' = 'SIGKILL'): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, 'exit');
    this.#child.kill(signal);
    // A paused process takes no other signal.
    this.#child.kill('SIGCONT');
    await ended;
  }

  /** Kills what runs and starts it on the same directory and port, without faults. */
  async restart(options: Pick<EsdbOptions, 'follow'> = {}): Promise<void> {
    await this.kill();
    const started = await launch(this.directory, { ...this.options, ...options, port: this.#port });
    this.#child = started.child;
    this.#id = started.id;
  }

  /** Replaces the faults that are on: `fault({})` ends them. Resolves when it holds. */
  async fault(faults: Faults): Promise<void> {
    await this.order({ kind: 'faults', faults });
  }

  /** Ends every subscription with `unavailable`; connections stay. */
  async dropSubscriptions(): Promise<void> {
    await this.order({ kind: 'drop-subscriptions' });
  }

  /** A copy of the log as it is on the disk now, to go back to. */
  snapshot(): string {
    const copy = join(this.directory, `snapshot-${this.#orders++}.log`);
    cpSync(join(this.directory, LOG_NAME), copy);
    return copy;
  }

  /** The server is restarted with an older log, as after a restored backup. */
  async goBack(snapshot: string): Promise<void> {
    await this.kill();
    cpSync(snapshot, join(this.directory, LOG_NAME));
    await this.restart();
  }

  /** The server is restarted with so many bytes less of its log, as when a write was cut off. */
  async cutOff(bytes: number): Promise<void> {
    await this.kill();
    const path = join(this.directory, LOG_NAME);
    truncateSync(path, statSync(path).size - bytes);
    await this.restart();
  }

  async stop(): Promise<void> {
    await this.kill();
    if (this.options.directory === undefined) rmSync(this.directory, { recursive: true, force: true });
  }

  async order(order: Unnumbered<Order>): Promise<void> {
    const number = this.#orders++;
    const child = this.#child;
    const done = Promise.withResolvers<void>();
    const heard = (said: Said): void => {
      if (said.kind === 'done' && said.number === number) done.resolve();
    };
    const ended = (): void => done.reject(new Error('the EventStoreDB server of the test has ended'));
    child.on('message', heard).once('exit', ended);
    child.send({ ...order, number });
    try {
      await done.promise;
    } finally {
      child.off('message', heard).off('exit', ended);
    }
  }
}

export const startEsdb = (options: EsdbOptions = {}): Promise<Esdb> => Esdb.start(options);

type Unnumbered<T> = T extends unknown ? Omit<T, 'number'> : never;

interface Started {
  readonly child: ChildProcess;
  readonly port: number;
  readonly id: string;
}

async function launch(directory: string, { port = 0, fsync, follow, tls, users = {} }: EsdbOptions): Promise<Started> {
  const args = ['--directory', directory, '--port', String(port), ...(fsync === true ? ['--fsync'] : []), ...(follow === true ? ['--follow'] : [])];
  if (tls !== undefined) args.push('--certificate', tls.certificateFile, '--key', tls.keyFile);
  for (const [name, password] of Object.entries(users)) args.push('--user', `${name}:${password}`);
  const child = fork(main, args, { execArgv: [], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`the EventStoreDB server of the test ended with ${code} before it was ready`);
  });
  const [said] = (await Promise.race([once(child, 'message'), ended])) as [Said];
  if (said.kind !== 'ready') throw new Error('the EventStoreDB server of the test said something else than its port');
  return { child, port: said.port, id: said.id };
}

/** The real server as a process of its own, and plain HTTP to it. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { Agent, request, type ClientRequest } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const mainOf = (app: 'api' | 'projector'): string => new URL(`../../apps/${app}/src/main.js`, import.meta.url).pathname;
/** Longer than any start; a server that is not ready by then is a failure, not a slow one. */
const START_LIMIT_MS = 60_000;

export interface Start {
  readonly data: string;
  readonly port: number;
  /** A program that starts Node for us, with its arguments: strace, for one. */
  readonly under?: readonly string[];
  /** Besides where its data is and its port. */
  readonly env?: Readonly<Record<string, string>>;
  /** Which app; the API unless it is said. */
  readonly app?: 'api' | 'projector';
}

export interface Reply {
  readonly status: number;
  readonly body: unknown;
}

/** Whoever has no agent has a token: an upstream's or an officer's. */
export type CallOptions = {
  readonly headers?: Readonly<Record<string, string>>;
} & ({ readonly agent: Agent; readonly token?: string } | { readonly agent?: undefined; readonly token: string });

/** The connection ended before an answer: its outcome is unknown. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
}

export class ServerProcess {
  /** All that it wrote, both outputs together. */
  output = '';
  readonly ended: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
  #token = '';

  private constructor(
    readonly child: ChildProcess,
    readonly start: Start,
  ) {
    for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', (text: string) => void (this.output += text));
    this.ended = new Promise((resolve) => child.once('close', (code, signal) => resolve({ code, signal })));
  }

  /** The officer of another node of the same ledger. */
  knows(officer: string): void {
    this.#token = officer;
  }

  /** Starts it without waiting for more. */
  static launch(start: Start): ServerProcess {
    const [program = process.execPath, ...before] = start.under ?? [];
    const main = mainOf(start.app ?? 'api');
    const args = start.under === undefined ? [main] : [...before, process.execPath, main];
    const env = { ...process.env, LIGGARE_DATA: start.data, LIGGARE_PORT: String(start.port), LIGGARE_HOST: '127.0.0.1', NODE_OPTIONS: '', ...start.env };
    return new ServerProcess(spawn(program, args, { env, stdio: ['ignore', 'pipe', 'pipe'] }), start);
  }

  /** Starts it and waits until it takes commands. Rejects with what it said when it ends instead. */
  static async ready(start: Start): Promise<ServerProcess> {
    const server = ServerProcess.launch(start);
    if (await server.untilReady()) return server;
    const { code, signal } = await server.ended;
    throw new Error(`the server did not start, it ended with ${signal ?? code}: ${server.output.trim()}`);
  }

  /** False when it ended instead. */
  async untilReady(): Promise<boolean> {
    const agent = new Agent();
    let isOver = false;
    void this.ended.then(() => (isOver = true));
    for (let waitedMs = 0; waitedMs < START_LIMIT_MS && !isOver; waitedMs += 20) {
      const reply = await this.call('GET', '/readyz', undefined, { agent }).catch(() => undefined);
      if (reply?.status === 200) {
        // Of several nodes the first one leaves a token; a projector needs none.
        const file = join(this.start.data, 'token');
        if (existsSync(file)) this.#token = readFileSync(file, 'utf8').trim();
        return true;
      }
      await pause(20);
    }
    if (!isOver) await this.kill();
    return false;
  }

  get officer(): string {
    return this.#token;
  }

  /** An upstream's token. */
  async upstream(system: string): Promise<string> {
    const { status, body } = await this.call('POST', '/v1/tokens', { name: system, role: 'upstream', system }, { token: this.officer });
    if (status !== 201 && status !== 200) throw new Error(`no token for ${system}: ${status}`);
    return (body as { token: string }).token;
  }

  /** One request with a JSON body. Rejects with `NoAnswer`. */
  async call(method: string, path: string, body: unknown, options: CallOptions): Promise<Reply> {
    const sent = this.request(method, path, { 'content-type': 'application/json', ...options.headers }, options.token, options.agent);
    return new Promise((resolve, reject) => {
      const failed = (cause: unknown): void => reject(new NoAnswer(`no answer from a server that ${this.#standing()}`, { cause }));
      sent.once('error', failed);
      sent.once('response', (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (part: string) => void (text += part));
        response.once('error', failed);
        response.once('end', () => (response.complete ? resolve({ status: response.statusCode ?? 0, body: parsed(text) }) : failed('cut off')));
      });
      sent.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }

  /** A request whose body is the caller's to write. */
  request(method: string, path: string, headers: Readonly<Record<string, string>>, token = this.officer, agent?: Agent): ClientRequest {
    const authorization = token === '' ? {} : { authorization: `Bearer ${token}` };
    return request({ host: '127.0.0.1', port: this.start.port, method, path, headers: { ...headers, ...authorization }, ...(agent !== undefined && { agent }) });
  }

  #standing(): string {
    const { exitCode, signalCode } = this.child;
    return exitCode === null && signalCode === null ? 'runs' : `ended with ${signalCode ?? exitCode}`;
  }

  /** Stands still with its connections open, until `wake`. */
  pause(): void {
    this.child.kill('SIGSTOP');
  }

  wake(): void {
    this.child.kill('SIGCONT');
  }

  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.ended;
  }

  /** Ends it as Ctrl-C does; gives its exit code. */
  async stop(): Promise<number | null> {
    this.child.kill('SIGTERM');
    return (await this.ended).code;
  }
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}

function parsed(text: string): unknown {
  try {
    return text === '' ? undefined : JSON.parse(text);
  } catch {
    return text;
  }
}

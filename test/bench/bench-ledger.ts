/** A ledger in a directory of its own, for one figure. */
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { CommandBus } from '@nestjs/cqrs';
import { startServer, type RunningServer } from '../../apps/api/src/server.js';
import { catalogue } from '#ledger/catalogue.js';
import type { Answer } from '#ledger/answer.js';
import { readConfiguration, type Configuration } from '#nest/configuration.js';
import { commandFrom } from '#nest/recording.js';
import { registration, type Told } from './workload.js';
import { bareWriter } from './workers.js';

const ACTOR = '00000000-0000-4000-8000-0000000000be';

export class BenchLedger {
  readonly directory = mkdtempSync(join(tmpdir(), 'liggare-bench-'));
  readonly configuration: Configuration;
  #server: Promise<RunningServer> | undefined;
  #commands = 0;

  /** `env`: where its stores are, when not in that directory. */
  constructor(env: Readonly<Record<string, string>> = {}) {
    this.configuration = readConfiguration({ LIGGARE_DATA: join(this.directory, 'data'), LIGGARE_PORT: '0', ...env });
  }

  open(): Promise<RunningServer> {
    this.#server ??= startServer(this.configuration, { writeLog: () => undefined });
    return this.#server;
  }

  async close(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    await (await server)?.close();
  }

  /** Closes and removes everything. */
  async remove(): Promise<void> {
    await this.close();
    rmSync(this.directory, { recursive: true, force: true });
  }

  /** A copy of the closed stores, as they are now. */
  copy(name: string): string {
    const to = join(this.directory, name);
    mkdirSync(to);
    for (const file of ['log.db', 'vault.db']) cpSync(join(this.configuration.data, file), join(to, file));
    return to;
  }

  /** One command as the HTTP edge does it: checked, given its caller, through the bus. */
  async tell({ name, body }: Told): Promise<Answer> {
    const type = catalogue.get(name)?.type;
    if (type === undefined) throw new Error(`no command ${name}`);
    const { app } = await this.open();
    const command = commandFrom(type, body, { commandId: `bench-${this.#commands++}`, system: 'bench', actor: ACTOR, role: 'upstream', now: new Date().toISOString() });
    return app.get(CommandBus).execute(command);
  }

  /** Ids of newly registered people. */
  async register(count: number): Promise<readonly string[]> {
    const subjects: string[] = [];
    await atOnce(64, count, async (i) => {
      subjects[i] = (await this.tell(registration(i))).about[0] ?? '';
    });
    return subjects;
  }

  /** How far the projector is behind, in events. */
  async lag(): Promise<number> {
    const { parts } = await this.open();
    const { head, reached } = await parts.projection.lag();
    return Number(head ?? -1) - Number(reached ?? -1);
  }

  async caughtUp(): Promise<void> {
    const { parts } = await this.open();
    const head = await parts.log.head();
    if (head !== undefined && !(await parts.projection.waitFor(head, 120_000))) throw new Error('the projector did not catch up');
  }
}

/** Runs `work` for 0 … count - 1 with so many at once; gives the seconds. */
export async function atOnce(callers: number, count: number, work: (i: number) => Promise<void>): Promise<number> {
  let next = 0;
  const began = performance.now();
  await Promise.all(
    Array.from({ length: callers }, async () => {
      while (next < count) await work(next++);
    }),
  );
  return (performance.now() - began) / 1000;
}

/** Commands a second of a bare writer that commits the same rows, from the state in `base`, in groups of 64. */
export async function bareCommands(ledger: BenchLedger, base: string, commands: number, indexFree?: true): Promise<number> {
  const { data } = ledger.configuration;
  const databases = ['vault.db', 'log.db'].map((file) => ({ file: join(base, file), after: join(data, file) }));
  const { seconds } = await bareWriter({ databases, groups: Math.ceil(commands / 64), ...(indexFree && { indexFree }) });
  return commands / seconds;
}

export function percentile(sorted: ArrayLike<number>, share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** Several projectors as processes on one PostgreSQL, while they are killed, paused and cut off from it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, it } from '@jest/globals';
import { describeWithPostgres } from '#postgres/postgres.suite.js';
import { positionOf, stored } from './log.examples.js';
import { openPostgresViews } from './postgres-view-store.js';
import { differences, foldView } from './rows.js';
import { shapesOf } from './table-shape.js';
import type { LeasedViewStore, View } from './view.js';
import { journal, parcelFact, parcels } from './views.examples.js';

const TTL_MS = 1000;
const EVENTS = 3000;
const history = stored(Array.from({ length: EVENTS }, (_, i) => parcelFact(i % 5 === 4 ? 'ParcelSent' : 'ParcelStored', `p${i % 37}`, i % 3 === 0 ? 'north' : 'south', i % 900)));
const views: readonly View[] = [journal, parcels];
const BOTH = ['journal', 'parcels'];

describeWithPostgres('projectors on PostgreSQL', (server) => {
  const children: Child[] = [];
  const closing: (() => Promise<void> | void)[] = [];
  let schemas = 0;

  const place = async (): Promise<{ url: string; schema: string; store: LeasedViewStore }> => {
    schemas += 1;
    const [url, schema] = [await server().newDatabase(), `views_${schemas}`];
    const store = await openPostgresViews(url, { schema });
    closing.push(() => store.close());
    await store.prepare(views);
    return { url, schema, store };
  };
  const start = (url: string, schema: string, holder: string, ttlMs = TTL_MS): Child => {
    const child = new Child(url, schema, holder, ttlMs);
    children.push(child);
    return child;
  };
  afterEach(async () => {
    for (const child of children.splice(0)) await child.end('SIGKILL');
    for (const close of closing.splice(0)) await close();
  });

  it('lose no row and write none twice when one is killed: the standby has all leases soon after they ran out', async () => {
    const { url, schema, store } = await place();
    const first = start(url, schema, 'first');
    await first.holds(BOTH);
    const standby = start(url, schema, 'standby');
    await fed(store, 500);
    await first.end('SIGKILL');
    const killedAt = performance.now();
    await standby.holds(BOTH);
    // A lease runs out at the latest a ttl after the kill, and a standby asks each third of one.
    expect(performance.now() - killedAt).toBeLessThan((4 / 3) * TTL_MS + 700);
    await fed(store, EVENTS - 1);
    await expectAsFolded(store);
  }, 60_000);

  it('lose no row and write none twice when one is paused past its lease and woken in the middle of a batch', async () => {
    const { url, schema, store } = await place();
    const paused = start(url, schema, 'paused');
    await paused.holds(BOTH);
    const standby = start(url, schema, 'standby');
    await paused.sends();
    paused.signal('SIGSTOP');
    await standby.holds(BOTH);
    const from = Number(await store.checkpoint('journal'));
    await fed(store, from + 50);
    paused.signal('SIGCONT');
    await paused.holds([]);
    await until(() => paused.refused.includes('LeaseLost'));
    await fed(store, Math.min(EVENTS - 1, from + 500));
    // And back again.
    standby.signal('SIGSTOP');
    await paused.holds(BOTH);
    standby.signal('SIGCONT');
    await standby.holds([]);
    await fed(store, EVENTS - 1);
    await expectAsFolded(store);
  }, 60_000);

  it('lose no row and write none twice when one is split from its database and comes back', async () => {
    const { url, schema, store } = await place();
    const line = await lineTo(url);
    closing.push(() => line.close());
    const split = start(line.url, schema, 'split');
    await split.holds(BOTH);
    await fed(store, 300);
    const other = start(url, schema, 'other');
    line.pause();
    // Nothing comes back from its questions: it stops by its own clock, before anybody else may begin.
    await split.holds([]);
    await other.holds(BOTH);
    line.resume();
    await fed(store, EVENTS - 1);
    expect(split.held).toEqual([]);
    await expectAsFolded(store);
  }, 60_000);

  it('hand over at once when one is stopped in order', async () => {
    const { url, schema, store } = await place();
    const first = start(url, schema, 'first', 3 * TTL_MS);
    await first.holds(BOTH);
    const standby = start(url, schema, 'standby', 3 * TTL_MS);
    await fed(store, 300);
    await first.end('SIGTERM');
    const stoppedAt = performance.now();
    await standby.holds(BOTH);
    expect(performance.now() - stoppedAt).toBeLessThan(2.5 * TTL_MS);
    await fed(store, EVENTS - 1);
    await expectAsFolded(store);
  }, 60_000);
});

class Child {
  readonly #process: ChildProcess;
  held: readonly string[] = [];
  readonly faults: string[] = [];
  /** Why the store did not take what it was sent. */
  readonly refused: string[] = [];
  #isSending = false;
  readonly #gone: Promise<void>;

  constructor(url: string, schema: string, holder: string, ttlMs: number) {
    const file = fileURLToPath(new URL('./postgres-projector.child.js', import.meta.url));
    this.#process = spawn(process.execPath, [file, url, schema, holder, String(ttlMs), String(EVENTS)], { stdio: ['ignore', 'pipe', 'inherit'] });
    this.#gone = new Promise((resolve) => this.#process.once('close', () => resolve()));
    if (this.#process.stdout) createInterface(this.#process.stdout).on('line', (text) => this.#hear(JSON.parse(text)));
  }

  signal(name: NodeJS.Signals): void {
    this.#process.kill(name);
  }

  async end(name: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    this.#process.kill('SIGCONT');
    this.#process.kill(name);
    await this.#gone;
  }

  async holds(wanted: readonly string[]): Promise<void> {
    await until(() => this.held.join() === wanted.join());
  }

  /** Its slow commit is on its way. */
  async sends(): Promise<void> {
    await until(() => this.#isSending);
  }

  #hear(said: { readonly held?: readonly string[]; readonly fault?: string; readonly sending?: true; readonly refused?: string }): void {
    this.held = said.held ?? this.held;
    this.#isSending ||= said.sending ?? false;
    if (said.refused !== undefined) this.refused.push(said.refused);
    if (said.fault !== undefined) this.faults.push(said.fault);
  }
}

/** A line to the server that can go dead without either end being told. */
async function lineTo(url: string): Promise<{ readonly url: string; pause(): void; resume(): void; close(): Promise<void> }> {
  const target = new URL(url);
  const sockets = new Set<Socket>();
  let isPaused = false;
  const line = createServer((near) => {
    const far = connect(Number(target.port), target.hostname);
    for (const [one, other] of [[near, far], [far, near]] as const) {
      sockets.add(one);
      one.on('data', (bytes) => other.write(bytes));
      one.on('close', () => (sockets.delete(one), other.destroy()));
      one.on('error', () => other.destroy());
      if (isPaused) one.pause();
    }
  });
  await new Promise<void>((resolve) => line.listen(0, '127.0.0.1', resolve));
  return {
    url: Object.assign(new URL(url), { hostname: '127.0.0.1', port: String((line.address() as AddressInfo).port) }).href,
    pause: () => {
      isPaused = true;
      for (const socket of sockets) socket.pause();
    },
    resume: () => {
      isPaused = false;
      for (const socket of sockets) socket.resume();
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => line.close(resolve));
    },
  };
}

async function until(holds: () => boolean): Promise<void> {
  for (const end = performance.now() + 20_000; performance.now() < end; await delay(5)) if (holds()) return;
  throw new Error('it did not come about in time');
}

async function fed(store: LeasedViewStore, index: number): Promise<void> {
  const end = performance.now() + 40_000;
  for (const view of BOTH) while (((await store.checkpoint(view)) ?? '') < positionOf(index)) {
    if (performance.now() > end) throw new Error(`${view} stands at ${await store.checkpoint(view)}`);
    await delay(10);
  }
}

async function expectAsFolded(store: LeasedViewStore): Promise<void> {
  for (const view of views) {
    const rows = new Map();
    for (const [name, shape] of shapesOf(view)) rows.set(name, new Map((await store.rows(name, [])).map((row) => [shape.keyText(shape.keyOf(row)), row])));
    expect(differences(foldView(view, history), rows)).toEqual([]);
  }
}

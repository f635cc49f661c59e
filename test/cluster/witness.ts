/** What has to hold of a cluster when all of it runs again. Each fault is a sentence without values. */
import { Agent } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import type { StoredEvent } from '#event-store/event-store.js';
import { decode } from '#ledger/encoding.js';
import { Ledger } from '#ledger/ledger.js';
import { LiveRegisters } from '#ledger/live-registers.js';
import { subjectStream } from '#ledger/subject/subject.js';
import { views } from '#ledger/views.js';
import type { Configuration } from '#nest/configuration.js';
import type { Stores } from '#nest/opened-stores.js';
import type { Random } from '../crash/commands.js';
import type { Journal } from '../crash/journal.js';
import { fsck } from '../crash/rounds.js';
import { acknowledged, caughtUp, inOrder, onePerAddress, openLiveViews, reading, sealedValues, strays, viewsEqualRebuild } from '../crash/verify.js';
import type { ServerProcess } from '../crash/server.js';
import type { Cluster } from './cluster.js';
import { PLANTED } from './commands.js';
import type { Copies } from './copies.js';

export interface WitnessParts {
  readonly cluster: Cluster;
  readonly ledger: Configuration;
  readonly journal: Journal;
  readonly copies: Copies;
  readonly random: Random;
}

/** People looked at on every node, each round. */
const LOOKED_AT = 8;

export class Witness {
  readonly #parts: WitnessParts;
  /** The log as it was read so far: what stands there stands. */
  #events: readonly StoredEvent[] = [];

  constructor(parts: WitnessParts) {
    this.#parts = parts;
  }

  get events(): number {
    return this.#events.length;
  }

  /** After every round. */
  async quick(): Promise<readonly string[]> {
    const { ledger, journal, copies } = this.#parts;
    return reading(ledger, async (stores) => {
      const left = await settle(stores);
      const { log } = stores;
      const from = this.#events.at(-1)?.position;
      const fresh: StoredEvent[] = [];
      for await (const batch of log.readAll(from === undefined ? {} : { from })) fresh.push(...batch.filter(({ position }) => from === undefined || position > from));
      this.#events = [...this.#events, ...fresh];
      return [
        ...left,
        ...journal.faults,
        ...copies.faults,
        ...inOrder(this.#events),
        ...acknowledged(this.#events, journal),
        ...onePerAddress(journal, this.#survivors()),
        ...strays(this.#events, journal),
        ...copies.inLog(new Map(this.#events.map((event) => [event.id, event]))),
        ...fresh.filter(({ data }) => PLANTED.test(data)).map(({ stream, revision }) => `${stream}@${revision} holds what was planted`),
        ...(await this.#views(stores)),
        ...(await this.#nodesAgree()),
      ];
    });
  }

  /** Now and then, and at the end: every value, every row, and the house's own check. */
  async whole(): Promise<readonly string[]> {
    const { ledger, cluster } = this.#parts;
    const read = await reading(ledger, async ({ log, vault }) => {
      const again: StoredEvent[] = [];
      for await (const batch of log.readAll()) again.push(...batch);
      const changed = this.#events.filter((event, i) => JSON.stringify(event) !== JSON.stringify(again[i]));
      const ids = new Set(again.map(({ id }) => id));
      const orphans = await vault.orphans(new Date().toISOString(), async (event) => ids.has(event));
      return [
        ...changed.map(({ stream, revision }) => `${stream}@${revision} is not what it was`),
        ...(await sealedValues(again, vault)),
        ...orphans.map(({ event, slot }) => `${slot} of ${event} is sealed for an event that never was, and all is settled`),
      ];
    });
    return [...read, ...(await viewsEqualRebuild(ledger)), ...fsck(cluster.env)];
  }

  /** Not beyond the log, and there soon. */
  async #views({ log }: Stores): Promise<readonly string[]> {
    const live = await openLiveViews(this.#parts.ledger);
    try {
      const checkpoints = await Promise.all(views.map(async ({ name }) => ({ name, at: (await live.checkpoint(name)) ?? '' })));
      const head = (await log.head()) ?? '';
      const ahead = checkpoints.filter(({ at }) => at > head).map(({ name }) => `the view ${name} is ahead of the log`);
      return [...ahead, ...((await caughtUp(live, head)) ? [] : ['the views did not catch up with the log'])];
    } finally {
      await live.close();
    }
  }

  /** Some people's records, at the same position, asked of every node. */
  async #nodesAgree(): Promise<readonly string[]> {
    const { cluster, random } = this.#parts;
    const people = [...new Set(this.#events.filter(({ stream }) => stream.startsWith('subject-')).map(({ stream }) => stream.slice('subject-'.length)))];
    const position = this.#events.at(-1)?.position ?? '';
    const at = new Date().toISOString();
    const faults: string[] = [];
    for (let looked = 0; looked < Math.min(LOOKED_AT, people.length); looked++) {
      const person = people[Math.floor(random() * people.length)] ?? '';
      const records = await Promise.all(cluster.apis.map((node) => recordAt(node, person, { position, at })));
      if (new Set(records).size !== 1) faults.push(`the nodes tell different records of ${person}: ${records.map((text) => text.slice(0, 200)).join(' | ')}`);
      if (!records[0]?.startsWith('200 ')) faults.push(`the record of ${person} was answered ${records[0]?.slice(0, 200)}`);
    }
    return faults;
  }

  #survivors(): (person: string) => string {
    const into = new Map<string, string>();
    for (const event of this.#events) if (event.type === 'SubjectMergedInto') into.set(event.stream, subjectStream(String(decode(event).data['into'])));
    const survivorOf = (stream: string): string => {
      const next = into.get(stream);
      return next === undefined ? stream : survivorOf(next);
    };
    return (person) => survivorOf(subjectStream(person));
  }
}

/** As a new node's sweeper would, without its two minutes: nobody decides anything now, so all that is open was left. */
async function settle({ log, vault }: Stores): Promise<readonly string[]> {
  const registers = new LiveRegisters(log, () => Promise.reject(new Error('nothing is decided here')), { elapsedMs: () => performance.now(), after: (ms) => pause(ms, undefined, { ref: false }) });
  await new Ledger({ log, vault, registers }).settleUnknown();
  for (let look = 0; look < 40; look++) {
    if ((await vault.unsettled()).length === 0) return [];
    await pause(50);
  }
  return [`${(await vault.unsettled()).length} inbox rows stay unsettled`];
}

/** Without where it stands: other nodes' lines of access move that. */
async function recordAt(node: ServerProcess, person: string, { position, at }: { readonly position: string; readonly at: string }): Promise<string> {
  const agent = new Agent();
  const reply = await node.call('GET', `/v1/subjects/${person}/record?atLeast=${position}&valid=${at}`, undefined, { agent, token: node.officer, headers: { 'liggare-purpose': 'operations' } });
  agent.destroy();
  const body = typeof reply.body === 'object' && reply.body !== null ? { ...reply.body, position: undefined } : reply.body;
  return `${reply.status} ${JSON.stringify(body)}`;
}

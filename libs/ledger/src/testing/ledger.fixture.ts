/** A whole ledger for specs: its engines in memory or in SQLite files, and somebody who tells it things. */
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commitment } from '#audit/commitment.js';
import type { AppendRequest, Appended, EventStore, StoredEvent } from '#event-store/event-store.js';
import { MemoryEventStore } from '#event-store/memory/memory-event-store.js';
import { openSqliteEventStore } from '#event-store/sqlite/sqlite-event-store.js';
import { memoryKeys } from '#vault/keys.js';
import { openMemoryVault } from '#vault/memory.js';
import { openSqliteVault, sqliteParticipant } from '#vault/sqlite/sqlite-vault.js';
import type { Vault } from '#vault/vault.js';
import { catalogue } from '../catalogue.js';
import type { Caller, Command } from '../command.js';
import { decode } from '../encoding.js';
import type { Envelope } from '../envelope.js';
import type { Answer } from '../answer.js';
import { Ledger } from '../ledger.js';
import type { Registers } from '../registers.js';
import { command, NOW, type Fields } from './decider.fixture.js';
import { exampleRegisters } from './registers.fixture.js';

const LEDGER_ID = '5f0c3a52-6a7e-4d0b-8d53-0a4f7f1f2c11';

const settings = {
  ledgerId: LEDGER_ID,
  commit: (salt: Uint8Array, text: string): string => commitment((bytes) => createHash('sha256').update(bytes).digest(), salt, text),
};

export interface Engines {
  readonly log: EventStore;
  readonly vault: Vault;
  close(): Promise<void>;
}

export async function memoryEngines(log: EventStore = new MemoryEventStore()): Promise<Engines> {
  const vault = openMemoryVault({ log, keys: memoryKeys(), ...settings });
  return {
    log,
    vault,
    close: async () => {
      await vault.close();
      await log.close();
    },
  };
}

export async function sqliteEngines(): Promise<Engines> {
  const directory = mkdtempSync(join(tmpdir(), 'liggare-ledger-'));
  const file = join(directory, 'vault.db');
  const keys = memoryKeys();
  const log = await openSqliteEventStore({ file: join(directory, 'log.db'), participant: sqliteParticipant({ file, keys, ledgerId: LEDGER_ID }) });
  const vault = openSqliteVault({ file, keys, ...settings, writer: log });
  return {
    log,
    vault,
    close: async () => {
      await vault.close();
      await log.close();
      rmSync(directory, { recursive: true });
    },
  };
}

/** One process that takes commands. Two over the same engines are two processes. */
export class Teller {
  static #tellers = 0;
  readonly ledger: Ledger;
  readonly #name = `teller ${(Teller.#tellers += 1)}`;
  #told = 0;

  constructor(
    readonly engines: Engines,
    readonly registers: Registers = exampleRegisters,
  ) {
    this.ledger = new Ledger({ ...engines, registers });
  }

  /** Tells one command, under an id of its own unless the caller says which. */
  async tell<C extends Command>(type: new () => C, fields: Fields<C>, caller: Partial<Caller> = {}): Promise<Answer> {
    const entry = catalogue.get(type.name);
    if (entry === undefined) throw new Error(`${type.name} is not in the catalogue`);
    this.#told += 1;
    return this.ledger.record(entry, command(type, fields, { commandId: `${this.#name}, command ${this.#told}`, now: NOW, ...caller }));
  }

  async stored(stream?: string): Promise<readonly StoredEvent[]> {
    const events: StoredEvent[] = [];
    const read = stream === undefined ? this.engines.log.readAll() : this.engines.log.readStream(stream);
    for await (const batch of read) events.push(...batch);
    return events;
  }

  async events(subject: string): Promise<readonly Envelope[]> {
    return (await this.stored(`subject-${subject}`)).map(decode);
  }

  /** What the vault gives for every sealed slot of a person, by event type and slot. */
  async values(subject: string): Promise<readonly (readonly [slot: string, value: unknown])[]> {
    const refs = (await this.events(subject)).flatMap(({ id, sealed }) => (sealed ?? []).map(({ slot, holding }) => ({ event: id, slot, holding })));
    const opened = await this.engines.vault.open(refs);
    return refs.map(({ slot }, i) => [slot, opened[i]?.kind === 'opened' ? (JSON.parse(opened[i].text) as unknown) : opened[i]?.kind]);
  }
}

/** A log whose appends fail as told: before the engine has them, or after it has written them and before the answer is heard. */
export class FaultyLog implements EventStore {
  readonly #faults: ('before' | 'after' | 'none')[] = [];
  readonly seen: AppendRequest[] = [];
  /** Done once, just before the next append is written. */
  intruder: (() => Promise<void>) | undefined;

  constructor(readonly inner: EventStore = new MemoryEventStore()) {}

  fail(...faults: readonly ('before' | 'after' | 'none')[]): void {
    this.#faults.push(...faults);
  }

  heal(): void {
    this.#faults.length = 0;
  }

  async append(request: AppendRequest): Promise<Appended> {
    const { intruder } = this;
    this.intruder = undefined;
    await intruder?.();
    this.seen.push(request);
    const fault = this.#faults.shift();
    if (fault === 'before') throw new Error('the connection was lost');
    const appended = await this.inner.append(request);
    if (fault === 'after') throw new Error('the connection was lost');
    return appended;
  }

  readStream(...given: Parameters<EventStore['readStream']>): ReturnType<EventStore['readStream']> {
    return this.inner.readStream(...given);
  }
  readAll(...given: Parameters<EventStore['readAll']>): ReturnType<EventStore['readAll']> {
    return this.inner.readAll(...given);
  }
  subscribe(...given: Parameters<EventStore['subscribe']>): ReturnType<EventStore['subscribe']> {
    return this.inner.subscribe(...given);
  }
  async revisionOf(stream: string): Promise<number | 'none'> {
    return this.inner.revisionOf(stream);
  }
  async head(): ReturnType<EventStore['head']> {
    return this.inner.head();
  }
  async close(): Promise<void> {
    await this.inner.close();
  }
}

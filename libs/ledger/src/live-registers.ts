/** The registers in memory, read from their streams: what every decision looks things up in. */
import type { EventStore, Position, StoredEvent } from '#event-store/event-store.js';
import type { PolicyModel } from '#policy/model.js';
import { ACTIVITY_PREFIX, evolveActivity, initialActivity } from './activity/activity.state.js';
import { CONFERENCE_PREFIX, evolveConference, initialConference } from './conference/conference.state.js';
import { decode } from './encoding.js';
import type { Envelope } from './envelope.js';
import { POLICY_PREFIX, PolicyVersions, type LoadPolicy } from './policy/policy-versions.js';
import { evolveRecipient, initialRecipient, RECIPIENT_PREFIX } from './recipient/recipient.state.js';
import { Unavailable } from './refusals.js';
import type { PolicyInForce, Registered, RegisterKind, Registers, RegisterStates } from './registers.js';
import { evolveSource, initialSource, SOURCE_PREFIX } from './source/source.state.js';

/** Time as the registers' age is measured: it never runs backwards. */
export interface Timekeeper {
  /** Milliseconds since any moment. */
  elapsedMs(): number;
  /** Resolves after so many milliseconds; holds no process up. */
  after(ms: number): Promise<void>;
}

/** How far behind the log's head the registers may be when something is decided by them. */
export const STALE_AFTER_MS = 2_000;

type Folding = { readonly [K in RegisterKind]: { readonly prefix: string; readonly initial: RegisterStates[K]; evolve(state: RegisterStates[K], event: Envelope): RegisterStates[K] } };

/** How each kind of register is made from its stream. */
export const folding: Folding = {
  recipient: { prefix: RECIPIENT_PREFIX, initial: initialRecipient, evolve: evolveRecipient },
  conference: { prefix: CONFERENCE_PREFIX, initial: initialConference, evolve: evolveConference },
  source: { prefix: SOURCE_PREFIX, initial: initialSource, evolve: evolveSource },
  activity: { prefix: ACTIVITY_PREFIX, initial: initialActivity, evolve: evolveActivity },
};
export const REGISTER_PREFIXES: readonly string[] = [POLICY_PREFIX, ...Object.values(folding).map(({ prefix }) => prefix)];

type Kept = { readonly [K in RegisterKind]: Map<string, Registered<RegisterStates[K]>> };

export class LiveRegisters implements Registers {
  readonly #log: EventStore;
  readonly #time: Timekeeper;
  readonly #policies: PolicyVersions;
  readonly #kept: Kept = { recipient: new Map(), conference: new Map(), source: new Map(), activity: new Map() };
  /** Everything up to here has been looked at. */
  #seen: Position | undefined;
  #freshAtMs = Number.NEGATIVE_INFINITY;
  /** Under way, and the one that waits for it: never two at once. */
  #reading: Promise<void> | undefined;
  #next: Promise<void> | undefined;

  constructor(log: EventStore, load: LoadPolicy, time: Timekeeper) {
    this.#log = log;
    this.#policies = new PolicyVersions(load);
    this.#time = time;
  }

  /** Reads what is new up to the log's head. When it resolves, all that was acknowledged before the call is in. O(events since): the engine may have to pass over those of others. */
  refresh(): Promise<void> {
    if (this.#next !== undefined) return this.#next;
    if (this.#reading === undefined) return this.#read();
    // The one under way may have read the head before the caller's event was there. All who come meanwhile share the one after it.
    this.#next = this.#reading
      .catch(() => undefined)
      .then(() => {
        this.#next = undefined;
        return this.#read();
      });
    return this.#next;
  }

  /**
   * Takes what is new as soon as the log gives it, until `signal` aborts; how fresh that makes them `refresh` alone can tell, which then
   * finds little left to read. Rejects with what the log says.
   */
  async follow(signal: AbortSignal): Promise<void> {
    const after = this.#seen;
    for await (const message of this.#log.subscribe({ ...(after !== undefined && { after }), filter: { streamPrefixes: REGISTER_PREFIXES }, signal })) {
      if (message.kind === 'events') for (const event of message.events) await this.#take(event);
      else if (message.position !== undefined) this.#looked(message.position);
    }
  }

  /** Whether decisions are taken by them now. */
  isFresh(): boolean {
    return !this.#isStale();
  }

  freshened(): Promise<void> | undefined {
    return this.#isStale() ? this.#catchUp() : undefined;
  }

  registered<K extends RegisterKind>(kind: K, id: string): Registered<RegisterStates[K]> | undefined {
    return this.#kept[kind].get(id);
  }

  idsOf(kind: RegisterKind): readonly string[] {
    return [...this.#kept[kind].keys()].sort();
  }

  policyAt(controller: string, at: string): PolicyInForce | undefined {
    return this.#policies.at(controller, at);
  }

  newestPolicy(controller: string): PolicyInForce | undefined {
    return this.#policies.newest(controller);
  }

  everyPolicy(controller: string): readonly PolicyModel[] {
    return this.#policies.every(controller);
  }

  controllers(): readonly string[] {
    return this.#policies.controllers();
  }

  #isStale(): boolean {
    return this.#time.elapsedMs() - this.#freshAtMs > STALE_AFTER_MS;
  }

  async #catchUp(): Promise<void> {
    const refreshed = this.refresh().catch((cause: unknown) => {
      throw new Unavailable('the registers cannot be read', { cause });
    });
    await Promise.race([refreshed, this.#time.after(STALE_AFTER_MS)]);
    if (this.#isStale()) throw new Unavailable('the registers are behind the log; nothing is decided until they have caught up');
  }

  #read(): Promise<void> {
    this.#reading = this.#readOn().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  async #readOn(): Promise<void> {
    const beganMs = this.#time.elapsedMs();
    const head = await this.#log.head();
    if (head !== undefined && (this.#seen === undefined || head > this.#seen)) {
      const from = this.#seen === undefined ? {} : { from: this.#seen };
      for await (const batch of this.#log.readAll({ ...from, filter: { streamPrefixes: REGISTER_PREFIXES } }))
        for (const event of batch) if (this.#seen === undefined || event.position > this.#seen) await this.#take(event);
      this.#looked(head);
    }
    this.#freshAtMs = beganMs;
  }

  #looked(position: Position): void {
    if (this.#seen === undefined || position > this.#seen) this.#seen = position;
  }

  async #take(event: StoredEvent): Promise<void> {
    if (event.stream.startsWith(POLICY_PREFIX)) await this.#policies.take(event);
    else for (const kind of KINDS) if (event.stream.startsWith(folding[kind].prefix)) fold(this.#kept, kind, event);
    this.#looked(event.position);
  }
}

const KINDS = Object.keys(folding) as readonly RegisterKind[];

function fold<K extends RegisterKind>(kept: Kept, kind: K, event: StoredEvent): void {
  const { prefix, initial, evolve } = folding[kind];
  const id = event.stream.slice(prefix.length);
  const known = kept[kind].get(id);
  // An event that could not be taken whole the last time is read again.
  if (known !== undefined && known.register.revision >= event.revision) return;
  kept[kind].set(id, { state: evolve(known?.state ?? initial, decode(event)), register: { stream: event.stream, revision: event.revision } });
}

/** The policy registers in memory, fed from their streams: what every decision reads. */
import type { EventStore, Position, StoredEvent } from '#event-store/event-store.js';
import { versionInForce, type PolicyModel } from '#policy/model.js';
import { decode } from '../encoding.js';
import type { PolicyInForce, Registers } from '../registers.js';
import type { PolicyVersionPublished } from './policy.events.js';

export const POLICY_PREFIX = 'policy-';
export const policyStream = (controller: string): string => `${POLICY_PREFIX}${controller}`;

/** Turns the published document (from the vault's texts, by hash) into the model; rejects when it is missing or not readable. */
export type LoadPolicy = (document: string) => Promise<PolicyModel>;

export class PolicyRegisters implements Registers {
  readonly #published = new Map<string, PolicyInForce[]>();
  readonly #load: LoadPolicy;
  #position: Position | undefined;

  constructor(load: LoadPolicy) {
    this.#load = load;
  }

  /** Reads all that is published and not yet known. O(policy events), found through the log's filter. */
  async refresh(log: EventStore): Promise<void> {
    const filter = { streamPrefixes: [POLICY_PREFIX] };
    for await (const batch of log.readAll({ ...(this.#position !== undefined && { from: this.#position }), filter })) for (const event of batch) await this.#take(event);
  }

  /** Follows the registers until `signal` aborts. */
  async follow(log: EventStore, signal: AbortSignal): Promise<void> {
    const after = this.#position === undefined ? {} : { after: this.#position };
    for await (const message of log.subscribe({ ...after, filter: { streamPrefixes: [POLICY_PREFIX] }, signal }))
      if (message.kind === 'events') for (const event of message.events) await this.#take(event);
  }

  policyAt(controller: string, at: string): PolicyInForce | undefined {
    const versions = this.#published.get(controller) ?? [];
    if (versions.length === 0) return undefined;
    const model = versionInForce(
      versions.map((version) => version.model),
      at,
    );
    return versions.find((version) => version.model === model);
  }

  newestPolicy(controller: string): PolicyInForce | undefined {
    return this.#published.get(controller)?.at(-1);
  }

  everyPolicy(controller: string): readonly PolicyModel[] {
    return (this.#published.get(controller) ?? []).map(({ model }) => model);
  }

  controllers(): readonly string[] {
    return [...this.#published.keys()].sort();
  }

  async #take(event: StoredEvent): Promise<void> {
    if (this.#position !== undefined && event.position <= this.#position) return;
    this.#position = event.position;
    const data = decode(event).data as PolicyVersionPublished;
    const controller = event.stream.slice(POLICY_PREFIX.length);
    const model = await this.#load(data.document);
    const versions = this.#published.get(controller) ?? [];
    this.#published.set(controller, [...versions, { model, register: { stream: event.stream, revision: event.revision } }]);
  }
}

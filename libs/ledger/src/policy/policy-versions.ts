/** The published policies in memory. */
import type { StoredEvent } from '#event-store/event-store.js';
import { versionInForce, type PolicyModel } from '#policy/model.js';
import { decode } from '../encoding.js';
import type { PolicyInForce } from '../registers.js';
import type { PolicyVersionPublished } from './policy.events.js';

export const POLICY_PREFIX = 'policy-';
export const policyStream = (controller: string): string => `${POLICY_PREFIX}${controller}`;

/** Turns the published document (from the vault's texts, by hash) into the model; rejects when it is missing or not readable. */
export type LoadPolicy = (document: string) => Promise<PolicyModel>;

/** What each controller has published, read from its stream. */
export class PolicyVersions {
  readonly #published = new Map<string, PolicyInForce[]>();
  readonly #load: LoadPolicy;

  constructor(load: LoadPolicy) {
    this.#load = load;
  }

  /** Rejects when the document cannot be read; the event may be given again then. */
  async take(event: StoredEvent): Promise<void> {
    const data = decode(event).data as PolicyVersionPublished;
    const controller = event.stream.slice(POLICY_PREFIX.length);
    if (this.#has(controller, event.revision)) return;
    const model = await this.#load(data.document);
    // The same event may have been taken from elsewhere meanwhile.
    if (this.#has(controller, event.revision)) return;
    this.#published.set(controller, [...(this.#published.get(controller) ?? []), { model, register: { stream: event.stream, revision: event.revision } }]);
  }

  #has(controller: string, revision: number): boolean {
    return (this.#published.get(controller) ?? []).some(({ register }) => register.revision >= revision);
  }

  at(controller: string, at: string): PolicyInForce | undefined {
    const versions = this.#published.get(controller) ?? [];
    if (versions.length === 0) return undefined;
    const model = versionInForce(
      versions.map((version) => version.model),
      at,
    );
    return versions.find((version) => version.model === model);
  }

  newest(controller: string): PolicyInForce | undefined {
    return this.#published.get(controller)?.at(-1);
  }

  every(controller: string): readonly PolicyModel[] {
    return (this.#published.get(controller) ?? []).map(({ model }) => model);
  }

  controllers(): readonly string[] {
    return [...this.#published.keys()].sort();
  }
}

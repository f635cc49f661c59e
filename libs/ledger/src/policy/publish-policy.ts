/** A policy version is published: its document and texts are kept whole in the vault, and each controller in it gets the event. */
import { WrongExpectedRevision, type EventStore } from '#event-store/event-store.js';
import { RULES_VERSION } from '#law/data/rules-version.js';
import type { PolicyModel } from '#policy/model.js';
import type { Vault } from '#vault/vault.js';
import { derivedEventIdText, uuidV8OfHex } from '#audit/event-id.js';
import { decode, encode } from '../encoding.js';
import type { Envelope } from '../envelope.js';
import { Refusal } from '../refusals.js';
import type { PolicyVersionPublished } from './policy.events.js';
import { policyStream } from './policy-versions.js';

export interface Publication {
  readonly model: PolicyModel;
  /** The whole document, and every notice and wording in it. */
  readonly texts: readonly string[];
  /** SHA-256 (hex) of the whole document. */
  readonly document: string;
}

/**
 * Publishes what is not published yet; gives the controllers it was published for. The same document again changes nothing; another
 * document under a published version is refused (`AlreadyPublished`).
 */
export async function publishPolicy(log: EventStore, vault: Vault, publication: Publication, now: string): Promise<readonly string[]> {
  try {
    return await publishOnce(log, vault, publication, now);
  } catch (fault) {
    // Another node published in between: what is left to do is seen anew.
    if (!(fault instanceof WrongExpectedRevision)) throw fault;
    return publishOnce(log, vault, publication, now);
  }
}

async function publishOnce(log: EventStore, vault: Vault, { model, texts, document }: Publication, now: string): Promise<readonly string[]> {
  const due: { readonly controller: string; readonly revision: number }[] = [];
  for (const { id: controller } of model.policy.controllers) {
    const earlier: Envelope[] = [];
    for await (const batch of log.readStream(policyStream(controller))) earlier.push(...batch.map(decode));
    const same = earlier.find((event) => (event.data as PolicyVersionPublished).policyVersion === model.version);
    if (same !== undefined && (same.data as PolicyVersionPublished).document !== document) throw new Refusal('AlreadyPublished');
    if (same === undefined) due.push({ controller, revision: earlier.length });
  }
  // What is refused leaves no text behind: a published text is never erased.
  for (const text of texts) await vault.putText(text);
  for (const { controller, revision } of due) {
    const stream = policyStream(controller);
    const id = uuidV8OfHex(vault.commandHmac(derivedEventIdText(`${controller}/${model.version}`, 'publish-policy'), 'hex'));
    const envelope: Envelope = {
      id,
      type: 'PolicyVersionPublished',
      version: 1,
      stream,
      revision,
      controller,
      occurredAt: now,
      recordedAt: now,
      system: 'liggare',
      correlationId: id,
      rules: RULES_VERSION,
      data: { policyVersion: model.version, publishedOn: model.policy.publishedOn, effectiveFromAt: model.effectiveFromAt, document },
    };
    await log.append({ stream, expected: revision === 0 ? 'none' : revision - 1, events: [encode(envelope)] });
  }
  return due.map(({ controller }) => controller);
}

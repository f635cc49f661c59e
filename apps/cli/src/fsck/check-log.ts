/** The log's own order, and that each sealed slot has the value that it commits to. One pass; costs an opening for each value. */
import { createHash } from 'node:crypto';
import { NotCanonical, parseCanonical } from '#audit/canonical.js';
import { commitment } from '#audit/commitment.js';
import type { EventStore, StoredEvent } from '#event-store/event-store.js';
import { rankOf } from '#event-store/rank.js';
import { decode, UnreadableEvent } from '#ledger/encoding.js';
import type { Envelope } from '#ledger/envelope.js';
import type { SealedRef, Vault } from '#vault/vault.js';
import type { Finding, Findings } from './findings.js';
import { IdSet } from './id-set.js';

export interface LogChecked {
  readonly events: number;
  readonly streams: number;
  readonly values: number;
  /** Of them, with a recorded destruction. */
  readonly erased: number;
  readonly ids: IdSet;
  /** Slots whose value does not open; the vault says why. */
  readonly unopened: readonly SealedRef[];
}

interface StreamEnd {
  revision: number;
  recordedAt: string;
}

/** Values opened together. */
const TOGETHER = 500;

export interface LogToCheck {
  readonly log: EventStore;
  readonly vault: Vault;
  /** Its positions are not its events' ranks: a gap between two says nothing. */
  readonly hasGaps: boolean;
}

export async function checkLog({ log, vault, hasGaps }: LogToCheck, findings: Findings, onProgress: (events: number) => void): Promise<LogChecked> {
  const pass = new LogPass(vault, findings, hasGaps);
  try {
    for await (const batch of log.readAll()) {
      for (const event of batch) await pass.take(event);
      onProgress(pass.events);
    }
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    findings.add({ where: 'log', code: 'unreadable', detail: `the log cannot be read on: ${error.message}`, ...(pass.position !== undefined && { position: pass.position }) });
  }
  await pass.openWaiting();
  return pass;
}

class LogPass implements LogChecked {
  events = 0;
  values = 0;
  erased = 0;
  position: string | undefined;
  readonly ids = new IdSet();
  readonly #placed = new IdSet();
  readonly unopened: SealedRef[] = [];
  readonly #streams = new Map<string, StreamEnd>();
  readonly #waiting: { readonly ref: SealedRef; readonly commitment: string }[] = [];
  #vaultFailed = false;

  constructor(
    private readonly vault: Vault,
    private readonly findings: Findings,
    private readonly hasGaps: boolean,
  ) {}

  get streams(): number {
    return this.#streams.size;
  }

  async take(event: StoredEvent): Promise<void> {
    this.#checkPosition(event);
    this.events++;
    this.position = event.position;
    this.ids.add(event.id);
    // Within a stream: a sender that uses one command id for two people gives their events one id, and that is no fault of the log.
    if (!this.#placed.add(event.id, event.stream)) this.#fault(event, 'id-twice', 'an event of this id stands earlier in the stream');
    const envelope = this.#envelopeOf(event);
    this.#checkOrder(event, envelope);
    if (envelope?.type === 'PolicyVersionPublished') await this.#checkDocument(event, envelope);
    for (const { slot, holding, commitment: expected } of envelope?.sealed ?? []) this.#waiting.push({ ref: { event: event.id, slot, holding }, commitment: expected });
    if (this.#waiting.length >= TOGETHER) await this.openWaiting();
  }

  /** Opens what the last events spoke of, and compares salt and value with the commitment. */
  async openWaiting(): Promise<void> {
    const batch = this.#waiting.splice(0);
    this.values += batch.length;
    if (this.#vaultFailed || batch.length === 0) return;
    try {
      const opened = await this.vault.open(batch.map(({ ref }) => ref));
      for (const [i, { ref, commitment: expected }] of batch.entries()) {
        const value = opened[i];
        if (value?.kind === 'erased') this.erased++;
        else if (value?.kind !== 'opened') this.unopened.push(ref);
        else if (commitment(sha256, value.salt, value.text) !== expected)
          this.findings.add({ where: 'vault', code: 'commitment', detail: 'salt and value do not give the commitment in the log', event: ref.event, slot: ref.slot });
      }
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      this.#vaultFailed = true;
      this.findings.add({ where: 'vault', code: 'unreadable', detail: `the vault cannot be read: ${error.message}` });
    }
  }

  /** Decisions are explained by the policy of their day: its document is kept whole, and never erased. */
  async #checkDocument({ id }: StoredEvent, { data }: Envelope): Promise<void> {
    const document = 'document' in data ? String(data['document']) : '';
    try {
      if ((await this.vault.text(document)) === undefined) this.findings.add({ where: 'vault', code: 'lost', detail: 'the published policy is gone', event: id });
    } catch {
      this.findings.add({ where: 'vault', code: 'broken', detail: 'the published policy is not what was published', event: id });
    }
  }

  #checkPosition(event: StoredEvent): void {
    if (this.hasGaps) {
      if (this.position !== undefined && event.position <= this.position) this.#fault(event, 'gap', 'it does not stand after the event that was read before it');
      return;
    }
    const rank = rankOf(event.position);
    const next = this.position === undefined ? 0 : rankOf(this.position) + 1;
    if (rank !== next) this.#fault(event, 'gap', `${rank - next} events are missing before this one`);
  }

  #envelopeOf(event: StoredEvent): Envelope | undefined {
    try {
      parseCanonical(event.data);
      return decode(event);
    } catch (error) {
      if (error instanceof NotCanonical) this.#fault(event, 'not-canonical', error.message);
      else if (error instanceof UnreadableEvent) this.#fault(event, 'envelope', error.message);
      else this.#fault(event, 'envelope', 'the envelope does not have its form');
      return undefined;
    }
  }

  #checkOrder(event: StoredEvent, envelope: Envelope | undefined): void {
    const end = this.#streams.get(event.stream);
    const next = end === undefined ? 0 : end.revision + 1;
    if (event.revision !== next) this.#fault(event, 'revision', `the stream goes on at ${event.revision}, not at ${next}`);
    const recordedAt = envelope?.recordedAt ?? end?.recordedAt ?? '';
    if (end === undefined) this.#streams.set(event.stream, { revision: event.revision, recordedAt });
    else {
      if (recordedAt < end.recordedAt) this.#fault(event, 'time-runs-back', 'it was recorded before the event that precedes it in its stream');
      end.revision = event.revision;
      end.recordedAt = recordedAt > end.recordedAt ? recordedAt : end.recordedAt;
    }
  }

  #fault({ position, stream, revision, id }: StoredEvent, code: Finding['code'], detail: string): void {
    this.findings.add({ where: 'log', code, detail, position, stream, revision, event: id });
  }
}

function sha256(data: Uint8Array): Uint8Array {
  return createHash('sha256').update(data).digest();
}

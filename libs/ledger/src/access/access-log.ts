/**
 * Who opened whose values, for what purpose, in which case: one stream a UTC day and process, appended in batches. Values leave only
 * after their line is appended (`architecture.md` §2); a line that cannot be appended keeps them in.
 */
import { canonical } from '#audit/canonical.js';
import { derivedEventIdText, uuidV8OfHex } from '#audit/event-id.js';
import { RULES_VERSION } from '#law/data/rules-version.js';
import { StoreStopped, StoreUnavailable, WrongExpectedRevision, type EventStore } from '#event-store/event-store.js';
import { VaultUnavailable } from '#vault/unusable.js';
import type { ToSeal, Vault, VaultWrite } from '#vault/vault.js';
import { encode } from '../encoding.js';
import type { Envelope } from '../envelope.js';
import { Unavailable } from '../refusals.js';
import type { AccessPurpose, accessEvents } from './access.events.js';

export interface AccessLine {
  readonly type: keyof typeof accessEvents;
  readonly data: Readonly<Record<string, unknown>> & { readonly purpose: AccessPurpose };
  readonly actor: string;
  readonly system: string;
  readonly now: string;
  /** The case it was opened for; sealed. */
  readonly case?: string;
}

interface Waiting {
  readonly line: AccessLine;
  readonly done: () => void;
  readonly failed: (fault: unknown) => void;
}

export class AccessLog {
  readonly #log: EventStore;
  readonly #vault: Vault;
  readonly #writer: string;
  readonly #revisions = new Map<string, number>();
  /** Each line of this process is told under an id of its own, whatever became of the ones before. */
  #lines = 0;
  #recordedAt = '';
  readonly #waiting: Waiting[] = [];
  #running: Promise<void> | undefined;

  /** `writer`: a UUID of this process start; the ids of its lines follow from it, since no command stands behind them. */
  constructor(parts: { log: EventStore; vault: Vault; writer: string }) {
    this.#log = parts.log;
    this.#vault = parts.vault;
    this.#writer = parts.writer;
  }

  /** Resolves when the line is durable; rejects with `Unavailable`: then nothing may be shown. */
  record(line: AccessLine): Promise<void> {
    return new Promise((done, failed) => {
      this.#waiting.push({ line, done, failed });
      this.#running ??= this.#drain();
    });
  }

  async #drain(): Promise<void> {
    while (this.#waiting.length > 0) {
      const day = this.#waiting[0]?.line.now.slice(0, 10) ?? '';
      const end = this.#waiting.findIndex(({ line }) => line.now.slice(0, 10) !== day);
      const batch = this.#waiting.splice(0, Math.min(end === -1 ? this.#waiting.length : end, 200));
      try {
        await this.#append(`access-${day}-${this.#writer}`, batch).catch((fault: unknown) => {
          // Nobody else writes here: an append that was given up for lost has been written since.
          if (fault instanceof WrongExpectedRevision) return this.#append(`access-${day}-${this.#writer}`, batch);
          throw fault;
        });
        for (const { done } of batch) done();
      } catch (fault) {
        const reason = fault instanceof StoreStopped || fault instanceof StoreUnavailable || fault instanceof VaultUnavailable ? new Unavailable(fault.message, { cause: fault }) : fault;
        for (const { failed } of batch) failed(reason);
      }
    }
    this.#running = undefined;
  }

  async #append(stream: string, batch: readonly Waiting[]): Promise<void> {
    const last = this.#revisions.get(stream) ?? (await this.#log.revisionOf(stream));
    const first = last === 'none' ? 0 : last + 1;
    const ids = batch.map((_, i) => uuidV8OfHex(this.#vault.commandHmac(derivedEventIdText(this.#writer, `${stream}:${this.#lines + i}`), 'hex')));
    this.#lines += batch.length;
    const toSeal = batch.flatMap(({ line }, i): readonly ToSeal[] =>
      line.case === undefined ? [] : [{ event: ids[i] ?? '', slot: 'case', holding: stream, owner: stream, text: canonical(line.case) }],
    );
    const sealed = toSeal.length === 0 ? [] : await this.#vault.seal(toSeal);
    let next = 0;
    const events = batch.map(({ line }, i): Envelope => {
      if (line.now > this.#recordedAt) this.#recordedAt = line.now;
      const id = ids[i] ?? '';
      return {
        id,
        type: line.type,
        version: 1,
        stream,
        revision: first + i,
        occurredAt: line.now,
        recordedAt: this.#recordedAt,
        actor: line.actor,
        system: line.system,
        correlationId: id,
        rules: RULES_VERSION,
        data: line.data,
        ...(line.case !== undefined && { sealed: [{ slot: 'case', holding: stream, category: 'case-reference', commitment: sealed[next++]?.commitment ?? '' }] }),
      };
    });
    const writes: readonly VaultWrite[] = sealed.flatMap((one) => one.writes);
    const append = { stream, expected: last, events: events.map(encode) };
    try {
      await (writes.length === 0 ? this.#log.append(append) : this.#vault.commit(writes, append));
      this.#revisions.set(stream, first + events.length - 1);
    } catch (fault) {
      this.#revisions.delete(stream);
      throw fault;
    }
  }
}

/** One command is sent several times, to several nodes, each copy under a correlation of its own: so the log tells whose was written. */
import type { StoredEvent } from '#event-store/event-store.js';
import { decode } from '#ledger/encoding.js';
import type { CommandAnswer } from '../crash/journal.js';

export class Copies {
  readonly #sent = new Map<string, Set<string>>();
  readonly #recorded = new Map<string, { readonly correlation: string; readonly events: readonly string[]; readonly verdict: unknown }>();
  readonly faults: string[] = [];

  send(id: string, correlation: string): void {
    const sent = this.#sent.get(id);
    if (sent === undefined) this.#sent.set(id, new Set([correlation]));
    else sent.add(correlation);
  }

  /** Whoever is told `recorded` wrote it: of all copies, one. */
  answer(id: string, correlation: string, { status, events = [], ...rest }: CommandAnswer): void {
    if (status !== 'recorded') return;
    const earlier = this.#recorded.get(id);
    if (earlier !== undefined) this.faults.push(`${id}: two of its copies were answered "recorded"`);
    else this.#recorded.set(id, { correlation, events: events.map((event) => event.id), verdict: 'verdict' in rest ? rest.verdict : undefined });
  }

  /** The log holds what the copy said that was answered. */
  inLog(events: ReadonlyMap<string, StoredEvent>): readonly string[] {
    const faults: string[] = [];
    for (const [id, { correlation, events: told, verdict }] of this.#recorded) {
      const stored = told.flatMap((event) => events.get(event) ?? []).map(decode);
      if (stored.some(({ correlationId }) => correlationId !== correlation)) faults.push(`${id}: the log holds another copy than the one that was answered "recorded"`);
      const stands = stored.map((envelope) => envelope.verdict);
      const worst = stands.includes('unjustified') ? 'unjustified' : stands.includes('justified') ? 'justified' : undefined;
      if (verdict !== worst) faults.push(`${id}: the log holds another verdict than the one that was answered`);
    }
    return faults;
  }

  get repeated(): number {
    return [...this.#sent.values()].filter(({ size }) => size > 1).length;
  }
}

/** A log of forty lines for the vault's own tests: streams with revisions, and a participant in the writer's place. */
import { type Appended, type AppendRequest, RiderRefused, WrongExpectedRevision } from '#event-store/event-store.js';
import type { WriterParticipant } from '#event-store/writer-participant.js';
import type { VaultWriter } from './sqlite/sqlite-vault.js';

export class SpecLog {
  readonly #streams = new Map<string, string[]>();

  async append(request: AppendRequest): Promise<Appended> {
    return this.check(request) ?? this.write(request);
  }

  /** No vault of these specs stands beside a log that was there first. */
  async head(): Promise<undefined> {
    return undefined;
  }

  has(event: string): boolean {
    return this.#streams.values().some((ids) => ids.includes(event));
  }

  /** What the log says without writing: the first outcome, or nothing. */
  check({ stream, expected, events }: AppendRequest): Appended | undefined {
    const ids = this.#streams.get(stream) ?? [];
    const at = expected === 'none' ? 0 : expected === 'any' ? ids.length : expected + 1;
    const there = ids.slice(at, at + events.length);
    if (there.length > 0 && there.every((id, i) => id === events[i]?.id) && there.length === events.length) {
      return { revision: at + events.length - 1, positions: events.map((_, i) => String(at + i)), repeated: true };
    }
    if (at !== ids.length) throw new WrongExpectedRevision(stream, expected, ids.length === 0 ? 'none' : ids.length - 1);
    return undefined;
  }

  write({ stream, events }: AppendRequest): Appended {
    const ids = this.#streams.get(stream) ?? [];
    this.#streams.set(stream, [...ids, ...events.map(({ id }) => id)]);
    return { revision: ids.length + events.length - 1, positions: events.map((_, i) => String(ids.length + i)), repeated: false };
  }
}

/** Groups of whatever came in one turn, as the writer thread makes them; the log is asked before the participant. */
export class SpecWriter implements VaultWriter {
  readonly #tasks: (() => void)[] = [];
  #groups = 0;

  constructor(
    private readonly log: SpecLog,
    private readonly participant: WriterParticipant,
  ) {}

  get groups(): number {
    return this.#groups;
  }

  async append(request: AppendRequest): Promise<Appended> {
    return this.#inGroup(() => this.log.check(request) ?? (this.#take(request.rider), this.log.write(request)));
  }

  async ride(rider: unknown): Promise<void> {
    return this.#inGroup(() => this.#take(rider));
  }

  async run(job: unknown): Promise<unknown> {
    await new Promise(setImmediate);
    return this.participant.run(structuredClone(job));
  }

  close(): void {
    this.participant.close();
  }

  #take(rider: unknown): void {
    const cloned: unknown = structuredClone(rider);
    const reason = this.participant.check(cloned);
    if (reason !== undefined) throw new RiderRefused(reason);
    this.participant.apply(cloned);
  }

  async #inGroup<T>(task: () => T): Promise<T> {
    return new Promise((resolve, reject) => {
      if (this.#tasks.length === 0) setImmediate(() => this.#commit());
      this.#tasks.push(() => {
        try {
          const result = task();
          setImmediate(() => resolve(result));
        } catch (error) {
          setImmediate(() => reject(error));
        }
      });
    });
  }

  #commit(): void {
    this.#groups++;
    this.participant.begin();
    for (const task of this.#tasks.splice(0)) task();
    this.participant.commit();
  }
}

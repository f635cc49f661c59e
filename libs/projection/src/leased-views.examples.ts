/** Views in memory with leases, as several processes on one store see them; its clock and its faults are the test's. */
import { MemoryViewStore } from './memory-view-store.js';
import { LeaseLost, ViewsUnavailable } from './view.js';
import type { FetchedRow, LeasedViewStore, RowRef, View, ViewCommit, ViewProgress } from './view.js';
import type { Position } from '#event-store/event-store.js';

interface Lease {
  holder: string | undefined;
  epoch: number;
  until: number;
}

export class ExampleLeases extends MemoryViewStore implements LeasedViewStore {
  readonly #leases = new Map<string, Lease>();
  readonly #serveFrom = new Map<string, Position | undefined>();
  readonly #views = new Set<string>();
  /** What was asked and written, in order. */
  readonly renewals: string[] = [];
  commits = 0;
  /** Views that were written while leased, and not under their lease. */
  readonly unfenced: string[] = [];
  /** Of these holders no lease is renewed: their network is cut, as far as leases go. */
  readonly cutOff = new Set<string>();
  /** The whole store is away. */
  isAway = false;
  /** A commit waits here before it is looked at, a fetch before it is answered. */
  beforeCommit: () => Promise<void> = async () => {};
  beforeFetch: () => Promise<void> = async () => {};

  constructor(private readonly clock: () => number = () => performance.now()) {
    super();
  }

  override async prepare(views: readonly View[], serveFrom?: Position): Promise<void> {
    this.#reach();
    await super.prepare(views);
    for (const { name } of views) {
      if (this.#views.has(name)) continue;
      this.#views.add(name);
      this.#serveFrom.set(name, serveFrom);
    }
  }

  override async reset(view: View, serveFrom?: Position): Promise<void> {
    this.#reach();
    await super.reset(view);
    this.#serveFrom.set(view.name, serveFrom);
    const lease = this.#leases.get(view.name);
    if (lease) lease.epoch += 1;
  }

  override async commit(commits: readonly ViewCommit[]): Promise<void> {
    await this.beforeCommit();
    this.#reach();
    for (const { view, epoch } of commits) {
      if (epoch !== undefined && this.#leases.get(view)?.epoch !== epoch) throw new LeaseLost(view);
      if (epoch === undefined && this.#leases.has(view)) this.unfenced.push(view);
    }
    this.commits += 1;
    await super.commit(commits);
  }

  override async fetch(refs: readonly RowRef[]): Promise<readonly FetchedRow[]> {
    await this.beforeFetch();
    return super.fetch(refs);
  }

  async lease(holder: string, views: readonly string[], ttlMs: number): Promise<ReadonlyMap<string, number>> {
    this.#reach();
    if (this.cutOff.has(holder)) throw new ViewsUnavailable('the store cannot be reached');
    this.renewals.push(holder);
    const now = this.clock();
    const held = new Map<string, number>();
    for (const view of views) {
      const lease = this.#leases.get(view) ?? { holder: undefined, epoch: 0, until: -1 };
      this.#leases.set(view, lease);
      const isLive = lease.until > now;
      if (isLive && lease.holder !== holder) continue;
      if (!isLive || lease.holder !== holder) lease.epoch += 1;
      Object.assign(lease, { holder, until: now + ttlMs });
      held.set(view, lease.epoch);
    }
    return held;
  }

  async release(holder: string): Promise<void> {
    this.#reach();
    for (const lease of this.#leases.values()) if (lease.holder === holder) Object.assign(lease, { holder: undefined, until: -1, epoch: lease.epoch + 1 });
  }

  async progress(): Promise<readonly ViewProgress[]> {
    this.#reach();
    return Promise.all(
      [...this.#views].map(async (view) => {
        const [checkpoint, from] = [await this.checkpoint(view), this.#serveFrom.get(view)];
        return { view, checkpoint, isServing: checkpoint !== undefined && (from === undefined || checkpoint >= from) };
      }),
    );
  }

  #reach(): void {
    if (this.isAway) throw new ViewsUnavailable('the store is away');
  }
}

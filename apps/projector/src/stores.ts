/** Where this process finds log and views: the one place that knows engines. It opens no vault and has no keys: views hold no values. */
import { openEsdbEventStore } from '#event-store/esdb/esdb-event-store.js';
import type { EventStore } from '#event-store/event-store.js';
import { requireOwnLog } from '#ledger/reconcile.js';
import type { ProjectorConfiguration } from '#nest/configuration.js';
import { openPostgresViews } from '#projection/postgres-view-store.js';
import type { FollowingReader, LeasedViewStore } from '#projection/view.js';

export interface ProjectorStores {
  /** Rejects with `StoreUnavailable` while the log is away: it is tried again. With anything else: the start ends. */
  openLog(configuration: ProjectorConfiguration): Promise<EventStore>;
  /** The same, with `ViewsUnavailable`. */
  openViewStore(configuration: ProjectorConfiguration): Promise<LeasedViewStore & FollowingReader>;
}

export const stores: ProjectorStores = {
  openLog: async ({ log: { url } }) => {
    const log = await openEsdbEventStore({ url });
    try {
      // Before a table is made: a view would stop at an event of somebody else's, and all of them would be fed for nothing.
      await requireOwnLog(log);
      return log;
    } catch (error) {
      await log.close();
      throw error;
    }
  },
  openViewStore: ({ views: { url } }) => openPostgresViews(url),
};

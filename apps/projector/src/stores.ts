/** Where this process finds log and views: the one place that knows engines. It opens no vault and has no keys: views hold no values. */
import type { EventStore } from '#event-store/event-store.js';
import { ConfigurationFault, type Configuration } from '#nest/configuration.js';
import type { FollowingReader, LeasedViewStore } from '#projection/view.js';

export interface ProjectorStores {
  /** Rejects with `StoreUnavailable` while the log is away: it is tried again. With anything else: the start ends. */
  openLog(configuration: Configuration): Promise<EventStore>;
  /** The same, with `ViewsUnavailable`. */
  openViewStore(configuration: Configuration): Promise<LeasedViewStore & FollowingReader>;
}

export const stores: ProjectorStores = {
  openLog: async () => refuse(),
  openViewStore: async () => refuse(),
};

function refuse(): never {
  throw new ConfigurationFault('a projector of its own needs a log and views that processes share: LIGGARE_LOG=esdb://… and LIGGARE_VIEWS=postgres://…; on the embedded engines the server feeds the views itself');
}

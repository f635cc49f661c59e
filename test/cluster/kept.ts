/** What has to hold of the stores behind a cluster, read beside its nodes. Each fault is a sentence without values. */
import type { StoredEvent } from '#event-store/event-store.js';
import { views } from '#ledger/views.js';
import { readConfiguration, type Configuration } from '#nest/configuration.js';
import type { Stores } from '#nest/opened-stores.js';
import { openStoresReadOnly } from '#nest/stores.js';
import { MemoryViewStore } from '#projection/memory-view-store.js';
import { openPostgresViewsReadOnly } from '#projection/postgres-view-store.js';
import { rebuild } from '#projection/rebuild.js';
import { areAt, differences, inOrder, sealedValues } from '../crash/verify.js';
import { until } from './asking.js';
import type { Cluster } from './cluster.js';

/** Opens log and vault as a node does, asks, and closes them again. */
export async function reading<T>({ env }: Pick<Cluster, 'env'>, asking: (stores: Stores, configuration: Configuration) => Promise<T>): Promise<T> {
  // The driver warns of a keep-alive as short as some tests have it.
  const configuration = readConfiguration({ ...env, LIGGARE_LOG: env['LIGGARE_LOG']?.replace(/&keepAlive\w+=\d+/g, '') });
  const stores = await openStoresReadOnly(configuration);
  try {
    return await asking(stores, configuration);
  } finally {
    await stores.close();
  }
}

export async function eventsIn({ log }: Pick<Stores, 'log'>, streamPrefixes?: readonly string[]): Promise<readonly StoredEvent[]> {
  const events: StoredEvent[] = [];
  for await (const batch of log.readAll(streamPrefixes === undefined ? {} : { filter: { streamPrefixes } })) events.push(...batch);
  return events;
}

/** No gap and nothing twice in the log, every sealed value opens and fits its commitment, and rows and checkpoints are those of a rebuild. */
export function faultsIn(cluster: Pick<Cluster, 'env'>): Promise<readonly string[]> {
  return reading(cluster, async (stores, configuration) => {
    const events = await eventsIn(stores);
    return [...inOrder(events), ...(await sealedValues(events, stores.vault)), ...(await viewFaults(stores, configuration))];
  });
}

async function viewFaults({ log }: Stores, { views: { ...engine } }: Configuration): Promise<readonly string[]> {
  if (engine.engine !== 'postgres') throw new Error('the views of a cluster are in PostgreSQL');
  const live = await openPostgresViewsReadOnly(engine.url, views);
  try {
    const head = await log.head();
    await until('the views are where the log is', () => areAt(live, head));
    const fresh = new MemoryViewStore();
    const { faults } = await rebuild({ store: log, views, viewStore: fresh });
    return [...faults.map(({ view }) => `the view ${view} stopped at an event`), ...(await differences(views.flatMap(({ tables }) => tables), live, fresh))];
  } finally {
    await live.close();
  }
}

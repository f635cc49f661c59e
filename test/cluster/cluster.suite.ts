import { afterAll, beforeAll, describe } from '@jest/globals';
import { isLeftOut } from '#postgres/postgres.suite.js';
import { Cluster, type ClusterSize } from './cluster.js';

/** Every wait in these tests is for something that comes about; the limit is for what never does. */
export const LONG = 180_000;

/**
 * A `describe` with a whole ledger on servers, there before its tests. Where there is no PostgreSQL its one entry says so, and counts as left out.
 * `size`: asked for when the tests begin; what it opens is closed by its `stop`.
 */
export function describeCluster(name: string, size: ClusterSize | (() => Promise<ClusterSize & { readonly stop: () => Promise<void> }>), body: (cluster: () => Cluster) => void): void {
  describe(name, () => {
    if (isLeftOut()) return;
    let cluster: Cluster | undefined;
    let stop = async (): Promise<void> => undefined;
    beforeAll(async () => {
      let wanted: ClusterSize;
      if (typeof size === 'function') ({ stop, ...wanted } = await size());
      else wanted = size;
      const started = await Cluster.start(wanted);
      if ('notRun' in started) throw new Error(`not run: PostgreSQL (${started.notRun})`);
      cluster = started;
    }, LONG);
    afterAll(async () => {
      await cluster?.stop();
      await stop();
    }, LONG);
    body(() => {
      if (cluster === undefined) throw new Error('the cluster is started before the tests');
      return cluster;
    });
  });
}

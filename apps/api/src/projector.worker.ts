/** The thread that feeds the views (`startProjectorThread`). */
import 'reflect-metadata';
import { parentPort, workerData } from 'node:worker_threads';
import { openSqliteEventStoreReadOnly } from '#event-store/sqlite/sqlite-event-store.js';
import { views } from '#ledger/views.js';
import { hostProjector } from '#projection/projector.host.js';
import { startProjector } from '#projection/projector.js';
import { rebuild } from '#projection/rebuild.js';
import { openSqliteViews } from '#projection/sqlite-view-store.js';
import type { ProjectorTask } from './hosted-projection.js';

const { logFile, viewsFile, anew } = workerData as ProjectorTask;

if (parentPort !== null)
  await hostProjector(parentPort, async (hooks) => {
    const store = await openSqliteEventStoreReadOnly({ file: logFile });
    const viewStore = openSqliteViews(viewsFile);
    if (anew) await rebuild({ store, views, viewStore });
    const projector = await startProjector({ store, views, viewStore, ...hooks });
    return {
      position: (view) => projector.position(view),
      standings: () => projector.standings(),
      waitFor: (position, timeoutMs, view) => projector.waitFor(position, timeoutMs, view),
      lag: () => projector.lag(),
      close: async () => {
        await projector.close();
        await viewStore.close();
        await store.close();
      },
    };
  });

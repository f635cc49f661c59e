/** The worker file of the host's spec: an example log of as many events as it is told, views in memory. */
import { parentPort, workerData } from 'node:worker_threads';
import { ExampleLog, stored } from './log.examples.js';
import { MemoryViewStore } from './memory-view-store.js';
import { hostProjector } from './projector.host.js';
import { startProjector } from './projector.js';
import { journal, parcelFact, parcels } from './views.examples.js';

interface Told {
  readonly events: number;
  readonly then?: 'crash when asked for its lag' | 'break a view' | 'start ahead of the log';
}

const { events, then } = workerData as Told;
const store = new ExampleLog(stored(Array.from({ length: events }, (_, i) => parcelFact('ParcelStored', `p${i}`))));
const viewStore = new MemoryViewStore();
// Keeps the thread alive as an open log does: it must end all the same.
const open = setInterval(() => {}, 60_000);

if (parentPort) {
  await hostProjector(parentPort, async (hooks) => {
    if (then === 'start ahead of the log') {
      await viewStore.prepare([journal]);
      await viewStore.commit([{ view: 'journal', changes: [], after: undefined, checkpoint: '999999999999' }]);
    }
    const views = [journal, then === 'break a view' ? { ...parcels, touches: () => [] } : parcels];
    const projector = await startProjector({ store, views, viewStore, ...hooks });
    return {
      position: (view) => projector.position(view),
      standings: () => projector.standings(),
      waitFor: (position, timeoutMs, view) => projector.waitFor(position, timeoutMs, view),
      lag: () => (then === 'crash when asked for its lag' ? process.exit(3) : projector.lag()),
      close: async () => {
        await projector.close();
        clearInterval(open);
      },
    };
  });
}

/**
 * A projector as a process of its own, for tests that kill, pause and cut it off. Its log is the same in each process and is given out
 * slowly, so that what is to happen happens in the middle. Says on standard output what it holds and what went wrong.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { Subscribe, SubscriptionMessage } from '#event-store/event-store.js';
import { ExampleLog, stored } from './log.examples.js';
import { startLeasedProjector } from './leased-projector.js';
import { openPostgresViews } from './postgres-view-store.js';
import { journal, parcelFact, parcels } from './views.examples.js';

class SlowLog extends ExampleLog {
  override async *subscribe(options: Subscribe = {}): AsyncGenerator<SubscriptionMessage> {
    for await (const message of super.subscribe({ ...options, batchSize: 10 })) {
      await delay(2);
      yield message;
    }
  }
}

/** This commit is on its way for so long, past all checks of this process, and told of: whoever stops the process then has it arrive late. */
const [SLOW_COMMIT, SLOW_MS] = [30, 300];

const [, , url = '', schema = '', holder = '', ttlMs = '', events = ''] = process.argv;
const say = (said: object): void => void process.stdout.write(`${JSON.stringify(said)}\n`);
const store = new SlowLog(stored(Array.from({ length: Number(events) }, (_, i) => parcelFact(i % 5 === 4 ? 'ParcelSent' : 'ParcelStored', `p${i % 37}`, i % 3 === 0 ? 'north' : 'south', i % 900))));
const viewStore = await openPostgresViews(url, { schema });
const commit = viewStore.commit.bind(viewStore);
let commits = 0;
viewStore.commit = async (batch) => {
  commits += 1;
  if (commits === SLOW_COMMIT) {
    say({ sending: true });
    await delay(SLOW_MS);
  }
  await commit(batch).catch((error: unknown) => {
    say({ refused: error instanceof Error ? error.name : 'something' });
    throw error;
  });
};
const projector = await startLeasedProjector({
  store,
  views: [journal, parcels],
  viewStore,
  holder,
  ttlMs: Number(ttlMs),
  onLeases: (held) => say({ held: [...held.keys()].sort() }),
  onFault: (fault) => say({ fault: fault.reason }),
});
process.once('SIGTERM', () => void projector.close().then(() => viewStore.close()).then(() => say({ closed: true })));

import { StoreStopped, StoreUnavailable, StoreUnusable, type EventFilter, type Position, type StoredEvent } from '../event-store.js';
import type { Connection } from './connection.js';
import { isUnknown } from './faults.js';
import { lastPosition } from './reader.js';
import { Follower, MOST_UNKNOWN, serverFilter, type Watch } from './subscription.js';

/** Events that the server looks through before it says how far it is: a read needs no more than a sign of life. */
const SEARCH_WINDOW = 500;

export interface SparseRead {
  readonly after: Position;
  readonly filter: EventFilter;
  readonly limit: number;
}

/** Whether the server can leave out what this filter does. */
export function isSelective(filter: EventFilter | undefined): filter is EventFilter {
  return filter !== undefined && !('regex' in serverFilter(filter));
}

/**
 * What a filter lets through after a position, up to where this node's log ends now. The server filters: what is left out costs it a look,
 * and neither the network nor this process anything. A subscription does that and not a filtered read, because it says how far it is
 * while it finds nothing; a read would be silent for as long as it looks, like a server that hangs.
 */
export async function* readSparse(connection: Connection, watch: Watch, over: AbortSignal, { after, filter, limit }: SparseRead): AsyncGenerator<readonly StoredEvent[]> {
  const end = (await lastPosition(connection, { requiresLeader: false, system: false })) ?? after;
  const stopped = Promise.withResolvers<'stopped'>();
  const stop = (): void => stopped.resolve('stopped');
  over.addEventListener('abort', stop);
  const follower = new Follower(connection, watch, stopped.promise, over, { after, filter }, SEARCH_WINDOW);
  let left = limit;
  let since = performance.now();
  let unknown = 0;
  try {
    while ((follower.position ?? '') < end) {
      try {
        for await (const message of follower.run()) {
          if (message.kind === 'events') {
            const events = message.events.slice(0, left);
            left -= events.length;
            yield events;
          }
          if (left <= 0 || message.kind === 'caughtUp' || (follower.position ?? '') >= end) return;
          since = performance.now();
          unknown = 0;
        }
        throw new StoreStopped('the log is closed');
      } catch (error) {
        if (error instanceof StoreUnavailable || error instanceof StoreStopped) throw error;
        if (isUnknown(error) && ++unknown === MOST_UNKNOWN) throw new StoreUnusable('EventStoreDB cannot read from here (hint: is the position one of this log?)', { cause: error });
        connection.giveUpOr(error, since, false);
        follower.dropped(error);
      }
    }
  } finally {
    over.removeEventListener('abort', stop);
  }
}

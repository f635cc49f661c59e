/** Makes views anew from the whole log, as the CLI does with nothing else running. */
import type { EventStore, Position, StoredEvent } from '#event-store/event-store.js';
import { Feed, filterOf } from './feed.js';
import type { ViewFault } from './feed.js';
import type { View, ViewStore } from './view.js';

export interface RebuildOptions {
  readonly store: EventStore;
  readonly views: readonly View[];
  readonly viewStore: ViewStore;
  readonly onProgress?: (progress: RebuildProgress) => void;
}

export interface RebuildProgress {
  readonly events: number;
  readonly position: Position;
}

export interface Rebuilt {
  /** Events read for these views. */
  readonly events: number;
  /** What the views have reached; undefined when the log is empty. */
  readonly position: Position | undefined;
  /** Views that stopped at an event they cannot take. */
  readonly faults: readonly ViewFault[];
}

/** Larger than live: rows that many events change are then written once. */
const BATCH_SIZE = 5000;

/**
 * Empties the views and applies the log to them, up to where it ended when this began. When it dies half way the checkpoints say how
 * far it came, and the projector goes on from there.
 */
export async function rebuild({ store, views, viewStore, onProgress }: RebuildOptions): Promise<Rebuilt> {
  const head = await store.head();
  await viewStore.prepare(views);
  for (const view of views) await viewStore.reset(view);
  const faults: ViewFault[] = [];
  const feed = await Feed.open(views, viewStore, (fault) => faults.push(fault));
  let events = 0;
  let waiting: StoredEvent[] = [];
  const filter = filterOf(views);
  for await (const batch of store.readAll(filter ? { filter } : {})) {
    waiting.push(...batch);
    if (waiting.length < BATCH_SIZE) continue;
    await feed.take(waiting);
    events += waiting.length;
    waiting = [];
    const position = batch.at(-1)?.position;
    if (position !== undefined) onProgress?.({ events, position });
    if (feed.stopped) break;
  }
  await feed.take(waiting);
  if (head !== undefined) await feed.pass(head);
  return { events: events + waiting.length, position: feed.behind(), faults };
}

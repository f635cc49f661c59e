/**
 * Feeds events to views: the part that live projection, rebuilds and the laws share.
 *
 * A view sees each event once: it passes over those at or before its own checkpoint, and rows and checkpoint are written in one
 * transaction that is refused when the checkpoint there is not the one the rows were made from.
 */
import type { EventFilter, Position, StoredEvent } from '#event-store/event-store.js';
import { Overlay } from './overlay.js';
import type { Touched } from './overlay.js';
import { shapesOf, ViewRuleBroken } from './table-shape.js';
import type { TableShape } from './table-shape.js';
import type { Change, View, ViewCommit, ViewStore } from './view.js';

/** A view that cannot take an event. It stands just before it; the others go on. Names and ids only: no data of the event. */
export interface ViewFault {
  readonly kind: 'view';
  readonly view: string;
  readonly eventId: string;
  readonly eventType: string;
  readonly position: Position;
  /** Our own sentence, or the name and place of what the view threw: its message may quote the event. */
  readonly reason: string;
}

interface Fed {
  readonly view: View;
  readonly shapes: ReadonlyMap<string, TableShape>;
  readonly epoch: number | undefined;
  position: Position | undefined;
  fault: ViewFault | undefined;
}

/** What a batch makes of one view. */
interface Pending {
  readonly fed: Fed;
  readonly overlay: Overlay;
  readonly touched: readonly Touched[];
  fault: ViewFault | undefined;
}

export class Feed {
  readonly #store: ViewStore;
  readonly #fed: readonly Fed[];
  readonly #onFault: (fault: ViewFault) => void;

  private constructor(store: ViewStore, fed: readonly Fed[], onFault: (fault: ViewFault) => void) {
    this.#store = store;
    this.#fed = fed;
    this.#onFault = onFault;
  }

  /** Begins at the checkpoints in the store; its views were prepared. `epochs`: of the leases they are fed under. */
  static async open(views: readonly View[], store: ViewStore, onFault: (fault: ViewFault) => void = () => {}, epochs: ReadonlyMap<string, number> = new Map()): Promise<Feed> {
    const fed: Fed[] = [];
    for (const view of views) fed.push({ view, shapes: shapesOf(view), epoch: epochs.get(view.name), position: await store.checkpoint(view.name), fault: undefined });
    return new Feed(store, fed, onFault);
  }

  /** Where each view stands, and whether it can go on. */
  standings(): readonly { readonly view: string; readonly position: Position | undefined; readonly fault: ViewFault | undefined }[] {
    return this.#fed.map(({ view, position, fault }) => ({ view: view.name, position, fault }));
  }

  /** The smallest position of the views that go on; undefined when one has seen nothing. */
  behind(): Position | undefined {
    let smallest: Position | undefined;
    for (const { position } of this.#running()) {
      if (position === undefined) return undefined;
      if (smallest === undefined || position < smallest) smallest = position;
    }
    return smallest;
  }

  get stopped(): boolean {
    return this.#fed.length > 0 && this.#running().length === 0;
  }

  /**
   * Applies a batch, in log order, and commits it with the checkpoint of its last event. Rejects with what the view store says
   * (nothing is then known of the outcome: open a new feed).
   */
  async take(events: readonly StoredEvent[]): Promise<void> {
    const last = events.at(-1);
    if (!last) return;
    const batch = this.#running().filter((fed) => isBefore(fed.position, last.position)).map((fed) => this.#touch(fed, events));
    await this.#fetch(batch);
    const commits: ViewCommit[] = [];
    for (const pending of batch) {
      const checkpoint = applyAll(pending, last.position);
      if (checkpoint !== undefined) commits.push(commitOf(pending.fed, pending.overlay.changes(), checkpoint));
    }
    await this.#commit(commits);
    for (const { fed, fault } of batch) {
      if (!fault) continue;
      fed.fault = fault;
      this.#onFault(fault);
    }
  }

  /** Everything up to `position` was looked at and is not for these views. */
  async pass(position: Position): Promise<void> {
    const lagging = this.#running().filter((fed) => isBefore(fed.position, position));
    await this.#commit(lagging.map((fed) => commitOf(fed, [], position)));
  }

  #running(): readonly Fed[] {
    return this.#fed.filter((fed) => !fed.fault);
  }

  #touch(fed: Fed, events: readonly StoredEvent[]): Pending {
    const overlay = new Overlay(fed.view, fed.shapes);
    const touched: Touched[] = [];
    for (const event of events) {
      if (!isBefore(fed.position, event.position) || !isFor(fed.view, event)) continue;
      try {
        touched.push(overlay.touch(event));
      } catch (error) {
        return { fed, overlay, touched, fault: faultOf(fed.view, event, error) };
      }
    }
    return { fed, overlay, touched, fault: undefined };
  }

  /** One fetch for all views. */
  async #fetch(batch: readonly Pending[]): Promise<void> {
    const owners = new Map<string, Overlay>();
    for (const { fed, overlay } of batch) for (const table of fed.shapes.keys()) owners.set(table, overlay);
    const refs = batch.flatMap(({ overlay }) => overlay.unfetched());
    if (refs.length === 0) return;
    for (const fetched of await this.#store.fetch(refs)) owners.get(fetched.ref.table)?.fill(fetched);
  }

  async #commit(commits: readonly ViewCommit[]): Promise<void> {
    if (commits.length === 0) return;
    await this.#store.commit(commits);
    const checkpoints = new Map(commits.map(({ view, checkpoint }) => [view, checkpoint]));
    for (const fed of this.#fed) fed.position = checkpoints.get(fed.view.name) ?? fed.position;
  }
}

/** What the log need not send to these views is left out; undefined when they want all of it. */
export function filterOf(views: readonly View[]): EventFilter | undefined {
  const prefixes = [...new Set(views.flatMap((view) => view.streamPrefixes))];
  return prefixes.length === 0 || prefixes.includes('') ? undefined : { streamPrefixes: prefixes };
}

export function isFor(view: View, event: StoredEvent): boolean {
  for (const prefix of view.streamPrefixes) if (event.stream.startsWith(prefix)) return true;
  return false;
}

/** Applies what was touched. Gives the new checkpoint: the batch's last position, or that of the last good event before a fault, if any. */
function applyAll(pending: Pending, last: Position): Position | undefined {
  let good: Position | undefined;
  for (const one of pending.touched) {
    try {
      pending.overlay.apply(one);
      good = one.event.position;
    } catch (error) {
      pending.fault = faultOf(pending.fed.view, one.event, error);
      return good;
    }
  }
  return pending.fault ? good : last;
}

function commitOf({ view, position, epoch }: Fed, changes: readonly Change[], checkpoint: Position): ViewCommit {
  return { view: view.name, changes, after: position, checkpoint, ...(epoch !== undefined && { epoch }) };
}

function isBefore(position: Position | undefined, other: Position): boolean {
  return position === undefined || position < other;
}

function faultOf(view: View, event: StoredEvent, error: unknown): ViewFault {
  return { kind: 'view', view: view.name, eventId: event.id, eventType: event.type, position: event.position, reason: reasonOf(error) };
}

/** A thrown message may quote data (`JSON.parse` does), so of other errors only the name and the first place in the stack are told. */
function reasonOf(error: unknown): string {
  if (error instanceof ViewRuleBroken) return error.message;
  if (!(error instanceof Error)) return 'threw something that is not an error';
  const place = /^ {4}at .*?([^/\\(]+:\d+):\d+\)?$/m.exec(error.stack ?? '')?.[1];
  return place ? `${error.constructor.name} at ${place}` : error.constructor.name;
}

/** Whether the views are what the log makes of them: rebuilt up to where they stand, in a file of its own, and compared row by row. */
import { setTimeout as delay } from 'node:timers/promises';
import type { EventStore, Position, StoredEvent } from '#event-store/event-store.js';
import { Feed } from '#projection/feed.js';
import { compareKeys } from '#projection/table-shape.js';
import type { Cell, FollowingReader, Row, Table, View, ViewReader, ViewStore } from '#projection/view.js';
import type { Findings } from './findings.js';

export interface ViewsChecked {
  readonly rows: number;
  /** Where they stood when they were compared. */
  readonly position: Position | undefined;
  /** They were fed all the while, so that they never stood still long enough. */
  readonly unstable: boolean;
}

export interface ViewsToCheck {
  readonly log: EventStore;
  readonly views: readonly View[];
  readonly live: ViewReader;
  /** Empty; takes the rebuilt rows. */
  readonly scratch: ViewStore;
  readonly onProgress: (events: number) => void;
}

const TRIES = 5;
const ASK_AGAIN_MS = 200;
const PAGE = 2_000;
const BATCH = 5_000;

export async function checkViews(parts: ViewsToCheck, findings: Findings): Promise<ViewsChecked> {
  const { views, live, log, scratch } = parts;
  await scratch.prepare(views);
  const head = await log.head();
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const position = await standing(live, views);
    if (position === MOVING) {
      await delay(ASK_AGAIN_MS);
      continue;
    }
    if (position !== undefined && (head === undefined || position > head) && position > ((await log.head()) ?? '')) {
      findings.add({ where: 'views', code: 'view-ahead', detail: 'the views have seen more than the log holds: an older log was restored (hint: restore the vault of the same time too, then liggare rebuild)', position });
      return { rows: 0, position, unstable: false };
    }
    await feedUpTo(position, parts, findings);
    const compared: { readonly rows: number; readonly differing: readonly Difference[] } = await compareAll(views, live, scratch);
    if ((await standing(live, views)) !== position) continue;
    for (const { table, place, what } of compared.differing) findings.add({ where: 'views', code: 'view-differs', detail: `${table}, row ${place}: ${what} (hint: liggare rebuild)` });
    return { rows: compared.rows, position, unstable: false };
  }
  return { rows: 0, position: undefined, unstable: true };
}

/** Views that do not stand at one position: they are being fed. */
const MOVING = Symbol('moving');

/** The one position where all views stand. */
async function standing(live: ViewReader & Partial<FollowingReader>, views: readonly View[]): Promise<Position | undefined | typeof MOVING> {
  const positions = new Set<Position | undefined>();
  // Where another process feeds them all at once, they are asked for all at once.
  if (live.progress !== undefined) for (const { checkpoint } of await live.progress()) positions.add(checkpoint);
  else for (const { name } of views) positions.add(await live.checkpoint(name));
  return positions.size === 1 ? [...positions][0] : MOVING;
}

async function feedUpTo(position: Position | undefined, { log, views, scratch, onProgress }: ViewsToCheck, findings: Findings): Promise<void> {
  if (position === undefined) return;
  const feed = await Feed.open(views, scratch, ({ view, eventType, position: at, reason }) =>
    findings.add({ where: 'views', code: 'view-stopped', detail: `${view} cannot take a ${eventType}: ${reason}`, position: at }),
  );
  const from = feed.behind();
  const waiting: StoredEvent[] = [];
  let events = 0;
  for await (const batch of log.readAll(from === undefined ? {} : { from })) {
    const due = batch.filter((event) => event.position <= position);
    waiting.push(...due);
    events += due.length;
    onProgress(events);
    if (waiting.length >= BATCH) await feed.take(waiting.splice(0));
    if (due.length < batch.length) break;
  }
  await feed.take(waiting);
  await feed.pass(position);
}

interface Difference {
  readonly table: string;
  readonly place: number;
  readonly what: string;
}

async function compareAll(views: readonly View[], live: ViewReader, scratch: ViewReader): Promise<{ readonly rows: number; readonly differing: readonly Difference[] }> {
  let rows = 0;
  const differing: Difference[] = [];
  for (const table of views.flatMap((view) => view.tables)) rows += await compareTable(table, live, scratch, differing);
  return { rows, differing };
}

/** Both sides in key order, side by side. */
async function compareTable(table: Table, live: ViewReader, scratch: ViewReader, differing: Difference[]): Promise<number> {
  const [ours, theirs] = [rowsOf(table, live), rowsOf(table, scratch)];
  let [a, b] = [await ours.next(), await theirs.next()];
  let place = 0;
  for (; a.done !== true || b.done !== true; place++) {
    const order = a.done === true ? 1 : b.done === true ? -1 : compareKeys(keyOf(table, a.value), keyOf(table, b.value));
    if (order < 0) differing.push({ table: table.name, place, what: 'the log does not make it' });
    else if (order > 0) differing.push({ table: table.name, place, what: 'it is missing' });
    else if (a.done !== true && b.done !== true) {
      const [left, right] = [a.value, b.value];
      const columns = Object.keys(table.columns).filter((column) => left[column] !== right[column]);
      if (columns.length > 0) differing.push({ table: table.name, place, what: `${columns.join(', ')} differ` });
    }
    if (order <= 0) a = await ours.next();
    if (order >= 0) b = await theirs.next();
  }
  return place;
}

async function* rowsOf(table: Table, from: ViewReader): AsyncGenerator<Row, undefined> {
  for (let after: readonly Cell[] | undefined; ; ) {
    const page = await from.rows(table.name, [], { limit: PAGE, ...(after !== undefined && { after }) });
    yield* page;
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) return undefined;
    after = keyOf(table, last);
  }
}

function keyOf(table: Table, row: Row): readonly Cell[] {
  return table.key.map((column) => row[column] ?? null);
}

/** What has to hold of the stores after a crash, read beside the server or without it. Each fault is a sentence without values. */
import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { commitment } from '#audit/commitment.js';
import type { StoredEvent } from '#event-store/event-store.js';
import { decode } from '#ledger/encoding.js';
import type { Envelope } from '#ledger/envelope.js';
import { views } from '#ledger/views.js';
import { readConfiguration, type Configuration } from '#nest/configuration.js';
import type { Stores } from '#nest/opened-stores.js';
import { openStoresReadOnly, openViewsReadOnly } from '#nest/stores.js';
import { MemoryViewStore } from '#projection/memory-view-store.js';
import { openPostgresViewsReadOnly } from '#projection/postgres-view-store.js';
import { rebuild } from '#projection/rebuild.js';
import type { Cell, Row, Table, ViewReader } from '#projection/view.js';
import type { Journal } from './journal.js';

/** A ledger in files, where nothing else is said. */
export const filesIn = (data: string): Configuration => readConfiguration({ LIGGARE_DATA: data });

/** Opens the stores for reading, asks, and closes them again. */
export async function reading<T>(ledger: Configuration, ask: (stores: Stores) => Promise<T>): Promise<T> {
  const stores = await openStoresReadOnly(ledger);
  try {
    return await ask(stores);
  } finally {
    await stores.close();
  }
}

/** After a start: no command's outcome is unknown any more, and what is sealed without an event is not in the log. */
export function settled(ledger: Configuration): Promise<readonly string[]> {
  return reading(ledger, async ({ vault }) => {
    // The server settles before it is ready; a settling write may wait for a commit to ride with.
    for (let look = 0; look < 100; look++) {
      if ((await vault.unsettled()).length === 0) return [];
      await pause(50);
    }
    return [`${(await vault.unsettled()).length} inbox rows are unsettled after the start`];
  });
}

/** Everything acknowledged is in the log, once, where it was said to be; values open and fit their commitments. */
export function kept(ledger: Configuration, journal: Journal): Promise<readonly string[]> {
  return reading(ledger, async ({ log, vault }) => {
    const events: StoredEvent[] = [];
    for await (const batch of log.readAll()) events.push(...batch);
    return [...journal.faults, ...inOrder(events), ...acknowledged(events, journal), ...onePerAddress(journal), ...(await sealedValues(events, vault))];
  });
}

/** Every event on a person belongs to a command that was answered: what was repeated after a crash was not recorded a second time. */
export function accounted(ledger: Configuration, journal: Journal): Promise<readonly string[]> {
  return reading(ledger, async ({ log }) => {
    const events: StoredEvent[] = [];
    for await (const batch of log.readAll({ filter: { streamPrefixes: PEOPLE } })) events.push(...batch);
    return strays(events, journal);
  });
}

const PEOPLE = ['subject-', 'organisation-'];

export function strays(events: readonly StoredEvent[], journal: Journal): readonly string[] {
  const known = new Set(journal.answered.flatMap(({ answer }) => (answer.events ?? []).map(({ id }) => id)));
  return events
    .filter(({ id, stream }) => PEOPLE.some((prefix) => stream.startsWith(prefix)) && !known.has(id))
    .map(({ stream, revision, type }) => `${stream}@${revision} (${type}) is no command's that was answered`);
}

export function inOrder(events: readonly StoredEvent[]): readonly string[] {
  const faults: string[] = [];
  const last = new Map<string, number>();
  const ids = new Set<string>();
  let position = '';
  for (const event of events) {
    const where = `${event.stream}@${event.revision}`;
    if (event.position <= position) faults.push(`${where} does not stand after its predecessor`);
    position = event.position;
    if (event.revision !== (last.get(event.stream) ?? -1) + 1) faults.push(`${where} leaves a gap`);
    last.set(event.stream, event.revision);
    if (ids.has(event.id)) faults.push(`${where} is there twice`);
    ids.add(event.id);
  }
  return faults;
}

export function acknowledged(events: readonly StoredEvent[], journal: Journal): readonly string[] {
  const byId = new Map(events.map((event) => [event.id, event]));
  const faults: string[] = [];
  for (const { command, answer } of journal.answered) {
    if (answer.status === 'recorded' && (answer.events ?? []).length === 0) faults.push(`${command.id}: recorded without events`);
    for (const told of answer.events ?? []) {
      const found = byId.get(told.id);
      if (found === undefined) faults.push(`${command.id}: ${told.type} was acknowledged and is lost`);
      else if (found.stream !== told.stream || found.revision !== told.revision || found.position !== told.position || found.type !== told.type)
        faults.push(`${command.id}: ${told.type} is not where it was acknowledged`);
    }
    // A merge is several appends on two people, and others are told of in between.
    if (command.name === 'MergeSubjects') continue;
    const inStreams = Map.groupBy(answer.events ?? [], ({ stream }) => stream);
    for (const [stream, told] of inStreams)
      if (told.some(({ revision }, i) => revision !== (told[0]?.revision ?? 0) + i)) faults.push(`${command.id}: its events on ${stream} are not one after another`);
  }
  return faults;
}

/** However many registered a new address at once, one person resulted. `survivorOf`: where people are merged. */
export function onePerAddress(journal: Journal, survivorOf = (person: string): string => person): readonly string[] {
  const people = new Map<string, Set<string>>();
  for (const { command, answer } of journal.answered) {
    if (command.name !== 'RegisterSubject' || answer.about === undefined) continue;
    const address = JSON.stringify(command.body);
    people.set(address, new Set([...(people.get(address) ?? []), ...answer.about.map(survivorOf)]));
  }
  return [...people.values()].filter((ids) => ids.size !== 1).map((ids) => `one new address made ${ids.size} people`);
}

export async function sealedValues(events: readonly StoredEvent[], vault: Stores['vault']): Promise<readonly string[]> {
  const slots = events.flatMap((event) => slotsOf(decode(event)));
  const opened = await vault.open(slots);
  return slots.flatMap(({ event, slot, commitment: promised }, i) => {
    const value = opened[i];
    if (value?.kind !== 'opened') return [`${event} ${slot} is ${value?.kind ?? 'missing'}`];
    return commitment((bytes) => createHash('sha256').update(bytes).digest(), value.salt, value.text) === promised ? [] : [`${event} ${slot} is not what the log promised`];
  });
}

function slotsOf({ id, sealed }: Envelope): readonly { event: string; slot: string; holding: string; commitment: string }[] {
  return (sealed ?? []).map(({ slot, holding, commitment: promised }) => ({ event: id, slot, holding, commitment: promised }));
}

/** The rows that projectors made, crash by crash, are those that a rebuild makes. Waits until they have caught up. */
export function viewsEqualRebuild(ledger: Configuration): Promise<readonly string[]> {
  return reading(ledger, async ({ log }) => {
    const live = await openLiveViews(ledger);
    const fresh = new MemoryViewStore();
    try {
      if (!(await caughtUp(live, await log.head()))) return ['the views did not catch up with the log'];
      const { faults } = await rebuild({ store: log, views, viewStore: fresh });
      const tables = views.flatMap((view) => view.tables);
      return [...faults.map(() => 'a view stopped at an event'), ...(await differences(tables, live, fresh))];
    } finally {
      await live.close();
    }
  });
}

export async function openLiveViews({ views: engine }: Configuration): Promise<ViewReader> {
  if (engine.engine === 'memory') throw new Error('there are no views on disk');
  return engine.engine === 'sqlite' ? openViewsReadOnly(engine, views) : openPostgresViewsReadOnly(engine.url, views);
}

/** Whether the views got there, within half a minute. */
export async function caughtUp(live: ViewReader, head: string | undefined): Promise<boolean> {
  for (let look = 0; look < 600; look++) {
    if (await areAt(live, head)) return true;
    await pause(50);
  }
  return false;
}

export async function areAt(live: ViewReader, head: string | undefined): Promise<boolean> {
  if (head === undefined) return true;
  const checkpoints = await Promise.all(views.map(({ name }) => live.checkpoint(name)));
  return checkpoints.every((checkpoint) => checkpoint !== undefined && checkpoint >= head);
}

export async function differences(tables: readonly Table[], live: ViewReader, fresh: ViewReader): Promise<readonly string[]> {
  const faults: string[] = [];
  for (const { name, key } of tables) {
    let after: readonly Cell[] | undefined;
    for (;;) {
      const page = { limit: 1000, ...(after !== undefined && { after }) };
      const [ours, theirs] = await Promise.all([live.rows(name, [], page), fresh.rows(name, [], page)]);
      if (same(ours) !== same(theirs)) faults.push(`${name} differs from a rebuild`);
      const last = ours.at(-1);
      if (last === undefined || faults.length > 0) break;
      after = key.map((column) => last[column] ?? null);
    }
  }
  return faults;
}

function same(rows: readonly Row[]): string {
  return JSON.stringify(rows.map((row) => Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1))));
}

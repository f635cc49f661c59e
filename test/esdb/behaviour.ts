/**
 * What a server that speaks EventStoreDB's protocol answers to 69 questions, as lines that two servers can be compared by: positions and ids are left out, or said by how they compare.
 * `esdb-observed-23.10.6.jsonl` holds what a real 23.10.6 answered (single node, on disk, driven by the same client).
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { ANY, EventStoreDBClient, jsonEvent, type AppendExpectedRevision, type EventData, type Position, type ResolvedEvent } from '@eventstore/db-client';
import { askOfAppends } from './append.questions.js';
import { askOfReads } from './read.questions.js';
import { askOfSubscriptions } from './subscribe.questions.js';

export interface Appended {
  readonly success?: boolean;
  readonly nextExpectedRevision?: bigint;
  readonly hasPosition?: boolean;
  readonly fault?: Fault;
}

export interface Fault {
  readonly type: string | null;
  readonly code: number | null;
  readonly name: string | undefined;
  readonly expectedVersion?: unknown;
  readonly actualVersion?: unknown;
}

/** Asks a server everything, in order; gives one line for each answer. */
export async function behaviourOf(url: string): Promise<readonly string[]> {
  const client = EventStoreDBClient.connectionString(url);
  const interview = new Interview(client);
  await askOfAppends(interview);
  await askOfReads(interview);
  await askOfSubscriptions(interview);
  await client.dispose();
  return interview.lines;
}

export class Interview {
  readonly lines: string[] = [];
  /** In every name, so that a server may be asked again. */
  readonly run = randomUUID().slice(0, 8);
  readonly #positions = new WeakMap<Appended, Position>();

  constructor(readonly client: EventStoreDBClient) {}

  say(what: string, answer: unknown): void {
    this.lines.push(JSON.stringify({ what, answer }, (_key, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value)));
  }

  name(about: string): string {
    return `probe${this.run}-${about}`;
  }

  event(id = randomUUID() as string, data: Record<string, unknown> = { n: 1 }): EventData {
    return jsonEvent({ id, type: `probe${this.run}.happened`, data });
  }

  events(count: number, data?: Record<string, unknown>): EventData[] {
    return Array.from({ length: count }, () => this.event(undefined, data));
  }

  async append(stream: string, events: EventData[], expectedRevision: AppendExpectedRevision = ANY): Promise<Appended> {
    try {
      const { success, nextExpectedRevision, position } = await this.client.appendToStream(stream, events, { expectedRevision });
      const appended = { success, nextExpectedRevision, hasPosition: position !== undefined };
      if (position !== undefined) this.#positions.set(appended, position);
      return appended;
    } catch (error) {
      return { fault: faultOf(error) };
    }
  }

  /** Appends and says what came of it. */
  async tell(what: string, stream: string, events: EventData[], expectedRevision?: AppendExpectedRevision): Promise<Appended> {
    const appended = await this.append(stream, events, expectedRevision);
    this.say(what, appended);
    return appended;
  }

  positionOf(appended: Appended): Position | undefined {
    return this.#positions.get(appended);
  }

  /** All events of a read, or what ended it. */
  async collect(read: AsyncIterable<ResolvedEvent>): Promise<Collected> {
    const events: ResolvedEvent[] = [];
    try {
      for await (const event of read) events.push(event);
    } catch (error) {
      return { fault: faultOf(error) };
    }
    return events;
  }
}

export type Collected = readonly ResolvedEvent[] | { readonly fault: Fault };

export const isSame = (a: Position | undefined, b: Position | undefined): boolean => a !== undefined && a.commit === b?.commit && a.prepare === b.prepare;
export const isAfter = (a: Position | undefined, b: Position | undefined): boolean => a !== undefined && b !== undefined && (a.commit > b.commit || (a.commit === b.commit && a.prepare > b.prepare));
export const countOf = (read: Collected): unknown => ('fault' in read ? read : read.length);
export const revisionsOf = (read: Collected): unknown => ('fault' in read ? read : read.map(({ event }) => event?.revision));

/** The events of a read that was to succeed. */
export function eventsOf(read: Collected): readonly NonNullable<ResolvedEvent['event']>[] {
  if ('fault' in read) throw new Error(`a read ended with ${JSON.stringify(read.fault)}`);
  return read.flatMap(({ event }) => (event === undefined ? [] : [event]));
}

export function faultOf(error: unknown): Fault {
  const { type, code, expectedVersion, actualVersion, constructor } = error as { readonly [key in keyof Fault]?: Fault[key] } & { readonly constructor: { readonly name: string } };
  return {
    type: type ?? null,
    code: code ?? null,
    name: constructor.name,
    ...(expectedVersion !== undefined && { expectedVersion }),
    ...(actualVersion !== undefined && { actualVersion }),
  };
}

/** What a subscription says until it has been quiet for a while; equal lines in a row counted. `act` runs once it is quiet the first time. */
export async function heard(subscription: NodeJS.EventEmitter & { unsubscribe(): Promise<void> }, run: string, options: { readonly quietMs?: number; readonly act?: () => Promise<unknown> } = {}): Promise<readonly Heard[]> {
  const { quietMs = 400, act } = options;
  const log: Heard[] = [];
  subscription.on('error', (error: unknown) => log.push({ error: faultOf(error) }));
  subscription.on('data', ({ event }: ResolvedEvent) => event !== undefined && log.push({ rev: event.revision, type: event.type.replace(run, '') }));
  for (const name of ['confirmation', 'caughtUp']) subscription.on(name, () => log.push(name));
  const quiet = async (): Promise<void> => {
    for (let before = -1; before !== log.length; ) {
      before = log.length;
      await pause(quietMs);
    }
  };
  await quiet();
  if (act !== undefined) {
    await act();
    await quiet();
  }
  await subscription.unsubscribe();
  return log;
}

export type Heard = string | { readonly error: Fault } | { readonly rev: bigint; readonly type: string };

export function counted(log: readonly Heard[]): readonly string[] {
  const texts = log.map((one) => JSON.stringify(one, (_key, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value)));
  const starts = texts.flatMap((text, i) => (text === texts[i - 1] ? [] : [i]));
  return starts.map((start, i) => `${texts[start]} ×${(starts[i + 1] ?? texts.length) - start}`);
}

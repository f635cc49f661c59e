/** A client of the tests' servers, and what is asked of it again and again. */
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { EventStoreDBClient, jsonEvent, type AppendExpectedRevision, type EventData, type ResolvedEvent } from '@eventstore/db-client';
import { faultOf } from './behaviour.js';

const clients: EventStoreDBClient[] = [];

export function clientOf(url: string): EventStoreDBClient {
  const client = EventStoreDBClient.connectionString(url);
  clients.push(client);
  return client;
}

/** Ends what the clients of a test have open. */
export async function disposeClients(): Promise<void> {
  for (const client of clients.splice(0)) await client.dispose();
}

export const event = (id: string = randomUUID(), type = 'happened'): EventData => jsonEvent({ id, type, data: { n: 1 } });

/** The revision that was written, or what kind of error came instead. */
export async function appended(client: EventStoreDBClient, stream: string, events: EventData | EventData[] = event(), expectedRevision: AppendExpectedRevision = 'any'): Promise<bigint | string> {
  try {
    return (await client.appendToStream(stream, events, { expectedRevision })).nextExpectedRevision;
  } catch (error) {
    return kindOf(error);
  }
}

/** The revisions of a stream, or what kind of error came instead. */
export async function revisions(client: EventStoreDBClient, stream: string, options: Parameters<EventStoreDBClient['readStream']>[1] = {}): Promise<readonly bigint[] | string> {
  const found: bigint[] = [];
  try {
    for await (const { event: one } of client.readStream(stream, options)) if (one !== undefined) found.push(one.revision);
  } catch (error) {
    return kindOf(error);
  }
  return found;
}

/** What another application wrote into the same log, in a stream that could be ours: no envelope of this ledger. Gives the event's id. */
export async function writeForeign(client: EventStoreDBClient, stream: string): Promise<string> {
  const id = randomUUID();
  await client.appendToStream(stream, jsonEvent({ id, type: 'order-placed', data: { order: 4711, lines: [] }, metadata: { by: 'a web shop' } }));
  return id;
}

export function kindOf(error: unknown): string {
  const { type, code } = faultOf(error);
  return type ?? `code ${code}`;
}

/** What a subscription has said so far. */
export interface Heard {
  readonly ids: string[];
  readonly errors: string[];
}

export function listen(subscription: NodeJS.EventEmitter): Heard {
  const heard: Heard = { ids: [], errors: [] };
  subscription.on('data', ({ event: one }: ResolvedEvent) => one !== undefined && heard.ids.push(one.id));
  subscription.on('error', (error: unknown) => heard.errors.push(kindOf(error)));
  return heard;
}

/** Waits until something holds; a test that waits in vain fails by its own time limit. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await pause(10);
}

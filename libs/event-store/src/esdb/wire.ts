/**
 * What goes over the wire, in the messages that the client's package ships: requests from plain values, plain values from answers.
 * The bytes of an event's data pass as they are: the client's own `jsonEvent` parses and writes them anew.
 */
import shared from '@eventstore/db-client/generated/shared_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import { StoreUnusable, type NewEvent, type Position, type StoredEvent } from '../event-store.js';

/** What the server answered to one append. */
export type Reply =
  | { readonly kind: 'written'; readonly revision: number; readonly position: Position }
  | { readonly kind: 'conflict'; readonly actual: number | 'none' }
  | { readonly kind: 'failed'; readonly why: string; readonly message: string };

/** What a read or a subscription brings. `sizeBytes` counts towards what is read ahead. */
export type Message =
  | { readonly kind: 'event'; readonly event: StoredEvent; readonly sizeBytes: number }
  | { readonly kind: 'checkpoint'; readonly position: Position }
  | { readonly kind: 'confirmed' | 'caughtUp' | 'fellBehind' | 'notFound' };

export type ServerFilter = { readonly on: 'stream' | 'type'; readonly prefixes: readonly string[] } | { readonly on: 'stream'; readonly regex: string };

export type Read = {
  readonly direction: 'forwards' | 'backwards';
  readonly count: number;
} & ({ readonly stream: string; readonly from: number | 'edge' } | { readonly stream?: never; readonly from: Position | 'edge' });

/** Events of others after which the server says how far it is: one window of 32, the smallest it looks through. */
const SEARCH_WINDOW = 32;
const POSITION = /^\d{20}$/;
const encoder = new TextEncoder();
const NOTHING = new shared.Empty();

/** Twenty digits, so that positions compare as strings. */
export const positionOf = (commit: string | bigint): Position => String(commit).padStart(20, '0');

/** The number in a position; throws when it is none of this engine's. */
export function commitOf(position: Position): bigint {
  if (!POSITION.test(position)) throw new StoreUnusable(`${JSON.stringify(position)} is no position of an EventStoreDB log`);
  return BigInt(position);
}

/** A UUID that no other append of one call has. */
export const correlationOf = (count: number): string => `00000000-0000-4000-8000-${count.toString(16).padStart(12, '0')}`;

/** One message: an append of at most 1 MiB needs no second. No deadline goes with it: clocks differ, and the server has its own. */
export function appendRequest(correlation: string, stream: string, after: number | 'none', events: readonly NewEvent[]): streams.BatchAppendReq {
  const options = new streams.BatchAppendReq.Options().setStreamIdentifier(identifier(stream));
  if (after === 'none') options.setNoStream(NOTHING);
  else options.setStreamPosition(String(after));
  const proposed = events.map(({ id, type, data }) => {
    const message = new streams.BatchAppendReq.ProposedMessage().setId(uuid(id)).setData(encoder.encode(data));
    message.getMetadataMap().set('type', type).set('content-type', 'application/json');
    return message;
  });
  return new streams.BatchAppendReq().setCorrelationId(uuid(correlation)).setOptions(options).setProposedMessagesList(proposed).setIsFinal(true);
}

export function replyOf(response: streams.BatchAppendResp): Reply {
  const success = response.getSuccess();
  if (success !== undefined) {
    const position = success.getPosition();
    if (position === undefined) return { kind: 'failed', why: 'no-position', message: 'an answer without a position' };
    return { kind: 'written', revision: Number(success.getCurrentRevision()), position: onePosition(position.getCommitPosition(), position.getPreparePosition()) };
  }
  const details = response.getError()?.getDetails();
  const why = details?.getTypeName().replace(/^.*\./, '') ?? '';
  const message = response.getError()?.getMessage() ?? '';
  if (why !== 'WrongExpectedVersion') return { kind: 'failed', why, message };
  const wrong = details?.unpack(shared.WrongExpectedVersion.deserializeBinary, details.getTypeName());
  if (!wrong) return { kind: 'failed', why: 'unreadable', message };
  return { kind: 'conflict', actual: wrong.hasCurrentStreamRevision() ? Number(wrong.getCurrentStreamRevision()) : 'none' };
}

export const correlationIn = (response: streams.BatchAppendResp): string => uuidText(response.getCorrelationId());

export function readRequest(read: Read): streams.ReadReq {
  const options = common().setCount(String(read.count)).setNoFilter(NOTHING);
  options.setReadDirection(read.direction === 'forwards' ? 0 : 1);
  if (read.stream === undefined) return new streams.ReadReq().setOptions(options.setAll(place(read.from, read.direction)));
  const of = new streams.ReadReq.Options.StreamOptions().setStreamIdentifier(identifier(read.stream));
  if (read.from !== 'edge') of.setRevision(String(read.from));
  else if (read.direction === 'forwards') of.setStart(NOTHING);
  else of.setEnd(NOTHING);
  return new streams.ReadReq().setOptions(options.setStream(of));
}

export function subscribeRequest(after: Position | undefined, filter: ServerFilter, searchWindow = SEARCH_WINDOW): streams.ReadReq {
  const expression = new streams.ReadReq.Options.FilterOptions.Expression();
  if ('regex' in filter) expression.setRegex(filter.regex);
  else expression.setPrefixList([...filter.prefixes]);
  const filtering = new streams.ReadReq.Options.FilterOptions().setMax(searchWindow).setCheckpointintervalmultiplier(1);
  if (filter.on === 'stream') filtering.setStreamIdentifier(expression);
  else filtering.setEventType(expression);
  const options = common().setAll(place(after ?? 'edge', 'forwards')).setFilter(filtering).setSubscription(new streams.ReadReq.Options.SubscriptionOptions());
  return new streams.ReadReq().setOptions(options);
}

/** Undefined for what this adapter does not know, and for a record whose event is gone. */
export function messageOf(response: streams.ReadResp): Message | undefined {
  const event = response.getEvent()?.getEvent();
  if (event !== undefined) {
    const bytes = event.getData_asU8();
    return { kind: 'event', event: storedEvent(event, bytes), sizeBytes: bytes.length };
  }
  const checkpoint = response.getCheckpoint();
  if (checkpoint !== undefined) return { kind: 'checkpoint', position: onePosition(checkpoint.getCommitPosition(), checkpoint.getPreparePosition()) };
  if (response.hasConfirmation()) return { kind: 'confirmed' };
  if (response.hasCaughtUp()) return { kind: 'caughtUp' };
  if (response.hasFellBehind()) return { kind: 'fellBehind' };
  if (response.hasStreamNotFound()) return { kind: 'notFound' };
  return undefined;
}

function storedEvent(event: streams.ReadResp.ReadEvent.RecordedEvent, bytes: Uint8Array): StoredEvent {
  return {
    id: uuidText(event.getId()),
    type: event.getMetadataMap().get('type') ?? '',
    data: text(bytes),
    stream: text(event.getStreamIdentifier()?.getStreamName_asU8() ?? new Uint8Array()),
    revision: Number(event.getStreamRevision()),
    position: onePosition(event.getCommitPosition(), event.getPreparePosition()),
  };
}

/** They are one for all that was written through the streams API; what an old transaction left behind has two, and no place in this order. */
function onePosition(commit: string, prepare: string): Position {
  if (commit !== prepare) throw new StoreUnusable('the log holds an event of an EventStoreDB transaction, which no ledger writes (hint: is this another application\'s log?)');
  return positionOf(commit);
}

function common(): streams.ReadReq.Options {
  return new streams.ReadReq.Options().setResolveLinks(false).setUuidOption(new streams.ReadReq.Options.UUIDOption().setString(NOTHING));
}

function place(from: Position | 'edge', direction: Read['direction']): streams.ReadReq.Options.AllOptions {
  const all = new streams.ReadReq.Options.AllOptions();
  if (from === 'edge') return direction === 'forwards' ? all.setStart(NOTHING) : all.setEnd(NOTHING);
  const commit = String(commitOf(from));
  return all.setPosition(new streams.ReadReq.Options.Position().setCommitPosition(commit).setPreparePosition(commit));
}

const identifier = (name: string): shared.StreamIdentifier => new shared.StreamIdentifier().setStreamName(encoder.encode(name));
const uuid = (id: string): shared.UUID => new shared.UUID().setString(id);
const text = (bytes: Uint8Array): string => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString();

/** Servers give UUIDs as text or as two halves, whatever was asked for. */
function uuidText(of: shared.UUID | undefined): string {
  const parts = of?.getStructured();
  if (parts === undefined) return (of?.getString() ?? '').toLowerCase();
  const half = (bits: string): string => BigInt.asUintN(64, BigInt(bits)).toString(16).padStart(16, '0');
  return `${half(parts.getMostSignificantBits())}${half(parts.getLeastSignificantBits())}`.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

/** The messages of EventStoreDB's gRPC services, from the definitions that its client ships, and how this server says things in them. */
import { Metadata, status } from '@grpc/grpc-js';
import gossip from '@eventstore/db-client/generated/gossip_pb.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import statusMessages from '@eventstore/db-client/generated/status_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import anyMessages from 'google-protobuf/google/protobuf/any_pb.js';
import emptyMessages from 'google-protobuf/google/protobuf/empty_pb.js';
import type { Message } from 'google-protobuf';
import type { Proposed, Recorded } from './log-file.js';
import type { Expected } from './store.js';

export { gossip, shared, streams };

export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

/** A gRPC error as grpc-js takes it. */
export interface Refused {
  readonly code: status;
  readonly details: string;
  readonly metadata: Metadata;
}

const TICKS_PER_MS = 10_000n;
const empty = new shared.Empty();

export const nameOf = (identifier: shared.StreamIdentifier | undefined): string => Buffer.from(identifier?.getStreamName_asU8() ?? []).toString('utf8');

export function identifierOf(name: string): shared.StreamIdentifier {
  return new shared.StreamIdentifier().setStreamName(Buffer.from(name));
}

export function uuidText(uuid: shared.UUID | undefined): string {
  const parts = uuid?.getStructured();
  if (parts === undefined) return uuid?.getString() ?? '';
  const hex = [parts.getMostSignificantBits(), parts.getLeastSignificantBits()].map((half) => BigInt.asUintN(64, BigInt(half)).toString(16).padStart(16, '0')).join('');
  return hex.replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, '$1-$2-$3-$4-$5');
}

export function uuidOf(text: string): shared.UUID {
  return new shared.UUID().setString(text);
}

/** Both services word the same message in a type of their own. */
export function proposedOf(message: streams.AppendReq.ProposedMessage | streams.BatchAppendReq.ProposedMessage): Proposed {
  const metadata = message.getMetadataMap();
  return {
    id: uuidText(message.getId()),
    type: metadata.get('type') ?? '',
    contentType: metadata.get('content-type') ?? 'application/octet-stream',
    data: message.getData_asU8(),
    metadata: message.getCustomMetadata_asU8(),
  };
}

export function eventMessage(event: Recorded): streams.ReadResp {
  const position = String(event.position);
  const recorded = new streams.ReadResp.ReadEvent.RecordedEvent()
    .setId(uuidOf(event.id))
    .setStreamIdentifier(identifierOf(event.stream))
    .setStreamRevision(event.revision.toString())
    .setCommitPosition(position)
    .setPreparePosition(position)
    .setData(event.data)
    .setCustomMetadata(event.metadata);
  recorded.getMetadataMap().set('type', event.type).set('content-type', event.contentType).set('created', (BigInt(event.createdMs) * TICKS_PER_MS).toString());
  return new streams.ReadResp().setEvent(new streams.ReadResp.ReadEvent().setEvent(recorded).setCommitPosition(position));
}

export function checkpointMessage(position: number): streams.ReadResp {
  return new streams.ReadResp().setCheckpoint(new streams.ReadResp.Checkpoint().setCommitPosition(String(position)).setPreparePosition(String(position)));
}

export const caughtUpMessage = (): streams.ReadResp => new streams.ReadResp().setCaughtUp(new streams.ReadResp.CaughtUp());

export const confirmationMessage = (id: string): streams.ReadResp => new streams.ReadResp().setConfirmation(new streams.ReadResp.SubscriptionConfirmation().setSubscriptionId(id));

export const streamNotFoundMessage = (name: string): streams.ReadResp => new streams.ReadResp().setStreamNotFound(new streams.ReadResp.StreamNotFound().setStreamIdentifier(identifierOf(name)));

/** What an append was refused for, in the reply of a batch: `google.rpc.Status` with the reason packed in. */
export function batchError(code: number, type: string, details: Message): statusMessages.Status {
  const any = new anyMessages.Any();
  any.pack(details.serializeBinary(), `event_store.client.${type}`);
  return new statusMessages.Status().setCode(code).setMessage(type).setDetails(any);
}

export function batchWrongExpectedVersion(expected: Expected, current: bigint): shared.WrongExpectedVersion {
  const wrong = new shared.WrongExpectedVersion();
  const none = new emptyMessages.Empty();
  if (current < 0n) wrong.setCurrentNoStream(none);
  else wrong.setCurrentStreamRevision(current.toString());
  if (expected === 'any') return wrong.setExpectedAny(none);
  if (expected === 'no_stream') return wrong.setExpectedNoStream(none);
  if (expected === 'stream_exists') return wrong.setExpectedStreamExists(none);
  return wrong.setExpectedStreamPosition(expected.toString());
}

export function appendWrongExpectedVersion(expected: Expected, current: bigint): streams.AppendResp.WrongExpectedVersion {
  const wrong = new streams.AppendResp.WrongExpectedVersion();
  if (current < 0n) wrong.setCurrentNoStream(empty);
  else wrong.setCurrentRevision(current.toString());
  if (expected === 'any') return wrong.setExpectedAny(empty);
  if (expected === 'no_stream') return wrong.setExpectedNoStream(empty);
  if (expected === 'stream_exists') return wrong.setExpectedStreamExists(empty);
  return wrong.setExpectedRevision(expected.toString());
}

/** Errors of whole calls travel with their kind in the trailer `exception`. */
export function refused(code: status, details: string, trailers: Readonly<Record<string, string>> = {}): Refused {
  const metadata = new Metadata();
  for (const [name, value] of Object.entries(trailers)) metadata.set(name, value);
  return { code, details, metadata };
}

export const notLeader = ({ host, port }: Endpoint): Refused =>
  refused(status.NOT_FOUND, 'Leader info available', { exception: 'not-leader', 'leader-endpoint-host': host, 'leader-endpoint-port': String(port) });

export const accessDenied = (): Refused => refused(status.PERMISSION_DENIED, 'Access Denied', { exception: 'access-denied' });

export const streamDeleted = (name: string): Refused =>
  refused(status.FAILED_PRECONDITION, `Event stream '${encodeURIComponent(name)}' is deleted.`, { exception: 'stream-deleted', 'stream-name': encodeURIComponent(name) });

export const appendTooLarge = (limitBytes: number): Refused =>
  refused(status.INVALID_ARGUMENT, `Maximum append size of ${limitBytes} bytes exceeded`, { exception: 'maximum-append-size-exceeded', 'maximum-append-size': String(limitBytes) });

export function wrongExpectedVersion(name: string, expected: Expected, current: bigint): Refused {
  const number = { any: '-2', no_stream: '-1', stream_exists: '-4' };
  return refused(status.FAILED_PRECONDITION, 'Append failed due to WrongExpectedVersion', {
    exception: 'wrong-expected-version',
    'stream-name': encodeURIComponent(name),
    'expected-version': typeof expected === 'bigint' ? expected.toString() : number[expected],
    'actual-version': current.toString(),
  });
}

/** `Streams.Append` and `Streams.BatchAppend`: one append a call, and many on one call. */
import { setTimeout as pause } from 'node:timers/promises';
import { status, type sendUnaryData, type ServerDuplexStream, type ServerReadableStream } from '@grpc/grpc-js';
import type { Proposed } from './log-file.js';
import type { NodeState } from './node-state.js';
import type { Expected, Outcome } from './store.js';
import { appendTooLarge, appendWrongExpectedVersion, batchError, batchWrongExpectedVersion, identifierOf, nameOf, proposedOf, refused, shared, streamDeleted, streams, uuidText } from './wire.js';

/** What the server of 23.10 takes in one append, as it counts: data, metadata and two bytes for each character of the type. */
const MAX_APPEND_BYTES = 1024 * 1024;
const sizeOf = (events: readonly Proposed[]): number => events.reduce((bytes, { data, metadata, type }) => bytes + data.length + metadata.length + 2 * type.length, 0);

/** `google.rpc.Code`, as the server gives them. */
const CODE = { unknown: 2, invalidArgument: 3, deadlineExceeded: 4, permissionDenied: 7, failedPrecondition: 9 } as const;

type AppendCall = ServerReadableStream<streams.AppendReq, streams.AppendResp>;
type BatchCall = ServerDuplexStream<streams.BatchAppendReq, streams.BatchAppendResp>;
type Met = { readonly kind: 'outcome'; readonly outcome: Outcome } | { readonly kind: 'failed' } | { readonly kind: 'no-answer' };

export function append(node: NodeState, call: AppendCall, answer: sendUnaryData<streams.AppendResp>): void {
  const refusal = node.wrongPassword(call.metadata) ?? node.anonymous(call.metadata) ?? node.redirect();
  if (refusal !== undefined) return answer(refusal);
  let options: streams.AppendReq.Options | undefined;
  const events: Proposed[] = [];
  call.on('data', (request: streams.AppendReq) => {
    options ??= request.getOptions();
    const message = request.getProposedMessage();
    if (message !== undefined) events.push(proposedOf(message));
  });
  call.on('end', () => {
    const stream = nameOf(options?.getStreamIdentifier());
    // The leader may have changed since the call began.
    const moved = node.redirect();
    if (moved !== undefined) return answer(moved);
    if (sizeOf(events) > MAX_APPEND_BYTES) return answer(appendTooLarge(MAX_APPEND_BYTES));
    if (!isWellFormed(stream, events)) return answer(refused(status.UNKNOWN, 'Unexpected error: an empty name or type'));
    const expected = options === undefined ? 'any' : appendExpected(options);
    void written(node, stream, expected, events).then((met) => answerAppend(met, stream, expected, answer));
  });
}

export function batchAppend(node: NodeState, call: BatchCall): void {
  const refusal = node.wrongPassword(call.metadata) ?? node.redirect();
  if (refusal !== undefined) return void call.emit('error', refusal);
  const isAnonymous = node.anonymous(call.metadata) !== undefined;
  const pending = new Map<string, { readonly options: streams.BatchAppendReq.Options; readonly events: Proposed[]; }>();
  call.on('data', (request: streams.BatchAppendReq) => {
    const id = uuidText(request.getCorrelationId());
    const moved = node.redirect();
    if (moved !== undefined) return void call.emit('error', moved);
    const options = pending.get(id)?.options ?? request.getOptions();
    if (options === undefined) return;
    const stream = nameOf(options.getStreamIdentifier());
    const say = (reply: streams.BatchAppendResp): void => void (call.cancelled || call.destroyed || call.write(reply.setCorrelationId(request.getCorrelationId()).setStreamIdentifier(identifierOf(stream))));
    const refuse = (code: number, type: string, details: Parameters<typeof batchError>[2]): void => {
      pending.delete(id);
      say(new streams.BatchAppendResp().setError(batchError(code, type, details)));
    };
    if (isAnonymous) return refuse(CODE.permissionDenied, 'AccessDenied', new shared.AccessDenied());
    const deadline = options.getDeadline()?.toDate();
    if (request.hasOptions() && deadline !== undefined && deadline.getTime() <= Date.now()) return refuse(CODE.deadlineExceeded, 'Timeout', new shared.Timeout());
    const events = [...(pending.get(id)?.events ?? []), ...request.getProposedMessagesList().map(proposedOf)];
    if (sizeOf(events) > MAX_APPEND_BYTES) return refuse(CODE.invalidArgument, 'MaximumAppendSizeExceeded', new shared.MaximumAppendSizeExceeded().setMaxappendsize(MAX_APPEND_BYTES));
    pending.set(id, { options, events });
    if (!request.getIsFinal()) return;
    pending.delete(id);
    if (!isWellFormed(stream, events)) {
      refuse(CODE.unknown, 'Unknown', new shared.Unknown());
      // The real server answers twice where a type is empty, and its client does not survive it.
      if (stream !== '') refuse(CODE.unknown, 'Unknown', new shared.Unknown());
      return;
    }
    const expected = batchExpected(options);
    void written(node, stream, expected, events).then((met) => {
      if (met.kind === 'failed') return refuse(CODE.deadlineExceeded, 'Timeout', new shared.Timeout());
      if (met.kind === 'outcome') say(batchReply(met.outcome, stream, expected));
    });
  });
  call.on('end', () => call.end());
}

/** Writes, and meets whatever fault is on. */
async function written(node: NodeState, stream: string, expected: Expected, events: readonly Proposed[]): Promise<Met> {
  const fault = node.faults.forAppend();
  if (fault.failAppends === true) return { kind: 'failed' };
  const outcome = await node.store.append(stream, expected, events);
  if (node.faults.now.slowMs !== undefined) await pause(node.faults.now.slowMs);
  if (fault.dropAfterAppend === true) {
    node.dropConnections();
    return { kind: 'no-answer' };
  }
  if (fault.answerAppendsAfterMs === 'never') return { kind: 'no-answer' };
  if (fault.answerAppendsAfterMs !== undefined) await pause(fault.answerAppendsAfterMs);
  return { kind: 'outcome', outcome };
}

const isWellFormed = (stream: string, events: readonly Proposed[]): boolean => stream !== '' && events.every(({ type }) => type !== '');

function answerAppend(met: Met, stream: string, expected: Expected, answer: sendUnaryData<streams.AppendResp>): void {
  if (met.kind === 'failed') return answer(refused(status.ABORTED, 'Timeout'));
  if (met.kind === 'no-answer') return;
  const { outcome } = met;
  const reply = new streams.AppendResp();
  switch (outcome.kind) {
    case 'written': {
      const position = new streams.AppendResp.Position().setCommitPosition(String(outcome.position)).setPreparePosition(String(outcome.position));
      return answer(null, reply.setSuccess(new streams.AppendResp.Success().setCurrentRevision(outcome.revision.toString()).setPosition(position)));
    }
    case 'wrong-expected-version':
      return answer(null, reply.setWrongExpectedVersion(appendWrongExpectedVersion(expected, outcome.current)));
    case 'deleted':
      return answer(streamDeleted(stream));
    default: {
      const never: never = outcome;
      return never;
    }
  }
}

function batchReply(outcome: Outcome, stream: string, expected: Expected): streams.BatchAppendResp {
  const reply = new streams.BatchAppendResp();
  switch (outcome.kind) {
    case 'written': {
      const position = new shared.AllStreamPosition().setCommitPosition(String(outcome.position)).setPreparePosition(String(outcome.position));
      return reply.setSuccess(new streams.BatchAppendResp.Success().setCurrentRevision(outcome.revision.toString()).setPosition(position));
    }
    case 'wrong-expected-version':
      return reply.setError(batchError(CODE.failedPrecondition, 'WrongExpectedVersion', batchWrongExpectedVersion(expected, outcome.current)));
    case 'deleted':
      return reply.setError(batchError(CODE.failedPrecondition, 'StreamDeleted', new shared.StreamDeleted().setStreamIdentifier(identifierOf(stream))));
    default: {
      const never: never = outcome;
      return never;
    }
  }
}

function appendExpected(options: streams.AppendReq.Options): Expected {
  if (options.hasRevision()) return BigInt(options.getRevision());
  if (options.hasNoStream()) return 'no_stream';
  return options.hasStreamExists() ? 'stream_exists' : 'any';
}

function batchExpected(options: streams.BatchAppendReq.Options): Expected {
  if (options.hasStreamPosition()) return BigInt(options.getStreamPosition());
  if (options.hasNoStream()) return 'no_stream';
  return options.hasStreamExists() ? 'stream_exists' : 'any';
}

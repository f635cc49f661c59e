/** `Streams.Delete` (soft) and `Streams.Tombstone` (for ever). */
import type { sendUnaryData, ServerUnaryCall } from '@grpc/grpc-js';
import type { NodeState } from './node-state.js';
import type { Expected, Outcome } from './store.js';
import { nameOf, streamDeleted, streams, wrongExpectedVersion, type Refused } from './wire.js';

type Options = streams.DeleteReq.Options | streams.TombstoneReq.Options;

export async function softDelete(node: NodeState, call: ServerUnaryCall<streams.DeleteReq, streams.DeleteResp>, answer: sendUnaryData<streams.DeleteResp>): Promise<void> {
  const options = call.request.getOptions() ?? new streams.DeleteReq.Options();
  const refusal = refusalOf(node, call);
  if (refusal !== undefined) return answer(refusal);
  const outcome = await node.store.softDelete(nameOf(options.getStreamIdentifier()), expectedOf(options));
  if (outcome.kind !== 'written') return answer(errorOf(outcome, options));
  const position = new streams.DeleteResp.Position().setCommitPosition(String(outcome.position)).setPreparePosition(String(outcome.position));
  answer(null, new streams.DeleteResp().setPosition(position));
}

export async function tombstone(node: NodeState, call: ServerUnaryCall<streams.TombstoneReq, streams.TombstoneResp>, answer: sendUnaryData<streams.TombstoneResp>): Promise<void> {
  const options = call.request.getOptions() ?? new streams.TombstoneReq.Options();
  const refusal = refusalOf(node, call);
  if (refusal !== undefined) return answer(refusal);
  const outcome = await node.store.tombstone(nameOf(options.getStreamIdentifier()), expectedOf(options));
  if (outcome.kind !== 'written') return answer(errorOf(outcome, options));
  const position = new streams.TombstoneResp.Position().setCommitPosition(String(outcome.position)).setPreparePosition(String(outcome.position));
  answer(null, new streams.TombstoneResp().setPosition(position));
}

const refusalOf = (node: NodeState, { metadata }: ServerUnaryCall<never, never> | { readonly metadata: Parameters<NodeState['anonymous']>[0] }): Refused | undefined =>
  node.wrongPassword(metadata) ?? node.anonymous(metadata) ?? node.redirect();

function errorOf(outcome: Exclude<Outcome, { kind: 'written' }>, options: Options): Refused {
  const name = nameOf(options.getStreamIdentifier());
  return outcome.kind === 'deleted' ? streamDeleted(name) : wrongExpectedVersion(name, expectedOf(options), outcome.current);
}

function expectedOf(options: Options): Expected {
  if (options.hasRevision()) return BigInt(options.getRevision());
  if (options.hasNoStream()) return 'no_stream';
  return options.hasStreamExists() ? 'stream_exists' : 'any';
}

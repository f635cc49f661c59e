/** `ServerFeatures` and `Gossip`: what the server can do, and who else there is. Both answer anybody. */
import { setTimeout as pause } from 'node:timers/promises';
import type { sendUnaryData, ServerUnaryCall } from '@grpc/grpc-js';
import features from '@eventstore/db-client/generated/serverfeatures_pb.js';
import grpcStreams from '@eventstore/db-client/generated/streams_grpc_pb.js';
import type { NodeState, Role } from './node-state.js';
import { gossip, uuidOf, type shared } from './wire.js';

/** The server whose answers this one gives. */
const VERSION = '23.10.6';
const TICKS_PER_MS = 10_000n;

export async function getSupportedMethods(node: NodeState, _call: ServerUnaryCall<shared.Empty, features.SupportedMethods>, answer: sendUnaryData<features.SupportedMethods>): Promise<void> {
  if (node.faults.now.slowMs !== undefined) await pause(node.faults.now.slowMs);
  const methods = Object.values(grpcStreams.StreamsService).map(({ path }) => {
    const [, service = '', method = ''] = path.split('/');
    return new features.SupportedMethod().setServiceName(service).setMethodName(method.toLowerCase());
  });
  answer(null, new features.SupportedMethods().setEventStoreServerVersion(VERSION).setMethodsList(methods));
}

export async function readGossip(node: NodeState, _call: ServerUnaryCall<shared.Empty, gossip.ClusterInfo>, answer: sendUnaryData<gossip.ClusterInfo>): Promise<void> {
  if (node.faults.now.slowMs !== undefined) await pause(node.faults.now.slowMs);
  const timeStamp = (BigInt(Date.now()) * TICKS_PER_MS).toString();
  const members = node.members.map(({ id, host, port, role, isAlive }) =>
    new gossip.MemberInfo().setInstanceId(uuidOf(id)).setTimeStamp(timeStamp).setState(stateOf(role)).setIsAlive(isAlive).setHttpEndPoint(new gossip.EndPoint().setAddress(host).setPort(port)),
  );
  answer(null, new gossip.ClusterInfo().setMembersList(members));
}

function stateOf(role: Role): gossip.MemberInfo.VNodeState {
  const { LEADER, FOLLOWER, READONLYREPLICA } = gossip.MemberInfo.VNodeState;
  switch (role) {
    case 'leader':
      return LEADER;
    case 'follower':
      return FOLLOWER;
    case 'read-only-replica':
      return READONLYREPLICA;
    default: {
      const never: never = role;
      return never;
    }
  }
}

/** Servers that do what no order makes the protocol server do: each answers as its test says. */
import { Server, ServerCredentials, type ServerDuplexStream, type ServerWritableStream } from '@grpc/grpc-js';
import grpcStreams from '@eventstore/db-client/generated/streams_grpc_pb.js';
import { eventMessage, shared, streams } from '../../../../test/esdb/wire.js';
import type { NewEvent } from '../event-store.js';

export type AppendCall = ServerDuplexStream<streams.BatchAppendReq, streams.BatchAppendResp>;
export type ReadCall = ServerWritableStream<streams.ReadReq, streams.ReadResp>;

export class OddServer {
  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async start(batchAppend: (call: AppendCall) => void, read: (call: ReadCall) => void): Promise<OddServer> {
    const server = new Server();
    server.addService(grpcStreams.StreamsService, { batchAppend, read });
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) => (error ? reject(error) : resolve(port)));
    return new OddServer(server, `esdb://127.0.0.1:${await promise}?tls=false`);
  }

  stop(): void {
    this.server.forceShutdown();
  }
}

export const isSubscription = (call: ReadCall): boolean => call.request.getOptions()?.hasSubscription() ?? false;

export const stored = (stream: string, { id, type, data }: NewEvent, revision: number, position: number): streams.ReadResp =>
  eventMessage({ id, type, contentType: 'application/json', data: Buffer.from(data), metadata: new Uint8Array(), stream, revision: BigInt(revision), position, createdMs: 0 });

export function written(request: streams.BatchAppendReq, revision: number, position: number): streams.BatchAppendResp {
  const at = new shared.AllStreamPosition().setCommitPosition(String(position)).setPreparePosition(String(position));
  const success = new streams.BatchAppendResp.Success().setCurrentRevision(String(revision)).setPosition(at);
  return new streams.BatchAppendResp().setCorrelationId(request.getCorrelationId()).setSuccess(success);
}

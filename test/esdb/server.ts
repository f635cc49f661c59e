/** The server: its services on one listener, whose connections it can refuse and drop. */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server as Listener, type Socket } from 'node:net';
import { join } from 'node:path';
import { Server, ServerCredentials } from '@grpc/grpc-js';
import grpcFeatures from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js';
import grpcGossip from '@eventstore/db-client/generated/gossip_grpc_pb.js';
import grpcStreams from '@eventstore/db-client/generated/streams_grpc_pb.js';
import { append, batchAppend } from './append.js';
import { getSupportedMethods, readGossip } from './cluster.js';
import { softDelete, tombstone } from './delete.js';
import { FaultState, type Faults } from './faults.js';
import { answerHealth } from './health.js';
import { LOG_NAME } from './log-file.js';
import { NodeState, type Member } from './node-state.js';
import { read } from './read.js';
import { Store } from './store.js';

/** What a client may send in one message: as the real server. */
const MAX_MESSAGE_BYTES = 17 * 1024 * 1024;

export interface ServerOptions {
  readonly directory: string;
  readonly host: string;
  /** 0: one that the system chooses. */
  readonly port: number;
  /** What gossip calls it, where that is not `host`. */
  readonly advertise?: string;
  readonly fsync?: boolean;
  /** Begins as a follower of whoever writes the log in this directory. */
  readonly follow?: boolean;
  readonly tls?: { readonly certificateFile: string; readonly keyFile: string };
  readonly users?: ReadonlyMap<string, string>;
}

export class EsdbServer {
  readonly id = randomUUID();
  readonly #sockets = new Set<Socket>();
  readonly #grpc: Server;
  readonly #listener: Listener;
  readonly #faults = new FaultState();
  readonly #node: NodeState;
  readonly #store: Store;
  #port = 0;

  private constructor(readonly options: ServerOptions) {
    this.#store = new Store(join(options.directory, LOG_NAME), { fsync: options.fsync ?? false, follow: options.follow ?? false });
    this.#node = new NodeState(this.#store, this.#faults, this.id, () => this.#dropConnections(), options.users ?? new Map());
    this.#grpc = services(this.#node);
    const injector = this.#grpc.createConnectionInjector(credentialsOf(options.tls));
    this.#listener = createServer({ noDelay: true }, (socket) => {
      this.#sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => this.#sockets.delete(socket));
      if (options.tls !== undefined) injector.injectConnection(socket);
      else answerHealth(socket, (grpc) => injector.injectConnection(grpc));
    });
  }

  static async start(options: ServerOptions): Promise<EsdbServer> {
    const server = new EsdbServer(options);
    await server.#listen(options.port);
    const role = options.follow === true ? 'follower' : 'leader';
    await server.setMembers([{ id: server.id, host: options.advertise ?? options.host, port: server.port, role, isAlive: true }]);
    return server;
  }

  get port(): number {
    return this.#port;
  }

  /** Who is in the cluster, and what this server is in it. */
  async setMembers(members: readonly Member[]): Promise<void> {
    const wasLeader = this.#node.role === 'leader';
    const isFirst = this.#node.members.length === 0;
    this.#node.members = members;
    const isLeader = this.#node.role === 'leader';
    if (!isFirst && isLeader !== wasLeader) await this.#store.setFollowing(!isLeader);
  }

  async setFaults(faults: Faults): Promise<void> {
    this.#faults.set(faults);
    if (faults.refuse === true && this.#listener.listening) {
      this.#listener.close();
      this.#dropConnections();
    }
    if (faults.refuse !== true && !this.#listener.listening) await this.#listen(this.#port);
  }

  /** Ends every subscription with `unavailable`. */
  dropSubscriptions(): void {
    for (const subscription of [...this.#node.subscriptions]) subscription.drop();
  }

  stop(): void {
    this.#listener.close();
    this.#dropConnections();
    this.#grpc.forceShutdown();
    this.#store.close();
  }

  async #listen(port: number): Promise<void> {
    this.#listener.listen(port, this.options.host);
    await once(this.#listener, 'listening');
    this.#port = (this.#listener.address() as AddressInfo).port;
  }

  #dropConnections(): void {
    for (const socket of this.#sockets) socket.destroy();
  }
}

function services(node: NodeState): Server {
  const grpc = new Server({ 'grpc.max_receive_message_length': MAX_MESSAGE_BYTES });
  grpc.addService(grpcStreams.StreamsService, {
    read: (call: Parameters<typeof read>[1]) => void read(node, call),
    append: (call: Parameters<typeof append>[1], answer: Parameters<typeof append>[2]) => append(node, call, answer),
    batchAppend: (call: Parameters<typeof batchAppend>[1]) => batchAppend(node, call),
    delete: (call: Parameters<typeof softDelete>[1], answer: Parameters<typeof softDelete>[2]) => void softDelete(node, call, answer),
    tombstone: (call: Parameters<typeof tombstone>[1], answer: Parameters<typeof tombstone>[2]) => void tombstone(node, call, answer),
  });
  grpc.addService(grpcFeatures.ServerFeaturesService, {
    getSupportedMethods: (call: Parameters<typeof getSupportedMethods>[1], answer: Parameters<typeof getSupportedMethods>[2]) => void getSupportedMethods(node, call, answer),
  });
  grpc.addService(grpcGossip.GossipService, { read: (call: Parameters<typeof readGossip>[1], answer: Parameters<typeof readGossip>[2]) => void readGossip(node, call, answer) });
  return grpc;
}

function credentialsOf(tls: ServerOptions['tls']): ServerCredentials {
  if (tls === undefined) return ServerCredentials.createInsecure();
  return ServerCredentials.createSsl(null, [{ cert_chain: readFileSync(tls.certificateFile), private_key: readFileSync(tls.keyFile) }]);
}

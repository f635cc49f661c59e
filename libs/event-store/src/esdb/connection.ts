import { setTimeout as wait } from 'node:timers/promises';
import { EventStoreDBClient } from '@eventstore/db-client';
import grpcStreams from '@eventstore/db-client/generated/streams_grpc_pb.js';
import type streams from '@eventstore/db-client/generated/streams_pb.js';
import { StoreUnavailable, StoreUnusable } from '../event-store.js';
import { faultOf, isUnknown, NotConnected, TookTooLong } from './faults.js';
import { Incoming, type StreamsClient } from './incoming.js';
import { readRequest, type Message, type Read } from './wire.js';

type BatchCall = ReturnType<StreamsClient['batchAppend']>;
type Deadline = NonNullable<Parameters<StreamsClient['waitForReady']>[0]>;

export interface Patience {
  /** How long a call is tried again before it is given up. */
  readonly patienceMs: number;
  /** How long one attempt may stay without an answer. */
  readonly attemptMs: number;
  /** How long a server that refuses connections is asked before the caller is told. */
  readonly refusedMs: number;
}

/** How often, while a connection is being made, its state is looked at. */
const LOOK_MS = 100;
const FIRST_BACK_OFF_MS = 20;
const MOST_BACK_OFF_MS = 2_000;
/** A read that meets "unknown" so often at one place will meet it always. */
const MOST_UNKNOWN = 3;
const KEEP_ALIVE_MS = 10_000;
/** gRPC's numbers of a connection's state. */
const READY = 2;
const TRANSIENT_FAILURE = 3;

/**
 * The connection to one node, made again when it is lost. The client finds the node (its URL, gossip, the leader that a follower names)
 * and gives gRPC's stubs; calls are made on those, because the client's own hold traps (decision 0004).
 */
export class Connection {
  #client: EventStoreDBClient;
  #opening: Promise<StreamsClient> | undefined;
  #grpc: StreamsClient | undefined;
  #failures = 0;
  #generation = 0;
  #closed = false;

  constructor(
    private readonly url: string,
    readonly patience: Patience,
  ) {
    this.#client = clientOf(url, 0);
  }

  /** A stub that has a connection. Shared by all who wait; who waited longest goes on first. Rejects with `NotConnected` or for good. */
  ready(): Promise<StreamsClient> {
    // What is sent on a connection that is known to be gone would count as sent.
    if (this.#grpc && stateOf(this.#grpc) !== READY) this.lost(this.#grpc, new NotConnected('the connection has gone', false));
    this.#opening ??= this.#open().catch((error: unknown) => {
      this.#opening = undefined;
      this.#failures++;
      throw error;
    });
    return this.#opening;
  }

  batchAppend(grpc: StreamsClient): BatchCall {
    return onOpen(() => grpc.batchAppend(...this.#client['callArguments']({ requiresLeader: true }, { deadline: Infinity })));
  }

  read(grpc: StreamsClient, request: streams.ReadReq, requiresLeader: boolean): Incoming {
    return new Incoming(onOpen(() => grpc.read(request, ...this.#client['callArguments']({ requiresLeader }, { deadline: Infinity }))));
  }

  /** This connection was of use: the next loss waits short again. */
  worked(): void {
    this.#failures = 0;
  }

  /** This stub's connection is used no more, if it still was. A leader's name in the error is followed; else the search begins anew. */
  lost(grpc: StreamsClient, error: Error): void {
    if (this.#grpc !== grpc || this.#closed) return;
    this.#opening = undefined;
    this.#grpc = undefined;
    this.#failures++;
    if (faultOf(error).kind === 'notLeader') {
      // It closes the channel and goes to the leader next.
      void this.#client['handleError'](grpc, error).catch(() => undefined);
      return;
    }
    this.#abandon(grpc);
  }

  /**
   * Reads, and goes on after a loss: `next` says what is still wanted. Rejects with `StoreUnavailable` when that is of no use for
   * `patienceMs` (or `refusedMs`, where nobody listens), and for good reasons at once.
   */
  async *reading(next: () => Read, requiresLeader: boolean, most: number): AsyncGenerator<readonly Message[]> {
    let since = performance.now();
    let unknown = 0;
    for (;;) {
      let grpc: StreamsClient | undefined;
      try {
        grpc = await this.ready();
        const incoming = this.read(grpc, readRequest(next()), requiresLeader);
        try {
          for (;;) {
            const taken = await incoming.take(most, this.patience.attemptMs);
            if (taken === 'end') return;
            if (taken === 'quiet') throw new TookTooLong(`EventStoreDB gave no answer to a read for ${this.patience.attemptMs} ms`);
            this.worked();
            yield taken;
            since = performance.now();
            unknown = 0;
          }
        } finally {
          incoming.cancel();
        }
      } catch (error) {
        if (isUnknown(error) && ++unknown === MOST_UNKNOWN) throw new StoreUnusable(`EventStoreDB cannot read from here (hint: is the position one of this log?)`, { cause: error });
        const away = this.giveUpOr(error, since, false);
        if (grpc) this.lost(grpc, away);
      }
    }
  }

  /** Returns the error when another attempt may help; throws what the caller is to be told when it is of no use. */
  giveUpOr(error: unknown, since: number, isUnknownOutcome: boolean): Error {
    const fault = faultOf(error);
    if (fault.kind === 'final') throw fault.error;
    const outcome = isUnknownOutcome ? 'unknown' : 'not-written';
    const elapsedMs = Math.round(performance.now() - since);
    const refused = fault.error instanceof NotConnected && fault.error.refused && !isUnknownOutcome;
    if (refused) throw new StoreUnavailable('EventStoreDB takes no connection', outcome, { cause: error });
    if (elapsedMs >= this.patience.patienceMs || this.#closed) throw new StoreUnavailable(`EventStoreDB gave no answer for ${elapsedMs} ms`, outcome, { cause: error });
    return fault.error;
  }

  close(): void {
    this.#closed = true;
    const opening = this.#opening;
    this.#opening = undefined;
    void opening?.then((grpc) => grpc.close()).catch(() => undefined);
  }

  async #open(): Promise<StreamsClient> {
    if (this.#closed) throw new NotConnected('the log is closed', true);
    if (this.#failures > 0) await wait(backOffMs(this.#failures));
    const since = performance.now();
    const grpc = await this.#discovered();
    for (;;) {
      if (await isReady(grpc, LOOK_MS)) return (this.#grpc = grpc);
      const elapsedMs = performance.now() - since;
      const refused = stateOf(grpc) === TRANSIENT_FAILURE;
      if (this.#closed || elapsedMs >= (refused ? this.patience.refusedMs : this.patience.attemptMs)) {
        const cause = refused ? await this.#whyNot(grpc) : undefined;
        this.#abandon(grpc);
        const fault = faultOf(cause ?? new NotConnected('', refused));
        if (fault.kind === 'final') throw fault.error;
        throw new NotConnected(`no connection to EventStoreDB within ${Math.round(elapsedMs)} ms`, refused, { cause });
      }
    }
  }

  /** A node is looked for by gossip where the URL names a cluster; that it is found says nothing of a connection. */
  async #discovered(): Promise<StreamsClient> {
    let late: NodeJS.Timeout | undefined;
    const tooLate = new Promise<never>((_, reject) => {
      late = setTimeout(() => reject(new NotConnected('no node of the cluster was found in time', false)), this.patience.attemptMs);
    });
    try {
      const stubOf: (of: typeof StreamsClient, name: string) => Promise<StreamsClient> = this.#client['getGRPCClient'];
      return await Promise.race([stubOf(grpcStreams.StreamsClient, 'streams'), tooLate]);
    } catch (error) {
      if (error instanceof NotConnected) throw error;
      throw new NotConnected('no node of the cluster answers', true, { cause: error });
    } finally {
      clearTimeout(late);
    }
  }

  /** The reason, which gRPC gives only to a call that fails. */
  async #whyNot(grpc: StreamsClient): Promise<unknown> {
    const incoming = this.read(grpc, readRequest({ direction: 'backwards', from: 'edge', count: 1 }), false);
    try {
      await incoming.take(1, LOOK_MS);
      return undefined;
    } catch (error) {
      return error;
    } finally {
      incoming.cancel();
    }
  }

  /**
   * Closes the connection; the next one is another client's. gRPC remembers by its settings how often a node refused, and waits up to
   * two minutes between attempts: settings that differ by a millisecond have no such past.
   */
  #abandon(grpc: StreamsClient): void {
    grpc.close();
    this.#client = clientOf(this.url, (this.#generation = (this.#generation + 1) % 1_000));
  }
}

function clientOf(url: string, differenceMs: number): EventStoreDBClient {
  return EventStoreDBClient.connectionString(withDefaults(url, differenceMs));
}

/** Those of the client, in its flat spelling. It prints the whole URL, password included, when it meets another one, or tlsVerifyCert=false. */
const OPTIONS = new Set(
  ['userCertFile', 'userKeyFile', 'maxDiscoverAttempts', 'connectionName', 'defaultDeadline', 'discoveryInterval', 'gossipTimeout', 'nodePreference', 'tls', 'tlsCAFile', 'keepAliveInterval', 'keepAliveTimeout'].map((name) => name.toLowerCase()),
);

/** What the URL says goes first. Keep-alive ends connections on which nobody answers. Throws a sentence for an option that is none. */
export function withDefaults(url: string, differenceMs: number): string {
  const [address = '', query = ''] = url.trim().replace(/\/+$/, '').split(/\?(.*)/s, 2);
  const options = new Map<string, string>();
  for (const option of query.split('&').filter((one) => one !== '')) {
    const [, name = '', value = ''] = /^([^=]*)=(.+)$/s.exec(option) ?? [];
    const key = name.trim().toLowerCase().replace(/[_-]/g, '');
    if (!OPTIONS.has(key)) throw new StoreUnusable('the log\'s URL is not one for EventStoreDB: it has an option that its client does not know (hint: the options stand behind the ?, as name=value)');
    options.set(key, key === 'keepaliveinterval' && Number(value) >= 0 ? `keepAliveInterval=${Number(value) + differenceMs}` : option);
  }
  if (!options.has('keepaliveinterval')) options.set('keepaliveinterval', `keepAliveInterval=${KEEP_ALIVE_MS + differenceMs}`);
  if (!options.has('keepalivetimeout')) options.set('keepalivetimeout', `keepAliveTimeout=${KEEP_ALIVE_MS}`);
  return `${address.replace(/\/+$/, '')}?${[...options.values()].join('&')}`;
}

/** A stub whose channel another call has given up throws at once. */
function onOpen<T>(call: () => T): T {
  try {
    return call();
  } catch (error) {
    throw new NotConnected('the connection was given up', false, { cause: error });
  }
}

const stateOf = (grpc: StreamsClient): number => grpc.getChannel().getConnectivityState(false);

const isReady = (grpc: StreamsClient, withinMs: number): Promise<boolean> =>
  new Promise((resolve) => {
    const deadline: Deadline = Date.now() + withinMs;
    grpc.waitForReady(deadline, (error) => resolve(error === undefined));
  });

/** Between half of it and all: nodes that lost the same server do not come back at once. */
function backOffMs(failures: number): number {
  const most = Math.min(FIRST_BACK_OFF_MS * 2 ** (failures - 1), MOST_BACK_OFF_MS);
  return most * (0.5 + Math.random() / 2);
}

/** Requests over raw sockets, one at a time on each connection: the same load for the ledger and for the bare echo. */
import { connect, type Socket } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';

export interface LoadJob {
  readonly port: number;
  readonly connections: number;
  /** Whole HTTP/1.1 requests. */
  readonly requests: readonly Uint8Array[];
}

export interface LoadResult {
  readonly seconds: number;
  /** Milliseconds of each request, sorted. */
  readonly latencies: Float64Array;
  /** Answers by status code. */
  readonly statuses: Readonly<Record<string, number>>;
}

const HEAD_END = Buffer.from('\r\n\r\n');

async function load({ port, connections, requests }: LoadJob): Promise<LoadResult> {
  let next = 0;
  const latencies = new Float64Array(requests.length);
  const statuses: Record<string, number> = {};
  const began = performance.now();
  await Promise.all(
    Array.from({ length: Math.min(connections, requests.length) }, async () => {
      const socket = connect({ port, host: '127.0.0.1', noDelay: true });
      await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject));
      const answers = answersOf(socket);
      while (next < requests.length) {
        const i = next++;
        const sent = performance.now();
        socket.write(requests[i] ?? new Uint8Array());
        const { value: status } = await answers.next();
        latencies[i] = performance.now() - sent;
        statuses[status ?? 'none'] = (statuses[status ?? 'none'] ?? 0) + 1;
      }
      socket.destroy();
    }),
  );
  return { seconds: (performance.now() - began) / 1000, latencies: latencies.sort(), statuses };
}

/** The status of each whole answer on a connection. */
async function* answersOf(socket: Socket): AsyncGenerator<string, undefined> {
  let buffered: Buffer = Buffer.alloc(0);
  for await (const chunk of socket) {
    buffered = buffered.length === 0 ? (chunk as Buffer) : Buffer.concat([buffered, chunk as Buffer]);
    for (;;) {
      const head = buffered.indexOf(HEAD_END);
      if (head < 0) break;
      const headers = buffered.toString('latin1', 0, head);
      const length = Number(/content-length: (\d+)/i.exec(headers)?.[1] ?? 0);
      if (buffered.length < head + 4 + length) break;
      buffered = buffered.subarray(head + 4 + length);
      yield headers.slice(9, 12);
    }
  }
  return undefined;
}

void load(workerData as LoadJob).then((result) => parentPort?.postMessage(result));

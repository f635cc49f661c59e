/** Stores on servers that misbehave, with less patience than in earnest. */
import { createServer, connect, type Server, type Socket } from 'node:net';
import { once } from 'node:events';
import { event, newStream, all, ids } from '../conformance/check.js';
import type { EventStore, NewEvent } from '../event-store.js';
import { openEsdbEventStore, type EsdbEventStore, type EsdbSettings } from './esdb-event-store.js';

export const IMPATIENT = { attemptMs: 500, patienceMs: 15_000, refusedMs: 300, quietMs: 300 };

export const impatientStore = (url: string, settings: Partial<EsdbSettings> = {}): Promise<EsdbEventStore> => openEsdbEventStore({ url, ...IMPATIENT, ...settings });

export interface OneAppend {
  readonly stream: string;
  readonly expected: 'none';
  readonly events: readonly NewEvent[];
}

export const oneAppend = (data?: string): OneAppend => ({ stream: newStream(), expected: 'none', events: [event(data)] });

export async function idsOf(store: EventStore, stream: string): Promise<readonly string[]> {
  return ids(await all(store.readStream(stream)));
}

/** A way to a server on which, from `swallow` on, nothing comes back over the connections that stand: each end believes in the other. */
export class LossyWay {
  /** What the server has sent this way. */
  answeredBytes = 0;
  readonly #standing = new Set<{ lost: boolean; readonly client: Socket; readonly server: Socket }>();

  private constructor(
    private readonly listener: Server,
    readonly url: string,
  ) {}

  static async to(serverPort: number): Promise<LossyWay> {
    const listener = createServer();
    listener.listen(0, '127.0.0.1');
    await once(listener, 'listening');
    const address = listener.address();
    const way = new LossyWay(listener, `esdb://127.0.0.1:${typeof address === 'object' ? address?.port : 0}?tls=false`);
    listener.on('connection', (client) => way.#join(client, connect(serverPort, '127.0.0.1')));
    return way;
  }

  swallow(): void {
    for (const pair of this.#standing) pair.lost = true;
  }

  close(): void {
    this.listener.close();
    for (const { client, server } of this.#standing) {
      client.destroy();
      server.destroy();
    }
  }

  #join(client: Socket, server: Socket): void {
    const pair = { lost: false, client, server };
    this.#standing.add(pair);
    client.on('data', (bytes) => pair.lost || server.write(bytes)).on('error', () => server.destroy()).on('close', () => server.destroy());
    server.on('data', (bytes: Buffer) => {
      this.answeredBytes += bytes.length;
      if (!pair.lost) client.write(bytes);
    });
    server.on('error', () => client.destroy()).on('close', () => client.destroy());
  }
}

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventStoreConformance, type OpenStore } from './conformance.js';
import { startEsdb, type Esdb } from '../../../test/esdb/esdb-server.fixture.js';
import { openEsdbEventStore } from './esdb/esdb-event-store.js';
import { MemoryEventStore } from './memory/memory-event-store.js';
import { openSqliteEventStore } from './sqlite/sqlite-event-store.js';

eventStoreConformance('memory', async () => {
  const store = new MemoryEventStore();
  return { store, close: () => store.close() };
});

eventStoreConformance('SQLite', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'liggare-log-'));
  const file = join(directory, 'log.db');
  let store = await openSqliteEventStore({ file });
  return {
    store,
    reopen: async () => {
      await store.close();
      store = await openSqliteEventStore({ file });
      return store;
    },
    close: async () => {
      await store.close();
      await rm(directory, { recursive: true });
    },
  };
});

describe('the EventStoreDB protocol server', () => {
  let server: Esdb;
  beforeAll(async () => {
    server = await startEsdb();
  });
  afterAll(() => server.stop());

  eventStoreConformance('EventStoreDB (protocol server)', () => openEsdb(server.url));
});

/** By hand: `esdb://…`, insecure or with TLS and a user. Its log may hold other streams, and holds those of the checks afterwards. */
const named = process.env['LIGGARE_TEST_ESDB'];
if (named === undefined) notRun('EventStoreDB (server named)', 'LIGGARE_TEST_ESDB is not set');
else eventStoreConformance('EventStoreDB (server named)', () => openEsdb(named));

const IMAGE = process.env['LIGGARE_TEST_IMAGE_ESDB'] ?? 'eventstore/eventstore:23.10.0-bookworm-slim';
const contained = await startContainer();
if (typeof contained === 'string') notRun(`EventStoreDB (${IMAGE})`, contained);
else
  describe('an EventStoreDB container', () => {
    afterAll(() => contained.stop());
    eventStoreConformance(`EventStoreDB (${IMAGE})`, () => openEsdb(contained.url));
  });

const report = ['memory: run', 'SQLite: run', 'EventStoreDB (protocol server): run', `EventStoreDB (server named): ${named === undefined ? 'not run' : 'run'}`, `EventStoreDB (${IMAGE}): ${typeof contained === 'string' ? 'not run' : 'run'}`];
afterAll(() => {
  process.stdout.write(`event store conformance\n${report.map((line) => `  ${line}\n`).join('')}`);
});

/** Says so where passed tests are listed, and is none of them. */
function notRun(engine: string, why: string): void {
  process.stdout.write(`not run: ${engine} as an event store (${why})\n`);
  describe(`not run: ${engine} (${why})`, () => undefined);
}

async function openEsdb(url: string): Promise<OpenStore> {
  let store = await openEsdbEventStore({ url });
  return {
    store,
    reopen: async () => {
      await store.close();
      store = await openEsdbEventStore({ url });
      return store;
    },
    close: () => store.close(),
  };
}

/** A server of the real image on a loopback port, or why there is none. An image that has to be pulled is asked for by name. */
async function startContainer(): Promise<{ readonly url: string; readonly stop: () => Promise<unknown> } | string> {
  try {
    await promisify(execFile)('docker', ['image', 'inspect', IMAGE], { timeout: 10_000 });
  } catch {
    if (process.env['LIGGARE_TEST_IMAGE_ESDB'] === undefined) return 'the image is not here, and LIGGARE_TEST_IMAGE_ESDB names no other';
  }
  try {
    const { GenericContainer, Wait } = await import('testcontainers');
    const container = await new GenericContainer(IMAGE)
      .withCommand(['--insecure', '--mem-db', '--enable-atom-pub-over-http=false'])
      .withExposedPorts(2113)
      .withWaitStrategy(Wait.forHttp('/health/live', 2113).forStatusCode(204))
      .start();
    return { url: `esdb://127.0.0.1:${container.getMappedPort(2113)}?tls=false`, stop: () => container.stop() };
  } catch (error) {
    return `its container did not start: ${error instanceof Error ? error.message.split('\n', 1)[0] : String(error)}`;
  }
}

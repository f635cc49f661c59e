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

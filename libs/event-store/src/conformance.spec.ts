import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventStoreConformance } from './conformance.js';
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

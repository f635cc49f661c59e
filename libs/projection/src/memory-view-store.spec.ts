import { MemoryViewStore } from './memory-view-store.js';
import { viewStoreSuite } from './view-store.suite.js';

viewStoreSuite('memory', async () => new MemoryViewStore());

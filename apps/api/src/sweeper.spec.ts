import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Ledger } from '#ledger/ledger.js';
import { LiveRegisters } from '#ledger/live-registers.js';
import type { Work } from '#ledger/people/open-work.js';
import { readConfiguration } from '#nest/configuration.js';
import { EventLog } from '#nest/event-log.js';
import { openStores, type Stores } from '#nest/stores.js';
import type { VaultWrite } from '#vault/vault.js';
import { policiesIn } from './policies.js';
import { timekeeper } from './registers-keeper.js';
import { Sweeper } from './sweeper.js';

const KEY = '3f0e8a52-6c1d-8b7a-9e35-0d2c4f6a8b10';

let stores: Stores;
let sweeper: Sweeper;
let unfinished: readonly Work[];
beforeEach(async () => {
  stores = await openStores(readConfiguration({ LIGGARE_LOG: 'memory:' }));
  unfinished = [];
  const ledger = new Ledger({ log: stores.log, vault: stores.vault, registers: new LiveRegisters(stores.log, policiesIn(stores.vault), timekeeper) });
  sweeper = new Sweeper({ ledger, vault: stores.vault, events: new EventLog(() => undefined), unfinished: async () => unfinished });
});
afterEach(async () => {
  await sweeper.close();
  await stores.close();
});

/** A command that was prepared and whose caller is gone. */
const prepared = (attempt: number): VaultWrite => ({
  op: 'inbox', key: KEY, fingerprint: 'f', owner: 'subject-x', attempt,
  prepared: { stream: 'subject-x', expected: 'none', events: [{ id: KEY, type: 'X', data: `{"attempt":${attempt}}` }] },
});

describe('Sweeper', () => {
  it('leaves alone what it sees for the first time, and settles it the next', async () => {
    await stores.vault.write([prepared(1)]);
    await sweeper.sweep();
    expect(await stores.log.revisionOf('subject-x')).toBe('none');
    await sweeper.sweep();
    expect(await stores.log.revisionOf('subject-x')).toBe(0);
    expect(await stores.vault.unsettled()).toEqual([]);
  });

  it('leaves alone what is still being decided: another attempt came in between', async () => {
    await stores.vault.write([prepared(1)]);
    await sweeper.sweep();
    await stores.vault.write([prepared(2)]);
    await sweeper.sweep();
    expect(await stores.log.revisionOf('subject-x')).toBe('none');
    expect((await stores.vault.unsettled()).map(({ attempt }) => attempt)).toEqual([2]);
  });
});

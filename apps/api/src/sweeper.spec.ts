import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';
import { Ledger } from '#ledger/ledger.js';
import { LiveRegisters } from '#ledger/live-registers.js';
import { RegisterSubject } from '#ledger/subject/identity/register-subject.command.js';
import { MergeSubjects } from '#ledger/subject/merge/merge.commands.js';
import { FaultyLog, memoryEngines, Teller } from '#ledger/testing/ledger.fixture.js';
import { readConfiguration } from '#nest/configuration.js';
import { EventLog } from '#nest/event-log.js';
import type { Stores } from '#nest/opened-stores.js';
import { openStores } from '#nest/stores.js';
import type { VaultWrite } from '#vault/vault.js';
import { policiesIn } from './policies.js';
import { timekeeper } from './registers-keeper.js';
import { Sweeper } from './sweeper.js';

const KEY = '3f0e8a52-6c1d-8b7a-9e35-0d2c4f6a8b10';
const OTHER = '6e2d9c41-8b7a-8f30-a512-3c4d5e6f7a81';

let stores: Stores;
let sweeper: Sweeper;
beforeEach(async () => {
  stores = await openStores(readConfiguration({ LIGGARE_LOG: 'memory:' }));
  const ledger = new Ledger({ log: stores.log, vault: stores.vault, registers: new LiveRegisters(stores.log, policiesIn(stores.vault), timekeeper) });
  sweeper = new Sweeper({ ledger, vault: stores.vault, events: new EventLog(() => undefined), unfinished: async () => [] });
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
  it('does not begin while the one before goes on, however long that takes', async () => {
    let [begun, finish] = [0, (): void => undefined];
    const unfinished = (): Promise<readonly []> => {
      begun++;
      return new Promise((resolve) => (finish = () => resolve([])));
    };
    const ledger = new Ledger({ log: stores.log, vault: stores.vault, registers: new LiveRegisters(stores.log, policiesIn(stores.vault), timekeeper) });
    const sweeping = new Sweeper({ ledger, vault: stores.vault, events: new EventLog(() => undefined), unfinished }, Date.now, 5);
    await delay(100);
    expect(begun).toBe(1);
    finish();
    await delay(50);
    expect(begun).toBe(2);
    finish();
    await sweeping.close();
  });

  it('settles commands while the search for orphans goes on', async () => {
    const { promise: found, resolve: finish } = Promise.withResolvers<number>();
    const ledger = new Ledger({ log: stores.log, vault: stores.vault, registers: new LiveRegisters(stores.log, policiesIn(stores.vault), timekeeper) });
    ledger.collectOrphans = () => found;
    let days = 0;
    const sweeping = new Sweeper({ ledger, vault: stores.vault, events: new EventLog(() => undefined), unfinished: async () => [] }, () => days++ * 86_400_000, 5);
    await delay(50);
    await stores.vault.write([prepared(1)]);
    await delay(100);
    expect(await stores.vault.unsettled()).toEqual([]);
    finish(0);
    await sweeping.close();
  });

  it('leaves alone a merge that it sees under way for the first time, and finishes it the next', async () => {
    const log = new FaultyLog();
    const engines = await memoryEngines(log);
    const desk = new Teller(engines);
    for (const [subject, value] of [[KEY, 'K-1'], [OTHER, 'K-2']] as const) await desk.tell(RegisterSubject, { subject, identifiers: [{ kind: 'customer-number', value }] });
    log.fail('none', 'before');
    await expect(desk.tell(MergeSubjects, { subject: KEY, from: OTHER })).rejects.toThrow();
    const sweeping = new Sweeper({ ledger: desk.ledger, vault: engines.vault, events: new EventLog(() => undefined), unfinished: async () => [{ kind: 'merge', id: 'm', subject: KEY, revision: 2 }] });
    await sweeping.sweep();
    expect(await log.revisionOf(`subject-${OTHER}`)).toBe(1);
    await sweeping.sweep();
    expect((await desk.events(OTHER)).at(-1)?.type).toBe('SubjectMergedInto');
    expect((await desk.events(KEY)).at(-1)?.type).toBe('SubjectAbsorbed');
    await sweeping.close();
    await engines.close();
  });

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

import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { STALE_AFTER_MS } from '#ledger/live-registers.js';
import { EventLog } from '#nest/event-log.js';
import { RegistersKeeper, timekeeper } from './registers-keeper.js';
import { command, startTestServer } from './server.fixture.js';

describe('the keeper of the registers', () => {
  it('brings them up to date again and again, says once that it cannot, and stops when it is closed', async () => {
    const logged: string[] = [];
    let refreshes = 0;
    let isAway = false;
    const refresh = async (): Promise<void> => {
      refreshes += 1;
      if (isAway) throw new Error('the log is away');
    };
    const until = async (more: number): Promise<void> => {
      for (const enough = refreshes + more; refreshes < enough; ) await delay(1);
    };
    const keeper = new RegistersKeeper({ refresh, follow: () => Promise.reject(new Error('nobody asked')) }, new EventLog((line) => void logged.push(line)), { periodMs: 1 });
    await until(3);
    expect(logged).toEqual([]);
    isAway = true;
    await until(4);
    expect(logged).toHaveLength(1);
    expect(logged[0]).toContain('"event":"fault"');
    isAway = false;
    await until(2);
    isAway = true;
    await until(2);
    expect(logged).toHaveLength(2);
    await keeper.close();
    const last = refreshes;
    await delay(20);
    expect(refreshes).toBe(last);
  });

  it('measures time that does not run backwards', async () => {
    const before = timekeeper.elapsedMs();
    await timekeeper.after(5);
    expect(timekeeper.elapsedMs()).toBeGreaterThan(before);
  });
});

describe('a server whose registers are stale', () => {
  it('decides nothing, says when to try again, and decides when it has caught up', async () => {
    const to = await startTestServer();
    const { log, registers } = to.server.parts;
    const person = { identifiers: [{ kind: 'email', value: 'stale@example.se' }] };
    expect((await command(to, 'RegisterSubject', person)).status).toBe(200);

    const { head } = log;
    Object.assign(log, { head: () => Promise.reject(new Error('the connection was lost')) });
    const staleAt = timekeeper.elapsedMs() + STALE_AFTER_MS + 10;
    while (timekeeper.elapsedMs() < staleAt) await delay(50);
    const before = await head.call(log);
    const reply = await command(to, 'RegisterSubject', { identifiers: [{ kind: 'email', value: 'stale-2@example.se' }] }, { id: 'stale-2' });
    expect([reply.status, reply.body['code'], reply.headers['retry-after']]).toEqual([503, 'Unavailable', '5']);
    expect(await head.call(log)).toBe(before);

    Object.assign(log, { head });
    await registers.refresh();
    const again = await command(to, 'RegisterSubject', { identifiers: [{ kind: 'email', value: 'stale-2@example.se' }] }, { id: 'stale-2' });
    expect([again.status, again.body['status']]).toEqual([200, 'recorded']);
    await to.close();
  });
});

import { createServer } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import { StoreUnavailable } from '#event-store/event-store.js';
import { EventLog } from '#nest/event-log.js';
import { VaultUnavailable } from '#vault/unusable.js';
import { onceThere } from './waiting-room.js';

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { readonly port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const listening = async (port: number): Promise<void> => {
  for (;;) {
    try {
      await fetch(`http://127.0.0.1:${port}/healthz`);
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }
};

describe('a server whose stores are away', () => {
  it('is alive and not ready, says when to try again, and goes on by itself', async () => {
    const port = await freePort();
    const logged: string[] = [];
    const faults: Error[] = [new StoreUnavailable('away', 'not-written'), new StoreUnavailable('away', 'not-written'), new VaultUnavailable('away')];
    const back = Promise.withResolvers<void>();
    const opened = onceThere(
      async (leave) => {
        const fault = faults.shift();
        if (fault !== undefined) throw fault;
        await back.promise;
        await leave();
        return 'opened';
      },
      { host: '127.0.0.1', port, events: new EventLog((line) => void logged.push(line)) },
    );
    await listening(port);
    const at = `http://127.0.0.1:${port}`;
    expect((await fetch(`${at}/healthz`)).status).toBe(200);
    const ready = await fetch(`${at}/readyz`);
    expect([ready.status, ready.headers.get('retry-after')]).toEqual([503, '5']);
    const refused = await fetch(`${at}/v1/commands/GiveConsent?email=anna@example.se`, { method: 'POST', body: '{}' });
    expect([refused.status, refused.headers.get('content-type')]).toEqual([503, 'application/problem+json; charset=utf-8']);
    const text = await refused.text();
    expect([JSON.parse(text), text.includes('anna')]).toEqual([expect.objectContaining({ code: 'Unavailable', status: 503 }), false]);
    back.resolve();
    expect(await opened).toBe('opened');
    await expect(fetch(`${at}/healthz`)).rejects.toThrow();
    // Once for each thing that is away, however often it was tried.
    expect(logged.map((line) => (JSON.parse(line) as { why: string }).why)).toEqual(['StoreUnavailable', 'VaultUnavailable']);
  });

  it('is alive too while an attempt waits for a server that stands still, and frees the port when that answers', async () => {
    const port = await freePort();
    const back = Promise.withResolvers<void>();
    const opened = onceThere(
      async (leave) => {
        await back.promise;
        await leave();
        return fetch(`http://127.0.0.1:${port}/healthz`).then(() => 'in the way', () => 'free');
      },
      { host: '127.0.0.1', port, events: new EventLog(() => {}) },
    );
    await listening(port);
    expect((await fetch(`http://127.0.0.1:${port}/readyz`)).status).toBe(503);
    back.resolve();
    expect(await opened).toBe('free');
  });

  it('waits for nothing that will not mend itself, and leaves the port', async () => {
    const port = await freePort();
    const faults: Error[] = [new StoreUnavailable('away', 'not-written'), new Error('the password is wrong')];
    const opened = onceThere(async () => Promise.reject(faults.shift() ?? new Error('asked again')), { host: '127.0.0.1', port, events: new EventLog(() => {}) });
    await expect(opened).rejects.toThrow('the password is wrong');
    await expect(fetch(`http://127.0.0.1:${port}/healthz`)).rejects.toThrow();
  });
});

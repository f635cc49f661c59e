import { describe, expect, it } from '@jest/globals';
import { positionOf } from './log.examples.js';
import { ProjectorThreadFailed, startProjectorThread } from './projector.host.js';
import type { ProjectorFault } from './projector.js';

const workerUrl = new URL('./projector.host.spec.worker.js', import.meta.url);
const SOON_MS = 20_000;

describe('the projector in a thread', () => {
  it('feeds the views there and says here how far they are', async () => {
    const thread = await startProjectorThread({ workerUrl, workerData: { events: 3000 } });
    expect(await thread.waitFor(positionOf(2999), SOON_MS)).toBe(true);
    expect([thread.position(), thread.position('parcels')]).toEqual([positionOf(2999), positionOf(2999)]);
    expect(thread.standings().map(({ view }) => view)).toEqual(['journal', 'parcels']);
    expect(await thread.lag()).toEqual({ head: positionOf(2999), reached: positionOf(2999), behindMs: 0 });
    expect(await thread.waitFor(positionOf(3000), 1)).toBe(false);
    const waiting = thread.waitFor(positionOf(3000), 60_000);
    await thread.close();
    expect(await waiting).toBe(false);
    await expect(thread.lag()).rejects.toThrow(ProjectorThreadFailed);
  });

  it('passes on the fault of a view, and waits no more for it', async () => {
    const faults: ProjectorFault[] = [];
    const thread = await startProjectorThread({ workerUrl, workerData: { events: 10, then: 'break a view' }, onFault: (fault) => faults.push(fault) });
    expect(await thread.waitFor(positionOf(9), SOON_MS, 'journal')).toBe(true);
    expect(await thread.waitFor(positionOf(9), 60_000)).toBe(false);
    expect(faults).toMatchObject([{ kind: 'view', view: 'parcels', position: positionOf(0) }]);
    await thread.close();
  });

  it('does not start when the views cannot be fed, and says why', async () => {
    const start = startProjectorThread({ workerUrl, workerData: { events: 10, then: 'start ahead of the log' } });
    await expect(start).rejects.toThrow(ProjectorThreadFailed);
    await expect(start).rejects.toThrow(/^the views journal are ahead of the log/);
  });

  it('does not start when the worker file is not there', async () => {
    await expect(startProjectorThread({ workerUrl: new URL('./none.js', import.meta.url) })).rejects.toThrow(/none\.js/);
  });

  it('tells when the thread ends by itself, and lets nobody wait', async () => {
    const failed = Promise.withResolvers<Error>();
    const thread = await startProjectorThread({ workerUrl, workerData: { events: 10, then: 'crash when asked for its lag' }, onFailed: failed.resolve });
    const waiting = thread.waitFor(positionOf(99), 60_000);
    await expect(thread.lag()).rejects.toThrow(ProjectorThreadFailed);
    expect((await failed.promise).message).toBe("the projector's thread has ended");
    expect(await waiting).toBe(false);
    await thread.close();
  });
});

/** Before log, vault and views can be reached: the process answers that it is there and not ready, and goes on by itself when they are. */
import { createServer, type Server } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { EventLog } from '#nest/event-log.js';
import { EdgeFault, problemHeaders } from '#nest/problem.js';
import { isAway } from '#nest/stores-fault.js';
import { pathOf } from '#nest/authentication.js';

/** An attempt may wait long for a server that takes connections and stands still: whoever asks meanwhile is answered. */
const ANSWERED_AFTER_MS = 1_000;
const FIRST_RETRY_MS = 100;
const LONGEST_RETRY_MS = 2_000;

export interface Waiting {
  readonly host: string;
  /** 0: nobody knows where it would be, so nobody is answered. */
  readonly port: number;
  readonly events: EventLog;
}

/**
 * Tries `open` until it succeeds or fails for another reason than a store that is away; gives what it gave. `leave` frees the port: `open`
 * calls it before it listens there itself.
 */
export async function onceThere<T>(open: (leave: () => Promise<void>) => Promise<T>, { host, port, events }: Waiting): Promise<T> {
  let room: Promise<Server | undefined> | undefined;
  const enter = (): Promise<Server | undefined> => (room ??= answering(host, port));
  const early = port === 0 ? undefined : setTimeout(enter, ANSWERED_AFTER_MS);
  const leave = async (): Promise<void> => {
    clearTimeout(early);
    const left = await room;
    room = undefined;
    if (left === undefined) return;
    await new Promise((resolve) => {
      left.close(resolve);
      left.closeAllConnections();
    });
  };
  let told = '';
  try {
    for (let retryInMs = FIRST_RETRY_MS; ; retryInMs = Math.min(2 * retryInMs, LONGEST_RETRY_MS)) {
      try {
        return await open(leave);
      } catch (error) {
        if (!isAway(error)) throw error;
        const why = error instanceof Error ? error.name : '';
        if (why !== told) events.say('warn', 'waiting', { why });
        told = why;
        if (port !== 0) await enter();
        await delay(retryInMs);
      }
    }
  } finally {
    await leave();
  }
}

/** A port that is taken is no reason to stop waiting: whoever listens at last says so. */
function answering(host: string, port: number): Promise<Server | undefined> {
  const { problem } = new EdgeFault('Unavailable', { detail: 'The stores cannot be reached; nothing was recorded.' });
  const server = createServer((request, response) => {
    const isAlive = pathOf(request.url ?? '') === '/healthz';
    response.writeHead(isAlive ? 200 : 503, { connection: 'close', ...(isAlive ? { 'content-type': 'application/json; charset=utf-8' } : problemHeaders(problem)) });
    response.end(isAlive ? '{"status":"ok"}' : JSON.stringify(problem));
  });
  return new Promise((resolve) => {
    server.once('error', () => resolve(undefined));
    server.listen(port, host, () => resolve(server));
  });
}

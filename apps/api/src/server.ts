/** The server in this process: for `main`, the command line, the demo and tests. */
import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AccessLog } from '#ledger/access/access-log.js';
import { Ledger } from '#ledger/ledger.js';
import { LiveRegisters } from '#ledger/live-registers.js';
import { openWork } from '#ledger/people/open-work.js';
import { requireOneTime, requireOwnLog } from '#ledger/reconcile.js';
import { Authentication } from '#nest/authentication.js';
import type { Configuration } from '#nest/configuration.js';
import { EventLog, type LogWriter } from '#nest/event-log.js';
import { Metrics } from '#nest/metrics.js';
import type { Stores } from '#nest/opened-stores.js';
import { openStores } from '#nest/stores.js';
import { listenAt } from '#nest/process.js';
import { makeFirstToken, type FirstToken } from './first-token.js';
import { createHttpApplication } from './http-application.js';
import { policiesIn, publishPolicyFile } from './policies.js';
import { adviserOf, recorderOf } from './recorder.js';
import { RegistersKeeper, timekeeper } from './registers-keeper.js';
import { openProjection, type OpenProjection } from './open-projection.js';
import { ServerParts, type Condition } from './server-parts.js';
import { Sweeper } from './sweeper.js';
import { onceThere } from './waiting-room.js';

export interface ServerOptions {
  /** Takes the log's JSON lines. Default: standard output. */
  readonly writeLog?: LogWriter;
}

export interface RunningServer {
  /** Where it listens, without a slash at the end. */
  readonly url: string;
  readonly app: NestFastifyApplication;
  readonly parts: ServerParts;
  /** The token that this start made, if it was the first. */
  readonly firstToken: FirstToken | undefined;
  /** Takes no more connections, lets running commands finish, then closes views and stores. Safe to call twice. */
  close(): Promise<void>;
}

/**
 * Opens the stores (waiting for those on servers that cannot be reached yet), publishes the policy file's version, settles what an earlier run left open, starts the projector and listens.
 * Rejects with errors whose message is one sentence for whatever stands against it; nothing is left open then.
 */
export async function startServer(configuration: Configuration, options: ServerOptions = {}): Promise<RunningServer> {
  const events = new EventLog(options.writeLog ?? ((line) => void process.stdout.write(`${line}\n`)));
  if (configuration.kept !== 'servers') return startOnce(configuration, events);
  return onceThere((leave) => startOnce(configuration, events, leave), { ...configuration, events });
}

/** `beforeListening` frees the port. */
async function startOnce(configuration: Configuration, events: EventLog, beforeListening = async (): Promise<void> => {}): Promise<RunningServer> {
  const opened: (() => Promise<void>)[] = [];
  const closeAll = async (): Promise<void> => {
    for (let close = opened.pop(); close !== undefined; close = opened.pop()) await close();
  };
  try {
    return await start(configuration, { events, opened, closeAll, beforeListening });
  } catch (error) {
    await closeAll();
    throw error;
  }
}

interface Start {
  readonly events: EventLog;
  /** What closes what was opened, in that order. */
  readonly opened: (() => Promise<void>)[];
  readonly closeAll: () => Promise<void>;
  readonly beforeListening: () => Promise<void>;
}

async function start(configuration: Configuration, { events, opened, closeAll, beforeListening }: Start): Promise<RunningServer> {
  const stores = await openStores(configuration);
  opened.push(() => stores.close());
  const { log, vault } = stores;
  const isShared = configuration.kept === 'servers';
  // Before anything is written: the log is this ledger's, and it is not an older one that was put in its place, which views that are ahead of it tell too.
  await requireOwnLog(log);
  if (isShared) await requireOneTime(log, vault);
  const projection = await openProjection(configuration, log, events);
  opened.push(() => projection.close());
  const firstToken = await makeFirstToken(configuration, vault);
  await publishPolicyFile(configuration.policy, stores, new Date().toISOString());
  const registers = new LiveRegisters(log, policiesIn(vault), timekeeper);
  await registers.refresh();
  const ledger = new Ledger({ log, vault, registers });
  // What another node is deciding at this moment is not left: there the sweeper alone settles what nobody came back for.
  if (!isShared) {
    await ledger.settleUnknown();
    await ledger.resume(await openWork(log, projection.reader), new Date().toISOString());
    await requireOneTime(log, vault);
  }
  const sweeper = new Sweeper({ ledger, vault, events, unfinished: () => openWork(log, projection.reader) });
  opened.push(() => sweeper.close());
  const keeper = new RegistersKeeper(registers, events, { follows: isShared });
  opened.push(() => keeper.close());

  const stopping = new AbortController();
  const parts = partsOf({ stores, registers, ledger, projection, events, stopping: stopping.signal });
  const app = await createHttpApplication(parts);
  opened.push(() => app.close());
  await beforeListening();
  const url = await listenAt(app, configuration, 'ledger');
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => {
    stopping.abort();
    closing ??= closeInTime(app, closeAll);
    return closing;
  };
  return { url, app, parts, firstToken, close };
}

/** How long clients that do not read their answers hold up the stop. */
const GRACE_MS = 10_000;

async function closeInTime(app: NestFastifyApplication, closeAll: () => Promise<void>): Promise<void> {
  const hangUp = setTimeout(() => app.getHttpServer().closeAllConnections(), GRACE_MS);
  try {
    await closeAll();
  } finally {
    clearTimeout(hangUp);
  }
}

interface Opened {
  readonly stores: Stores;
  readonly registers: LiveRegisters;
  readonly ledger: Ledger;
  readonly projection: OpenProjection;
  readonly events: EventLog;
  readonly stopping: AbortSignal;
}

function partsOf({ stores: { log, vault, ledgerId }, registers, ledger, projection, events, stopping }: Opened): ServerParts {
  const condition: Condition = { storeStopped: false, commands: 0 };
  const metrics = new Metrics({
    lagMs: async () => (projection.isServing() ? (await projection.lag()).behindMs : Number.NaN),
    storeStopped: () => condition.storeStopped,
  });
  const access = new AccessLog({ log, vault, writer: randomUUID() });
  const queries = { log, vault, views: projection.reader, registers, access };
  const record = recorderOf(ledger, metrics, condition, events);
  const advise = adviserOf(ledger, metrics);
  const survivorOf = (stream: string): Promise<string> => ledger.survivorOf(stream, new Date().toISOString());
  return new ServerParts({ ledgerId, log, vault, registers, projection, queries, record, advise, survivorOf, authentication: new Authentication(vault), metrics, events, condition, stopping });
}

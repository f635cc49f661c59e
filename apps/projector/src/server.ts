/** The projector in this process: for `main` and tests. */
import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import { views as everyView } from '#ledger/views.js';
import type { ProjectorConfiguration } from '#nest/configuration.js';
import { EventLog, QuietLogger, type LogWriter } from '#nest/event-log.js';
import { ProblemFilter } from '#nest/problem.filter.js';
import { listenAt } from '#nest/process.js';
import type { View } from '#projection/view.js';
import { ProjectorMetrics } from './metrics.js';
import { Projecting } from './projecting.js';
import { ProjectorModule } from './projector.module.js';
import { ProjectorParts } from './projector-parts.js';
import type { ProjectorStores } from './stores.js';

export interface ProjectorServerOptions {
  readonly stores: ProjectorStores;
  /** Takes the log's JSON lines. Default: standard output. */
  readonly writeLog?: LogWriter;
  /** Default: all of the ledger's. */
  readonly views?: readonly View[];
  readonly ttlMs?: number;
}

export interface RunningProjectorServer {
  /** Where it listens, without a slash at the end. */
  readonly url: string;
  /** Settles with what ended the work, in one sentence, when everything is closed; undefined after `close`. */
  readonly failed: Promise<Error | undefined>;
  /** Gives the leases back, closes views and log, then takes no more questions. Safe to call twice. */
  close(): Promise<void>;
}

/**
 * Listens at once, and begins to feed when log and views are there. Rejects with one sentence when it cannot listen; what else stands
 * against it is `failed`.
 */
export async function startProjectorServer(configuration: ProjectorConfiguration, { stores, writeLog, views = everyView, ttlMs }: ProjectorServerOptions): Promise<RunningProjectorServer> {
  const events = new EventLog(writeLog ?? ((line) => void process.stdout.write(`${line}\n`)));
  const stopping = new AbortController();
  const metrics: ProjectorMetrics = new ProjectorMetrics({
    views: views.map(({ name }) => name),
    lag: () => projecting.lag(),
    eventsBehind: (lag) => projecting.eventsBehind(lag),
    held: () => projecting.held(),
  });
  const projecting = new Projecting({
    configuration,
    stores,
    views,
    holder: randomUUID(),
    events,
    ...(ttlMs !== undefined && { ttlMs }),
    onEvents: (count) => metrics.events(count),
    onFault: (kind) => metrics.fault(kind),
  });
  const app = await createApplication(new ProjectorParts(projecting, metrics, stopping.signal), events);
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => {
    stopping.abort();
    closing ??= projecting.close().finally(() => app.close());
    return closing;
  };
  try {
    const url = await listenAt(app, configuration, 'projector');
    return { url, close, failed: projecting.failed.then(async (error) => (await close(), error)) };
  } catch (error) {
    await close();
    throw error;
  }
}

async function createApplication(parts: ProjectorParts, events: EventLog): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({ bodyLimit: 1024, logger: false });
  adapter.getInstance<FastifyInstance>().decorateRequest('problemCode', null);
  const app = await NestFactory.create<NestFastifyApplication>(ProjectorModule.of(parts), adapter, { logger: new QuietLogger(events), abortOnError: false, bodyParser: false });
  app.useGlobalFilters(new ProblemFilter(events));
  await app.init();
  return app;
}

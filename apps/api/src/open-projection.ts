/** The views: fed by this process where it alone writes the log, by projectors of their own where nodes share it. */
import type { EventStore } from '#event-store/event-store.js';
import type { Configuration } from '#nest/configuration.js';
import type { EventLog } from '#nest/event-log.js';
import type { Projection } from '#nest/projection.js';
import type { ViewReader } from '#projection/view.js';
import { HostedProjection } from './hosted-projection.js';

export interface OpenProjection extends Projection {
  /** For queries; closed with the projection. */
  readonly reader: ViewReader;
  close(): Promise<void>;
}

export async function openProjection(configuration: Configuration, log: EventStore, events: EventLog): Promise<OpenProjection> {
  return configuration.kept === 'servers' ? (await import('./shared-projection.js')).SharedProjection.open(configuration.views, log, events) : HostedProjection.open(configuration, log, events);
}

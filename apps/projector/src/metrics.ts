/** What is counted, for Prometheus. Labels are names of views and kinds of faults: never an id. */
import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client';
import type { Lag } from '#projection/projector.js';

export interface Watched {
  readonly views: readonly string[];
  /** Undefined when log or views cannot be asked. */
  readonly lag: () => Promise<Lag | undefined>;
  readonly eventsBehind: (lag: Lag) => Promise<number>;
  readonly held: () => ReadonlyMap<string, number>;
}

export class ProjectorMetrics {
  readonly #registry = new Registry();
  readonly #events: Counter;
  readonly #faults: Counter<'kind'>;
  readonly #lagSeconds: Gauge;
  readonly #lagEvents: Gauge;
  readonly #watched: Watched;

  constructor(watched: Watched) {
    this.#watched = watched;
    const registers = [this.#registry];
    collectDefaultMetrics({ register: this.#registry });
    this.#events = new Counter({ name: 'liggare_projector_events_total', help: 'Events that this process took from the log for its views.', registers });
    this.#faults = new Counter({ name: 'liggare_projector_faults_total', help: 'Faults by kind: feeding (log or views were away, or a lease was lost; tried again), view (a view cannot take an event).', labelNames: ['kind'], registers });
    this.#lagSeconds = new Gauge({ name: 'liggare_projector_lag_seconds', help: 'How long ago all views last had all that the log has, whoever feeds them. NaN: it cannot be told.', registers });
    this.#lagEvents = new Gauge({ name: 'liggare_projector_lag_events', help: 'Events that some view has not seen, counted to 1000. NaN: it cannot be told.', registers });
    new Gauge({
      name: 'liggare_projector_lease',
      help: '1 for a view that this process holds the lease of and feeds.',
      labelNames: ['view'],
      registers,
      collect() {
        const held = watched.held();
        for (const view of watched.views) this.set({ view }, held.has(view) ? 1 : 0);
      },
    });
  }

  events(count: number): void {
    this.#events.inc(count);
  }

  fault(kind: 'view' | 'feeding'): void {
    this.#faults.inc({ kind });
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  /** Both lags are of one question. */
  async text(): Promise<string> {
    const lag = await this.#watched.lag().catch(() => undefined);
    this.#lagSeconds.set(lag === undefined ? Number.NaN : lag.behindMs / 1000);
    this.#lagEvents.set(lag === undefined ? Number.NaN : await this.#watched.eventsBehind(lag).catch(() => Number.NaN));
    return this.#registry.metrics();
  }
}

/** What is counted, for Prometheus. Labels are command names, outcomes and codes: never an id. */
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

export interface Watched {
  /** Milliseconds that the views are behind the log; NaN when that cannot be told. */
  readonly lagMs: () => Promise<number>;
  readonly storeStopped: () => boolean;
}

export class Metrics {
  readonly #registry = new Registry();
  readonly #commands: Counter<'command' | 'outcome'>;
  readonly #seconds: Histogram<'command'>;
  readonly #decisions: Counter<'ask' | 'outcome'>;
  readonly #decisionSeconds: Histogram<'ask'>;

  constructor(watched: Watched) {
    const registers = [this.#registry];
    collectDefaultMetrics({ register: this.#registry });
    this.#commands = new Counter({ name: 'liggare_commands_total', help: 'Commands by name and outcome: recorded, blocked (an ask, recorded as such), unchanged, duplicate, or the code of the refusal.', labelNames: ['command', 'outcome'], registers });
    this.#seconds = new Histogram({ name: 'liggare_command_seconds', help: 'From the bus to the durable answer.', labelNames: ['command'], buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5], registers });
    this.#decisions = new Counter({ name: 'liggare_decisions_total', help: 'Advisory decisions by ask and outcome: allowed, allowed-with-remarks, blocked, or the code of the refusal.', labelNames: ['ask', 'outcome'], registers });
    this.#decisionSeconds = new Histogram({ name: 'liggare_decision_seconds', help: 'From the checked ask to its advisory answer.', labelNames: ['ask'], buckets: [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.1, 1], registers });
    new Gauge({
      name: 'liggare_projector_lag_seconds',
      help: 'How long ago the views last had all that the log has.',
      registers,
      async collect() {
        this.set((await watched.lagMs()) / 1_000);
      },
    });
    new Gauge({
      name: 'liggare_store_stopped',
      help: '1 when the log takes no appends any more.',
      registers,
      collect() {
        this.set(watched.storeStopped() ? 1 : 0);
      },
    });
  }

  command(command: string, outcome: string, seconds: number): void {
    this.#commands.inc({ command, outcome });
    this.#seconds.observe({ command }, seconds);
  }

  decision(ask: string, outcome: string, seconds: number): void {
    this.#decisions.inc({ ask, outcome });
    this.#decisionSeconds.observe({ ask }, seconds);
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  text(): Promise<string> {
    return this.#registry.metrics();
  }
}

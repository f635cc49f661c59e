import type { EventStore } from '#event-store/event-store.js';
import type { LiveRegisters } from '#ledger/live-registers.js';
import type { Authentication } from '#nest/authentication.js';
import type { EventLog } from '#nest/event-log.js';
import type { Metrics } from '#nest/metrics.js';
import type { Projection } from '#nest/projection.js';
import type { Recorder } from '#nest/recording.js';
import type { QueryParts } from '#ledger/queries.js';
import type { Vault } from '#vault/vault.js';
import type { Adviser } from './recorder.js';

/** What the running server consists of; one instance, injected where a controller needs it. */
export class ServerParts {
  readonly ledgerId: string;
  readonly log: EventStore;
  readonly vault: Vault;
  readonly registers: LiveRegisters;
  readonly projection: Projection;
  readonly queries: QueryParts;
  readonly record: Recorder;
  readonly advise: Adviser;
  /** The stream where somebody is told of now: their own, unless they were merged away. */
  readonly survivorOf: (stream: string) => Promise<string>;
  readonly authentication: Authentication;
  readonly metrics: Metrics;
  readonly events: EventLog;
  readonly condition: Condition;
  /** Aborts when the server begins to stop. */
  readonly stopping: AbortSignal;

  constructor(parts: Omit<ServerParts, 'isReady'>) {
    this.ledgerId = parts.ledgerId;
    this.log = parts.log;
    this.vault = parts.vault;
    this.registers = parts.registers;
    this.projection = parts.projection;
    this.queries = parts.queries;
    this.record = parts.record;
    this.advise = parts.advise;
    this.survivorOf = parts.survivorOf;
    this.authentication = parts.authentication;
    this.metrics = parts.metrics;
    this.events = parts.events;
    this.condition = parts.condition;
    this.stopping = parts.stopping;
  }

  /** The log and the policy are there, and the views where this process feeds them. */
  isReady(): boolean {
    return !this.stopping.aborted && !this.condition.storeStopped && (this.projection.isServing() || !this.projection.isNeeded()) && this.registers.controllers().length > 0 && this.registers.isFresh();
  }
}

/** What was noticed while serving. */
export interface Condition {
  storeStopped: boolean;
  commands: number;
}

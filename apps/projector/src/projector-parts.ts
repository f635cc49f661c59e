import { setTimeout as delay } from 'node:timers/promises';
import type { ProjectorMetrics } from './metrics.js';
import type { Projecting } from './projecting.js';

/** Who asks whether it is ready waits no longer than this for log and views. */
const ASKED_MS = 2000;

/** What the running projector consists of; one instance, injected where a controller needs it. */
export class ProjectorParts {
  constructor(
    private readonly projecting: Projecting,
    readonly metrics: ProjectorMetrics,
    /** Aborts when it begins to stop. */
    private readonly stopping: AbortSignal,
  ) {}

  /** Asks both stores. */
  async isReady(): Promise<boolean> {
    if (this.stopping.aborted) return false;
    const asked = this.projecting.lag().then((lag) => lag !== undefined, () => false);
    return Promise.race([asked, delay(ASKED_MS, false, { ref: false })]);
  }
}

/** Ctrl-C: the first asks for a clean stop, the second ends at once. */
import { EXIT } from './fault.js';

export interface Interrupt {
  readonly signal: AbortSignal;
  /** From here on signals do what they always do. */
  release(): void;
}

/** Says on stderr that a stop was asked for and is under way. The returned function ends that. */
export function announceStop(signal: AbortSignal): () => void {
  // What was sent may take seconds to be answered: silence would look like a signal that was lost.
  const say = (): void => void process.stderr.write('\nstopping: what is on its way is still answered (Ctrl-C again ends at once)\n');
  signal.addEventListener('abort', say, { once: true });
  return () => signal.removeEventListener('abort', say);
}

export function onInterrupt(): Interrupt {
  const controller = new AbortController();
  const take = (): void => {
    if (controller.signal.aborted) process.exit(EXIT.interrupted);
    controller.abort();
  };
  process.on('SIGINT', take);
  process.on('SIGTERM', take);
  return {
    signal: controller.signal,
    release: () => {
      process.off('SIGINT', take);
      process.off('SIGTERM', take);
    },
  };
}

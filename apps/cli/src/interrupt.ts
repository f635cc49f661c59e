/** Ctrl-C: the first asks for a clean stop, the second ends at once. */
import { EXIT } from './fault.js';

export interface Interrupt {
  readonly signal: AbortSignal;
  /** From here on signals do what they always do. */
  release(): void;
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

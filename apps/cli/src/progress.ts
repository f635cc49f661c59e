/** How far long work has come, on stderr: one line that is rewritten on a terminal, a line every few seconds elsewhere. */

const REDRAW_MS = 200;
const LINE_MS = 5_000;

export interface Progress {
  /** Leaves the terminal's line as it was found. */
  end(): void;
}

export interface Screen {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  write(text: string): unknown;
}

/** `say` is called each time for the line as it stands then. */
export function showProgress(screen: Screen, say: () => string): Progress {
  const isTerminal = screen.isTTY === true;
  const draw = (): void => void screen.write(isTerminal ? `\r\x1b[K${say().slice(0, (screen.columns ?? 80) - 1)}` : `${say()}\n`);
  const timer = setInterval(draw, isTerminal ? REDRAW_MS : LINE_MS);
  timer.unref();
  return {
    end: () => {
      clearInterval(timer);
      if (isTerminal) screen.write('\r\x1b[K');
    },
  };
}

/** 12345 → `12 345`. */
export function grouped(count: number): string {
  return String(Math.round(count)).replaceAll(/\B(?=(\d{3})+$)/g, ' ');
}

export function perSecond(count: number, sinceMs: number, nowMs: number): string {
  return `${grouped(nowMs > sinceMs ? (count * 1000) / (nowMs - sinceMs) : 0)}/s`;
}

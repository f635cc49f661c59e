/** The application's log: JSON lines without values. No address with its query, no body, no message of an error we did not write. */
import type { LoggerService } from '@nestjs/common';

export type LogWriter = (line: string) => void;

export class EventLog {
  constructor(
    private readonly write: LogWriter,
    private readonly clock: () => Date = () => new Date(),
  ) {}

  say(level: 'info' | 'warn' | 'error', event: string, members: Readonly<Record<string, unknown>> = {}): void {
    this.write(JSON.stringify({ time: this.clock().toISOString(), level, event, ...members }));
  }

  /** An error as its name and where it came from: a message may repeat what somebody sent. */
  fault(error: unknown): void {
    const name = error instanceof Error ? error.name : typeof error;
    this.say('error', 'fault', { name, at: framesOf(error), ...(error instanceof Error && error.cause !== undefined && { cause: error.cause instanceof Error ? error.cause.name : typeof error.cause }) });
  }
}

function framesOf(error: unknown): readonly string[] {
  const lines = error instanceof Error ? (error.stack ?? '').split('\n') : [];
  return lines.filter((line) => /^\s+at /.test(line)).slice(0, 8).map((line) => line.trim().replace(/\(?file:.*?\/(dist|node_modules)\//, '($1/'));
}

/** Nest's own log: what it tells of its start is left out, warnings and errors are told in its words, which hold no request. */
export class QuietLogger implements LoggerService {
  constructor(private readonly events: EventLog) {}

  log(): void {}

  warn(message: unknown): void {
    this.events.say('warn', 'framework', { message: typeof message === 'string' ? message : 'no text' });
  }

  error(message: unknown): void {
    this.events.say('error', 'framework', { message: typeof message === 'string' ? message : message instanceof Error ? message.name : 'no text' });
  }
}

/** Writes a register's stream straight to the log of a running server, for tests and figures that are about something else. */
import { randomUUID } from 'node:crypto';
import { RULES_VERSION } from '#law/data/rules-version.js';
import type { Envelope } from '#ledger/envelope.js';
import { encode } from '#ledger/encoding.js';
import { eventTypes } from '#ledger/event-types.js';
import type { ServerParts } from './server-parts.js';

export interface Entered {
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Begins the stream; when it resolves, decisions are made by it. */
export async function enterRegister({ log, registers }: Pick<ServerParts, 'log' | 'registers'>, stream: string, entered: readonly Entered[]): Promise<void> {
  const now = new Date().toISOString();
  const correlationId = randomUUID();
  const events = entered.map(({ type, data }, revision): Envelope => {
    const version = eventTypes.get(type)?.version ?? 0;
    return { id: randomUUID(), type, version, stream, revision, occurredAt: now, recordedAt: now, system: 'crm', correlationId, rules: RULES_VERSION, data };
  });
  await log.append({ stream, expected: 'none', events: events.map(encode) });
  await registers.refresh();
}

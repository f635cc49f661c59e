/** One command on one stream, with all that is fixed before the stream's state is known. */
import { RULES_VERSION } from '#law/data/rules-version.js';
import type { When } from '#law/when.js';
import type { VaultUnavailable } from '#vault/unusable.js';
import type { InboxRow } from '#vault/vault.js';
import type { CatalogueEntry } from './catalogue-entry.js';
import type { Caller, Command } from './command.js';
import type { CommandIds } from './command-ids.js';
import type { Fact } from './decision.js';
import type { Envelope } from './envelope.js';
import { eventTypes } from './event-types.js';
import type { Target } from './resolve.js';
import type { Remembered } from './stream-cache.js';
import type { SubjectState } from './subject/subject.js';

export interface Task {
  readonly entry: CatalogueEntry;
  readonly command: Command;
  readonly caller: Caller;
  readonly when: When;
  readonly toldAt?: string;
  readonly stream: string;
  readonly ids: CommandIds;
  readonly fingerprint: string;
  /** Seals something or names an identifier: its repeat is told by an inbox row. */
  readonly inbox: boolean;
  /** The vault could not be asked for a row: nothing may be sealed, and a repeat whose content only a row could tell is not answered. */
  readonly vaultAway?: VaultUnavailable;
  readonly target: Target;
  /** Of the person whose stream the decision requires. */
  readonly required?: SubjectState;
  /** The row of an earlier attempt that was certainly not written. */
  readonly earlier?: InboxRow;
}

/** The stream moved, or somebody else was quicker to claim: look again and decide anew. */
export class Again extends Error {
  constructor(readonly claimedBy?: string) {
    super('decide again');
  }
}

/** The task's nth fact as the event it will be, without its sealed slots. */
export function envelopeOf(task: Task, fact: Fact, n: number, remembered: Remembered<unknown>): Envelope {
  const { caller, ids } = task;
  const { type, data, sealed: _sealed, links: _links, occurredAt, ...rest } = fact;
  const first = remembered.revision === 'none' ? 0 : remembered.revision + 1;
  return {
    id: ids.eventId(n),
    type,
    version: eventTypes.get(type)?.version ?? 0,
    stream: task.stream,
    revision: first + n,
    ...rest,
    occurredAt,
    recordedAt: caller.now > remembered.recordedAt ? caller.now : remembered.recordedAt,
    actor: caller.actor,
    system: caller.system,
    correlationId: caller.correlationId ?? ids.eventId(0),
    ...(caller.causationId !== undefined && { causationId: caller.causationId }),
    ...(!task.inbox && { fingerprint: task.fingerprint }),
    rules: RULES_VERSION,
    data,
  };
}

/** A command as it was told: when it happened, and the text by which a repeat is told from another command. */
import { NotCanonical } from '#audit/canonical.js';
import { fingerprintText } from '#audit/event-id.js';
import { formatInstant, millisecondsOf } from '#law/instant.js';
import { lastBeginning, parseWhen, type When } from '#law/when.js';
import type { CatalogueEntry } from './catalogue-entry.js';
import type { Command } from './command.js';
import { Refusal } from './refusals.js';

/** How far a sender's clock may be ahead of ours. */
const CLOCK_SKEW_MS = 5 * 60_000;

/** When it happened. A withdrawal that cannot say so usably took effect on receipt; what it said is kept, sealed. */
export function timeOf(entry: CatalogueEntry, command: Command, now: string): { when: When; toldAt?: string } {
  const received: When = { text: now, earliest: now, latest: now };
  if (command.occurredAt === undefined) return { when: received };
  const when = parseWhen(command.occurredAt);
  if (entry.decision.neverRefused === true) return when !== undefined && when.earliest <= now ? { when } : { when: received, toldAt: command.occurredAt };
  if (when === undefined) throw new Refusal('UnusableTime', { pointer: '/occurredAt' });
  if (lastBeginning(when) > formatInstant(millisecondsOf(now) + CLOCK_SKEW_MS)) throw new Refusal('OccurredInFuture', { pointer: '/occurredAt' });
  return { when };
}

/** What a command's fingerprint is made from. Refuses what has no UTF-8 form: it could neither be sealed nor compared. */
export function textOf(entry: CatalogueEntry, command: Command): string {
  try {
    return fingerprintText(entry.name, fieldsOf(command));
  } catch (cause) {
    if (cause instanceof NotCanonical) throw new Refusal('UnusableText', { pointer: cause.pointer.slice('/data'.length) });
    throw cause;
  }
}

/** The command as it was sent: its own members, without who sent it. */
function fieldsOf(command: Command): Readonly<Record<string, unknown>> {
  const { caller: _caller, ...fields } = command;
  return plain(fields) as Readonly<Record<string, unknown>>;
}

/** Class instances as the plain JSON they came from; members that were not sent are absent. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  const copy: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(value)) if (member !== undefined) copy[name] = plain(member);
  return copy;
}

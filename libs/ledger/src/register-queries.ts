/**
 * What officers and auditors ask of the registers: straight from memory, as of a day. What is sealed in them is opened from the vault
 * when one is read by its id, and that is recorded first; a list opens nothing.
 */
import { parseWhen } from '#law/when.js';
import type { SealedRef } from '#vault/vault.js';
import { activityAnswer, activitySummary } from './activity/activity.answer.js';
import { conferenceAnswer, conferenceSummary } from './conference/conference.answer.js';
import { decode } from './encoding.js';
import type { Envelope } from './envelope.js';
import { record, shown, type Asker, type QueryParts } from './queries.js';
import { recipientAnswer, recipientSummary, type AuditPeriods } from './recipient/recipient.answer.js';
import type { RegisterKind, Registers, RegisterStates } from './registers.js';
import { sourceAnswer, sourceSummary } from './source/source.answer.js';

type RegisterParts = Pick<QueryParts, 'log' | 'vault' | 'registers' | 'access'>;

export interface RegisterList {
  /** The day that it is about. */
  readonly valid: string;
  readonly entries: readonly object[];
}

/** Every register of a kind, by id: how it was on the day. Rejects with `Unavailable` when the registers are behind. */
export async function listRegisters({ registers }: Pick<QueryParts, 'registers'>, kind: RegisterKind, valid: string): Promise<RegisterList> {
  await registers.freshened();
  const entries = registers.idsOf(kind).flatMap((id) => {
    const found = registers.registered(kind, id);
    return found === undefined ? [] : [{ id, revision: found.register.revision, ...summaryOf(kind, found.state, valid, registers) }];
  });
  return { valid, entries };
}

export interface RegisterReply {
  readonly valid: string;
  /** Of the last event that the answer knows. */
  readonly revision: number;
  /** What held on the day. */
  readonly register: Readonly<Record<string, unknown>>;
  /** Every event, oldest first, with what it sealed. */
  readonly history: readonly object[];
}

/** One register on a day, and all that was ever told of it; undefined when none of this id is registered. O(its events). */
export async function readRegister(parts: RegisterParts, kind: RegisterKind, id: string, valid: string, asker: Asker): Promise<RegisterReply | undefined> {
  const { log, vault, registers } = parts;
  await registers.freshened();
  const found = registers.registered(kind, id);
  if (found === undefined) return undefined;
  const { state, register } = found;
  const events: Envelope[] = [];
  for await (const batch of log.readStream(register.stream)) events.push(...batch.map(decode).filter(({ revision }) => revision <= register.revision));
  await record(parts, asker, 'RegisterAccessed', { register: kind, id });
  const answer = { register: { id, ...namesOn(events, valid), ...withSealed(answerOf(kind, state, valid, registers), events) }, history: events.map(told) };
  return { valid, revision: register.revision, ...(await shown(answer, vault)) } as RegisterReply;
}

function answerOf<K extends RegisterKind>(kind: K, state: RegisterStates[K], day: string, registers: Registers): object {
  switch (kind) {
    case 'recipient':
      return recipientAnswer(state as RegisterStates['recipient'], day, auditPeriodsOn(day, registers));
    case 'conference':
      return conferenceAnswer(state as RegisterStates['conference'], day);
    case 'source':
      return sourceAnswer(state as RegisterStates['source'], day);
    case 'activity':
      return activityAnswer(state as RegisterStates['activity'], day);
    default: {
      const never: never = kind;
      return never;
    }
  }
}

function summaryOf<K extends RegisterKind>(kind: K, state: RegisterStates[K], day: string, registers: Registers): object {
  switch (kind) {
    case 'recipient':
      return recipientSummary(state as RegisterStates['recipient'], day, auditPeriodsOn(day, registers));
    case 'conference':
      return conferenceSummary(state as RegisterStates['conference'], day);
    case 'source':
      return sourceSummary(state as RegisterStates['source'], day);
    case 'activity':
      return activitySummary(state as RegisterStates['activity'], day);
    default: {
      const never: never = kind;
      return never;
    }
  }
}

function auditPeriodsOn(day: string, registers: Registers): AuditPeriods {
  const at = parseWhen(day)?.latest ?? day;
  const models = registers.controllers().flatMap((controller) => registers.policyAt(controller, at)?.model ?? []);
  return (kind) => models.flatMap((model) => model.recipientKind(kind)?.auditEvery ?? []);
}

/** The register's own strings, as they were last told by the day; those it began with stand before. */
function namesOn(events: readonly Envelope[], day: string): Readonly<Record<string, { readonly sealed: SealedRef }>> {
  const names: Record<string, { readonly sealed: SealedRef }> = {};
  for (const [i, event] of events.entries()) {
    const isOwn = event.type.endsWith('Registered') || event.type === 'ProcessingActivityChanged';
    const from = event.data['from'];
    if (!isOwn || (i > 0 && typeof from === 'string' && from > day)) continue;
    for (const { slot, holding } of event.sealed ?? []) names[slot] = { sealed: { event: event.id, slot, holding } };
  }
  return names;
}

/** Members that name an entry: what was sealed when the entry was told belongs to it. */
const ENTRY_MEMBERS = ['agreement', 'subProcessor'] as const;

/** Each entry with what was sealed when it was first told: a sub-processor's name, where an agreement is to be found. */
function withSealed(answer: object, events: readonly Envelope[]): object {
  return Object.fromEntries(Object.entries(answer).map(([member, value]) => [member, Array.isArray(value) && member !== 'audits' ? value.map((one: unknown) => entryWithSealed(one, events)) : (value as unknown)]));
}

function entryWithSealed(entry: unknown, events: readonly Envelope[]): unknown {
  if (typeof entry !== 'object' || entry === null) return entry;
  const member = ENTRY_MEMBERS.find((one) => one in entry);
  if (member === undefined) return entry;
  const told = events.find(({ data, sealed }) => sealed !== undefined && data[member] === (entry as Readonly<Record<string, unknown>>)[member]);
  const own = (told?.sealed ?? []).map(({ slot, holding }) => [slot, { sealed: { event: told?.id ?? '', slot, holding } }] as const);
  return { ...entry, ...Object.fromEntries(own) };
}

function told({ id, revision, type, occurredAt, recordedAt, actor, system, data, sealed, registers }: Envelope): object {
  return {
    revision,
    id,
    type,
    occurredAt,
    recordedAt,
    ...(actor !== undefined && { actor }),
    system,
    data,
    ...(registers !== undefined && { registers }),
    ...(sealed !== undefined && { sealed: Object.fromEntries(sealed.map(({ slot, holding }) => [slot, { sealed: { event: id, slot, holding } }])) }),
  };
}

/**
 * The way of a command: whom it is about → their state → the decision → seal → append → answer (`architecture.md` §4).
 *
 * When `record` resolves with `recorded`, the events and the values they commit to are durable. It rejects with `Refusal` (nothing
 * was recorded) or `Unavailable` (unknown: the same command again settles it).
 */
import { fingerprintText } from '#audit/event-id.js';
import { canonical, NotCanonical } from '#audit/canonical.js';
import { RiderRefused, StoreStopped, WrongExpectedRevision, type Appended, type AppendRequest, type EventStore, type StoredEvent } from '#event-store/event-store.js';
import { formatInstant, millisecondsOf } from '#law/instant.js';
import { lastBeginning, parseWhen, type When } from '#law/when.js';
import { RULES_VERSION } from '#law/data/rules-version.js';
import type { InboxRow, Vault, VaultRefusal, VaultWrite } from '#vault/vault.js';
import type { CatalogueEntry } from './catalogue.js';
import type { Caller, Command } from './command.js';
import { commandIds, idsOnStream, type CommandIds } from './command-ids.js';
import type { Context, Fact } from './decision.js';
import { encode } from './encoding.js';
import type { Envelope, Verdict } from './envelope.js';
import { eventTypes } from './event-types.js';
import { Refusal, Unavailable } from './refusals.js';
import type { Registers } from './registers.js';
import { findTargets, knownIdentifiers, newOwner, registrationFacts, type Target } from './resolve.js';
import { idsIn } from './stream-ids.js';
import { StreamCache, type Remembered } from './stream-cache.js';

export interface RecordedEvent {
  readonly id: string;
  readonly type: string;
  readonly stream: string;
  readonly revision: number;
  readonly position: string;
}

export interface Answer {
  readonly commandId: string;
  readonly status: 'recorded' | 'unchanged' | 'duplicate';
  /** Ids of the people (or the organisation) it was recorded on. */
  readonly about: readonly string[];
  readonly verdict?: Verdict;
  readonly events: readonly RecordedEvent[];
}

export interface LedgerParts {
  readonly log: EventStore;
  readonly vault: Vault;
  readonly registers: Registers;
}

/** How far a sender's clock may be ahead of ours. */
const CLOCK_SKEW_MS = 5 * 60_000;
/** Each lost race means that another command was recorded, so a bounded number is enough at any load. */
const MAX_ATTEMPTS = 64;

/** One command on one stream, with all that is fixed before the stream's state is known. */
interface Task {
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
  readonly target: Target;
  /** The row of an earlier attempt that was certainly not written. */
  readonly earlier?: InboxRow;
}

/** The stream moved, or somebody else was quicker to claim: look again and decide anew. */
class Again extends Error {
  constructor(readonly claimedBy?: string) {
    super('decide again');
  }
}

export class Ledger {
  readonly #log: EventStore;
  readonly #vault: Vault;
  readonly #registers: Registers;
  readonly #streams: StreamCache;

  constructor({ log, vault, registers }: LedgerParts) {
    this.#log = log;
    this.#vault = vault;
    this.#registers = registers;
    this.#streams = new StreamCache(log);
  }

  async record(entry: CatalogueEntry, command: Command): Promise<Answer> {
    let claimedBy: string | undefined;
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      try {
        return await this.#attempt(entry, command, claimedBy);
      } catch (fault) {
        if (fault instanceof Again) claimedBy = fault.claimedBy;
        else if (fault instanceof StoreStopped) throw new Unavailable(fault.message, { cause: fault });
        else throw fault;
      }
    }
    throw new Unavailable('the stream was written by others at every attempt; try again');
  }

  /**
   * Sends again what was prepared and whose outcome nobody learned. Gives how many were settled. `isLeft`: whether a row's caller is
   * surely gone; at start all are. One that is still being decided must not be taken: its next attempt would be dropped with it.
   */
  async settleUnknown(isLeft: (row: InboxRow) => boolean = () => true): Promise<number> {
    const rows = (await this.#vault.unsettled()).filter(isLeft);
    for (const row of rows) if (!(await this.#settle(row))) await this.#vault.write([{ op: 'void', key: row.key }]);
    return rows.length;
  }

  /**
   * Removes what was sealed for events that never were: older than `before`, and not in a stream that is read now. Gives how many.
   * Only lines without an inbox row can leave any; every other seal is sent again at start. Takes time in proportion to the vault.
   */
  async collectOrphans(before: string): Promise<number> {
    let read: { readonly stream: string; readonly ids: ReadonlyMap<string, number> } | undefined;
    const orphans = await this.#vault.orphans(before, async (event, owner) => {
      if (read?.stream !== owner) read = { stream: owner, ids: await idsIn(this.#log, owner) };
      return read.ids.has(event);
    });
    await this.#vault.collect(orphans);
    return orphans.length;
  }

  async #attempt(entry: CatalogueEntry, command: Command, claimedBy: string | undefined): Promise<Answer> {
    const { caller } = command;
    const hmac = (text: string): string => this.#vault.commandHmac(text, 'hex');
    const ids = commandIds(hmac, caller.system, caller.commandId);
    const fingerprint = this.#vault.commandHmac(textOf(entry, command), 'base64url');
    const time = timeOf(entry, command, caller.now);
    const naming = entry.naming(command);
    const inbox = naming.identifiers.length > 0 || (entry.decision.seals?.(command) ?? false);

    // Asked even of a command that will have no row: its id may have been used for one that has.
    const row = await this.#vault.inbox(ids.eventId(0));
    if (row?.fingerprint !== undefined && row.fingerprint !== fingerprint) throw new Refusal('CommandIdReused');
    const isWritten = row !== undefined && (row.settled || (await this.#settle(row)));
    if (isWritten && entry.decision.neverRefused !== true) return this.#repeated(row.owner, ids, caller);

    await this.#requireOrganisations(entry, command);
    const targets: Target[] = isWritten ? [{ stream: row.owner }] : [];
    const found = await findTargets({ vault: this.#vault, naming, at: time.when.earliest, prefix: entry.kind.prefix, neverRefused: entry.decision.neverRefused ?? false });
    for (const target of found.length > 0 ? found : [newOwner(entry, naming, ids)])
      if (!targets.some(({ stream }) => stream === target.stream)) targets.push(target);

    const answers: Answer[] = [];
    for (const [i, target] of targets.entries()) {
      const { stream } = target;
      const ownIds = i === 0 ? ids : idsOnStream(hmac, ids, stream);
      // Each person whom a withdrawal fits has an inbox row of their own.
      const own = i === 0 ? row : await this.#vault.inbox(ownIds.eventId(0));
      const isUnwritten = own !== undefined && (i === 0 ? !isWritten : !own.settled && !(await this.#settle(own)));
      const task: Task = { entry, command, caller, ...time, stream, ids: ownIds, fingerprint, inbox, target, ...(isUnwritten && { earlier: own }) };
      answers.push(await this.#streams.queued(stream, () => this.#decide(task, claimedBy)));
    }
    return answers.length === 1 ? (answers[0] as Answer) : joined(answers);
  }

  async #decide(task: Task, claimedBy: string | undefined): Promise<Answer> {
    const { entry, stream, ids, caller } = task;
    const remembered = await this.#streams.load(stream, entry.kind);
    if (remembered.ids.has(ids.eventId(0))) return this.#knownOnStream(task, remembered);
    let facts: readonly Fact[];
    try {
      facts = await this.#facts(task, remembered);
    } catch (refusal) {
      if (refusal instanceof Refusal) await this.#requireHead(stream, remembered);
      throw refusal;
    }
    if (facts.length === 0) {
      await this.#requireHead(stream, remembered);
      return { commandId: caller.commandId, status: 'unchanged', about: [aboutOf(stream)], events: [] };
    }
    return this.#append(task, remembered, facts, claimedBy);
  }

  /** Registration first where the person is new, then the decision on the state that follows from it. */
  async #facts(task: Task, remembered: Remembered<unknown>): Promise<readonly Fact[]> {
    const { entry, command, caller, ids } = task;
    const identifying = [...(entry.decision.identifying?.(command, this.#registers) ?? [])];
    const own = { stream: task.stream, identifiers: entry.kind.identifiers(remembered.state) };
    const known = await knownIdentifiers(this.#vault, identifying, own, [caller.now, task.when.earliest]);
    const context: Context = {
      now: caller.now,
      stream: task.stream,
      isFoundById: task.target.isFoundById === true,
      when: task.when,
      ...(task.toldAt !== undefined && { toldAt: task.toldAt }),
      registers: this.#registers,
      newId: ids.newId,
      eventId: ids.eventId,
      identifierOf: known.of,
      isWellFormed: (kind, value) => this.#vault.blindIndex(kind, value) !== undefined,
      isSame: (kind, one, other) => one === other || (this.#vault.blindIndex(kind, one) ?? one) === this.#vault.blindIndex(kind, other),
    };
    const registration = registrationFacts(entry, command, remembered.state, context);
    let state = remembered.state;
    for (const [n, fact] of registration.entries()) {
      state = entry.kind.evolve(state, { ...this.#envelope(task, fact, n, remembered), sealed: [] });
      for (const link of fact.links ?? []) if (link.change === 'link') known.add(link.kind, link.value, link.identifier);
    }
    const offset = registration.length;
    const decided = entry.decision.decide(command, state, offset === 0 ? context : { ...context, eventId: (n) => ids.eventId(n + offset) });
    return [...registration, ...decided];
  }

  async #append(task: Task, remembered: Remembered<unknown>, facts: readonly Fact[], claimedBy: string | undefined): Promise<Answer> {
    const { entry, stream, caller, ids } = task;
    const toSeal = facts.flatMap((fact, n) =>
      (fact.sealed ?? []).map(({ slot, holding, value }) => ({ event: ids.eventId(n), slot, holding, owner: stream, text: canonical(value) })),
    );
    const sealed = toSeal.length === 0 ? [] : await this.#vault.seal(toSeal);
    let next = 0;
    const envelopes = facts.map((fact, n): Envelope => {
      const slots = (fact.sealed ?? []).map(({ slot, holding, category }) => ({ slot, holding, category, commitment: sealed[next++]?.commitment ?? '' }));
      return { ...this.#envelope(task, fact, n, remembered), ...(slots.length > 0 && { sealed: slots }) };
    });
    const expected = remembered.revision;
    const append: AppendRequest = { stream, expected, events: envelopes.map(encode) };
    const writes = [...sealed.flatMap((one) => one.writes), ...linkWrites(this.#vault, facts, stream), ...this.#inboxWrites(task, append)];
    const appended = await this.#commit(task, writes, append, claimedBy);
    this.#streams.advance(stream, remembered, envelopes, entry.kind);
    if (task.inbox) this.#vault.writeSoon([{ op: 'settle', key: ids.eventId(0) }]);
    return {
      commandId: caller.commandId,
      status: 'recorded',
      about: [aboutOf(stream)],
      ...verdictIn(envelopes),
      events: envelopes.map(({ id, type, revision }, n) => ({ id, type, stream, revision, position: appended.positions[n] ?? '' })),
    };
  }

  async #commit(task: Task, writes: readonly VaultWrite[], append: AppendRequest, claimedBy: string | undefined): Promise<Appended> {
    try {
      return await (writes.length === 0 ? this.#log.append(append) : this.#vault.commit(writes, append));
    } catch (fault) {
      this.#streams.forget(task.stream);
      if (fault instanceof WrongExpectedRevision) throw new Again();
      if (!(fault instanceof RiderRefused)) throw fault;
      const refusal = fault.reason as VaultRefusal;
      if (refusal.kind !== 'claimed') throw new Again();
      // Whoever was quicker is found at the next look; if that changes nothing, the identifier is simply somebody else's.
      if (claimedBy === refusal.owner) throw new Refusal('IdentifierTaken');
      throw new Again(refusal.owner);
    }
  }

  #inboxWrites(task: Task, prepared: AppendRequest): readonly VaultWrite[] {
    if (!task.inbox) return [];
    const attempt = (task.earlier?.attempt ?? 0) + 1;
    return [{ op: 'inbox', key: task.ids.eventId(0), fingerprint: task.fingerprint, owner: task.stream, attempt, prepared }];
  }

  #envelope(task: Task, fact: Fact, n: number, remembered: Remembered<unknown>): Envelope {
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

  /** The command's first event is on the stream already: the first answer again, or a refusal when the content is another. */
  async #knownOnStream(task: Task, remembered: Remembered<unknown>): Promise<Answer> {
    const { stream, ids, caller } = task;
    const row = task.inbox ? await this.#vault.inbox(ids.eventId(0)) : undefined;
    if (row === undefined) {
      // The first answer had no inbox row, so its event tells what it was told; without that, the first did have one.
      const [first] = await this.#eventsAt(stream, remembered.ids.get(ids.eventId(0)) ?? 0, 1);
      if (first !== undefined && (JSON.parse(first.data) as Envelope).fingerprint !== task.fingerprint) throw new Refusal('CommandIdReused');
    } else if (row.fingerprint !== undefined && row.fingerprint !== task.fingerprint) throw new Refusal('CommandIdReused');
    return this.#answerAgain(stream, ids, caller, remembered.ids);
  }

  async #repeated(owner: string, ids: CommandIds, caller: Caller): Promise<Answer> {
    return this.#answerAgain(owner, ids, caller, await idsIn(this.#log, owner));
  }

  async #answerAgain(stream: string, ids: CommandIds, caller: Caller, seen: ReadonlyMap<string, number>): Promise<Answer> {
    const from = seen.get(ids.eventId(0));
    if (from === undefined) return { commandId: caller.commandId, status: 'duplicate', about: [aboutOf(stream)], events: [] };
    let count = 1;
    while (seen.get(ids.eventId(count)) === from + count) count++;
    const stored = await this.#eventsAt(stream, from, count);
    const envelopes = stored.map(({ data }) => JSON.parse(data) as Envelope);
    return {
      commandId: caller.commandId,
      status: 'duplicate',
      about: [aboutOf(stream)],
      ...verdictIn(envelopes),
      events: stored.map(({ id, type, revision, position }) => ({ id, type, stream, revision, position })),
    };
  }

  async #eventsAt(stream: string, from: number, limit: number): Promise<readonly StoredEvent[]> {
    const events: StoredEvent[] = [];
    for await (const batch of this.#log.readStream(stream, { from, limit })) events.push(...batch);
    return events;
  }

  /** Sends exactly the prepared bytes. True: they are in the log. False: they never were, and another attempt may be made. */
  async #settle(row: InboxRow): Promise<boolean> {
    if (row.prepared === undefined) return true;
    try {
      const appended = await this.#log.append(row.prepared);
      if (!appended.repeated) this.#streams.forget(row.owner);
      this.#vault.writeSoon([{ op: 'settle', key: row.key }]);
      return true;
    } catch (fault) {
      if (fault instanceof WrongExpectedRevision) return false;
      throw fault;
    }
  }

  /** An answer that appends nothing holds only if the log's head is what was decided on. */
  async #requireHead(stream: string, remembered: Remembered<unknown>): Promise<void> {
    if ((await this.#log.revisionOf(stream)) === remembered.revision) return;
    this.#streams.forget(stream);
    throw new Again();
  }

  async #requireOrganisations(entry: CatalogueEntry, command: Command): Promise<void> {
    for (const organisation of entry.decision.organisations?.(command) ?? [])
      if ((await this.#log.revisionOf(`organisation-${organisation}`)) === 'none') throw new Refusal('OrganisationNotFound', { pointer: '/organisation' });
  }
}

/** When it happened. A withdrawal that cannot say so usably took effect on receipt; what it said is kept, sealed. */
function timeOf(entry: CatalogueEntry, command: Command, now: string): { when: When; toldAt?: string } {
  const received: When = { text: now, earliest: now, latest: now };
  if (command.occurredAt === undefined) return { when: received };
  const when = parseWhen(command.occurredAt);
  if (entry.decision.neverRefused === true) return when !== undefined && when.earliest <= now ? { when } : { when: received, toldAt: command.occurredAt };
  if (when === undefined) throw new Refusal('UnusableTime', { pointer: '/occurredAt' });
  if (lastBeginning(when) > formatInstant(millisecondsOf(now) + CLOCK_SKEW_MS)) throw new Refusal('OccurredInFuture', { pointer: '/occurredAt' });
  return { when };
}

/** What a command's fingerprint is made from. Refuses what has no UTF-8 form: it could neither be sealed nor compared. */
function textOf(entry: CatalogueEntry, command: Command): string {
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

function linkWrites(vault: Vault, facts: readonly Fact[], owner: string): readonly VaultWrite[] {
  return facts.flatMap(({ links }) =>
    (links ?? []).flatMap((link): readonly VaultWrite[] => {
      if (link.change === 'unlink') return [{ op: 'unlink', identifier: link.identifier, to: link.to }];
      const { kind, identifier, from, to, shared } = link;
      const index = vault.blindIndex(kind, link.value);
      if (index === undefined) {
        if (kind === 'name') return [];
        throw new TypeError(`a decision linked a ${kind} that has not its form`);
      }
      const write: VaultWrite = { op: 'link', kind, index, owner, identifier, from, ...(to !== undefined && { to }), shared };
      return link.claim ? [{ op: 'claim', kind, index, owner }, write] : [write];
    }),
  );
}

function verdictIn(envelopes: readonly Envelope[]): { verdict?: Verdict } {
  if (envelopes.some(({ verdict }) => verdict === 'unjustified')) return { verdict: 'unjustified' };
  return envelopes.some(({ verdict }) => verdict === 'justified') ? { verdict: 'justified' } : {};
}

function joined(answers: readonly Answer[]): Answer {
  const first = answers[0] as Answer;
  const status = answers.some((answer) => answer.status === 'recorded') ? 'recorded' : first.status;
  return { ...first, status, about: answers.flatMap(({ about }) => about), events: answers.flatMap(({ events }) => events) };
}

/** The id in a stream's name: what follows its kind. */
function aboutOf(stream: string): string {
  return stream.slice(stream.indexOf('-') + 1);
}

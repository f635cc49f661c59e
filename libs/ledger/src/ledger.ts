/**
 * The way of a command: whom it is about → their state → the decision → seal → append → answer (`architecture.md` §4).
 *
 * When `record` resolves with `recorded`, the events and the values they commit to are durable. It rejects with `Refusal` (nothing
 * was recorded) or `Unavailable` (unknown: the same command again settles it).
 */
import { StoreStopped, StoreUnavailable, WrongExpectedRevision, type EventStore } from '#event-store/event-store.js';
import { VaultUnavailable } from '#vault/unusable.js';
import type { InboxRow, Vault } from '#vault/vault.js';
import { aboutOf, joined, type Answer } from './answer.js';
import { appendFacts } from './appending.js';
import { subjects, type CatalogueEntry } from './catalogue-entry.js';
import type { Command } from './command.js';
import { commandIds, idsOnStream, type CommandIds } from './command-ids.js';
import { factsOf } from './deciding.js';
import type { Fact } from './decision.js';
import type { Work } from './people/open-work.js';
import { Unfinished } from './people/unfinished.js';
import { readFor } from './reading.js';
import type { Reasoning } from './gate/gate.js';
import { Refusal, Unavailable } from './refusals.js';
import type { Registers } from './registers.js';
import { knownOnStream, repeatedOn } from './repeats.js';
import { findTargets, newOwner, type Target } from './resolve.js';
import { idsIn } from './stream-ids.js';
import { StreamCache, type Remembered } from './stream-cache.js';
import { Merges } from './subject/merge/merges.js';
import type { SubjectState } from './subject/subject.js';
import { Again, type Task } from './task.js';
import { textOf, timeOf } from './told-command.js';
import { nowOf } from './told-time.js';

export interface LedgerParts {
  readonly log: EventStore;
  readonly vault: Vault;
  readonly registers: Registers;
}

export interface Advice {
  readonly about: string;
  /** The revision of the person's stream that it was judged on. */
  readonly revision: number;
  readonly reasoning: Reasoning;
}

/** Each lost race means that another command was recorded, so a bounded number is enough at any load. */
const MAX_ATTEMPTS = 64;

/** The person was merged away: decided where they are told of now. */
const CLOSED = Symbol('closed');

export class Ledger {
  readonly #log: EventStore;
  readonly #vault: Vault;
  readonly #registers: Registers;
  readonly #streams: StreamCache;
  readonly #merges: Merges;
  readonly #unfinished: Unfinished;

  constructor({ log, vault, registers }: LedgerParts) {
    this.#log = log;
    this.#vault = vault;
    this.#registers = registers;
    this.#streams = new StreamCache(log);
    this.#merges = new Merges({ log, vault, streams: this.#streams });
    this.#unfinished = new Unfinished(this.#merges, { log, vault, registers });
  }

  async record(entry: CatalogueEntry, command: Command): Promise<Answer> {
    let claimedBy: string | undefined;
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      try {
        return await this.#goOn(entry, await this.#attempt(entry, command, claimedBy), command.caller.now);
      } catch (fault) {
        if (fault instanceof Again) claimedBy = fault.claimedBy;
        else if (fault instanceof Refusal && fault.code === 'MergeUnderWay' && attempt < MAX_ATTEMPTS - 1) continue;
        else if (fault instanceof StoreStopped || fault instanceof StoreUnavailable || fault instanceof VaultUnavailable) throw new Unavailable(fault.message, { cause: fault });
        else throw fault;
      }
    }
    throw new Unavailable('the stream was written by others at every attempt; try again');
  }

  /** How the gate would answer an ask now. Advisory: nothing is recorded, and what is asked for later may be answered otherwise. */
  async advise(entry: CatalogueEntry, command: Command): Promise<Advice> {
    const { now } = command.caller;
    const { decision, kind } = entry;
    if (decision.advise === undefined) throw new TypeError(`${entry.name} asks nothing`);
    if (command.occurredAt !== undefined) throw new Refusal('AskIsForNow', { pointer: '/occurredAt' });
    await this.#registers.freshened();
    const survivorOf = (stream: string): Promise<string> => this.#merges.survivorOf(stream, now);
    const [target] = await findTargets({ vault: this.#vault, naming: entry.naming(command), at: now, prefix: kind.prefix, neverRefused: false, survivorOf });
    if (target === undefined) throw new Refusal('NoSuchPerson', { pointer: '/identifier' });
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      const stream = await survivorOf(target.stream);
      const remembered = await this.#streams.queued(stream, () => this.#streams.load(stream, kind));
      if (remembered.revision === 'none') throw new Refusal('SubjectNotRegistered', { pointer: '/subject' });
      const reasoning = decision.advise(command, remembered.state, { registers: this.#registers, when: nowOf(now, remembered.recordedAt) });
      if ((await this.#log.revisionOf(stream)) === remembered.revision) return { about: aboutOf(stream), revision: remembered.revision, reasoning };
      this.#streams.forget(stream);
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

  /** Goes on with what was begun and not finished (`openWork`): merges to their end, destructions again. Safe to repeat. */
  async resume(work: readonly Work[], now: string): Promise<void> {
    await this.#unfinished.carryOn(work, now);
  }

  /** The stream where somebody is told of now: their own, unless they were merged away. O(events of the person) when it is not remembered. */
  async survivorOf(stream: string, now: string): Promise<string> {
    return this.#merges.survivorOf(stream, now);
  }

  async #attempt(entry: CatalogueEntry, command: Command, claimedBy: string | undefined): Promise<Answer> {
    const { caller } = command;
    const hmac = (text: string): string => this.#vault.commandHmac(text, 'hex');
    const ids = commandIds(hmac, caller.system, caller.commandId);
    const fingerprint = this.#vault.commandHmac(textOf(entry, command), 'base64url');
    const time = timeOf(entry, command, caller.now);
    const naming = entry.naming(command);
    const asked = await this.#rowOf(ids.eventId(0), naming.identifiers.length > 0);
    const [row, vaultAway] = asked instanceof VaultUnavailable ? [undefined, asked] : [asked, undefined];
    const inbox = vaultAway === undefined && (naming.identifiers.length > 0 || (entry.decision.seals?.(command) ?? false));
    if (row?.fingerprint !== undefined && row.fingerprint !== fingerprint) throw new Refusal('CommandIdReused');
    const isWritten = row !== undefined && (row.settled || (await this.#settle(row)));
    if (isWritten && entry.decision.neverRefused !== true) return repeatedOn(row.owner, ids, caller, this.#log);

    // A withdrawal or an objection waits for no register: only syntax, authentication and an unavailable store refuse it.
    if (entry.decision.neverRefused !== true) await this.#registers.freshened();
    const required = await this.#required(entry, command);
    const targets: Target[] = isWritten ? [{ stream: row.owner }] : [];
    const survivorOf = (stream: string): Promise<string> => this.#merges.survivorOf(stream, caller.now);
    const found = await findTargets({ vault: this.#vault, naming, at: time.when.earliest, prefix: entry.kind.prefix, neverRefused: entry.decision.neverRefused ?? false, survivorOf });
    const writtenOn = isWritten ? await survivorOf(row.owner) : undefined;
    for (const target of found.length > 0 ? found : [newOwner(entry, naming, ids)])
      if (writtenOn === undefined || (await survivorOf(target.stream)) !== writtenOn) targets.push(target);

    const answers: Answer[] = [];
    for (const [i, target] of targets.entries()) {
      const { stream, parts = [] } = target;
      const idsOn = (one: string): CommandIds => (i === 0 ? ids : idsOnStream(hmac, ids, one));
      const ownIds = idsOn(stream);
      // Each person whom a withdrawal fits has an inbox row of their own.
      const own = i === 0 ? row : await this.#vault.inbox(ownIds.eventId(0));
      const isUnwritten = own !== undefined && (i === 0 ? !isWritten : !own.settled && !(await this.#settle(own)));
      const task: Task = { entry, command, caller, ...time, stream, ids: ownIds, fingerprint, inbox, target, ...(required !== undefined && { required }), ...(isUnwritten && { earlier: own }), ...(vaultAway !== undefined && { vaultAway }) };
      answers.push((await this.#toldOf(parts.map((part) => ({ ...task, stream: part, ids: idsOn(part) })))) ?? (await this.#onSurvivor(task, claimedBy, targets.slice(0, i))));
    }
    return answers.length === 1 ? (answers[0] as Answer) : joined(answers);
  }

  /** The first answer, where one of these tasks was done: what was told of somebody before they were merged stands where it was told. */
  async #toldOf(tasks: readonly Task[]): Promise<Answer | undefined> {
    for (const task of tasks) {
      const { ids } = await this.#streams.load(task.stream, task.entry.kind);
      if (ids.has(task.ids.eventId(0))) return knownOnStream(task, ids, this.#log, this.#vault);
    }
    return undefined;
  }

  /** Decides where the person is told of now. `others`: whom the same command has been told of before. */
  async #onSurvivor(task: Task, claimedBy: string | undefined, others: readonly Target[]): Promise<Answer> {
    for (let at = task; ; ) {
      if (task.entry.begins !== undefined) await this.#merges.settle(at.stream, task.caller.now);
      const answer = await this.#streams.queued(at.stream, () => this.#decide(at, claimedBy, [task.stream, ...(task.target.parts ?? [])]));
      if (answer !== CLOSED) return answer;
      // Whoever took the person in may have been merged away since: what was told of them in between stands there.
      const { survivor, between } = await this.#merges.wayFrom(at.stream, task.caller.now);
      const told = await this.#toldOf(between.map((stream) => ({ ...at, stream })));
      if (told !== undefined) return told;
      // What is remembered may be renewed at any moment: only now is this known to be one of the others, and whom it is about is looked for again.
      for (const { stream } of others) if ((await this.#merges.survivorOf(stream, task.caller.now)) === survivor) throw new Again();
      at = { ...at, stream: survivor };
    }
  }

  /** `meant`: where the people were found; one who was handed back meanwhile is looked for again, or this would be told of somebody else. */
  async #decide(task: Task, claimedBy: string | undefined, meant: readonly string[]): Promise<Answer | typeof CLOSED> {
    const { entry, stream, ids, caller } = task;
    const remembered = await this.#streams.load(stream, entry.kind);
    if (remembered.ids.has(ids.eventId(0))) return knownOnStream(task, remembered.ids, this.#log, this.#vault);
    if (entry.kind.merging?.closedBy(remembered.state) !== undefined) return CLOSED;
    const formerly = entry.kind.merging?.formerly(remembered.state) ?? [];
    // Another process may have told of the person there, and what is appended here is not weighed against that stream.
    for (const one of formerly) await this.#upToHead(one);
    const told = await this.#toldOf(formerly.map((one) => ({ ...task, stream: one })));
    if (told !== undefined) return told;
    for (const person of meant) if (person !== stream && !(await this.#merges.isPartOf(stream, person))) throw new Again();
    let facts: readonly Fact[];
    try {
      facts = await factsOf(task, remembered, { vault: this.#vault, registers: this.#registers, readFor: (own, known) => readFor(own, known, this.#log, this.#merges) });
    } catch (refusal) {
      if (refusal instanceof Refusal) await this.#requireHead(stream, remembered);
      throw refusal;
    }
    if (facts.length === 0) {
      await this.#requireHead(stream, remembered);
      return { commandId: caller.commandId, status: 'unchanged', about: [aboutOf(stream)], events: [] };
    }
    const answer = await appendFacts(task, remembered, facts, claimedBy, { log: this.#log, vault: this.#vault, streams: this.#streams });
    if (entry.kind.isRegister === true) await this.#registers.refresh();
    return answer;
  }

  /** What a command begins beyond its own append; told again, it is finished if it was not. */
  async #goOn({ begins }: CatalogueEntry, answer: Answer, now: string): Promise<Answer> {
    const [first] = answer.events;
    if (begins === undefined || first === undefined) return answer;
    return { ...answer, events: [...answer.events, ...(await this.#unfinished.finish(begins, first.stream, first.revision, now))] };
  }

  /**
   * Asked even of a command that will have no row: its id may have been used for one that has. Where the vault is away, one that names no
   * identifier goes on without as far as it seals nothing (a withdrawal might, and mostly need not): on its own stream an id that was used
   * for another command is noticed all the same.
   */
  async #rowOf(key: string, needsVault: boolean): Promise<InboxRow | undefined | VaultUnavailable> {
    try {
      return await this.#vault.inbox(key);
    } catch (fault) {
      if (needsVault || !(fault instanceof VaultUnavailable)) throw fault;
      return fault;
    }
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

  /** Refuses what needs a stream that has not begun; gives the state of the person among them, as the log has it now. */
  async #required(entry: CatalogueEntry, command: Command): Promise<SubjectState | undefined> {
    let person: SubjectState | undefined;
    for (const { stream: named, refusal, pointer } of entry.decision.requires?.(command) ?? []) {
      const stream = named.startsWith(subjects.prefix) ? await this.#merges.survivorOf(named, command.caller.now) : named;
      const revision = await this.#log.revisionOf(stream);
      if (revision === 'none') throw new Refusal(refusal, { pointer });
      if (stream.startsWith(subjects.prefix)) person = await this.#streams.queued(stream, () => this.#stateAt(stream, revision));
    }
    return person;
  }

  async #upToHead(stream: string): Promise<void> {
    const revision = await this.#log.revisionOf(stream);
    if (revision !== 'none') await this.#stateAt(stream, revision);
  }

  /** Another process may have told of the person since they were remembered here. */
  async #stateAt(stream: string, revision: number): Promise<SubjectState> {
    const remembered = await this.#streams.load(stream, subjects);
    if (remembered.revision !== 'none' && remembered.revision >= revision) return remembered.state;
    this.#streams.forget(stream);
    return (await this.#streams.load(stream, subjects)).state;
  }
}

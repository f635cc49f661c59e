/** From a command and the state it meets to facts: registration first where the person is new, then the decision. */
import type { Vault } from '#vault/vault.js';
import type { Context, Fact } from './decision.js';
import type { Registers } from './registers.js';
import { knownIdentifiers, registrationFacts } from './resolve.js';
import type { Remembered } from './stream-cache.js';
import { nowOf } from './told-time.js';
import { envelopeOf, type Task } from './task.js';

export interface Deciding {
  readonly vault: Vault;
  readonly registers: Registers;
  /** Looks up what the decision asks for besides the state. */
  readonly readFor: (task: Task, remembered: Remembered<unknown>) => Promise<Pick<Context, 'person' | 'event'>>;
}

/** The decision is made on the state that follows from the registration. Rejects with `Refusal`. */
export async function factsOf(task: Task, remembered: Remembered<unknown>, { vault, registers, readFor }: Deciding): Promise<readonly Fact[]> {
  const { entry, command, caller, ids } = task;
  const identifying = [...(entry.decision.identifying?.(command, registers) ?? [])];
  const own = { streams: [task.stream, ...(entry.kind.merging?.family(remembered.state) ?? [])], identifiers: entry.kind.identifiers(remembered.state) };
  const known = await knownIdentifiers(vault, identifying, own, [caller.now, task.when.earliest]);
  const received = nowOf(caller.now, remembered.recordedAt);
  const context: Context = {
    now: received.text,
    stream: task.stream,
    isFoundById: task.target.isFoundById === true,
    when: isNow(task) ? received : task.when,
    ...(task.toldAt !== undefined && { toldAt: task.toldAt }),
    registers,
    ...(task.required !== undefined && { required: task.required }),
    newId: ids.newId,
    eventId: ids.eventId,
    identifierOf: known.of,
    ...(await readFor(task, remembered)),
    isWellFormed: (kind, value) => vault.blindIndex(kind, value) !== undefined,
    isSame: (kind, one, other) => one === other || (vault.blindIndex(kind, one) ?? one) === vault.blindIndex(kind, other),
  };
  const registration = registrationFacts(entry, command, remembered.state, context);
  let state = remembered.state;
  for (const [n, fact] of registration.entries()) {
    state = entry.kind.evolve(state, { ...envelopeOf(task, fact, n, remembered), sealed: [] });
    for (const link of fact.links ?? []) if (link.change === 'link') known.add(link.kind, link.value, link.identifier);
  }
  const offset = registration.length;
  const decided = entry.decision.decide(command, state, offset === 0 ? context : { ...context, eventId: (n) => ids.eventId(n + offset) });
  return [...registration, ...decided];
}

/** An ask, and what was told without a usable time: it happens as it is received. */
function isNow({ entry, command, toldAt }: Task): boolean {
  return entry.decision.advise !== undefined || command.occurredAt === undefined || toldAt !== undefined;
}

/** `given(events).when(decision, command).then(events)`: what a decision says of a command, told by what happened before. */
import 'reflect-metadata';
import { createHash } from 'node:crypto';
import { expect } from '@jest/globals';
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { parseWhen } from '#law/when.js';
import { normalise } from '#vault/normalise.js';
import { organisations, subjects, type StreamKind } from '../catalogue-entry.js';
import type { Caller, Command } from '../command.js';
import type { Context, Decision, Fact, SlotToSeal } from '../decision.js';
import { encode } from '../encoding.js';
import type { Envelope } from '../envelope.js';
import type { IdentifierKind } from '#vault/vault.js';
import { eventTypes } from '../event-types.js';
import type { OrganisationState } from '../organisation/organisation.state.js';
import { Refusal, type RefusalCode } from '../refusals.js';
import type { Registers } from '../registers.js';
import type { SubjectState } from '../subject/subject.js';
import { exampleRegisters } from './registers.fixture.js';

/** While the first version of the example policy is in force. */
export const NOW = '2021-06-01T10:00:00.000Z';
export const PERSON = idOf('person');
export const ACTOR = idOf('actor');

/** A UUID that is always the same for its label. */
export function idOf(label: string): string {
  const hex = createHash('sha256').update(label).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** An event of the past, of which a test says what it needs. */
export type Happened = Pick<Envelope, 'type'> & Partial<Omit<Envelope, 'type'>>;

export function event(happened: Happened, revision: number, stream = `subject-${PERSON}`): Envelope {
  const at = happened.occurredAt ?? '2020-06-01T10:00:00.000Z';
  return {
    id: idOf(`${happened.type} ${revision}`),
    version: eventTypes.get(happened.type)?.version ?? 0,
    stream,
    revision,
    occurredAt: at,
    recordedAt: parseWhen(at)?.latest ?? NOW,
    actor: ACTOR,
    system: 'crm',
    correlationId: idOf('correlation'),
    rules: 'spec',
    data: {},
    ...happened,
  };
}

/** A command's members as a test writes them. */
export type Fields<C extends Command> = Plain<Omit<C, 'caller'>>;
type Plain<T> = T extends readonly (infer I)[] ? readonly Plain<I>[] : T extends object ? { readonly [K in keyof T]?: Plain<T[K]> | undefined } : T;

/** The command as the edge makes it: from plain JSON, and only if its declaration takes it. */
export function command<C extends Command>(type: new () => C, fields: Fields<C>, caller: Partial<Caller> = {}): C {
  const made = plainToInstance<C, unknown>(type, fields);
  const faults = validateSync(made, { whitelist: true, forbidNonWhitelisted: true });
  if (faults.length > 0) throw new Error(`${type.name} is not taken: ${JSON.stringify(faults.map(({ property, constraints }) => ({ property, constraints })))}`);
  made.caller = { commandId: 'command-1', system: 'crm', actor: ACTOR, role: 'upstream', now: NOW, ...caller };
  return made;
}

export function nowIs(now: string): Partial<Caller> {
  return { now };
}

export interface Circumstances {
  readonly registers?: Registers;
  /** Registered people besides the one it is about, each with who they are now. */
  readonly people?: Readonly<Record<string, string>>;
  /** Of a decision that requires somebody's stream. */
  readonly required?: SubjectState;
}

/** A fact as a test tells it: what is left out may be anything. */
export type ExpectedFact = Pick<Fact, 'type'> & Omit<Partial<Fact>, 'type' | 'data' | 'sealed'> & { readonly data?: Readonly<Record<string, unknown>>; readonly sealed?: readonly Partial<SlotToSeal>[] };

export interface Outcome {
  readonly facts: readonly Fact[];
  /** Recorded: exactly these, in order; members that a test does not name may be anything. */
  then(...expected: readonly ExpectedFact[]): void;
  /** Ignored. */
  thenNothing(): void;
  thenRefused(code: RefusalCode, detail?: Refusal['detail']): void;
}

/** What happened before, as seen by whoever decides. */
export interface Given<S> {
  readonly state: S;
  when<C extends Command>(decision: Decision<C, S>, told: C, circumstances?: Circumstances): Outcome;
}

export function given(...history: readonly Happened[]): Given<SubjectState> {
  return givenOn(subjects, history, (state, id, at) => {
    const known = state.identity.identifiers.get(id);
    return known !== undefined && (known.to === undefined || known.to > at);
  });
}

export function givenOrganisation(...history: readonly Happened[]): Given<OrganisationState> {
  return givenOn(organisations, history, () => false);
}

/** What happened on a stream that is named by its id alone: a register, for one. */
export function givenStream<S>(kind: StreamKind<S>, ...history: readonly Happened[]): Given<S> {
  return givenOn(kind, history, () => false);
}

function givenOn<S>(kind: StreamKind<S>, history: readonly Happened[], isLinked: (state: S, identifier: string, at: string) => boolean): Given<S> {
  const stream = `${kind.prefix}${PERSON}`;
  const state = history.reduce((known, happened, i) => kind.evolve(known, event(happened, i, stream)), kind.initial);
  return {
    state,
    when: (decision, told, { registers = exampleRegisters, people = {}, required } = {}) => {
      const context = contextOf(decision, told, registers);
      const identifierOf: Context['identifierOf'] = (identifier, value) => {
        const id = identifierId(identifier, value);
        return isLinked(state, id, context.when.earliest) ? id : undefined;
      };
      const person: Context['person'] = (id) => (people[id] === undefined ? undefined : { survivor: people[id] });
      const eventOf: Context['event'] = (id) => history.map((happened, i) => event(happened, i, stream)).find((known) => known.id === id);
      return outcomeOf(() => checked(decision.decide(told, state, { ...context, stream, identifierOf, person, event: eventOf, ...(required !== undefined && { required }) }), stream));
    },
  };
}

/** The id that `linked` gives an identifier of this value. */
export function identifierId(kind: IdentifierKind, value: string): string {
  return idOf(`${kind} ${normalise(kind, value, NOW.slice(0, 10)) ?? value}`);
}

function contextOf<C extends Command, S>(decision: Decision<C, S>, told: C, registers: Registers): Omit<Context, 'stream' | 'identifierOf' | 'person' | 'event'> {
  const { now } = told.caller;
  const when = told.occurredAt === undefined ? undefined : parseWhen(told.occurredAt);
  if (decision.neverRefused !== true && told.occurredAt !== undefined && when === undefined) throw new Error('occurredAt is refused before the decision');
  const isUsable = when !== undefined && (decision.neverRefused !== true || when.earliest <= now);
  return {
    now,
    when: isUsable ? when : { text: now, earliest: now, latest: now },
    ...(told.occurredAt !== undefined && !isUsable && { toldAt: told.occurredAt }),
    registers,
    isFoundById: false,
    newId: (label) => idOf(`new ${label}`),
    eventId: (n) => idOf(`decided ${n}`),
    isWellFormed: (kind, value) => normalise(kind, value, now.slice(0, 10)) !== undefined,
    isSame: (kind, one, other) => identifierId(kind, one) === identifierId(kind, other),
  };
}

/** Each fact as an event that the log would take: a decision whose data does not fit its schema fails here. */
function checked(facts: readonly Fact[], stream: string): readonly Fact[] {
  for (const [n, { sealed: _sealed, links: _links, ...fact }] of facts.entries()) encode(event(fact, n, stream));
  return facts;
}

function outcomeOf(decide: () => readonly Fact[]): Outcome {
  return {
    get facts() {
      return decide();
    },
    then: (...expected) => {
      const facts = decide();
      expect(facts.map(({ type }) => type)).toEqual(expected.map(({ type }) => type));
      expect(facts).toMatchObject(expected);
    },
    thenNothing: () => expect(decide()).toEqual([]),
    thenRefused: (code, detail) => {
      const refusal = refusalOf(decide);
      expect(refusal.code).toBe(code);
      if (detail !== undefined) expect(refusal.detail).toEqual(detail);
    },
  };
}

export function refusalOf(work: () => unknown): Refusal {
  try {
    work();
  } catch (refusal) {
    if (refusal instanceof Refusal) return refusal;
    throw refusal;
  }
  throw new Error('it was not refused');
}

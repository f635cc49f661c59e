/** What the catalogue says of a command: its decision, and the kind of stream it is decided on. */
import { ACTIVITY_PREFIX, evolveActivity, initialActivity, type ActivityState } from './activity/activity.state.js';
import { AUTHORITY_PREFIX, evolveAuthority, initialAuthority, type AuthorityState } from './authority/authority.state.js';
import type { Command, NewIdentifier } from './command.js';
import { CONFERENCE_PREFIX, evolveConference, initialConference, type ConferenceState } from './conference/conference.state.js';
import type { Decision } from './decision.js';
import type { Envelope } from './envelope.js';
import { evolveOrganisation, initialOrganisation, ORGANISATION_PREFIX, type OrganisationState } from './organisation/organisation.state.js';
import { evolveRecipient, initialRecipient, RECIPIENT_PREFIX, type RecipientState } from './recipient/recipient.state.js';
import { evolveSource, initialSource, SOURCE_PREFIX, type SourceState } from './source/source.state.js';
import type { Identifier } from './subject/identity/identity.state.js';
import { closedBy, type Closing } from './subject/merge/merge.state.js';
import { foldPerson, isRefolding, readPerson } from './subject/merge/person.js';
import { evolveSubject, initialSubject, SUBJECT_PREFIX, subjectStream, type SubjectState } from './subject/subject.js';
import type { WorkKind } from './people/people.view.js';
import type { EventStore } from '#event-store/event-store.js';
import type { IdentifierKind } from '#vault/vault.js';

/** Whom a command is about, before anybody was looked up. */
export interface Naming {
  readonly id?: string;
  readonly identifiers: readonly { readonly kind: IdentifierKind; readonly value: string; readonly pointer: string }[];
  /** Those to link when the person is registered by this command. */
  readonly links: readonly NewIdentifier[];
  readonly create: boolean;
}

/** A kind of stream that commands are decided on. */
export interface StreamKind<S> {
  readonly prefix: string;
  readonly initial: S;
  evolve(state: S, event: Envelope): S;
  /** The identifiers that its events say it has or had. */
  identifiers(state: S): ReadonlyMap<string, Identifier>;
  /** Decisions on other streams look it up: they see it as soon as it is acknowledged. */
  readonly isRegister?: true;
  /** Streams of one kind that may turn out to be one, and events that may not count. */
  readonly merging?: Merging<S>;
}

export interface Merging<S> {
  /** After an event of this type the state cannot be folded on: it is gathered anew. */
  isRefolding(type: string): boolean;
  /** The state with the events of others that belong to it, and without those that do not count. O(events of all of them). */
  gather(log: EventStore, stream: string): Promise<S>;
  /** The streams whose events are in the state, besides its own. */
  family(state: S): readonly string[];
  /** The merge that closed the stream, while it is closed. */
  closedBy(state: S): Closing | undefined;
  /** Streams that this one was part of for a time: what was told of it then stands there. */
  formerly(state: S): readonly string[];
}

export const subjects: StreamKind<SubjectState> = {
  prefix: SUBJECT_PREFIX,
  initial: initialSubject,
  evolve: evolveSubject,
  identifiers: ({ identity }) => identity.identifiers,
  merging: {
    isRefolding,
    gather: async (log, stream) => foldPerson(await readPerson(log, stream)),
    family: ({ merge }) => merge.family.map(subjectStream),
    closedBy: ({ merge }) => closedBy(merge),
    formerly: ({ merge }) => [...merge.closings.values()].filter(({ reversed }) => reversed !== undefined).map(({ into }) => subjectStream(into)),
  },
};
export const organisations: StreamKind<OrganisationState> = { prefix: ORGANISATION_PREFIX, initial: initialOrganisation, evolve: evolveOrganisation, identifiers: () => new Map() };

export interface CatalogueEntry<C extends Command = Command, S = unknown> {
  readonly name: string;
  readonly type: new () => C;
  readonly kind: StreamKind<S>;
  readonly decision: Decision<C, S>;
  naming(command: C): Naming;
  /** The decision itself begins the stream. */
  readonly registersItself?: true;
  /** What the ledger goes on with once the command is recorded, and again when it is repeated. */
  readonly begins?: WorkKind;
}

interface NamesSubject extends Command {
  subject?: string;
  identifier?: NewIdentifier;
  createIfMissing?: boolean;
}

/** A command about one person, named by id or identifier. */
export function aboutSubject<C extends NamesSubject>(type: new () => C, decision: Decision<C, SubjectState>): CatalogueEntry<C, SubjectState> {
  return {
    name: type.name,
    type,
    kind: subjects,
    decision,
    naming: ({ subject, identifier, createIfMissing }) => ({
      ...(subject !== undefined && { id: subject }),
      identifiers: identifier === undefined ? [] : [{ kind: identifier.kind, value: identifier.value, pointer: '/identifier' }],
      links: identifier === undefined ? [] : [identifier],
      create: createIfMissing ?? false,
    }),
  };
}

const noIdentifiers = (): ReadonlyMap<string, Identifier> => new Map();

export const recipients: StreamKind<RecipientState> = { prefix: RECIPIENT_PREFIX, initial: initialRecipient, evolve: evolveRecipient, identifiers: noIdentifiers, isRegister: true };
export const conferences: StreamKind<ConferenceState> = { prefix: CONFERENCE_PREFIX, initial: initialConference, evolve: evolveConference, identifiers: noIdentifiers, isRegister: true };
export const sources: StreamKind<SourceState> = { prefix: SOURCE_PREFIX, initial: initialSource, evolve: evolveSource, identifiers: noIdentifiers, isRegister: true };
export const activities: StreamKind<ActivityState> = { prefix: ACTIVITY_PREFIX, initial: initialActivity, evolve: evolveActivity, identifiers: noIdentifiers, isRegister: true };
export const authorities: StreamKind<AuthorityState> = { prefix: AUTHORITY_PREFIX, initial: initialAuthority, evolve: evolveAuthority, identifiers: noIdentifiers };

/** A command about one stream that is named by a registered id: a register, or an authority's. Its decision begins the stream. */
export function aboutStream<C extends Command, S>(type: new () => C, kind: StreamKind<S>, idOf: (command: C) => string, decision: Decision<C, S>): CatalogueEntry<C, S> {
  return { name: type.name, type, kind, decision, naming: (command) => ({ id: idOf(command), identifiers: [], links: [], create: true }), registersItself: true };
}

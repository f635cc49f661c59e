/** Every command the ledger takes, with its decision and the stream it is about. */
import type { Command, NewIdentifier } from './command.js';
import type { Decision } from './decision.js';
import {
  evolveOrganisation,
  initialOrganisation,
  ORGANISATION_PREFIX,
  RegisterOrganisation,
  registerOrganisation,
  RenameOrganisation,
  renameOrganisation,
  type OrganisationState,
} from './organisation/organisation.commands.js';
import type { Envelope } from './envelope.js';
import type { EventStore } from '#event-store/event-store.js';
import type { WorkKind } from './people/people.view.js';
import type { IdentifierKind } from '#vault/vault.js';
import { ExpireConsent, expireConsent, RefuseConsent, refuseConsent, RequestConsent, requestConsent } from './subject/consent/consent-asked.commands.js';
import { GiveConsent, giveConsent, RenewConsent, renewConsent } from './subject/consent/give-consent.command.js';
import { WithdrawConsent, withdrawConsent } from './subject/consent/withdraw-consent.command.js';
import { CollectPersonalData, collectPersonalData, ObservePersonalData, observePersonalData } from './subject/holding/collect-personal-data.command.js';
import {
  CompletePersonalData,
  completePersonalData,
  DisputePersonalData,
  disputePersonalData,
  RectifyPersonalData,
  rectifyPersonalData,
  ResolveDispute,
  resolveDispute,
} from './subject/holding/correct.commands.js';
import { SourcePersonalData, sourcePersonalData } from './subject/holding/source-personal-data.command.js';
import type { Identifier } from './subject/identity/identity.state.js';
import { LinkIdentifier, linkIdentifier } from './subject/identity/link-identifier.command.js';
import { FlagProtectedIdentity, flagProtectedIdentity, LiftProtectedIdentity, liftProtectedIdentity, RecordDeath, recordDeath } from './subject/identity/protection.commands.js';
import { RegisterSubject, registerSubject } from './subject/identity/register-subject.command.js';
import { EndRelationship, endRelationship, StartRelationship, startRelationship } from './subject/identity/relationship.commands.js';
import { EndRepresentation, endRepresentation, StartRepresentation, startRepresentation } from './subject/identity/representation.commands.js';
import { UnlinkIdentifier, unlinkIdentifier } from './subject/identity/unlink-identifier.command.js';
import { MergeSubjects, mergeSubjects, UnmergeSubjects, unmergeSubjects } from './subject/merge/merge.commands.js';
import { closedBy, type Closing } from './subject/merge/merge.state.js';
import { foldPerson, isRefolding, readPerson } from './subject/merge/person.js';
import { RecordInError, recordInError } from './subject/mistake/record-in-error.command.js';
import { evolveSubject, initialSubject, SUBJECT_PREFIX, subjectStream, type SubjectState } from './subject/subject.js';

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
  /** Not for upstreams. */
  readonly officersOnly?: true;
  /** What the ledger goes on with once the command is recorded, and again when it is repeated. */
  readonly begins?: WorkKind;
}

interface NamesSubject extends Command {
  subject?: string;
  identifier?: NewIdentifier;
  createIfMissing?: boolean;
}

function aboutSubject<C extends NamesSubject>(type: new () => C, decision: Decision<C, SubjectState>, more: Pick<CatalogueEntry, 'officersOnly' | 'begins'> = {}): CatalogueEntry<C, SubjectState> {
  return {
    ...more,
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

const registration: CatalogueEntry<RegisterSubject, SubjectState> = {
  name: RegisterSubject.name,
  type: RegisterSubject,
  kind: subjects,
  decision: registerSubject,
  // A shared address finds nobody: it would make one person of all who use it.
  naming: ({ subject, identifiers }) => ({
    ...(subject !== undefined && { id: subject }),
    identifiers: identifiers.flatMap(({ kind, value, use }, i) => (use === 'shared' ? [] : [{ kind, value, pointer: `/identifiers/${i}` }])),
    links: [],
    create: true,
  }),
  registersItself: true,
};

const organisationRegistration: CatalogueEntry<RegisterOrganisation, OrganisationState> = {
  name: RegisterOrganisation.name,
  type: RegisterOrganisation,
  kind: organisations,
  decision: registerOrganisation,
  naming: ({ organisation, number }) => ({
    ...(organisation !== undefined && { id: organisation }),
    identifiers: [{ kind: 'organisation-number', value: number, pointer: '/number' }],
    links: [],
    create: true,
  }),
  registersItself: true,
};

const organisationRename: CatalogueEntry<RenameOrganisation, OrganisationState> = {
  name: RenameOrganisation.name,
  type: RenameOrganisation,
  kind: organisations,
  decision: renameOrganisation,
  naming: ({ organisation }) => ({ id: organisation, identifiers: [], links: [], create: false }),
  registersItself: true,
};

const entries: readonly CatalogueEntry[] = [
  registration,
  aboutSubject(LinkIdentifier, linkIdentifier),
  aboutSubject(UnlinkIdentifier, unlinkIdentifier),
  aboutSubject(StartRelationship, startRelationship),
  aboutSubject(EndRelationship, endRelationship),
  aboutSubject(StartRepresentation, startRepresentation),
  aboutSubject(EndRepresentation, endRepresentation),
  aboutSubject(FlagProtectedIdentity, flagProtectedIdentity),
  aboutSubject(LiftProtectedIdentity, liftProtectedIdentity),
  aboutSubject(RecordDeath, recordDeath),
  organisationRegistration,
  organisationRename,
  aboutSubject(RequestConsent, requestConsent),
  aboutSubject(GiveConsent, giveConsent),
  aboutSubject(RenewConsent, renewConsent),
  aboutSubject(RefuseConsent, refuseConsent),
  aboutSubject(WithdrawConsent, withdrawConsent),
  aboutSubject(ExpireConsent, expireConsent),
  aboutSubject(CollectPersonalData, collectPersonalData),
  aboutSubject(ObservePersonalData, observePersonalData),
  aboutSubject(SourcePersonalData, sourcePersonalData),
  aboutSubject(RectifyPersonalData, rectifyPersonalData),
  aboutSubject(CompletePersonalData, completePersonalData),
  aboutSubject(DisputePersonalData, disputePersonalData),
  aboutSubject(ResolveDispute, resolveDispute),
  aboutSubject(MergeSubjects, mergeSubjects, { officersOnly: true, begins: 'merge' }),
  aboutSubject(UnmergeSubjects, unmergeSubjects, { officersOnly: true, begins: 'release' }),
  aboutSubject(RecordInError, recordInError, { officersOnly: true, begins: 'mistake' }),
];

export const catalogue: ReadonlyMap<string, CatalogueEntry> = new Map(entries.map((entry) => [entry.name, entry]));

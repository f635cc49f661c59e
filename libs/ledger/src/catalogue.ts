/** Every command the ledger takes, with its decision and the stream it is about. */
import { RegisterOrganisation, registerOrganisation, RenameOrganisation, renameOrganisation } from './organisation/organisation.commands.js';
import { organisationEntries } from './organisation/organisation.entries.js';
import type { OrganisationState } from './organisation/organisation.state.js';
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
import { LinkIdentifier, linkIdentifier } from './subject/identity/link-identifier.command.js';
import { RecordAgeBand, recordAgeBand } from './subject/identity/age.command.js';
import { FlagProtectedIdentity, flagProtectedIdentity, LiftProtectedIdentity, liftProtectedIdentity, RecordDeath, recordDeath } from './subject/identity/protection.commands.js';
import { RegisterSubject, registerSubject } from './subject/identity/register-subject.command.js';
import { EndRelationship, endRelationship, StartRelationship, startRelationship } from './subject/identity/relationship.commands.js';
import { EndRepresentation, endRepresentation, StartRepresentation, startRepresentation } from './subject/identity/representation.commands.js';
import { UnlinkIdentifier, unlinkIdentifier } from './subject/identity/unlink-identifier.command.js';
import type { SubjectState } from './subject/subject.js';
import { activityEntries } from './activity/activity.entries.js';
import { authorityEntries } from './authority/authority.entries.js';
import { conferenceEntries } from './conference/conference.entries.js';
import { recipientEntries } from './recipient/recipient.entries.js';
import { arrangementEntries } from './recipient/arrangement.entries.js';
import { sourceEntries } from './source/source.entries.js';
import { disclosureEntries } from './subject/disclosure/disclosure.entries.js';
import { transferEntries } from './subject/transfer/transfer.entries.js';
import { useEntries } from './subject/use/use.entries.js';
import { noticeEntries } from './subject/notice/notice.entries.js';
import { objectionEntries } from './subject/objection/objection.entries.js';
import { deviationEntries } from './subject/deviation/deviation.entries.js';
import { mergeEntries } from './subject/merge/merge.entries.js';
import { mistakeEntries } from './subject/mistake/mistake.entries.js';
import { aboutSubject, organisations, subjects, type CatalogueEntry } from './catalogue-entry.js';

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
  aboutSubject(RecordAgeBand, recordAgeBand),
  aboutSubject(RecordDeath, recordDeath),
  organisationRegistration,
  organisationRename,
  ...organisationEntries,
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
  ...recipientEntries,
  ...arrangementEntries,
  ...conferenceEntries,
  ...sourceEntries,
  ...activityEntries,
  ...authorityEntries,
  ...disclosureEntries,
  ...transferEntries,
  ...useEntries,
  ...noticeEntries,
  ...objectionEntries,
  ...deviationEntries,
  ...mergeEntries,
  ...mistakeEntries,
];

export const catalogue: ReadonlyMap<string, CatalogueEntry> = new Map(entries.map((entry) => [entry.name, entry]));

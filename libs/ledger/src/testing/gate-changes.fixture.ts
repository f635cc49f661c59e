/** What each turn of a random life tells the ledger. */
import { formatInstant, millisecondsOf } from '#law/instant.js';
import { MILLISECONDS_PER_DAY } from '#law/local-date.js';
import type { PolicyModel } from '#policy/model.js';
import type { Command } from '../command.js';
import { AddConferenceParty, RemoveConferenceParty } from '../conference/party.commands.js';
import { CancelConference } from '../conference/conference.commands.js';
import { PublishConferenceNotice } from '../conference/publication.commands.js';
import { EndRecipientAgreement, SignRecipientAgreement } from '../recipient/agreement.commands.js';
import { EndTransferArrangement, ResumeTransferArrangement, SignTransferArrangement, SuspendTransferArrangement } from '../recipient/arrangement.commands.js';
import { MoveRecipient } from '../recipient/recipient.commands.js';
import { AssignRecipientRole, EndRecipientRole } from '../recipient/role.commands.js';
import { AddSubProcessor, ObjectToSubProcessor, RemoveSubProcessor } from '../recipient/sub-processor.commands.js';
import { RefuseConsent } from '../subject/consent/consent-asked.commands.js';
import { WithdrawConsent } from '../subject/consent/withdraw-consent.command.js';
import { DealWithDeviation } from '../subject/deviation/deal-with-deviation.command.js';
import { AuthoriseDisclosure, ReportDisclosure } from '../subject/disclosure/disclosure.commands.js';
import { ConfirmRecall, RecallDisclosure, ReferMatterToPolice } from '../subject/disclosure/recall.commands.js';
import { CollectPersonalData } from '../subject/holding/collect-personal-data.command.js';
import { DisputePersonalData, ResolveDispute } from '../subject/holding/correct.commands.js';
import type { HeldItem } from '../subject/holding/holding.events.js';
import { SourcePersonalData } from '../subject/holding/source-personal-data.command.js';
import { RecordAgeBand } from '../subject/identity/age.command.js';
import { FlagProtectedIdentity, LiftProtectedIdentity } from '../subject/identity/protection.commands.js';
import { MergeSubjects, UnmergeSubjects } from '../subject/merge/merge.commands.js';
import { RecordInError } from '../subject/mistake/record-in-error.command.js';
import { ServeNotice } from '../subject/notice/serve-notice.command.js';
import { ObjectToProcessing } from '../subject/objection/object-to-processing.command.js';
import { AuthoriseTransfer, ReportTransfer } from '../subject/transfer/transfer.commands.js';
import { AuthoriseUse, ReportUse } from '../subject/use/use.commands.js';
import { CONFERENCE, roleOf, yesTo } from './asurgent.fixture.js';
import { idOf, type Fields } from './decider.fixture.js';
import type { Teller } from './ledger.fixture.js';
import { PEOPLE, PURPOSES, RECIPIENTS, type Ask, type Turn } from './gate-turns.fixture.js';
import type { GateLife } from './gate-life.fixture.js';

export type Tell = <C extends Command>(type: new () => C, fields: Fields<C>) => Promise<unknown>;

export async function askFor({ ask, recipient, ground, remoteAccess, categories, ...rest }: Ask, subject: string, teller: Teller, tell: Tell): Promise<unknown> {
  // What is held for the conference, and not what a shop happens to know too.
  const relationship = rest.conference === undefined ? undefined : (await teller.events(subject)).find(({ type, data }) => type === 'RelationshipStarted' && data['conference'] === rest.conference)?.data['relationship'];
  const fields = { ...rest, categories: [...categories], subject, ...(typeof relationship === 'string' && { relationship }) };
  const abroad = { ...(remoteAccess !== undefined && { remoteAccess }) };
  if (ask === 'use') return tell(AuthoriseUse, { ...fields, ...(recipient !== undefined && { recipient }) });
  if (ask === 'transfer') return tell(AuthoriseTransfer, { ...fields, recipient: recipient ?? 'letters', ...abroad });
  return tell(AuthoriseDisclosure, { ...fields, recipient: recipient ?? 'letters', ...abroad, ...(ground !== undefined && { ground }) });
}

function modelAt(now: string, models: readonly PolicyModel[]): PolicyModel {
  return (models.findLast(({ effectiveFromAt }) => Date.parse(effectiveFromAt) <= Date.parse(now)) ?? models[0]) as PolicyModel;
}

const YESSES = [['newsletter', 'newsletter-consent'], ['event-diet', 'event-diet-consent'], ['contact-mediation', 'contact-mediation-consent'], ['sponsor-sharing', 'sponsor-sharing-consent'], ['personalisation', 'location-consent'], ['interest-based-advertising', 'interest-advertising-consent']] as const;
const MARKETING = ['direct-marketing', 'prospecting', 'newsletter', 'advertising', 'sponsor-sharing'] as const;

export async function changePerson(what: Exclude<Turn['what'], Ask>, subject: string, n: number, { engines, models, nodes }: GateLife, tell: Tell, now: string): Promise<unknown> {
  const [purpose, wording] = YESSES[n % YESSES.length] ?? YESSES[0];
  const notice = (id: string): Fields<ServeNotice> => ({ subject, notice: { id, version: 1 } });
  const events = async (): Promise<Awaited<ReturnType<Teller['events']>>> => nodes[0].teller.events(subject);
  const holdings = async (): Promise<readonly string[]> => (await events()).flatMap(({ data }) => ((data['items'] ?? []) as readonly Partial<HeldItem>[]).flatMap(({ holding }) => holding ?? []));
  const eventOf = async (...types: readonly string[]): Promise<Awaited<ReturnType<Teller['events']>>[number] | undefined> => (await events()).findLast(({ type }) => types.includes(type));
  const earlier = { subject, occurredAt: n % 3 === 0 ? formatInstant(millisecondsOf(now) - n * MILLISECONDS_PER_DAY).slice(0, 10) : formatInstant(millisecondsOf(now) - n * 3_600_000) };
  switch (what) {
    case 'report': {
      const authorisation = (await eventOf('DisclosureAuthorised'))?.data['authorisation'];
      const told = n % 4 === 0 ? { recipient: 'unregistered', recipientName: 'marker-somebody' } : { recipient: RECIPIENTS[n % RECIPIENTS.length] ?? 'letters' };
      return tell(ReportDisclosure, { ...earlier, ...told, purpose: PURPOSES[n % PURPOSES.length] ?? 'newsletter', categories: ['email'], ...(typeof authorisation === 'string' && n % 5 === 0 && { authorisation }) });
    }
    case 'report-use':
      return tell(ReportUse, { ...earlier, purpose: PURPOSES[n % PURPOSES.length] ?? 'newsletter', categories: ['purchase-history'] });
    case 'report-transfer':
      return tell(ReportTransfer, { ...earlier, recipient: n % 2 === 0 ? 'letters-abroad' : 'maintenance', purpose: 'newsletter', categories: ['email'], reason: 'marker-reason' });
    case 'recall': {
      const disclosure = idOf(`recalled ${n}`);
      await tell(ReportDisclosure, { subject, disclosure, recipient: 'letters', purpose: 'newsletter', categories: ['email'] });
      return tell(RecallDisclosure, { subject, disclosure });
    }
    case 'confirm': {
      const disclosure = (await eventOf('PersonalDataDisclosed'))?.data['disclosure'];
      return typeof disclosure === 'string' ? tell(ConfirmRecall, { ...earlier, disclosure, outcome: 'erased' }) : undefined;
    }
    case 'refer':
      return tell(ReferMatterToPolice, { ...earlier, authority: 'police', ground: 'police-referral', case: 'marker-case' });
    case 'deal': {
      const unjustified = (await events()).findLast(({ verdict }) => verdict === 'unjustified');
      return unjustified === undefined ? undefined : tell(DealWithDeviation, { subject, event: unjustified.id, measure: n % 2 === 0 ? 'corrected' : 'accepted-with-reason', note: 'marker-note' });
    }
    case 'withdraw':
      return tell(WithdrawConsent, { subject, purposes: [purpose] });
    case 'withdraw-all':
      return n % 4 === 0 ? tell(WithdrawConsent, { subject }) : undefined;
    case 'give': {
      const [type, fields] = yesTo(purpose, wording, modelAt(now, models), { ...(n % 7 === 0 && { indicatedBy: 'guardian' }), ...(n % 11 === 0 && { validUntil: '2021-07-15' }) });
      return tell(type, { ...fields, subject });
    }
    case 'give-all':
      for (const [each, asked] of YESSES) {
        const [type, fields] = yesTo(each, asked, modelAt(now, models));
        await tell(type, { ...fields, subject });
      }
      return undefined;
    case 'refuse':
      return tell(RefuseConsent, { subject, purposes: [purpose] });
    case 'object':
      return n % 3 === 0 ? tell(ObjectToProcessing, { subject, kind: 'processing', purposes: [PURPOSES[n % PURPOSES.length] ?? 'security'] }) : tell(ObjectToProcessing, { subject, kind: 'direct-marketing', purposes: [MARKETING[n % MARKETING.length] ?? 'newsletter'] });
    case 'object-kind':
      return tell(ObjectToProcessing, { subject, kind: 'processing', purposes: ['product-improvement', 'direct-marketing'], recipientKinds: ['traffic-measurement'] });
    case 'dispute': {
      const held = await holdings();
      return tell(DisputePersonalData, { subject, holding: held[n % held.length] ?? idOf('nothing') });
    }
    case 'resolve':
      for (const { data } of (await events()).filter(({ type }) => type === 'PersonalDataDisputed')) await tell(ResolveDispute, { subject, holding: String(data['holding']), outcome: 'rejected' }).catch(() => undefined);
      return undefined;
    case 'flag':
      return tell(FlagProtectedIdentity, { subject, protection: 'secrecy-marking' });
    case 'lift':
      return tell(LiftProtectedIdentity, { subject });
    case 'child':
      return n % 3 === 0 ? tell(RecordAgeBand, { subject, band: n % 2 === 0 ? 'below-13' : 'from-13-to-17' }) : undefined;
    case 'adult':
      return tell(RecordAgeBand, { subject, band: 'adult' });
    case 'serve-event':
      return tell(ServeNotice, { ...notice('event-notice'), conference: CONFERENCE });
    case 'serve-indirect':
      return tell(ServeNotice, notice('indirect-notice'));
    case 'serve-privacy':
      return tell(ServeNotice, notice(n % 3 === 0 ? 'business-transfer-notice' : 'privacy-notice'));
    case 'buy':
      return tell(SourcePersonalData, { subject, source: n % 2 === 0 ? 'bisnode' : 'partner', service: 'subscription', relationshipKind: 'prospect', purposes: ['prospecting'], values: [{ category: 'office-held', value: 'marker-office' }, { category: n % 3 === 0 ? 'name' : 'office-held', value: 'marker-bought' }] });
    case 'look-up':
      return tell(SourcePersonalData, { subject, source: 'spar', service: 'subscription', relationshipKind: 'prospect', purposes: ['address-check'], ...(n % 3 !== 0 && { notice: { id: 'indirect-notice', version: 1 } }), sourcePurpose: n % 2 === 0 ? 'kontroll' : 'urval', values: [{ category: 'postal', value: 'marker-street' }] });
    case 'collect-more':
      return tell(CollectPersonalData, { subject, service: 'courses', relationshipKind: 'customer', context: 'purchase', purposes: ['event-participation'], values: [{ category: n % 2 === 0 ? 'location' : 'device-type', value: 'marker-more' }] });
    case 'merge':
      return n % 3 === 0 ? tell(MergeSubjects, { subject, from: PEOPLE[subject === PEOPLE[0] ? 1 : 0] }) : undefined;
    case 'unmerge':
      return tell(UnmergeSubjects, { subject, from: PEOPLE[subject === PEOPLE[0] ? 1 : 0] });
    case 'mistake': {
      const wrong = (await engines.log.revisionOf(`subject-${subject}`)) === 'none' ? [] : (await events()).filter(({ type }) => /^(ConsentGiven|ConsentWithdrawn|DataSubjectObjected|NoticeServed|PersonalDataDisputed|ProtectedIdentityFlagged)$/.test(type));
      return tell(RecordInError, { subject, event: wrong[n % Math.max(wrong.length, 1)]?.id ?? idOf('nothing'), code: 'wrong-person' });
    }
    default:
      return 'not of a person';
  }
}

const PARTIES = [['bank', 'sponsor'], ['kitchen', 'caterer'], ['house', 'venue'], ['partner', 'partner'], ['partner', 'caterer']] as const;
const COUNTRIES = ['US', 'JP', 'IN', 'DE'] as const;

export async function changeRegister(what: Exclude<Turn['what'], Ask>, n: number, tell: Tell): Promise<unknown> {
  const recipient = RECIPIENTS[n % RECIPIENTS.length] ?? 'letters';
  const [party, role] = PARTIES[n % PARTIES.length] ?? PARTIES[0];
  const abroad = n % 2 === 0 ? 'letters-abroad' : 'maintenance';
  const engaged = n % 2 === 0 ? 'support' : 'letters';
  const known = roleOf(recipient);
  switch (what) {
    case 'end-role':
      return tell(EndRecipientRole, { recipient, assignment: 'task' });
    case 'assign-role':
      return tell(AssignRecipientRole, { recipient, assignment: `task-${n}`, role: known.role, purposes: [...known.purposes], ...(known.conference !== undefined && { conference: known.conference }) });
    case 'end-agreement':
      return tell(EndRecipientAgreement, { recipient: n % 4 === 0 ? 'partner' : recipient, agreement: 'contract' });
    case 'sign-agreement':
      return tell(SignRecipientAgreement, { recipient, agreement: `contract-${n}`, kind: known.role === 'joint-controller' ? 'joint-arrangement' : 'processor-contract' });
    case 'add-sub':
      return tell(AddSubProcessor, { recipient: engaged, subProcessor: 'helper', name: 'Exempel Hjälp AB', country: 'SE' });
    case 'object-sub':
      return tell(ObjectToSubProcessor, { recipient: engaged, subProcessor: 'helper' });
    case 'remove-sub':
      return tell(RemoveSubProcessor, { recipient: engaged, subProcessor: 'helper' });
    case 'move':
      return tell(MoveRecipient, { recipient, country: COUNTRIES[n % COUNTRIES.length] ?? 'US' });
    case 'move-back':
      return tell(MoveRecipient, { recipient, country: 'SE' });
    case 'sign-clauses': {
      const clauses = { recipient: abroad, arrangement: `clauses-${n}`, mechanism: 'standard-clauses', importerRole: 'processor' } as const;
      return n % 3 === 0 ? tell(SignTransferArrangement, { ...clauses, decision: 'scc-2021-914', module: 2, annexes: ['i-a', 'i-b', 'i-c', 'ii'] }) : tell(SignTransferArrangement, { ...clauses, decision: 'scc-2010-87' });
    }
    case 'end-clauses':
      return tell(EndTransferArrangement, { recipient: abroad, arrangement: 'clauses' });
    case 'suspend':
      return tell(SuspendTransferArrangement, { recipient: abroad, arrangement: 'clauses' });
    case 'resume':
      return tell(ResumeTransferArrangement, { recipient: abroad, arrangement: 'clauses' });
    case 'remove-party':
      return tell(RemoveConferenceParty, { conference: CONFERENCE, recipient: party, role });
    case 'add-party':
      return tell(AddConferenceParty, { conference: CONFERENCE, recipient: party, role });
    case 'publish':
      return tell(PublishConferenceNotice, { conference: CONFERENCE, notice: { id: 'event-notice', version: 1 }, recipients: n % 2 === 0 ? ['partner'] : ['bank', 'brewery', 'partner'] });
    case 'cancel':
      return n % 13 === 0 ? tell(CancelConference, { conference: CONFERENCE }) : undefined;
    default:
      return undefined;
  }
}

/** What each event says, in plain Swedish and English: codes by their names in the policy, and never a value. */
import type { AccessPurpose, PersonalDataAccessed } from '../access/access.events.js';
import type { Envelope } from '../envelope.js';
import { ruleText, type RuleCode } from '../rules.js';
import type { HeldItem } from '../subject/holding/holding.events.js';
import type { MISTAKE_CODES } from '../subject/mistake/mistake.events.js';
import type { SubjectData } from '../subject/subject.js';
import { actSentences } from './act-sentences.js';

export type Language = 'sv' | 'en';
export type LabelKind = 'purpose' | 'category' | 'source' | 'context' | 'channel' | 'relationship-kind' | 'service' | 'controller';
/** A code's name in the policy; the code itself when the policy does not know it. */
export type Label = (kind: LabelKind, code: string) => string;

export type Said = readonly [sv: string, en: string];
type TrailData = SubjectData & { readonly PersonalDataAccessed: PersonalDataAccessed };
type Sentences = { readonly [T in keyof TrailData]: (data: TrailData[T], event: Envelope, label: Label) => Said };

/** The sentence of one event. A verdict of unjustified is said with its rules. */
export function sentenceOf(event: Envelope, language: Language, label: Label): string {
  const say = sentences[event.type as keyof TrailData] as (data: unknown, event: Envelope, label: Label) => Said;
  const [sv, en] = say(event.data, event, label);
  const text = language === 'sv' ? sv : en;
  if (event.verdict !== 'unjustified') return `${text}.`;
  const reasons = (event.failed ?? []).map((code) => ruleText(code as RuleCode, language));
  return language === 'sv' ? `${text}. Saknar stöd: ${reasons.join('; ')}.` : `${text}. Not justified: ${reasons.join('; ')}.`;
}

const kinds: Readonly<Record<string, Said>> = {
  email: ['e-postadress', 'e-mail address'],
  phone: ['telefonnummer', 'phone number'],
  personnummer: ['personnummer', 'personnummer'],
  'customer-number': ['kundnummer', 'customer number'],
  'device-id': ['enhets-id', 'device id'],
};

const uses: Readonly<Record<string, Said>> = { private: ['privat', 'private'], work: ['i arbetet', 'for work'], shared: ['delad', 'shared'] };

const protections: Readonly<Record<string, Said>> = {
  'secrecy-marking': ['sekretessmarkering', 'secrecy marking'],
  'protected-registration': ['skyddad folkbokföring', 'protected registration'],
  'assumed-identity': ['fingerade personuppgifter', 'an assumed identity'],
};

const ageBands: Readonly<Record<string, Said>> = { 'below-13': ['under 13 år', 'below 13'], 'from-13-to-17': ['13–17 år', '13 to 17'], adult: ['vuxen', 'adult'] };

const endReasons: Readonly<Record<string, Said>> = {
  unsubscribed: ['avanmälan', 'unsubscribed'],
  'left-organisation': ['lämnade företaget', 'left the company'],
  converted: ['blev en annan relation', 'became another relationship'],
  mistaken: ['registrerad av misstag', 'recorded by mistake'],
};

const mistakes: Readonly<Record<(typeof MISTAKE_CODES)[number], Said>> = {
  'wrong-person': ['fel person', 'the wrong person'],
  'never-happened': ['det hände aldrig', 'it never happened'],
  duplicate: ['den fanns redan', 'it was there already'],
  'wrong-content': ['fel innehåll', 'the wrong content'],
};

const technologies: Readonly<Record<string, Said>> = { cookie: ['kaka', 'cookie'], app: ['app', 'app'], 'server-log': ['serverlogg', 'server log'], pixel: ['pixel', 'pixel'] };
const outcomes: Readonly<Record<string, Said>> = { upheld: ['personen fick rätt', 'upheld'], rejected: ['uppgiften stod sig', 'rejected'] };
const bySomeone: Readonly<Record<string, Said>> = { subject: ['', ''], guardian: [' av vårdnadshavare', ' by a guardian'], proxy: [' genom ombud', ' by proxy'], booker: [' av den som bokade', ' by whoever booked'] };

const queries: Readonly<Record<PersonalDataAccessed['query'], Said>> = {
  record: ['personuppgifterna', 'the record'],
  'audit-trail': ['behandlingshistoriken', 'the audit trail'],
  search: ['personens id genom en sökning', "the person's id by a search"],
};

const accessPurposes: Readonly<Record<AccessPurpose, Said>> = {
  'rights-request': ['en begäran om rättigheter', 'a rights request'],
  'customer-case': ['ett kundärende', 'a customer case'],
  'accuracy-check': ['kontroll av riktighet', 'a check of accuracy'],
  deviation: ['en avvikelse', 'a deviation'],
  'internal-audit': ['internrevision', 'internal audit'],
  supervision: ['tillsyn', 'supervision'],
  incident: ['en incident', 'an incident'],
  operations: ['drift', 'operations'],
};

/** Told, and kept by category alone: there was no ground to hold it. */
const WITHOUT_VALUE: Said = ['värdet sparas inte', 'its value is not kept'];

const sentences: Sentences = {
  SubjectRegistered: () => ['Personen registrerades', 'The person was registered'],
  SubjectIdentifierLinked: ({ kind, use }) => two(kinds[kind], (name, i) => [`Identifierare lades till: ${name} (${uses[use]?.[i]})`, `Identifier added: ${name} (${uses[use]?.[i]})`]),
  SubjectIdentifierUnlinked: () => ['En identifierare upphörde', 'An identifier ended'],
  RelationshipStarted: ({ kind }, { service }, label) => [
    `Relation inleddes: ${label('relationship-kind', kind)}${service === undefined ? '' : `, ${label('service', service)}`}`,
    `Relationship started: ${label('relationship-kind', kind)}${service === undefined ? '' : `, ${label('service', service)}`}`,
  ],
  RelationshipEnded: ({ reason }) => (reason === 'ended' ? ['Relation avslutades', 'Relationship ended'] : [`Relation avslutades: ${endReasons[reason]?.[0]}`, `Relationship ended: ${endReasons[reason]?.[1]}`]),
  OrganisationRepresentationStarted: () => ['Personen företräder ett företag', 'The person represents a company'],
  OrganisationRepresentationEnded: () => ['Personen företräder inte längre företaget', 'The person represents the company no longer'],
  ProtectedIdentityFlagged: ({ protection }) => [`Skyddade personuppgifter: ${protections[protection]?.[0]}`, `Protected identity: ${protections[protection]?.[1]}`],
  ProtectedIdentityLifted: () => ['Skyddet av identiteten upphörde', 'The protection of identity was lifted'],
  AgeBandRecorded: ({ band }) => two(ageBands[band], (name) => [`Åldersgrupp antecknades: ${name}`, `Age group was recorded: ${name}`]),
  DeathRecorded: () => ['Dödsfall antecknades', 'Death was recorded'],
  ConsentRequested: ({ purposes }, _event, label) => [`Samtycke efterfrågades: ${names(purposes, 'purpose', label)}`, `Consent was asked for: ${names(purposes, 'purpose', label)}`],
  ConsentGiven: ({ purposes, type, indicatedBy, method }, _event, label) => [
    `${type === 'explicit' ? 'Uttryckligt samtycke' : 'Samtycke'} lämnades${bySomeone[indicatedBy ?? 'subject']?.[0]}: ${names(purposes, 'purpose', label)}${by(method, label)}`,
    `${type === 'explicit' ? 'Explicit consent' : 'Consent'} was given${bySomeone[indicatedBy ?? 'subject']?.[1]}: ${names(purposes, 'purpose', label)}${by(method, label)}`,
  ],
  RenewedConsentGiven: ({ purposes }, _event, label) => [`Samtycke förnyades: ${names(purposes, 'purpose', label)}`, `Consent was renewed: ${names(purposes, 'purpose', label)}`],
  ConsentRefused: ({ purposes }, _event, label) => [`Samtycke nekades: ${names(purposes, 'purpose', label)}`, `Consent was refused: ${names(purposes, 'purpose', label)}`],
  ConsentWithdrawn: ({ purposes, unusable }, _event, label) => [
    `Samtycke återkallades: ${purposes === undefined ? 'alla ändamål' : names(purposes, 'purpose', label)}${unusable === true ? ' (något kunde inte läsas och förvaras förseglat)' : ''}`,
    `Consent was withdrawn: ${purposes === undefined ? 'all purposes' : names(purposes, 'purpose', label)}${unusable === true ? ' (something could not be read and is kept sealed)' : ''}`,
  ],
  ConsentExpired: () => ['Ett samtycke gick ut', 'A consent expired'],
  PersonalDataCollected: ({ context, items }, _event, label) => [
    `Uppgifter samlades in (${label('context', context)}): ${categories(items, label, WITHOUT_VALUE[0])}`,
    `Data was collected (${label('context', context)}): ${categories(items, label, WITHOUT_VALUE[1])}`,
  ],
  PersonalDataObserved: ({ technology, items }, _event, label) => [
    `Uppgifter observerades (${technologies[technology]?.[0]}): ${categories(items, label, WITHOUT_VALUE[0])}`,
    `Data was observed (${technologies[technology]?.[1]}): ${categories(items, label, WITHOUT_VALUE[1])}`,
  ],
  PersonalDataSourced: ({ source, items }, _event, label) => [
    `Uppgifter hämtades från ${source === 'unregistered' ? 'en oregistrerad källa' : label('source', source)}: ${categories(items, label, WITHOUT_VALUE[0])}`,
    `Data was obtained from ${source === 'unregistered' ? 'an unregistered source' : label('source', source)}: ${categories(items, label, WITHOUT_VALUE[1])}`,
  ],
  IndirectNoticeObligationOpened: ({ dueOn }) => [`Personen ska informeras senast ${dueOn} (artikel 14)`, `The person must be informed by ${dueOn} (Article 14)`],
  IndirectNoticeServed: ({ notice }) => [`Personen informerades (${notice.id} ${notice.version})`, `The person was informed (${notice.id} ${notice.version})`],
  PersonalDataRectified: ({ category }, _event, label) => [`Uppgift rättades: ${label('category', category)}`, `Data was rectified: ${label('category', category)}`],
  PersonalDataCompleted: ({ category }, _event, label) => [`Uppgift kompletterades: ${label('category', category)}`, `Data was completed: ${label('category', category)}`],
  PersonalDataDisputed: () => ['Personen bestrider en uppgift', 'The person disputes a value'],
  DisputeResolved: ({ outcome }) => [`Tvist om uppgift avgjordes: ${outcomes[outcome]?.[0]}`, `A dispute was resolved: ${outcomes[outcome]?.[1]}`],
  MergeStarted: () => ['Personen visade sig vara samma som en annan: sammanslagning påbörjades', 'The person turned out to be the same as another: a merge began'],
  SubjectMergedInto: () => ['Personen slogs samman med en annan och fortsätter under dennes id', "The person was merged into another and goes on under that one's id"],
  SubjectAbsorbed: () => ['En annan persons historik togs över: de är samma person', "Another person's history was taken in: they are the same person"],
  MergeAbandoned: () => ['Sammanslagningen avbröts', 'The merge was abandoned'],
  SubjectReleased: () => ['En sammanslagning togs tillbaka: de var två personer', 'A merge was taken back: they were two people'],
  SubjectMergeReversed: () => ['Personen har åter sin egen historik', 'The person has their own history again'],
  RecordedInError: ({ code }) => [`En anteckning var felaktig och räknas inte: ${mistakes[code][0]}`, `An entry was recorded in error and does not count: ${mistakes[code][1]}`],
  ...actSentences,
  PersonalDataAccessed: ({ query, purpose, categories: seen }, _event, label) => [
    `Någon ${query === 'search' ? 'fick fram' : 'öppnade'} ${queries[query][0]} för ${accessPurposes[purpose][0]}${seen.length > 0 ? `: ${names(seen, 'category', label)}` : ''}`,
    `Somebody ${query === 'search' ? 'found' : 'opened'} ${queries[query][1]} for ${accessPurposes[purpose][1]}${seen.length > 0 ? `: ${names(seen, 'category', label)}` : ''}`,
  ],
};

function two(said: Said | undefined, how: (name: string, i: 0 | 1) => Said): Said {
  return [how(said?.[0] ?? '', 0)[0], how(said?.[1] ?? '', 1)[1]];
}

function names(codes: readonly string[], kind: LabelKind, label: Label): string {
  return [...new Set(codes)].map((code) => label(kind, code)).join(', ');
}

function by(method: string | undefined, label: Label): string {
  return method === undefined ? '' : ` (${label('channel', method)})`;
}

function categories(items: readonly HeldItem[], label: Label, without: string): string {
  const isHeld = (item: HeldItem): boolean => item.slot !== undefined || item.identifier !== undefined;
  const said = items.map((item) => (isHeld(item) ? label('category', item.category) : `${label('category', item.category)} (${without})`));
  return [...new Set(said)].join(', ');
}

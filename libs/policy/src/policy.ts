/**
 * The published policy as plain data: what a policy file says, after it was found free of faults.
 *
 * Members that a file may leave out are `undefined` here; lists that it may leave out are empty. Element order is the file's.
 */
import type { Declarations } from './declarations.js';

/** Languages that notices, labels and trails come in. Swedish is never missing (GDPR 12(1); row SE11). */
export const languages = ['sv', 'en'] as const;
export type Language = (typeof languages)[number];

/** One text in each of the policy's languages. */
export interface Words {
  readonly sv: string;
  readonly en: string | undefined;
}

/** GDPR 6(1), as DPV's `legal/eu/gdpr` names it. */
export const lawfulBases = ['eu-gdpr:A6-1-a', 'eu-gdpr:A6-1-b', 'eu-gdpr:A6-1-c', 'eu-gdpr:A6-1-d', 'eu-gdpr:A6-1-e', 'eu-gdpr:A6-1-f'] as const;
export type LawfulBasis = (typeof lawfulBases)[number];

/** GDPR 9(2). */
export const specialBases = [
  'eu-gdpr:A9-2-a', 'eu-gdpr:A9-2-b', 'eu-gdpr:A9-2-c', 'eu-gdpr:A9-2-d', 'eu-gdpr:A9-2-e',
  'eu-gdpr:A9-2-f', 'eu-gdpr:A9-2-g', 'eu-gdpr:A9-2-h', 'eu-gdpr:A9-2-i', 'eu-gdpr:A9-2-j',
] as const;
export type SpecialBasis = (typeof specialBases)[number];

/** GDPR 9(1). */
export const specialKinds = [
  'racial-or-ethnic-origin', 'political-opinion', 'religious-or-philosophical-belief', 'trade-union-membership',
  'genetic', 'biometric', 'health', 'sex-life-or-orientation',
] as const;
export type SpecialKind = (typeof specialKinds)[number];

/** Which blind index a value gets (the vault's kinds), with the form that such a value has. */
export const identifierForms = {
  email: 'email', phone: 'phone', personnummer: 'personnummer', 'organisation-number': 'organisation-number',
  'customer-number': 'text', 'device-id': 'text', name: 'text',
} as const satisfies Record<string, Form>;
export type Identifier = keyof typeof identifierForms;

/** What a value looks like. Who checks a value goes by this. */
export const forms = [
  'text', 'long-text', 'email', 'phone', 'personnummer', 'organisation-number', 'date', 'instant', 'url', 'ip-address', 'language-tag',
  'country', 'flag', 'number', 'postal-address', 'coordinates',
] as const;
export type Form = (typeof forms)[number];

/** What a purpose is by its kind, where rules ask for that (rows S008, S022, S100, S103). Interest advertising is marketing too. */
export const purposeNatures = ['marketing', 'interest-advertising', 'analytics'] as const;
export type PurposeNature = (typeof purposeNatures)[number];

/** Whether data tells who someone is, or what someone does (rows S008, S100). */
export const categoryNatures = ['identity', 'behavioural'] as const;
export type CategoryNature = (typeof categoryNatures)[number];

/** Which party of a conference a recipient has to be (rows S046, S054, S131). */
export const conferenceRoles = ['sponsor', 'partner', 'caterer', 'venue', 'participant'] as const;
export type ConferenceRole = (typeof conferenceRoles)[number];

/** The four reasons to disclose to authorities and others (row S057). */
export const disclosureGroundKinds = ['legal-duty', 'customer-protection', 'security', 'rights'] as const;
export type DisclosureGroundKind = (typeof disclosureGroundKinds)[number];

export const sourceKinds = ['broker', 'public-register', 'social-profile', 'partner', 'sponsor', 'authority'] as const;
export type SourceKind = (typeof sourceKinds)[number];

/** Lag (1998:527) 3 §: to check, or to select (row SE8). */
export const sparPurposes = ['kontroll', 'urval'] as const;
export type SparPurpose = (typeof sparPurposes)[number];

/** Where a system keeps its data (row S061). */
export const locations = ['eea', 'outside-eea'] as const;
export type Location = (typeof locations)[number];

/** What a retention period counts from. */
export const anchors = [
  'collected', 'obtained', 'first-contact', 'relationship-ended', 'service-ended', 'event-ended', 'purchase', 'financial-year-ended',
  'case-closed', 'consent-ended', 'objected', 'recorded', 'last-relationship-ended',
] as const;
export type Anchor = (typeof anchors)[number];

export interface Controller {
  readonly id: string;
  readonly name: string;
  readonly organisationNumber: string;
  readonly address: string;
  readonly country: string;
  readonly website: string | undefined;
  readonly email: string | undefined;
  readonly rows: readonly string[];
}

/** Something with an id and a name, and nothing else to know. */
export interface Named {
  readonly id: string;
  readonly label: Words;
  readonly rows: readonly string[];
}

export interface Service extends Named {
  /** The company that answers for what is collected through it. */
  readonly controller: string;
}

export interface Category extends Named {
  readonly parent: string | undefined;
  readonly dpv: string | undefined;
  /** Holds for everything under it too. */
  readonly special: SpecialKind | undefined;
  /** Convictions and offences (GDPR 10). Holds for everything under it too. */
  readonly criminal: boolean;
  /** Holds for everything under it too, unless that says otherwise. */
  readonly nature: CategoryNature | undefined;
  readonly identifier: Identifier | undefined;
  readonly form: Form;
}

/** Why a purpose may use some of its categories. Chosen before use, by someone, for a reason (GDPR 5(2), 6(1)). */
export interface Basis {
  /** These, and what is under them; undefined: all of the purpose that no other basis names more closely. */
  readonly categories: readonly string[] | undefined;
  readonly basis: LawfulBasis;
  readonly specialBasis: SpecialBasis | undefined;
  /** A role, never a person. */
  readonly decidedBy: string;
  readonly decidedOn: string;
  readonly motive: Words;
  readonly assessment: string | undefined;
}

export interface PurposeCategory {
  readonly id: string;
  /** Required: without it the service cannot be had (GDPR 13(2)(e)). */
  readonly necessity: 'required' | 'optional';
}

export interface Purpose extends Named {
  readonly parent: string | undefined;
  readonly dpv: string;
  /** Holds for everything under it too, unless that says otherwise. */
  readonly nature: PurposeNature | undefined;
  readonly bases: readonly Basis[];
  /** The allow-list, each with what is under it. Empty for a heading, under which nothing may be used. */
  readonly categories: readonly PurposeCategory[];
  /** Never, even where a category above it is allowed. */
  readonly never: readonly string[];
  readonly recipientKinds: readonly string[];
  /** Undefined: all services, of all controllers. */
  readonly services: readonly string[] | undefined;
  /** Why a personnummer may be used (dataskyddslagen 3:10; row SE3). */
  readonly personnummerGround: string | undefined;
  readonly clause: string;
}

/** A legitimate-interest, impact or compatibility assessment that a basis leans on. */
export interface Assessment {
  readonly id: string;
  readonly kind: 'legitimate-interest' | 'impact' | 'compatibility';
  readonly decidedBy: string;
  readonly decidedOn: string;
  /** What is wanted, why it takes this data, and why it does not weigh less than the person's interest. */
  readonly summary: Words;
}

export interface Source extends Named {
  readonly kind: SourceKind;
  readonly from: string;
  /** The last day it was used; undefined: still. */
  readonly to: string | undefined;
  /** GDPR 14(2)(f). */
  readonly publiclyAccessible: boolean;
  /** What an extract may be ordered for; only a register that asks has any. */
  readonly sparPurposes: readonly SparPurpose[];
}

export interface RecipientKind extends Named {
  readonly role: 'processor' | 'controller' | 'joint-controller' | 'authority';
  /** What it may receive, each with what is under it. Undefined: whatever the purpose allows. */
  readonly categories: readonly string[] | undefined;
  /** It has to be this party of the conference that the data is about. */
  readonly conferenceRole: ConferenceRole | undefined;
  /** How often it is audited, its sub-suppliers included: ISO 8601 duration (row S060; GDPR 28(3)(h)). */
  readonly auditEvery: string | undefined;
}

/** Why data may be disclosed, or kept, beside the purposes (rows S057 and S058). */
export interface DisclosureGround extends Named {
  readonly kind: DisclosureGroundKind;
  /** Whom it reaches. */
  readonly recipientKinds: readonly string[];
  readonly clause: string;
}

/** What is done outside the EU and EEA, and by whom (row S062). */
export interface TransferCase extends Named {
  readonly recipientKinds: readonly string[];
  /** The data stays, and is reached from there: a transfer all the same (GDPR 44). */
  readonly remoteAccess: boolean;
  readonly clause: string;
}

export interface RetentionRule {
  readonly id: string;
  readonly purposes: readonly string[];
  readonly categories: readonly string[] | undefined;
  readonly relationships: readonly string[] | undefined;
  readonly anchor: Anchor;
  /** ISO 8601 duration in years, months, weeks or days. Undefined: there is no figure, and `noPeriod` says why. */
  readonly period: string | undefined;
  readonly noPeriod: Words | undefined;
  /** Upper: gone by then. Lower: not before then. */
  readonly kind: 'upper' | 'lower';
  /** Rules whose periods have to be shorter (rows S091 to S093). */
  readonly longerThan: readonly string[];
  readonly form: 'identified' | 'pseudonymised' | undefined;
  readonly action: 'erase' | 'anonymise' | 'pseudonymise';
  /** Stated in the published text, or proposed by us where the text gives no figure. */
  readonly origin: 'stated' | 'proposed';
  readonly clause: string;
  readonly rows: readonly string[];
}

export interface Notice {
  readonly id: string;
  readonly version: number;
  /** GDPR 13 or GDPR 14. */
  readonly kind: 'direct' | 'indirect';
  /** Which purposes and kinds of recipients it tells of; undefined: all of its policy version. */
  readonly purposes: readonly string[] | undefined;
  readonly recipientKinds: readonly string[] | undefined;
  readonly texts: Words;
  readonly rows: readonly string[];
}

/** What is asked when consent is asked for. */
export interface Wording {
  readonly id: string;
  readonly version: number;
  readonly type: 'expressed' | 'explicit';
  readonly purposes: readonly string[];
  readonly categories: readonly string[];
  readonly recipientKinds: readonly string[];
  readonly texts: Words;
  readonly rows: readonly string[];
}

export interface Clause {
  readonly id: string;
  readonly anchor: string;
  readonly text: Words;
  /** The clause of these services only, which goes over the general ones where they say otherwise (row S044). */
  readonly services: readonly string[] | undefined;
  readonly over: readonly string[];
  readonly rows: readonly string[];
}

export interface System extends Named {
  readonly location: Location | undefined;
}

/** What the ledger itself does with personal data: it is a processing like any other, judged by the same rules. */
export interface LedgerProcessing {
  /** Why the log is kept, and under which clerks open values. */
  readonly purpose: string;
  /** The rules for the pseudonymous log and for the lines on who opened what. */
  readonly logRetention: string;
  readonly accessRetention: string;
}

export interface Policy extends Declarations {
  readonly id: string;
  /** Registered id of this version: what events name. */
  readonly version: string;
  readonly publishedOn: string;
  /** A local date in `timeZone`, or an instant in UTC. */
  readonly effectiveFrom: string;
  readonly timeZone: string;
  readonly languages: readonly Language[];
  readonly controllers: readonly Controller[];
  readonly services: readonly Service[];
  readonly categories: readonly Category[];
  readonly clauses: readonly Clause[];
  readonly assessments: readonly Assessment[];
  readonly personnummerGrounds: readonly Named[];
  readonly purposes: readonly Purpose[];
  readonly sources: readonly Source[];
  readonly recipientKinds: readonly RecipientKind[];
  readonly disclosureGrounds: readonly DisclosureGround[];
  readonly transfers: readonly TransferCase[];
  readonly contexts: readonly Named[];
  readonly relationshipKinds: readonly Named[];
  readonly channels: readonly Named[];
  readonly systems: readonly System[];
  readonly retention: readonly RetentionRule[];
  readonly notices: readonly Notice[];
  readonly wordings: readonly Wording[];
  readonly ledger: LedgerProcessing;
}

/** What an id may stand for, with the list that defines it. Ids are unique within a kind, not across kinds. */
export const kinds = {
  controller: 'controllers', service: 'services', category: 'categories', clause: 'clauses', assessment: 'assessments',
  'personnummer-ground': 'personnummerGrounds', purpose: 'purposes', source: 'sources', 'recipient-kind': 'recipientKinds',
  'disclosure-ground': 'disclosureGrounds', 'transfer-case': 'transfers',
  context: 'contexts', 'relationship-kind': 'relationshipKinds', channel: 'channels', system: 'systems', retention: 'retention',
  notice: 'notices', wording: 'wordings', document: 'documents', 'message-class': 'messageClasses', right: 'rights', clock: 'clocks', code: 'codes',
  'change-class': 'changeClasses', change: 'changes',
} as const satisfies Record<string, keyof Policy>;
export type Kind = keyof typeof kinds;

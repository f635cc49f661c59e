/** The form of a policy file, member by member. `deploy/policy/README.md` says in prose what is strict here. */
import {
  anchors, categoryNatures, conferenceRoles, disclosureGroundKinds, forms, identifierForms, languages, lawfulBases, locations, purposeNatures, sourceKinds,
  sparPurposes, specialBases, specialKinds,
} from './policy.js';
import type {
  Assessment, Basis, Category, Clause, Controller, DisclosureGround, Identifier, LedgerProcessing, Named, Notice, Policy, Purpose, PurposeCategory,
  RecipientKind, RetentionRule, Service, Source, System, TransferCase, Wording,
} from './policy.js';
import { declarationShapes } from './declaration-shapes.js';
import { date, dateOrInstant, named, period, rows } from './element-shapes.js';
import { checked, defines, flag, id, list, names, oneOf, optional, orNone, pattern, record, set, text, versionNumber, words } from './shape.js';

const organisationNumber = checked(hasCheckDigit, 'an organisation number with its check digit, as 559062-5538');

const controller = record<Controller>({
  id: defines('controller'),
  name: text,
  organisationNumber,
  address: text,
  country: pattern(/^[A-Z]{2}$/, 'a country code, as SE'),
  website: optional(pattern(/^https:\/\/\S+$/, 'an https address')),
  email: optional(pattern(/^[^\s@]+@[^\s@]+\.[^\s@]+$/, 'an e-mail address')),
  rows,
});

const service = record<Service>({ ...named('service'), controller: names('controller') });

const category = record<Category>({
  ...named('category'),
  parent: optional(names('category')),
  dpv: optional(pattern(/^(dpv|pd):[A-Z][A-Za-z0-9]*$/, 'a DPV term, as pd:EmailAddress')),
  special: optional(oneOf(specialKinds)),
  criminal: flag,
  nature: optional(oneOf(categoryNatures)),
  identifier: optional(oneOf(Object.keys(identifierForms) as [Identifier, ...Identifier[]])),
  form: { ...oneOf(forms), absent: { value: 'text' } },
});

const basis = record<Basis>({
  categories: optional(set(names('category'), 1)),
  basis: oneOf(lawfulBases),
  specialBasis: optional(oneOf(specialBases)),
  decidedBy: id,
  decidedOn: date,
  motive: words,
  assessment: optional(names('assessment')),
});

const purposeCategory = record<PurposeCategory>({ id: names('category'), necessity: oneOf(['required', 'optional']) });

const purpose = record<Purpose>({
  ...named('purpose'),
  parent: optional(names('purpose')),
  dpv: pattern(/^dpv:[A-Z][A-Za-z0-9]*$/, 'a DPV term, as dpv:DirectMarketing'),
  nature: optional(oneOf(purposeNatures)),
  bases: orNone(list(basis)),
  categories: orNone(list(purposeCategory)),
  never: orNone(set(names('category'))),
  recipientKinds: orNone(set(names('recipient-kind'))),
  services: optional(set(names('service'), 1)),
  personnummerGround: optional(names('personnummer-ground')),
  clause: names('clause'),
});

const assessment = record<Assessment>({
  id: defines('assessment'),
  kind: oneOf(['legitimate-interest', 'impact', 'compatibility']),
  decidedBy: id,
  decidedOn: date,
  summary: words,
});

const source = record<Source>({
  ...named('source'),
  kind: oneOf(sourceKinds),
  from: date,
  to: optional(date),
  publiclyAccessible: flag,
  sparPurposes: orNone(set(oneOf(sparPurposes))),
});

const recipientKind = record<RecipientKind>({
  ...named('recipient-kind'),
  role: oneOf(['processor', 'controller', 'joint-controller', 'authority']),
  categories: optional(set(names('category'), 1)),
  conferenceRole: optional(oneOf(conferenceRoles)),
  auditEvery: optional(period),
});

const disclosureGround = record<DisclosureGround>({
  ...named('disclosure-ground'),
  kind: oneOf(disclosureGroundKinds),
  recipientKinds: set(names('recipient-kind'), 1),
  clause: names('clause'),
});

const transferCase = record<TransferCase>({
  ...named('transfer-case'),
  recipientKinds: set(names('recipient-kind'), 1),
  remoteAccess: flag,
  clause: names('clause'),
});

const retentionRule = record<RetentionRule>({
  id: defines('retention'),
  purposes: set(names('purpose'), 1),
  categories: optional(set(names('category'), 1)),
  relationships: optional(set(names('relationship-kind'), 1)),
  anchor: oneOf(anchors),
  period: optional(period),
  noPeriod: optional(words),
  kind: oneOf(['upper', 'lower']),
  longerThan: orNone(set(names('retention'))),
  form: optional(oneOf(['identified', 'pseudonymised'])),
  action: oneOf(['erase', 'anonymise', 'pseudonymise']),
  origin: oneOf(['stated', 'proposed']),
  clause: names('clause'),
  rows,
});

const notice = record<Notice>({
  id: defines('notice'),
  version: versionNumber,
  kind: oneOf(['direct', 'indirect']),
  purposes: optional(set(names('purpose'), 1)),
  recipientKinds: optional(set(names('recipient-kind'))),
  texts: words,
  rows,
});

const wording = record<Wording>({
  id: defines('wording'),
  version: versionNumber,
  type: oneOf(['expressed', 'explicit']),
  purposes: set(names('purpose'), 1),
  categories: set(names('category'), 1),
  recipientKinds: orNone(set(names('recipient-kind'))),
  texts: words,
  rows,
});

const clause = record<Clause>({
  id: defines('clause'),
  anchor: pattern(/^[a-z][a-z0-9-]*$/, 'an anchor (a to z, 0 to 9 and -)'),
  text: words,
  services: optional(set(names('service'), 1)),
  over: orNone(set(names('clause'))),
  rows,
});

const system = record<System>({ ...named('system'), location: optional(oneOf(locations)) });

const ledger = record<LedgerProcessing>({ purpose: names('purpose'), logRetention: names('retention'), accessRetention: names('retention') });

export const policyShape = record<Policy>({
  id,
  version: id,
  publishedOn: date,
  effectiveFrom: dateOrInstant,
  timeZone: text,
  languages: set(oneOf(languages), 1),
  controllers: list(controller, 1),
  services: list(service, 1),
  categories: list(category, 1),
  clauses: list(clause, 1),
  assessments: orNone(list(assessment)),
  personnummerGrounds: orNone(list(record<Named>(named('personnummer-ground')))),
  purposes: list(purpose, 1),
  sources: orNone(list(source)),
  recipientKinds: orNone(list(recipientKind)),
  disclosureGrounds: orNone(list(disclosureGround)),
  transfers: orNone(list(transferCase)),
  contexts: orNone(list(record<Named>(named('context')))),
  relationshipKinds: orNone(list(record<Named>(named('relationship-kind')))),
  channels: orNone(list(record<Named>(named('channel')))),
  systems: orNone(list(system)),
  retention: list(retentionRule, 1),
  notices: orNone(list(notice)),
  wordings: orNone(list(wording)),
  ledger,
  ...declarationShapes,
});

/** Ten digits whose last is the Luhn digit of the others (Skatteverket, SKV 709). */
function hasCheckDigit(value: string): boolean {
  if (!/^\d{6}-\d{4}$/.test(value)) return false;
  const sum = [...value.replace('-', '')].reduce((total, digit, i) => {
    const weighted = Number(digit) * (i % 2 === 0 ? 2 : 1);
    return total + (weighted > 9 ? weighted - 9 : weighted);
  }, 0);
  return sum % 10 === 0;
}

/** The form of a policy file, member by member. `deploy/policy/README.md` says in prose what is strict here. */
import {
  anchors, forms, identifierForms, languages, lawfulBases, sourceKinds, sparPurposes, specialBases, specialKinds,
} from './policy.js';
import type {
  Assessment, Basis, Category, Clause, Controller, Identifier, Kind, LedgerProcessing, Named, Notice, Policy, Purpose, PurposeCategory,
  RecipientKind, RetentionRule, Service, Source, Wording,
} from './policy.js';
import { checked, defines, flag, id, list, names, oneOf, optional, orNone, pattern, record, set, text, versionNumber, words } from './shape.js';
import type { Shape } from './shape.js';

const date = checked(isCalendarDate, 'a date that exists, as 2018-05-25');

const dateOrInstant = checked(
  (value) => isCalendarDate(value) || isInstant(value),
  'a date that exists, as 2018-05-25, or an instant in UTC, as 2018-05-24T22:00:00Z',
);

/** Years, months, weeks, days: no hours, for nothing here is that short. */
const period = pattern(/^P(?=\d)(\d{1,3}Y)?(\d{1,4}M)?(\d{1,4}W)?(\d{1,5}D)?$/, 'a period of years, months, weeks or days, as P24M');

const organisationNumber = checked(hasCheckDigit, 'an organisation number with its check digit, as 559062-5538');

/** A row of what the published text promises or the law requires: S003, G14.2, SE8, L-05. */
const rows = orNone(set(pattern(/^(S\d{3}|G\d{2}(\.\d)?|SE\d{1,2}|T\d{1,2}|L-\d{2})$/, 'a row, as S003')));

const named = (kind: Kind): { readonly id: Shape<string>; readonly label: Shape<Named['label']>; readonly rows: Shape<readonly string[]> } => ({
  id: defines(kind), label: words, rows,
});

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
  form: optional(oneOf(['identified', 'pseudonymised'])),
  action: oneOf(['erase', 'anonymise', 'pseudonymise']),
  origin: oneOf(['stated', 'proposed']),
  clause: names('clause'),
  rows,
});

const notice = record<Notice>({ id: defines('notice'), version: versionNumber, kind: oneOf(['direct', 'indirect']), texts: words, rows });

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

const clause = record<Clause>({ id: defines('clause'), anchor: pattern(/^[a-z][a-z0-9-]*$/, 'an anchor (a to z, 0 to 9 and -)'), text: words, rows });

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
  contexts: orNone(list(record<Named>(named('context')))),
  relationshipKinds: orNone(list(record<Named>(named('relationship-kind')))),
  channels: orNone(list(record<Named>(named('channel')))),
  systems: orNone(list(record<Named>(named('system')))),
  retention: list(retentionRule, 1),
  notices: orNone(list(notice)),
  wordings: orNone(list(wording)),
  ledger,
});

export function isInstant(value: string): boolean {
  return /^\d{4}-\d{2}-\d{2}T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,3})?Z$/.test(value) && isCalendarDate(value.slice(0, 10));
}

/** Proleptic Gregorian. No Date object: this room reads no clock. */
function isCalendarDate(value: string): boolean {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(value);
  if (parts === null) return false;
  const [year, month, day] = parts.slice(1).map(Number) as [number, number, number];
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1];
  return days !== undefined && day >= 1 && day <= days;
}

/** Ten digits whose last is the Luhn digit of the others (Skatteverket, SKV 709). */
function hasCheckDigit(value: string): boolean {
  if (!/^\d{6}-\d{4}$/.test(value)) return false;
  const sum = [...value.replace('-', '')].reduce((total, digit, i) => {
    const weighted = Number(digit) * (i % 2 === 0 ? 2 : 1);
    return total + (weighted > 9 ? weighted - 9 : weighted);
  }, 0);
  return sum % 10 === 0;
}

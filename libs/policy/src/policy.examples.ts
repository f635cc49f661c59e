/** Invented policies for tests: two companies, and a second version in which one recipient of the letters has changed. */
import type { PolicyModel } from './model.js';
import { describeProblem, readPolicy } from './read-policy.js';

export interface ExampleChoices {
  readonly version: string;
  readonly publishedOn: string;
  readonly effectiveFrom: string;
  readonly letterRecipients: string;
}

export const firstVersion: ExampleChoices = {
  version: 'example-1', publishedOn: '2020-01-01', effectiveFrom: '2020-01-31T23:00:00Z', letterRecipients: '[printer]',
};

export const secondVersion: ExampleChoices = {
  version: 'example-2', publishedOn: '2022-01-01', effectiveFrom: '2022-01-31T23:00:00Z', letterRecipients: '[printer, mailer]',
};

export function exampleYaml(choices: ExampleChoices = firstVersion): string {
  return `id: example
version: ${choices.version}
publishedOn: ${choices.publishedOn}
effectiveFrom: ${choices.effectiveFrom}
timeZone: Europe/Stockholm
languages: [sv, en]
controllers:
  - { id: north, name: Norra Exempel AB, organisationNumber: 999900-0004, address: Exempelgatan 1, country: SE }
  - { id: south, name: Södra Exempel AB, organisationNumber: 999900-0012, address: Exempelgatan 2, country: SE }
services:
  - { id: letters, controller: north, label: { sv: brev, en: letters } }
  - { id: dinners, controller: north, label: { sv: middagar, en: dinners } }
  - { id: shop, controller: south, label: { sv: butik, en: shop } }
categories:
  - { id: contact, label: { sv: kontakt, en: contact } }
  - { id: name, parent: contact, identifier: name, label: { sv: namn, en: name } }
  - { id: email, parent: contact, identifier: email, form: email, label: { sv: e-post, en: e-mail } }
  - { id: personnummer, identifier: personnummer, form: personnummer, label: { sv: personnummer, en: personal number } }
  - { id: food, special: health, label: { sv: mat, en: food } }
  - { id: allergy, parent: food, label: { sv: allergi, en: allergy } }
  - { id: conviction, criminal: true, label: { sv: dom, en: conviction } }
  - { id: log, label: { sv: logg, en: log } }
clauses:
  - { id: all, anchor: all, text: { sv: Allt., en: All. }, rows: [S003] }
personnummerGrounds:
  - { id: secure, label: { sv: säker identifiering, en: secure identification } }
assessments:
  - { id: lia, kind: legitimate-interest, decidedBy: lead, decidedOn: 2019-12-01, summary: { sv: Vägt., en: Weighed. } }
recipientKinds:
  - { id: printer, role: processor, categories: [contact], label: { sv: tryckeri, en: printer } }
  - { id: mailer, role: processor, label: { sv: utskick, en: mailer } }
purposes:
  - id: company
    label: { sv: företaget, en: the company }
    dpv: dpv:CommercialPurpose
    clause: all
  - id: letter
    parent: company
    label: { sv: brev, en: letter }
    dpv: dpv:DirectMarketing
    bases:
      - { basis: eu-gdpr:A6-1-a, decidedBy: lead, decidedOn: 2019-12-01, motive: { sv: Ett val., en: A choice. } }
    categories:
      - { id: contact, necessity: required }
    recipientKinds: ${choices.letterRecipients}
    services: [letters, shop]
    clause: all
  - id: dinner
    parent: company
    label: { sv: middag, en: dinner }
    dpv: dpv:RequestedServiceProvision
    bases:
      - { basis: eu-gdpr:A6-1-b, decidedBy: lead, decidedOn: 2019-12-01, motive: { sv: Avtal., en: Agreement. } }
      - categories: [food]
        basis: eu-gdpr:A6-1-a
        specialBasis: eu-gdpr:A9-2-a
        decidedBy: lead
        decidedOn: 2019-12-01
        motive: { sv: Hälsa., en: Health. }
    categories:
      - { id: contact, necessity: required }
      - { id: email, necessity: optional }
      - { id: food, necessity: optional }
      - { id: personnummer, necessity: optional }
    never: [conviction]
    personnummerGround: secure
    services: [dinners]
    clause: all
  - id: account
    label: { sv: redovisning, en: account }
    dpv: dpv:RecordManagement
    bases:
      - { basis: eu-gdpr:A6-1-f, assessment: lia, decidedBy: lead, decidedOn: 2019-12-01, motive: { sv: Plikt., en: Duty. } }
    categories:
      - { id: log, necessity: required }
    clause: all
sources:
  - { id: register, kind: public-register, from: 2019-01-01, to: 2021-01-01, sparPurposes: [kontroll], label: { sv: register, en: register } }
contexts:
  - { id: form, label: { sv: blankett, en: form } }
relationshipKinds:
  - { id: guest, label: { sv: gäst, en: guest } }
channels:
  - { id: email, label: { sv: e-post, en: e-mail } }
systems:
  - { id: desk, label: { sv: disken, en: the desk } }
retention:
  - { id: r-year, purposes: [letter, dinner], relationships: [guest], anchor: service-ended, period: P1Y, kind: upper, action: erase, origin: stated, clause: all }
  - { id: r-food, purposes: [dinner], categories: [food], anchor: event-ended, period: P30D, kind: upper, action: erase, origin: stated, clause: all }
  - { id: r-log, purposes: [account], anchor: recorded, period: P10Y, kind: upper, action: erase, origin: stated, clause: all }
notices:
  - { id: notice, version: 1, kind: direct, texts: { sv: Så gör vi., en: What we do. } }
  - { id: notice, version: 2, kind: direct, texts: { sv: Så gör vi nu., en: What we do now. } }
wordings:
  - id: letter-consent
    version: 1
    type: expressed
    purposes: [letter]
    categories: [email]
    recipientKinds: [printer]
    texts: { sv: Ja till brev., en: Yes to letters. }
  - id: food-consent
    version: 1
    type: explicit
    purposes: [dinner]
    categories: [allergy]
    texts: { sv: Ja till rätt mat., en: Yes to the right food. }
ledger: { purpose: account, logRetention: r-log, accessRetention: r-log }
`;
}

/** The first version with all that may be left out; `exampleYaml` stays as files were before it. */
export function wholeYaml(): string {
  return exampleYaml()
    .replace('{ id: contact, label', '{ id: contact, dpv: pd:Contact, nature: identity, label')
    .replace('  - { id: conviction', `  - { id: street, parent: contact, form: postal-address, label: { sv: gata, en: street } }
  - { id: visits, nature: behavioural, label: { sv: besök, en: visits } }
  - { id: clicks, parent: visits, label: { sv: klick, en: clicks } }
  - { id: device, parent: visits, nature: identity, label: { sv: enhet, en: device } }
  - { id: conviction`)
    .replace("role: processor, label", 'role: processor, auditEvery: P1Y, label')
    .replace('purposes:\n  - id: company', `  - { id: host, role: controller, conferenceRole: sponsor, categories: [name, email], label: { sv: värd, en: host } }
  - { id: guests, role: controller, conferenceRole: participant, categories: [contact], label: { sv: gäster, en: guests } }
  - { id: cook, role: processor, conferenceRole: caterer, categories: [food], label: { sv: kock, en: cook } }
  - { id: court, role: authority, label: { sv: domstol, en: court } }
disclosureGrounds:
  - { id: order, kind: legal-duty, recipientKinds: [court], clause: all, label: { sv: föreläggande, en: court order } }
transfers:
  - { id: mailing, recipientKinds: [mailer], clause: all, label: { sv: utskick, en: mailing } }
  - { id: reaching-in, recipientKinds: [mailer, printer], remoteAccess: true, clause: all, label: { sv: fjärråtkomst, en: remote access } }
purposes:
  - id: company`)
    .replace('  - id: account\n', `  - id: adverts
    label: { sv: reklam, en: advertising }
    dpv: dpv:Advertising
    nature: marketing
    bases:
      - { basis: eu-gdpr:A6-1-a, decidedBy: lead, decidedOn: 2019-12-01, motive: { sv: Ett val till., en: Another choice. } }
    categories:
      - { id: clicks, necessity: optional }
    clause: all
  - id: tailored
    parent: adverts
    label: { sv: riktad reklam, en: tailored advertising }
    dpv: dpv:PersonalisedAdvertising
    nature: interest-advertising
    bases:
      - { basis: eu-gdpr:A6-1-a, decidedBy: lead, decidedOn: 2019-12-01, motive: { sv: Ett tredje val., en: A third choice. } }
    categories:
      - { id: visits, necessity: optional }
    never: [contact]
    clause: all
  - id: counting
    label: { sv: räkning, en: counting }
    dpv: dpv:ServiceUsageAnalytics
    nature: analytics
    bases:
      - { basis: eu-gdpr:A6-1-f, assessment: lia, decidedBy: lead, decidedOn: 2019-12-01, motive: { sv: Räkna., en: Count. } }
    categories:
      - { id: visits, necessity: optional }
    never: [device]
    clause: all
  - id: account
`)
    .replace('purposes: [letter, dinner]', 'purposes: [letter, dinner, adverts, tailored, counting]')
    .replace('version: 2, kind: direct', 'version: 2, kind: direct, purposes: [letter], recipientKinds: [printer]')
    .replace('  - { id: all, anchor: all,', `  - { id: meals, anchor: meals, services: [dinners], over: [all], text: { sv: Om mat., en: On food. } }
  - { id: all, anchor: all,`)
    .replace('anchor: service-ended, period: P1Y, kind: upper', 'anchor: service-ended, period: P1Y, kind: upper, longerThan: [r-food]')
    .replace('en: the desk }', 'en: the desk }, location: eea')
    .concat(declared);
}

const declared = `documents:
  - { id: house-rules, kind: terms, services: [dinners], servedAt: [form], clause: meals, label: { sv: ordningsregler, en: house rules } }
  - { id: authority-page, kind: external, url: https://example.org/, clause: all, label: { sv: myndigheten, en: the authority } }
messageClasses:
  - { id: menu, purpose: dinner, channels: [email], clause: all, label: { sv: matsedel, en: menu } }
  - { id: offer, purpose: adverts, channels: [email], optOut: true, clause: all, label: { sv: erbjudande, en: offer } }
  - { id: tailored-offer, purpose: tailored, channels: [email], optOut: true, clause: all, label: { sv: riktat erbjudande, en: tailored offer } }
rights:
  - { id: portability, article: eu-gdpr:A20, bases: ['eu-gdpr:A6-1-a'], provenance: [provided], clause: all, label: { sv: flytta, en: portability } }
clocks:
  - { id: answer, period: P30D, clause: all, label: { sv: svar, en: answer } }
codes:
  - { id: locks, kind: measure, clause: all, label: { sv: lås, en: locks } }
  - { id: taste, kind: change-reason, clause: all, label: { sv: smak, en: taste } }
changeClasses:
  - { id: larger, toldBy: menu, clause: all, label: { sv: större, en: larger } }
changes:
  - id: example-1
    changeClass: larger
    reasons: [taste]
    publishedOn: 2020-01-01
    effectiveFrom: 2020-01-31T23:00:00Z
    summary: { sv: Den första., en: The first. }
`;

/** A sound example as a model. The zone is never asked, for the examples take effect at instants. */
export function exampleModel(choices: ExampleChoices, sha256Hex: (text: string) => string): PolicyModel {
  return modelOf(exampleYaml(choices), sha256Hex);
}

export function wholeModel(sha256Hex: (text: string) => string): PolicyModel {
  return modelOf(wholeYaml(), sha256Hex);
}

function modelOf(yaml: string, sha256Hex: (text: string) => string): PolicyModel {
  const reading = readPolicy(yaml, { sha256Hex, instantOf: () => { throw new RangeError('no zones here'); } });
  if ('problems' in reading) throw new Error(reading.problems.map(describeProblem).join('\n'));
  return reading.policy;
}

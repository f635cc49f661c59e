/** The registers as the demo's systems tell them: who receives data, in what role and on what terms, from whom data comes, what is done. */
import { tellConferences } from './conferences.js';
import { dateOf, type RegisterTeller, type Step, type World } from './step.js';

/** GDPR applies from then on; what was there before is registered as of that day. */
const BEGINNING = '2018-05-25';
/** The judgment in C-311/18 (Schrems II) came on 2020-07-16; only then did the newsletter's supplier sign standard clauses. */
const CLAUSES_SIGNED = '2020-09-01';
export const MAINTENANCE_RENEWED = '2021-09-01';

interface Supplier {
  readonly recipient: string;
  readonly kind: string;
  readonly name: string;
  readonly country: string;
  readonly purposes: readonly string[];
}

const SUPPLIERS: readonly Supplier[] = [
  { recipient: 'skickat', kind: 'newsletter-sending', name: 'Skickat Exempel Inc.', country: 'US', purposes: ['newsletter', 'service-communication', 'suppression'] },
  { recipient: 'kodkvarnen', kind: 'development-maintenance', name: 'Kodkvarnen Exempel Pvt Ltd', country: 'IN', purposes: ['service-provision', 'subscription-delivery', 'customer-relationship', 'personalisation'] },
  { recipient: 'betalkraft', kind: 'payment-services', name: 'Betalkraft Exempel AB', country: 'SE', purposes: ['purchase', 'event-participation'] },
  { recipient: 'kundrosten', kind: 'customer-service-support', name: 'Kundrösten Exempel Oy', country: 'FI', purposes: ['customer-support', 'purchase', 'subscription-delivery', 'service-communication'] },
  { recipient: 'klickmatt', kind: 'traffic-measurement', name: 'Klickmått Exempel GmbH', country: 'DE', purposes: ['product-improvement', 'advertising', 'interest-based-advertising'] },
  { recipient: 'reklamladan', kind: 'marketing-services', name: 'Reklamlådan Exempel AB', country: 'SE', purposes: ['direct-marketing', 'prospecting'] },
];

/** Of the kinds that a conference has; what they are at each is told by `conferences.ts`. */
const AT_CONFERENCES = [
  { recipient: 'segelmedia', kind: 'event-sponsor', name: 'Segelmedia Exempel AB', country: 'SE' },
  { recipient: 'polardata', kind: 'event-sponsor', name: 'Polardata Exempel AB', country: 'SE' },
  { recipient: 'malmbanken', kind: 'event-sponsor', name: 'Malmbanken Exempel AB', country: 'SE' },
  { recipient: 'branschforum', kind: 'event-partner', name: 'Branschforum Exempel ekonomisk förening', country: 'SE' },
  { recipient: 'smakfabriken', kind: 'event-caterer', name: 'Smakfabriken Exempel AB', country: 'SE' },
  { recipient: 'kongresshallen', kind: 'event-venue', name: 'Kongresshallen Exempel AB', country: 'SE' },
  { recipient: 'deltagarna', kind: 'event-participant', name: 'De andra deltagarna', country: 'SE' },
] as const;

/** Told by the customer register unless it says otherwise; each thing on the day it happened, older ones as the file begins. */
export function tellRegisters(world: World): readonly Step[] {
  const steps: Step[] = [];
  const teller: RegisterTeller = {
    world,
    tell: (system, day, command, data) => {
      const at = Math.max(world.from, Date.parse(`${day}T08:00:00Z`));
      if (at < world.until) steps.push({ system, at, command, data });
    },
  };
  for (const tell of [suppliers, newsletterSupplier, maintenance, endsAndAudits, authorities, sources, activities, sale, tellConferences]) tell(teller);
  return steps;
}

function suppliers({ tell }: RegisterTeller): void {
  for (const { recipient, kind, name, country, purposes } of SUPPLIERS) {
    tell('crm', BEGINNING, 'RegisterRecipient', { recipient, kind, name, country, from: BEGINNING });
    tell('crm', BEGINNING, 'AssignRecipientRole', { recipient, assignment: 'task', role: 'processor', purposes, from: BEGINNING });
    tell('crm', BEGINNING, 'SignRecipientAgreement', { recipient, agreement: 'contract-2018', kind: 'processor-contract', reference: `PUB-2018-${recipient}`, from: BEGINNING });
  }
  for (const one of AT_CONFERENCES) tell('crm', BEGINNING, 'RegisterRecipient', { ...one, from: BEGINNING });
  for (const recipient of ['smakfabriken', 'kongresshallen']) tell('crm', BEGINNING, 'SignRecipientAgreement', { recipient, agreement: 'contract-2018', kind: 'processor-contract', from: BEGINNING });
}

/** In the United States: on the list of the Privacy Shield, until that was struck down; then on one set of clauses, then on the next. */
function newsletterSupplier({ tell }: RegisterTeller): void {
  const recipient = 'skickat';
  const clauses = { recipient, mechanism: 'standard-clauses', exporterRole: 'controller', importerRole: 'processor', country: 'US' };
  tell('crm', BEGINNING, 'CertifyRecipient', { recipient, decision: 'us-2016-1250-privacy-shield', from: BEGINNING });
  tell('crm', CLAUSES_SIGNED, 'SignTransferArrangement', { ...clauses, arrangement: 'clauses-2020', decision: 'scc-2010-87', signedOn: CLAUSES_SIGNED });
  tell('crm', '2020-09-30', 'EndRecipientCertification', { recipient, decision: 'us-2016-1250-privacy-shield', to: '2020-09-30' });
  tell('crm', '2021-07-01', 'SignTransferArrangement', { ...clauses, arrangement: 'clauses-2021', decision: 'scc-2021-914', module: 2, annexes: ['i-a', 'i-b', 'i-c', 'ii'], signedOn: '2021-07-01' });
  tell('crm', '2021-07-01', 'AssessTransferImpact', { recipient, arrangement: 'clauses-2021', outcome: 'sufficient-with-measures', measures: 'adresserna krypteras innan de skickas; nyckeln finns hos oss', from: '2021-07-01' });
  tell('crm', '2021-07-31', 'EndTransferArrangement', { recipient, arrangement: 'clauses-2020', to: '2021-07-31' });
}

/** In India: nothing is sent there, but the systems are looked after from there, which is a transfer all the same. */
function maintenance({ tell }: RegisterTeller): void {
  const recipient = 'kodkvarnen';
  const clauses = { recipient, mechanism: 'standard-clauses', exporterRole: 'controller', importerRole: 'processor', country: 'IN', remoteAccess: true };
  tell('crm', BEGINNING, 'SignTransferArrangement', { ...clauses, arrangement: 'clauses-2018', decision: 'scc-2010-87', signedOn: BEGINNING });
  tell('crm', '2020-11-02', 'SuspendTransferArrangement', { recipient, arrangement: 'clauses-2018', from: '2020-11-02' });
  tell('crm', '2020-12-15', 'ResumeTransferArrangement', { recipient, arrangement: 'clauses-2018', from: '2020-12-15' });
  // Of its annexes the authority's was forgotten.
  tell('crm', MAINTENANCE_RENEWED, 'SignTransferArrangement', { ...clauses, arrangement: 'clauses-2021', decision: 'scc-2021-914', module: 2, annexes: ['i-a', 'i-b', 'ii'], signedOn: MAINTENANCE_RENEWED });
  tell('crm', MAINTENANCE_RENEWED, 'AssessTransferImpact', { recipient, arrangement: 'clauses-2021', outcome: 'sufficient', from: MAINTENANCE_RENEWED, to: '2022-08-31' });
  tell('crm', '2021-09-26', 'EndTransferArrangement', { recipient, arrangement: 'clauses-2018', to: '2021-09-26' });
}

/** A contract that ran out and was signed again two months later, a sub-supplier that we said no to, a move, and audits: one failed, some never made. */
function endsAndAudits({ world, tell }: RegisterTeller): void {
  const payment = { recipient: 'betalkraft' };
  tell('crm', '2020-05-31', 'EndRecipientAgreement', { ...payment, agreement: 'contract-2018', to: '2020-05-31' });
  tell('crm', '2020-08-01', 'SignRecipientAgreement', { ...payment, agreement: 'contract-2020', kind: 'processor-contract', reference: 'PUB-2020-31', from: '2020-08-01' });
  const support = { recipient: 'kundrosten', subProcessor: 'nattsvar' };
  tell('crm', '2020-02-03', 'AddSubProcessor', { ...support, name: 'Nattsvar Exempel AS', country: 'NO', from: '2020-03-01' });
  tell('crm', '2021-02-10', 'AuditRecipient', { ...support, outcome: 'failed', on: '2021-02-08', nextOn: '2021-05-08', note: 'samtalen sparades utan gallring' });
  tell('crm', '2021-02-12', 'ObjectToSubProcessor', { ...support, from: '2021-02-12' });
  tell('crm', '2021-04-01', 'RemoveSubProcessor', { ...support, to: '2021-03-31' });
  tell('crm', '2021-03-01', 'MoveRecipient', { recipient: 'klickmatt', country: 'NL', from: '2021-03-01' });
  tell('crm', '2021-12-31', 'EndRecipientRole', { recipient: 'reklamladan', assignment: 'task', to: '2021-12-31' });
  for (const { recipient } of SUPPLIERS)
    for (let year = 2019; year <= Number(dateOf(world.until).slice(0, 4)); year++) {
      const on = `${year}-01-20`;
      if (recipient !== 'klickmatt' || year < 2020) tell('crm', on, 'AuditRecipient', { recipient, outcome: recipient === 'skickat' && year === 2020 ? 'remarks' : 'passed', on });
    }
}

function authorities({ tell }: RegisterTeller): void {
  tell('crm', BEGINNING, 'RegisterRecipient', { recipient: 'polismyndigheten', kind: 'public-authority', name: 'Polismyndigheten', country: 'SE', from: BEGINNING });
  tell('crm', BEGINNING, 'AssignRecipientRole', { recipient: 'polismyndigheten', assignment: 'requests', role: 'authority', purposes: ['security', 'dispute-handling'], from: BEGINNING });
}

function sources({ tell }: RegisterTeller): void {
  tell('crm', BEGINNING, 'RegisterSource', { source: 'spar', kind: 'public-register', name: 'Statens personadressregister', purposes: ['kontroll', 'urval'], from: '2015-01-01' });
  tell('crm', BEGINNING, 'SignSourceAgreement', { source: 'spar', agreement: 'permit', purposes: ['kontroll'], permit: 'SPAR 2018-114', from: BEGINNING });
  tell('crm', BEGINNING, 'RegisterSource', { source: 'bisnode', kind: 'broker', name: 'Bisnode', from: '2015-01-01' });
  tell('crm', BEGINNING, 'SignSourceAgreement', { source: 'bisnode', agreement: 'lists-2018', purposes: ['prospecting'], permit: 'B-88412', from: BEGINNING, to: '2020-12-31' });
  tell('crm', BEGINNING, 'RegisterSource', { source: 'branschlistan', kind: 'broker', name: 'Branschlistan Exempel AB', from: BEGINNING });
  tell('crm', '2019-11-30', 'EndSource', { source: 'branschlistan', to: '2019-11-30' });
  tell('crm', '2020-10-01', 'ResumeSource', { source: 'branschlistan', from: '2020-10-01' });
  tell('crm', '2020-10-01', 'SignSourceAgreement', { source: 'branschlistan', agreement: 'list-2020', purposes: ['prospecting'], from: '2020-10-01' });
  tell('crm', '2021-06-30', 'EndSourceAgreement', { source: 'branschlistan', agreement: 'list-2020', to: '2021-06-30' });
}

function activities({ tell }: RegisterTeller): void {
  const letters = { activity: 'newsletter', role: 'controller', purposes: ['newsletter'], categories: ['email', 'name', 'language'], relationshipKinds: ['subscriber'], recipientKinds: ['newsletter-sending'], recipients: ['skickat'], countries: ['US'] };
  tell('crm', BEGINNING, 'RegisterActivity', { ...letters, name: 'Utskick av nyhetsbrev', measures: ['access-control'], from: BEGINNING });
  tell('crm', CLAUSES_SIGNED, 'ChangeActivity', { ...letters, measures: ['access-control', 'encryption-in-transit'], from: CLAUSES_SIGNED });
  tell('crm', BEGINNING, 'RegisterActivity', { activity: 'fax-offers', role: 'controller', name: 'Erbjudanden per fax', purposes: ['direct-marketing'], categories: ['company', 'phone'], relationshipKinds: ['customer'], from: BEGINNING });
  tell('crm', '2019-06-30', 'RetireActivity', { activity: 'fax-offers', to: '2019-06-30' });
}

/** The shop gets a new owner in the last autumn; people were told of it in good time. */
function sale({ tell }: RegisterTeller): void {
  const recipient = 'nya-butiken';
  const planned = { purposes: ['business-transfer'], from: '2021-11-01', to: '2021-12-31' };
  tell('crm', '2021-09-01', 'RegisterRecipient', { recipient, kind: 'business-transfer-party', name: 'Nya Butiken Exempel AB', country: 'SE', from: '2021-09-01' });
  tell('crm', '2021-09-01', 'AssignRecipientRole', { recipient, assignment: 'buyer', role: 'acquirer', ...planned });
  tell('crm', '2021-09-01', 'PlanBusinessTransfer', { recipient, plan: 'shop-2021', ...planned, categories: ['contact', 'customer-number', 'order'], notice: { id: 'business-transfer-notice', version: 1 }, noticePublishedOn: '2021-09-15' });
}

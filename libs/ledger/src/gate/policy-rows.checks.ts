/**
 * What the ledger does for each row of the first policy that it enforces: asked and told under the whole file, and under the file without
 * that row. Where the answers are the same the law is what holds the rule, whatever the file says; the row's words are then seen missing by
 * `libs/policy/src/policy-rows.spec.ts` only, and that is said here.
 */
import type { Command, SubjectCommand } from '../command.js';
import { WithdrawConsent } from '../subject/consent/withdraw-consent.command.js';
import { AuthoriseDisclosure } from '../subject/disclosure/disclosure.commands.js';
import { CollectPersonalData, ObservePersonalData } from '../subject/holding/collect-personal-data.command.js';
import { SourcePersonalData } from '../subject/holding/source-personal-data.command.js';
import { StartRelationship } from '../subject/identity/relationship.commands.js';
import { ServeNotice } from '../subject/notice/serve-notice.command.js';
import { ObjectToProcessing } from '../subject/objection/object-to-processing.command.js';
import { AuthoriseTransfer } from '../subject/transfer/transfer.commands.js';
import { AuthoriseUse } from '../subject/use/use.commands.js';
import { type AnnasLedger, CONFERENCE } from '../testing/asurgent.fixture.js';
import type { Fields } from '../testing/decider.fixture.js';

/** Something asked or told; gives what the ledger answered. */
type Step = (anna: AnnasLedger) => Promise<string>;

export interface RowCheck {
  readonly steps: readonly Step[];
  readonly whole: readonly string[];
  readonly without: readonly string[];
  /** The only policy there is: a later version without the row would leave what the earlier one published. */
  readonly alone?: true;
}

function row(steps: readonly Step[], whole: readonly string[], without: readonly string[], rest: Pick<RowCheck, 'alone'> = {}): RowCheck {
  return { steps, whole, without, ...rest };
}

/** The law holds it: with and without the row the answers are these. */
function hard(steps: readonly Step[], always: readonly string[]): RowCheck {
  return row(steps, always, always);
}

/** May we use what is held of these? */
function use(purpose: string, categories: readonly string[], rest: Partial<Fields<AuthoriseUse>> = {}): Step {
  return (anna) => anna.answer(AuthoriseUse, { purpose, ...anna.held(...categories), ...rest });
}

function transfer(recipient: string, purpose: string, categories: readonly string[], rest: Partial<Fields<AuthoriseTransfer>> = {}): Step {
  return (anna) => anna.answer(AuthoriseTransfer, { recipient, purpose, ...anna.held(...categories), ...rest });
}

/** May what is held of these go to that recipient? */
function give(recipient: string, purpose: string, categories: readonly string[], rest: Partial<Fields<AuthoriseDisclosure>> = {}): Step {
  return (anna) => anna.answer(AuthoriseDisclosure, { recipient, purpose, ...anna.held(...categories), ...rest });
}

function tell<C extends SubjectCommand>(type: new () => C, fields: Fields<C>): Step {
  return (anna) => anna.answer(type, fields);
}

/** Told while the whole file was in force; says nothing. */
function before<C extends Command>(type: new () => C, fields: Fields<C>): Step {
  return async (anna) => {
    await anna.before(type, fields);
    return 'before';
  };
}

const notice = { id: 'privacy-notice', version: 1 } as const;
const values = (...categories: readonly string[]) => categories.map((category) => ({ category, value: `marker-${category}` }));
const sourced = (source: string, purpose: string, categories: readonly string[], rest: Partial<Fields<SourcePersonalData>> = {}): Fields<SourcePersonalData> => ({
  source, service: 'subscription', relationshipKind: 'prospect', purposes: [purpose], values: values(...categories), ...rest,
});
const toldOfSources = { service: 'subscription', notice: { id: 'indirect-notice', version: 1 } } as const;
const NO_PURPOSE = 'blocked: purpose-of-the-day';
const NO_SUCH_KIND = 'blocked: recipient-for-purpose, recipient-may-receive';
const DIET = 'diet-to-kitchen-only, recipient-for-purpose, recipient-may-receive, sponsor-contact-only';
const NEITHER = 'blocked: purpose-of-the-day, recipient-may-receive';

const purposes: Readonly<Record<string, RowCheck>> = {
  S001: row([use('advertising', ['page-view'], { service: 'website' })], ['allowed'], ['refused: UnknownService'], { alone: true }),
  S002: row([use('personalisation', ['language'])], ['allowed'], [NO_PURPOSE]),
  S003: row([use('service-provision', ['name@shop', 'customer-number'])], ['allowed'], [NO_PURPOSE]),
  S004: row([use('personalisation', ['preference'])], ['allowed'], [NO_PURPOSE]),
  S005: row([use('security', ['ip-address'])], ['allowed'], [NO_PURPOSE]),
  // A no to the one is no no to the other.
  S006: row(
    [tell(ObjectToProcessing, { kind: 'direct-marketing' }), use('service-communication', ['email']), use('direct-marketing', ['email'])],
    ['nothing said', 'allowed', 'blocked: no-objection'],
    ['nothing said', NO_PURPOSE, 'blocked: purpose-of-the-day'],
  ),
  S007: row([use('advertising', ['page-view'])], ['allowed'], [NO_PURPOSE]),
  S008: row(
    [
      use('personalisation', ['location', 'interest', 'purchase-history'], { kind: 'combination' }),
      use('interest-based-advertising', ['interest'], { kind: 'combination' }),
      use('direct-marketing', ['click', 'purchase-history'], { kind: 'combination' }),
    ],
    ['allowed', 'allowed', 'blocked: category-allowed, combining-consent'],
    [NO_PURPOSE, 'blocked: category-allowed', 'blocked: category-allowed, combining-consent'],
  ),
  S012: row([use('customer-relationship', ['name@shop', 'purchase-history']), use('product-improvement', ['click'])], ['allowed', 'allowed'], [NO_PURPOSE, NO_PURPOSE]),
  S014: row([use('product-improvement', ['click', 'page-view', 'search-query'])], ['allowed'], [NO_PURPOSE]),
  // Aggregates leave the analysis, so it has nobody to give data to.
  S015: row(
    [use('business-intelligence', ['purchase-history'], { kind: 'analytics' }), give('measurement', 'business-intelligence', ['purchase-history'])],
    ['allowed', 'blocked: recipient-for-purpose, recipient-may-receive, recipient-role'],
    [NO_PURPOSE, `${NEITHER}, recipient-role`],
  ),
  S016: row([use('personalisation', ['preference', 'language'])], ['allowed'], [NO_PURPOSE]),
  S017: row(
    [use('bookkeeping', ['purchase-history', 'payment-method']), use('security', ['ip-address']), use('dispute-handling', ['order-reference'])],
    ['allowed', 'allowed', 'allowed'],
    [NO_PURPOSE, NO_PURPOSE, NO_PURPOSE],
  ),
  // What was left at purchase and in use of a service; not what was observed.
  S021: row(
    [use('direct-marketing', ['purchase-history']), use('direct-marketing', ['page-view'])],
    ['allowed', 'blocked: category-allowed'],
    [NO_PURPOSE, NO_PURPOSE],
  ),
  S022: row(
    [use('interest-based-advertising', ['interest', 'page-view']), ...['name', 'email', 'phone', 'postal'].map((category) => use('interest-based-advertising', [category]))],
    ['allowed', ...Array.from({ length: 4 }, () => 'blocked: category-allowed, interest-advertising-identity')],
    Array.from({ length: 5 }, () => NO_PURPOSE),
  ),
  // It came after the data, and was told of in a notice before the data was used for it.
  S023: row([use('direct-marketing', ['name@shop'])], ['allowed'], ['blocked: new-purpose-notice'], { alone: true }),
  S024: row([use('service-provision', ['name@shop'])], ['allowed'], [NO_PURPOSE]),
};

const collecting: Readonly<Record<string, RowCheck>> = {
  S030: row(
    ['newsletter-signup', 'event-registration', 'subscription-order', 'company-agreement'].map((context) =>
      tell(CollectPersonalData, { context, service: 'shop', purposes: ['service-provision'], notice, values: values('name') }),
    ),
    Array.from({ length: 4 }, () => 'justified'),
    Array.from({ length: 4 }, () => 'refused: UnknownContext'),
  ),
  S031: row(
    [['ip-address', 'security'], ['language', 'service-communication']].map(([category = '', purpose = '']) => tell(ObservePersonalData, { technology: 'cookie', service: 'newsletter', purposes: [purpose], notice, values: values(category) })),
    ['justified', 'justified'],
    ['refused: UnknownCategory', 'refused: UnknownCategory'],
  ),
  S032: row([tell(SourcePersonalData, sourced('authority', 'address-check', ['postal']))], ['justified'], ['refused: UnknownSource']),
  // Bought, and used once the person was told of it.
  S033: row(
    [
      before(SourcePersonalData, sourced('bisnode', 'prospecting', ['name', 'office-held'])),
      use('prospecting', ['office-held@bisnode']),
      before(ServeNotice, toldOfSources),
      use('prospecting', ['office-held@bisnode']),
      tell(SourcePersonalData, sourced('bisnode', 'customer-relationship', ['name'])),
    ],
    ['before', 'blocked: indirect-notice', 'before', 'allowed', 'justified'],
    ['before', 'blocked: indirect-notice, purpose-of-the-day', 'before', NO_PURPOSE, 'refused: UnknownSource'],
  ),
  S034: row(
    [tell(CollectPersonalData, { context: 'purchase', service: 'shop', purposes: ['purchase'], notice, values: values('organisation-name', 'payment-method', 'position', 'contract-role') })],
    ['justified'],
    ['refused: UnknownContext'],
  ),
  S035: row(
    ['linkedin', 'facebook'].map((source) => tell(SourcePersonalData, sourced(source, 'prospecting', ['profile-details']))),
    ['justified', 'justified'],
    ['refused: UnknownSource', 'refused: UnknownSource'],
  ),
  S036: row(
    ['partner', 'sponsor'].map((source) => tell(SourcePersonalData, sourced(source, 'prospecting', ['email']))),
    ['justified', 'justified'],
    ['refused: UnknownSource', 'refused: UnknownSource'],
  ),
  // An extract to check an address is not used to find customers.
  S037: row(
    [
      before(SourcePersonalData, sourced('spar', 'address-check', ['postal'], { sourcePurpose: 'kontroll', notice: toldOfSources.notice })),
      use('address-check', ['postal@spar']),
      use('prospecting', ['postal@spar']),
      tell(SourcePersonalData, sourced('open-government-data', 'customer-relationship', ['name'])),
    ],
    ['before', 'allowed', 'blocked: source-use', 'justified'],
    ['before', NO_PURPOSE, 'blocked: source-use', 'refused: UnknownSource'],
  ),
  S040: row(
    [tell(CollectPersonalData, { context: 'purchase', service: 'shop', purposes: ['purchase'], notice, values: values('name', 'email', 'postal', 'phone', 'company', 'position') })],
    ['justified'],
    ['refused: UnknownCategory'],
  ),
  S041: row(
    [tell(ObservePersonalData, { technology: 'app', service: 'website', relationshipKind: 'visitor', purposes: ['security'], notice, values: values('device-id', 'device-type') })],
    ['justified'],
    ['refused: UnknownCategory'],
  ),
  S042: row([use('customer-support', ['message-content'])], ['allowed'], [NO_PURPOSE]),
  S045: row(
    [use('personalisation', ['location']), before(WithdrawConsent, { purposes: ['personalisation'] }), use('personalisation', ['location']), use('personalisation', ['language'])],
    ['allowed', 'before', 'blocked: consent-withdrawn', 'allowed'],
    [NO_PURPOSE, 'before', NO_PURPOSE, NO_PURPOSE],
  ),
  // To whoever cooks, our partner among them.
  S046: row(
    [give('kitchen', 'event-diet', ['allergy']), give('partner', 'event-diet', ['allergy']), give('organiser', 'event-diet', ['allergy'])],
    ['allowed', 'allowed', 'blocked: diet-to-kitchen-only'],
    [NEITHER, NEITHER, NEITHER],
  ),
  S047: row(
    [give('kitchen', 'event-diet', ['allergy']), before(WithdrawConsent, { purposes: ['event-diet'] }), give('kitchen', 'event-diet', ['allergy'])],
    ['allowed', 'before', 'blocked: consent-withdrawn'],
    [NO_PURPOSE, 'before', NO_PURPOSE],
  ),
};

const sharing: Readonly<Record<string, RowCheck>> = {
  S013: row(
    [give('guest', 'contact-mediation', ['name@conferences', 'phone@conferences']), give('payments', 'purchase', ['order-reference'])],
    ['allowed', 'allowed'],
    ['blocked: mediation-among-participants, purpose-of-the-day, recipient-may-receive', NO_PURPOSE],
  ),
  S050: row(
    [give('letters', 'service-communication', ['email']), give('payments', 'purchase', ['payment-method'])],
    ['allowed', 'allowed'],
    [NO_SUCH_KIND, NO_SUCH_KIND],
  ),
  // For what it is engaged for, and nothing else.
  S051: row(
    [use('customer-support', ['message-content'], { recipient: 'support' }), use('direct-marketing', ['email@shop'], { recipient: 'support' }), use('service-communication', ['email'], { recipient: 'letters' }), use('prospecting', ['name@shop'], { recipient: 'letters' })],
    ['allowed', 'blocked: recipient-for-purpose, vendor-purpose', 'allowed', 'blocked: recipient-for-purpose, vendor-purpose'],
    [NO_SUCH_KIND, `${NO_SUCH_KIND}, vendor-purpose`, NO_SUCH_KIND, `${NO_SUCH_KIND}, vendor-purpose`],
  ),
  S052: row(
    [
      give('support', 'customer-support', ['message-content']),
      give('mailings', 'direct-marketing', ['email@shop']),
      give('measurement', 'product-improvement', ['page-view']),
      give('guard', 'security', ['ip-address']),
    ],
    ['allowed', 'allowed', 'allowed', 'allowed'],
    Array.from({ length: 4 }, () => NO_SUCH_KIND),
  ),
  // Told first; and what goes along is what was planned.
  S053: row(
    [
      give('buyer', 'business-transfer', ['name@shop', 'purchase-history'], { plan: 'sale' }),
      before(ServeNotice, { notice: { id: 'business-transfer-notice', version: 1 } }),
      give('buyer', 'business-transfer', ['name@shop', 'purchase-history'], { plan: 'sale' }),
      give('buyer', 'business-transfer', ['customer-number'], { plan: 'sale' }),
    ],
    ['blocked: new-purpose-notice', 'before', 'allowed', 'blocked: business-transfer-planned'],
    ['blocked: new-purpose-notice, purpose-of-the-day, recipient-may-receive', 'before', NEITHER, 'blocked: business-transfer-planned, purpose-of-the-day, recipient-may-receive'],
  ),
  // To those named in the notice; and what someone eats to none of them, whatever the file says.
  S054: row(
    [give('bank', 'sponsor-sharing', ['name@conferences', 'email@conferences']), give('brewery', 'sponsor-sharing', ['name@conferences']), give('bank', 'event-diet', ['allergy'])],
    ['allowed', 'blocked: sponsor-named', `blocked: consent-covers-recipient, ${DIET}`],
    [NEITHER, `${NEITHER}, sponsor-named`, `blocked: consent-covers-recipient, ${DIET}`],
  ),
  S055: row(
    [
      before(ObservePersonalData, { technology: 'pixel', service: 'website', purposes: ['social-sharing'], notice: { id: 'sharing-button-notice', version: 1 }, values: values('shared-at', 'shared-url', 'shared-article') }),
      give('medium', 'social-sharing', ['shared-at', 'shared-url', 'shared-article', 'ip-address', 'device-type', 'operating-system']),
      give('medium', 'social-sharing', ['page-view']),
    ],
    ['before', 'allowed', 'blocked: category-allowed, recipient-may-receive'],
    ['before', NEITHER, NEITHER],
  ),
  S057: row(
    [
      give('police', 'security', ['ip-address'], { ground: 'police-request' }),
      give('police', 'security', ['ip-address']),
      give('police', 'security', ['ip-address'], { ground: 'attack-prevention' }),
      give('lawyer', 'dispute-handling', ['name@shop'], { ground: 'rights-protection' }),
      give('lawyer', 'dispute-handling', ['name@shop'], { ground: 'spam-prevention' }),
    ],
    ['allowed', 'blocked: authority-ground', 'allowed', 'allowed', 'blocked: ground-for-recipient'],
    ['refused: UnknownGround', 'blocked: authority-ground, purpose-of-the-day, recipient-may-receive', 'refused: UnknownGround', 'refused: UnknownGround', 'refused: UnknownGround'],
  ),
  S058: row([give('police', 'security', ['ip-address'], { ground: 'police-referral' })], ['allowed'], ['refused: UnknownGround']),
  S060: row(
    [give('old-payments', 'purchase', ['order-reference']), give('payments', 'purchase', ['order-reference'])],
    ['allowed with remarks: audit-current', 'allowed'],
    [NO_SUCH_KIND, NO_SUCH_KIND],
  ),
  S062: row(
    [transfer('letters-abroad', 'service-communication', ['email']), transfer('maintenance', 'service-provision', ['name@shop'], { remoteAccess: true }), transfer('maintenance', 'service-provision', ['name@shop'])],
    ['allowed', 'allowed', 'blocked: arrangement-in-force, transfer-adequacy, transfer-ground'],
    [NO_SUCH_KIND, NO_SUCH_KIND, 'blocked: arrangement-in-force, recipient-for-purpose, recipient-may-receive, transfer-adequacy, transfer-ground'],
  ),
  // Chapter V of the GDPR, whatever the policy says of it: clauses carry it, nothing does not, and an ended decision does not.
  S063: hard(
    [transfer('letters-abroad', 'service-communication', ['email']), transfer('letters', 'service-communication', ['email'], { country: 'US' }), transfer('letters', 'service-communication', ['email'], { country: 'GB' })],
    ['allowed', 'blocked: arrangement-in-force, transfer-adequacy, transfer-ground', 'allowed'],
  ),
  S130: row(
    [use('event-participation', ['event-participation-data']), give('guest', 'contact-mediation', ['name@conferences'])],
    ['allowed', 'allowed'],
    [NO_PURPOSE, 'blocked: mediation-among-participants, purpose-of-the-day, recipient-may-receive'],
  ),
  S131: row(
    [give('partner', 'event-participation', ['name@conferences', 'event-participation-data']), give('house', 'event-participation', ['name@conferences'])],
    ['allowed', 'allowed'],
    [NEITHER, NEITHER],
  ),
};

const people: Readonly<Record<string, RowCheck>> = {
  S133: row([tell(StartRelationship, { kind: 'event-visitor', service: 'conferences', conference: CONFERENCE })], ['nothing said'], ['refused: UnknownRelationshipKind']),
  // The law's, whatever the policy says of it (GDPR Art. 7(3)).
  S075: hard([use('newsletter', ['email']), tell(WithdrawConsent, { purposes: ['newsletter'] }), use('newsletter', ['email'])], ['allowed', 'nothing said', 'blocked: consent-withdrawn']),
  S100: row(
    [use('business-intelligence', ['purchase-history']), use('business-intelligence', ['name@shop']), use('product-improvement', ['click'])],
    ['allowed', 'blocked: analytics-apart, category-allowed', 'allowed'],
    [NO_PURPOSE, NO_PURPOSE, NO_PURPOSE],
  ),
};

export const rowChecks: Readonly<Record<string, RowCheck>> = { ...purposes, ...collecting, ...sharing, ...people };

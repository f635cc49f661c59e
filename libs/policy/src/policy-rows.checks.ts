/**
 * What the file of May 2018 has to say for each row that it carries: true of the whole file, and false of the file without that row's
 * elements. What the ledger does with it is tested where the ledger does it.
 */
import type { CodeKind } from './declarations.js';
import type { PolicyModel } from './model.js';
import { versionInForce } from './model.js';

type Check = (model: PolicyModel) => boolean;

const consent = 'eu-gdpr:A6-1-a';
const interest = 'eu-gdpr:A6-1-f';

const who: Readonly<Record<string, Check>> = {
  S001: (m) => m.controllerOf('website')?.id === 'asurgent-ab' && m.policy.services.every(({ id }) => m.controllerOf(id) !== undefined),
  S124: (m) => {
    const company = m.controller('asurgent-ab');
    return company?.organisationNumber === '559062-5538' && company.address === 'Kungsgatan 5, 111 43 Stockholm' && company.email === undefined;
  },
};

const purposes: Readonly<Record<string, Check>> = {
  S002: (m) => m.policy.purposes.filter(({ parent }) => parent === undefined).length === 5,
  S003: (m) => m.allows('service-provision', 'contact') && m.isPurposeWithin('subscription-delivery', 'service-provision'),
  S004: (m) => m.basisFor('personalisation', 'settings')?.basis === interest,
  S005: (m) => ['security', 'bookkeeping', 'dispute-handling'].every((id) => m.isPurposeWithin(id, 'compliance-security')),
  S006: (m) => m.has('purpose', 'service-communication') && m.natureOfPurpose('service-communication') === undefined && m.natureOfPurpose('direct-marketing') === 'marketing',
  S007: (m) => m.natureOfPurpose('advertising') === 'marketing' && m.purposesOf('advertising-space').some(({ id }) => id === 'advertising'),
  S008: (m) => ['location', 'interest'].every((id) => m.natureOf(id) === 'behavioural' && m.allows('personalisation', id)) && has(m, 'relationship-kind', 'subscriber', 'company-representative'),
  S009: (m) => same(document(m, 'supplementary-terms')?.servedAt, 'subscription-order', 'event-registration', 'purchase'),
  S010: (m) => m.has('notice', 'privacy-notice') && new Set(m.policy.clauses.map(({ anchor }) => anchor)).size === m.policy.clauses.length,
  S012: (m) => ['customer-relationship', 'customer-support', 'product-improvement'].every((id) => m.isPurposeWithin(id, 'service-provision')),
  S013: (m) => has(m, 'service', 'subscription', 'premier', 'conferences', 'courses') && m.basisFor('contact-mediation', 'email')?.basis === consent,
  S014: (m) => ['error-report', 'page-view', 'search-query', 'click'].every((id) => m.allows('product-improvement', id)),
  S015: (m) => m.natureOfPurpose('business-intelligence') === 'analytics' && m.purpose('business-intelligence')?.recipientKinds.length === 0,
  S016: (m) => m.isWithin('preference', 'settings') && m.allows('personalisation', 'preference'),
  S017: (m) => m.basisFor('bookkeeping', 'purchase-history')?.basis === 'eu-gdpr:A6-1-c' && m.basisFor('security', 'ip-address')?.basis === interest && m.basisFor('dispute-handling', 'order-reference')?.basis === interest,
  S018: (m) => codes(m, 'moderation-ground', 'breaks-terms') && document(m, 'comment-terms')?.kind === 'terms' && m.allows('security', 'published-content'),
  S019: (m) => has(m, 'message-class', 'renewal-reminder', 'security-update', 'case-reply', 'case-action-required', 'newsletter', 'offer'),
  S020: (m) => ['newsletter', 'offer', 'prospect-call'].every((id) => message(m, id)?.optOut === true),
  S021: (m) => ['contact', 'purchase-history', 'event-participation-data'].every((id) => m.allows('direct-marketing', id)) && !['usage', 'location', 'interest'].some((id) => m.allows('direct-marketing', id)),
  S022: (m) => m.natureOfPurpose('interest-based-advertising') === 'interest-advertising' && m.allows('interest-based-advertising', 'interest') && !['name', 'postal', 'email', 'phone'].some((id) => m.allows('interest-based-advertising', id)),
  S023: (m) => m.policy.purposes.filter(({ bases }) => bases.length > 0).every(({ id }) => m.policy.notices.some((notice) => notice.purposes?.includes(id) ?? true)),
  S024: (m) => m.has('clause', 'need') && same([...new Set(m.policy.purposes.flatMap(({ bases }) => bases.map(({ basis }) => basis)))], consent, 'eu-gdpr:A6-1-b', 'eu-gdpr:A6-1-c', interest),
  S025: (m) => codes(m, 'measure', 'built-in-protection'),
};

const collecting: Readonly<Record<string, Check>> = {
  S030: (m) => has(m, 'context', 'subscription-order', 'event-registration', 'company-agreement', 'newsletter-signup'),
  S031: (m) => has(m, 'category', 'ip-address', 'language', 'push-setting') && m.has('context', 'website-visit'),
  S032: (m) => m.source('authority')?.kind === 'authority' && m.policy.sources.every(({ from }) => from !== '') && m.policy.notices.some(({ kind }) => kind === 'indirect'),
  S033: (m) => m.source('bisnode')?.kind === 'broker' && m.allows('prospecting', 'office-held'),
  S034: (m) => ['organisation-name', 'contract-role', 'phone', 'position', 'postal'].every((id) => m.allows('prospecting', id)) && m.allows('purchase', 'payment-method'),
  S035: (m) => ['linkedin', 'facebook'].every((id) => m.source(id)?.publiclyAccessible === true) && m.allows('customer-relationship', 'profile-url'),
  S036: (m) => m.source('partner')?.kind === 'partner' && m.source('sponsor')?.kind === 'sponsor',
  S037: (m) => same(m.source('spar')?.sparPurposes, 'kontroll', 'urval') && m.source('open-government-data')?.publiclyAccessible === true,
  S038: (m) => m.necessityOf('purchase', 'postal') === 'required' && m.necessityOf('purchase', 'office-held') === 'optional',
  S039: (m) => m.isWithin('privacy-setting', 'settings'),
  S040: (m) => ['name', 'email', 'postal', 'phone', 'company', 'position'].every((id) => m.isWithin(id, 'contact') && m.natureOf(id) === 'identity'),
  S041: (m) => m.natureOf('click') === 'behavioural' && has(m, 'category', 'device-id', 'device-type'),
  S042: (m) => m.category('message-content')?.form === 'long-text' && m.allows('customer-support', 'message-content'),
  S043: (m) => m.basisFor('suppression', 'suppressed-address')?.basis === 'eu-gdpr:A6-1-c' && m.retentionRule('r-suppression')?.noPeriod !== undefined,
  S044: (m) => m.clauseFor('sharing', 'conferences')?.id === 'events' && m.clauseFor('sharing', 'shop')?.id === 'sharing',
  S045: (m) => m.basisFor('personalisation', 'location')?.basis === consent && m.has('channel', 'push'),
  S046: (m) => ['dietary-requirement', 'allergy'].every((id) => m.specialOf(id) === 'health' && m.mayReceive('event-caterer', id)) && !m.mayReceive('event-sponsor', 'allergy'),
  S047: (m) => m.basisFor('event-diet', 'allergy')?.specialBasis === 'eu-gdpr:A9-2-a' && m.policy.wordings.some(({ type, purposes }) => type === 'explicit' && purposes.includes('event-diet')),
};

const sharing: Readonly<Record<string, Check>> = {
  S050: (m) => ['payment-services', 'newsletter-sending', 'development-maintenance'].every((id) => m.recipientKind(id)?.role === 'processor'),
  S051: (m) => same(purposesOf(m, 'payment-services'), 'purchase', 'event-participation') && same(purposesOf(m, 'newsletter-sending'), 'suppression', 'service-communication', 'direct-marketing', 'newsletter'),
  S052: (m) => ['customer-service-support', 'marketing-services', 'traffic-measurement', 'system-protection'].every((id) => m.recipientKind(id)?.role === 'processor'),
  S053: (m) => same(purposesOf(m, 'business-transfer-party'), 'business-transfer') && !m.allows('business-transfer', 'allergy') && m.policy.notices.some(({ purposes: told }) => told?.includes('business-transfer')),
  S054: (m) => m.recipientKind('event-sponsor')?.conferenceRole === 'sponsor' && leaves(m).every((id) => !m.mayReceive('event-sponsor', id) || m.isWithin(id, 'contact')) && same(purposesOf(m, 'event-sponsor'), 'sponsor-sharing'),
  S055: (m) => same(leaves(m).filter((id) => m.mayReceive('social-plugin', id)), 'shared-at', 'device-type', 'operating-system', 'ip-address', 'shared-url', 'shared-article') && same(purposesOf(m, 'social-plugin'), 'social-sharing'),
  S056: (m) => document(m, 'social-medium-terms')?.kind === 'external',
  S057: (m) => ['legal-process', 'police-request', 'competent-authority-request', 'spam-prevention', 'fraud-prevention', 'attack-prevention', 'rights-protection', 'terms-enforcement'].every((id) => m.disclosureGround(id)?.recipientKinds.includes('public-authority')) && new Set(m.policy.disclosureGrounds.map(({ kind }) => kind)).size === 4,
  S058: (m) => same(m.disclosureGround('police-referral')?.recipientKinds, 'public-authority'),
  S059: (m) => document(m, 'linked-company-policy')?.kind === 'external',
  S060: (m) => m.policy.recipientKinds.filter(({ auditEvery }) => auditEvery === 'P1Y').length === 7,
  S061: (m) => m.policy.systems.length > 0 && m.policy.systems.filter(({ location }) => location !== 'eea').length === 1,
  S062: (m) => m.transferCase('newsletter-sending', false)?.id === 'newsletter-abroad' && m.transferCase('development-maintenance', true)?.id === 'maintenance-from-abroad',
  S063: (m) => m.codes('safeguard')[0]?.article === 'eu-gdpr:A46-2-c' && codes(m, 'safeguard', 'adequacy-decision'),
  S064: (m) => document(m, 'contractual-clauses')?.url?.startsWith('https://eur-lex.europa.eu/') === true,
  S065: (m) => document(m, 'participation-terms')?.kind === 'terms' && m.has('clause', 'terms'),
};

const rights: Readonly<Record<string, Check>> = {
  S070: (m) => has(m, 'channel', 'email', 'post') && m.has('service', 'customer-service') && m.allows('rights-handling', 'message-content'),
  S071: (m) => ['email', 'sms'].every((channel) => m.policy.messageClasses.some(({ channels, optOut }) => optOut && channels.includes(channel))),
  S072: (m) => ['terms-change', 'policy-change'].every((id) => message(m, id)?.optOut === false),
  S073: (m) => document(m, 'cookie-policy')?.kind === 'policy',
  S074: (m) => m.has('clause', 'controls'),
  S075: (m) => right(m, 'withdraw-consent') === 'eu-gdpr:A7-3',
  S076: (m) => right(m, 'access') === 'eu-gdpr:A15' && codes(m, 'request-charge', 'free-of-charge'),
  S077: (m) => right(m, 'rectification') === 'eu-gdpr:A16',
  S078: (m) => right(m, 'erasure') === 'eu-gdpr:A17',
  S079: (m) => right(m, 'restriction') === 'eu-gdpr:A18' && ['b', 'c', 'd'].every((point) => m.codes('restriction-ground').some(({ article }) => article === `eu-gdpr:A18-1-${point}`)),
  S080: (m) => m.policy.rights.some(({ id, bases, provenance }) => id === 'portability' && same(bases, consent, 'eu-gdpr:A6-1-b') && provenance?.includes('provided')),
  S081: (m) => right(m, 'objection') === 'eu-gdpr:A21-1',
  S082: (m) => right(m, 'marketing-objection') === 'eu-gdpr:A21-2',
  S083: (m) => m.label('code', 'imy', 'sv') === 'Datainspektionen' && right(m, 'complaint') === 'eu-gdpr:A77',
  S084: (m) => codes(m, 'request-charge', 'free-of-charge'),
  S085: (m) => m.policy.clocks.some(({ id, period }) => id === 'request-answer' && period === 'P30D'),
  S086: (m) => m.policy.clocks.some(({ id, period }) => id === 'request-measures' && period === 'P3M'),
  S087: (m) => codes(m, 'request-charge', 'reasonable-fee', 'no-action'),
  S088: (m) => right(m, 'marketing-objection') !== undefined,
};

const keeping: Readonly<Record<string, Check>> = {
  S090: (m) => m.retentionRule('r-security-12m')?.period === 'P12M' && m.retentionRule('r-rights-3y')?.clause === 'keeping',
  S091: (m) => same(m.retentionRule('r-bookkeeping-7y')?.longerThan, 'r-dm-24m', 'r-event-b2b-36m'),
  S092: (m) => m.retentionRule('r-diet')?.period === 'P30D' && same(m.retentionRule('r-dm-24m')?.longerThan, 'r-diet'),
  S093: (m) => m.retentionRule('r-improvement-identified')?.action === 'pseudonymise' && same(m.retentionRule('r-improvement-pseudonymised')?.longerThan, 'r-improvement-identified'),
  S094: (m) => has(m, 'relationship-kind', 'customer', 'prospect', 'visitor'),
  S095: (m) => m.retentionFor('direct-marketing', 'email').some(({ id }) => id === 'r-dm-24m'),
  S096: (m) => ['r-service-end-24m', 'r-dm-24m'].every((id) => m.retentionRule(id)?.anchor === 'service-ended' && m.retentionRule(id)?.period === 'P24M'),
  S097: (m) => m.retentionRule('r-event-b2b-36m')?.anchor === 'event-ended' && m.retentionRule('r-event-b2b-36m')?.period === 'P36M' && m.has('relationship-kind', 'company-representative'),
  S098: (m) => m.retentionRule('r-prospect-3m')?.anchor === 'first-contact' && m.retentionRule('r-prospect-3m')?.period === 'P3M' && m.natureOfPurpose('prospecting') === 'marketing',
  S099: (m) => m.retentionRule('r-complaint-3y')?.anchor === 'purchase' && ['r-improvement-identified', 'r-advertising'].every((id) => m.has('retention', id)),
  S100: (m) => ['product-improvement', 'business-intelligence'].every((id) => m.has('purpose', id) && !leaves(m).some((category) => m.natureOf(category) === 'identity' && m.allows(id, category))),
  S101: (m) => m.policy.retention.some(({ action }) => action === 'anonymise') && m.has('clause', 'keeping'),
  S102: (m) => codes(m, 'retention-extension', 'legal-obligation', 'authority-decision', 'dispute', 'consent-to-keep'),
  S103: (m) => m.retentionRule('r-dm-24m')?.clause === 'keeping-customers',
  S104: (m) => m.retentionRule('r-newsletter')?.anchor === 'consent-ended' && m.retentionRule('r-newsletter')?.period === 'P0D',
};

const rest: Readonly<Record<string, Check>> = {
  S110: (m) => codes(m, 'measure', 'role-based-access'),
  S111: (m) => codes(m, 'measure', 'restricted-systems', 'protected-premises'),
  S112: (m) => codes(m, 'measure', 'sub-supplier-audits'),
  S120: (m) => codes(m, 'change-reason', 'customer-feedback', 'changed-services'),
  S121: (m) => has(m, 'change-class', 'smaller-change', 'larger-change') && m.has('change', m.version),
  S122: (m) => m.policy.changeClasses.some(({ toldBy }) => toldBy !== undefined && same(message(m, toldBy)?.channels, 'web', 'email')),
  S123: (m) => m.has('clause', 'changes'),
  S125: (m) => m.policy.changes[0]?.effectiveFrom === '2018-05-25' && m.has('notice', 'privacy-notice'),
  S126: (m) => m.has('change', m.version) && versionInForce([m], '2018-05-24T22:00:00Z') === m && versionInForce([m], '2018-05-24T21:59:59Z') === undefined,
  S127: (m) => m.policy.changes.some(({ summary }) => summary.en !== undefined),
  S130: (m) => has(m, 'purpose', 'event-participation', 'contact-mediation') && m.recipientKind('event-participant')?.conferenceRole === 'participant',
  S131: (m) => m.recipientKind('event-partner')?.conferenceRole === 'partner' && m.recipientKind('event-venue')?.conferenceRole === 'venue' && m.has('notice', 'event-notice'),
  S132: (m) => same(document(m, 'participation-terms')?.services, 'conferences', 'courses'),
  S133: (m) => m.has('relationship-kind', 'event-visitor') && m.has('category', 'event-participation-data'),
};

export const rowChecks: Readonly<Record<string, Check>> = { ...who, ...purposes, ...collecting, ...sharing, ...rights, ...keeping, ...rest };

function has(model: PolicyModel, kind: Parameters<PolicyModel['has']>[0], ...ids: readonly string[]): boolean {
  return ids.every((id) => model.has(kind, id));
}

function same(found: readonly string[] | undefined, ...expected: readonly string[]): boolean {
  return found !== undefined && [...found].sort().join(' ') === [...expected].sort().join(' ');
}

function codes(model: PolicyModel, kind: CodeKind, ...ids: readonly string[]): boolean {
  return ids.every((id) => model.codes(kind).some((code) => code.id === id));
}

function leaves(model: PolicyModel): readonly string[] {
  return model.alternatives('category').filter((id) => model.isLeaf(id));
}

function purposesOf(model: PolicyModel, recipientKind: string): readonly string[] {
  return model.policy.purposes.filter(({ recipientKinds }) => recipientKinds.includes(recipientKind)).map(({ id }) => id);
}

function document(model: PolicyModel, id: string): PolicyModel['policy']['documents'][number] | undefined {
  return model.policy.documents.find((one) => one.id === id);
}

function message(model: PolicyModel, id: string): PolicyModel['policy']['messageClasses'][number] | undefined {
  return model.policy.messageClasses.find((one) => one.id === id);
}

function right(model: PolicyModel, id: string): string | undefined {
  return model.policy.rights.find((one) => one.id === id)?.article;
}

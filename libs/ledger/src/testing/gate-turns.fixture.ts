/** What may happen around the gate in random lives: acts asked for by those who know what may be, by those who do not, and what else changes. */
import fc from 'fast-check';
import { modelOf } from '#policy/without-row.fixture.js';
import { asurgentRegister, asurgentYaml, CONFERENCE } from './asurgent.fixture.js';
import { idOf } from './decider.fixture.js';

export const PEOPLE = [idOf('gate 0'), idOf('gate 1')] as const;
export const PURPOSES = modelOf(asurgentYaml).policy.purposes.filter(({ bases }) => bases.length > 0).map(({ id }) => id);
export const RECIPIENTS = Object.keys(asurgentRegister).flatMap((stream) => (stream.startsWith('recipient-') ? [stream.slice('recipient-'.length)] : []));
const CATEGORIES = ['name', 'email', 'phone', 'postal', 'company', 'allergy', 'event-participation-data', 'purchase-history', 'order-reference', 'page-view', 'click', 'interest', 'location', 'language', 'preference', 'ip-address', 'device-type', 'message-content', 'office-held'];

/** What people ask for who know what may be. */
const ASKS = [
  { ask: 'disclosure', recipient: 'letters', purpose: 'newsletter', categories: ['email'] },
  { ask: 'disclosure', recipient: 'letters', purpose: 'service-communication', categories: ['email', 'name'] },
  { ask: 'disclosure', recipient: 'letters', purpose: 'direct-marketing', categories: ['email'] },
  { ask: 'disclosure', recipient: 'letters-abroad', purpose: 'newsletter', categories: ['email'] },
  { ask: 'transfer', recipient: 'letters-abroad', purpose: 'newsletter', categories: ['email', 'name'] },
  { ask: 'transfer', recipient: 'maintenance', purpose: 'service-provision', categories: ['name'], remoteAccess: true },
  { ask: 'transfer', recipient: 'maintenance', purpose: 'service-provision', categories: ['name'] },
  { ask: 'disclosure', recipient: 'mailings', purpose: 'direct-marketing', categories: ['postal', 'name'] },
  { ask: 'disclosure', recipient: 'mailings', purpose: 'prospecting', categories: ['office-held'] },
  { ask: 'disclosure', recipient: 'support', purpose: 'customer-support', categories: ['message-content', 'phone'] },
  { ask: 'disclosure', recipient: 'payments', purpose: 'purchase', categories: ['order-reference'] },
  { ask: 'disclosure', recipient: 'measurement', purpose: 'product-improvement', categories: ['page-view', 'click'] },
  { ask: 'disclosure', recipient: 'measurement', purpose: 'interest-based-advertising', categories: ['interest'] },
  { ask: 'disclosure', recipient: 'bank', purpose: 'sponsor-sharing', categories: ['name', 'email'], conference: CONFERENCE },
  { ask: 'disclosure', recipient: 'bank', purpose: 'event-diet', categories: ['allergy'], conference: CONFERENCE },
  { ask: 'disclosure', recipient: 'bank', purpose: 'sponsor-sharing', categories: ['allergy'], conference: CONFERENCE },
  { ask: 'disclosure', recipient: 'kitchen', purpose: 'event-diet', categories: ['allergy'], conference: CONFERENCE },
  { ask: 'disclosure', recipient: 'organiser', purpose: 'event-diet', categories: ['allergy'], conference: CONFERENCE },
  { ask: 'disclosure', recipient: 'partner', purpose: 'event-diet', categories: ['allergy'], conference: CONFERENCE },
  { ask: 'disclosure', recipient: 'partner', purpose: 'event-participation', categories: ['name', 'event-participation-data'], conference: CONFERENCE },
  { ask: 'disclosure', recipient: 'house', purpose: 'event-participation', categories: ['name'], conference: CONFERENCE },
  { ask: 'disclosure', recipient: 'guest', purpose: 'contact-mediation', categories: ['name', 'email'], conference: CONFERENCE },
  { ask: 'disclosure', recipient: 'police', purpose: 'security', categories: ['ip-address'], ground: 'police-request' },
  { ask: 'disclosure', recipient: 'police', purpose: 'security', categories: ['ip-address'] },
  { ask: 'use', purpose: 'personalisation', categories: ['location', 'language'] },
  { ask: 'use', purpose: 'personalisation', categories: ['preference'] },
  { ask: 'use', purpose: 'direct-marketing', categories: ['purchase-history'] },
  { ask: 'use', purpose: 'prospecting', categories: ['office-held', 'name'] },
  { ask: 'use', purpose: 'address-check', categories: ['postal'] },
  { ask: 'use', purpose: 'interest-based-advertising', categories: ['interest', 'page-view'] },
  { ask: 'use', purpose: 'interest-based-advertising', categories: ['device-type'] },
  { ask: 'use', purpose: 'interest-based-advertising', categories: ['email'] },
  { ask: 'use', purpose: 'business-intelligence', categories: ['purchase-history'] },
  { ask: 'use', purpose: 'business-intelligence', categories: ['name'] },
  { ask: 'use', purpose: 'customer-support', categories: ['message-content'], recipient: 'support' },
  { ask: 'use', purpose: 'interest-based-advertising', categories: ['name'] },
  { ask: 'use', purpose: 'interest-based-advertising', categories: ['interest', 'purchase-history'] },
  { ask: 'disclosure', recipient: 'bank', purpose: 'sponsor-sharing', categories: ['event-participation-data'], conference: CONFERENCE },
  { ask: 'disclosure', recipient: 'bank', purpose: 'sponsor-sharing', categories: ['company'], conference: CONFERENCE },
  { ask: 'disclosure', recipient: 'guest', purpose: 'contact-mediation', categories: ['company'], conference: CONFERENCE },
  { ask: 'use', purpose: 'prospecting', categories: ['postal'] },
  { ask: 'use', purpose: 'prospecting', categories: ['office-held'] },
  { ask: 'use', purpose: 'address-check', categories: ['name', 'postal'] },
  { ask: 'disclosure', recipient: 'support', purpose: 'direct-marketing', categories: ['email'] },
  { ask: 'use', purpose: 'service-communication', categories: ['email'], recipient: 'support' },
  { ask: 'use', purpose: 'purchase', categories: ['order-reference'], recipient: 'support' },
  { ask: 'use', purpose: 'direct-marketing', categories: ['page-view', 'purchase-history'] },
  { ask: 'disclosure', recipient: 'buyer', purpose: 'business-transfer', categories: ['name', 'order-reference'] },
  { ask: 'disclosure', recipient: 'measurement', purpose: 'product-improvement', categories: ['message-content'] },
  { ask: 'disclosure', recipient: 'guard', purpose: 'purchase', categories: ['order-reference'] },
  { ask: 'disclosure', recipient: 'brewery', purpose: 'sponsor-sharing', categories: ['company'], conference: CONFERENCE },
  { ask: 'use', purpose: 'direct-marketing', categories: ['email'], recipient: 'mailings' },
] as const;
export interface Ask {
  readonly ask: 'disclosure' | 'transfer' | 'use';
  readonly recipient?: string;
  readonly purpose: string;
  readonly categories: readonly string[];
  readonly conference?: string;
  readonly ground?: string;
  readonly remoteAccess?: boolean;
}

const CHANGES = [
  'withdraw', 'withdraw-all', 'give', 'give-all', 'give-all', 'refuse', 'object', 'object-kind', 'dispute', 'resolve', 'resolve', 'flag', 'lift', 'lift', 'child', 'adult', 'serve-event', 'serve-indirect', 'serve-indirect', 'serve-privacy', 'buy', 'look-up', 'collect-more', 'merge', 'unmerge', 'mistake', 'report', 'report', 'report-use', 'report-transfer', 'recall', 'confirm', 'refer', 'deal',
  'end-role', 'assign-role', 'assign-role', 'end-agreement', 'sign-agreement', 'sign-agreement', 'add-sub', 'object-sub', 'remove-sub', 'move', 'move-back', 'move-back', 'sign-clauses', 'end-clauses', 'suspend', 'resume', 'remove-party', 'add-party', 'publish', 'publish', 'cancel',
] as const;

export interface Turn {
  readonly what: (typeof CHANGES)[number] | Ask;
  readonly person: 0 | 1;
  /** Which of several. */
  readonly n: number;
  /** Hours since the turn before. */
  readonly later: number;
  readonly node: 0 | 1;
  /** The node does not look at the log for news of the registers before it decides. */
  readonly lags: boolean;
  /** Told at once with the turn before. */
  readonly together: boolean;
}

const anyAsk: fc.Arbitrary<Ask> = fc.record(
  {
    ask: fc.constantFrom('disclosure' as const, 'transfer' as const, 'use' as const),
    recipient: fc.constantFrom(...RECIPIENTS),
    purpose: fc.constantFrom(...PURPOSES),
    categories: fc.uniqueArray(fc.constantFrom(...CATEGORIES), { minLength: 1, maxLength: 3 }),
    conference: fc.constant(CONFERENCE),
  },
  { requiredKeys: ['ask', 'recipient', 'purpose', 'categories'] },
);
const what: fc.Arbitrary<Turn['what']> = fc.oneof(
  { weight: 10, arbitrary: fc.constantFrom<Ask>(...ASKS) },
  { weight: 2, arbitrary: anyAsk },
  { weight: 6, arbitrary: fc.constantFrom(...CHANGES) },
);
const turn: fc.Arbitrary<Turn> = fc.record({
  what,
  person: fc.constantFrom(0 as const, 0 as const, 1 as const),
  n: fc.nat({ max: 40 }),
  later: fc.nat({ max: 100 }),
  node: fc.constantFrom(0 as const, 1 as const),
  lags: fc.boolean(),
  together: fc.boolean(),
});

export const turns: fc.Arbitrary<readonly Turn[]> = fc.array(turn, { minLength: 40, maxLength: 80 });

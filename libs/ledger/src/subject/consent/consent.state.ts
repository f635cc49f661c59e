import { parseWhen } from '#law/when.js';
import type { Envelope } from '../../envelope.js';
import type { RuleCode } from '../../rules.js';
import { ageAt, type AgeTold } from '../identity/identity.state.js';
import type { ConsentData } from './consent.events.js';

export interface ConsentTerms {
  readonly purpose: string;
  readonly categories: readonly string[];
  readonly recipientKinds: readonly string[];
}

export interface GivenConsent {
  readonly event: string;
  readonly consent: string;
  readonly type: 'expressed' | 'explicit';
  readonly controller?: string;
  readonly purposes: readonly string[];
  readonly categories: readonly string[];
  readonly recipientKinds: readonly string[];
  readonly terms: readonly ConsentTerms[];
  readonly proven: boolean;
  readonly from: string;
  /** The earliest it may have been given: something told to end it then or later may have come after it. */
  readonly earliest: string;
  readonly validUntil?: string;
  readonly relationship?: string;
  readonly conference?: string;
  readonly indicatedBy?: 'subject' | 'guardian' | 'proxy';
}

/** A withdrawal, refusal or expiry: what it covers is not valid from `at` on. */
export interface Ending {
  readonly event: string;
  readonly kind: 'consent-withdrawn' | 'consent-refused' | 'consent-expired';
  readonly controller?: string;
  readonly purposes?: readonly string[];
  readonly consent?: string;
  readonly at: string;
  /** The latest it may have happened: before it was recorded, whatever the end of the day that was told. */
  readonly latest: string;
  /** Consents, by their events, that it covers whenever they were given: those of the other side of a merge (`subject/merge/restrict.ts`). */
  readonly covers?: readonly string[];
}

export interface ConsentState {
  readonly given: readonly GivenConsent[];
  readonly endings: readonly Ending[];
}

export const initialConsent: ConsentState = { given: [], endings: [] };

export function evolveConsent(state: ConsentState, event: Envelope): ConsentState {
  const type = event.type as keyof ConsentData;
  switch (type) {
    case 'ConsentRequested':
      return state;
    case 'ConsentGiven':
    case 'RenewedConsentGiven': {
      const data = event.data as ConsentData['ConsentGiven'];
      const given: GivenConsent = {
        ...data,
        event: event.id,
        ...(event.controller !== undefined && { controller: event.controller }),
        proven: data.missing.length === 0,
        // A sender's clock may run ahead: what was recorded after it came after it.
        earliest: earlier(parseWhen(event.occurredAt)?.earliest ?? data.from, event.recordedAt),
      };
      return { ...state, given: [...state.given, given] };
    }
    case 'ConsentRefused': {
      const data = event.data as ConsentData['ConsentRefused'];
      return withEnding(state, event, 'consent-refused', data.at, data);
    }
    case 'ConsentWithdrawn': {
      const data = event.data as ConsentData['ConsentWithdrawn'];
      return withEnding(state, event, 'consent-withdrawn', data.at, data);
    }
    case 'ConsentExpired': {
      const data = event.data as ConsentData['ConsentExpired'];
      return withEnding(state, event, 'consent-expired', data.at, data);
    }
    default: {
      const never: never = type;
      return never;
    }
  }
}

function withEnding(state: ConsentState, event: Envelope, kind: Ending['kind'], at: string, scope: { purposes?: readonly string[]; consent?: string }): ConsentState {
  const ending: Ending = {
    event: event.id,
    kind,
    ...(event.controller !== undefined && { controller: event.controller }),
    ...(scope.purposes !== undefined && { purposes: scope.purposes }),
    ...(scope.consent !== undefined && { consent: scope.consent }),
    // A sender's clock may run ahead; what is recorded has happened.
    at: earlier(at, event.recordedAt),
    latest: later(at, earlier(parseWhen(event.occurredAt)?.latest ?? at, event.recordedAt)),
  };
  return { ...state, endings: [...state.endings, ending] };
}

/** What a use of personal data asks of consent. */
export interface ConsentQuestion {
  readonly controller: string;
  readonly purpose: string;
  readonly category: string;
  /** Special category data: the consent must be explicit (GDPR Art. 9(2)(a)). */
  readonly explicit: boolean;
  readonly relationship?: string;
  readonly conference?: string;
  /** Of a disclosure: the kind of whoever receives it; `unregistered` is of no kind that a consent could have named. */
  readonly recipientKind?: string;
  readonly at: string;
  /** What was told of the person's age: a child's consent is its guardian's to give (GDPR Art. 8(1)). */
  readonly ages?: readonly AgeTold[];
  /** What the policy in force at `at` says of the purpose; `none`: it does not rest the purpose on consent. Undefined: no policy is in force. */
  readonly terms: ConsentTerms | 'none' | undefined;
}

/**
 * Whether a consent carries the use at that instant: the consent that does, or the rules that fail. Of several consents one that is
 * valid is enough; the rules of the latest are given when none is. O(consents × endings of the person).
 */
export function consentFor(state: ConsentState, question: ConsentQuestion): { consent: GivenConsent } | { failed: readonly RuleCode[] } {
  const { given, faults } = consentFound(state, question);
  if (given === undefined) return { failed: ['consent-given'] };
  return faults.length === 0 ? { consent: given } : { failed: [...new Set(faults.map(({ rule }) => rule))] };
}

/** Why a consent does not carry a use, and the event that ended it. */
export interface ConsentFault {
  readonly rule: RuleCode;
  readonly ending?: Ending;
}

/** The consent that carries the use, without faults; else the latest one there is, with all of its; else none. */
export function consentFound(state: ConsentState, question: ConsentQuestion): { readonly given?: GivenConsent; readonly faults: readonly ConsentFault[] } {
  let found: { readonly given: GivenConsent; readonly faults: readonly ConsentFault[] } | undefined;
  for (let i = state.given.length - 1; i >= 0; i--) {
    const given = state.given[i] as GivenConsent;
    if (!concerns(given, question)) continue;
    const faults = faultsOf(given, state.endings, question);
    if (faults.length === 0) return { given, faults };
    found ??= { given, faults };
  }
  return found ?? { faults: [] };
}

function concerns(given: GivenConsent, question: ConsentQuestion): boolean {
  return (
    given.controller === question.controller &&
    given.purposes.includes(question.purpose) &&
    given.from <= question.at &&
    (given.relationship === undefined || given.relationship === question.relationship) &&
    (given.conference === undefined || given.conference === question.conference)
  );
}

function faultsOf(given: GivenConsent, endings: readonly Ending[], question: ConsentQuestion): readonly ConsentFault[] {
  const faults: ConsentFault[] = [];
  for (const kind of ['consent-withdrawn', 'consent-refused', 'consent-expired'] as const) {
    const ending = endings.find((candidate) => candidate.kind === kind && candidate.at <= question.at && ends(candidate, given, question.purpose));
    if (ending !== undefined) faults.push({ rule: kind, ending });
  }
  const fail = (rule: RuleCode, isFault: boolean): void => void (isFault && faults.push({ rule }));
  fail('consent-expired', given.validUntil !== undefined && given.validUntil <= question.at);
  fail('consent-proven', !given.proven);
  fail('consent-explicit', question.explicit && given.type !== 'explicit');
  fail('consent-covers-category', !given.categories.includes(question.category));
  fail('consent-covers-recipient', question.recipientKind !== undefined && !given.recipientKinds.includes(question.recipientKind));
  fail('consent-stale', question.terms !== undefined && !sameTerms(given.terms.find((terms) => terms.purpose === question.purpose), question.terms));
  fail('consent-by-guardian', given.indicatedBy !== 'guardian' && isTooYoung(question.ages ?? [], given.from));
  return faults;
}

/** Too young to consent alone when it was given (GDPR Art. 8(1); dataskyddslagen 2 kap. 4 §: 13 years). */
export function isTooYoung(ages: readonly AgeTold[], at: string): boolean {
  return ageAt(ages, at)?.band === 'below-13';
}

/** Whether an ending covers a consent: it does unless it surely came before it. Told by dates alone, the more restrictive governs. */
export function ends(ending: Ending, given: GivenConsent, purpose: string): boolean {
  return (
    (ending.controller === undefined || ending.controller === given.controller) &&
    (ending.consent === undefined || ending.consent === given.consent) &&
    (ending.purposes === undefined || ending.purposes.includes(purpose)) &&
    (ending.latest >= given.earliest || ending.covers?.includes(given.event) === true)
  );
}

function sameTerms(then: ConsentTerms | undefined, now: ConsentTerms | 'none'): boolean {
  return then !== undefined && now !== 'none' && sameSet(then.categories, now.categories) && sameSet(then.recipientKinds, now.recipientKinds);
}

function sameSet(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((member) => b.includes(member));
}

function later(a: string, b: string): string {
  return a > b ? a : b;
}

function earlier(a: string, b: string): string {
  return a < b ? a : b;
}

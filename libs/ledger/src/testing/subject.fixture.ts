/** Events of one person's past, for specs. Invented people; personnummer from Skatteverket's test series; telephone numbers that PTS keeps for fiction. */
import type { PersonIdentifierKind } from '../command.js';
import type { Envelope } from '../envelope.js';
import type { ConsentData } from '../subject/consent/consent.events.js';
import type { HeldItem, HoldingData } from '../subject/holding/holding.events.js';
import type { IdentityData } from '../subject/identity/identity.events.js';
import { event, idOf, identifierId, type Happened } from './decider.fixture.js';
import { wordingHash } from './registers.fixture.js';

export const EMAIL = 'anna.exempel@example.com';
export const WORK_EMAIL = 'anna@foretaget.example';
export const PHONE = '070-174 06 05';
export const PERSONNUMMER = '19121212-1212';

export const RELATIONSHIP = idOf('relationship');
export const CONSENT = idOf('consent');
export const HOLDING = idOf('holding');
export const ORGANISATION = idOf('organisation');

type Rest = Partial<Omit<Envelope, 'type' | 'data'>>;

export const registered: Happened = { type: 'SubjectRegistered' };

export function linked(kind: PersonIdentifierKind, value: string, data: Partial<IdentityData['SubjectIdentifierLinked']> = {}, rest: Rest = {}): Happened {
  return { type: 'SubjectIdentifierLinked', data: { identifier: identifierId(kind, value), kind, use: 'private', from: '2020-06-01T10:00:00.000Z', ...data }, ...rest };
}

/** A guest of the letters. */
export function related(data: Partial<IdentityData['RelationshipStarted']> = {}, rest: Rest = {}): Happened {
  return { type: 'RelationshipStarted', data: { relationship: RELATIONSHIP, kind: 'guest', capacity: 'consumer', ...data }, controller: 'north', service: 'letters', ...rest };
}

/** What shows a consent to letters. */
export const evidence = {
  notice: { id: 'notice', version: 1 },
  wording: wordingHash('letter-consent'),
  language: 'sv',
  method: 'email',
  indicatedBy: 'subject',
} as const;

/** What shows an explicit consent to what one eats. */
export const foodEvidence = { ...evidence, wording: wordingHash('food-consent') };

/** Full consent to letters; `at` is when it was given. */
export function consented(at: string, data: Partial<ConsentData['ConsentGiven']> = {}, rest: Rest = {}): Happened {
  return {
    type: 'ConsentGiven',
    occurredAt: at,
    controller: 'north',
    service: 'letters',
    data: {
      consent: CONSENT,
      type: 'expressed',
      purposes: ['letter'],
      categories: ['email', 'name'],
      recipientKinds: ['printer'],
      terms: [{ purpose: 'letter', categories: ['email', 'name'], recipientKinds: ['printer'] }],
      from: at,
      ...evidence,
      missing: [],
      ...data,
    },
    ...rest,
  };
}

export function ended(type: 'ConsentWithdrawn' | 'ConsentRefused' | 'ConsentExpired', at: string, data: Readonly<Record<string, unknown>> = {}, rest: Rest = {}): Happened {
  const scope = type === 'ConsentExpired' ? { consent: CONSENT } : type === 'ConsentRefused' ? { purposes: ['letter'] } : {};
  return { type, occurredAt: at, data: { at, ...scope, ...data }, ...rest };
}

/** One value, held for letters. */
export function held(item: Partial<HeldItem> = {}, data: Partial<HoldingData['PersonalDataCollected']> = {}, rest: Rest = {}): Happened {
  return {
    type: 'PersonalDataCollected',
    controller: 'north',
    service: 'letters',
    data: {
      context: 'form',
      relationship: RELATIONSHIP,
      items: [{ holding: HOLDING, category: 'name', slot: 'value/0', purposes: [{ purpose: 'letter', basis: 'a', verdict: 'justified' }], ...item }],
      ...data,
    },
    ...rest,
  };
}

/** The id of the nth event of a `given`. */
export function nth(happened: Happened, n: number): string {
  return event(happened, n).id;
}

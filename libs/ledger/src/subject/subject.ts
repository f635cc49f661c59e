/** One person's stream: what is known of them, as every decision about them reads it. */
import type { Envelope } from '../envelope.js';
import { consentEvents, type ConsentData } from './consent/consent.events.js';
import { evolveConsent, initialConsent, type ConsentState } from './consent/consent.state.js';
import { holdingEvents, type HoldingData } from './holding/holding.events.js';
import { evolveHolding, initialHolding, type HoldingState } from './holding/holding.state.js';
import { identityEvents, type IdentityData } from './identity/identity.events.js';
import { evolveIdentity, initialIdentity, type IdentityState } from './identity/identity.state.js';

export const subjectEvents = { ...identityEvents, ...consentEvents, ...holdingEvents };

export interface SubjectState {
  readonly identity: IdentityState;
  readonly consent: ConsentState;
  readonly holding: HoldingState;
}

export const initialSubject: SubjectState = { identity: initialIdentity, consent: initialConsent, holding: initialHolding };

export const SUBJECT_PREFIX = 'subject-';
export const subjectStream = (subject: string): string => `${SUBJECT_PREFIX}${subject}`;
export const subjectOf = (stream: string): string => stream.slice(SUBJECT_PREFIX.length);

export function evolveSubject(state: SubjectState, event: Envelope): SubjectState {
  if (isOf(identityEvents, event.type)) return { ...state, identity: evolveIdentity(state.identity, event) };
  if (isOf(consentEvents, event.type)) return { ...state, consent: evolveConsent(state.consent, event) };
  if (isOf(holdingEvents, event.type)) return { ...state, holding: evolveHolding(state.holding, event) };
  throw new TypeError(`${event.type} is no event of a person's stream`);
}

export type SubjectData = IdentityData & ConsentData & HoldingData;

function isOf(events: Readonly<Record<string, unknown>>, type: string): boolean {
  return Object.hasOwn(events, type);
}

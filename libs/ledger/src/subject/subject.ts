/** One person's stream: what is known of them, as every decision about them reads it. */
import type { Envelope } from '../envelope.js';
import { consentEvents, type ConsentData } from './consent/consent.events.js';
import { evolveConsent, initialConsent, type ConsentState } from './consent/consent.state.js';
import { holdingEvents, type HoldingData } from './holding/holding.events.js';
import { evolveHolding, initialHolding, type HoldingState } from './holding/holding.state.js';
import { identityEvents, type IdentityData } from './identity/identity.events.js';
import { evolveIdentity, initialIdentity, type IdentityState } from './identity/identity.state.js';
import { mergeEvents, type MergeData } from './merge/merge.events.js';
import { evolveMerge, initialMerge, openTaking, type MergeState } from './merge/merge.state.js';
import { mistakeEvents, type MistakeData } from './mistake/mistake.events.js';
import { evolveMistake, initialMistake, type MistakeState } from './mistake/mistake.state.js';

export const subjectEvents = { ...identityEvents, ...consentEvents, ...holdingEvents, ...mergeEvents, ...mistakeEvents };

export interface SubjectState {
  readonly identity: IdentityState;
  readonly consent: ConsentState;
  readonly holding: HoldingState;
  readonly merge: MergeState;
  readonly mistake: MistakeState;
}

export const initialSubject: SubjectState = { identity: initialIdentity, consent: initialConsent, holding: initialHolding, merge: initialMerge, mistake: initialMistake };

export const SUBJECT_PREFIX = 'subject-';
export const subjectStream = (subject: string): string => `${SUBJECT_PREFIX}${subject}`;
export const subjectOf = (stream: string): string => stream.slice(SUBJECT_PREFIX.length);

/** One event more. What it takes back or takes in is another matter: `subject/merge/person.ts` folds a whole person. */
export function evolveSubject(state: SubjectState, event: Envelope): SubjectState {
  if (isOf(identityEvents, event.type)) return { ...state, identity: evolveIdentity(state.identity, event) };
  if (isOf(consentEvents, event.type)) return { ...state, consent: evolveConsent(state.consent, event) };
  if (isOf(holdingEvents, event.type)) return { ...state, holding: evolveHolding(state.holding, event) };
  if (isOf(mergeEvents, event.type)) return { ...state, merge: evolveMerge(state.merge, event) };
  if (isOf(mistakeEvents, event.type)) return { ...state, mistake: evolveMistake(state.mistake, event) };
  throw new TypeError(`${event.type} is no event of a person's stream`);
}

export type SubjectData = IdentityData & ConsentData & HoldingData & MergeData & MistakeData;

/** The person is about to take somebody in whose choices are not known here yet: nothing may be authorised meanwhile (`architecture.md` §2). */
export function isMerging({ merge }: SubjectState): boolean {
  return openTaking(merge) !== undefined;
}

function isOf(events: Readonly<Record<string, unknown>>, type: string): boolean {
  return Object.hasOwn(events, type);
}

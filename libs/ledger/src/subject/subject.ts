/** One person's stream: what is known of them, as every decision about them reads it. */
import type { Envelope } from '../envelope.js';
import { consentEvents, type ConsentData } from './consent/consent.events.js';
import { evolveConsent, initialConsent, type ConsentState } from './consent/consent.state.js';
import { deviationEvents, type DeviationData } from './deviation/deviation.events.js';
import { evolveDeviation, initialDeviation, type DeviationState } from './deviation/deviation.state.js';
import { disclosureEvents, type DisclosureData } from './disclosure/disclosure.events.js';
import { evolveDisclosure, initialDisclosure, type DisclosureState } from './disclosure/disclosure.state.js';
import { holdingEvents, type HoldingData } from './holding/holding.events.js';
import { evolveHolding, initialHolding, type HoldingState } from './holding/holding.state.js';
import { identityEvents, type IdentityData } from './identity/identity.events.js';
import { evolveIdentity, initialIdentity, type IdentityState } from './identity/identity.state.js';
import { mergeEvents, type MergeData } from './merge/merge.events.js';
import { evolveMerge, initialMerge, openTaking, type MergeState } from './merge/merge.state.js';
import { mistakeEvents, type MistakeData } from './mistake/mistake.events.js';
import { evolveMistake, initialMistake, type MistakeState } from './mistake/mistake.state.js';
import { noticeEvents, type NoticeData } from './notice/notice.events.js';
import { evolveNotice, initialNotice, type NoticeState } from './notice/notice.state.js';
import { objectionEvents, type ObjectionData } from './objection/objection.events.js';
import { evolveObjection, initialObjection, type ObjectionState } from './objection/objection.state.js';
import { transferEvents, type TransferData } from './transfer/transfer.events.js';
import { evolveTransfer, initialTransfer, type TransferState } from './transfer/transfer.state.js';
import { useEvents, type UseData } from './use/use.events.js';
import { evolveUse, initialUse, type UseState } from './use/use.state.js';

export const subjectEvents = {
  ...identityEvents,
  ...consentEvents,
  ...holdingEvents,
  ...noticeEvents,
  ...objectionEvents,
  ...disclosureEvents,
  ...transferEvents,
  ...useEvents,
  ...deviationEvents,
  ...mergeEvents,
  ...mistakeEvents,
};

export interface SubjectState {
  readonly identity: IdentityState;
  readonly consent: ConsentState;
  readonly holding: HoldingState;
  readonly notice: NoticeState;
  readonly objection: ObjectionState;
  readonly disclosure: DisclosureState;
  readonly transfer: TransferState;
  readonly use: UseState;
  readonly deviation: DeviationState;
  readonly merge: MergeState;
  readonly mistake: MistakeState;
}

export const initialSubject: SubjectState = {
  identity: initialIdentity,
  consent: initialConsent,
  holding: initialHolding,
  notice: initialNotice,
  objection: initialObjection,
  disclosure: initialDisclosure,
  transfer: initialTransfer,
  use: initialUse,
  deviation: initialDeviation,
  merge: initialMerge,
  mistake: initialMistake,
};

export const SUBJECT_PREFIX = 'subject-';
export const subjectStream = (subject: string): string => `${SUBJECT_PREFIX}${subject}`;
export const subjectOf = (stream: string): string => stream.slice(SUBJECT_PREFIX.length);

/** One event more. What it takes back or takes in is another matter: `subject/merge/person.ts` folds a whole person. */
export function evolveSubject(state: SubjectState, event: Envelope): SubjectState {
  const deviation = evolveDeviation(state.deviation, event);
  return evolveSlice(deviation === state.deviation ? state : { ...state, deviation }, event);
}

function evolveSlice(state: SubjectState, event: Envelope): SubjectState {
  const { type } = event;
  if (isOf(identityEvents, type)) return { ...state, identity: evolveIdentity(state.identity, event) };
  if (isOf(consentEvents, type)) return { ...state, consent: evolveConsent(state.consent, event) };
  if (isOf(holdingEvents, type)) return { ...state, holding: evolveHolding(state.holding, event), notice: evolveNotice(state.notice, event) };
  if (isOf(noticeEvents, type)) return { ...state, notice: evolveNotice(state.notice, event) };
  if (isOf(objectionEvents, type)) return { ...state, objection: evolveObjection(state.objection, event) };
  if (isOf(disclosureEvents, type)) return { ...state, disclosure: evolveDisclosure(state.disclosure, event) };
  if (isOf(transferEvents, type)) return { ...state, transfer: evolveTransfer(state.transfer, event) };
  if (isOf(useEvents, type)) return { ...state, use: evolveUse(state.use, event) };
  if (isOf(deviationEvents, type)) return state;
  if (isOf(mergeEvents, type)) return { ...state, merge: evolveMerge(state.merge, event) };
  if (isOf(mistakeEvents, type)) return { ...state, mistake: evolveMistake(state.mistake, event) };
  throw new TypeError(`${type} is no event of a person's stream`);
}

export type SubjectData = IdentityData & ConsentData & HoldingData & NoticeData & ObjectionData & DisclosureData & TransferData & UseData & DeviationData & MergeData & MistakeData;

/** The person is about to take somebody in whose choices are not known here yet: nothing may be authorised meanwhile (`architecture.md` §2). */
export function isMerging({ merge }: SubjectState): boolean {
  return openTaking(merge) !== undefined;
}

function isOf(events: Readonly<Record<string, unknown>>, type: string): boolean {
  return Object.hasOwn(events, type);
}

/**
 * The disclosure register: what was asked of the gate, what was told to have gone to whom, what was recalled and what the recipient
 * said of it. Disclosures that the person may not be told of stand in `authority-` streams, which this view is not made from.
 */
import type { StoredEvent } from '#event-store/event-store.js';
import type { Change, View } from '#projection/view.js';
import { decode } from '../encoding.js';
import { disclosureEvents, type DisclosureData } from '../subject/disclosure/disclosure.events.js';
import { SUBJECT_PREFIX, subjectOf } from '../subject/subject.js';
import { actColumns, actLine, actOf, rulesOf, type ActLine } from './act-line.js';
import { recallIn, recallTable } from './recall.js';
import { entered, lineOf, registerOf } from './register.js';

/** `stage: 'referred'`: a matter was handed to the police, whose categories its disclosure says. */
export type DisclosureLine = Omit<ActLine, 'stage' | 'purpose'> & { readonly stage: ActLine['stage'] | 'referred'; readonly purpose?: string };

export const disclosureRegister = registerOf<DisclosureLine>(
  'disclosure_register',
  { subject: ({ subject }) => subject, rule: rulesOf, country: ({ country }) => country, conference: ({ conference }) => conference, recipient: ({ recipient }) => recipient, purpose: ({ purpose }) => purpose },
  { stage: ({ stage }) => stage, verdict: ({ verdict }) => verdict, role: ({ role }) => role, ground: ({ ground }) => ground, service: ({ service }) => service, controller: ({ controller }) => controller },
);

export const disclosureRegisterColumns = [...actColumns, 'recalls', 'confirmations', 'annulled'] as const;

export const disclosureRegisterView: View = {
  name: 'disclosure-register',
  version: 1,
  tables: [disclosureRegister.entries, disclosureRegister.keys, recallTable],
  streamPrefixes: [SUBJECT_PREFIX],
  touches: () => [],
  apply(event: StoredEvent): readonly Change[] {
    if (!Object.hasOwn(disclosureEvents, event.type)) return [];
    const line = lineIn(event);
    return line === undefined ? recallIn(event) : entered(disclosureRegister, event.id, line);
  },
};

function lineIn(event: StoredEvent): DisclosureLine | undefined {
  const act = actOf(event.type);
  const envelope = decode(event);
  if (act !== undefined) return actLine(envelope, event.position, act);
  if (event.type !== 'MatterReferredToPolice') return undefined;
  const { authority, ...referred } = envelope.data as DisclosureData['MatterReferredToPolice'];
  return { ...lineOf(envelope, event.position), subject: subjectOf(event.stream), act: 'disclosure', stage: 'referred', recipient: authority, ...referred, categories: [], holdings: [], remarked: [] };
}

/**
 * The disclosure register: what was asked of the gate, what was told to have gone to whom, what was recalled and what the recipient
 * said of it. Disclosures that the person may not be told of stand in `authority-` streams, which this view is not made from.
 */
import type { StoredEvent } from '#event-store/event-store.js';
import type { Change, Row, RowRef, View } from '#projection/view.js';
import { decode } from '../encoding.js';
import type { Envelope } from '../envelope.js';
import { disclosureEvents, type DisclosureData } from '../subject/disclosure/disclosure.events.js';
import { SUBJECT_PREFIX, subjectOf } from '../subject/subject.js';
import { actColumns, actLine, actOf, rulesOf, type ActLine } from './act-line.js';
import { disclosureEntry, withRecall, type Recalls } from './recall.js';
import { entered, lineIn, lineOf, refOf, registerOf } from './register.js';

/** `stage: 'referred'`: a matter was handed to the police, whose categories its disclosure says. */
export type DisclosureLine = Omit<ActLine, 'stage' | 'purpose'> & { readonly stage: ActLine['stage'] | 'referred'; readonly purpose?: string } & Recalls;

export const disclosureRegister = registerOf<DisclosureLine>(
  'disclosure_register',
  { subject: ({ subject }) => subject, rule: rulesOf, country: ({ country }) => country, conference: ({ conference }) => conference, recipient: ({ recipient }) => recipient, purpose: ({ purpose }) => purpose },
  { stage: ({ stage }) => stage, verdict: ({ verdict }) => verdict, role: ({ role }) => role, ground: ({ ground }) => ground, service: ({ service }) => service, controller: ({ controller }) => controller },
);

export const disclosureRegisterColumns = [...actColumns, 'recalls', 'confirmations', 'inError'] as const;

export const disclosureRegisterView: View = {
  name: 'disclosure-register',
  version: 1,
  tables: [disclosureRegister.entries, disclosureRegister.keys],
  streamPrefixes: [SUBJECT_PREFIX],
  touches(event: StoredEvent): readonly RowRef[] {
    if (!Object.hasOwn(disclosureEvents, event.type)) return [];
    const entry = disclosureEntry(decode(event));
    return entry === undefined ? [] : [refOf(disclosureRegister, entry)];
  },
  apply(event: StoredEvent, read: (ref: RowRef) => Row | undefined): readonly Change[] {
    if (!Object.hasOwn(disclosureEvents, event.type)) return [];
    const envelope = decode(event);
    const entry = disclosureEntry(envelope);
    const before = entry === undefined ? undefined : lineIn(disclosureRegister, read(refOf(disclosureRegister, entry)));
    const line = lineAfter(envelope, event, before);
    return line === undefined ? [] : entered(disclosureRegister, entry ?? event.id, line, before);
  },
};

function lineAfter(envelope: Envelope, { position }: StoredEvent, before: DisclosureLine | undefined): DisclosureLine | undefined {
  const act = actOf(envelope.type);
  if (act !== undefined) return actLine(envelope, position, act);
  if (envelope.type !== 'MatterReferredToPolice') return before && withRecall(before, envelope);
  const { authority, ...referred } = envelope.data as DisclosureData['MatterReferredToPolice'];
  return { ...lineOf(envelope, position), subject: subjectOf(envelope.stream), act: 'disclosure', stage: 'referred', recipient: authority, ...referred, categories: [], holdings: [], remarked: [] };
}

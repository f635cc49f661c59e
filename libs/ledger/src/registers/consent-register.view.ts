/** The consent register: each request, consent, refusal and ending, one line an event. Whether one is valid follows from the clock. */
import type { StoredEvent } from '#event-store/event-store.js';
import type { Change, View } from '#projection/view.js';
import { decode } from '../encoding.js';
import { consentEvents, type ConsentData } from '../subject/consent/consent.events.js';
import { SUBJECT_PREFIX, subjectOf } from '../subject/subject.js';
import { entered, EVERY, lineOf, registerOf, type Line } from './register.js';

type Told = Partial<Omit<ConsentData['ConsentGiven'], 'type' | 'terms' | 'wording' | 'steps'> & Pick<ConsentData['ConsentWithdrawn'], 'at' | 'unusable'>>;
export type ConsentRegisterLine = Line & Told & { readonly subject: string; readonly consentType?: string; readonly onBehalfOf?: string };

export const consentRegister = registerOf<ConsentRegisterLine>(
  'consent_register',
  // A withdrawal that names no purpose ends them all.
  { subject: ({ subject }) => subject, conference: ({ conference }) => conference, purpose: ({ type, purposes }) => purposes ?? (type === 'ConsentWithdrawn' ? EVERY : []) },
  { consent: ({ consent }) => consent, type: ({ type }) => type, service: ({ service }) => service, controller: ({ controller }) => controller },
);

export const consentRegisterColumns = ['position', 'event', 'type', 'subject', 'consent', 'consentType', 'purposes', 'categories', 'recipientKinds', 'occurredAt', 'recordedAt', 'from', 'validUntil', 'at', 'controller', 'service', 'conference', 'relationship', 'onBehalfOf', 'method', 'language', 'missing', 'unusable', 'verdict', 'failed', 'system', 'actor', 'annulled'] as const;

export const consentRegisterView: View = {
  name: 'consent-register',
  version: 1,
  tables: [consentRegister.entries, consentRegister.keys],
  streamPrefixes: [SUBJECT_PREFIX],
  touches: () => [],
  apply(event: StoredEvent): readonly Change[] {
    if (!Object.hasOwn(consentEvents, event.type)) return [];
    const envelope = decode(event);
    const { type: consentType, terms: _terms, wording: _wording, steps: _steps, ...told } = envelope.data as Partial<ConsentData['ConsentGiven']>;
    const { onBehalfOf } = envelope;
    return entered(consentRegister, event.id, {
      ...lineOf(envelope, event.position),
      subject: subjectOf(event.stream),
      ...(consentType !== undefined && { consentType }),
      ...told,
      ...(onBehalfOf !== undefined && { onBehalfOf }),
    });
  },
};

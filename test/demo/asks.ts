/** What the systems ask about the main character when all is told. */
import { sponsorsOf } from './conferences.js';
import { LAST_AUTUMN } from './main-acts.js';
import { LETTERS, MAIN_SUBJECT, SPRING } from './main-character.js';
import type { System } from './step.js';

export interface FinalAsk {
  readonly system: System;
  readonly command: string;
  readonly data: Readonly<Record<string, unknown>>;
  /** All that was looked at is printed. */
  readonly inFull: boolean;
  /** It is then done, and told with what allowed it. */
  readonly then?: string;
}

const subject = MAIN_SUBJECT;

/** Asked when all is told, and answered by what holds today. */
export const finalAsks: readonly FinalAsk[] = [
  {
    system: 'event-system',
    command: 'AuthoriseDisclosure',
    data: { subject, service: 'conferences', conference: 'hostmote-2021', relationship: LAST_AUTUMN, purpose: 'sponsor-sharing', recipient: sponsorsOf('hostmote-2021')[0], categories: ['name'] },
    inFull: true,
    then: 'ReportDisclosure',
  },
  { system: 'newsletter-system', command: 'AuthoriseTransfer', data: { subject, service: 'newsletter', relationship: LETTERS, purpose: 'newsletter', recipient: 'skickat', categories: ['email'] }, inFull: true },
  { system: 'event-system', command: 'AuthoriseDisclosure', data: { subject, service: 'conferences', conference: 'vardagar-2019', relationship: SPRING, purpose: 'event-diet', recipient: sponsorsOf('vardagar-2019')[0], categories: ['allergy'] }, inFull: false },
  { system: 'event-system', command: 'AuthoriseDisclosure', data: { subject, service: 'conferences', conference: 'hostmote-2021', relationship: LAST_AUTUMN, purpose: 'sponsor-sharing', recipient: sponsorsOf('hostmote-2021')[1], categories: ['name'] }, inFull: false },
  { system: 'support-desk', command: 'AuthoriseDisclosure', data: { subject, service: 'subscription', purpose: 'subscription-delivery', recipient: 'kundrosten', categories: ['language'] }, inFull: false },
  { system: 'website-log', command: 'AuthoriseUse', data: { subject, service: 'website', purpose: 'personalisation', categories: ['push-setting'] }, inFull: false },
];

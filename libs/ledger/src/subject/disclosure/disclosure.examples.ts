/** One example of each command: what the API's description shows, and a test sends. Everybody in it is invented. */
const ANNA = '3f0e8a52-6c1d-4b7a-9e35-0d2c4f6a8b10';
const DISCLOSURE = '6a1c3e5f-7b9d-4f0a-8c2e-4d6f8a0b1c23';
/** Registered by the examples of recipients. */
const recipient = 'brevduvan';

export const commandExamples = {
  AuthoriseDisclosure: { subject: ANNA, service: 'newsletter', purpose: 'newsletter', categories: ['email', 'name'], recipient },
  ReportDisclosure: { subject: ANNA, service: 'newsletter', purpose: 'newsletter', categories: ['email', 'name'], recipient, disclosure: DISCLOSURE, reason: 'utskick i mars', occurredAt: '2025-03-05T08:00:00+01:00' },
  RecallDisclosure: { subject: ANNA, disclosure: DISCLOSURE, categories: ['name'], reason: 'namnet behövs inte för utskicket', occurredAt: '2026-02-12' },
  ConfirmRecall: { subject: ANNA, disclosure: DISCLOSURE, outcome: 'erased', on: '2026-02-20', occurredAt: '2026-02-21' },
  ReferMatterToPolice: { subject: ANNA, service: 'subscription', authority: 'polismyndigheten', ground: 'police-referral', case: '5000-K123456-26', reason: 'beställningar i annans namn', occurredAt: '2026-03-02' },
} as const;

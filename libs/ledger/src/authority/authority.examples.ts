/** One example of each command: what the API's description shows, and a test sends. Everybody in it is invented. */
const ANNA = '3f0e8a52-6c1d-4b7a-9e35-0d2c4f6a8b10';
const authority = 'polismyndigheten';
const DISCLOSURE = '9c8b7a6d-5e4f-4a3b-8c2d-1e0f9a8b7c6d';

export const commandExamples = {
  AuthoriseSecretDisclosure: { authority, subject: ANNA, service: 'subscription', purpose: 'security', categories: ['email'], ground: 'police-request', gagUntil: '2027-06-30' },
  ReportSecretDisclosure: {
    authority, subject: ANNA, service: 'subscription', purpose: 'security', categories: ['email'], ground: 'police-request', gagUntil: '2026-12-31',
    disclosure: DISCLOSURE, case: '5000-K654321-25', occurredAt: '2025-11-03T13:00:00+01:00',
  },
  EndSecrecy: { authority, disclosure: DISCLOSURE, on: '2026-09-30', occurredAt: '2026-09-30' },
  /** The event is the one that the disclosure was recorded as. */
  DealWithSecretDeviation: { authority, event: '7b6a5c4d-3e2f-4a1b-9c0d-8e7f6a5b4c3d', measure: 'accepted-with-reason', note: 'Muntlig begäran; den skriftliga kom en dag senare.' },
} as const;

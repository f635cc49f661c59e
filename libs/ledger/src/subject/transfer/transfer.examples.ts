/** One example of each command: what the API's description shows, and a test sends. Everybody in it is invented. */
const ANNA = '3f0e8a52-6c1d-4b7a-9e35-0d2c4f6a8b10';
/** Registered by the examples of recipients; its arrangement by those of arrangements. */
const recipient = 'brevduvan';
const arrangement = 'support-in-india';

export const commandExamples = {
  AuthoriseTransfer: { subject: ANNA, service: 'newsletter', purpose: 'newsletter', categories: ['email'], recipient, country: 'IN', remoteAccess: true, arrangement },
  ReportTransfer: {
    subject: ANNA, service: 'newsletter', purpose: 'newsletter', categories: ['email', 'name'], recipient, country: 'IN', remoteAccess: true, arrangement,
    transfer: '4e6f8a0b-1c2d-4e3f-8a4b-5c6d7e8f9a01', reason: 'felsökning av ett utskick', occurredAt: '2025-03-10T14:00:00+01:00',
  },
} as const;

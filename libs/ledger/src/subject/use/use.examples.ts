/** One example of each command: what the API's description shows, and a test sends. Everybody in it is invented. */
const anna = { kind: 'email', value: 'anna.exempel@example.se' } as const;
const USE = '4d6e8f10-2a3b-4c5d-8e7f-9a0b1c2d3e4f';

export const commandExamples = {
  AuthoriseUse: { identifier: anna, service: 'subscription', purpose: 'subscription-delivery', categories: ['name', 'postal'] },
  ReportUse: { identifier: anna, service: 'subscription', purpose: 'subscription-delivery', kind: 'purpose', categories: ['name', 'postal'], use: USE, reason: 'julnumret', occurredAt: '2024-12-10' },
} as const;

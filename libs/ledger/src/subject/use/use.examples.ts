/** One example of each command: what the API's description shows, and a test sends. Everybody in it is invented. */
const anna = { kind: 'email', value: 'anna.exempel@example.se' } as const;
const USE = '4d6e8f10-2a3b-4c5d-8e7f-9a0b1c2d3e4f';

export const commandExamples = {
  AuthoriseUse: { identifier: anna, service: 'subscription', purpose: 'subscription-delivery', categories: ['name', 'postal'] },
  /** Done without asking, by an agency that no register knows: recorded as unjustified. */
  ReportUse: {
    identifier: anna,
    service: 'website',
    purpose: 'advertising',
    kind: 'purpose',
    categories: ['email'],
    recipient: 'unregistered',
    recipientName: 'Påhittade Annonsbyrån AB',
    use: USE,
    reason: 'byrån läste in adresserna i sitt annonsverktyg',
    occurredAt: '2026-02-20',
  },
} as const;

/** One example of each command: what the API's description shows, and a test sends. Everybody in it is invented. */
export const commandExamples = {
  ObjectToProcessing: {
    identifier: { kind: 'email', value: 'bo.exempel@example.com' },
    kind: 'direct-marketing',
    purposes: ['prospecting'],
    method: 'phone',
    reason: 'vill inte bli uppringd',
    occurredAt: '2025-12-09T14:20:00+01:00',
  },
} as const;

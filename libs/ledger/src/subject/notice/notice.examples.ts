/** One example of each command: what the API's description shows, and a test sends. Everybody in it is invented. */
export const commandExamples = {
  ServeNotice: {
    identifier: { kind: 'email', value: 'bo.exempel@example.com' },
    controller: 'asurgent-ab',
    notice: { id: 'indirect-notice', version: 1 },
    channel: 'email',
    occurredAt: '2025-12-08T09:00:00+01:00',
  },
} as const;

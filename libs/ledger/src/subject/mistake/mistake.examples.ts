/** One example of each command: what the API's description shows, and a test sends. Everybody in it is invented. */
export const commandExamples = {
  RecordInError: {
    subject: '3f0e8a52-6c1d-4b7a-9e35-0d2c4f6a8b10',
    event: '0b1c2d3e-4f50-8a6b-9c7d-8e9f0a1b2c3d',
    code: 'wrong-person',
    note: 'ordern hörde till en annan kund',
    occurredAt: '2025-03-11',
  },
} as const;

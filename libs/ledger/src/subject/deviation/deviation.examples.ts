/** One example of each command: what the API's description shows, and a test sends. Everybody in it is invented. */
const ANNA = '3f0e8a52-6c1d-4b7a-9e35-0d2c4f6a8b10';
/** As the register of deviations names it. */
const EVENT = '6b8d0f2a-4c5e-8a71-9d3b-5e7f9a1c3d5e';

export const commandExamples = {
  DealWithDeviation: { subject: ANNA, event: EVENT, measure: 'recipient-instructed', note: 'byrån har raderat adresserna och bekräftat det', occurredAt: '2026-03-02' },
} as const;

/** One example of each command: what the API's description shows, and a test sends. Everybody in it is invented. */
const ANNA = '3f0e8a52-6c1d-4b7a-9e35-0d2c4f6a8b10';
const ALSO_ANNA = '6e2d9c41-8b7a-4f30-a512-3c4d5e6f7a81';

export const commandExamples = {
  MergeSubjects: { subject: ANNA, from: ALSO_ANNA, evidence: 'samma kundnummer i båda systemen', occurredAt: '2025-03-10' },
  UnmergeSubjects: { subject: ANNA, from: ALSO_ANNA, reason: 'far och dotter med samma namn', occurredAt: '2025-04-02' },
} as const;

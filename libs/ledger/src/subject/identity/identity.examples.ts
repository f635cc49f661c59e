/** One example of each command: what the API's description shows, and a test sends. Everybody in it is invented. */
const ANNA = '3f0e8a52-6c1d-4b7a-9e35-0d2c4f6a8b10';
const STUDIO = '7a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d';
const SUBSCRIPTION = '5b8d1f3a-2c4e-4d6f-a8b9-1c3e5d7f9a02';

export const commandExamples = {
  RegisterSubject: {
    subject: ANNA,
    identifiers: [
      { kind: 'email', value: 'anna.exempel@example.se' },
      { kind: 'customer-number', value: 'K-100042' },
    ],
    occurredAt: '2024-03-01T09:15:00+01:00',
  },
  LinkIdentifier: { subject: ANNA, added: { kind: 'phone', value: '070-174 06 05', use: 'work' }, occurredAt: '2024-03-04' },
  UnlinkIdentifier: { subject: ANNA, ended: { kind: 'phone', value: '070-174 06 05' }, occurredAt: '2025-01-31' },
  StartRelationship: { subject: ANNA, relationship: SUBSCRIPTION, kind: 'subscriber', service: 'subscription', capacity: 'consumer', occurredAt: '2024-03-01' },
  EndRelationship: { subject: ANNA, relationship: SUBSCRIPTION, reason: 'ended', occurredAt: '2025-02-28' },
  StartRepresentation: { subject: ANNA, organisation: STUDIO, position: 'inköpschef', occurredAt: '2024-05-02' },
  EndRepresentation: { subject: ANNA, organisation: STUDIO, occurredAt: '2025-05-31' },
  FlagProtectedIdentity: { subject: ANNA, protection: 'secrecy-marking', occurredAt: '2025-06-01' },
  LiftProtectedIdentity: { subject: ANNA, occurredAt: '2026-06-01' },
  RecordAgeBand: { subject: ANNA, band: 'adult', occurredAt: '2024-03-01' },
  RecordDeath: { subject: ANNA, diedOn: '2026-08-14', occurredAt: '2026-08-20' },
} as const;

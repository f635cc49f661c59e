/** One example of each command: what the API's description shows, and a test sends. */
const activity = 'newsletter';

const described = {
  activity,
  role: 'controller',
  purposes: ['newsletter'],
  categories: ['email', 'name'],
  relationshipKinds: ['customer', 'subscriber'],
  recipientKinds: ['newsletter-sending'],
  recipients: ['brevduvan'],
  measures: ['access-control', 'encryption-at-rest'],
} as const;

export const commandExamples = {
  RegisterActivity: { ...described, name: 'Utskick av nyhetsbrev', from: '2023-01-01', occurredAt: '2023-01-01' },
  ChangeActivity: { ...described, countries: ['US'], measures: ['access-control', 'encryption-at-rest', 'pseudonymisation'], from: '2024-06-01', occurredAt: '2024-06-01' },
  RetireActivity: { activity, to: '2030-12-31', occurredAt: '2026-06-01' },
} as const;

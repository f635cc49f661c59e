/** One example of each command: what the API's description shows, and a test sends. */
const STUDIO = '7a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d';

export const commandExamples = {
  RegisterOrganisation: { organisation: STUDIO, number: '559062-5538', name: 'Exempelstudion AB', occurredAt: '2024-05-01' },
  RenameOrganisation: { organisation: STUDIO, name: 'Exempelstudion i Norden AB', occurredAt: '2025-01-15' },
} as const;

/** One example of each command: what the API's description shows, and a test sends. */
const STUDIO = '7a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d';

export const commandExamples = {
  RegisterOrganisation: { organisation: STUDIO, number: '559062-5538', name: 'Exempelstudion AB', occurredAt: '2024-05-01' },
  RenameOrganisation: { organisation: STUDIO, name: 'Exempelstudion i Norden AB', occurredAt: '2025-01-15' },
  SignOrganisationAgreement: { organisation: STUDIO, agreement: 'frame-2024', services: ['conferences', 'subscription'], reference: 'Ramavtal 2024-88', from: '2024-05-01', to: '2027-04-30', occurredAt: '2024-05-01' },
  StartOrganisationService: { organisation: STUDIO, service: 'subscription', agreement: 'frame-2024', from: '2024-05-15', occurredAt: '2024-05-15' },
  EndOrganisationService: { organisation: STUDIO, service: 'subscription', to: '2025-12-31', occurredAt: '2025-12-31' },
  EndOrganisationAgreement: { organisation: STUDIO, agreement: 'frame-2024', to: '2026-04-30', occurredAt: '2026-03-01' },
} as const;

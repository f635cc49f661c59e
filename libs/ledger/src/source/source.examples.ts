/** One example of each command: what the API's description shows, and a test sends. Every company in it is invented. */
const source = 'branschlistan';

export const commandExamples = {
  RegisterSource: { source, kind: 'broker', name: 'Branschlistan Exempel AB', from: '2023-09-01', occurredAt: '2023-09-01' },
  EndSource: { source, to: '2024-12-31', occurredAt: '2024-12-31' },
  ResumeSource: { source, from: '2025-06-01', occurredAt: '2025-06-01' },
  SignSourceAgreement: { source, agreement: 'list-2025', purposes: ['prospecting'], permit: 'L-2025-44', from: '2025-06-01', to: '2026-05-31', occurredAt: '2025-05-28' },
  EndSourceAgreement: { source, agreement: 'list-2025', to: '2026-02-28', occurredAt: '2026-02-10' },
} as const;

/** One example of each command: what the API's description shows, and a test sends. Everybody in it is invented. */
const anna = { kind: 'email', value: 'anna.exempel@example.se' } as const;
const CONSENT = 'c0a8e6d4-1b2c-4d3e-9f5a-6b7c8d9e0f11';
/** SHA-256 of the newsletter's Swedish wording, as `deploy/policy/asurgent.yaml` publishes it. */
const WORDING = 'd447721a6fe21065206a9ebffb1b0435229e5d278ad99467d64817002de2f1c2';

const evidence = { notice: { id: 'privacy-notice', version: 1 }, wording: WORDING, language: 'sv', method: 'web', indicatedBy: 'subject', steps: 2 } as const;

export const commandExamples = {
  RequestConsent: { identifier: anna, service: 'newsletter', purposes: ['newsletter'], ...evidence, occurredAt: '2024-03-01T09:16:00+01:00' },
  GiveConsent: { identifier: anna, createIfMissing: true, service: 'newsletter', purposes: ['newsletter'], type: 'expressed', consent: CONSENT, ...evidence, occurredAt: '2024-03-01T09:17:00+01:00' },
  RenewConsent: { identifier: anna, service: 'newsletter', purposes: ['newsletter'], type: 'expressed', consent: CONSENT, ...evidence, occurredAt: '2025-03-01T08:00:00+01:00' },
  RefuseConsent: { identifier: anna, service: 'conferences', purposes: ['sponsor-sharing'], method: 'web', occurredAt: '2025-09-10' },
  WithdrawConsent: { identifier: anna, service: 'newsletter', purposes: ['newsletter'], method: 'email', steps: 1, occurredAt: '2026-02-11T07:30:00+01:00' },
  ExpireConsent: { identifier: anna, consent: CONSENT, occurredAt: '2026-03-01' },
} as const;

/** One example of each command: what the API's description shows, and a test sends. Everybody in it is invented. */
const anna = { kind: 'email', value: 'anna.exempel@example.se' } as const;
/** As the record names it. */
const HOLDING = '8d2f4b60-9a1c-4e3d-8b5f-7c6a5d4e3f20';
const notice = { id: 'privacy-notice', version: 1 } as const;

export const commandExamples = {
  CollectPersonalData: {
    identifier: anna,
    createIfMissing: true,
    service: 'subscription',
    context: 'subscription-order',
    relationshipKind: 'subscriber',
    purposes: ['subscription-delivery'],
    values: [
      { category: 'name', value: 'Anna Exempel', necessity: 'required' },
      { category: 'email', value: 'anna.exempel@example.se', necessity: 'required' },
      { category: 'postal', value: 'Påhittade gatan 1, 123 45 Exempelstad', necessity: 'required' },
      { category: 'payment-method', value: 'faktura', purposes: ['bookkeeping'] },
    ],
    order: 'B-2024-000117',
    notice,
    occurredAt: '2024-03-01T09:15:00+01:00',
  },
  ObservePersonalData: {
    identifier: anna,
    service: 'website',
    technology: 'cookie',
    relationshipKind: 'visitor',
    purposes: ['security'],
    values: [{ category: 'ip-address', value: '192.0.2.17' }],
    notice,
    occurredAt: '2024-04-12T20:01:30Z',
  },
  SourcePersonalData: {
    identifier: { kind: 'email', value: 'bo.exempel@example.com' },
    createIfMissing: true,
    controller: 'asurgent-ab',
    source: 'bisnode',
    batch: 'b4a7c1e2-5d3f-4a6b-9c8e-0f1d2e3a4b5c',
    relationshipKind: 'prospect',
    purposes: ['prospecting'],
    values: [
      { category: 'name', value: 'Bo Exempel' },
      { category: 'company', value: 'Exempelstudion AB' },
    ],
    occurredAt: '2025-11-25',
  },
  RectifyPersonalData: { identifier: anna, holding: HOLDING, value: 'Påhittade gatan 2, 123 45 Exempelstad', reason: 'flyttade', occurredAt: '2025-08-01' },
  CompletePersonalData: { identifier: anna, holding: HOLDING, value: 'c/o Prov, Påhittade gatan 2, 123 45 Exempelstad', occurredAt: '2025-08-02' },
  DisputePersonalData: { identifier: anna, holding: HOLDING, reason: 'portkoden är fel', occurredAt: '2025-09-01' },
  ResolveDispute: { identifier: anna, holding: HOLDING, outcome: 'rejected', occurredAt: '2025-09-20' },
} as const;

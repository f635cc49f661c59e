/** One example of each command: what the API's description shows, and a test sends. Every company in it is invented. */
/** Sends the newsletter, and sponsors the conference. */
const recipient = 'brevduvan';

export const commandExamples = {
  RegisterRecipient: { recipient, kind: 'newsletter-sending', name: 'Brevduvan Exempel AB', number: '999900-0038', country: 'SE', from: '2023-01-01', occurredAt: '2023-01-02' },
  MoveRecipient: { recipient, country: 'DE', from: '2024-06-01', occurredAt: '2024-05-20' },
  AssignRecipientRole: { recipient, assignment: 'newsletter-processor', role: 'processor', purposes: ['newsletter'], categories: ['email', 'name'], from: '2023-01-01', occurredAt: '2023-01-02' },
  EndRecipientRole: { recipient, assignment: 'newsletter-processor', to: '2030-12-31', occurredAt: '2026-06-01' },
  SignRecipientAgreement: { recipient, agreement: 'contract-2023', kind: 'processor-contract', reference: 'Avtal 2023/17', from: '2023-01-01', occurredAt: '2023-01-02' },
  EndRecipientAgreement: { recipient, agreement: 'contract-2023', to: '2030-12-31', occurredAt: '2026-06-01' },
  AddSubProcessor: { recipient, subProcessor: 'molnlagret', name: 'Molnlagret Exempel AB', country: 'FI', from: '2023-03-01', occurredAt: '2023-02-10' },
  ObjectToSubProcessor: { recipient, subProcessor: 'molnlagret', from: '2025-02-01', occurredAt: '2025-02-01' },
  AuditRecipient: { recipient, subProcessor: 'molnlagret', on: '2025-01-20', outcome: 'failed', nextOn: '2025-04-20', note: 'Loggar saknas för två av servrarna.', occurredAt: '2025-01-21' },
  RemoveSubProcessor: { recipient, subProcessor: 'molnlagret', to: '2025-02-28', occurredAt: '2025-03-01' },
  PlanBusinessTransfer: {
    recipient,
    plan: 'letters-sold',
    purposes: ['business-transfer'],
    categories: ['contact', 'customer-number'],
    notice: { id: 'privacy-notice', version: 1 },
    noticePublishedOn: '2026-05-01',
    from: '2026-06-01',
    to: '2026-08-31',
    occurredAt: '2026-04-15',
  },
} as const;

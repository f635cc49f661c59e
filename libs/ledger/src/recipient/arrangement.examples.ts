/** One example of each command: what the API's description shows, and a test sends. The recipient is the one of `recipient.examples.ts`. */
const recipient = 'brevduvan';
/** Its support desk reads from India. */
const arrangement = 'support-in-india';
const framework = 'us-2023-1795-data-privacy-framework';

export const commandExamples = {
  SignTransferArrangement: {
    recipient, arrangement, mechanism: 'standard-clauses', decision: 'scc-2021-914', module: 2, exporterRole: 'controller', importerRole: 'processor',
    country: 'IN', annexes: ['i-a', 'i-b', 'i-c', 'ii'], signedOn: '2023-01-15', from: '2023-02-01', to: '2028-01-31', occurredAt: '2023-01-15',
  },
  SuspendTransferArrangement: { recipient, arrangement, from: '2024-03-01', occurredAt: '2024-02-28' },
  ResumeTransferArrangement: { recipient, arrangement, from: '2024-05-01', occurredAt: '2024-04-29' },
  AssessTransferImpact: { recipient, arrangement, outcome: 'sufficient-with-measures', measures: 'Kryptering före överföring; nycklarna finns bara inom EES.', from: '2023-01-20', to: '2026-12-31', occurredAt: '2023-01-20' },
  EndTransferArrangement: { recipient, arrangement, to: '2027-06-30', occurredAt: '2026-10-01' },
  CertifyRecipient: { recipient, decision: framework, from: '2023-10-01', occurredAt: '2023-10-02' },
  EndRecipientCertification: { recipient, decision: framework, to: '2026-09-30', occurredAt: '2026-09-30' },
} as const;

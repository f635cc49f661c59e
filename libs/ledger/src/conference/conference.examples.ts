/** One example of each command: what the API's description shows, and a test sends. Every company in it is invented. */
const conference = 'autumn-meeting-2025';
const party = { conference, recipient: 'brevduvan', role: 'sponsor' } as const;

export const commandExamples = {
  RegisterConference: { conference, service: 'conferences', name: 'Höstmötet 2025', startsOn: '2025-10-07', endsOn: '2025-10-08', occurredAt: '2025-03-01' },
  RescheduleConference: { conference, startsOn: '2025-10-14', endsOn: '2025-10-15', occurredAt: '2025-05-02' },
  AddConferenceParty: { ...party, from: '2025-04-01', occurredAt: '2025-04-01' },
  PublishConferenceNotice: { conference, notice: { id: 'privacy-notice', version: 1 }, from: '2025-06-01', occurredAt: '2025-06-01' },
  PublishConferenceTerms: { conference, terms: { id: 'meeting-terms', version: 1 }, from: '2025-06-01', occurredAt: '2025-06-01' },
  RemoveConferenceParty: { ...party, to: '2026-01-15', occurredAt: '2026-01-15' },
  EndConference: { conference, on: '2025-10-15', occurredAt: '2025-10-15' },
  CancelConference: { conference: 'winter-meeting-2026', on: '2025-12-01', occurredAt: '2025-12-01' },
} as const;

/** Every type of event that the ledger stores, with the streams it may stand in. */
import { accessEvents } from './access/access.events.js';
import { activityEvents } from './activity/activity.events.js';
import { authorityEvents } from './authority/authority.events.js';
import { conferenceEvents } from './conference/conference.events.js';
import type { EventType } from './envelope.js';
import { organisationEvents } from './organisation/organisation.events.js';
import { policyEvents } from './policy/policy.events.js';
import { recipientEvents } from './recipient/recipient.events.js';
import { sourceEvents } from './source/source.events.js';
import { subjectEvents } from './subject/subject.js';

export const eventTypes: ReadonlyMap<string, EventType & { readonly streamPrefix: string }> = new Map([
  ...within('subject-', subjectEvents),
  ...within('organisation-', organisationEvents),
  ...within('policy-', policyEvents),
  ...within('recipient-', recipientEvents),
  ...within('source-', sourceEvents),
  ...within('conference-', conferenceEvents),
  ...within('activity-', activityEvents),
  ...within('authority-', authorityEvents),
  ...within('access-', accessEvents),
]);

function within(streamPrefix: string, types: Readonly<Record<string, EventType>>): [string, EventType & { readonly streamPrefix: string }][] {
  return Object.entries(types).map(([name, type]) => [name, { ...type, streamPrefix }]);
}

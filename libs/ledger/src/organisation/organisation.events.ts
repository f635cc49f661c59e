/** Storage format: names and shapes below are on disk; change them only by adding a version. */
import type { EventType } from '../envelope.js';
import { date, id, list, optional, type DataOf } from '../schema.js';

export const organisationEvents = {
  /** Sealed under the stream's key: `number` (a sole trader's is a personnummer) and `name`. */
  OrganisationRegistered: { version: 1, members: {} },
  /** Sealed under the stream's key: `name`. */
  OrganisationRenamed: { version: 1, members: {} },
  /** Sealed: `reference`, when told. */
  OrganisationAgreementSigned: { version: 1, members: { agreement: id, services: list(id), from: date, to: optional(date) } },
  OrganisationAgreementEnded: { version: 1, members: { agreement: id, to: date } },
  OrganisationServiceStarted: { version: 1, members: { service: id, agreement: optional(id), from: date } },
  OrganisationServiceEnded: { version: 1, members: { service: id, to: date } },
} as const satisfies Record<string, EventType>;

export type OrganisationData = { readonly [T in keyof typeof organisationEvents]: DataOf<(typeof organisationEvents)[T]['members']> };
